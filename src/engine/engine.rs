//! The front door: sessions come in, commands are executed, time is moved.
//!
//! The engine owns everything (databases, clock, random source, settings, sessions) and asks the world for nothing:
//! time passes only when [`Engine::advance`] says so. Whoever embeds it brings the wires, the timer and the pictures.

mod debugger;
mod looking;
mod scripts;

pub use debugger::{CallView, Debugger, ScriptView, Step, Variable};

use std::time::Duration;

use crate::clock::{Clock, DEFAULT_START};
use crate::closing;
use crate::command::blocking::{self, Patience};
use crate::config::Config;
use crate::dispatch::{self, Attempt, Context};
use crate::error::Error;
use crate::event::Event;
use crate::guard;
use crate::keyspace::waiting::Place;
use crate::keyspace::{Keyspace, Surroundings, evict, expire, fields};
use crate::mail;
use crate::reply::Reply;
use crate::rng::Rng;
use crate::session::{Blocked, Cause, Origin, Session, SessionId};
use crate::sessions::Sessions;

/// What an engine starts from; the rest of its life follows from its input.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Seeds the random source.
    pub seed: u64,
    /// Where the clock starts, in milliseconds since the Unix epoch.
    pub start: u64,
    /// Whether to collect [`Event`]s. A server that nobody watches saves the copies.
    pub record_events: bool,
    pub config: Config,
}

impl Default for Options {
    fn default() -> Self {
        Self { seed: 0, start: DEFAULT_START, record_events: true, config: Config::default() }
    }
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub reply: Reply,
    /// What happened to keys, in order; empty where events are not recorded.
    pub events: Vec<Event>,
}

/// A Redis.
#[derive(Clone, Debug)]
pub struct Engine {
    keyspace: Keyspace,
    around: Surroundings,
    sessions: Sessions,
    /// When the background cycle runs next.
    next_tick: u64,
}

impl Default for Engine {
    fn default() -> Self {
        Self::new(Options::default())
    }
}

impl Engine {
    pub fn new(options: Options) -> Self {
        let clock = Clock::starting_at(options.start);
        let keyspace = Keyspace::new(options.config.databases);
        let mut around = Surroundings::new(clock, Rng::seeded(options.seed), options.config);
        if !options.record_events {
            around.events = None;
        }
        let mut engine = Self { keyspace, around, sessions: Sessions::default(), next_tick: 0 };
        engine.next_tick = clock.now().saturating_add(engine.tick_period());
        engine
    }

    // ---- sessions ------------------------------------------------------------------------------------------------

    /// A new connection.
    pub fn connect(&mut self) -> SessionId {
        self.open(None)
    }

    /// A new connection over a network, unless there are too many.
    pub fn connect_from(&mut self, origin: Origin) -> Result<SessionId, Error> {
        if self.sessions.len() >= self.around.config.maxclients {
            self.around.stats.refused_connections += 1;
            return Err(Error::Fixed("ERR max number of clients reached"));
        }
        Ok(self.open(Some(origin)))
    }

    fn open(&mut self, origin: Option<Origin>) -> SessionId {
        self.around.stats.connections += 1;
        self.around.clients += 1;
        let id = self.sessions.open(origin, self.now());
        if let Some(session) = self.sessions.get_mut(id) {
            guard::begin(session, &self.around.acl);
        }
        id
    }

    /// Closes a connection and frees what it held.
    pub fn disconnect(&mut self, id: SessionId) {
        self.keep_for_script(id);
        self.sessions.close(id, &mut self.around);
    }

    pub fn session(&self, id: SessionId) -> Option<&Session> {
        self.sessions.get(id)
    }

    /// What waits for a session: late replies and pushes, in order; each is taken once.
    pub fn take_outbox(&mut self, id: SessionId) -> Vec<Reply> {
        self.sessions.take_outbox(id, &mut self.around)
    }

    /// Tells the engine how many bytes for a session could not be sent yet. One that has too many is closed.
    pub fn set_unsent(&mut self, id: SessionId, bytes: usize) {
        if self.sessions.set_unsent(id, bytes as u64, &mut self.around) {
            closing::limit_output(id, &mut self.sessions, &mut self.around);
            closing::limit_all(&mut self.sessions, &mut self.around);
        }
    }

    /// The sessions in whose outboxes something was put since this was last asked, and those that were closed meanwhile
    /// without their clients' will.
    pub fn take_with_mail(&mut self) -> Vec<SessionId> {
        self.sessions.take_with_mail()
    }

    // ---- commands ------------------------------------------------------------------------------------------------

    /// Executes one command line, the command word first. The clock stands still meanwhile.
    ///
    /// There is no reply ([`Reply::NOTHING`]) from a session that has to wait; it comes by the outbox. What such a
    /// session sends meanwhile is executed afterwards.
    pub fn execute(&mut self, id: SessionId, argv: Vec<Vec<u8>>) -> Outcome {
        let now = self.now();
        let reply = match self.sessions.get_mut(id) {
            None => Error::Fixed("ERR the session is closed").into(),
            Some(session) if session.is_blocked() => {
                session.last_interaction = now;
                session.backlog.push_back(argv);
                Reply::NOTHING
            }
            Some(_) if self.around.scripts.running.is_some() => self.beside_script(id, argv),
            Some(_) => self.run(id, argv, Attempt::First),
        };
        if self.around.scripts.running.is_none() {
            evict::go_on(&mut self.keyspace, &mut self.around, 0);
            expire::fast_cycle(&mut self.keyspace, &mut self.around);
        }
        self.settle();
        closing::limit_all(&mut self.sessions, &mut self.around);
        Outcome { reply, events: self.take_events() }
    }

    /// Takes a session's command line through the gates.
    fn run(&mut self, id: SessionId, argv: Vec<Vec<u8>>, attempt: Attempt) -> Reply {
        let Some(mut session) = self.sessions.take(id) else { return Reply::NOTHING };
        session.last_interaction = self.now();
        let place = self.around.mail.len();
        let (keyspace, around) = (&mut self.keyspace, &mut self.around);
        around.running = Some(id);
        let mut context = Context::new(keyspace, around, &mut session, &mut self.sessions);
        context.attempt = attempt;
        let reply = dispatch::process(&mut context, argv);
        let reply = session.heard(reply);
        if !session.is_blocked() {
            dispatch::command_over(&mut session, &mut self.around);
        }
        self.around.running = None;
        self.sessions.put_back(session);
        mail::write_out(place, &self.sessions, None, &mut self.around);
        self.sleep_off();
        reply
    }

    /// `DEBUG SLEEP` stops the server for a while: time passes, and no tick comes in it.
    fn sleep_off(&mut self) {
        let slept = std::mem::take(&mut self.around.slept);
        if slept > 0 {
            self.around.clock.advance_to(self.now().saturating_add(slept));
            self.next_tick = self.next_tick.max(self.now());
        }
    }

    /// Sees to what a command or a tick has set off: those who waited try again, those who wait no more do what they were
    /// sent meanwhile, and everybody gets their mail.
    fn settle(&mut self) {
        let around = &self.around;
        if around.mail.is_empty()
            && around.killed.is_empty()
            && around.waiting.is_settled()
            && around.pause.is_settled()
            && around.tracking.is_idle()
        {
            return;
        }
        self.bury();
        mail::write_out(0, &self.sessions, None, &mut self.around);
        if self.around.scripts.running.is_some() {
            mail::deliver(&mut self.sessions, &mut self.around);
            return;
        }
        self.serve_all();
        self.go_on_all();
        while let Some(id) = self.around.waiting.next_freed() {
            self.catch_up(id);
            self.go_on_all();
            if self.around.scripts.running.is_some() {
                break;
            }
        }
        self.bury();
        self.around.invalidate_at_end();
        mail::deliver(&mut self.sessions, &mut self.around);
    }

    /// Serves until no key is ready: to serve one may bring what others wait for.
    fn serve_all(&mut self) {
        loop {
            let ready = self.around.waiting.take_ready();
            if ready.is_empty() {
                break;
            }
            for place in ready {
                self.serve(&place);
            }
        }
    }

    /// Closes the sessions that a command has others lose; whoever holds their connections hears of it.
    fn bury(&mut self) {
        for id in std::mem::take(&mut self.around.killed) {
            self.sessions.kill(id, &mut self.around);
        }
    }

    /// Lets those who wait for a key try again, first come first served. Who finds nothing goes to the end of the queue,
    /// and comes no more in this round.
    fn serve(&mut self, place: &Place) {
        let last = self.around.waiting.last_ticket();
        let mut ticket = 0;
        while let Some((next, id)) = self.around.waiting.next_after(place, ticket) {
            if next > last {
                break;
            }
            ticket = next;
            let there = self.keyspace.kind(place.0, &place.1, self.now());
            if there.is_none() && !self.around.waiting.awaits_going(place) {
                break;
            }
            let wanted = self.sessions.get(id).and_then(|session| session.blocked.as_ref());
            if wanted.is_some_and(|blocked| may_serve(blocked, there)) {
                self.resume(id);
            }
        }
    }

    /// Has a session that waits try its command again.
    fn resume(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get_mut(id) else { return };
        let Some(Blocked { deadline, request, .. }) = blocking::leave(session, &mut self.around) else {
            return;
        };
        self.run_late(id, request.argv, Attempt::Again(Patience { until: deadline }));
        if self.sessions.get(id).is_some_and(|session| !session.is_blocked()) {
            self.around.waiting.free(id);
        }
    }

    /// Has a session whose command was postponed begin with it.
    fn go_on(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get_mut(id) else { return };
        let Some(Blocked { request, .. }) = blocking::leave(session, &mut self.around) else { return };
        self.run_late(id, request.argv, Attempt::Late);
        self.serve_all();
        self.catch_up(id);
    }

    /// The same for all whom a pause has let go.
    fn go_on_all(&mut self) {
        while let Some(id) = self.around.pause.next_released() {
            self.go_on(id);
        }
    }

    /// Executes what a session sent while it was waiting, up to a `QUIT`.
    fn catch_up(&mut self, id: SessionId) {
        loop {
            let Some(session) = self.sessions.get_mut(id) else { return };
            if session.is_blocked() || session.closing {
                return;
            }
            let Some(argv) = session.backlog.pop_front() else { return };
            if self.around.scripts.running.is_some() {
                self.around.scripts.held.push_back((id, argv));
                continue;
            }
            self.run_late(id, argv, Attempt::First);
            self.serve_all();
        }
    }

    /// Runs a command line whose reply comes by mail, before whatever the command itself sends to its session.
    fn run_late(&mut self, id: SessionId, argv: Vec<Vec<u8>>, attempt: Attempt) {
        let place = self.around.mail.len();
        let reply = self.run(id, argv, attempt);
        if reply != Reply::NOTHING {
            let place = place.min(self.around.mail.len());
            self.around.mail.insert(place, (id, reply.into()));
        }
    }

    // ---- time ----------------------------------------------------------------------------------------------------

    /// Milliseconds since the epoch.
    pub fn now(&self) -> u64 {
        self.around.clock.now()
    }

    /// Lets time pass: the background cycle runs at each tick on the way, and keys expire.
    pub fn advance(&mut self, by: Duration) -> Vec<Event> {
        let by = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        let target = self.now().saturating_add(by).min(Clock::END);
        self.allow_script();
        while self.step_before(target) {}
        self.around.clock.advance_to(target);
        closing::close_idle(&mut self.sessions, &mut self.around);
        self.take_events()
    }

    /// Lets time pass until the background cycle removes a key or a field of a hash; nothing happens where none has a
    /// deadline.
    pub fn advance_to_next_expiry(&mut self) -> Vec<Event> {
        let expired = self.around.stats.removed_by_cycle();
        while self.around.stats.removed_by_cycle() == expired
            && self.keyspace.next_deadline().is_some()
            && self.around.scripts.running.is_none()
        {
            if !self.step_before(Clock::END) {
                break;
            }
        }
        self.take_events()
    }

    /// Moves to the next tick or time-out, whichever is first, and sees to it; `false` where none comes before `target`.
    fn step_before(&mut self, target: u64) -> bool {
        if self.around.scripts.running.is_some() {
            return self.script_before(target);
        }
        let timeout = self.next_timeout().filter(|at| *at <= target);
        let ticked = self.tick_before(timeout.unwrap_or(target));
        if !ticked && let Some(timeout) = timeout {
            self.around.clock.advance_to(timeout);
            self.time_out();
            evict::go_on(&mut self.keyspace, &mut self.around, 1);
            closing::limit_slow(&mut self.sessions, &mut self.around);
        }
        self.settle();
        ticked || timeout.is_some()
    }

    /// Those who have waited long enough give up.
    fn time_out(&mut self) {
        let now = self.now();
        self.around.pause.end_if_over(now);
        while let Some(id) = self.around.waiting.first_due(now) {
            let Some(session) = self.sessions.get_mut(id) else { break };
            blocking::give_up(session, &mut self.around, None);
        }
    }

    /// Has a session give up waiting as if its time were up, as `CLIENT UNBLOCK` does, or end its script, as `SCRIPT KILL`
    /// does.
    pub fn cancel_wait(&mut self, id: SessionId) -> Vec<Event> {
        self.stop_script(id);
        if let Some(session) = self.sessions.get_mut(id) {
            blocking::give_up(session, &mut self.around, None);
            self.settle();
        }
        self.take_events()
    }

    /// When the next session gives up waiting or may go on, or is given up because it does not fetch what it is sent; or
    /// when eviction goes on.
    pub fn next_timeout(&self) -> Option<u64> {
        let (waiting, pause) = (&self.around.waiting, &self.around.pause);
        let too_slow = closing::next_too_slow(&self.sessions, &self.around);
        let evicts = self.around.evictor.is_running().then(|| self.now().saturating_add(1));
        [waiting.next_deadline(), pause.ends_at(), too_slow, evicts].into_iter().flatten().min()
    }

    /// When the next key or field expires, which may be past while nobody has met it.
    pub fn next_expiry(&self) -> Option<u64> {
        self.keyspace.next_deadline()
    }

    /// Switches the background cycle off or on, as `DEBUG SET-ACTIVE-EXPIRE` does: keys then go only when met.
    pub fn set_active_expire(&mut self, on: bool) {
        self.around.active_expire = on;
    }

    /// Moves to the next tick that may find something, and runs the cycle; `false` where none comes before `target`.
    fn tick_before(&mut self, target: u64) -> bool {
        let period = self.tick_period();
        let due = if self.around.active_expire {
            expire::earliest_due(&self.keyspace).min(fields::earliest_due(&self.keyspace))
        } else {
            u64::MAX
        };
        // Nothing is removed while a pause lasts.
        let due = due.max(self.around.pause.ends_at().unwrap_or(0));
        if due > self.next_tick {
            // Ticks on which nothing can be due change no key: skip them.
            let first = due.min(target.saturating_add(1));
            let skipped = (first - self.next_tick.min(first)).div_ceil(period);
            self.keyspace.expire_cycle_mut().skip(skipped);
            self.keyspace.tick_tables(skipped, &self.around);
            self.next_tick = self.next_tick.saturating_add(skipped.saturating_mul(period));
        }
        if self.next_tick > target {
            return false;
        }
        self.around.clock.advance_to(self.next_tick);
        self.next_tick = self.next_tick.saturating_add(period);
        self.keyspace.tick_tables(1, &self.around);
        fields::cycle(&mut self.keyspace, &mut self.around);
        expire::cycle(&mut self.keyspace, &mut self.around);
        true
    }

    /// Milliseconds between two runs of the background cycle: how often an embedder with a real clock should advance.
    pub fn tick_period(&self) -> u64 {
        (1000 / u64::from(self.around.config.hz.max(1))).max(1)
    }

    fn take_events(&mut self) -> Vec<Event> {
        self.around.events.as_mut().map(std::mem::take).unwrap_or_default()
    }
}

/// Whether what is at a key, or that nothing is, can end a session's waiting.
fn may_serve(blocked: &Blocked, there: Option<&'static str>) -> bool {
    match &blocked.cause {
        Cause::Keys { kind, or_gone, .. } => *or_gone || there == Some(*kind),
        Cause::Acknowledgement | Cause::Pause | Cause::Script => false,
    }
}
