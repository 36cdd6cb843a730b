//! The ends of ranges as clients write them: `5`, `(5`, `-inf`; `[alpha`, `(alpha`, `-`, `+`.

use std::ops::Range;

use crate::error::Error;
use crate::number;
use crate::number::double;
use crate::value::sorted_set::{LexBound, LexRange, ScoreBound, ScoreRange};

pub fn score_range(min: &[u8], max: &[u8]) -> Result<ScoreRange, Error> {
    Ok(ScoreRange { min: score_bound(min)?, max: score_bound(max)? })
}

fn score_bound(text: &[u8]) -> Result<ScoreBound, Error> {
    let (exclusive, number) = match text {
        [b'(', number @ ..] => (true, number),
        _ => (false, text),
    };
    let score = double::parse_bound(number).ok_or(Error::NotAScoreRange)?;
    Ok(ScoreBound { score, exclusive })
}

pub fn lex_range(min: &[u8], max: &[u8]) -> Result<LexRange, Error> {
    Ok(LexRange { min: lex_bound(min)?, max: lex_bound(max)? })
}

/// Redis reads the two signs as C strings: a NUL byte ends them.
fn lex_bound(text: &[u8]) -> Result<LexBound, Error> {
    match text {
        [b'-'] | [b'-', 0, ..] => Ok(LexBound::Least),
        [b'+'] | [b'+', 0, ..] => Ok(LexBound::Greatest),
        [b'[', member @ ..] => Ok(LexBound::Included(member.to_vec())),
        [b'(', member @ ..] => Ok(LexBound::Excluded(member.to_vec())),
        _ => Err(Error::NotALexRange),
    }
}

pub fn rank_pair(start: &[u8], stop: &[u8]) -> Result<(i64, i64), Error> {
    let rank = |text| number::parse_i64(text).ok_or(Error::NotAnInteger);
    Ok((rank(start)?, rank(stop)?))
}

/// Ranks from `start` to `stop` inclusive in a set of so many members; negative ones count from the end.
pub fn ranks(start: i64, stop: i64, len: usize) -> Range<usize> {
    let resolve = |rank: i64| if rank < 0 { rank.saturating_add(len as i64) } else { rank };
    let start = number::to_count(resolve(start)).unwrap_or(0);
    let end = number::to_count(resolve(stop).saturating_add(1)).unwrap_or(0).min(len);
    start.min(end)..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_count_from_both_ends() {
        for (start, stop, expected) in [
            (0, -1, 0..5),
            (1, 2, 1..3),
            (-2, -1, 3..5),
            (-100, 100, 0..5),
            (3, 1, 2..2),
            (5, 10, 5..5),
            (i64::MIN, i64::MAX, 0..5),
            (0, -100, 0..0),
        ] {
            assert_eq!(ranks(start, stop, 5), expected, "{start} {stop}");
        }
    }
}
