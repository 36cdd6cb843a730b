//! The bridge's sessions: the connections behind the tabs, the lines that wait to be run in them, and what comes back.
//!
//! All of them are clients of one engine. Nothing here knows a key or moves the clock.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use playground_engine::command::keys;
use playground_engine::session::Session;
use playground_engine::{parse, print};

use super::Bridge;
use super::assist::helped;
use super::world::{Input, Mail, World};
use crate::client_words::{self, Said};
use crate::explain;
use crate::state::Action;
use crate::state::lesson::Play;
use crate::state::sessions::{Focus, MAIN, TabId};
use crate::state::terminal::{Arrival, Exchange, Kept};
use crate::state::timeline::Happening;
use crate::state::travel::When;

/// Lines run at once before the page may draw: few while few wait, more where it would take too many pictures.
const LINES_AT_ONCE: std::ops::RangeInclusive<usize> = 200..=1_000;
/// Of the lines that wait, one in so many is run at once.
const PORTION: usize = 2;

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
    /// The line of the script that it is.
    script: Option<Rc<str>>,
}

impl Line {
    fn new(text: String, play: Option<Play>) -> Self {
        Self { text, play, times: 1, shown: None, script: None }
    }

    fn of_script(line: &Rc<str>) -> Self {
        Self { script: Some(line.clone()), ..Self::new(line.to_string(), None) }
    }
}

/// A session of the page.
#[derive(Debug)]
struct Client {
    tab: TabId,
    name: Rc<str>,
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
        Some(Line {
            text: line.text.clone(),
            play: line.play.take(),
            times: 1,
            shown,
            script: line.script.take(),
        })
    }
}

/// All sessions of the page; there is always one.
#[derive(Debug)]
pub(super) struct Clients {
    all: Vec<Client>,
    shown: TabId,
    next: u64,
    /// What every session is or was called, by its number.
    names: BTreeMap<TabId, Rc<str>>,
}

impl Clients {
    /// A world with one connection, and the client behind it.
    pub fn connect(world: &mut World) -> Self {
        let main = TabId::default();
        world.apply(&Input::Open { tab: main, name: MAIN.into() });
        let mut clients = Self { all: Vec::new(), shown: main, next: 0, names: BTreeMap::new() };
        clients.add(main, MAIN.into());
        clients
    }

    fn add(&mut self, tab: TabId, name: Rc<str>) {
        self.next = self.next.max(tab.0 + 1);
        self.names.insert(tab, name.clone());
        self.all.push(Client { tab, name, waiting: VecDeque::new(), asked: 0 });
    }

    fn get(&self, tab: TabId) -> Option<&Client> {
        self.all.iter().find(|client| client.tab == tab)
    }

    fn get_mut(&mut self, tab: TabId) -> Option<&mut Client> {
        self.all.iter_mut().find(|client| client.tab == tab)
    }

    pub(super) fn tabs(&self) -> impl Iterator<Item = TabId> {
        self.all.iter().map(|client| client.tab)
    }

    pub(super) fn named(&self, name: &str) -> Option<TabId> {
        self.all.iter().find(|client| *client.name == *name).map(|client| client.tab)
    }

    /// What a session is or was called.
    pub(super) fn name_of(&self, tab: TabId) -> Option<Rc<str>> {
        self.names.get(&tab).cloned()
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
        self.world.session(tab)
    }

    /// Whether a session waits for something, if only for the script of another one to end; lines typed meanwhile wait
    /// with it.
    fn is_blocked(&self, tab: TabId) -> bool {
        let is_held = || {
            let id = self.world.id(tab);
            id.is_some_and(|id| self.world.engine.held_by_script().any(|(held, _)| held == id))
        };
        self.session(tab).is_some_and(Session::is_blocked) || is_held()
    }

    // ---- opening, showing, closing -------------------------------------------------------------------------------

    /// A new session, shown.
    pub(super) fn open(&mut self, name: Option<Rc<str>>, focus: Focus, actions: &mut Vec<Action>) -> TabId {
        let name = name.unwrap_or_else(|| self.clients.new_name());
        let tab = TabId(self.clients.next);
        self.clients.add(tab, name.clone());
        self.input(Input::Open { tab, name: name.clone() });
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
        self.input(Input::Close(tab));
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
        self.reconnect(tab, name, play, actions);
    }

    pub(super) fn reconnect(
        &mut self,
        tab: TabId,
        name: &str,
        play: Option<Play>,
        actions: &mut Vec<Action>,
    ) {
        let (_, when) = self.input(Input::Reconnect(tab));
        self.stop(tab, actions);
        actions.push(Action::Arrived(tab, vec![note("(closed)\n", when)]));
        actions.push(Action::HungUp { name: name.into(), play });
    }

    /// The sessions that another world has: those that it lacks go, those that it has besides come, and no line waits.
    pub(super) fn follow_connections(&mut self, actions: &mut Vec<Action>) {
        for client in std::mem::take(&mut self.clients.all) {
            let stays = self.world.id(client.tab).is_some();
            if client.asked > 0 && stays {
                actions.push(Action::Waiting { tab: client.tab, left: 0, of: client.asked });
            }
            if stays {
                self.clients.all.push(Client { waiting: VecDeque::new(), asked: 0, ..client });
            } else {
                actions.push(Action::Closed { tab: client.tab, name: client.name, play: None });
            }
        }
        for connection in self.world.connections.clone() {
            if self.clients.get(connection.tab).is_none() {
                self.clients.add(connection.tab, connection.name.clone());
                actions.push(Action::Opened(connection.tab, connection.name));
            }
        }
        if self.clients.get(self.clients.shown).is_none()
            && let Some(first) = self.clients.all.first().map(|client| client.tab)
        {
            self.show(first, Focus::Stay, actions);
        }
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
        self.add(tab, lines.into_iter().map(|text| Line::new(text, play)), actions);
    }

    /// Has a session run lines of the script.
    pub(super) fn run_script(&mut self, tab: TabId, lines: &[Rc<str>], actions: &mut Vec<Action>) {
        self.add(tab, lines.iter().map(Line::of_script), actions);
    }

    fn add(&mut self, tab: TabId, lines: impl Iterator<Item = Line>, actions: &mut Vec<Action>) {
        let Some(client) = self.clients.get_mut(tab) else { return };
        client.waiting.extend(lines.filter(|line| !line.text.trim().is_empty()));
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

    /// Whether a line would not be run at once.
    pub(super) fn waits(&self, tab: TabId) -> bool {
        self.is_blocked(tab) || self.clients.get(tab).is_some_and(|client| !client.waiting.is_empty())
    }

    pub(super) fn stop(&mut self, tab: TabId, actions: &mut Vec<Action>) {
        if let Some(client) = self.clients.get_mut(tab) {
            client.waiting.clear();
            actions.push(Action::Waiting { tab, left: 0, of: client.asked });
        }
    }

    pub(super) fn cancel(&mut self, tab: TabId, actions: &mut Vec<Action>) {
        let (events, _) = self.input(Input::Cancel(tab));
        self.took_place(events, actions);
    }

    fn run_waiting(&mut self, tab: TabId, actions: &mut Vec<Action>) {
        let (mut exchanges, mut happened) = (Vec::new(), Vec::new());
        let waiting = self.clients.get(tab).map_or(0, Client::left);
        for _ in 0..(waiting / PORTION).clamp(*LINES_AT_ONCE.start(), *LINES_AT_ONCE.end()) {
            if self.is_blocked(tab) {
                break;
            }
            let next = self.clients.get_mut(tab).and_then(Client::next_line);
            let Some(line) = next else { break };
            // What a number repeats is for the server.
            let said = if line.shown.is_some() { Said::Nothing } else { client_words::said(&line.text) };
            match said {
                Said::Nothing => exchanges.extend(self.run_line(tab, line, &mut happened)),
                Said::Exit => {
                    let line = Line { text: "QUIT".to_owned(), shown: Some(line.text.clone()), ..line };
                    exchanges.extend(self.run_line(tab, line, &mut happened));
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
            // Some commands change what an exercise asks for, a setting or what a group has pending, and no key.
            if happened.is_empty() && self.watch.check.is_some() {
                self.check();
            }
        }
        self.took_place(happened, actions);
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
            client.waiting.push_front(Line { text, times, shown: Some(line.text.clone()), ..line });
        } else {
            // The client's own words are not worth repeating.
            client.waiting.push_front(Line { text, ..line });
        }
    }

    /// What the client answers itself.
    fn client_answers(&self, tab: TabId, line: Line, said: Said) -> Option<Exchange> {
        let prompt = self.prompt(self.world.id(tab)?);
        let Line { text, play, script, .. } = line;
        let (output, aside, is_error) = match said {
            Said::Help(topic) => {
                let (text, aside) = helped(&topic);
                (text, aside, false)
            }
            _ => ("Invalid redis-cli repeat command option value.\n".to_owned(), None, true),
        };
        let (line, output) = (text.trim().into(), output.into());
        let when = self.when();
        Some(Exchange { prompt, line, output, is_error, play, script, when, aside, ..Exchange::default() })
    }

    /// Runs a line of a record. One that clears the log leaves it be.
    pub(super) fn run_again(
        &mut self,
        tab: TabId,
        line: &str,
        happened: &mut Vec<Happening>,
    ) -> Option<Exchange> {
        let is_clear = line.trim().eq_ignore_ascii_case("clear");
        if is_clear { None } else { self.run_line(tab, Line::new(line.to_owned(), None), happened) }
    }

    /// Runs a line as redis-cli would, and prints what it prints.
    fn run_line(&mut self, tab: TabId, line: Line, happened: &mut Vec<Happening>) -> Option<Exchange> {
        let id = self.world.id(tab)?;
        let prompt = self.prompt(id);
        let Line { text, play, shown, script, .. } = line;
        let line: Rc<str> = text.trim().into();
        let mut reply = None;
        let (argv, output, is_error, aside, when) = match parse::split_line(line.as_bytes()) {
            Ok(argv) => {
                let (said, events, when) = self.say(tab, line.clone());
                happened.extend(events);
                // How an answer is read may be what it has just settled (`HELLO`).
                let protocol = self.world.protocol(id);
                let output = print::answer(&argv, &said, protocol);
                let is_error = said.is_error();
                let aside = self.explained(tab, &argv, &said);
                reply = Some(Kept::new(said, protocol));
                (argv, output, is_error, aside, when)
            }
            Err(error) => {
                let aside = Some(Rc::new(explain::unbalanced()));
                // Nothing comes of it, but it was typed.
                let (_, when) = self.input(Input::Line { tab, line: line.clone() });
                (Vec::new(), format!("{error}\n"), true, aside, when)
            }
        };
        let waits = self.is_blocked(tab);
        // Nothing has been answered yet.
        let reply = reply.filter(|_| !waits);
        Some(Exchange {
            prompt,
            line: shown.map_or(line, |shown| shown.trim().into()),
            keys: keys::named_in(&argv),
            argv,
            output: output.into(),
            is_error,
            waits,
            play,
            script,
            reply,
            aside,
            when,
        })
    }

    // ---- what is seen of them --------------------------------------------------------------------------------------

    /// Shows what has arrived since this was last asked: late answers, messages.
    pub(super) fn collect(&mut self, actions: &mut Vec<Action>) {
        let mut by_tab: Vec<(TabId, Vec<Arrival>)> = Vec::new();
        for (tab, mail, when) in std::mem::take(&mut self.mail) {
            let arrival = match mail {
                Mail::Reply(reply, protocol) => Arrival {
                    output: print::redis_cli_as(&reply, protocol).into(),
                    is_message: reply.is_push(),
                    is_error: reply.is_error(),
                    aside: self.explained(tab, &[], &reply),
                    reply: Some(Kept::new(reply, protocol)),
                    when,
                },
                Mail::Closed => note("Error: Server closed the connection\n", when),
            };
            match by_tab.iter_mut().find(|(known, _)| *known == tab) {
                Some((_, arrivals)) => arrivals.push(arrival),
                None => by_tab.push((tab, vec![arrival])),
            }
        }
        actions.extend(by_tab.into_iter().map(|(tab, arrivals)| Action::Arrived(tab, arrivals)));
    }
}

/// What the connection itself has to say; it also ends what a line waits for.
fn note(text: &str, when: When) -> Arrival {
    Arrival { output: text.into(), is_error: true, when, ..Arrival::default() }
}
