//! What helps whoever types: keys that complete a line, lines of earlier visits, a line put into a prompt.

use std::rc::Rc;

use crate::complete::{KnownKey, Wanted};
use crate::reply_views::ReplyView;

use super::sessions::TabId;
use super::terminal::Exchange;

/// Lines that are remembered, and the longest of them: a script, but no book.
const KEPT_LINES: usize = 500;
pub const LONGEST_LINE: usize = 4_000;

/// Help at the prompts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assist {
    pub known: Rc<Known>,
    /// Lines of earlier visits, the oldest first.
    pub past: Rc<Vec<Rc<str>>>,
    /// All lines that the next visit will know.
    pub kept: Rc<Vec<Rc<str>>>,
    pub inserted: Option<Inserted>,
}

/// The keys that were last asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// By whom, and which.
    pub asked: Option<(TabId, Wanted)>,
    pub keys: Vec<KnownKey>,
}

impl Known {
    /// The keys, if they are the ones that a session wants.
    pub fn of(&self, tab: TabId, wanted: Option<&Wanted>) -> &[KnownKey] {
        let fits = self.asked.as_ref().is_some_and(|(asker, asked)| *asker == tab && Some(asked) == wanted);
        if fits { &self.keys } else { &[] }
    }
}

/// A line put into a session's prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inserted {
    /// Grows with each, so that the same line can be put there twice.
    pub number: u64,
    pub tab: TabId,
    pub line: Rc<str>,
}

/// What changes it, and what of a log the reader asked to see otherwise.
#[derive(Clone, Debug)]
pub enum AssistAction {
    Known(Known),
    Remembered(Vec<Rc<str>>),
    Insert(TabId, Rc<str>),
    /// Show an answer in another form; `always`: new ones, too.
    ShowAs {
        tab: TabId,
        id: u64,
        view: ReplyView,
        always: bool,
    },
    /// Open or close what is said about an answer; new ones come likewise.
    Explain {
        tab: TabId,
        id: u64,
        open: bool,
    },
}

impl Assist {
    pub fn insert(&mut self, tab: TabId, line: Rc<str>) {
        let number = self.inserted.as_ref().map_or(0, |inserted| inserted.number + 1);
        self.inserted = Some(Inserted { number, tab, line });
    }

    pub fn remembered(&mut self, lines: Vec<Rc<str>>) {
        let lines = Rc::new(lines);
        let own = std::mem::take(&mut self.kept);
        self.kept = Rc::new(lines.iter().chain(own.iter()).cloned().collect());
        self.past = lines;
    }

    /// Keeps the lines that were run for the next visit.
    pub fn ran(&mut self, exchanges: &[Exchange]) {
        let fresh = |last: Option<&Rc<str>>, line: &Rc<str>| last != Some(line) && is_worth_keeping(line);
        let kept = Rc::make_mut(&mut self.kept);
        for Exchange { line, .. } in exchanges {
            if fresh(kept.last(), line) {
                kept.push(line.clone());
            }
        }
        let surplus = kept.len().saturating_sub(KEPT_LINES);
        kept.drain(..surplus);
    }
}

fn is_worth_keeping(line: &str) -> bool {
    !line.trim().is_empty() && line.len() <= LONGEST_LINE && !is_secret(line)
}

/// Whether a line may hold a password. redis-cli leaves the same ones out of its history.
pub fn is_secret(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    let mut words = lower.split_whitespace().skip_while(|word| word.parse::<i64>().is_ok());
    match (words.next(), words.next()) {
        (Some("auth"), _) | (Some("acl"), Some("setuser" | "deluser" | "getuser")) => true,
        (Some("config"), Some("set")) => words.any(|word| {
            matches!(word, "masterauth" | "masteruser" | "requirepass")
                || word.starts_with("tls-key-file-pass")
        }),
        (Some("hello"), Some(_)) => words.any(|word| word == "auth"),
        (Some("migrate"), _) => words.any(|word| matches!(word, "auth" | "auth2")),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(line: &str) -> Exchange {
        Exchange { line: line.into(), ..Exchange::default() }
    }

    #[test]
    fn lines_are_kept_without_repeats_secrets_and_books() {
        let mut assist = Assist::default();
        let lines = [
            "GET a",
            "GET a",
            "AUTH x",
            "config set requirepass x",
            "CONFIG SET hz 10",
            "2 AUTH x",
            "",
            "HELLO 3 AUTH a b",
        ];
        assist.ran(&lines.map(exchange));
        assist.ran(&[exchange(&"x".repeat(LONGEST_LINE + 1))]);
        assert_eq!(*assist.kept, ["GET a".into(), "CONFIG SET hz 10".into()]);
        assist.ran(&(0..2_000).map(|n| exchange(&format!("GET {n}"))).collect::<Vec<_>>());
        assert_eq!((assist.kept.len(), &**assist.kept.last().expect("a line")), (KEPT_LINES, "GET 1999"));
    }

    #[test]
    fn what_is_remembered_comes_before_what_was_run_meanwhile() {
        let mut assist = Assist::default();
        assist.ran(&[exchange("GET new")]);
        assist.remembered(vec!["GET old".into()]);
        assert_eq!(*assist.kept, ["GET old".into(), "GET new".into()]);
        assert_eq!(*assist.past, ["GET old".into()]);
    }

    #[test]
    fn keys_are_for_whoever_asked_for_them() {
        let wanted = Wanted { prefix: b"a".to_vec(), kind: None };
        let key = KnownKey { name: (*b"a1").into(), kind: "string" };
        let known = Known { asked: Some((TabId(1), wanted.clone())), keys: vec![key] };
        assert_eq!(known.of(TabId(1), Some(&wanted)).len(), 1);
        assert!(known.of(TabId(0), Some(&wanted)).is_empty() && known.of(TabId(1), None).is_empty());
    }
}
