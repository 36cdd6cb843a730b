//! How large values are. A key's value has the same size each time: it is drawn from the seed and the key alone, so that
//! every policy caches the same things.

use std::fmt;
use std::str::FromStr;

use playground_engine::rng::Rng;

use crate::number;

/// The most bytes of a value: enough for any cache, and no way to fill a page's memory by one request.
pub const MOST: u64 = 16 * 1024 * 1024;

/// Sizes by their shares of the keys, each even over a range.
#[derive(Clone, Debug, PartialEq)]
pub struct Sizes(Vec<(f64, (u64, u64))>);

impl Default for Sizes {
    fn default() -> Self {
        Self::fixed(100)
    }
}

impl Sizes {
    pub fn fixed(bytes: u64) -> Self {
        Self(vec![(1.0, (bytes.min(MOST), bytes.min(MOST)))])
    }

    /// The largest there is.
    pub fn largest(&self) -> u64 {
        self.0.iter().map(|(_, (_, most))| *most).max().unwrap_or(0)
    }

    /// The size of the key that this random source belongs to.
    pub fn draw(&self, rng: &mut Rng) -> u64 {
        let (point, within) = (rng.unit(), rng.next_u64());
        let (least, most) = number::at(&self.0, point).copied().unwrap_or_default();
        number::between(least, most, within)
    }
}

/// `100`, `64-4096`, or a list with weights: `0.9*100,0.1*1kb-10kb`.
impl FromStr for Sizes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let size = |text: &str| match number::parse_bytes(text)? {
            bytes if bytes > MOST => Err(format!("`{text}` is more than the {MOST} bytes a value may have")),
            bytes => Ok(bytes),
        };
        let range = |text: &str| number::range(text, size);
        if text.contains('*') {
            number::weighted(text, range).map(Self)
        } else {
            Ok(Self(vec![(1.0, range(text)?)]))
        }
    }
}

/// As it is written, in bytes.
impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (share, (least, most))) in self.0.iter().enumerate() {
            if self.0.len() > 1 {
                write!(f, "{}{share}*", if place > 0 { "," } else { "" })?;
            }
            write!(f, "{least}")?;
            if least != most {
                write!(f, "-{most}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_drawn_as_written() {
        let sizes: Sizes = "3*10,1*1kb-2kb".parse().expect("sizes");
        assert_eq!(sizes.to_string(), "0.75*10,0.25*1024-2048");
        assert_eq!(sizes.largest(), 2048);
        let mut rng = Rng::seeded(1);
        let drawn: Vec<u64> = (0..10_000).map(|_| sizes.draw(&mut rng)).collect();
        let small = drawn.iter().filter(|size| **size == 10).count();
        assert!((7_300..7_700).contains(&small), "{small}");
        assert!(drawn.iter().all(|size| *size == 10 || (1024..=2048).contains(size)));
        assert_eq!("0".parse::<Sizes>().map(|sizes| sizes.draw(&mut rng)), Ok(0));
    }

    #[test]
    fn what_is_no_size_is_told() {
        for (text, why) in [
            ("", "`` is no number of bytes"),
            ("10x", "`10x` is no number of bytes: the units are"),
            ("20-10", "`20-10` ends before it begins"),
            ("17mb", "`17mb` is more than the 16777216 bytes"),
            ("99999999999999999999", "`99999999999999999999` is no number of bytes"),
            ("1*10,20", "`20` has no weight"),
        ] {
            let answer = text.parse::<Sizes>();
            assert!(answer.as_ref().is_err_and(|told| told.starts_with(why)), "{text}: {answer:?}");
        }
    }
}
