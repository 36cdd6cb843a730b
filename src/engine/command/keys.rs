//! Finding the keys in a command line by its key specs.

use super::spec::{BeginSearch, CommandSpec, FindKeys, KeyFlags, KeySpec};
use crate::dispatch;
use crate::number;

/// The keys of a command line and what is done with each; `None` where a count of keys does not fit the line.
pub fn of(spec: &CommandSpec, mut argv: Vec<Vec<u8>>) -> Option<Vec<(Vec<u8>, KeyFlags)>> {
    let found = positions_of(spec, &argv)?;
    Some(found.into_iter().map(|(position, flags)| (std::mem::take(&mut argv[position]), flags)).collect())
}

/// The keys that a line names; none where it cannot be run or a count of keys does not fit.
pub fn named_in(argv: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let Ok(resolved) = dispatch::resolve(argv) else { return Vec::new() };
    let positions = positions_of(resolved.spec, argv).unwrap_or_default();
    positions.into_iter().filter_map(|(at, _)| argv.get(at).cloned()).collect()
}

/// The same by their positions in the line.
pub fn positions_of(spec: &CommandSpec, argv: &[Vec<u8>]) -> Option<Vec<(usize, KeyFlags)>> {
    match spec.find_keys {
        Some(find) => find(argv),
        None => by_specs(spec, argv).or_else(|| by_count(spec, argv)),
    }
}

fn by_specs(spec: &CommandSpec, argv: &[Vec<u8>]) -> Option<Vec<(usize, KeyFlags)>> {
    let mut found = Vec::new();
    for key_spec in spec.keys.iter().filter(|key_spec| !key_spec.flags.contains(KeyFlags::NOT_KEY)) {
        let flags = spec.variable_flags.map_or(key_spec.flags, |flags| flags(argv));
        found.extend(positions(key_spec, argv)?.into_iter().map(|position| (position, flags)));
    }
    Some(found)
}

/// Redis's older way, which it falls back to: the count is read as C reads it, `2x` being 2; the counted keys come
/// before all others and nothing is said of their use.
fn by_count(spec: &CommandSpec, argv: &[Vec<u8>]) -> Option<Vec<(usize, KeyFlags)>> {
    let (count_at, first) = spec.keys.iter().find_map(|key_spec| match (key_spec.begin, key_spec.find) {
        (BeginSearch::Index(begin), FindKeys::KeyNum { count_at, first, .. }) => {
            Some((usize::try_from(begin + count_at).ok()?, usize::try_from(begin + first).ok()?))
        }
        _ => None,
    })?;
    let count = usize::try_from(c_int(argv.get(count_at)?)).ok().filter(|count| *count > 0)?;
    let counted = first..first.checked_add(count).filter(|end| *end <= argv.len())?;
    let others = spec.keys.iter().filter(|key_spec| matches!(key_spec.find, FindKeys::Range { .. }));
    let others: Vec<usize> = others.filter_map(|key_spec| positions(key_spec, argv)).flatten().collect();
    Some(counted.chain(others).map(|position| (position, KeyFlags::empty())).collect())
}

/// The number a text starts with, wrapped to 32 bits, as `atoi` has it; 0 where it starts with none.
fn c_int(text: &[u8]) -> i32 {
    let text = text.trim_ascii_start();
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let digits = digits.iter().take_while(|byte| byte.is_ascii_digit());
    let number =
        digits.fold(0_i64, |number, digit| number.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
    (if negative { number.wrapping_neg() } else { number }) as i32
}

/// Where a key spec finds keys: every position is inside the line. A word that is not in the line leads to none.
fn positions(spec: &KeySpec, argv: &[Vec<u8>]) -> Option<Vec<usize>> {
    let begin = match spec.begin {
        BeginSearch::Index(index) => usize::try_from(index).ok()?,
        BeginSearch::Keyword { word, from } => match behind(word, from, argv) {
            Some(begin) => begin,
            None => return Some(Vec::new()),
        },
        BeginSearch::Unknown => return None,
    };
    let (first, last, step) = match spec.find {
        FindKeys::Range { last, step, limit } => {
            let last = match usize::try_from(last) {
                Ok(last) => begin.checked_add(last)?,
                Err(_) if limit < 2 => argv.len().checked_sub(last.unsigned_abs() as usize)?,
                Err(_) => {
                    let keys = argv.len().saturating_sub(begin) / limit as usize;
                    (begin + keys).checked_sub(last.unsigned_abs() as usize)?
                }
            };
            (begin, last, step)
        }
        FindKeys::KeyNum { count_at, first, step } => {
            let count = argv.get(begin.checked_add_signed(count_at as isize)?)?;
            let count = usize::try_from(number::parse_i64(count)?).ok().filter(|n| *n > 0)?;
            let first = begin.checked_add_signed(first as isize)?;
            (first, first.checked_add((count - 1).checked_mul(step as usize)?)?, step)
        }
        FindKeys::Unknown => return None,
    };
    // Redis refuses a line without the first of these keys, even where none is needed.
    (first.max(last) < argv.len()).then(|| (first..=last).step_by(step.max(1) as usize).collect())
}

/// The position behind a word, if the line goes on there.
pub fn behind(word: &str, from: i32, argv: &[Vec<u8>]) -> Option<usize> {
    let from = usize::try_from(from).ok()?;
    let found = argv.iter().skip(from).position(|arg| arg.eq_ignore_ascii_case(word.as_bytes()))?;
    Some(from + found + 1).filter(|begin| *begin < argv.len())
}
