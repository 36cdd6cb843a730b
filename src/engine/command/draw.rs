//! Drawing elements of a collection at random: what the commands that do so share.
//!
//! An element is drawn by its place; what is at a place, and what is answered, is each command's own.

use crate::args::Args;
use crate::dispatch::Context;
use crate::error::Error;
use crate::number;
use crate::rng::Rng;
use crate::value::ValueType;

/// More draws with repetition than this are refused: the real server would send them one by one, but here the whole
/// answer is built first and must fit in memory.
const MOST_DRAWS: usize = 1 << 20;
const TOO_MANY: Error = Error::Fixed("ERR the Redis playground draws at most 1048576 members at once");

/// How many are asked for, and whether with what belongs to them (scores, values).
#[derive(Clone, Copy, Debug)]
pub struct Request {
    wanted: usize,
    repeatedly: bool,
    pub in_full: bool,
}

impl Request {
    /// A count, and perhaps the word that asks for more than the names.
    pub fn parse(args: &mut Args, word: &str) -> Result<Self, Error> {
        let count = args.int_with_opposite()?;
        let in_full = args.word(word);
        args.finish()?;
        if in_full && count.unsigned_abs() > i64::MAX as u64 / 2 {
            return Err(Error::OutOfRange);
        }
        Ok(Self::new(count, in_full))
    }

    /// A count and no word; that too much was said is noticed before the count is read.
    pub fn parse_count(args: &mut Args) -> Result<Self, Error> {
        if args.remaining() > 1 {
            return Err(Error::Syntax);
        }
        Ok(Self::new(args.int_with_opposite()?, false))
    }

    /// A negative count: each draw is on its own.
    fn new(count: i64, in_full: bool) -> Self {
        let wanted = number::to_count(count.saturating_abs()).unwrap_or(usize::MAX);
        Self { wanted, repeatedly: count < 0, in_full }
    }

    /// To be asked when the collection is known to be there.
    pub fn check(self) -> Result<(), Error> {
        if self.repeatedly && self.wanted > MOST_DRAWS {
            return Err(TOO_MANY);
        }
        Ok(())
    }

    /// The places drawn from so many; `None` where all there are is what was asked for. A small collection gives
    /// different ones in order, as Redis does, a big one shuffled.
    pub fn draw(self, len: usize, is_small: bool, rng: &mut Rng) -> Option<Vec<usize>> {
        if self.repeatedly {
            return Some((0..self.wanted).map(|_| rng.below(len)).collect());
        }
        if self.wanted >= len {
            return None;
        }
        let mut places = rng.distinct(len, self.wanted);
        if is_small {
            places.sort_unstable();
        }
        Some(places)
    }
}

/// The collection at a key that has been read already, and the random source beside it.
pub fn from<'a, T: ValueType>(context: &'a mut Context<'_>, key: &[u8]) -> Option<(&'a T, &'a mut Rng)> {
    let collection = context.keyspace.peek(context.session.db, key)?;
    Some((collection, &mut context.around.rng))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_different_unless_each_draw_is_on_its_own() {
        let mut rng = Rng::seeded(1);
        for wanted in [0, 1, 50, 99] {
            for is_small in [true, false] {
                let drawn = Request::new(wanted, false).draw(100, is_small, &mut rng).unwrap_or_default();
                let mut different = drawn.clone();
                different.sort_unstable();
                assert!(!is_small || drawn == different, "in order");
                different.dedup();
                assert_eq!((drawn.len(), different.len()), (wanted as usize, wanted as usize));
                assert!(different.iter().all(|place| *place < 100));
            }
        }
        assert_eq!(Request::new(100, false).draw(100, true, &mut rng), None);
        let mut drawn = Request::new(-2000, false).draw(100, true, &mut rng).unwrap_or_default();
        assert_eq!(drawn.len(), 2000);
        drawn.sort_unstable();
        drawn.dedup();
        assert_eq!(drawn, (0..100).collect::<Vec<_>>(), "each turns up");
    }
}
