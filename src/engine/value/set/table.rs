//! The big encoding of a set, which Redis calls `hashtable`: members in no particular order, each found in O(1).
//!
//! Beside the members it keeps the sizes of what Redis would allocate for them. It never turns back into a smaller
//! encoding; what a command stores anew may.

use crate::value::alloc::sds_size;
use crate::value::bytes::SmallBytes;
use crate::value::dense::{DenseTable, Keyed};
use crate::value::table_size::{self, HEADER_ALLOCATED, TableSize};

#[derive(Clone, Debug)]
struct Member(SmallBytes);

impl Keyed for Member {
    fn key(&self) -> &[u8] {
        &self.0
    }
}

/// Members by name and by position.
#[derive(Clone, Debug, Default)]
pub struct Table {
    members: DenseTable<Member>,
    size: TableSize,
    /// What the strings of all members take.
    string_bytes: usize,
    /// How many members stand in a slot of their own, on average over all seeds of the hash.
    alone: f64,
}

/// The entry of a member that has to share its slot.
const LINK: usize = 16;

impl Table {
    /// An empty one with slots for so many members, as Redis makes it when it knows how many will come.
    pub fn for_members(members: usize) -> Self {
        Self { size: TableSize::with_capacity(members), ..Self::default() }
    }

    pub fn len(&self) -> usize {
        self.members.len()
    }

    pub fn memory(&self) -> usize {
        table_size::HEADER + self.size.bytes() + table_size::ENTRY * self.len() + self.string_bytes
    }

    /// What is allocated. The first member that comes to a slot stands in it directly; those who join it need an entry.
    pub fn allocated(&self) -> usize {
        let linked = (self.len() as f64 - self.standing_alone()).max(0.0);
        HEADER_ALLOCATED + self.size.allocated() + self.string_bytes + (linked * LINK as f64) as usize
    }

    /// While members move over, both tables have some.
    fn standing_alone(&self) -> f64 {
        let left = self.size.share_left();
        if left == 0.0 {
            return self.alone;
        }
        left * self.alone + (1.0 - left) * taken(self.len(), self.size.width())
    }

    pub fn size(&self) -> &TableSize {
        &self.size
    }

    pub fn string_bytes(&self) -> usize {
        self.string_bytes
    }

    /// The same, reckoned anew.
    pub fn strings_recounted(&self) -> usize {
        self.iter().map(|member| sds_size(member.len())).sum()
    }

    /// To be called after each step of a move.
    fn settle(&mut self, was_moving: bool) {
        if was_moving && !self.size.is_moving() {
            self.alone = taken(self.len(), self.size.width());
        }
    }

    pub fn contains(&self, member: &[u8]) -> bool {
        self.members.contains(member)
    }

    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.members.iter().map(Keyed::key)
    }

    /// The member at a position.
    pub fn get(&self, position: usize) -> Option<&[u8]> {
        self.members.at(position).map(Keyed::key)
    }

    /// Whether the member is new. Redis makes room before it looks.
    pub fn add(&mut self, member: &[u8]) -> bool {
        let was_moving = self.size.is_moving();
        self.size.before_insert(self.len());
        self.settle(was_moving);
        if self.members.contains(member) {
            return false;
        }
        if !self.size.is_moving() {
            self.alone += 1.0 - taken(self.len(), self.size.width()) / self.size.width().max(1) as f64;
        }
        self.string_bytes += sds_size(member.len());
        self.members.push(Member(member.into()));
        true
    }

    pub fn remove(&mut self, member: &[u8]) -> bool {
        if let Some(position) = self.members.position(member) {
            return self.remove_at(position).is_some();
        }
        self.touch();
        false
    }

    /// Removes the member at a position; the last one moves there.
    pub fn remove_at(&mut self, position: usize) -> Option<SmallBytes> {
        let Member(member) = self.members.swap_remove(position)?;
        self.string_bytes -= sds_size(member.len());
        // Whoever goes may be one that stood alone. Then those who shared the slot keep their entries.
        self.alone -= self.alone / (self.len() + 1) as f64;
        self.touch();
        let was_narrow = self.size.width();
        self.size.shrink_if_sparse(self.len());
        self.settle(was_narrow != self.size.width());
        Some(member)
    }

    fn touch(&mut self) {
        let was_moving = self.size.is_moving();
        self.size.touch();
        self.settle(was_moving);
    }

    /// A copy as `COPY` makes it: the table is made anew, with slots for the members there are.
    pub fn duplicate(&self) -> Self {
        let size = TableSize::with_capacity(self.len());
        Self { alone: taken(self.len(), size.width()), size, ..self.clone() }
    }

    /// A step of an iteration over the positions downwards; gives the next cursor.
    pub fn scan(&self, cursor: u64, count: usize, mut visit: impl FnMut(&[u8])) -> u64 {
        self.members.scan(cursor, count, |member| visit(&member.0))
    }
}

/// How many of a table's slots so many members take, on average.
fn taken(members: usize, slots: usize) -> f64 {
    // Each misses a slot with this probability. Powers by multiplication alone are the same on every machine.
    let (slots, mut power, mut rest) = (slots.max(1) as f64, 1.0, members);
    let mut factor = 1.0 - 1.0 / slots;
    while rest > 0 {
        if rest % 2 == 1 {
            power *= factor;
        }
        factor *= factor;
        rest /= 2;
    }
    slots * (1.0 - power)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    /// The entries that members need who share slots, in a table that is played with slots drawn at random.
    #[test]
    fn as_many_share_a_slot_as_on_average() {
        const SLOTS: usize = 4096;
        let (mut rng, mut table) = (Rng::seeded(9), Table::for_members(SLOTS));
        // Of each member its slot, and whether it found that empty.
        let mut members: Vec<(usize, bool)> = Vec::new();
        let mut taken = vec![0; SLOTS];
        for (adds, removes) in [(4000, 0), (0, 2500), (1500, 0), (900, 2900)] {
            for _ in 0..adds {
                let slot = rng.below(SLOTS);
                members.push((slot, taken[slot] == 0));
                taken[slot] += 1;
                assert!(table.add(&rng.next_u64().to_be_bytes()));
            }
            for _ in 0..removes {
                let (slot, _) = members.swap_remove(rng.below(members.len()));
                taken[slot] -= 1;
                assert!(table.remove_at(rng.below(table.len())).is_some());
            }
            let linked = members.iter().filter(|(_, alone)| !alone).count();
            let fixed = HEADER_ALLOCATED + SLOTS * 8 + table.string_bytes();
            let reckoned = (table.allocated() - fixed) / LINK;
            assert!(linked.abs_diff(reckoned) < 100, "{linked} share, reckoned {reckoned}");
        }
    }

    #[test]
    fn a_table_that_has_grown_is_as_one_that_was_made_so_wide() {
        let (mut grown, mut made) = (Table::default(), Table::for_members(1025));
        for number in 0..2000_u32 {
            grown.add(&number.to_be_bytes());
            made.add(&number.to_be_bytes());
        }
        assert_eq!(grown.allocated(), made.allocated());
        assert_eq!(grown.allocated(), made.duplicate().allocated());
    }
}
