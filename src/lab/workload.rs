//! A workload as data, and the requests it makes: who asks for which key, when, and what is behind it.
//!
//! Requests come at even distances, so that idle seconds and the minutes of LFU pass as they would for a real server.
//! The same workload makes the same requests each time. It knows no policy and no engine.

use std::sync::Arc;

use playground_engine::rng::Rng;

use crate::fault::Fault;
use crate::lifetimes::Lifetimes;
use crate::pattern::{Pattern, Walk};
use crate::sizes::Sizes;
use crate::trace::{self, Trace};

/// Bounds that keep the numbers of what may come from anywhere reasonable.
pub const MOST_KEYS: u64 = 100_000_000;
pub const MOST_REQUESTS: u64 = 10_000_000_000;
pub const MOST_RATE: u64 = 100_000_000;

#[derive(Clone, Debug)]
pub struct Workload {
    pub pattern: Pattern,
    /// How many different keys come again.
    pub keys: u64,
    pub requests: u64,
    /// Stands in for pattern, keys and number of requests where there is one.
    pub trace: Option<Arc<Trace>>,
    /// Requests a second.
    pub rate: u64,
    pub sizes: Sizes,
    pub lifetimes: Lifetimes,
    pub seed: u64,
}

impl Default for Workload {
    fn default() -> Self {
        Self {
            pattern: Pattern::Zipf { exponent: 0.99 },
            keys: 100_000,
            requests: 1_000_000,
            trace: None,
            rate: 10_000,
            sizes: Sizes::default(),
            lifetimes: Lifetimes::default(),
            seed: 1,
        }
    }
}

/// Somebody asks for a key; where it is not cached, a value of this size is put there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Milliseconds since the first request.
    pub at: u64,
    pub key: Vec<u8>,
    pub size: usize,
    /// For how many milliseconds it is cached, unless it is for good.
    pub lives: Option<u64>,
}

impl Workload {
    /// Whether it can be played.
    pub fn check(&self) -> Result<(), Fault> {
        let within = |part, number: u64, most: u64| {
            if (1..=most).contains(&number) {
                Ok(())
            } else {
                Err(Fault::new(part, format!("`{number}` is not between 1 and {most}")))
            }
        };
        within("rate", self.rate, MOST_RATE)?;
        within("requests", self.requests, MOST_REQUESTS)?;
        within("keys", self.keys, MOST_KEYS)?;
        match &self.pattern {
            Pattern::Loop { keys: Some(keys) } if *keys > self.keys && self.trace.is_none() => {
                Err(Fault::new("pattern", format!("a loop over {keys} keys, and there are {}", self.keys)))
            }
            _ => Ok(()),
        }
    }

    /// How many requests it makes.
    pub fn len(&self) -> u64 {
        self.trace.as_ref().map_or(self.requests, |trace| trace.len() as u64)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// No more different keys than this are asked for.
    pub fn most_keys(&self) -> u64 {
        match &self.trace {
            Some(trace) => trace.keys() as u64,
            None if self.pattern.scans() => self.requests,
            None => self.requests.min(self.keys),
        }
    }

    /// No key's name is longer than this.
    pub fn longest_key(&self) -> u64 {
        self.trace.as_ref().map_or(NAME.len(), |_| trace::LONGEST_KEY) as u64
    }

    /// No value is larger than this.
    pub fn largest(&self) -> u64 {
        self.trace.as_ref().map_or(0, |trace| trace.largest()).max(self.sizes.largest())
    }

    /// The requests from the first on.
    pub fn requests(&self) -> Requests {
        Requests {
            source: match &self.trace {
                Some(trace) => Source::Trace(Arc::clone(trace)),
                None => Source::Walk { walk: Walk::new(&self.pattern, self.keys), fresh: self.keys },
            },
            rng: Rng::seeded(self.seed),
            made: 0,
            len: self.len(),
            rate: self.rate.max(1),
            sizes: self.sizes.clone(),
            lifetimes: self.lifetimes,
            seed: self.seed,
        }
    }

    /// In a few words, as the options write it.
    pub fn describe(&self) -> String {
        let keys = match &self.trace {
            Some(trace) => format!("a trace of {} requests for {} keys", trace.len(), trace.keys()),
            None => format!("{}, {} requests, {} keys", self.pattern, self.requests, self.keys),
        };
        let lives =
            if self.lifetimes.is_any() { format!(", lifetimes {}", self.lifetimes) } else { String::new() };
        format!("{keys}, {} a second, values of {} bytes{lives}, seed {}", self.rate, self.sizes, self.seed)
    }
}

/// Requests, one after the other.
#[derive(Clone, Debug)]
pub struct Requests {
    source: Source,
    rng: Rng,
    made: u64,
    len: u64,
    rate: u64,
    sizes: Sizes,
    lifetimes: Lifetimes,
    seed: u64,
}

#[derive(Clone, Debug)]
enum Source {
    Walk { walk: Walk, fresh: u64 },
    Trace(Arc<Trace>),
}

impl Iterator for Requests {
    type Item = Request;

    fn next(&mut self) -> Option<Request> {
        if self.made == self.len {
            return None;
        }
        let (number, key, size, lives) = match &mut self.source {
            Source::Walk { walk, fresh } => {
                let number = walk.next(&mut self.rng, fresh);
                (number, name(number), None, None)
            }
            Source::Trace(trace) => {
                let (recorded, key) = trace.get(self.made as usize)?;
                (u64::from(recorded.key), key.to_vec(), recorded.size, recorded.lives)
            }
        };
        // What is behind a key belongs to the key: a random source of its own, far from its neighbours'.
        let mut own = Rng::seeded(self.seed ^ number.wrapping_add(1).wrapping_mul(0xD6E8_FEB8_6659_FD93));
        let drawn = (self.sizes.draw(&mut own), self.lifetimes.draw(&mut own));
        let at = (u128::from(self.made) * 1000 / u128::from(self.rate)) as u64;
        self.made += 1;
        let size = size.map_or(drawn.0 as usize, |size| size as usize);
        Some(Request { at, key, size, lives: lives.or(drawn.1) })
    }
}

const NAME: &[u8; 16] = b"key:000000000000";

/// `key:` and twelve digits, as redis-benchmark names keys.
fn name(number: u64) -> Vec<u8> {
    const DIGITS: usize = 12;
    let mut name = NAME.to_vec();
    let mut rest = number;
    for digit in name.iter_mut().rev().take(DIGITS) {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_workload_makes_the_same_requests() {
        let workload = Workload { requests: 1000, ..Workload::default() };
        assert!(workload.requests().eq(workload.requests()));
        let other = Workload { seed: 2, ..workload.clone() };
        assert!(workload.requests().ne(other.requests()));
        assert_eq!(workload.requests().count(), 1000);
    }

    #[test]
    fn a_key_has_one_size_and_one_lifetime() {
        let (sizes, lifetimes) =
            ("1-100000".parse().expect("sizes"), "0.5:1s-100s".parse().expect("lifetimes"));
        let workload = Workload { requests: 5000, keys: 10, sizes, lifetimes, ..Workload::default() };
        let mut seen: Vec<_> = workload.requests().map(|r| (r.key, r.size, r.lives)).collect();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 10);
        assert_eq!(seen[3].0, b"key:000000000003");
        assert!(
            seen.iter().any(|(.., lives)| lives.is_some()) && seen.iter().any(|(.., lives)| lives.is_none())
        );
    }

    #[test]
    fn requests_come_at_even_distances() {
        let workload = Workload { requests: 7, rate: 3, ..Workload::default() };
        let times: Vec<u64> = workload.requests().map(|request| request.at).collect();
        assert_eq!(times, [0, 333, 666, 1000, 1333, 1666, 2000]);
    }

    #[test]
    fn a_trace_says_what_it_knows() {
        let trace = Trace::parse("a 7 5s\nb\na").expect("a trace");
        let workload = Workload { trace: Some(Arc::new(trace)), ..Workload::default() };
        let requests: Vec<_> = workload.requests().map(|r| (r.key, r.size, r.lives)).collect();
        assert_eq!(
            requests,
            [(b"a".to_vec(), 7, Some(5000)), (b"b".to_vec(), 100, None), (b"a".to_vec(), 100, None)]
        );
        assert_eq!((workload.len(), workload.most_keys(), workload.largest()), (3, 2, 100));
    }
}
