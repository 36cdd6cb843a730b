//! The timeline: what was done, what came of it and what the reader did to the clock, newest last; and which of it is drawn.
//!
//! A command and the changes it made are one mark. A mark knows the step of the journal that made it, which is how one gets
//! back to that moment. Bounded: the oldest marks are forgotten, though their steps can still be looked at.

use std::collections::VecDeque;
use std::rc::Rc;

use playground_engine::{Event, EventKind};

use super::clock::{ClockMode, Move};
use super::sessions::TabId;
use super::terminal::{Arrival, Exchange};
use super::travel::When;
use super::view::View;

const KEPT: usize = 2_000;
/// Characters of a message that its mark shows.
const SHOWN: usize = 40;
/// Keys of one command that its mark knows.
const KEYS: usize = 8;

/// An event, the step that brought it, and the session whose line that was, if it was one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    pub step: u64,
    pub tab: Option<TabId>,
    pub event: Event,
}

impl Happening {
    pub fn into_parts(self) -> ((u64, Option<TabId>), Event) {
        ((self.step, self.tab), self.event)
    }

    pub fn from_parts(((step, tab), event): ((u64, Option<TabId>), Event)) -> Self {
        Self { step, tab, event }
    }
}

/// A command on the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    pub line: Rc<str>,
    /// Its word, and the first keys that it named or changed.
    pub name: String,
    pub keys: Vec<Vec<u8>>,
    /// How many changes it made, and what they are called.
    pub changes: usize,
    pub changed: Option<&'static str>,
    pub is_error: bool,
}

/// Something on the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Command(Command),
    /// Something happened to a key or a database by itself; how many times in a row.
    Key(Event, usize),
    /// A message or a late answer arrived: its beginning.
    Push(Rc<str>),
    /// The reader moved the clock.
    Clock(Move),
    /// The reader let the clock run or stopped it.
    Mode(ClockMode),
}

/// The kinds of marks, to choose among.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Command,
    Expiry,
    Eviction,
    Push,
    Clock,
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::Command, Self::Expiry, Self::Eviction, Self::Push, Self::Clock];

    pub fn word(self) -> &'static str {
        match self {
            Self::Command => "commands",
            Self::Expiry => "expiries",
            Self::Eviction => "evictions",
            Self::Push => "messages",
            Self::Clock => "clock",
        }
    }
}

/// A mark on the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub id: u64,
    pub step: u64,
    pub at: u64,
    /// The session that did it or got it.
    pub tab: Option<TabId>,
    pub what: What,
}

impl Mark {
    pub fn kind(&self) -> Kind {
        match &self.what {
            What::Command(_) => Kind::Command,
            What::Key(Event { kind: EventKind::Evicted(_), .. }, _) => Kind::Eviction,
            What::Key(Event { kind: EventKind::Changed { .. } | EventKind::Database { .. }, .. }, _) => {
                Kind::Command
            }
            What::Key(..) => Kind::Expiry,
            What::Push(_) => Kind::Push,
            What::Clock(_) | What::Mode(_) => Kind::Clock,
        }
    }

    fn names(&self, text: &str) -> bool {
        let contains = |key: &[u8]| String::from_utf8_lossy(key).contains(text);
        match &self.what {
            What::Command(command) => command.keys.iter().any(|key| contains(key)),
            What::Key(event, _) => contains(&event.key),
            What::Push(output) => output.contains(text),
            What::Clock(_) | What::Mode(_) => false,
        }
    }
}

/// Which marks are drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub tab: Option<TabId>,
    pub kind: Option<Kind>,
    /// Part of a key's name.
    pub key: String,
}

impl Filter {
    pub fn is_off(&self) -> bool {
        *self == Self::default()
    }

    fn takes(&self, mark: &Mark) -> bool {
        (self.tab.is_none() || self.tab == mark.tab)
            && self.kind.is_none_or(|kind| kind == mark.kind())
            && (self.key.is_empty() || mark.names(&self.key))
    }
}

/// The marks, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    pub marks: VecDeque<Rc<Mark>>,
    pub filter: Filter,
    next_id: u64,
}

impl Timeline {
    pub fn ran(&mut self, tab: TabId, exchanges: &[Exchange]) {
        // Whatever is pushed out at once need not be made.
        let skipped = exchanges.len().saturating_sub(KEPT);
        for exchange in exchanges.iter().skip(skipped).filter(|exchange| !exchange.argv.is_empty()) {
            let word = exchange.argv.first().map(Vec::as_slice).unwrap_or_default();
            let command = Command {
                line: exchange.line.clone(),
                name: String::from_utf8_lossy(word).to_lowercase(),
                keys: exchange.keys.iter().take(KEYS).cloned().collect(),
                changes: 0,
                changed: None,
                is_error: exchange.is_error,
            };
            self.push(exchange.when, Some(tab), What::Command(command));
        }
    }

    pub fn happened(&mut self, happened: Vec<Happening>) {
        for Happening { step, tab, event } in happened {
            if !self.belongs_to_command(step, &event) && !self.joins_last(step, &event) {
                self.push(When { step, at: event.at }, tab, What::Key(event, 1));
            }
        }
    }

    /// A change is part of the mark of the command that made it.
    fn belongs_to_command(&mut self, step: u64, event: &Event) -> bool {
        if !matches!(event.kind, EventKind::Changed { .. } | EventKind::Database { .. }) {
            return false;
        }
        let mut last = self.marks.iter_mut().rev().take_while(|mark| mark.step >= step);
        let Some(mark) = last.find(|mark| mark.step == step && matches!(mark.what, What::Command(_))) else {
            return false;
        };
        if let What::Command(command) = &mut Rc::make_mut(mark).what {
            command.changes += 1;
            command.changed = command.changed.or(Some(event.name()));
            if command.keys.len() < KEYS && !event.key.is_empty() && !command.keys.contains(&event.key) {
                command.keys.push(event.key.clone());
            }
        }
        true
    }

    /// The same thing again, to the same key at the same moment, is counted instead of drawn again.
    fn joins_last(&mut self, step: u64, event: &Event) -> bool {
        let place = self.place(step);
        let Some(last) = place.checked_sub(1).and_then(|at| self.marks.get_mut(at)) else { return false };
        let What::Key(known, _) = &last.what else { return false };
        if (known.db, &known.key, &known.kind, known.at) != (event.db, &event.key, &event.kind, event.at) {
            return false;
        }
        if let What::Key(_, times) = &mut Rc::make_mut(last).what {
            *times += 1;
        }
        true
    }

    pub fn arrived(&mut self, tab: TabId, arrivals: &[Arrival]) {
        let skipped = arrivals.len().saturating_sub(KEPT);
        for arrival in arrivals.iter().skip(skipped) {
            let lines = arrival.output.lines().map(str::trim).filter(|line| !line.is_empty());
            let text: String = lines.collect::<Vec<_>>().join(" ").chars().take(SHOWN).collect();
            self.push(arrival.when, Some(tab), What::Push(text.into()));
        }
    }

    pub fn moved(&mut self, moved: Move) {
        self.push(When { step: moved.step, at: moved.from }, None, What::Clock(moved));
    }

    pub fn mode(&mut self, view: &View, mode: ClockMode) {
        // Turning a knob to and fro is one change of mind.
        if self.marks.back().is_some_and(|mark| mark.at == view.now && matches!(mark.what, What::Mode(_))) {
            self.marks.pop_back();
        }
        self.push(When { step: view.travel.steps, at: view.now }, None, What::Mode(mode));
    }

    /// Forgets what came after a step.
    pub fn cut(&mut self, step: u64) {
        self.marks.retain(|mark| mark.step <= step);
    }

    /// The last marks to draw, oldest first, around the step that is seen: most of them before it, some after.
    pub fn drawn(&self, most: usize, seen: u64) -> Vec<&Rc<Mark>> {
        let taken = || self.marks.iter().rev().filter(|mark| self.filter.takes(mark));
        let later = taken().take_while(|mark| mark.step > seen).count();
        let mut drawn: Vec<_> = taken().skip(later.saturating_sub(most / 3)).take(most).collect();
        drawn.reverse();
        drawn
    }

    /// Behind the last mark of a step: marks are in the order of their steps, though those of events come after those of
    /// all the commands that were run at once.
    fn place(&self, step: u64) -> usize {
        let later = self.marks.iter().rev().take_while(|mark| mark.step > step).count();
        self.marks.len() - later
    }

    fn push(&mut self, When { step, at }: When, tab: Option<TabId>, what: What) {
        let id = self.next_id;
        self.next_id += 1;
        self.marks.insert(self.place(step), Rc::new(Mark { id, step, at, tab, what }));
        if self.marks.len() > KEPT {
            self.marks.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use playground_engine::Expiry;

    fn event(key: &[u8], kind: EventKind) -> Event {
        Event { at: 1, db: 0, key: key.to_vec(), kind }
    }

    fn expired(key: &[u8]) -> Event {
        event(key, EventKind::Expired { how: Expiry::Active, late_ms: 0 })
    }

    fn happening(step: u64, event: Event) -> Happening {
        Happening { step, tab: None, event }
    }

    fn ran(step: u64, line: &str) -> Exchange {
        let words: Vec<Vec<u8>> = line.split(' ').map(|word| word.as_bytes().to_vec()).collect();
        Exchange {
            prompt: "> ".into(),
            line: line.into(),
            keys: words.get(1).cloned().into_iter().collect(),
            argv: words,
            output: "OK\n".into(),
            when: When { step, at: step * 10 },
            ..Exchange::default()
        }
    }

    #[test]
    fn repeats_are_counted_and_the_rest_is_capped() {
        let mut timeline = Timeline::default();
        timeline.happened([b"a", b"a", b"b"].map(|key| happening(1, expired(key))).to_vec());
        assert_eq!(timeline.marks.len(), 2);
        assert!(matches!(timeline.marks[0].what, What::Key(_, 2)));
        for n in 0..3_000_u32 {
            timeline.happened(vec![happening(2, expired(&n.to_be_bytes()))]);
        }
        assert_eq!(timeline.marks.len(), KEPT);
    }

    #[test]
    fn a_command_and_its_changes_are_one_mark_and_what_it_met_expired_is_another() {
        let mut timeline = Timeline::default();
        timeline.ran(TabId(0), &[ran(1, "SET a 1"), ran(2, "GET b"), ran(3, "RENAME a c")]);
        let changed = |key: &[u8], name| event(key, EventKind::Changed { name });
        timeline.happened(vec![
            happening(1, changed(b"a", "set")),
            happening(2, expired(b"b")),
            happening(3, changed(b"a", "rename_from")),
            happening(3, changed(b"c", "rename_to")),
        ]);
        let commands: Vec<_> = timeline
            .marks
            .iter()
            .filter_map(|mark| match &mark.what {
                What::Command(command) => Some((command.name.as_str(), command.changes, command.keys.len())),
                _ => None,
            })
            .collect();
        assert_eq!(commands, [("set", 1, 1), ("get", 0, 1), ("rename", 2, 2)]);
        assert_eq!(timeline.marks.iter().filter(|mark| mark.kind() == Kind::Expiry).count(), 1);
    }

    #[test]
    fn the_filter_takes_sessions_kinds_and_keys() {
        let mut timeline = Timeline::default();
        timeline.ran(TabId(0), &[ran(1, "SET user:1 x")]);
        timeline.ran(TabId(1), &[ran(2, "SET user:2 x"), ran(3, "SET other x")]);
        timeline.happened(vec![happening(4, expired(b"user:1"))]);
        let mut steps = |filter: Filter| {
            timeline.filter = filter;
            timeline.drawn(60, 9).iter().map(|mark| mark.step).collect::<Vec<_>>()
        };
        assert_eq!(steps(Filter::default()), [1, 2, 3, 4]);
        assert_eq!(steps(Filter { tab: Some(TabId(1)), ..Filter::default() }), [2, 3]);
        assert_eq!(steps(Filter { key: "user".into(), ..Filter::default() }), [1, 2, 4]);
        assert_eq!(steps(Filter { kind: Some(Kind::Expiry), ..Filter::default() }), [4]);
    }

    #[test]
    fn marks_around_the_moment_that_is_seen_are_drawn_and_later_ones_forgotten() {
        let mut timeline = Timeline::default();
        for step in 1..=300 {
            timeline.ran(TabId(0), &[ran(step, "INCR n")]);
        }
        let steps = |timeline: &Timeline, seen| {
            let drawn = timeline.drawn(60, seen);
            (drawn.first().map(|mark| mark.step), drawn.last().map(|mark| mark.step))
        };
        assert_eq!(steps(&timeline, 300), (Some(241), Some(300)));
        assert_eq!(steps(&timeline, 100), (Some(61), Some(120)));
        timeline.cut(100);
        assert_eq!(steps(&timeline, 100), (Some(41), Some(100)));
    }
}
