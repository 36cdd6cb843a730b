//! The rows of an arranged list, where that is not just the names in order: a tree of namespaces, or another order.
//!
//! Only what can be seen has a row: a closed namespace is one, however many keys it holds. A row is found again by
//! walking down its name beside another's, so that a key that comes or goes costs a search and not a pass. What keys
//! are ordered by (their bytes, their deadline) is what it was when the list was arranged: rows do not jump under the
//! reader's eyes. The list is arranged anew from time to time, which is its owner's affair.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::rc::Rc;

use super::chunked::{Chunked, Weighted};
use super::index::{KeyIndex, Tracked};
use crate::state::keys::{Arrangement, Order};
use crate::state::memory::Share;

/// Namespaces within one another; further delimiters belong to the name. Names come from anywhere.
const DEEPEST: usize = 16;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub name: Rc<[u8]>,
    pub is_space: bool,
    value: u64,
}

impl Place {
    pub fn key(name: Rc<[u8]>, value: u64) -> Self {
        Self { name, is_space: false, value }
    }

    pub fn space(name: Rc<[u8]>, value: u64) -> Self {
        Self { name, is_space: true, value }
    }
}

impl Weighted for Place {
    fn weight(&self) -> Share {
        Share { keys: 1, bytes: 0 }
    }
}

/// How names are divided and ordered.
#[derive(Clone, Debug, Default)]
pub struct Ways {
    delimiters: Vec<u8>,
    order: Order,
    falling: bool,
}

impl Ways {
    pub fn new(arrangement: &Arrangement) -> Self {
        let Arrangement { tree, delimiters, order, falling, .. } = arrangement;
        let delimiters = if *tree { delimiters.clone() } else { Vec::new() };
        Self { delimiters, order: *order, falling: *falling }
    }

    /// Where the part of a name that begins there ends; the last part of a key's name has no end.
    fn part_end(&self, name: &[u8], from: usize, depth: usize) -> Option<usize> {
        if depth >= DEEPEST {
            return None;
        }
        let end = name.get(from..)?.iter().position(|byte| self.delimiters.contains(byte))?;
        Some(from + end + 1)
    }

    /// The namespaces that a name is in, from the outermost on.
    pub fn spaces<'a>(&self, name: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        let (mut from, mut depth) = (0, 0);
        std::iter::from_fn(move || {
            from = self.part_end(name, from, depth)?;
            depth += 1;
            name.get(..from)
        })
    }

    /// How deep a row is, and where its own part of the name begins.
    pub fn position(&self, place: &Place) -> (usize, usize) {
        let around =
            self.spaces(&place.name).filter(|space| !place.is_space || space.len() < place.name.len());
        around.fold((0, 0), |(depth, _), space| (depth + 1, space.len()))
    }

    fn compare(&self, a: (u64, &[u8]), b: (u64, &[u8])) -> Ordering {
        match self.order {
            Order::Name if self.falling => b.1.cmp(a.1),
            Order::Name => a.1.cmp(b.1),
            _ if self.falling => b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)),
            _ => a.cmp(&b),
        }
    }

    /// What a namespace is ordered by: all its bytes, the first of its keys to expire, the one used last.
    fn together(&self, a: u64, b: u64) -> u64 {
        if self.order == Order::Memory { a.saturating_add(b) } else { a.min(b) }
    }

    fn nothing(&self) -> u64 {
        if self.order == Order::Memory { 0 } else { u64::MAX }
    }
}

/// One step on the way down to a row.
struct Element<'a> {
    name: &'a [u8],
    is_space: bool,
    value: u64,
}

/// A namespace on its way into the list.
struct Node {
    place: Place,
    children: Vec<Node>,
}

#[derive(Debug, Default)]
pub struct Lines {
    pub places: Chunked<Place>,
    ways: Ways,
    /// The namespaces that have a row; the whole list is that without a name.
    spaces: BTreeMap<Rc<[u8]>, Kin>,
}

/// What is known of a namespace: what it is ordered by, and how many rows are directly in it.
#[derive(Clone, Copy, Debug, Default)]
struct Kin {
    value: u64,
    children: usize,
}

impl Lines {
    /// One pass over all listed keys.
    pub fn arrange(index: &KeyIndex, ways: Ways, open: &BTreeSet<Rc<[u8]>>) -> Self {
        let mut lines = Self { ways, ..Self::default() };
        let root = lines.gather(index.here().iter().filter(|known| known.listed), open);
        let mut places = Vec::new();
        lines.flatten(root, &mut places);
        lines.places = Chunked::of(places);
        lines
    }

    /// Keys come by name, so those of a namespace stand together.
    fn gather<'a>(&self, keys: impl Iterator<Item = &'a Tracked>, open: &BTreeSet<Rc<[u8]>>) -> Node {
        let ways = &self.ways;
        let node = |place| Node { place, children: Vec::new() };
        let put = |within: &mut Node, child: Node| {
            within.place.value = ways.together(within.place.value, child.place.value);
            within.children.push(child);
        };
        let mut root = node(Place::space(Rc::default(), ways.nothing()));
        // The open namespaces that the last key was in, and the closed one.
        let mut stack: Vec<Node> = Vec::new();
        let mut closed: Option<Node> = None;
        for known in keys {
            if let Some(space) = &mut closed {
                if known.key.starts_with(&space.place.name) {
                    space.place.value = ways.together(space.place.value, known.value);
                    continue;
                }
                if let Some(space) = closed.take() {
                    put(stack.last_mut().unwrap_or(&mut root), space);
                }
            }
            while let Some(done) = stack.pop_if(|space| !known.key.starts_with(&space.place.name)) {
                put(stack.last_mut().unwrap_or(&mut root), done);
            }
            let mut from = stack.last().map_or(0, |space| space.place.name.len());
            loop {
                let Some(end) = ways.part_end(&known.key, from, stack.len()) else {
                    let key = node(Place::key(known.key.clone(), known.value));
                    put(stack.last_mut().unwrap_or(&mut root), key);
                    break;
                };
                let prefix: Rc<[u8]> = known.key.get(..end).unwrap_or_default().into();
                if open.contains(&prefix) {
                    stack.push(node(Place::space(prefix, ways.nothing())));
                    from = end;
                } else {
                    closed = Some(node(Place::space(prefix, known.value)));
                    break;
                }
            }
        }
        if let Some(space) = closed {
            put(stack.last_mut().unwrap_or(&mut root), space);
        }
        while let Some(done) = stack.pop() {
            put(stack.last_mut().unwrap_or(&mut root), done);
        }
        root
    }

    /// As deep as namespaces are, which is limited.
    fn flatten(&mut self, space: Node, places: &mut Vec<Place>) {
        let Node { place: Place { name, value, .. }, children: mut nodes } = space;
        self.spaces.insert(name, Kin { value, children: nodes.len() });
        match self.ways.order {
            Order::Name if self.ways.falling => nodes.reverse(),
            Order::Name => {}
            // They come by name, and those of one value stay so.
            _ if self.ways.falling => nodes.sort_by_key(|node| std::cmp::Reverse(node.place.value)),
            _ => nodes.sort_by_key(|node| node.place.value),
        }
        for node in nodes {
            places.push(node.place.clone());
            if node.place.is_space {
                self.flatten(node, places);
            }
        }
    }

    fn element<'a>(&self, place: &'a Place, from: usize, depth: usize) -> Option<Element<'a>> {
        let name: &[u8] = &place.name;
        if place.is_space && from == name.len() {
            return None;
        }
        let Some(end) = self.ways.part_end(name, from, depth) else {
            return Some(Element { name, is_space: false, value: place.value });
        };
        let name = name.get(..end)?;
        let own = place.is_space && end == place.name.len();
        let value = if own || self.ways.order == Order::Name {
            place.value
        } else {
            self.spaces.get(name).map(|kin| kin.value).unwrap_or_default()
        };
        Some(Element { name, is_space: true, value })
    }

    /// Which of two rows comes first: down both names, to where they part.
    fn compare(&self, a: &Place, b: &Place) -> Ordering {
        let (mut from, mut depth) = (0, 0);
        loop {
            match (self.element(a, from, depth), self.element(b, from, depth)) {
                (None, None) => return Ordering::Equal,
                (None, Some(_)) => return Ordering::Less,
                (Some(_), None) => return Ordering::Greater,
                (Some(a), Some(b)) if a.is_space && b.is_space && a.name == b.name => {
                    (from, depth) = (a.name.len(), depth + 1);
                }
                (Some(a), Some(b)) => {
                    let order = self.ways.compare((a.value, a.name), (b.value, b.name));
                    return order.then(a.is_space.cmp(&b.is_space));
                }
            }
        }
    }

    fn insert(&mut self, place: Place) {
        if let Err(spot) = self.places.find(|known| self.compare(known, &place)) {
            if let Some(kin) = self.around(&place) {
                kin.children += 1;
            }
            self.places.insert(spot, place);
        }
    }

    fn remove(&mut self, place: &Place) {
        if let Ok(spot) = self.places.find(|known| self.compare(known, place)) {
            self.places.remove(spot);
            if let Some(kin) = self.around(place) {
                kin.children = kin.children.saturating_sub(1);
            }
        }
    }

    /// The namespace that a row is directly in.
    fn around(&mut self, place: &Place) -> Option<&mut Kin> {
        let (_, from) = self.ways.position(place);
        self.spaces.get_mut(place.name.get(..from)?)
    }

    /// How many rows a row stands among in its namespace, and which of them it is, from 1 on. What is open there has rows
    /// between; how many is known without meeting them.
    pub fn among(
        &self,
        place: &Place,
        at: usize,
        from: usize,
        open: &BTreeSet<Rc<[u8]>>,
    ) -> Option<(usize, usize)> {
        let around = place.name.get(..from)?;
        let first = if from == 0 { 0 } else { self.space(around)? + 1 };
        let inside = open.range::<[u8], _>((Bound::Excluded(around), Bound::Unbounded));
        let before = inside
            .take_while(|space| space.starts_with(around))
            .filter(|space| self.space(space).is_some_and(|place| place < at))
            .filter_map(|space| self.spaces.get(space));
        let between: usize = before.map(|kin| kin.children).sum();
        Some(((at + 1).saturating_sub(first + between), self.spaces.get(around)?.children))
    }

    /// A key is listed that was not.
    pub fn came(&mut self, key: &Rc<[u8]>, value: u64, open: &BTreeSet<Rc<[u8]>>) {
        let ways = self.ways.clone();
        for space in ways.spaces(key) {
            if !self.spaces.contains_key(space) {
                let space: Rc<[u8]> = space.into();
                self.spaces.insert(space.clone(), Kin { value, children: 0 });
                self.insert(Place::space(space, value));
            }
            if !open.contains(space) {
                return;
            }
        }
        self.insert(Place::key(key.clone(), value));
    }

    /// A key is no longer listed; nor are namespaces that hold nothing else.
    pub fn gone(&mut self, key: &Rc<[u8]>, value: u64, index: &KeyIndex) {
        self.remove(&Place::key(key.clone(), value));
        let ways = self.ways.clone();
        let mut around: Vec<&[u8]> =
            ways.spaces(key).filter(|space| self.spaces.contains_key(*space)).collect();
        while let Some(space) = around.pop_if(|space| index.extent(space).keys == 0) {
            if let Some(Kin { value, .. }) = self.spaces.get(space).copied() {
                self.remove(&Place::space(space.into(), value));
                self.spaces.remove(space);
            }
        }
    }

    /// The place of a namespace that has a row.
    pub fn space(&self, prefix: &[u8]) -> Option<usize> {
        let Kin { value, .. } = *self.spaces.get(prefix)?;
        self.at(&Place::space(prefix.into(), value))
    }

    pub fn at(&self, place: &Place) -> Option<usize> {
        let spot = self.places.find(|known| self.compare(known, place)).ok()?;
        Some(self.places.before(spot).keys)
    }

    pub fn ways(&self) -> &Ways {
        &self.ways
    }
}
