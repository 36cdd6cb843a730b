//! The text of a command line that is being written, and what the reader is doing with it: recalling an earlier line,
//! choosing a completion, searching the history.
//!
//! Pure, and nobody's in particular: a field keeps one and shows it.

use std::ops::Range;
use std::rc::Rc;

use crate::complete::{self, Candidate, KnownKey};

/// The text and what the reader is doing with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    pub text: String,
    /// Bytes before the cursor, as far as is known: where the text was changed last.
    pub head: usize,
    /// The cursor is to be put there: the text did not come from typing.
    pub is_placed: bool,
    /// Position in the history, and what was typed before going there.
    recalled: Option<(usize, String)>,
    pub choice: Option<Choice>,
    pub search: Option<Search>,
}

/// What Tab walks through.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    pub found: Vec<Candidate>,
    pub at: usize,
    /// What stands behind the cursor.
    tail: String,
}

/// A search through the history.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    pub query: String,
    /// Which of the lines found is chosen, the newest first.
    pub at: usize,
    /// What was being typed before.
    own: String,
}

impl Search {
    /// The lines that contain what is searched for, the newest first, each once.
    pub fn found<'h>(&self, history: &'h [Rc<str>]) -> Vec<&'h Rc<str>> {
        const MOST: usize = 200;
        let query = self.query.to_lowercase();
        let mut found: Vec<&Rc<str>> = Vec::new();
        for line in history.iter().rev().filter(|line| line.to_lowercase().contains(&query)) {
            if found.len() < MOST && !found.contains(&line) {
                found.push(line);
            }
        }
        found
    }
}

impl Draft {
    /// Text with the cursor at its end.
    pub fn typed(text: String) -> Self {
        let head = text.len();
        Self { text, head, is_placed: true, ..Self::default() }
    }

    /// Text with the cursor behind so many UTF-16 units, as fields count.
    pub fn typed_at(text: String, units: u32) -> Self {
        let head = bytes_of(&text, units);
        Self { text, head, ..Self::default() }
    }

    /// The text before the cursor.
    pub fn before_cursor(&self) -> &str {
        self.text.get(..self.head).unwrap_or(&self.text)
    }

    /// The text with another in the place of what is selected, from and to so many UTF-16 units.
    #[must_use]
    pub fn with_inserted(&self, selected: Range<u32>, text: &str) -> Self {
        let (start, end) = (bytes_of(&self.text, selected.start), bytes_of(&self.text, selected.end));
        let before = self.text.get(..start).unwrap_or_default();
        let after = self.text.get(end.max(start)..).unwrap_or_default();
        let head = before.len() + text.len();
        Self { text: [before, text, after].concat(), head, is_placed: true, ..Self::default() }
    }

    /// How many lines the text has.
    pub fn lines(&self) -> usize {
        1 + self.text.matches('\n').count()
    }

    /// Whether an arrow key has a line to go to inside the text: one above the cursor's, or one below.
    pub fn has_line(&self, up: bool) -> bool {
        let beside = if up { self.before_cursor() } else { self.text.get(self.head..).unwrap_or_default() };
        beside.contains('\n')
    }

    /// The line before (`up`) or after in the history; the newest is followed by what was being typed.
    pub fn recall(&self, history: &[Rc<str>], up: bool) -> Option<Self> {
        let at = self.recalled.as_ref().map_or(history.len(), |(at, _)| *at);
        let to = if up { at.checked_sub(1)? } else { at + 1 };
        let own = self.recalled.as_ref().map_or(&self.text, |(_, own)| own);
        match history.get(to) {
            Some(line) => Some(Self { recalled: Some((to, own.clone())), ..Self::typed(line.to_string()) }),
            None if self.recalled.is_some() => Some(Self::typed(own.clone())),
            None => None,
        }
    }

    /// The next completion, or the one before; none where there is nothing to complete, and Tab is free to move on.
    pub fn complete(&self, keys: &[KnownKey], back: bool) -> Option<Self> {
        let (found, at, tail) = if let Some(Choice { found, at, tail }) = &self.choice {
            let count = found.len().max(1);
            let step = if back { count - 1 } else { 1 };
            (found.clone(), (at + step) % count, tail.clone())
        } else {
            let found = complete::candidates(self.before_cursor(), keys);
            (found, 0, self.text.get(self.head..).unwrap_or_default().to_owned())
        };
        self.chosen(found, at, tail)
    }

    /// The completion of that place among those found.
    pub fn choose(&self, found: Vec<Candidate>, at: usize) -> Option<Self> {
        let tail = match &self.choice {
            Some(choice) => choice.tail.clone(),
            None => self.text.get(self.head..).unwrap_or_default().to_owned(),
        };
        let chosen = self.chosen(found, at, tail)?;
        Some(Self { choice: None, ..chosen })
    }

    fn chosen(&self, found: Vec<Candidate>, at: usize, tail: String) -> Option<Self> {
        let head = found.get(at)?.line.clone();
        // In the middle of a line, the blank behind the word is there already.
        let head = if tail.starts_with([' ', '\n']) { head.trim_end().to_owned() } else { head };
        let text = format!("{head}{tail}");
        if text == self.text && found.len() < 2 {
            return None;
        }
        let choice = (found.len() > 1).then_some(Choice { found, at, tail });
        Some(Self { head: head.len(), is_placed: true, text, choice, ..Self::default() })
    }

    /// The completion as it stands, without the others.
    #[must_use]
    pub fn settle(&self) -> Self {
        Self { choice: None, ..self.clone() }
    }

    // ---- searching -------------------------------------------------------------------------------------------------

    /// Begins to search the history, or goes on to an older line.
    #[must_use]
    pub fn search(&self, history: &[Rc<str>]) -> Self {
        match &self.search {
            Some(_) => self.searched(history, true),
            None => Self {
                search: Some(Search { own: self.text.clone(), ..Search::default() }),
                ..Self::default()
            },
        }
    }

    /// The line found before (older) or after the chosen one.
    #[must_use]
    pub fn searched(&self, history: &[Rc<str>], older: bool) -> Self {
        let mut next = self.clone();
        if let Some(search) = &mut next.search {
            let last = search.found(history).len().saturating_sub(1);
            search.at = if older { (search.at + 1).min(last) } else { search.at.saturating_sub(1) };
        }
        next
    }

    /// The search for another text.
    #[must_use]
    pub fn search_for(&self, query: String) -> Self {
        let own = self.search.as_ref().map(|search| search.own.clone()).unwrap_or_default();
        Self { search: Some(Search { query, at: 0, own }), ..Self::default() }
    }

    /// The line that the search has found, to go on with.
    pub fn take_found(&self, history: &[Rc<str>]) -> Option<Self> {
        let search = self.search.as_ref()?;
        search.found(history).get(search.at).map(|line| Self::typed(line.to_string()))
    }

    /// What was being typed before the search.
    #[must_use]
    pub fn leave_search(&self) -> Self {
        Self::typed(self.search.as_ref().map(|search| search.own.clone()).unwrap_or_default())
    }
}

/// How many bytes so many UTF-16 units take.
fn bytes_of(text: &str, units: u32) -> usize {
    let mut left = units as usize;
    for (at, c) in text.char_indices() {
        if left < c.len_utf16() {
            return at;
        }
        left -= c.len_utf16();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history() -> Vec<Rc<str>> {
        ["GET a", "SET b 1", "GET a", "get c"].into_iter().map(Rc::from).collect()
    }

    #[test]
    fn the_history_is_walked_and_the_draft_comes_back() {
        let history = history().split_off(2);
        let draft = Draft::typed("SE".into());
        let newest = draft.recall(&history, true).expect("a line");
        let oldest = newest.recall(&history, true).expect("a line");
        assert_eq!((newest.text.as_str(), oldest.text.as_str()), ("get c", "GET a"));
        assert!(oldest.recall(&history, true).is_none());
        let back = oldest.recall(&history, false).and_then(|d| d.recall(&history, false)).expect("the draft");
        assert_eq!(back, draft);
        assert!(back.recall(&history, false).is_none());
    }

    #[test]
    fn tab_walks_through_the_candidates_and_lets_go_where_there_are_none() {
        let first = Draft::typed("PE".into()).complete(&[], false).expect("a candidate");
        let second = first.complete(&[], false).expect("another");
        assert_ne!(first.text, second.text);
        assert_eq!(second.complete(&[], true).map(|draft| draft.text), Some(first.text));
        assert!(Draft::default().complete(&[], false).is_none());
        assert!(Draft::typed("ECHO hello".into()).complete(&[], false).is_none());
        let only = Draft::typed("ECH".into()).complete(&[], false).expect("one");
        assert!(only.choice.is_none() && only.complete(&[], false).is_none());
    }

    #[test]
    fn the_word_before_the_cursor_is_completed_and_the_rest_stays() {
        let draft = Draft::typed_at("SET é v K NX".into(), 9);
        let done = draft.complete(&[], false).expect("a candidate");
        assert_eq!((done.text.as_str(), done.before_cursor()), ("SET é v KEEPTTL NX", "SET é v KEEPTTL"));
    }

    #[test]
    fn lines_of_the_text_come_before_those_of_the_history() {
        let draft = |units| Draft::typed_at("é\nb\nc".into(), units);
        let ways = |units| [draft(units).has_line(true), draft(units).has_line(false)];
        assert_eq!([ways(1), ways(2), ways(4)], [[false, true], [true, true], [true, false]]);
        assert_eq!((draft(0).lines(), Draft::default().lines()), (3, 1));
    }

    #[test]
    fn what_is_inserted_takes_the_place_of_what_is_selected() {
        let inserted = Draft::typed("é🙂bc".into()).with_inserted(1..3, "xy");
        assert_eq!((inserted.text.as_str(), inserted.before_cursor()), ("éxybc", "éxy"));
        assert_eq!(Draft::typed("a".into()).with_inserted(9..9, "b").text, "ab");
    }

    #[test]
    fn a_search_goes_back_line_by_line_and_ends_in_any_way() {
        let history = history();
        let search = Draft::typed("own".into()).search(&history).search_for("GET".into());
        let found = |draft: &Draft| draft.take_found(&history).map(|draft| draft.text);
        assert_eq!(found(&search).as_deref(), Some("get c"));
        let older = search.search(&history);
        assert_eq!(found(&older).as_deref(), Some("GET a"));
        assert_eq!(found(&older.search(&history)).as_deref(), Some("GET a"), "each line once");
        assert_eq!(found(&older.searched(&history, false)).as_deref(), Some("get c"));
        assert_eq!(older.leave_search(), Draft::typed("own".into()));
        assert_eq!(found(&older.search_for("nothing".into())), None);
    }
}
