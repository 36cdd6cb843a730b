//! Access patterns: which key is asked for next.
//!
//! Keys are numbers here. Those below the workload's number of keys are the ones that come again; a scan asks for others
//! that never do. Knows neither names, sizes nor time.

use std::fmt;
use std::str::FromStr;

use playground_engine::rng::Rng;

use crate::number;
use crate::zipf::Zipf;

/// A pattern as a plan says it.
#[derive(Clone, Debug, PartialEq)]
pub enum Pattern {
    /// Every key is as likely as any other.
    Uniform,
    /// The k-th most popular key is asked for in proportion to 1 / k^exponent.
    Zipf { exponent: f64 },
    /// One key after the other, each once: a report, a backup, a crawler.
    Scan,
    /// Round and round over so many keys, all of them if it does not say: the worst for LRU where they do not fit.
    Loop { keys: Option<u64> },
    /// A share of the requests goes to a share of the keys, which are others after so many requests.
    Hotspot { keys: f64, requests: f64, every: u64 },
    /// Each request follows one of these, by their shares.
    Mix(Vec<(f64, Pattern)>),
}

const MOST_EXPONENT: f64 = 10.0;
/// How often a hotspot moves unless it is said.
const SHIFT: u64 = 100_000;

impl FromStr for Pattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mix = text.strip_prefix("mix:");
        if mix.is_some() || text.contains('*') {
            return Ok(Self::Mix(number::weighted(mix.unwrap_or(text), single)?));
        }
        single(text)
    }
}

impl Pattern {
    /// Whether it asks for keys that never come again.
    pub fn scans(&self) -> bool {
        match self {
            Self::Scan => true,
            Self::Mix(parts) => parts.iter().any(|(_, part)| part.scans()),
            _ => false,
        }
    }
}

fn single(text: &str) -> Result<Pattern, String> {
    let mut words = text.split(':');
    let name = words.next().unwrap_or_default();
    let mut parameter = || words.next();
    let pattern = match name {
        "uniform" => Pattern::Uniform,
        "zipf" => Pattern::Zipf { exponent: or(parameter(), 0.99, |s| number::real(s, 0.0, MOST_EXPONENT))? },
        "scan" => Pattern::Scan,
        "loop" => Pattern::Loop { keys: parameter().map(|s| number::count(s, 1, u64::MAX)).transpose()? },
        "hotspot" => Pattern::Hotspot {
            keys: or(parameter(), 0.1, |s| number::real(s, 0.0, 1.0))?,
            requests: or(parameter(), 0.9, |s| number::real(s, 0.0, 1.0))?,
            every: or(parameter(), SHIFT, |s| number::count(s, 1, u64::MAX))?,
        },
        _ => {
            return Err(format!(
                "there is no pattern `{name}`: there are uniform, zipf, scan, loop, hotspot and mixes of them"
            ));
        }
    };
    match words.next() {
        None => Ok(pattern),
        Some(word) => Err(format!("`{name}` takes no further parameter `{word}`")),
    }
}

fn or<T>(text: Option<&str>, default: T, read: impl Fn(&str) -> Result<T, String>) -> Result<T, String> {
    text.map_or(Ok(default), read)
}

/// As it is written.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uniform => f.write_str("uniform"),
            Self::Zipf { exponent } => write!(f, "zipf:{exponent}"),
            Self::Scan => f.write_str("scan"),
            Self::Loop { keys: None } => f.write_str("loop"),
            Self::Loop { keys: Some(keys) } => write!(f, "loop:{keys}"),
            Self::Hotspot { keys, requests, every } => write!(f, "hotspot:{keys}:{requests}:{every}"),
            Self::Mix(parts) => {
                f.write_str("mix:")?;
                for (place, (share, part)) in parts.iter().enumerate() {
                    write!(f, "{}{share}*{part}", if place > 0 { "," } else { "" })?;
                }
                Ok(())
            }
        }
    }
}

/// A pattern under way.
#[derive(Clone, Debug)]
pub enum Walk {
    Uniform { keys: u64 },
    Zipf(Zipf),
    Scan,
    Loop { next: u64, keys: u64 },
    Hotspot { hot: u64, keys: u64, share: f64, every: u64, start: u64, left: u64 },
    Mix(Vec<(f64, Walk)>),
}

impl Walk {
    /// Over so many keys, at least one.
    pub fn new(pattern: &Pattern, keys: u64) -> Self {
        let keys = keys.max(1);
        match pattern {
            Pattern::Uniform => Self::Uniform { keys },
            Pattern::Zipf { exponent } => Self::Zipf(Zipf::new(keys, *exponent)),
            Pattern::Scan => Self::Scan,
            Pattern::Loop { keys: of } => Self::Loop { next: 0, keys: of.unwrap_or(keys).clamp(1, keys) },
            Pattern::Hotspot { keys: hot, requests, every } => {
                let hot = ((keys as f64 * hot) as u64).clamp(1, keys);
                let every = (*every).max(1);
                Self::Hotspot { hot, keys, share: *requests, every, start: 0, left: every }
            }
            Pattern::Mix(parts) => {
                Self::Mix(parts.iter().map(|(share, part)| (*share, Self::new(part, keys))).collect())
            }
        }
    }

    /// The next key. `fresh` is the first that nobody has asked for.
    pub fn next(&mut self, rng: &mut Rng, fresh: &mut u64) -> u64 {
        match self {
            Self::Uniform { keys } => below(rng, *keys),
            Self::Zipf(zipf) => zipf.draw(rng),
            Self::Scan => {
                *fresh += 1;
                *fresh - 1
            }
            Self::Loop { next, keys } => {
                let key = *next;
                *next = (key + 1) % *keys;
                key
            }
            Self::Hotspot { hot, keys, share, every, start, left } => {
                if *left == 0 {
                    // The next keys are hot, all others than before where there are enough.
                    (*start, *left) = ((*start + *hot) % *keys, *every);
                }
                *left -= 1;
                if rng.unit() < *share { (*start + below(rng, *hot)) % *keys } else { below(rng, *keys) }
            }
            Self::Mix(parts) => {
                let place = number::place(parts, rng.unit());
                match place.and_then(|place| parts.get_mut(place)) {
                    Some((_, part)) => part.next(rng, fresh),
                    None => 0,
                }
            }
        }
    }
}

/// A number below a bound of at least 1.
fn below(rng: &mut Rng, bound: u64) -> u64 {
    number::between(0, bound - 1, rng.next_u64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(text: &str, keys: u64, requests: usize) -> Vec<u64> {
        let pattern: Pattern = text.parse().expect("a pattern");
        let (mut walk, mut rng, mut fresh) = (Walk::new(&pattern, keys), Rng::seeded(5), keys);
        (0..requests).map(|_| walk.next(&mut rng, &mut fresh)).collect()
    }

    #[test]
    fn patterns_are_read_and_written() {
        for text in ["uniform", "zipf:1.2", "scan", "loop", "loop:500", "hotspot:0.2:0.8:1000"] {
            assert_eq!(text.parse::<Pattern>().map(|pattern| pattern.to_string()), Ok(text.to_owned()));
        }
        assert_eq!("zipf".parse(), Ok(Pattern::Zipf { exponent: 0.99 }));
        let mix = "3*zipf:0.9,1*scan".parse::<Pattern>().map(|pattern| pattern.to_string());
        assert_eq!(mix.as_deref(), Ok("mix:0.75*zipf:0.9,0.25*scan"));
    }

    #[test]
    fn what_is_no_pattern_is_told() {
        for (text, why) in [
            ("", "there is no pattern ``"),
            ("gauss", "there is no pattern `gauss`"),
            ("zipf:x", "`x` is no number"),
            ("zipf:11", "`11` is not between 0 and 10"),
            ("zipf:nan", "`nan` is not between 0 and 10"),
            ("zipf:1:2", "`zipf` takes no further parameter `2`"),
            ("loop:0", "`0` is not between 1 and"),
            ("hotspot:2", "`2` is not between 0 and 1"),
            ("mix:zipf", "`zipf` has no weight, as in `0.5*zipf`"),
            ("0*zipf,0*scan", "all weights are 0"),
            ("1*mix:1*scan", "there is no pattern `mix`"),
        ] {
            let answer = text.parse::<Pattern>();
            assert!(answer.as_ref().is_err_and(|told| told.starts_with(why)), "{text}: {answer:?}");
        }
    }

    #[test]
    fn loops_and_scans_go_in_order() {
        assert_eq!(walk("loop:3", 10, 7), [0, 1, 2, 0, 1, 2, 0]);
        assert_eq!(walk("loop", 2, 3), [0, 1, 0]);
        assert_eq!(walk("scan", 10, 3), [10, 11, 12]);
    }

    #[test]
    fn a_hotspot_has_its_share_and_moves() {
        let keys = walk("hotspot:0.1:0.9:5000", 1000, 10_000);
        let hot = |requests: &[u64], from: u64| {
            requests.iter().filter(|key| (from..from + 100).contains(*key)).count() as f64
        };
        // 90 % by choice, and a tenth of the rest by chance.
        assert!((hot(&keys[..5000], 0) / 5000.0 - 0.91).abs() < 0.02);
        assert!((hot(&keys[5000..], 100) / 5000.0 - 0.91).abs() < 0.02);
        assert!((hot(&keys[5000..], 0) / 5000.0 - 0.01).abs() < 0.01);
    }

    #[test]
    fn a_mix_keeps_its_shares_and_uniform_is_even() {
        let keys = walk("0.7*uniform,0.3*scan", 10, 100_000);
        let scanned = keys.iter().filter(|key| **key >= 10).count();
        assert!((29_000..31_000).contains(&scanned), "{scanned}");
        for key in 0..10 {
            let seen = keys.iter().filter(|other| **other == key).count();
            assert!((6_600..7_400).contains(&seen), "{key}: {seen}");
        }
    }
}
