//! The bridge's sessions: the connections behind the tabs, the lines that wait to be run in them, and what comes back.
//!
//! All of them are clients of one engine. Nothing here knows a key or the clock.

use std::collections::VecDeque;
use std::rc::Rc;

use playground_engine::session::Session;
use playground_engine::{Engine, Event, Protocol, SessionId, parse, print};

use super::Bridge;
use super::assist::helped;
use crate::client_words::{self, Said};
use crate::explain;
use crate::format;
use crate::state::Action;
use crate::state::lesson::Play;
use crate::state::sessions::{Focus, MAIN, SessionView, TabId};
use crate::state::terminal::{Arrival, Exchange, Kept};
use crate::state::view::Blocked;

/// Lines run at once before the page may draw: few while few wait, more where it would take too many pictures.
const LINES_AT_ONCE: std::ops::RangeInclusive<usize> = 100..=2_000;

/// What new sessions are called; the next ones by their number.
const NAMES: [&str; 4] = ["alice", "bob", "carol", "dave"];

/// A line that waits, and the thing to do in the lesson that it is.
#[derive(Debug)]
struct Line {
    text: String,
    play: Option<Play>,
    /// How often it is still to be run.
    times: usize,
    /// What stands for it in the log, where that is not the line itself.
    shown: Option<String>,
}

impl Line {
    fn new(text: String, play: Option<Play>) -> Self {
        Self { text, play, times: 1, shown: None }
    }
}

/// A session of the page.
#[derive(Debug)]
struct Client {
    tab: TabId,
    name: Rc<str>,
    id: SessionId,
    waiting: VecDeque<Line>,
    /// How many lines were waiting when the last ones were added.
    asked: usize,
}

impl Client {
    fn left(&self) -> usize {
        self.waiting.iter().fold(0, |left, line| left.saturating_add(line.times))
    }

    /// The next line, once.
    fn next_line(&mut self) -> Option<Line> {
        let line = self.waiting.front_mut().filter(|line| line.times > 1);
        let Some(line) = line else { return self.waiting.pop_front() };
        line.times -= 1;
        // The line is shown with its first answer.
        let shown = line.shown.as_mut().map(std::mem::take);
        Some(Line { text: line.text.clone(), play: line.play.take(), times: 1, shown })
    }
}

/// All sessions of the page; there is always one.
#[derive(Debug)]
pub(super) struct Clients {
    all: Vec<Client>,
    shown: TabId,
    next: u64,
}

impl Clients {
    pub fn connect(engine: &mut Engine) -> Self {
        let mut clients = Self { all: Vec::new(), shown: TabId::default(), next: 0 };
        clients.open(engine, MAIN.into());
        clients
    }

    fn open(&mut self, engine: &mut Engine, name: Rc<str>) -> TabId {
        let tab = TabId(self.next);
        self.next += 1;
        let (id, waiting, asked) = (engine.connect(), VecDeque::new(), 0);
        self.all.push(Client { tab, name, id, waiting, asked });
        tab
    }

    fn get(&self, tab: TabId) -> Option<&Client> {
        self.all.iter().find(|client| client.tab == tab)
    }

    fn get_mut(&mut self, tab: TabId) -> Option<&mut Client> {
        self.all.iter_mut().find(|client| client.tab == tab)
    }

    fn named(&self, name: &str) -> Option<TabId> {
        self.all.iter().find(|client| *client.name == *name).map(|client| client.tab)
    }

    fn new_name(&self) -> Rc<str> {
        let numbered = (NAMES.len() + 1..).map(|number| format!("s{number}"));
        let mut names = NAMES.into_iter().map(str::to_owned).chain(numbered);
        names.find(|name| self.named(name).is_none()).unwrap_or_default().into()
    }
}

impl Bridge {
    pub(super) fn shown(&self) -> TabId {
        self.clients.shown
    }

    /// The database that the shown session is in.
    pub(super) fn db(&self) -> usize {
        self.session(self.clients.shown).map_or(0, |session| session.db)
    }

    /// The database that a session is in.
    pub(super) fn db_of(&self, tab: TabId) -> usize {
        self.session(tab).map_or(0, |session| session.db)
    }

    fn session(&self, tab: TabId) -> Option<&Session> {
        self.engine.session(self.clients.get(tab)?.id)
    }

    /// Whether a session waits for something; lines typed meanwhile wait with it.
    fn is_blocked(&self, tab: TabId) -> bool {
        self.session(tab).is_some_and(Session::is_blocked)
    }

    // ---- opening, showing, closing -------------------------------------------------------------------------------

    /// A new session, shown.
    pub(super) fn open(&mut self, name: Option<Rc<str>>, focus: Focus, actions: &mut Vec<Action>) -> TabId {
        let name = name.unwrap_or_else(|| self.clients.new_name());
        let tab = self.clients.open(&mut self.engine, name.clone());
        actions.push(Action::Opened(tab, name));
        self.show(tab, focus, actions);
        tab
    }

    pub(super) fn show(&mut self, tab: TabId, focus: Focus, actions: &mut Vec<Action>) {
        if self.clients.get(tab).is_none() {
            return;
        }
        let before = self.db();
        self.clients.shown = tab;
        if self.db() != before {
            self.window.0 = 0;
        }
        actions.push(Action::Shown(tab, focus));
    }

    /// The next session or the one before; the first follows the last.
    pub(super) fn turn(&mut self, back: bool, actions: &mut Vec<Action>) {
        let all = &self.clients.all;
        let at = all.iter().position(|client| client.tab == self.clients.shown).unwrap_or(0);
        let step = if back { all.len().saturating_sub(1) } else { 1 };
        let to = (at + step) % all.len().max(1);
        if let Some(tab) = all.get(to).map(|client| client.tab) {
            self.show(tab, Focus::Prompt, actions);
        }
    }

    /// The session of a name, shown, and opened if there is none.
    pub(super) fn speaker(&mut self, name: &Rc<str>, actions: &mut Vec<Action>) -> TabId {
        match self.clients.named(name) {
            Some(tab) if tab == self.clients.shown => tab,
            Some(tab) => {
                self.show(tab, Focus::Stay, actions);
                tab
            }
            None => self.open(Some(name.clone()), Focus::Stay, actions),
        }
    }

    /// Disconnects a session, and its tab goes; the last one stays.
    pub(super) fn close(&mut self, tab: TabId, focus: Focus, play: Option<Play>, actions: &mut Vec<Action>) {
        if self.clients.all.len() < 2 {
            return;
        }
        let Some(at) = self.clients.all.iter().position(|client| client.tab == tab) else { return };
        let client = self.clients.all.remove(at);
        self.engine.disconnect(client.id);
        actions.push(Action::Closed { tab, name: client.name, play });
        let neighbour = self.clients.all.get(at).or(self.clients.all.last()).map(|client| client.tab);
        let next = if self.clients.shown == tab { neighbour } else { Some(self.clients.shown) };
        if let Some(next) = next {
            self.show(next, focus, actions);
        }
    }

    /// A lesson has the session of a name disconnect. Where it is the only one, its tab stays and connects anew.
    pub(super) fn hang_up(&mut self, name: &str, play: Option<Play>, actions: &mut Vec<Action>) {
        let Some(tab) = self.clients.named(name) else { return };
        if self.clients.all.len() > 1 {
            self.close(tab, Focus::Stay, play, actions);
            return;
        }
        self.reconnect(tab);
        self.stop(tab, actions);
        actions.push(Action::Arrived(tab, vec![note("(closed)\n")]));
        actions.push(Action::HungUp { name: name.into(), play });
    }

    fn reconnect(&mut self, tab: TabId) {
        if let Some(client) = self.clients.get_mut(tab) {
            self.engine.disconnect(client.id);
            client.id = self.engine.connect();
        }
    }

    /// After `QUIT`: the terminal connects anew, as one would start redis-cli again.
    fn reconnect_if_closed(&mut self, tab: TabId) -> bool {
        let closed = self.session(tab).is_none_or(|session| session.closing);
        if closed {
            self.reconnect(tab);
        }
        closed
    }

    // ---- lines -----------------------------------------------------------------------------------------------------

    /// Has a session run lines, behind those that wait in it.
    pub(super) fn run(
        &mut self,
        tab: TabId,
        lines: Vec<String>,
        play: Option<Play>,
        actions: &mut Vec<Action>,
    ) {
        let Some(client) = self.clients.get_mut(tab) else { return };
        let lines = lines.into_iter().filter(|line| !line.trim().is_empty());
        client.waiting.extend(lines.map(|text| Line::new(text, play)));
        client.asked = client.left();
        self.run_waiting(tab, actions);
    }

    /// Goes on with the lines that wait, wherever they can be run.
    pub(super) fn go_on(&mut self, actions: &mut Vec<Action>) {
        for tab in self.runnable() {
            self.run_waiting(tab, actions);
        }
    }

    pub(super) fn runnable(&self) -> Vec<TabId> {
        let waiting = self.clients.all.iter().filter(|client| !client.waiting.is_empty());
        waiting.map(|client| client.tab).filter(|tab| !self.is_blocked(*tab)).collect()
    }

    pub(super) fn stop(&mut self, tab: TabId, actions: &mut Vec<Action>) {
        if let Some(client) = self.clients.get_mut(tab) {
            client.waiting.clear();
            actions.push(Action::Waiting { tab, left: 0, of: client.asked });
        }
    }

    pub(super) fn cancel(&mut self, tab: TabId, actions: &mut Vec<Action>) {
        if let Some(client) = self.clients.get(tab) {
            let events = self.engine.cancel_wait(client.id);
            self.took_place(events, actions);
        }
    }

    fn run_waiting(&mut self, tab: TabId, actions: &mut Vec<Action>) {
        let (mut exchanges, mut events) = (Vec::new(), Vec::new());
        let waiting = self.clients.get(tab).map_or(0, Client::left);
        for _ in 0..(waiting / 20).clamp(*LINES_AT_ONCE.start(), *LINES_AT_ONCE.end()) {
            if self.is_blocked(tab) {
                break;
            }
            let next = self.clients.get_mut(tab).and_then(Client::next_line);
            let Some(line) = next else { break };
            // What a number repeats is for the server.
            let said = if line.shown.is_some() { Said::Nothing } else { client_words::said(&line.text) };
            match said {
                Said::Nothing => exchanges.extend(self.run_line(tab, line, &mut events)),
                Said::Exit => {
                    let line = Line { text: "QUIT".to_owned(), shown: Some(line.text.clone()), ..line };
                    exchanges.extend(self.run_line(tab, line, &mut events));
                }
                Said::Clear => {
                    if !exchanges.is_empty() {
                        actions.push(Action::Ran(tab, std::mem::take(&mut exchanges)));
                    }
                    actions.push(Action::Cleared(tab));
                }
                Said::Repeat(times, text) => self.repeat(tab, times, text, line),
                Said::Help(_) | Said::BadRepeat => exchanges.extend(self.client_answers(tab, line, said)),
            }
        }
        if !exchanges.is_empty() {
            actions.push(Action::Ran(tab, exchanges));
        }
        self.took_place(events, actions);
        if let Some(client) = self.clients.get(tab) {
            actions.push(Action::Waiting { tab, left: client.left(), of: client.asked });
        }
    }

    /// Puts what a number repeats before the lines that wait.
    fn repeat(&mut self, tab: TabId, times: u64, text: String, line: Line) {
        let Some(client) = self.clients.get_mut(tab) else { return };
        let is_command = client_words::said(&text) == Said::Nothing
            || matches!(client_words::said(&text), Said::Repeat(..) | Said::BadRepeat);
        if is_command {
            let times = usize::try_from(times).unwrap_or(usize::MAX);
            client.asked = client.asked.saturating_add(times - 1);
            client.waiting.push_front(Line { text, times, shown: Some(line.text), play: line.play });
        } else {
            // The client's own words are not worth repeating.
            client.waiting.push_front(Line { text, ..line });
        }
    }

    /// What the client answers itself.
    fn client_answers(&self, tab: TabId, line: Line, said: Said) -> Option<Exchange> {
        let prompt = self.prompt(self.clients.get(tab)?.id);
        let Line { text, play, .. } = line;
        let (output, aside, is_error) = match said {
            Said::Help(topic) => {
                let (text, aside) = helped(&topic);
                (text, aside, false)
            }
            _ => ("Invalid redis-cli repeat command option value.\n".to_owned(), None, true),
        };
        let (line, output) = (text.trim().into(), output.into());
        Some(Exchange { prompt, line, output, is_error, play, aside, ..Exchange::default() })
    }

    /// Runs a line as redis-cli would, and prints what it prints.
    fn run_line(&mut self, tab: TabId, line: Line, events: &mut Vec<Event>) -> Option<Exchange> {
        let id = self.clients.get(tab)?.id;
        let prompt = self.prompt(id);
        let Line { text, play, shown, .. } = line;
        let mut reply = None;
        let (argv, output, is_error, aside) = match parse::split_line(text.as_bytes()) {
            Ok(argv) => {
                let outcome = self.engine.execute(id, argv.clone());
                events.extend(outcome.events);
                let protocol = self.protocol(id);
                let output = print::answer(&argv, &outcome.reply, protocol);
                let is_error = outcome.reply.is_error();
                let aside = self.explained(tab, &argv, &outcome.reply);
                reply = Some(Kept::new(outcome.reply, protocol));
                self.reconnect_if_closed(tab);
                (argv, output, is_error, aside)
            }
            Err(error) => {
                let aside = Some(Rc::new(explain::unbalanced()));
                (Vec::new(), format!("{error}\n"), true, aside)
            }
        };
        let waits = self.is_blocked(tab);
        // Nothing has been answered yet.
        let reply = reply.filter(|_| !waits);
        Some(Exchange {
            prompt,
            line: shown.as_deref().unwrap_or(&text).trim().into(),
            argv,
            output: output.into(),
            is_error,
            waits,
            play,
            reply,
            aside,
        })
    }

    // ---- what is seen of them --------------------------------------------------------------------------------------

    /// Shows what has arrived since the sessions last spoke: late answers, messages.
    pub(super) fn collect(&mut self, actions: &mut Vec<Action>) {
        self.engine.take_with_mail();
        let tabs: Vec<_> = self.clients.all.iter().map(|client| (client.tab, client.id)).collect();
        for (tab, id) in tabs {
            let protocol = self.protocol(id);
            let mail = self.engine.take_outbox(id);
            let mut arrived: Vec<Arrival> = mail
                .iter()
                .map(|reply| Arrival {
                    output: print::redis_cli_as(reply, protocol).into(),
                    is_message: reply.is_push(),
                    is_error: reply.is_error(),
                    aside: self.explained(tab, &[], reply),
                    reply: Some(Kept::new(reply.clone(), protocol)),
                })
                .collect();
            let killed = self.engine.session(id).is_none();
            if self.reconnect_if_closed(tab) && killed {
                arrived.push(note("Error: Server closed the connection\n"));
            }
            if !arrived.is_empty() {
                actions.push(Action::Arrived(tab, arrived));
            }
        }
    }

    pub(super) fn look_at_sessions(&self) -> Vec<SessionView> {
        let look = |client: &Client| SessionView {
            tab: client.tab,
            prompt: self.prompt(client.id),
            blocked: self.blocked(client.id).map(Rc::new),
        };
        self.clients.all.iter().map(look).collect()
    }

    fn blocked(&self, id: SessionId) -> Option<Blocked> {
        let blocked = self.engine.session(id)?.blocked.as_ref()?;
        let words = blocked.request.argv.iter().map(|word| format::name(word));
        Some(Blocked { command: words.collect::<Vec<_>>().join(" ").into(), until: blocked.deadline })
    }

    /// The prompt as redis-cli shows it.
    fn prompt(&self, id: SessionId) -> Rc<str> {
        let session = self.engine.session(id);
        let db = match session.map_or(0, |session| session.db) {
            0 => String::new(),
            db => format!("[{db}]"),
        };
        let transaction = session.is_some_and(|session| session.transaction.is_some());
        let transaction = if transaction { "(TX)" } else { "" };
        let listens = if self.engine.is_listening(id) { "(subscribed mode)" } else { "" };
        format!("127.0.0.1:6379{db}{transaction}{listens}> ").into()
    }

    fn protocol(&self, id: SessionId) -> Protocol {
        self.engine.session(id).map_or_else(Protocol::default, |session| session.protocol)
    }
}

/// What the connection itself has to say; it also ends what a line waits for.
fn note(text: &str) -> Arrival {
    Arrival { output: text.into(), is_error: true, ..Arrival::default() }
}
