//! How far a stream has come, and how far a reader of it: the figures behind a group's `entries-read` and `lag`.
//!
//! A stream counts the entries that were ever added, and remembers the highest ID that was deleted. How many entries
//! were added up to some ID can be told from that as long as no deletion lies between the ID and the end; else it is
//! unknown, and Redis answers nil.

use super::id::StreamId;

/// The figures of a stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Entries that are there.
    pub len: u64,
    /// Entries that were ever added.
    pub entries_added: u64,
    /// The first entry that is there; 0-0 where there is none.
    pub first_id: StreamId,
    /// The last ID given, whether or not its entry is still there.
    pub last_id: StreamId,
    /// The highest ID that was deleted, trimming aside; 0-0 where none was.
    pub max_deleted_id: StreamId,
}

impl Progress {
    /// Whether an entry between an ID and the end may have been deleted.
    pub fn has_gap_after(&self, id: StreamId) -> bool {
        self.len > 0 && self.max_deleted_id != StreamId::MIN && id <= self.max_deleted_id
    }

    /// How many entries were ever added up to an ID, where that can be told.
    pub fn added_up_to(&self, id: StreamId) -> Option<u64> {
        if self.entries_added == 0 {
            return Some(0);
        }
        if self.len == 0 && id <= self.last_id {
            return Some(self.entries_added);
        }
        if (id != StreamId::MIN && id < self.max_deleted_id) || id > self.last_id {
            return None;
        }
        if id == self.last_id {
            return Some(self.entries_added);
        }
        let whole = self.max_deleted_id == StreamId::MIN || self.max_deleted_id < self.first_id;
        let gone = self.entries_added.wrapping_sub(self.len);
        match id.cmp(&self.first_id) {
            std::cmp::Ordering::Less if whole => Some(gone),
            std::cmp::Ordering::Equal if whole => Some(gone.wrapping_add(1)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(ms: u64) -> StreamId {
        StreamId::new(ms, 0)
    }

    #[test]
    fn entries_are_counted_where_no_deletion_lies_ahead() {
        let whole =
            Progress { len: 3, entries_added: 5, first_id: id(3), last_id: id(5), max_deleted_id: id(2) };
        let counts =
            [(0, Some(2)), (1, None), (2, Some(2)), (3, Some(3)), (4, None), (5, Some(5)), (6, None)];
        for (ms, count) in counts {
            assert_eq!(whole.added_up_to(id(ms)), count, "{ms}");
        }
        let broken = Progress { len: 2, max_deleted_id: id(4), ..whole };
        assert!(broken.has_gap_after(id(3)) && broken.has_gap_after(id(4)) && !broken.has_gap_after(id(5)));
        assert_eq!(broken.added_up_to(id(3)), None);
    }
}
