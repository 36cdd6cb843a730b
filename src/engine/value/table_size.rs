//! What Redis's hash table has allocated for a collection.
//!
//! Redis grows a table to the next power of two when it is full and shrinks it when an eighth is left, and then moves
//! the entries over a little with every operation; until all have moved, both tables are there and both count in
//! `MEMORY USAGE`. This keeps only the sizes. How fast the move goes depends on which slots are empty, which depends on
//! hashes seeded at random in the real server; here the average stands in for it.
//!
//! `MEMORY USAGE` counts a header and entries as C declares them, the allocator hands out the next larger size: of each
//! there are two figures.

use super::alloc::size_class;

/// A table's own header.
pub const HEADER: usize = 56;
/// What is allocated for it.
pub const HEADER_ALLOCATED: usize = 64;
/// An entry, without what it names.
pub const ENTRY: usize = 24;
/// What is allocated for one.
pub const ENTRY_ALLOCATED: usize = 32;
/// What an allocation for an entry has more than is counted.
pub const ENTRY_SLACK: usize = ENTRY_ALLOCATED - ENTRY;
const SLOT: usize = 8;
/// The smallest table.
const MIN_SLOTS: usize = 4;
/// A table with fewer entries than this fraction of its slots shrinks.
const MIN_FILL: usize = 8;
/// A table with more entries to a slot than this grows whether or not there is room.
const MOST_LOAD_IN_THOUSANDTHS: u64 = 1618;

/// The slots of a table, and of the one it is moving out of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableSize {
    slots: usize,
    leaving: usize,
    /// Operations until the move is over.
    steps: usize,
}

impl TableSize {
    /// A table made to hold this many entries.
    pub fn with_capacity(entries: usize) -> Self {
        Self { slots: if entries == 0 { 0 } else { fitting(entries) }, leaving: 0, steps: 0 }
    }

    /// What all slots take.
    pub fn bytes(&self) -> usize {
        SLOT * self.slots()
    }

    /// What is allocated for all slots.
    pub fn allocated(&self) -> usize {
        let array = |slots: usize| if slots == 0 { 0 } else { size_class(SLOT * slots) };
        array(self.slots) + array(self.leaving)
    }

    /// The slots of the table that entries come to, once they have moved.
    pub fn width(&self) -> usize {
        self.slots
    }

    /// What the slots take that are being left.
    pub fn leaving_bytes(&self) -> usize {
        SLOT * self.leaving
    }

    /// Whether entries are being moved over.
    pub fn is_moving(&self) -> bool {
        self.leaving > 0
    }

    /// What part of the entries has not moved yet, of a table that was full or sparse when it began.
    pub fn share_left(&self) -> f64 {
        let steps = (self.leaving * 5 / 8).max(self.steps);
        if steps == 0 { 0.0 } else { self.steps as f64 / steps as f64 }
    }

    /// What decides how it goes on.
    pub fn state(&self) -> [usize; 3] {
        [self.slots, self.leaving, self.steps]
    }

    fn slots(&self) -> usize {
        self.slots + self.leaving
    }

    /// One look-up, insertion or removal: moves some entries if there are any to move.
    pub fn touch(&mut self) {
        self.advance(1);
    }

    /// So many steps of a move; gives how many of them there was something for.
    pub fn advance(&mut self, steps: usize) -> usize {
        let taken = steps.min(self.steps);
        self.steps -= taken;
        if self.steps == 0 {
            self.leaving = 0;
        }
        taken
    }

    /// To be told before an entry is added to `entries` others.
    pub fn before_insert(&mut self, entries: usize) {
        self.touch();
        self.grow_if_full(entries, |_| true);
    }

    /// Begins to grow if it is full. Where there is no room for the bytes of the new table it waits, until it is so crowded
    /// that it cannot.
    pub fn grow_if_full(&mut self, entries: usize, has_room: impl FnOnce(usize) -> bool) {
        if self.leaving > 0 || entries < self.slots {
            return;
        }
        let (slots, wanted) = (self.slots, fitting(entries + 1));
        let is_crowded = entries as u64 * 1000 > slots as u64 * MOST_LOAD_IN_THOUSANDTHS;
        if slots == 0 || is_crowded || has_room(SLOT * wanted) {
            // Of a full table's slots five in eight are taken, of a crowded one's four in five; each step empties one.
            self.start_move(wanted, if is_crowded { slots / 5 * 4 } else { slots * 5 / 8 });
        }
    }

    /// To be told that there will soon be so many entries, `entries` of which are there already.
    pub fn expand(&mut self, entries: usize, wanted: usize) {
        let slots = fitting(wanted);
        if self.leaving == 0 && slots > self.slots {
            self.start_move(slots, if entries == 0 { 0 } else { self.slots * 5 / 8 });
        }
    }

    /// To be told when entries have been removed and so many are left.
    pub fn shrink_if_sparse(&mut self, entries: usize) {
        self.shrink_if_room(entries, |_| true);
    }

    /// The same, where there must be room for the bytes of the new table beside the old one.
    pub fn shrink_if_room(&mut self, entries: usize, has_room: impl FnOnce(usize) -> bool) {
        let slots = self.slots;
        let is_sparse = slots > MIN_SLOTS && entries * MIN_FILL <= slots;
        if self.leaving == 0 && is_sparse && has_room(SLOT * fitting(entries)) {
            // A step passes up to ten empty slots: in an empty table that many, at an eighth full about six. The move
            // is over with the last entry, which of a few lies somewhat before the table's end.
            let (wide, left) = (slots as u64, entries as u64);
            let steps = wide * wide / (wide * 10 - left * 33) * left / (left + 1);
            self.start_move(fitting(entries), steps as usize);
        }
    }

    fn start_move(&mut self, slots: usize, steps: usize) {
        self.leaving = if steps == 0 { 0 } else { self.slots };
        self.steps = steps;
        self.slots = slots;
    }
}

fn fitting(entries: usize) -> usize {
    entries.max(MIN_SLOTS).next_power_of_two()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_table_doubles_and_leaves_the_old_one_gradually() {
        let mut table = TableSize::default();
        for entries in 0..257 {
            table.before_insert(entries);
        }
        assert_eq!(table.slots(), 512 + 256);
        for entries in 257..512 {
            table.before_insert(entries);
        }
        assert_eq!(table.slots(), 512);
    }

    #[test]
    fn an_eighth_left_shrinks() {
        let mut table = TableSize::with_capacity(1000);
        assert_eq!(table.slots(), 1024);
        for left in (50..1000).rev() {
            table.touch();
            table.shrink_if_sparse(left);
        }
        assert_eq!(table.slots(), 128 + 1024);
        for _ in 0..100 {
            table.touch();
        }
        assert_eq!(table.slots(), 128);
    }
    #[test]
    fn without_room_a_full_table_waits_until_it_is_crowded() {
        let mut table = TableSize::with_capacity(1000);
        table.grow_if_full(1024, |bytes| bytes < 2048 * SLOT);
        table.grow_if_full(1656, |_| false);
        assert_eq!(table.slots(), 1024);
        table.grow_if_full(1657, |_| false);
        assert_eq!(table.slots(), 2048 + 1024);
        let mut table = TableSize::with_capacity(1000);
        table.shrink_if_room(100, |_| false);
        assert_eq!(table.slots(), 1024);
    }
}
