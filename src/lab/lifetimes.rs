//! Which keys are set to expire, and when. As with sizes, it is drawn from the seed and the key alone.

use std::fmt;
use std::str::FromStr;

use playground_engine::rng::Rng;

use crate::number;

/// The longest: a hundred years.
const MOST_MILLIS: u64 = 100 * 365 * 86_400_000;

/// A share of the keys lives for a time out of a range; the others until they are evicted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lifetimes {
    share: f64,
    /// Milliseconds.
    least: u64,
    most: u64,
}

impl Lifetimes {
    /// How long the key lives that this random source belongs to, in milliseconds.
    pub fn draw(&self, rng: &mut Rng) -> Option<u64> {
        let (point, within) = (rng.unit(), rng.next_u64());
        let drawn = number::between(self.least, self.most, within);
        (point < self.share).then_some(drawn)
    }

    /// Whether any key expires.
    pub fn is_any(&self) -> bool {
        self.share > 0.0
    }
}

/// One length of time within bounds, in milliseconds.
pub fn one(text: &str) -> Result<u64, String> {
    match number::millis(text)? {
        0 => Err(format!("`{text}`: a key has to live for 1 ms at least")),
        millis if millis > MOST_MILLIS => Err(format!("`{text}` is more than a hundred years")),
        millis => Ok(millis),
    }
}

/// `30s`, `10s-60s`, or with a share of the keys before it: `0.5:10s-60s`.
impl FromStr for Lifetimes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (share, range) = match text.split_once(':') {
            Some((share, range)) => (number::real(share, 0.0, 1.0)?, range),
            None => (1.0, text),
        };
        let (least, most) = number::range(range, one)?;
        Ok(Self { share, least, most })
    }
}

/// As it is written, in milliseconds.
impl fmt::Display for Lifetimes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_any() {
            write!(f, "{}:{}ms-{}ms", self.share, self.least, self.most)
        } else {
            f.write_str("none")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_are_drawn_as_written() {
        let lifetimes: Lifetimes = "0.5:1s-2000ms".parse().expect("lifetimes");
        assert_eq!(lifetimes.to_string(), "0.5:1000ms-2000ms");
        let mut rng = Rng::seeded(1);
        let drawn: Vec<u64> = (0..10_000).filter_map(|_| lifetimes.draw(&mut rng)).collect();
        assert!((4_800..5_200).contains(&drawn.len()), "{}", drawn.len());
        assert!(drawn.iter().all(|millis| (1000..=2000).contains(millis)));
        assert_eq!(Lifetimes::default().draw(&mut rng), None);
        assert_eq!("5".parse::<Lifetimes>().map(|lifetimes| lifetimes.draw(&mut rng)), Ok(Some(5000)));
    }

    #[test]
    fn what_is_no_lifetime_is_told() {
        for (text, why) in [
            ("", "`` is no duration"),
            ("5w", "`5w` is no duration: the units are"),
            ("2:5s", "`2` is not between 0 and 1"),
            ("0", "`0`: a key has to live"),
            ("2s-1s", "`2s-1s` ends before it begins"),
            ("40000d", "`40000d` is more than a hundred years"),
        ] {
            let answer = text.parse::<Lifetimes>();
            assert!(answer.as_ref().is_err_and(|told| told.starts_with(why)), "{text}: {answer:?}");
        }
    }
}
