//! The script editor: the text, which of its commands ran and how that went.
//!
//! A command is on a line, or on several where a quote goes on; it is told by the place of its first one. What a line does is not known here, only what came back for it.

use std::collections::{BTreeMap, VecDeque};
use std::ops::RangeInclusive;
use std::rc::Rc;

use super::sessions::TabId;
use super::terminal::Exchange;
use crate::multiline::{self, Block};
use crate::paste::without_prompt;

/// As much as a browser keeps without being asked; more is not remembered.
pub const LARGEST: usize = 256 << 10;

/// For whoever has no script yet.
pub const EXAMPLE: &str = "# A queue: one client waits, another brings work.\n\
RPUSH jobs mail:1 mail:2\nLLEN jobs\nLMOVE jobs working LEFT RIGHT\nLRANGE working 0 -1\n\n\
# Done: it is no longer being worked on.\nLREM working 1 mail:1\nKEYS *\n";

/// How a line went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It waits for its turn.
    Sent,
    Done,
    /// What the server or the page said against it.
    Failed(Rc<str>),
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Editor {
    pub open: bool,
    pub text: Rc<str>,
    /// The file chosen last could not be opened.
    pub unread: bool,
    /// The commands that take several lines.
    pub blocks: Rc<Vec<Block>>,
    /// By a command's first line, the first of all being 0.
    pub marks: BTreeMap<usize, Mark>,
    /// Lines whose answers have not come, in their order.
    sent: VecDeque<(TabId, usize, Rc<str>)>,
}

/// What can happen to it.
#[derive(Clone, Debug)]
pub enum EditorAction {
    Open(bool),
    Type(String),
    /// A file could not be opened as a script.
    Unread,
    /// Lines were handed to a session.
    Sent(TabId, Vec<(usize, Rc<str>)>),
}

impl Editor {
    pub fn apply(&mut self, action: EditorAction) {
        match action {
            EditorAction::Open(open) => self.open = open,
            EditorAction::Type(text) => {
                self.unread = false;
                self.typed(&text);
            }
            EditorAction::Unread => self.unread = true,
            EditorAction::Sent(tab, lines) => {
                for (at, line) in lines {
                    let mark = if let Some(why) = refused(&line) {
                        Mark::Failed(why.into())
                    } else {
                        self.sent.push_back((tab, at, line));
                        Mark::Sent
                    };
                    self.marks.insert(at, mark);
                }
            }
        }
    }

    /// Commands from the first line that changed on have not run as they are now.
    fn typed(&mut self, text: &str) {
        // A field shows it so, too.
        let text: Rc<str> = multiline::with_line_feeds(text).into();
        let same = self.text.lines().zip(text.lines()).take_while(|(one, other)| one == other).count();
        let before = self.first_of(same);
        self.blocks = Rc::new(multiline::blocks(&text));
        self.text = text;
        let same = before.min(self.first_of(same));
        drop(self.marks.split_off(&same));
        self.sent.retain(|(_, at, _)| *at < same);
    }

    /// The command of several lines that a line belongs to.
    pub fn block(&self, line: usize) -> Option<&Block> {
        let at = self.blocks.partition_point(|block| block.lines.end <= line);
        self.blocks.get(at).filter(|block| block.lines.contains(&line))
    }

    /// The first line of the command that a line belongs to.
    pub fn first_of(&self, line: usize) -> usize {
        self.block(line).map_or(line, |block| block.lines.start)
    }

    /// The last one.
    pub fn last_of(&self, line: usize) -> usize {
        self.block(line).map_or(line, |block| block.lines.end.saturating_sub(1))
    }

    /// What came of lines of a session, in their order.
    pub fn ran(&mut self, tab: TabId, exchanges: &[Exchange]) {
        if self.sent.is_empty() {
            return;
        }
        for exchange in exchanges {
            // What was typed meanwhile may read the same, and is not the same.
            let Some(sent) = &exchange.script else { continue };
            let found = self.sent.iter().position(|(of, _, line)| *of == tab && Rc::ptr_eq(line, sent));
            let Some((_, at, _)) = found.and_then(|found| self.sent.remove(found)) else { continue };
            let said = exchange.output.lines().next().unwrap_or_default();
            let mark = if exchange.is_error { Mark::Failed(said.into()) } else { Mark::Done };
            self.marks.insert(at, mark);
        }
    }

    /// Whether lines that a session was handed have not been answered.
    pub fn waits_for(&self, tab: TabId) -> bool {
        self.sent.iter().any(|(of, ..)| *of == tab)
    }

    /// No line of a session waits any more: those that brought no answer were stopped, or are the page's own.
    pub fn none_waits(&mut self, tab: TabId) {
        let (ended, waiting): (VecDeque<_>, VecDeque<_>) =
            std::mem::take(&mut self.sent).into_iter().partition(|(of, ..)| *of == tab);
        self.sent = waiting;
        for (_, at, _) in ended {
            self.marks.remove(&at);
        }
    }

    /// The commands on some lines, or partly on them, each with the place of its first line.
    pub fn commands(&self, lines: RangeInclusive<usize>) -> Vec<(usize, Rc<str>)> {
        let lines = self.first_of(*lines.start())..=*lines.end();
        let all = self.text.lines().enumerate().filter(|(at, _)| lines.contains(at));
        let first = all.filter(|(at, _)| self.first_of(*at) == *at);
        let found = first.map(|(at, line)| {
            let block = self.block(at).and_then(|block| self.text.get(block.bytes.clone()));
            (at, block.unwrap_or(line))
        });
        found.filter_map(|(at, text)| command(text).map(|line| (at, line.into()))).collect()
    }

    /// The first line of the next command; where there is none, the line itself.
    pub fn next(&self, line: usize) -> usize {
        let mut behind = self.text.lines().enumerate().skip(self.last_of(line) + 1);
        behind.find(|(_, text)| command(text).is_some()).map_or(line, |(at, _)| at)
    }
}

/// The command on a line of a script, if there is one.
fn command(line: &str) -> Option<&str> {
    let line = without_prompt(line);
    (!line.is_empty() && !line.starts_with('#')).then_some(line)
}

/// Why a line is not handed to a session.
pub fn refused(line: &str) -> Option<&'static str> {
    line.starts_with('@').then_some(
        "Directives are for lessons and transcripts. Open a session with its tab, and move time with the clock.",
    )
}

/// The line that a place in a text is on; places are counted as browsers do.
pub fn line_at(text: &str, units: usize) -> usize {
    let before = text.encode_utf16().take(units);
    before.filter(|unit| *unit == u16::from(b'\n')).count()
}

/// Where a line begins, and where it ends, counted as browsers do.
pub fn extent(text: &str, line: usize) -> (usize, usize) {
    let units = |line: &str| line.encode_utf16().count();
    let begin: usize = text.split_inclusive('\n').take(line).map(units).sum();
    let length = text.split('\n').nth(line).map_or(0, units);
    (begin, begin + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAB: TabId = TabId(0);

    fn editor(text: &str) -> Editor {
        let mut editor = Editor::default();
        editor.apply(EditorAction::Type(text.into()));
        editor
    }

    fn answer(line: &(usize, Rc<str>), output: &str, is_error: bool) -> Exchange {
        let (line, script) = (line.1.clone(), Some(line.1.clone()));
        Exchange { line, script, output: output.into(), is_error, ..Exchange::default() }
    }

    #[test]
    fn comments_blank_lines_and_prompts_are_no_commands() {
        let editor = editor("# note\n\n  SET a 1\n127.0.0.1:6379> GET a\n");
        let lines = editor.commands(0..=9);
        assert_eq!(lines, [(2, "SET a 1".into()), (3, "GET a".into())]);
        assert_eq!(editor.commands(3..=3).len(), 1);
        assert_eq!([editor.next(0), editor.next(2), editor.next(3)], [2, 3, 3]);
    }

    #[test]
    fn a_line_is_marked_by_what_came_of_it_until_it_is_changed() {
        let mut editor = editor("SET a 1\nINCR a\nSET a 1\nLPUSH a 1\n@session x");
        let lines = editor.commands(0..=9);
        editor.apply(EditorAction::Sent(TAB, lines.clone()));
        assert!(matches!(&editor.marks[&4], Mark::Failed(why) if why.contains("Directives")));
        editor.ran(TabId(7), &[answer(&lines[0], "OK\n", false)]);
        assert_eq!(editor.marks[&0], Mark::Sent, "that was another session's");
        let typed = Exchange { script: None, ..answer(&lines[0], "OK\n", false) };
        editor.ran(TAB, &[typed, answer(&(0, "SET a 1".into()), "OK\n", false)]);
        assert_eq!(editor.marks[&0], Mark::Sent, "what was typed reads the same and is another");
        editor.ran(TAB, &[answer(&lines[0], "OK\n", false)]);
        editor.ran(TAB, &[answer(&lines[1], "(integer) 2\n", false), answer(&lines[2], "OK\n", false)]);
        editor.ran(TAB, &[answer(&lines[3], "(error) WRONGTYPE no\n", true)]);
        let marks: Vec<_> = editor.marks.iter().map(|(at, mark)| (*at, mark.clone())).collect();
        let wrong = Mark::Failed("(error) WRONGTYPE no".into());
        assert_eq!(marks[..4], [(0, Mark::Done), (1, Mark::Done), (2, Mark::Done), (3, wrong)]);
        editor.apply(EditorAction::Type("SET a 1\nINCR b\nSET a 1".into()));
        assert_eq!(editor.marks.keys().copied().collect::<Vec<_>>(), [0]);
    }

    #[test]
    fn a_line_that_is_stopped_waits_no_more() {
        let mut editor = editor("SET a 1\nclear\nSET b 1");
        let lines = editor.commands(0..=9);
        editor.apply(EditorAction::Sent(TAB, lines.clone()));
        editor.ran(TAB, &[answer(&lines[0], "OK\n", false)]);
        editor.none_waits(TabId(7));
        assert_eq!(editor.marks.len(), 3, "another session's lines");
        editor.none_waits(TAB);
        assert_eq!(editor.marks.into_iter().collect::<Vec<_>>(), [(0, Mark::Done)]);
        assert!(editor.sent.is_empty());
    }

    const SCRIPT: &str = "SET a 1\nEVAL \"\n# no comment\n\nreturn 1\" 0\n\nGET a";

    #[test]
    fn a_command_over_several_lines_is_one() {
        let editor = editor(SCRIPT);
        let eval: Rc<str> = "EVAL \"\n# no comment\n\nreturn 1\" 0".into();
        assert_eq!(editor.commands(0..=9), [(0, "SET a 1".into()), (1, eval.clone()), (6, "GET a".into())]);
        for part in [1..=1, 2..=3, 4..=5] {
            assert_eq!(editor.commands(part), [(1, eval.clone())]);
        }
        assert_eq!([editor.next(0), editor.next(1), editor.next(3), editor.next(5)], [1, 6, 6, 6]);
        assert_eq!([editor.first_of(3), editor.last_of(3), editor.last_of(5)], [1, 4, 5]);
    }

    #[test]
    fn a_command_that_changes_in_any_of_its_lines_has_not_run() {
        let marked = || {
            let mut editor = editor(SCRIPT);
            let lines = editor.commands(0..=9);
            editor.apply(EditorAction::Sent(TAB, lines));
            editor
        };
        let marks = |text: String| {
            let mut editor = marked();
            editor.apply(EditorAction::Type(text));
            assert_eq!(editor.marks.len(), editor.sent.len());
            editor.marks.into_keys().collect::<Vec<_>>()
        };
        assert_eq!(marks(SCRIPT.replace("return 1", "return 2")), [0]);
        assert_eq!(marks(SCRIPT.replace("GET a", "GET b")), [0, 1]);
        assert_eq!(marks(SCRIPT.replace("\n\nreturn 1\" 0", "")), [0]);
        assert_eq!(marks(SCRIPT.replace('\n', "\r\n")), [0, 1, 6], "what ends lines is no change");
    }

    #[test]
    fn places_are_counted_as_browsers_do() {
        let text = "é😀\nGET a\n";
        assert_eq!([line_at(text, 0), line_at(text, 3), line_at(text, 4), line_at(text, 99)], [0, 0, 1, 2]);
        assert_eq!([extent(text, 0), extent(text, 1), extent(text, 2)], [(0, 3), (4, 9), (10, 10)]);
    }
}
