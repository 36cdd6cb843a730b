//! Keyspace notifications: what happens to keys, published on channels.
//!
//! The setting `notify-keyspace-events` chooses classes of events, and whether each is told on the channel of its key
//! (`__keyspace@0__:key`, the message being the event), on that of its event (`__keyevent@0__:set`, the message being
//! the key), or on both. Every word that the keyspace may emit stands in the table below with its class. An empty
//! setting costs nothing.

use bitflags::bitflags;

use crate::keyspace::Surroundings;

bitflags! {
    /// What is told, and on which channels.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Classes: u32 {
        const KEYSPACE = 1;
        const KEYEVENT = 1 << 1;
        const GENERIC = 1 << 2;
        const STRING = 1 << 3;
        const LIST = 1 << 4;
        const SET = 1 << 5;
        const HASH = 1 << 6;
        const SORTED_SET = 1 << 7;
        const EXPIRED = 1 << 8;
        const EVICTED = 1 << 9;
        const STREAM = 1 << 10;
        const KEY_MISS = 1 << 11;
        const MODULE = 1 << 12;
        const NEW = 1 << 13;
    }
}

/// The letters of the classes that `A` stands for, and of `n`, in the order in which Redis writes them.
const CLASSES: [(char, Classes); 11] = [
    ('g', Classes::GENERIC),
    ('$', Classes::STRING),
    ('l', Classes::LIST),
    ('s', Classes::SET),
    ('h', Classes::HASH),
    ('z', Classes::SORTED_SET),
    ('x', Classes::EXPIRED),
    ('e', Classes::EVICTED),
    ('t', Classes::STREAM),
    ('d', Classes::MODULE),
    ('n', Classes::NEW),
];

/// The other letters.
const BESIDES: [(char, Classes); 3] =
    [('K', Classes::KEYSPACE), ('E', Classes::KEYEVENT), ('m', Classes::KEY_MISS)];

impl Classes {
    /// All but those that come too often to be useful.
    const ALL: Self = Self::from_bits_truncate(
        Self::all().bits()
            & !(Self::KEYSPACE.bits() | Self::KEYEVENT.bits() | Self::KEY_MISS.bits() | Self::NEW.bits()),
    );

    /// Reads the setting; like a C string it ends at a zero.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let mut classes = Self::empty();
        for letter in text.iter().take_while(|byte| **byte != 0) {
            let is = |(known, _): &&(char, Self)| *known == char::from(*letter);
            classes |= match letter {
                b'A' => Self::ALL,
                _ => CLASSES.iter().chain(&BESIDES).find(is)?.1,
            };
        }
        Some(classes)
    }

    /// The setting as Redis writes it, which does not show `n` beside `A`.
    pub fn setting(self) -> String {
        let chosen = |(_, class): &&(char, Self)| self.contains(*class);
        let mut text: String = if self.contains(Self::ALL) {
            "A".into()
        } else {
            CLASSES.iter().filter(chosen).map(|(letter, _)| letter).collect()
        };
        text.extend(BESIDES.iter().filter(chosen).map(|(letter, _)| letter));
        text
    }

    /// The class of an event; `None` for a word that is no event.
    pub fn of(event: &str) -> Option<Self> {
        Some(match event {
            "copy_to" | "del" | "expire" | "move_from" | "move_to" | "persist" | "rename_from"
            | "rename_to" | "restore" => Self::GENERIC,
            "append" | "incrby" | "incrbyfloat" | "pfadd" | "set" | "setbit" | "setrange" => Self::STRING,
            "linsert" | "lpop" | "lpush" | "lrem" | "lset" | "ltrim" | "rpop" | "rpush" | "sortstore" => {
                Self::LIST
            }
            "sadd" | "sdiffstore" | "sinterstore" | "spop" | "srem" | "sunionstore" => Self::SET,
            "hdel" | "hexpire" | "hexpired" | "hincrby" | "hincrbyfloat" | "hpersist" | "hset" => Self::HASH,
            "geosearchstore" | "georadiusstore" | "zadd" | "zdiffstore" | "zincr" | "zinterstore"
            | "zpopmax" | "zpopmin" | "zrangestore" | "zrem" | "zremrangebylex" | "zremrangebyrank"
            | "zremrangebyscore" | "zunionstore" => Self::SORTED_SET,
            "xadd"
            | "xdel"
            | "xgroup-create"
            | "xgroup-createconsumer"
            | "xgroup-delconsumer"
            | "xgroup-destroy"
            | "xgroup-setid"
            | "xsetid"
            | "xtrim" => Self::STREAM,
            "expired" => Self::EXPIRED,
            "evicted" => Self::EVICTED,
            "keymiss" => Self::KEY_MISS,
            "new" => Self::NEW,
            _ => return None,
        })
    }
}

impl Surroundings {
    /// Publishes what happened to a key, if the setting says so.
    pub(crate) fn notify(&mut self, db: usize, key: &[u8], event: &'static str) {
        debug_assert!(Classes::of(event).is_some(), "the event {event} has no class");
        let wanted = self.config.notify_keyspace_events;
        if wanted.is_empty() || Classes::of(event).is_none_or(|class| !wanted.contains(class)) {
            return;
        }
        if wanted.contains(Classes::KEYSPACE) {
            let channel = [format!("__keyspace@{db}__:").as_bytes(), key].concat();
            self.publish(&channel, event.as_bytes());
        }
        if wanted.contains(Classes::KEYEVENT) {
            self.publish(format!("__keyevent@{db}__:{event}").as_bytes(), key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answers of a real server to what it was set to.
    #[test]
    fn the_setting_is_read_and_written_as_redis_does() {
        let recorded = [
            ("", ""),
            ("KEA", "AKE"),
            ("nmAEK", "AKEm"),
            ("Kg$lshzxetdE", "AKE"),
            ("g$lshzxet", "g$lshzxet"),
            ("KE$lshzxetdn", "$lshzxetdnKE"),
            ("tmdzK", "ztdKm"),
            ("KK", "K"),
            ("A\0?", "A"),
        ];
        for (set, got) in recorded {
            assert_eq!(Classes::parse(set.as_bytes()).map(Classes::setting).as_deref(), Some(got), "{set}");
        }
        assert_eq!(Classes::parse(b"KEAo"), None);
    }
}
