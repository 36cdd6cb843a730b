//! A script that is gone through: what is seen of it between two steps, and the lines it is to stop at.
//!
//! The bridge takes the steps, on a copy of the engine; what one does is not known here, nor how it is drawn.

use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;

use playground_engine::command::{self, Group};
use playground_engine::parse;

use crate::highlight::{self, Span};

/// Where the command came from: there its answer is shown, when it is run for real.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Prompt,
    /// The script editor, by the command's first line.
    Script(usize),
}

/// The text of a script, in lines as Lua counts them, with its colours.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Source {
    pub text: String,
    pub lines: Vec<Range<usize>>,
    pub spans: Vec<Span>,
}

impl Source {
    pub fn new(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let (lines, spans) = (lines(&text), highlight::lua(&text));
        Self { text, lines, spans }
    }

    /// A line, the first being 1, and its colours.
    pub fn line(&self, number: u32) -> Option<(&str, Vec<Span>)> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        let range = self.lines.get(at)?.clone();
        Some((self.text.get(range.clone())?, highlight::within(&self.spans, range)))
    }
}

/// A line ends at a line feed, a carriage return, or the two together in any order.
fn lines(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let (mut lines, mut start, mut at) = (Vec::new(), 0, 0);
    while let Some(byte) = bytes.get(at) {
        if !matches!(byte, b'\n' | b'\r') {
            at += 1;
            continue;
        }
        lines.push(start..at);
        let pair = bytes.get(at + 1).is_some_and(|next| matches!(next, b'\n' | b'\r') && next != byte);
        at += if pair { 2 } else { 1 };
        start = at;
    }
    lines.push(start..bytes.len());
    lines
}

/// A variable and what it holds; `changed` by the last step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub name: String,
    pub value: String,
    pub changed: bool,
}

/// A function that is being called, and the line that it is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub name: String,
    pub line: Option<u32>,
}

/// A command that the script has sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The line of the script.
    pub line: Option<u32>,
    pub command: String,
    pub answer: Answer,
    /// What it did to keys: the event and the key.
    pub changed: Vec<(&'static str, String)>,
    /// The last step sent it.
    pub is_new: bool,
}

/// What was answered, as redis-cli prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub text: String,
    pub is_error: bool,
}

/// A script between two steps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stepped {
    /// The session that it would run in, and the command.
    pub session: Rc<str>,
    pub command: Rc<str>,
    pub source: Rc<Source>,
    /// The line that comes next.
    pub line: Option<u32>,
    pub keys: Vec<String>,
    pub argv: Vec<String>,
    /// The innermost first.
    pub calls: Vec<Call>,
    pub locals: Vec<Held>,
    pub caught: Vec<Held>,
    /// The latest of the commands that it has sent, and how many came before those.
    pub sent: Vec<Sent>,
    pub left_out: usize,
    pub instructions: u64,
    /// What it has answered, when it is over.
    pub reply: Option<Answer>,
    /// The last step came to its limit before it was where it should go.
    pub is_far: bool,
}

/// What the panel shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    Script(Rc<Stepped>),
    /// Why the command cannot be gone through now.
    Refused(Rc<str>),
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Debugging {
    /// `None` while nothing is gone through.
    pub shown: Option<Shown>,
    /// Lines to stop at.
    pub breakpoints: BTreeSet<u32>,
    /// The text that they are meant for.
    of: Rc<Source>,
}

/// What can happen to it.
#[derive(Clone, Debug)]
pub enum DebugAction {
    Shown(Shown),
    Closed,
    /// Stop at a line, or no longer.
    Break(u32),
}

impl Debugging {
    pub fn apply(&mut self, action: DebugAction) {
        match action {
            DebugAction::Shown(shown) => {
                if let Shown::Script(stepped) = &shown
                    && self.of.text != stepped.source.text
                {
                    self.breakpoints.clear();
                    self.of = stepped.source.clone();
                }
                self.shown = Some(shown);
            }
            DebugAction::Closed => self.shown = None,
            DebugAction::Break(line) => {
                if !self.breakpoints.remove(&line) {
                    self.breakpoints.insert(line);
                }
            }
        }
    }
}

/// Whether a line is a command that runs a script.
pub fn runs_script(line: &str) -> bool {
    let words = parse::words(line.as_bytes(), 1);
    let Some(name) = words.first().filter(|name| name.range.end < line.trim_end().len()) else {
        return false;
    };
    command::find(&name.bytes).is_some_and(|spec| spec.group == Group::Scripting && spec.has_keys())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_as_lua_does() {
        let source = Source::new(b"local a\r\nreturn 'x'\n\rend\n\n--\xff");
        let all: Vec<_> = (1..=source.lines.len() as u32).filter_map(|number| source.line(number)).collect();
        let texts: Vec<_> = all.iter().map(|(text, _)| *text).collect();
        assert_eq!(texts, ["local a", "return 'x'", "end", "", "--\u{FFFD}"]);
        assert_eq!(all[1].1.len(), 2);
        assert!(source.line(0).is_none() && source.line(6).is_none());
    }

    #[test]
    fn only_commands_that_run_a_script_can_be_gone_through() {
        for line in ["EVAL \"return 1\" 0", "evalsha x 0", "FCALL_RO f 0", " eval_ro 'open"] {
            assert!(runs_script(line), "{line}");
        }
        for line in ["", "EVAL", "EVAL ", "SCRIPT LOAD x", "GET k", "FUNCTION LIST", "3 EVAL x 0"] {
            assert!(!runs_script(line), "{line}");
        }
    }

    #[test]
    fn breakpoints_belong_to_a_text() {
        let shown = |text: &str| {
            let source = Rc::new(Source::new(text.as_bytes()));
            DebugAction::Shown(Shown::Script(Rc::new(Stepped { source, ..Stepped::default() })))
        };
        let mut state = Debugging::default();
        state.apply(shown("return 1"));
        state.apply(DebugAction::Break(1));
        state.apply(DebugAction::Closed);
        state.apply(shown("return 1"));
        assert_eq!(state.breakpoints.len(), 1);
        state.apply(DebugAction::Break(1));
        state.apply(DebugAction::Break(2));
        assert_eq!(state.breakpoints.iter().collect::<Vec<_>>(), [&2]);
        state.apply(shown("return 2"));
        assert!(state.breakpoints.is_empty());
    }
}
