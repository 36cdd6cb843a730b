//! The sessions of the page: a tab each, which of them is shown, and whether all are shown side by side.
//!
//! What a session holds in Redis is the engine's business; a tab knows only what was said in it. Opening and closing
//! come from the bridge, which has the connections.

use std::rc::Rc;

use super::terminal::{Arrival, Exchange, Terminal};
use super::view::Blocked;

/// What the first session is called, here and in lessons.
pub const MAIN: &str = "main";

/// Names a session of the page; never used twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct TabId(pub u64);

/// Where the keyboard goes when a session is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    /// Nowhere: it stays where it is.
    #[default]
    Stay,
    Prompt,
    Tab,
}

/// What the engine says of a session at the moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionView {
    pub tab: TabId,
    /// What its prompt says.
    pub prompt: Rc<str>,
    /// What it waits for.
    pub blocked: Option<Rc<Blocked>>,
}

/// A session as the page keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct Tab {
    pub id: TabId,
    pub name: Rc<str>,
    pub terminal: Rc<Terminal>,
    /// How much came while it was not shown.
    pub unseen: usize,
}

impl Tab {
    fn new(id: TabId, name: Rc<str>) -> Self {
        Self { id, name, terminal: Rc::default(), unseen: 0 }
    }
}

/// All sessions, in the order in which they were opened. There is always one.
#[derive(Clone, Debug, PartialEq)]
pub struct Sessions {
    pub tabs: Vec<Tab>,
    pub shown: TabId,
    /// All are shown side by side, where there is room.
    pub beside: bool,
    /// Where the keyboard was last sent, and how often that happened.
    pub focus: (u64, Focus),
}

impl Default for Sessions {
    fn default() -> Self {
        let main = Tab::new(TabId::default(), MAIN.into());
        Self { shown: main.id, tabs: vec![main], beside: false, focus: Default::default() }
    }
}

impl Sessions {
    pub fn get(&self, id: TabId) -> Option<&Tab> {
        self.tabs.iter().find(|tab| tab.id == id)
    }

    fn get_mut(&mut self, id: TabId) -> Option<&mut Tab> {
        self.tabs.iter_mut().find(|tab| tab.id == id)
    }

    /// Changes what one session's terminal shows.
    pub fn change(&mut self, id: TabId, change: impl FnOnce(&mut Terminal)) {
        if let Some(tab) = self.get_mut(id) {
            change(Rc::make_mut(&mut tab.terminal));
        }
    }

    pub fn opened(&mut self, id: TabId, name: Rc<str>) {
        self.tabs.push(Tab::new(id, name));
    }

    /// The bridge shows another one if this one was shown.
    pub fn closed(&mut self, id: TabId) {
        self.tabs.retain(|tab| tab.id != id);
    }

    /// Forgets what was said after a step.
    pub fn cut(&mut self, step: u64) {
        for tab in &mut self.tabs {
            Rc::make_mut(&mut tab.terminal).cut(step);
        }
    }

    pub fn show(&mut self, id: TabId, focus: Focus) {
        let Some(tab) = self.get_mut(id) else { return };
        tab.unseen = 0;
        self.shown = id;
        if focus != Focus::Stay {
            self.focus = (self.focus.0 + 1, focus);
        }
    }

    /// Whoever changes between one and all has seen what there is.
    pub fn set_beside(&mut self, beside: bool) {
        self.beside = beside;
        self.tabs.iter_mut().for_each(|tab| tab.unseen = 0);
    }

    pub fn ran(&mut self, id: TabId, exchanges: Vec<Exchange>) {
        self.came(id, exchanges.len());
        self.change(id, |terminal| terminal.ran(exchanges));
    }

    pub fn arrived(&mut self, id: TabId, arrivals: Vec<Arrival>) {
        self.came(id, arrivals.len());
        self.change(id, |terminal| terminal.arrived(arrivals));
    }

    fn came(&mut self, id: TabId, count: usize) {
        let shown = self.shown;
        if let Some(tab) = self.get_mut(id).filter(|tab| tab.id != shown) {
            tab.unseen += count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message() -> Vec<Arrival> {
        vec![Arrival { output: "hi\n".into(), is_message: true, ..Arrival::default() }]
    }

    fn two() -> Sessions {
        let mut sessions = Sessions::default();
        sessions.opened(TabId(1), "alice".into());
        sessions
    }

    #[test]
    fn what_comes_unseen_is_counted_until_it_is_shown() {
        let mut sessions = two();
        sessions.arrived(TabId(1), message());
        sessions.arrived(TabId(1), message());
        sessions.arrived(TabId(0), message());
        let unseen = |sessions: &Sessions| sessions.tabs.iter().map(|tab| tab.unseen).collect::<Vec<_>>();
        assert_eq!(unseen(&sessions), [0, 2]);
        sessions.show(TabId(1), Focus::Stay);
        assert_eq!((unseen(&sessions), sessions.shown), (vec![0, 0], TabId(1)));
        sessions.arrived(TabId(0), message());
        sessions.set_beside(true);
        assert_eq!(unseen(&sessions), [0, 0]);
        assert_eq!(sessions.get(TabId(1)).map(|tab| tab.terminal.log.len()), Some(2));
    }

    #[test]
    fn the_keyboard_is_sent_anew_even_to_where_it_was_sent_before() {
        let mut sessions = two();
        sessions.show(TabId(1), Focus::Prompt);
        let first = sessions.focus;
        sessions.show(TabId(1), Focus::Prompt);
        assert_ne!(sessions.focus, first);
        let second = sessions.focus;
        sessions.show(TabId(0), Focus::Stay);
        assert_eq!(sessions.focus, second);
    }

    #[test]
    fn what_is_said_to_a_closed_session_is_dropped() {
        let mut sessions = two();
        sessions.closed(TabId(1));
        sessions.arrived(TabId(1), message());
        sessions.show(TabId(1), Focus::Tab);
        assert_eq!((sessions.tabs.len(), sessions.shown, sessions.focus.0), (1, TabId(0), 0));
    }
}
