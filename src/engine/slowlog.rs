//! The slow log: the latest commands that took longer than `slowlog-log-slower-than` microseconds, by the cost model.
//!
//! A command's function uses its arguments up, and only afterwards is it known how long it took. So each line is noted
//! before it runs, cut to what the log would show, in one buffer that all commands share; commands that run inside others
//! add theirs behind and take it away again. It knows nothing of what commands do.

use std::collections::VecDeque;

/// So many arguments of a line are kept; where there are more, the last place tells how many.
const MAX_ARGS: usize = 32;
/// So many bytes of an argument are kept.
const MAX_BYTES: usize = 128;

/// One slow command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlowEntry {
    pub id: u64,
    /// Milliseconds since the epoch.
    pub at: u64,
    pub micros: u64,
    pub argv: Vec<Vec<u8>>,
    pub address: Vec<u8>,
    pub name: Vec<u8>,
}

/// Where a noted line begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    words: usize,
    bytes: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slowlog {
    /// The latest first.
    entries: VecDeque<SlowEntry>,
    next_id: u64,
    /// The words of the lines that are running, one after another, and where each ends.
    noted: Vec<u8>,
    ends: Vec<usize>,
}

impl Slowlog {
    /// Notes a line that is about to run. `bytes` is the length of all its words.
    #[inline]
    pub fn note(&mut self, argv: &[Vec<u8>], bytes: u64) -> Mark {
        // Nearly every line is too short to be cut.
        if argv.len() > MAX_ARGS || bytes > MAX_BYTES as u64 {
            return self.note_cut(argv, |_| false);
        }
        let mark = self.mark();
        for word in argv {
            self.noted.extend_from_slice(word);
            self.ends.push(self.noted.len());
        }
        mark
    }

    /// Notes a line that is to be cut. Words for which `secret` holds are not shown.
    pub fn note_cut(&mut self, argv: &[Vec<u8>], secret: impl Fn(usize) -> bool) -> Mark {
        let mark = self.mark();
        let shown = if argv.len() > MAX_ARGS { MAX_ARGS - 1 } else { argv.len() };
        for (index, word) in argv.iter().take(shown).enumerate() {
            match word.get(..MAX_BYTES) {
                _ if secret(index) => self.noted.extend_from_slice(b"(redacted)"),
                Some(cut) if word.len() > MAX_BYTES => {
                    let more = format!("... ({} more bytes)", word.len() - MAX_BYTES);
                    self.noted.extend_from_slice(cut);
                    self.noted.extend_from_slice(more.as_bytes());
                }
                _ => self.noted.extend_from_slice(word),
            }
            self.ends.push(self.noted.len());
        }
        if shown < argv.len() {
            let more = format!("... ({} more arguments)", argv.len() - shown);
            self.noted.extend_from_slice(more.as_bytes());
            self.ends.push(self.noted.len());
        }
        mark
    }

    /// The end of what is noted, as the mark of a line of which nothing is.
    pub fn mark(&self) -> Mark {
        Mark { words: self.ends.len(), bytes: self.noted.len() }
    }

    /// Forgets a noted line.
    pub fn forget(&mut self, mark: Mark) {
        self.ends.truncate(mark.words);
        self.noted.truncate(mark.bytes);
    }

    /// Logs a noted line: the latest of at most `max` entries.
    pub fn log(&mut self, mark: Mark, at: u64, micros: u64, address: Vec<u8>, name: Vec<u8>, max: usize) {
        let mut from = mark.bytes;
        let ends = self.ends.get(mark.words..).unwrap_or_default();
        let word = |end: &usize| {
            let word = self.noted.get(from..*end).unwrap_or_default().to_vec();
            from = *end;
            word
        };
        let argv = ends.iter().map(word).collect();
        self.entries.push_front(SlowEntry { id: self.next_id, at, micros, argv, address, name });
        self.next_id += 1;
        self.entries.truncate(max);
    }

    pub fn entries(&self) -> impl Iterator<Item = &SlowEntry> {
        self.entries.iter()
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Empties the log; the numbers go on.
    pub fn reset(&mut self) {
        self.entries.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &[&str]) -> Vec<Vec<u8>> {
        line.iter().map(|word| word.as_bytes().to_vec()).collect()
    }

    #[test]
    fn long_lines_are_cut_as_redis_cuts_them() {
        let mut log = Slowlog::default();
        let long = "x".repeat(200);
        let mut argv = words(&["RPUSH", &long]);
        argv.extend((0..40).map(|n| n.to_string().into_bytes()));
        let mark = log.note_cut(&argv, |_| false);
        log.log(mark, 0, 1, Vec::new(), Vec::new(), 10);
        let entry = log.entries().next().expect("logged");
        assert_eq!(entry.argv.len(), 32);
        assert_eq!(entry.argv[1], format!("{}... (72 more bytes)", "x".repeat(128)).into_bytes());
        assert_eq!(entry.argv[31], b"... (11 more arguments)");
    }

    #[test]
    fn a_line_inside_another_leaves_it_whole() {
        let mut log = Slowlog::default();
        let outer = log.note_cut(&words(&["EVAL", "secret"]), |index| index == 1);
        let inner = log.note(&words(&["GET", "k"]), 4);
        log.log(inner, 0, 5, Vec::new(), Vec::new(), 1);
        log.forget(inner);
        log.log(outer, 0, 9, Vec::new(), Vec::new(), 1);
        log.forget(outer);
        assert_eq!(log.entries().next().map(|entry| &entry.argv), Some(&words(&["EVAL", "(redacted)"])));
        assert_eq!((log.len(), log.mark()), (1, Mark::default()));
    }
}
