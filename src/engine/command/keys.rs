//! Finding the keys in a command line by its key specs.

use super::spec::{CommandSpec, FindKeys, KeyFlags, KeySpec};
use crate::number;

/// The keys of a command line and what is done with each; `None` where a count of keys does not fit the line.
pub fn of(spec: &CommandSpec, mut argv: Vec<Vec<u8>>) -> Option<Vec<(Vec<u8>, KeyFlags)>> {
    let found = by_specs(spec, &argv).or_else(|| by_count(spec, &argv))?;
    Some(found.into_iter().map(|(position, flags)| (std::mem::take(&mut argv[position]), flags)).collect())
}

fn by_specs(spec: &CommandSpec, argv: &[Vec<u8>]) -> Option<Vec<(usize, KeyFlags)>> {
    let mut found = Vec::new();
    for key_spec in spec.keys {
        let flags = spec.variable_flags.map_or(key_spec.flags, |flags| flags(argv));
        found.extend(positions(key_spec, argv)?.into_iter().map(|position| (position, flags)));
    }
    Some(found)
}

/// Redis's older way, which it falls back to: the count is read as C reads it, `2x` being 2; the counted keys come
/// before all others and nothing is said of their use.
fn by_count(spec: &CommandSpec, argv: &[Vec<u8>]) -> Option<Vec<(usize, KeyFlags)>> {
    let (begin, first) = spec.keys.iter().find_map(|key_spec| match key_spec.find {
        FindKeys::KeyNum { count_at, first, .. } => Some((key_spec.begin + count_at, key_spec.begin + first)),
        FindKeys::Range { .. } => None,
    })?;
    let (count_at, first) = (usize::try_from(begin).ok()?, usize::try_from(first).ok()?);
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

/// Where a key spec finds keys: every position is inside the line.
fn positions(spec: &KeySpec, argv: &[Vec<u8>]) -> Option<Vec<usize>> {
    let begin = usize::try_from(spec.begin).ok()?;
    let (first, last, step) = match spec.find {
        FindKeys::Range { last, step } => {
            let last = match usize::try_from(last) {
                Ok(last) => begin.checked_add(last)?,
                Err(_) => argv.len().checked_sub(last.unsigned_abs() as usize)?,
            };
            (begin, last, step)
        }
        FindKeys::KeyNum { count_at, first, step } => {
            let count = argv.get(begin.checked_add_signed(count_at as isize)?)?;
            let count = usize::try_from(number::parse_i64(count)?).ok().filter(|n| *n > 0)?;
            let first = begin.checked_add_signed(first as isize)?;
            (first, first.checked_add((count - 1).checked_mul(step as usize)?)?, step)
        }
    };
    (last < argv.len()).then(|| (first..=last).step_by(step.max(1) as usize).collect())
}
