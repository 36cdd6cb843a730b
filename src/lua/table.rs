//! Lua's one data structure: an array for the keys 1 to n, and nodes for all others.
//!
//! How both are sized, which node a key gets and in which order nodes are walked is what 5.1 does, for a script sees it:
//! in the order of `pairs`, and in what `#` answers where a table has holes.
//!
//! *Nodes.* A key has one place where it belongs, by its hash. Where that is taken by a key that belongs elsewhere, that
//! one moves to a free node; where it is taken by one that belongs there, the new key goes to a free node. Either way the
//! keys of one place are a chain. Free nodes are sought from the end, downwards, once; when none is left all keys are
//! counted and the table is laid out anew: the array becomes the largest size of which more than half is used.
//!
//! A key whose value became nil stays in its node until then, so that a walk may clear what it meets.
//!
//! It knows nothing of metamethods and not of the heap: [`Table::set`] tells by how many bytes it grew.

use crate::value::{Ref, Value};

/// The largest array is of 2^26 values.
const MAX_BITS: usize = 26;

#[derive(Clone, Copy, Debug)]
struct Node {
    key: Value,
    value: Value,
    next: Option<u32>,
}

impl Node {
    const EMPTY: Self = Self { key: Value::Nil, value: Value::Nil, next: None };
}

/// A table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    array: Vec<Value>,
    /// None, or a power of two of them.
    nodes: Vec<Node>,
    /// All nodes from here on are taken.
    last_free: usize,
    pub(crate) metatable: Option<Ref<Table>>,
    /// Of the metamethods that are asked for most, those this table is known not to have: a bit each.
    pub(crate) absent: u8,
    /// Scripts may not change what the host has frozen.
    pub(crate) is_frozen: bool,
}

/// What a node is worth in bytes, in 5.1 on 64 bits.
const NODE: usize = 40;
const SLOT: usize = 16;

/// The position in the array that a number means, from 0.
fn position(number: f64) -> Option<usize> {
    let whole = number as i64;
    (whole as f64 == number && whole >= 1 && whole <= i64::from(i32::MAX)).then(|| whole as usize - 1)
}

/// The number of bits of the smallest power of two that is not less.
fn ceil_log2(count: usize) -> usize {
    count.max(1).next_power_of_two().trailing_zeros() as usize
}

impl Table {
    /// A table with room for so many values in its array and in its nodes.
    pub fn with_sizes(array: usize, nodes: usize) -> Self {
        let mut table = Self { array: vec![Value::Nil; array], ..Self::default() };
        table.set_nodes(nodes);
        table
    }

    fn set_nodes(&mut self, count: usize) {
        self.nodes = if count == 0 { Vec::new() } else { vec![Node::EMPTY; 1 << ceil_log2(count)] };
        self.last_free = self.nodes.len();
    }

    /// The bytes it takes, but those of what it refers to.
    pub fn bytes(&self) -> usize {
        64 + self.array.len() * SLOT + self.nodes.len() * NODE
    }

    /// The node where a key belongs.
    fn place(&self, key: Value) -> usize {
        let size = self.nodes.len();
        // A remainder by an odd number spreads what a mask would not.
        let spread = |hash: u32| hash as usize % ((size - 1) | 1);
        match key {
            // Both zeros are one key.
            Value::Nil | Value::Number(0.0) => 0,
            Value::Bool(value) => usize::from(value) & (size - 1),
            Value::Str(string) => string.hash as usize & (size - 1),
            Value::Number(number) => {
                let bits = number.to_bits();
                spread((bits as u32).wrapping_add((bits >> 32) as u32))
            }
            Value::Table(at) => spread(at.index() as u32),
            Value::Closure(at) => spread(at.index() as u32),
            Value::Native(at) => spread(at.index() as u32),
            Value::Thread(at) => spread(at.index() as u32),
            Value::Userdata(at) => spread(at.index() as u32),
            Value::Light(number) => spread(number),
        }
    }

    fn find(&self, key: Value) -> Option<usize> {
        if self.nodes.is_empty() {
            return None;
        }
        let mut at = self.place(key);
        loop {
            let node = &self.nodes[at];
            if node.key.raw_equals(key) {
                return Some(at);
            }
            at = node.next? as usize;
        }
    }

    pub fn get(&self, key: Value) -> Value {
        match key {
            Value::Str(string) => self.get_str(string),
            Value::Nil => Value::Nil,
            Value::Number(number) => self.get_number(number),
            _ => self.find(key).map_or(Value::Nil, |at| self.nodes[at].value),
        }
    }

    pub fn get_number(&self, number: f64) -> Value {
        if let Some(value) = position(number).and_then(|at| self.array.get(at)) {
            return *value;
        }
        self.find(Value::Number(number)).map_or(Value::Nil, |at| self.nodes[at].value)
    }

    pub fn get_str(&self, string: crate::value::Str) -> Value {
        if self.nodes.is_empty() {
            return Value::Nil;
        }
        let mut at = string.hash as usize & (self.nodes.len() - 1);
        loop {
            let Some(node) = self.nodes.get(at) else { return Value::Nil };
            if let Value::Str(key) = node.key
                && key == string
            {
                return node.value;
            }
            match node.next {
                Some(next) => at = next as usize,
                None => return Value::Nil,
            }
        }
    }

    /// The value of a key that has one, to be replaced.
    pub fn present_mut(&mut self, key: Value) -> Option<&mut Value> {
        let slot = match key {
            Value::Number(number) if position(number).is_some_and(|at| at < self.array.len()) => {
                &mut self.array[position(number)?]
            }
            _ => {
                let at = self.find(key)?;
                &mut self.nodes[at].value
            }
        };
        (!slot.is_nil()).then_some(slot)
    }

    /// Sets a key, which must be neither nil nor a NaN. Tells by how many bytes the table grew: less than none where it
    /// was laid out smaller.
    pub fn set(&mut self, key: Value, value: Value) -> isize {
        self.absent = 0;
        if let Value::Number(number) = key
            && let Some(slot) = position(number).and_then(|at| self.array.get_mut(at))
        {
            *slot = value;
            return 0;
        }
        if let Some(at) = self.find(key) {
            self.nodes[at].value = value;
            return 0;
        }
        self.insert(key, value)
    }

    /// Sets a key that has no node.
    fn insert(&mut self, key: Value, value: Value) -> isize {
        if self.nodes.is_empty() {
            return self.rehash(key, value);
        }
        let place = self.place(key);
        if self.nodes[place].value.is_nil() {
            self.nodes[place].key = key;
            self.nodes[place].value = value;
            return 0;
        }
        let Some(free) = self.free_node() else { return self.rehash(key, value) };
        let other = self.place(self.nodes[place].key);
        if other == place {
            // Who is here belongs here: the new one follows it.
            self.nodes[free] = Node { key, value, next: self.nodes[place].next };
            self.nodes[place].next = Some(free as u32);
        } else {
            // Who is here belongs to another chain: it moves, and whom it followed is told.
            let mut before = other;
            while let Some(next) = self.nodes[before].next
                && next as usize != place
            {
                before = next as usize;
            }
            self.nodes[before].next = Some(free as u32);
            self.nodes[free] = self.nodes[place];
            self.nodes[place] = Node { key, value, next: None };
        }
        0
    }

    fn free_node(&mut self) -> Option<usize> {
        while self.last_free > 0 {
            self.last_free -= 1;
            if self.nodes[self.last_free].key.is_nil() {
                return Some(self.last_free);
            }
        }
        None
    }

    /// Lays the table out anew, with room for one more key, and sets that.
    fn rehash(&mut self, key: Value, value: Value) -> isize {
        // By the power of two that is not less: how many whole keys there are above the power before it.
        let mut counts = [0_usize; MAX_BITS + 1];
        let mut count = |key: Value| match key {
            Value::Number(number) => match position(number) {
                Some(at) if at < 1 << MAX_BITS => {
                    counts[ceil_log2(at + 1)] += 1;
                    1
                }
                _ => 0,
            },
            _ => 0,
        };
        let mut whole = 0;
        let mut all = 1;
        for (at, value) in self.array.iter().enumerate() {
            if !value.is_nil() {
                whole += count(Value::Number((at + 1) as f64));
                all += 1;
            }
        }
        for node in &self.nodes {
            if !node.value.is_nil() {
                whole += count(node.key);
                all += 1;
            }
        }
        whole += count(key);
        let (size, in_array) = array_size(&counts, whole);
        let grown = self.resize(size, all - in_array);
        grown + self.set(key, value)
    }

    /// Gives the array and the nodes new sizes.
    pub fn resize(&mut self, array: usize, nodes: usize) -> isize {
        let before = self.bytes();
        let old = std::mem::take(&mut self.nodes);
        self.set_nodes(nodes);
        let cut = if array < self.array.len() { self.array.split_off(array) } else { Vec::new() };
        self.array.resize(array, Value::Nil);
        for (at, value) in cut.into_iter().enumerate() {
            if !value.is_nil() {
                self.set(Value::Number((array + at + 1) as f64), value);
            }
        }
        for node in old.into_iter().rev() {
            if !node.value.is_nil() {
                self.set(node.key, node.value);
            }
        }
        // What was set on the way is in the figure of after.
        self.bytes() as isize - before as isize
    }

    /// Makes the array as long as a list of values that comes.
    pub fn grow_array(&mut self, size: usize) -> isize {
        if size <= self.array.len() {
            return 0;
        }
        let nodes = self.nodes.len();
        self.resize(size, nodes)
    }

    /// A border: a position with a value before one without. With holes there are several, and 5.1 finds this one.
    pub fn border(&self) -> f64 {
        if self.array.last().is_some_and(|last| last.is_nil()) {
            let (mut low, mut high) = (0, self.array.len());
            while high - low > 1 {
                let middle = usize::midpoint(low, high);
                if self.array[middle - 1].is_nil() {
                    high = middle;
                } else {
                    low = middle;
                }
            }
            return low as f64;
        }
        if self.nodes.is_empty() {
            return self.array.len() as f64;
        }
        self.border_in_nodes()
    }

    fn border_in_nodes(&self) -> f64 {
        let has = |number: u64| !self.get_number(number as f64).is_nil();
        let mut low = self.array.len() as u64;
        let mut high = low + 1;
        while has(high) {
            low = high;
            high *= 2;
            if high > i32::MAX as u64 {
                // Somebody wants it slow: from the beginning, one by one.
                return (1..high).find(|&number| !has(number)).map_or(0.0, |number| (number - 1) as f64);
            }
        }
        while high - low > 1 {
            let middle = u64::midpoint(low, high);
            if has(middle) {
                low = middle;
            } else {
                high = middle;
            }
        }
        low as f64
    }

    /// The pair after a key in the order of a walk, the first after nil; no pair after the last. Fails where the key is
    /// not in the table.
    pub fn next(&self, key: Value) -> Result<Option<(Value, Value)>, UnknownKey> {
        self.step(key).map(|(pair, _)| pair)
    }

    /// The same, and how many places were looked at for it: those of keys that are gone are passed over.
    pub(crate) fn step(&self, key: Value) -> Result<(Option<(Value, Value)>, usize), UnknownKey> {
        let from = match key {
            Value::Nil => 0,
            Value::Number(number) if position(number).is_some_and(|at| at < self.array.len()) => {
                position(number).map_or(0, |at| at + 1)
            }
            _ => self.array.len() + self.find(key).ok_or(UnknownKey)? + 1,
        };
        let mut places = 0;
        let pair = self.places_from(from).inspect(|_| places += 1).find(|(_, value)| !value.is_nil());
        Ok((pair, places))
    }

    fn places_from(&self, from: usize) -> impl Iterator<Item = (Value, Value)> + '_ {
        let in_array = self.array.iter().enumerate().skip(from);
        let array = in_array.map(|(at, value)| (Value::Number((at + 1) as f64), *value));
        let nodes = self.nodes.iter().skip(from.saturating_sub(self.array.len()));
        array.chain(nodes.map(|node| (node.key, node.value)))
    }

    /// All pairs, in the order of a walk.
    pub fn pairs(&self) -> impl Iterator<Item = (Value, Value)> + '_ {
        self.places_from(0).filter(|(_, value)| !value.is_nil())
    }

    /// Every key and value that it holds on to: keys whose value became nil, too, for a walk may stand on one.
    pub(crate) fn held(&self) -> impl Iterator<Item = (Value, Value)> + '_ {
        let array = self.array.iter().map(|value| (Value::Nil, *value));
        array.chain(self.nodes.iter().map(|node| (node.key, node.value)))
    }

    /// Forgets the pairs of which `is_dead` says so of key or value.
    pub(crate) fn forget(&mut self, is_dead: impl Fn(Value) -> bool) {
        for value in &mut self.array {
            if is_dead(*value) {
                *value = Value::Nil;
            }
        }
        for node in &mut self.nodes {
            if node.key.is_nil() || !(is_dead(node.key) || is_dead(node.value)) {
                continue;
            }
            node.value = Value::Nil;
            // No key is a NaN: nothing finds this node, and it keeps its place in its chain.
            node.key = Value::Number(f64::NAN);
        }
    }
}

/// The key of a walk is not in the table.
#[derive(Clone, Copy, Debug)]
pub struct UnknownKey;

/// The largest power of two of which more than half would be used, and how many keys lie in it.
fn array_size(counts: &[usize; MAX_BITS + 1], whole: usize) -> (usize, usize) {
    let mut best = (0, 0);
    let mut below = 0;
    for (bits, count) in counts.iter().enumerate() {
        let size = 1 << bits;
        if size / 2 >= whole {
            break;
        }
        below += count;
        if below > size / 2 {
            best = (size, below);
        }
    }
    best
}
