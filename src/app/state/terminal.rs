//! The terminal: what was typed, what was answered, and the history of lines.
//!
//! The log is capped in entries and in characters, so that a long session cannot grow without limit, and a huge reply
//! shows its head until the reader asks for the rest. What a reply says is not decided here.

use std::collections::VecDeque;
use std::rc::Rc;

use super::travel::When;
use playground_engine::{Protocol, Reply};

use crate::explain::Aside;
use crate::reply_views::{self, ReplyView};

/// Lines and characters of one reply that are shown unasked.
const SHOWN_LINES: usize = 200;
const SHOWN_CHARS: usize = 20_000;
/// Bytes that asking for more adds: laying out a hundred megabytes at once would freeze the page.
const MORE_BYTES: usize = 512 << 10;
const MORE_ROWS: usize = 2_000;
/// The log keeps this much.
const KEPT_ENTRIES: usize = 400;
const KEPT_BYTES: usize = 4 << 20;
const KEPT_LINES_OF_HISTORY: usize = 500;

/// A reply that is kept to be shown in other forms, and the protocol of the client that got it.
#[derive(Clone, Debug)]
pub struct Kept {
    pub reply: Rc<Reply>,
    pub protocol: Protocol,
}

impl Kept {
    pub fn new(reply: Reply, protocol: Protocol) -> Self {
        Self { reply: Rc::new(reply), protocol }
    }
}

/// The very same reply.
impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.reply, &other.reply)
    }
}

impl Eq for Kept {}

/// A line that was run, and its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exchange {
    pub prompt: Rc<str>,
    pub line: Rc<str>,
    /// The words of the line; empty where it could not be split.
    pub argv: Vec<Vec<u8>>,
    /// Those of them that name keys.
    pub keys: Vec<Vec<u8>>,
    pub output: Rc<str>,
    pub is_error: bool,
    /// The session waits, and the answer comes later.
    pub waits: bool,
    /// The thing to do in the lesson that ran it, if one did.
    pub play: Option<(usize, usize)>,
    /// The line of the script that it is: that very one.
    pub script: Option<Rc<str>>,
    pub when: When,
    pub reply: Option<Kept>,
    /// What is said about the answer.
    pub aside: Option<Rc<Aside>>,
}

/// Something that came by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrival {
    pub output: Rc<str>,
    /// A message, not the late answer of a command.
    pub is_message: bool,
    pub is_error: bool,
    pub when: When,
    pub reply: Option<Kept>,
    pub aside: Option<Rc<Aside>>,
}

/// An exchange in the log; one without a line shows what came by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    pub id: u64,
    pub prompt: Rc<str>,
    pub line: Rc<str>,
    pub output: Rc<str>,
    pub is_error: bool,
    pub waits: bool,
    /// How many bytes of the output are shown; less than all while it is cut.
    pub shown: usize,
    /// Lines that are not shown.
    pub hidden_lines: usize,
    /// The step that ran the line, and the one that answered it.
    pub step: u64,
    pub answered: u64,
    /// How often more was asked for.
    pub expanded: usize,
    pub reply: Option<Kept>,
    pub view: ReplyView,
    pub aside: Option<Rc<Aside>>,
    /// What is said about it is open.
    pub is_explained: bool,
}

impl Entry {
    /// An entry of an output alone, cut to its head.
    fn showing(output: Rc<str>, step: u64) -> Self {
        let (shown, hidden_lines) = head(&output);
        Self { output, shown, hidden_lines, step, answered: step, ..Self::default() }
    }

    /// What it takes of the log's room.
    fn bytes(&self) -> usize {
        let reply = self.reply.as_ref().map_or(0, |kept| reply_views::weight(&kept.reply));
        self.line.len() + self.output.len() + reply
    }

    /// How much of an answer is shown in a form other than redis-cli's: the end of the text, and the lines left out.
    pub fn head_of(&self, text: &str) -> (usize, usize) {
        match self.expanded {
            0 => head(text),
            times => {
                let end = text.floor_char_boundary(SHOWN_CHARS + times * MORE_BYTES);
                (end, text.get(end..).unwrap_or_default().lines().count())
            }
        }
    }

    /// The same for rows of a table.
    pub fn rows_shown(&self) -> usize {
        SHOWN_LINES + self.expanded * MORE_ROWS
    }

    pub fn shown_output(&self) -> &str {
        self.output.get(..self.shown).unwrap_or(&self.output)
    }

    pub fn is_cut(&self) -> bool {
        self.shown < self.output.len()
    }
}

/// Lines that wait to be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub left: usize,
    pub of: usize,
}

/// The terminal's state. The text in the prompt is the prompt's own business.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Terminal {
    pub log: VecDeque<Rc<Entry>>,
    pub history: Rc<Vec<Rc<str>>>,
    pub waiting: Option<Waiting>,
    /// How new answers are shown.
    pub view: ReplyView,
    /// What is said about new answers comes closed.
    pub is_terse: bool,
    next_id: u64,
    bytes: usize,
}

impl Terminal {
    pub fn ran(&mut self, exchanges: Vec<Exchange>) {
        let history = Rc::make_mut(&mut self.history);
        for exchange in exchanges {
            if history.last() != Some(&exchange.line) && !exchange.line.is_empty() {
                history.push(exchange.line.clone());
            }
            let Exchange { prompt, line, output, is_error, waits, reply, aside, when, .. } = exchange;
            let (view, is_explained) = (self.view, !self.is_terse);
            let said = Entry { prompt, line, is_error, waits, ..Entry::showing(output, when.step) };
            let entry = Entry { reply, view, aside, is_explained, ..said };
            add(&mut self.log, &mut self.next_id, &mut self.bytes, entry);
        }
        let surplus = history.len().saturating_sub(KEPT_LINES_OF_HISTORY);
        history.drain(..surplus);
        self.forget();
    }

    /// A late answer belongs to the oldest line that waits for one; anything else stands for itself.
    pub fn arrived(&mut self, arrivals: Vec<Arrival>) {
        let (view, is_explained) = (self.view, !self.is_terse);
        for Arrival { output, is_message, is_error, reply, aside, when } in arrivals {
            let came =
                Entry { is_error, reply, view, aside, is_explained, ..Entry::showing(output, when.step) };
            let waiting = self.log.iter_mut().find(|entry| entry.waits && !is_message);
            if let Some(entry) = waiting.map(Rc::make_mut) {
                let before = entry.bytes();
                let Entry { id, prompt, line, step, .. } = entry.clone();
                *entry = Entry { id, prompt, line, step, ..came };
                self.bytes = (self.bytes + entry.bytes()).saturating_sub(before);
            } else {
                let entry = came;
                add(&mut self.log, &mut self.next_id, &mut self.bytes, entry);
            }
        }
        self.forget();
    }

    /// Drops the oldest entries beyond what is kept; the newest one always stays.
    fn forget(&mut self) {
        while self.log.len() > 1 && (self.log.len() > KEPT_ENTRIES || self.bytes > KEPT_BYTES) {
            if let Some(entry) = self.log.pop_front() {
                self.bytes = self.bytes.saturating_sub(entry.bytes());
            }
        }
    }

    /// Forgets what came after a step; a line that was answered later waits again.
    pub fn cut(&mut self, step: u64) {
        let log = std::mem::take(&mut self.log);
        self.bytes = 0;
        for mut entry in log.into_iter().filter(|entry| entry.step <= step) {
            if entry.answered > step {
                let Entry { id, prompt, line, step, .. } = Rc::unwrap_or_clone(entry);
                let unanswered = Entry::showing(Rc::default(), step);
                entry = Rc::new(Entry { id, prompt, line, waits: true, view: self.view, ..unanswered });
            }
            self.bytes += entry.bytes();
            self.log.push_back(entry);
        }
    }

    pub fn clear(&mut self) {
        self.log.clear();
        self.bytes = 0;
    }

    pub fn expand(&mut self, id: u64) {
        if let Some(entry) = self.log.iter_mut().find(|entry| entry.id == id) {
            let entry = Rc::make_mut(entry);
            entry.expanded += 1;
            entry.shown = entry.output.floor_char_boundary(entry.shown + MORE_BYTES);
            entry.hidden_lines = entry.output.get(entry.shown..).unwrap_or_default().lines().count();
        }
    }

    pub fn show_as(&mut self, id: u64, view: ReplyView, always: bool) {
        if always {
            self.view = view;
        }
        if let Some(entry) = self.log.iter_mut().find(|entry| entry.id == id) {
            Rc::make_mut(entry).view = view;
        }
    }

    pub fn explain(&mut self, id: u64, open: bool) {
        self.is_terse = !open;
        if let Some(entry) = self.log.iter_mut().find(|entry| entry.id == id) {
            Rc::make_mut(entry).is_explained = open;
        }
    }

    pub fn waiting(&mut self, left: usize, of: usize) {
        self.waiting = (left > 0).then_some(Waiting { left, of });
    }
}

fn add(log: &mut VecDeque<Rc<Entry>>, next_id: &mut u64, bytes: &mut usize, entry: Entry) {
    *bytes += entry.bytes();
    log.push_back(Rc::new(Entry { id: *next_id, ..entry }));
    *next_id += 1;
}

/// How much of an output is shown unasked, and how many lines that leaves out.
fn head(output: &str) -> (usize, usize) {
    let by_lines = output.match_indices('\n').nth(SHOWN_LINES - 1).map_or(output.len(), |(at, _)| at + 1);
    let by_chars = output.char_indices().nth(SHOWN_CHARS).map_or(output.len(), |(at, _)| at);
    let shown = by_lines.min(by_chars);
    let hidden = output.get(shown..).unwrap_or_default();
    (shown, hidden.lines().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(line: &str, output: &str) -> Exchange {
        let (prompt, line, output) = ("> ".into(), line.into(), output.into());
        Exchange { prompt, line, output, ..Exchange::default() }
    }

    #[test]
    fn the_log_is_capped_in_entries_and_bytes() {
        let mut terminal = Terminal::default();
        for n in 0..1_000 {
            terminal.ran(vec![exchange(&format!("GET {n}"), "(nil)\n")]);
        }
        assert_eq!((terminal.log.len(), terminal.history.len()), (KEPT_ENTRIES, KEPT_LINES_OF_HISTORY));
        let huge = "x".repeat(KEPT_BYTES + 1);
        terminal.ran(vec![exchange("GET big", &huge)]);
        assert_eq!(terminal.log.len(), 1);
    }

    #[test]
    fn replies_count_for_the_logs_room() {
        let mut terminal = Terminal::default();
        let kept = || Some(Kept::new(Reply::Bulk(vec![0; KEPT_BYTES / 3]), Protocol::Resp2));
        for _ in 0..5 {
            terminal.ran(vec![Exchange { reply: kept(), ..exchange("GET big", "x") }]);
        }
        assert_eq!(terminal.log.len(), 2);
        for _ in 0..5 {
            terminal.ran(vec![Exchange { waits: true, ..exchange("BLPOP q 0", "") }]);
        }
        let late = || Arrival { output: "x".into(), reply: kept(), ..Arrival::default() };
        terminal.arrived((0..5).map(|_| late()).collect());
        assert!(
            terminal.log.len() <= 3 && terminal.log.iter().all(|entry| entry.reply.is_some() != entry.waits)
        );
    }

    #[test]
    fn an_answer_is_shown_as_asked_and_new_ones_only_if_told_so() {
        let mut terminal = Terminal::default();
        let views = |terminal: &Terminal| terminal.log.iter().map(|entry| entry.view).collect::<Vec<_>>();
        terminal.ran(vec![exchange("GET a", "1"), exchange("GET a", "1")]);
        terminal.show_as(0, ReplyView::Resp, false);
        terminal.show_as(1, ReplyView::Table, true);
        terminal.ran(vec![exchange("GET a", "1")]);
        assert_eq!(views(&terminal), [ReplyView::Resp, ReplyView::Table, ReplyView::Table]);
        terminal.explain(0, false);
        terminal.ran(vec![exchange("GET a", "1")]);
        let open: Vec<_> = terminal.log.iter().map(|entry| entry.is_explained).collect();
        assert_eq!(open, [false, true, true, false]);
    }

    #[test]
    fn a_huge_reply_is_cut_until_asked_for() {
        let mut terminal = Terminal::default();
        let output = "x\n".repeat(1_000);
        terminal.ran(vec![exchange("LONG", &output)]);
        let entry = &terminal.log[0];
        assert_eq!((entry.shown_output().lines().count(), entry.hidden_lines), (SHOWN_LINES, 800));
        let id = entry.id;
        terminal.expand(id);
        assert!(!terminal.log[0].is_cut());
        terminal.ran(vec![exchange("WIDE", &"é".repeat(SHOWN_CHARS + 1))]);
        assert_eq!(terminal.log[1].hidden_lines, 1);
    }

    #[test]
    fn not_even_on_request_is_everything_laid_out_at_once() {
        let mut terminal = Terminal::default();
        terminal.ran(vec![exchange("GET big", &"é".repeat(MORE_BYTES))]);
        let id = terminal.log[0].id;
        terminal.expand(id);
        assert!(terminal.log[0].is_cut());
        terminal.expand(id);
        assert!(!terminal.log[0].is_cut());
    }

    #[test]
    fn history_skips_repeats_and_survives_clear() {
        let mut terminal = Terminal::default();
        terminal.ran(vec![exchange("PING", "PONG\n"), exchange("PING", "PONG\n")]);
        terminal.clear();
        assert_eq!((terminal.history.len(), terminal.log.len()), (1, 0));
    }
    #[test]
    fn late_answers_go_to_the_lines_that_wait_in_their_order() {
        let mut terminal = Terminal::default();
        let waits = |line: &str| Exchange { waits: true, ..exchange(line, "") };
        terminal.ran(vec![waits("BLPOP a 0"), waits("PING")]);
        let arrival =
            |output: &str, is_message| Arrival { output: output.into(), is_message, ..Arrival::default() };
        terminal.arrived(vec![arrival("one\n", false), arrival("news\n", true), arrival("two\n", false)]);
        let log: Vec<_> = terminal.log.iter().map(|entry| (&*entry.line, &*entry.output)).collect();
        assert_eq!(log, [("BLPOP a 0", "one\n"), ("PING", "two\n"), ("", "news\n")]);
    }

    #[test]
    fn a_cut_takes_later_lines_and_later_answers_back() {
        let mut terminal = Terminal::default();
        let at = |step| When { step, at: 0 };
        terminal.ran(vec![
            Exchange { waits: true, when: at(1), ..exchange("BLPOP a 0", "") },
            Exchange { when: at(2), ..exchange("PING", "PONG\n") },
        ]);
        let late = Arrival { output: "one\n".into(), when: at(4), ..Arrival::default() };
        terminal.arrived(vec![
            late,
            Arrival { output: "news\n".into(), is_message: true, when: at(3), ..Arrival::default() },
        ]);
        let log = |terminal: &Terminal| -> Vec<(String, String, bool)> {
            let seen = |entry: &Rc<Entry>| (entry.line.to_string(), entry.output.to_string(), entry.waits);
            terminal.log.iter().map(seen).collect()
        };
        terminal.cut(3);
        let waits = ("BLPOP a 0".to_owned(), String::new(), true);
        let pong = ("PING".to_owned(), "PONG\n".to_owned(), false);
        assert_eq!(log(&terminal), [waits.clone(), pong, (String::new(), "news\n".to_owned(), false)]);
        terminal.cut(1);
        assert_eq!((log(&terminal), terminal.history.len()), (vec![waits], 2));
    }
}
