//! The two hash tables that the real server has for a database: of keys, and of keys with a deadline.
//!
//! Ours finds its keys in another way; this only knows the sizes that Redis's tables would have, which follow from their
//! history. A table is made for the first key and stays. It grows when it is full and shrinks when it is sparse, by an
//! operation or by a tick, then moves over bit by bit: a step for each look-up, insertion and removal, and as many at each
//! tick as fit into the millisecond that Redis takes for it. Where `maxmemory` leaves no room for the new table, the old
//! one has to do until it is crowded. Nothing here knows a key.

use crate::digest::Digest;
use crate::value::table_size::{self, TableSize};

/// Steps of a move in the millisecond of a tick: measured, 65,536 slots move in 18 ticks, and two of three hold a key.
const STEPS_PER_TICK: u64 = 2_500;

/// What there is for each table from the beginning, as `MEMORY STATS` counts it.
const STORE: u64 = 232;
/// What it counts for the note that a table is moving.
const NOTE: u64 = 24;
/// What is allocated for that.
const NOTE_ALLOCATED: u64 = 32;
/// The object of a value, which `MEMORY STATS` counts among the table of keys.
const OBJECT: u64 = 16;

/// One of a database's tables.
#[derive(Clone, Debug)]
pub struct Table {
    size: TableSize,
    is_made: bool,
    /// The table's own header, as `MEMORY STATS` counts it and as it is allocated. That of the table of keys has the
    /// histograms of lengths behind it.
    header: (u64, u64),
    /// What `MEMORY STATS` counts for an entry; and what is allocated for it, unless that is counted with the key.
    entry: (u64, u64),
}

/// What `MEMORY STATS` tells of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overhead {
    pub bytes: u64,
    /// Its slots, both tables' while it is moving.
    pub slots: u64,
    /// The slots that are being left.
    pub leaving: u64,
    pub is_moving: bool,
}

impl Table {
    pub fn of_keys() -> Self {
        const HEADER: u64 = 2_464;
        const ALLOCATED: u64 = 2_560;
        let entry = (table_size::ENTRY as u64 + OBJECT, 0);
        Self { size: TableSize::default(), is_made: false, header: (HEADER, ALLOCATED), entry }
    }

    pub fn of_deadlines() -> Self {
        const HEADER: u64 = 64;
        let entry = (table_size::ENTRY as u64, table_size::ENTRY_ALLOCATED as u64);
        Self { size: TableSize::default(), is_made: false, header: (HEADER, HEADER), entry }
    }

    pub fn is_made(&self) -> bool {
        self.is_made
    }

    /// The slots of the table that entries come to.
    pub fn width(&self) -> usize {
        self.size.width()
    }

    // ---- sizes ---------------------------------------------------------------------------------------------------

    /// What is allocated for it, with so many entries.
    pub fn allocated(&self, entries: usize) -> u64 {
        if !self.is_made {
            return 0;
        }
        let note = if self.size.is_moving() { NOTE_ALLOCATED } else { 0 };
        self.header.1 + self.size.allocated() as u64 + self.entry.1 * entries as u64 + note
    }

    pub fn overhead(&self, entries: usize) -> Overhead {
        let header = if self.is_made { self.header.0 } else { 0 };
        let (slots, is_moving) = (self.size.bytes() as u64, self.size.is_moving());
        let note = if is_moving { NOTE } else { 0 };
        Overhead {
            bytes: STORE + header + self.entry.0 * entries as u64 + slots + note,
            slots,
            leaving: self.size.leaving_bytes() as u64,
            is_moving,
        }
    }

    // ---- history -------------------------------------------------------------------------------------------------

    pub fn look_up(&mut self) {
        self.size.touch();
    }

    /// To be told before an entry joins `entries` others. `room` is how many bytes there are.
    pub fn before_insert(&mut self, entries: usize, room: u64) {
        self.is_made = true;
        self.size.touch();
        self.size.grow_if_full(entries, |bytes| bytes as u64 <= room);
    }

    /// To be told when an entry has gone and so many are left.
    pub fn after_removal(&mut self, entries: usize, room: u64) {
        self.size.touch();
        self.size.shrink_if_room(entries, |bytes| bytes as u64 <= room);
    }

    /// So many ticks pass.
    pub fn tick(&mut self, entries: usize, ticks: u64, room: u64) {
        let mut steps = ticks.saturating_mul(STEPS_PER_TICK);
        while self.is_made && steps > 0 {
            self.size.shrink_if_room(entries, |bytes| bytes as u64 <= room);
            self.size.grow_if_full(entries, |bytes| bytes as u64 <= room);
            if !self.size.is_moving() {
                break;
            }
            steps -= self.size.advance(usize::try_from(steps).unwrap_or(usize::MAX)) as u64;
        }
    }

    pub fn digest(&self, digest: &mut Digest) {
        self.size.state().into_iter().for_each(|number| digest.number(number as u64));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_idle_table_grows_and_moves_at_ticks() {
        let mut table = Table::of_keys();
        for entries in 0..65_536 {
            table.before_insert(entries, u64::MAX);
        }
        let full = table.overhead(65_536);
        assert_eq!((full.slots, full.is_moving, full.bytes), (8 * 65_536, false, 2_696 + 48 * 65_536));
        table.tick(65_536, 1, u64::MAX);
        let moving = table.overhead(65_536);
        assert_eq!((moving.slots, moving.leaving, moving.is_moving), (24 * 65_536, 8 * 65_536, true));
        table.tick(65_536, 15, u64::MAX);
        assert!(table.overhead(65_536).is_moving);
        table.tick(65_536, 1, u64::MAX);
        assert_eq!(table.overhead(65_536).slots, 16 * 65_536);
        // Another million ticks find nothing to do.
        table.tick(65_536, u64::MAX, u64::MAX);
        assert_eq!(table.overhead(65_536).slots, 16 * 65_536);
    }

    #[test]
    fn a_table_is_made_for_the_first_entry_and_stays() {
        let mut table = Table::of_deadlines();
        assert_eq!((table.allocated(0), table.overhead(0).bytes), (0, 232));
        table.before_insert(0, 0);
        assert_eq!((table.allocated(1), table.overhead(1).bytes), (64 + 32 + 32, 352));
        table.after_removal(0, 0);
        assert_eq!((table.allocated(0), table.overhead(0).bytes), (64 + 32, 328));
    }
}
