//! The ends of ranges as clients write them: `5`, `(5`, `-inf`; `[alpha`, `(alpha`, `-`, `+`.

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
