//! Finding the keys in a command line by its key specs.

use super::spec::{CommandSpec, FindKeys, KeyFlags, KeySpec};
use crate::number;

/// The keys of a command line and what is done with each; `None` where a count of keys does not fit the line.
pub fn of(spec: &CommandSpec, mut argv: Vec<Vec<u8>>) -> Option<Vec<(Vec<u8>, KeyFlags)>> {
    let mut found = Vec::new();
    for key_spec in spec.keys {
        let flags = spec.variable_flags.map_or(key_spec.flags, |flags| flags(&argv));
        found.extend(positions(key_spec, &argv)?.into_iter().map(|position| (position, flags)));
    }
    Some(found.into_iter().map(|(position, flags)| (std::mem::take(&mut argv[position]), flags)).collect())
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
