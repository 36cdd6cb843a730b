//! Output buffers: what a client has not fetched yet, and how much of it Redis puts up with.
//!
//! A client that listens and does not read would have the server keep ever more for it. `client-output-buffer-limit`
//! says, for each class of clients, at how many bytes one is dropped at once, and at how many if it stays above them for
//! some seconds. Nothing here knows a socket: whoever sends the bytes reports those that are left.

use crate::config::parse_memory;
use crate::number;

/// The limits of one class; no limit where a number of bytes is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    pub hard: u64,
    pub soft: u64,
    /// How long a client may stay above the soft limit.
    pub seconds: u32,
}

/// The limits of all classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub normal: Limit,
    /// There are no replicas here.
    pub replica: Limit,
    pub pubsub: Limit,
}

impl Default for Limits {
    fn default() -> Self {
        const MB: u64 = 1024 * 1024;
        Self {
            normal: Limit { hard: 0, soft: 0, seconds: 0 },
            replica: Limit { hard: 256 * MB, soft: 64 * MB, seconds: 60 },
            pubsub: Limit { hard: 32 * MB, soft: 8 * MB, seconds: 60 },
        }
    }
}

impl Limits {
    /// The limits after a setting that names some classes, each with its three numbers.
    pub fn changed(mut self, text: &[u8]) -> Result<Self, &'static str> {
        let words: Vec<&[u8]> = match text {
            [] => Vec::new(),
            text => text.split(|byte| *byte == b' ').collect(),
        };
        let (classes, rest) = words.as_chunks::<4>();
        if !rest.is_empty() {
            return Err("Wrong number of arguments in buffer limit configuration.");
        }
        for [class, hard, soft, seconds] in classes {
            let limit = match class.to_ascii_lowercase().as_slice() {
                b"normal" => &mut self.normal,
                b"slave" | b"replica" => &mut self.replica,
                b"pubsub" => &mut self.pubsub,
                _ => return Err("Invalid client class specified in buffer limit configuration."),
            };
            let numbers = parse_memory(hard).zip(parse_seconds(seconds));
            let wrong = "Error in hard, soft or soft_seconds setting in buffer limit configuration.";
            let (hard, seconds) = numbers.ok_or(wrong)?;
            // Redis does not mind a soft limit that is no number.
            *limit = Limit { hard, soft: parse_memory(soft).unwrap_or_default(), seconds };
        }
        Ok(self)
    }

    /// The setting as Redis writes it.
    pub fn setting(&self) -> String {
        let one = |name, limit: &Limit| format!("{name} {} {} {}", limit.hard, limit.soft, limit.seconds);
        [one("normal", &self.normal), one("slave", &self.replica), one("pubsub", &self.pubsub)].join(" ")
    }
}

/// How much may wait for all clients together, the setting `maxmemory-clients`: bytes, or so many percent of `maxmemory`
/// below zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total(i64);

impl Total {
    /// Fewer bytes than these count as these, so that clients can still speak to the server.
    const LEAST: u64 = 128 * 1024;

    /// As Redis reads it: more than 63 bits turn negative, and so into percent.
    pub fn parse(text: &[u8]) -> Result<Self, &'static str> {
        let wrong = "argument must be a memory or percent value";
        let value = match text.strip_suffix(b"%") {
            Some(digits) => {
                number::parse_i64(digits).filter(|percent| *percent >= 0).ok_or(wrong)?.wrapping_neg()
            }
            None => parse_memory(text).ok_or(wrong)? as i64,
        };
        if value < -100 {
            return Err("percentage argument must be less or equal to 100");
        }
        Ok(Self(value))
    }

    /// The setting as Redis writes it.
    pub fn setting(self) -> String {
        if self.0 < 0 { format!("{}%", self.0.unsigned_abs()) } else { self.0.to_string() }
    }

    /// The number of bytes that is too many, where there is one. A share of nothing is none.
    pub fn bytes(self, maxmemory: u64) -> Option<u64> {
        let bytes = match self.0 {
            0 => return None,
            1.. => self.0.unsigned_abs(),
            _ if maxmemory == 0 => return None,
            percent => (u128::from(maxmemory) * u128::from(percent.unsigned_abs()) / 100) as u64,
        };
        Some(bytes.max(Self::LEAST))
    }
}

/// Redis keeps the lower 32 bits of the number, and wants no negative one.
fn parse_seconds(text: &[u8]) -> Option<u32> {
    let unsigned = text.strip_prefix(b"+").unwrap_or(text);
    let zeros = unsigned.iter().take_while(|byte| **byte == b'0').count();
    let number = match unsigned.get(zeros..).unwrap_or_default() {
        [] => 0,
        digits => number::parse_i64(digits)?,
    };
    u32::try_from(number as i32).ok()
}

/// What waits to be sent to a client.
#[derive(Clone, Copy, Debug, Default)]
pub struct Output {
    /// Bytes of the replies in its outbox.
    pub in_outbox: u64,
    /// Bytes that were taken from there, and could not be sent yet.
    pub unsent: u64,
    /// Since when it has been above the soft limit.
    above_since: Option<u64>,
}

impl Output {
    pub fn bytes(self) -> u64 {
        self.in_outbox + self.unsent
    }

    /// What is allocated for it: blocks behind a buffer that every client has anyway.
    pub fn allocated(self) -> u64 {
        const BUFFER: u64 = 16 * 1024;
        const BLOCK: u64 = 20 * 1024;
        // A block's head, and its node in the list of blocks.
        const HEAD: u64 = 24;
        const NODE: u64 = 32;
        self.bytes().saturating_sub(BUFFER).div_ceil(BLOCK - HEAD) * (BLOCK + NODE)
    }

    /// Whether the client is to be dropped. Moments are milliseconds.
    pub fn is_too_much(&mut self, limit: Limit, now: u64) -> bool {
        let bytes = self.bytes();
        if limit.hard > 0 && bytes >= limit.hard {
            return true;
        }
        if limit.soft == 0 || bytes < limit.soft {
            self.above_since = None;
            return false;
        }
        self.above_since.get_or_insert(now);
        self.patience_ends(limit).is_some_and(|at| now >= at)
    }

    /// When it will have been above the soft limit for too long; like Redis this counts whole seconds of the clock.
    pub fn patience_ends(&self, limit: Limit) -> Option<u64> {
        self.above_since.map(|since| (since / 1000 + u64::from(limit.seconds) + 1).saturating_mul(1000))
    }

    /// What decides how it goes on.
    pub fn state(self) -> [u64; 3] {
        [self.in_outbox, self.unsent, self.above_since.unwrap_or(u64::MAX)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a real server answered to these settings, one after another.
    #[test]
    fn the_setting_is_read_as_redis_does() {
        let replica = "slave 268435456 67108864 60";
        let recorded = [
            ("normal 1mb 2kb 3 pubsub 4 5 6", Some("normal 1048576 2048 3 slave 3 2 1 pubsub 4 5 6")),
            ("", Some("normal 1048576 2048 3 slave 3 2 1 pubsub 4 5 6")),
            ("NORMAL 1 b 03", Some("normal 1 0 3 slave 3 2 1 pubsub 4 5 6")),
            ("normal 1k 1gb 4294967296", Some("normal 1000 1073741824 0 slave 3 2 1 pubsub 4 5 6")),
            ("normal 1 2 +3", Some("normal 1 2 3 slave 3 2 1 pubsub 4 5 6")),
            ("normal 1 2 2147483648", None),
            ("normal 1 2 9223372036854775808", None),
            ("normal 1 2 3.5", None),
            ("normal -1 2 3", None),
            ("normal 1 2 -3", None),
            ("master 1 2 3", None),
            ("pubsub 1 1 1 ", None),
        ];
        let mut limits = Limits::default();
        assert!(limits.setting().contains(replica));
        limits = limits.changed(b"replica 3 2 1").expect("a class has two names");
        for (text, expected) in recorded {
            let changed = limits.changed(text.as_bytes());
            assert_eq!(changed.ok().map(|limits| limits.setting()).as_deref(), expected, "{text}");
            limits = changed.unwrap_or(limits);
        }
    }

    /// What a real server answered to these settings, one after another.
    #[test]
    fn the_total_is_read_as_redis_does() {
        let recorded = [
            ("100", Some("100")),
            ("1%", Some("1%")),
            ("100%", Some("100%")),
            ("101%", None),
            ("0%", Some("0")),
            ("-1", None),
            ("-1%", None),
            ("5.5%", None),
            ("05%", None),
            ("%", None),
            ("1gb", Some("1073741824")),
            ("1mb%", None),
            ("18446744073709551615", Some("1%")),
            ("9223372036854775808", None),
        ];
        for (text, expected) in recorded {
            assert_eq!(Total::parse(text.as_bytes()).ok().map(Total::setting).as_deref(), expected, "{text}");
        }
        assert_eq!(Total(0).bytes(1 << 30), None);
        assert_eq!([Total(5).bytes(0), Total(1 << 20).bytes(0)], [Some(128 << 10), Some(1 << 20)]);
        assert_eq!([Total(-50).bytes(0), Total(-50).bytes(1 << 20)], [None, Some(1 << 19)]);
    }

    #[test]
    fn above_the_soft_limit_it_lasts_for_whole_seconds() {
        let limit = Limit { hard: 100, soft: 10, seconds: 2 };
        let mut output = Output { in_outbox: 6, unsent: 4, ..Output::default() };
        assert!(!output.is_too_much(limit, 1_500));
        assert_eq!(output.patience_ends(limit), Some(4_000));
        assert!(!output.is_too_much(limit, 3_999));
        assert!(output.is_too_much(limit, 4_000));
        output.unsent = 3;
        assert!(!output.is_too_much(limit, 4_000));
        assert_eq!(output.patience_ends(limit), None);
        output.unsent = 94;
        assert!(output.is_too_much(limit, 4_000));
    }
}
