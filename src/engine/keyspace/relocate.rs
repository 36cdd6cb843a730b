//! A key that moves: to another name or to another database.
//!
//! One step, because of the order in which Redis tells of it: the key is new in one place before it has gone from the
//! other.

use super::{Keyspace, Surroundings, Ttl};

impl Keyspace {
    /// Moves a value and its deadline from a key to another, in the place of whatever is there; whether there was such a
    /// key. The events are that of the one it leaves and that of the other.
    pub fn relocate(
        &mut self,
        from: (usize, &[u8]),
        to: (usize, Vec<u8>),
        events: [&'static str; 2],
        around: &mut Surroundings,
    ) -> bool {
        let ((from_db, from_key), (to_db, to_key), [leaves, comes]) = (from, to, events);
        let Some(mut source) = self.db(from_db, around) else { return false };
        let deadline = source.deadline(from_key);
        let Some(entry) = source.database.remove(from_key) else { return false };
        let Some(mut target) = self.db(to_db, around) else { return false };
        let (access, ttl) = (target.fresh_access(), deadline.map_or(Ttl::Clear, Ttl::At));
        let placed = target.place(to_key, entry.value, access, ttl);
        target.tell_of_new(placed);
        if let Some(mut source) = self.db(from_db, around) {
            source.changed(from_key, leaves);
            source.around.waiting.signal_gone(from_db, from_key);
        }
        if let Some(mut target) = self.db(to_db, around) {
            target.tell_of(placed, comes);
        }
        true
    }
}
