//! Errors by their first word: `INFO errorstats`.
//!
//! A script can make up words without end, so Redis stops at a number of kinds: from then on it tells only that it
//! stopped, until the figures are reset.

use std::collections::BTreeMap;

/// So many kinds are told apart.
const KINDS: usize = 128;
/// A longer word is no kind of error.
const LONGEST: usize = 30;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorStats {
    by_word: BTreeMap<Vec<u8>, u64>,
    stopped: bool,
}

impl ErrorStats {
    /// Counts an error by its text.
    pub fn count(&mut self, message: &[u8]) {
        if self.stopped {
            return;
        }
        let end = message.iter().position(|byte| *byte == b' ').filter(|end| *end <= LONGEST);
        let word = end.and_then(|end| message.get(..end)).unwrap_or(b"ERR");
        if let Some(count) = self.by_word.get_mut(word) {
            *count += 1;
        } else if self.by_word.len() < KINDS {
            self.by_word.insert(word.to_vec(), 1);
        } else {
            self.by_word.clear();
            self.stopped = true;
        }
    }

    /// The words with their counts, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], u64)> {
        let stopped = self.stopped.then_some((b"ERRORSTATS_DISABLED".as_slice(), 1));
        self.by_word.iter().map(|(word, count)| (word.as_slice(), *count)).chain(stopped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_kinds_are_told_no_more() {
        let mut errors = ErrorStats::default();
        for kind in 0..KINDS {
            errors.count(format!("E{kind} text").as_bytes());
        }
        assert_eq!(errors.iter().count(), KINDS);
        errors.count(b"E5 again");
        assert!(errors.iter().any(|(word, count)| (word, count) == (b"E5", 2)));
        errors.count(b"ONEMORE kind");
        errors.count(b"E5 again");
        assert_eq!(errors.iter().collect::<Vec<_>>(), [(b"ERRORSTATS_DISABLED".as_slice(), 1)]);
    }
}
