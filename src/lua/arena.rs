//! A place for many things of one kind, each named by its index, and the marks by which the collector tells which of
//! them can still be reached.
//!
//! It knows nothing of what the things refer to: the heap walks them.

use crate::value::Ref;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Free,
    Unmarked,
    Marked,
}

/// Things by index; the place of one that went is given to the next that comes.
#[derive(Clone, Debug)]
pub struct Arena<T> {
    items: Vec<T>,
    states: Vec<State>,
    free: Vec<u32>,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self { items: Vec::new(), states: Vec::new(), free: Vec::new() }
    }
}

impl<T: Default> Arena<T> {
    pub fn insert(&mut self, item: T) -> usize {
        if let Some(index) = self.free.pop() {
            let index = index as usize;
            self.items[index] = item;
            self.states[index] = State::Unmarked;
            return index;
        }
        self.items.push(item);
        self.states.push(State::Unmarked);
        self.items.len() - 1
    }

    /// Marks a thing, and tells whether it had no mark yet.
    pub fn mark(&mut self, index: usize) -> bool {
        let is_new = self.states[index] == State::Unmarked;
        if is_new {
            self.states[index] = State::Marked;
        }
        is_new
    }

    pub fn is_marked(&self, index: usize) -> bool {
        self.states[index] == State::Marked
    }

    /// Gives each thing without a mark to `drop` and frees its place; the others lose their mark.
    pub fn sweep(&mut self, mut drop: impl FnMut(usize, T)) {
        for (index, state) in self.states.iter_mut().enumerate() {
            match state {
                State::Marked => *state = State::Unmarked,
                State::Unmarked => {
                    *state = State::Free;
                    self.free.push(index as u32);
                    drop(index, std::mem::take(&mut self.items[index]));
                }
                State::Free => {}
            }
        }
    }

    pub fn get(&self, index: usize) -> &T {
        &self.items[index]
    }

    pub fn get_mut(&mut self, index: usize) -> &mut T {
        &mut self.items[index]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.len() - self.free.len()
    }
}

impl<T> std::ops::Index<Ref<T>> for Arena<T> {
    type Output = T;

    fn index(&self, at: Ref<T>) -> &T {
        &self.items[at.index()]
    }
}

impl<T> std::ops::IndexMut<Ref<T>> for Arena<T> {
    fn index_mut(&mut self, at: Ref<T>) -> &mut T {
        &mut self.items[at.index()]
    }
}
