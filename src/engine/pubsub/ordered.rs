//! A map that remembers in which order its keys came, and forgets one at no cost.
//!
//! Taking a key out moves the last one into its place; the order is put right when somebody next asks for it. Sorting
//! what was sorted but for a few costs about as much as walking over it, which is what they asked for anyway.

use std::borrow::Borrow;
use std::hash::Hash;

use foldhash::fast::FixedState;
use indexmap::IndexMap;

#[derive(Clone, Debug)]
pub struct Ordered<K, V = ()> {
    /// With each key the number it drew when it came.
    entries: IndexMap<K, (u64, V), FixedState>,
    drawn: u64,
    disordered: bool,
}

impl<K, V> Default for Ordered<K, V> {
    fn default() -> Self {
        Self { entries: IndexMap::default(), drawn: 0, disordered: false }
    }
}

impl<K: Hash + Eq, V: Default> Ordered<K, V> {
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.entries.get(key).map(|(_, value)| value)
    }

    pub fn get_mut<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.entries.get_mut(key).map(|(_, value)| value)
    }

    /// The key as it is kept here.
    pub fn kept<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&K>
    where
        K: Borrow<Q>,
    {
        self.entries.get_key_value(key).map(|(key, _)| key)
    }

    /// The value of a key, which comes last if it is new.
    pub fn enter(&mut self, key: K) -> &mut V {
        let number = &mut self.drawn;
        let place = self.entries.entry(key).or_insert_with(|| {
            *number += 1;
            (*number, V::default())
        });
        &mut place.1
    }

    pub fn remove<Q: Hash + Eq + ?Sized>(&mut self, key: &Q)
    where
        K: Borrow<Q>,
    {
        if let Some((place, ..)) = self.entries.swap_remove_full(key) {
            self.disordered |= place < self.entries.len();
        }
    }

    /// All keys, in the order in which they came.
    pub fn in_order(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        if std::mem::take(&mut self.disordered) {
            self.entries.sort_by(|_, (a, _), _, (b, _)| a.cmp(b));
        }
        self.entries.iter_mut().map(|(key, (_, value))| (key, value))
    }

    /// The same for who may only look: it sorts a list of its own.
    pub fn sorted(&self) -> impl Iterator<Item = &K> {
        let mut all: Vec<(u64, &K)> = self.entries.iter().map(|(key, (number, _))| (*number, key)).collect();
        all.sort_by_key(|(number, _)| *number);
        all.into_iter().map(|(_, key)| key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_in_the_order_in_which_they_came() {
        let mut all: Ordered<u32> = Ordered::default();
        for key in [5, 3, 9, 1, 7] {
            all.enter(key);
        }
        all.enter(3);
        for key in [5, 1] {
            all.remove(&key);
        }
        all.enter(5);
        assert_eq!(all.sorted().copied().collect::<Vec<_>>(), [3, 9, 7, 5]);
        assert_eq!(all.in_order().map(|(key, ())| *key).collect::<Vec<_>>(), [3, 9, 7, 5]);
    }
}
