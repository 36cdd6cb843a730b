//! Clients come, go through their programs, and die.

use playground_engine::session::Session;
use playground_engine::{Engine, Reply, SessionId};
use playground_lua::Heap;

use super::Workload;
use super::agenda::Event;
use crate::clients::State;
use crate::convert;
use crate::database::Who;
use crate::fault::Fault;
use crate::plan::Coming;
use crate::programs::Step;
use crate::wait::Wait;

/// Clients of a group at most, and how many may come in a second.
const MOST_CLIENTS: usize = 1_000;
const MOST_A_SECOND: f64 = 20_000.0;
/// Microseconds until it is looked again whether any are to come.
const LOOK_AGAIN: u64 = 100_000;

impl Workload {
    /// Sees to it that as many of a group are there, or come as often, as is wanted now.
    pub(super) fn arrange(&mut self, group: usize) {
        let Some(coming) = self.plan.groups.get(group).map(|group| group.coming) else { return };
        match coming {
            Coming::There(number) => {
                let wanted = self.amount(number).clamp(0.0, MOST_CLIENTS as f64) as usize;
                while self.there.get(group).is_some_and(|there| *there < wanted) {
                    let Some(at) = self.clients.take(group, MOST_CLIENTS) else { break };
                    if let Some(there) = self.there.get_mut(group) {
                        *there += 1;
                    }
                    self.agenda.put(self.tools.now, Event::Begins(at));
                }
            }
            Coming::Arriving(_) => {
                if let Some(arrangement) = self.arrangements.get_mut(group) {
                    *arrangement += 1;
                    let arrangement = *arrangement;
                    self.arrange_next(group, arrangement);
                }
            }
        }
    }

    pub(super) fn arrange_next(&mut self, group: usize, arrangement: u32) {
        let rate = match self.plan.groups.get(group).map(|group| group.coming) {
            Some(Coming::Arriving(rate)) => self.amount(rate).min(MOST_A_SECOND),
            _ => 0.0,
        };
        let wait = if rate > 0.0 { self.tools.exponential(1e6 / rate) as u64 } else { LOOK_AGAIN };
        self.after(wait.max(1), Event::Comes { group, arrangement });
    }

    pub(super) fn comes(&mut self, group: usize, arrangement: u32) -> Result<(), Fault> {
        if self.arrangements.get(group) != Some(&arrangement) {
            return Ok(());
        }
        let is_any = match self.plan.groups.get(group).map(|group| group.coming) {
            Some(Coming::Arriving(rate)) => self.amount(rate) > 0.0,
            _ => false,
        };
        if is_any {
            match self.clients.take(group, MOST_CLIENTS) {
                Some(at) => self.agenda.put(self.tools.now, Event::Begins(at)),
                None => self.count(group, "refused"),
            }
        }
        self.arrange_next(group, arrangement);
        Ok(())
    }

    /// Counts something of a group's.
    pub(super) fn count(&mut self, group: usize, what: &str) {
        if let Some(group) = self.plan.groups.get(group) {
            self.tools.metrics.add(&format!("{}.{what}", group.name), 1.0);
        }
    }

    pub(super) fn begins(&mut self, engine: &mut Engine, at: usize) -> Result<(), Fault> {
        let Some(client) = self.clients.get_mut(at) else { return Ok(()) };
        client.generation += 1;
        client.began = self.tools.now;
        client.state = State::Waits;
        let (who, group) = ((at, client.generation), client.group);
        if client.session.is_none_or(|session| engine.session(session).is_none()) {
            self.clients.disconnect(at);
            let session = engine.connect();
            self.clients.connected(at, session);
        }
        let step = self.programs.begin(at, group, &mut self.tools)?;
        self.follow(who, step)
    }

    /// A client goes on with what was answered.
    pub(super) fn go_on(&mut self, who: Who, replies: &[Reply]) -> Result<(), Fault> {
        let Some(client) = self.clients.current(who) else { return Ok(()) };
        client.state = State::Waits;
        let group = client.group;
        let answer = |heap: &mut Heap| match replies {
            [reply] => convert::answer(heap, reply),
            many => many.iter().map(|reply| convert::value(heap, reply)).collect(),
        };
        let step = self.programs.go_on(who.0, group, answer, &mut self.tools)?;
        self.follow(who, step)
    }

    pub(super) fn answered(&mut self, who: Who, replies: &[Reply], is_pipeline: bool) -> Result<(), Fault> {
        for reply in replies {
            if matches!(reply, Reply::Error(_)) {
                self.tools.metrics.add("errors", 1.0);
            }
        }
        if is_pipeline {
            return self.go_on(who, &[Reply::Array(replies.to_vec())]);
        }
        self.go_on(who, replies)
    }

    /// Does what a program waits for.
    pub(super) fn follow(&mut self, who: Who, step: Step) -> Result<(), Fault> {
        let wait = match step {
            Step::Over => return self.over(who),
            Step::Waits(wait) => wait,
        };
        match wait {
            Wait::Call(line) => self.send(who, vec![line], false),
            Wait::Pipeline(lines) if lines.is_empty() => {
                self.after(1, Event::Answered(who, Vec::new(), true));
            }
            Wait::Pipeline(lines) => self.send(who, lines, true),
            Wait::Query => {
                self.tools.metrics.add("database.queries", 1.0);
                self.database.ask(who, self.tools.now);
                self.look_up();
            }
            Wait::Sleep(micros) => self.after(micros, Event::Wakes(who)),
            Wait::Receive(micros) => {
                let client = self.clients.current(who);
                if let Some(message) = client.and_then(|client| client.messages.pop_front()) {
                    self.after(1, Event::Message(who, message));
                } else {
                    let Some(client) = self.clients.current(who) else { return Ok(()) };
                    client.waits = client.waits.wrapping_add(1);
                    let wait = client.waits;
                    client.state = State::Listens(wait);
                    if let Some(micros) = micros {
                        self.after(micros, Event::Unheard(who, wait));
                    }
                }
            }
        }
        Ok(())
    }

    /// A client's program has come to its end.
    pub(super) fn over(&mut self, (at, generation): Who) -> Result<(), Fault> {
        let Some(client) = self.clients.current((at, generation)) else { return Ok(()) };
        let (group, took) = (client.group, self.tools.now - client.began);
        let whole = self.plan.clone();
        let Some(plan) = whole.groups.get(group) else { return Ok(()) };
        self.count(group, "done");
        self.tools.metrics.sample(&format!("{}.latency", plan.name), took as f64 / 1000.0);
        let Coming::There(number) = plan.coming else {
            self.clients.rest(at);
            return Ok(());
        };
        if took == 0 {
            let why = format!("{}: it waits for nothing, and would go on for ever", plan.name);
            return Err(Fault::new(plan.program.line, why));
        }
        let wanted = self.amount(number) as usize;
        if self.there.get(group).is_some_and(|there| *there > wanted) {
            if let Some(there) = self.there.get_mut(group) {
                *there -= 1;
            }
            self.clients.rest(at);
            return Ok(());
        }
        self.agenda.put(self.tools.now, Event::Begins(at));
        Ok(())
    }

    /// Somebody of a group dies, of those who are in the middle of something if there are any.
    pub(super) fn dies(&mut self, engine: &mut Engine, number: usize) {
        let plan = self.plan.clone();
        let Some(death) = plan.deaths.get(number) else { return };
        let waits = |session: Option<SessionId>| {
            session.and_then(|session| engine.session(session)).is_some_and(Session::is_blocked)
        };
        let mut candidates: Vec<usize> = self
            .clients
            .busy(death.group)
            .filter(|(_, client)| !waits(client.session))
            .map(|(at, _)| at)
            .collect();
        if candidates.is_empty() {
            candidates = self.clients.busy(death.group).map(|(at, _)| at).collect();
        }
        let drawn = self.tools.random.below(candidates.len());
        if let Some(at) = candidates.get(drawn).copied() {
            if let Some(session) = self.clients.disconnect(at) {
                engine.disconnect(session);
            }
            if let Some(client) = self.clients.get_mut(at) {
                client.generation += 1;
                client.state = State::Dead;
            }
            self.programs.drop(at);
            self.count(death.group, "deaths");
            if let Some(ms) = death.back_after {
                self.after(ms * 1000, Event::Returns(at));
            }
        }
        if let Some(every) = death.every {
            self.after(every.max(1) * 1000, Event::Dies(number));
        }
    }
}

/// What a message gives the program: its text and its channel.
pub(super) fn heard(message: &Reply) -> Vec<Reply> {
    let (Reply::Push(_) | Reply::Array(_)) = message else { return vec![message.clone()] };
    let parts: &[Reply] = match message {
        Reply::Push(parts) => parts,
        Reply::Array(parts) => parts,
        _ => &[],
    };
    match parts {
        [_, channel, text] | [_, _, channel, text] => vec![text.clone(), channel.clone()],
        _ => vec![message.clone()],
    }
}
