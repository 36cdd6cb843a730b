//! A skip list with spans (William Pugh, "Skip Lists: A Probabilistic Alternative to Balanced Trees", 1990).
//!
//! Members in order of score, then of bytes, each in a node whose tower of links has one more level with probability
//! 1/4. A search starts on the highest level and goes down a level where the next node would be too far. Every link
//! knows how many nodes it passes over, its span, so that ranks come out of the same walk; the lowest level has links
//! backward too. Searching, inserting, removing and ranking cost O(log n).
//!
//! The nodes live in one vector and their towers, flattened, in another, linked by position. The tower before the first
//! node, at position 0 of the links, has all levels. A removed node is kept for the next one of its height.
//!
//! Finding a node by member alone is not for here: [`super::indexed`] does that.

use std::borrow::Cow;

use super::order;
use crate::value::bytes::SmallBytes;

/// No tower is higher: enough for 4^32 members.
pub const MAX_HEIGHT: usize = 32;
/// The position that is no node.
pub const NONE: u32 = u32::MAX;
/// The tower in front of all nodes.
const FRONT: u32 = 0;

/// A member with its score and its place in the structures around it.
#[derive(Clone, Debug)]
pub struct Node {
    pub score: f64,
    pub member: SmallBytes,
    /// The place in the owner's list of members, kept for it.
    pub slot: u32,
    /// The node before; while this one is unused, the next unused one.
    backward: u32,
    /// Where its links start.
    tower: u32,
    height: u8,
}

impl Node {
    /// Member and score.
    pub fn pair(&self) -> (Cow<'_, [u8]>, f64) {
        (Cow::Borrowed(&self.member), self.score)
    }

    pub fn height(&self) -> usize {
        usize::from(self.height)
    }
}

/// A step to a later node on one level.
#[derive(Clone, Copy, Debug)]
struct Link {
    next: u32,
    /// How many nodes further that is; past the last node, how many are left.
    span: u32,
}

/// The towers from which the links start that lead past a position, one a level, and the ranks they are at (0 being
/// the front, 1 the first node).
struct Path {
    towers: [u32; MAX_HEIGHT],
    ranks: [u32; MAX_HEIGHT],
    /// The last node before the position.
    node: u32,
}

/// Nodes in order.
#[derive(Clone, Debug)]
pub struct SkipList {
    nodes: Vec<Node>,
    links: Vec<Link>,
    /// For each height, the first unused node.
    unused: [u32; MAX_HEIGHT + 1],
    last: u32,
    len: u32,
    /// Levels in use.
    levels: usize,
}

impl Default for SkipList {
    fn default() -> Self {
        Self {
            nodes: Vec::new(),
            links: vec![Link { next: NONE, span: 0 }; MAX_HEIGHT],
            unused: [NONE; MAX_HEIGHT + 1],
            last: NONE,
            len: 0,
            levels: 1,
        }
    }
}

impl SkipList {
    pub fn len(&self) -> usize {
        self.len as usize
    }

    /// The node at this position, which must have come from here.
    pub fn node(&self, id: u32) -> &Node {
        &self.nodes[id as usize]
    }

    pub fn node_mut(&mut self, id: u32) -> &mut Node {
        &mut self.nodes[id as usize]
    }

    fn link(&self, tower: u32, level: usize) -> Link {
        self.links[tower as usize + level]
    }

    fn link_mut(&mut self, tower: u32, level: usize) -> &mut Link {
        &mut self.links[tower as usize + level]
    }

    /// Walks as far as `before` holds, given a node and its rank counted from 1.
    fn path(&self, before: impl Fn(&Node, u32) -> bool) -> Path {
        let mut path = Path { towers: [FRONT; MAX_HEIGHT], ranks: [0; MAX_HEIGHT], node: NONE };
        let (mut tower, mut rank) = (FRONT, 0);
        for level in (0..self.levels).rev() {
            loop {
                let link = self.link(tower, level);
                if link.next == NONE {
                    break;
                }
                let node = self.node(link.next);
                if !before(node, rank + link.span) {
                    break;
                }
                rank += link.span;
                tower = node.tower;
                path.node = link.next;
            }
            path.towers[level] = tower;
            path.ranks[level] = rank;
        }
        path
    }

    fn path_to(&self, score: f64, member: &[u8]) -> Path {
        self.path(|node, _| order(node.score, &node.member, score, member).is_lt())
    }

    /// How many nodes lie before the first one for which `before` no longer holds.
    pub fn count_while(&self, before: impl Fn(&Node) -> bool) -> usize {
        self.path(|node, _| before(node)).ranks[0] as usize
    }

    /// The rank of a node, the first having 0.
    pub fn rank(&self, id: u32) -> usize {
        let node = self.node(id);
        self.path_to(node.score, &node.member).ranks[0] as usize
    }

    /// The node of a rank.
    pub fn at(&self, rank: usize) -> Option<u32> {
        if rank + 1 == self.len() {
            return Some(self.last);
        }
        let next = self.link(self.path_to_rank(rank).towers[0], 0).next;
        (rank < self.len()).then_some(next)
    }

    fn path_to_rank(&self, rank: usize) -> Path {
        self.path(|_, at| at as usize <= rank)
    }

    pub fn next(&self, id: u32) -> u32 {
        self.link(self.node(id).tower, 0).next
    }

    pub fn previous(&self, id: u32) -> u32 {
        self.node(id).backward
    }

    /// Adds a member that is not there.
    pub fn insert(&mut self, score: f64, member: SmallBytes, slot: u32, height: usize) -> u32 {
        let path = self.path_to(score, &member);
        let height = height.clamp(1, MAX_HEIGHT);
        let id = self.unused[height];
        if id == NONE {
            let id = self.nodes.len() as u32;
            let tower = self.links.len() as u32;
            self.links.resize(self.links.len() + height, Link { next: NONE, span: 0 });
            self.nodes.push(Node { score, member, slot, backward: NONE, tower, height: height as u8 });
            self.tie(id, &path);
            return id;
        }
        self.unused[height] = self.node(id).backward;
        let node = self.node_mut(id);
        (node.score, node.member, node.slot) = (score, member, slot);
        self.tie(id, &path);
        id
    }

    /// Gives a node another score, moving it where its neighbours ask for it.
    pub fn rescore(&mut self, id: u32, score: f64) {
        let node = self.node(id);
        let (before, after) = (node.backward, self.next(id));
        let fits_after = |other: &Node| order(other.score, &other.member, score, &node.member).is_lt();
        let stays = (before == NONE || fits_after(self.node(before)))
            && (after == NONE || !fits_after(self.node(after)));
        if stays {
            self.node_mut(id).score = score;
            return;
        }
        let path = self.path_to(node.score, &node.member);
        self.untie(id, &path);
        self.node_mut(id).score = score;
        let path = self.path_to(score, &self.node(id).member);
        self.tie(id, &path);
    }

    /// Removes a node and gives its member. What else the node says stays readable until the next insertion.
    pub fn remove(&mut self, id: u32) -> SmallBytes {
        let node = self.node(id);
        let path = if node.backward == NONE {
            self.path(|_, _| false)
        } else {
            self.path_to(node.score, &node.member)
        };
        self.discard(id, &path)
    }

    /// Removes nodes from a rank on, as many as are asked for and there, telling of each its position and member.
    pub fn remove_run(&mut self, rank: usize, count: usize, mut removed: impl FnMut(u32, SmallBytes)) {
        let path = self.path_to_rank(rank);
        for _ in 0..count {
            let id = self.link(path.towers[0], 0).next;
            if id == NONE {
                break;
            }
            let member = self.discard(id, &path);
            removed(id, member);
        }
    }

    fn discard(&mut self, id: u32, path: &Path) -> SmallBytes {
        self.untie(id, path);
        let height = self.node(id).height();
        let next_unused = std::mem::replace(&mut self.unused[height], id);
        let node = self.node_mut(id);
        node.backward = next_unused;
        std::mem::take(&mut node.member)
    }

    /// Ties a loose node in behind the path.
    fn tie(&mut self, id: u32, path: &Path) {
        let (tower, height) = (self.node(id).tower, self.node(id).height());
        for level in self.levels..height {
            *self.link_mut(FRONT, level) = Link { next: NONE, span: self.len };
        }
        self.levels = self.levels.max(height);
        for level in 0..height {
            let passed = path.ranks[0] - path.ranks[level];
            let before = self.link_mut(path.towers[level], level);
            let Link { next, span } = std::mem::replace(before, Link { next: id, span: passed + 1 });
            *self.link_mut(tower, level) = Link { next, span: span - passed };
        }
        for level in height..self.levels {
            self.link_mut(path.towers[level], level).span += 1;
        }
        self.node_mut(id).backward = path.node;
        match self.next(id) {
            NONE => self.last = id,
            next => self.node_mut(next).backward = id,
        }
        self.len += 1;
    }

    /// Takes the node behind the path out of all levels.
    fn untie(&mut self, id: u32, path: &Path) {
        let (tower, next) = (self.node(id).tower, self.next(id));
        for level in 0..self.levels {
            let before = self.link(path.towers[level], level);
            *self.link_mut(path.towers[level], level) = if before.next == id {
                let Link { next, span } = self.link(tower, level);
                Link { next, span: before.span + span - 1 }
            } else {
                Link { span: before.span - 1, ..before }
            };
        }
        let backward = self.node(id).backward;
        match next {
            NONE => self.last = backward,
            next => self.node_mut(next).backward = backward,
        }
        while self.levels > 1 && self.link(FRONT, self.levels - 1).next == NONE {
            self.levels -= 1;
        }
        self.len -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    impl SkipList {
        /// Checks every link, span and backward link against a walk along the lowest level.
        fn check(&self) {
            let mut order_of = Vec::new();
            let (mut id, mut before) = (self.link(FRONT, 0).next, NONE);
            while id != NONE {
                assert_eq!(self.previous(id), before);
                order_of.push(id);
                (before, id) = (id, self.next(id));
            }
            assert_eq!((self.last, self.len()), (before, order_of.len()));
            for level in 0..self.levels {
                let (mut tower, mut rank) = (FRONT, 0);
                loop {
                    let link = self.link(tower, level);
                    rank += link.span as usize;
                    if link.next == NONE {
                        assert_eq!(rank, self.len(), "level {level}");
                        break;
                    }
                    assert_eq!(order_of[rank - 1], link.next);
                    tower = self.node(link.next).tower;
                }
            }
        }
    }

    #[test]
    fn links_and_spans_hold_through_random_edits() {
        let (mut list, mut rng, mut ids) = (SkipList::default(), Rng::seeded(3), Vec::new());
        for step in 0..3_000u32 {
            match rng.below(5) {
                0..=2 => {
                    let score = rng.below(50) as f64;
                    let height = 1 + rng.below(6);
                    ids.push(list.insert(score, step.to_be_bytes()[..].into(), step, height));
                }
                3 if !ids.is_empty() => {
                    let id = ids.swap_remove(rng.below(ids.len()));
                    list.remove(id);
                }
                _ if !ids.is_empty() => list.rescore(ids[rng.below(ids.len())], rng.below(50) as f64),
                _ => {}
            }
            if step % 10 == 0 {
                list.check();
            }
        }
        let mut removed = 0;
        list.remove_run(10, 100, |_, _| removed += 1);
        list.check();
        assert_eq!((removed, list.len()), (100, ids.len() - 100));
        assert!((0..list.len()).all(|rank| list.at(rank).is_some_and(|id| list.rank(id) == rank)));
    }

    #[test]
    fn removed_nodes_are_used_again() {
        let mut list = SkipList::default();
        for round in 0..100 {
            let id = list.insert(1.0, b"member"[..].into(), 0, 1 + round % 3);
            list.remove(id);
        }
        assert_eq!(list.nodes.len(), 3);
        assert_eq!(list.links.len(), MAX_HEIGHT + 1 + 2 + 3);
    }
}
