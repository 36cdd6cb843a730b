//! What Redis's hash table has allocated for a collection.
//!
//! Redis grows a table to the next power of two when it is full and shrinks it when an eighth is left, and then moves
//! the entries over a little with every operation; until all have moved, both tables are there and both count in
//! `MEMORY USAGE`. This keeps only the sizes. How fast the move goes depends on which slots are empty, which depends on
//! hashes seeded at random in the real server; here the average stands in for it.

/// A table's own header.
pub const HEADER: usize = 56;
/// An entry, without what it names.
pub const ENTRY: usize = 24;
const SLOT: usize = 8;
/// The smallest table.
const MIN_SLOTS: usize = 4;
/// A table with fewer entries than this fraction of its slots shrinks.
const MIN_FILL: usize = 8;

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

    fn slots(&self) -> usize {
        self.slots + self.leaving
    }

    /// One look-up, insertion or removal: moves some entries if there are any to move.
    pub fn touch(&mut self) {
        if self.steps > 0 {
            self.steps -= 1;
            if self.steps == 0 {
                self.leaving = 0;
            }
        }
    }

    /// To be told before an entry is added to `entries` others.
    pub fn before_insert(&mut self, entries: usize) {
        self.touch();
        if self.leaving == 0 && entries >= self.slots {
            // Of a full table's slots five in eight are taken, and each step empties one.
            self.start_move(fitting(entries + 1), self.slots * 5 / 8);
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
        let slots = self.slots;
        if self.leaving == 0 && slots > MIN_SLOTS && entries * MIN_FILL <= slots {
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
}
