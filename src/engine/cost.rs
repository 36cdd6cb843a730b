//! The cost model: how long a command would keep a server busy, in virtual time.
//!
//! The clock stands still while a command runs, so there is nothing to measure; what a learner is to see in `SLOWLOG`,
//! `LATENCY` and `INFO commandstats` is reckoned instead, from what the command met on its way. The same command on the
//! same data costs the same in every run and on every machine. The constants are near what an ordinary machine takes
//! today; what matters is how the cost grows.
//!
//! | what | nanoseconds |
//! | --- | --- |
//! | a command | [`COMMAND`] |
//! | each word of its line | [`WORD`] |
//! | each 4 bytes of its line and its reply | 1 |
//! | each key it goes to | [`LOOKUP`] |
//! | each key it walks past: `KEYS`, `SCAN`, `FLUSHALL` | [`KEY`] |
//! | each element of its reply | [`REPLY`] |
//! | each element it walks past, where it is a command of [`Effort::Walk`] | [`ELEMENT`] |
//! | each step of a search of [`Effort::Search`]: as many as the logarithm of the number of elements | [`STEP`] |
//! | each key that eviction or the expire cycle draws to look at | [`SAMPLE`] |
//! | each key evicted, besides its elements | [`EVICTION`] |
//! | each instruction of a script | [`INSTRUCTION`] |
//! | each key that the cycle finds expired, besides its elements | [`EXPIRY`] |
//!
//! A duration is whole microseconds, rounded up. What a command meets, the keyspace notes in [`Work`]; what it does with
//! it, the lists in this file say. Nothing here decides what a command answers.

use std::sync::OnceLock;

use crate::command;
use crate::reply::Reply;

pub const COMMAND: u64 = 500;
pub const WORD: u64 = 20;
pub const LOOKUP: u64 = 200;
pub const KEY: u64 = 110;
pub const REPLY: u64 = 30;
pub const ELEMENT: u64 = 50;
pub const STEP: u64 = 30;
pub const SAMPLE: u64 = 40;
pub const EVICTION: u64 = 500;
pub const EXPIRY: u64 = 1500;
pub const INSTRUCTION: u64 = 2;
const BYTES_A_NANOSECOND: u64 = 4;

/// What a command does with the values it goes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effort {
    /// Its cost does not depend on their size.
    #[default]
    Touch,
    /// It searches them, once for each argument behind the first key.
    Search,
    /// It goes through all of each.
    Walk,
    /// It goes through the smallest of them and looks each element up in the others.
    WalkSmallest,
    /// It goes through all of each and puts what it finds in order.
    Sort,
    /// It compares each part of the one with each part of the other.
    Compare,
}

/// Commands that do more than touch.
const EFFORTS: &[(Effort, &[&str])] = &[
    (
        Effort::Search,
        &[
            "geoadd",
            "geodist",
            "geohash",
            "geopos",
            "georadius",
            "georadius_ro",
            "georadiusbymember",
            "georadiusbymember_ro",
            "geosearch",
            "geosearchstore",
            "zadd",
            "zcount",
            "zincrby",
            "zlexcount",
            "zmpop",
            "zpopmax",
            "zpopmin",
            "zrange",
            "zrangebylex",
            "zrangebyscore",
            "zrangestore",
            "zrank",
            "zrem",
            "zremrangebylex",
            "zremrangebyrank",
            "zremrangebyscore",
            "zrevrange",
            "zrevrangebylex",
            "zrevrangebyscore",
            "zrevrank",
            "xrange",
            "xrevrange",
            "xread",
            "xreadgroup",
            "xdel",
            "xack",
            "xclaim",
            "xautoclaim",
            "xpending",
            "bzmpop",
            "bzpopmax",
            "bzpopmin",
        ],
    ),
    (
        Effort::Walk,
        &[
            "bitcount",
            "bitop",
            "bitpos",
            "copy",
            "del",
            "dump",
            "hgetall",
            "hkeys",
            "hvals",
            "lindex",
            "linsert",
            "lpos",
            "lrem",
            "lset",
            "pfcount",
            "pfmerge",
            "restore",
            "sdiff",
            "sdiffstore",
            "smembers",
            "sunion",
            "sunionstore",
            "zdiff",
        ],
    ),
    (Effort::WalkSmallest, &["sinter", "sintercard", "sinterstore", "zinter", "zintercard"]),
    (Effort::Sort, &["sort", "sort_ro", "zdiffstore", "zinterstore", "zunion", "zunionstore"]),
    (Effort::Compare, &["lcs"]),
];

impl Effort {
    pub fn of(number: usize) -> Self {
        static BY_NUMBER: OnceLock<Vec<Effort>> = OnceLock::new();
        let by_number = BY_NUMBER.get_or_init(|| {
            let effort = |name: &str| {
                let listed = EFFORTS.iter().find(|(_, names)| names.contains(&name));
                listed.map_or(Self::Touch, |(effort, _)| *effort)
            };
            let numbered = command::every().map(|spec| effort(spec.name));
            std::iter::once(Self::Touch).chain(numbered).collect()
        });
        by_number.get(number).copied().unwrap_or_default()
    }
}

/// What a running command has met. The keyspace counts it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    lookups: u64,
    keys: u64,
    /// Of the values of these keys: all elements, those of the smallest, and the steps of a search in each.
    elements: u64,
    smallest: u64,
    steps: u64,
    /// What commands inside this one took, and what it slept, in nanoseconds.
    spent: u64,
}

impl Work {
    /// The command went to a key and found a value of this size, or nothing.
    pub fn look_up(&mut self, found: Option<usize>) {
        let elements = found.unwrap_or(0) as u64;
        self.smallest = if self.lookups == 0 { elements } else { self.smallest.min(elements) };
        self.lookups += 1;
        self.elements += elements;
        self.steps += u64::from(elements.checked_ilog2().map_or(0, |log| log + 1));
    }

    /// The command walked past so many keys.
    pub fn walk_keys(&mut self, keys: usize) {
        self.keys += keys as u64;
    }

    /// So many nanoseconds passed otherwise.
    pub fn spend(&mut self, nanos: u64) {
        self.spent = self.spent.saturating_add(nanos);
    }

    /// Nanoseconds that passed otherwise so far.
    pub fn spent(&self) -> u64 {
        self.spent
    }

    /// What this effort makes of what was met, in nanoseconds.
    fn nanos(&self, effort: Effort, words: u64) -> u64 {
        let walk = match effort {
            Effort::Touch => 0,
            Effort::Search => STEP * self.steps.saturating_mul(words.saturating_sub(2).max(1)),
            Effort::Walk => ELEMENT * self.elements,
            Effort::WalkSmallest => ELEMENT * self.smallest.saturating_mul(self.lookups),
            Effort::Sort => {
                let log = self.elements.checked_ilog2().unwrap_or(0);
                (ELEMENT + STEP * u64::from(log)) * self.elements
            }
            Effort::Compare => (self.elements / 2).saturating_mul(self.elements / 2),
        };
        walk.saturating_add(LOOKUP * self.lookups).saturating_add(KEY * self.keys).saturating_add(self.spent)
    }
}

/// How long a command took, in nanoseconds.
pub fn nanos(number: usize, line: Size, work: &Work, reply: &Reply) -> u64 {
    let reply = Size::of_reply(reply);
    COMMAND
        .saturating_add(WORD * line.parts)
        .saturating_add(REPLY * reply.parts)
        .saturating_add((line.bytes + reply.bytes) / BYTES_A_NANOSECOND)
        .saturating_add(work.nanos(Effort::of(number), line.parts))
}

/// How long it takes to find a victim among so many samples and to free its elements, in nanoseconds.
pub fn eviction(samples: usize, elements: usize) -> u64 {
    EVICTION + SAMPLE * samples as u64 + ELEMENT.saturating_mul(elements as u64)
}

/// How long it takes to remove a key that has expired, and its elements, in nanoseconds.
pub fn expiry(elements: usize) -> u64 {
    EXPIRY + ELEMENT.saturating_mul(elements as u64)
}

/// How big a line or a reply is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    pub parts: u64,
    pub bytes: u64,
}

impl Size {
    pub fn of_line(argv: &[Vec<u8>]) -> Self {
        Self { parts: argv.len() as u64, bytes: argv.iter().map(|word| word.len() as u64).sum() }
    }

    pub fn of_reply(reply: &Reply) -> Self {
        let mut size = Self::default();
        size.add(reply);
        size
    }

    fn add(&mut self, reply: &Reply) {
        self.parts += 1;
        match reply {
            Reply::Bulk(bytes) | Reply::Verbatim(_, bytes) => self.bytes += bytes.len() as u64,
            Reply::Array(inner) | Reply::Set(inner) | Reply::Several(inner) => {
                for reply in inner {
                    self.add(reply);
                }
            }
            Reply::Push(inner) => {
                for reply in inner.iter() {
                    self.add(reply);
                }
            }
            Reply::In(_, inner) => {
                self.parts -= 1;
                self.add(inner);
            }
            Reply::Map(pairs) | Reply::Pairs(pairs) | Reply::Keyed(pairs) => {
                for (key, value) in pairs {
                    self.add(key);
                    self.add(value);
                }
            }
            _ => {}
        }
    }
}

/// Whole microseconds, rounded up.
pub fn micros(nanos: u64) -> u64 {
    nanos.div_ceil(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_name_commands_that_exist_and_each_once() {
        let mut names: Vec<&str> = EFFORTS.iter().flat_map(|(_, names)| *names).copied().collect();
        for name in &names {
            assert!(command::find(name.as_bytes()).is_some(), "{name}");
        }
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
