//! The server and the database: who is served, in which order, and how long it takes.

use std::collections::VecDeque;

use playground_engine::{Engine, Reply, SessionId};

use super::agenda::Event;
use super::{Advanced, Workload};
use crate::clients::State;
use crate::database::Who;
use crate::fault::Fault;

/// The server's one thread, and who waits for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    pub waiting: VecDeque<(Who, Vec<Vec<Vec<u8>>>, bool)>,
    pub busy_until: u64,
}

impl Workload {
    /// Half of the way there and back, in microseconds.
    pub(super) fn half_way(&self) -> u64 {
        let ms = self.plan.network.map_or(0.2, |amount| self.amount(amount));
        (ms * 500.0).clamp(0.0, 1e9) as u64
    }

    pub(super) fn send(&mut self, who: Who, lines: Vec<Vec<Vec<u8>>>, is_pipeline: bool) {
        let way = self.half_way();
        self.after(way, Event::Reaches(who, lines, is_pipeline));
    }

    /// Serves the next who waits, if the server is free.
    pub(super) fn serve(&mut self, engine: &mut Engine, came: &mut Advanced) {
        if self.server.busy_until > self.tools.now {
            return;
        }
        while let Some((who, lines, is_pipeline)) = self.server.waiting.pop_front() {
            let Some(client) = self.clients.current(who) else { continue };
            let Some(session) = client.session else { continue };
            client.state = State::Served { wanted: lines.len(), answers: Vec::new(), is_pipeline };
            let before = engine.stats().work.spent();
            for line in lines {
                self.tools.metrics.add("redis.commands", 1.0);
                let outcome = engine.execute(session, line);
                came.events.extend(outcome.events);
                if outcome.reply != Reply::NOTHING {
                    self.comes_back(who, outcome.reply);
                }
            }
            let took = engine.stats().work.spent().saturating_sub(before).div_ceil(1000).max(1);
            self.tools.metrics.add("redis.busy", took as f64 / 10_000.0);
            self.server.busy_until = self.tools.now + took;
            self.after(took, Event::Free);
            self.answer(who);
            self.fetch(engine, came);
            return;
        }
    }

    /// One more of the answers that a client waits for.
    pub(super) fn comes_back(&mut self, who: Who, reply: Reply) {
        if let Some(client) = self.clients.current(who)
            && let State::Served { answers, .. } = &mut client.state
        {
            answers.push(reply);
        }
    }

    /// Sends a client its answers, where all are there.
    pub(super) fn answer(&mut self, who: Who) {
        let served_until = self.server.busy_until.max(self.tools.now);
        let way = self.half_way();
        let Some(client) = self.clients.current(who) else { return };
        let State::Served { wanted, answers, is_pipeline } = &mut client.state else { return };
        if answers.len() < *wanted {
            return;
        }
        let (replies, is_pipeline) = (std::mem::take(answers), *is_pipeline);
        client.state = State::Waits;
        self.agenda.put(served_until + way, Event::Answered(who, replies, is_pipeline));
    }

    /// Fetches what the engine has for clients: late answers and messages.
    pub(super) fn fetch(&mut self, engine: &mut Engine, came: &mut Advanced) {
        let with_mail = engine.take_with_mail();
        came.mail.extend(self.take_mail(engine, with_mail));
    }

    /// Takes what there is for its own of these sessions, and gives the others.
    pub fn take_mail(&mut self, engine: &mut Engine, with_mail: Vec<SessionId>) -> Vec<SessionId> {
        let mut others = Vec::new();
        for session in with_mail {
            if let Some(at) = self.clients.of_session(session) {
                for reply in engine.take_outbox(session) {
                    self.delivered(at, reply);
                }
            } else if session != self.operator {
                others.push(session);
            }
        }
        others
    }

    pub(super) fn delivered(&mut self, at: usize, reply: Reply) {
        let way = self.half_way();
        let Some(client) = self.clients.get_mut(at) else { return };
        let who = (at, client.generation);
        match (&client.state, &reply) {
            (State::Served { .. }, reply) if !matches!(reply, Reply::Push(_)) => {
                self.comes_back(who, reply.clone());
                self.answer(who);
            }
            (State::Listens(_), _) => {
                client.state = State::Waits;
                self.agenda.put(self.tools.now + way, Event::Message(who, reply));
            }
            _ => client.messages.push_back(reply),
        }
    }

    /// Has the database begin with as many queries as it can.
    pub(super) fn look_up(&mut self) {
        let plan = self.plan.database;
        let at_once = self.amount(plan.at_once).clamp(1.0, 1e6) as usize;
        let (least, most) = (self.amount(plan.least), self.amount(plan.most));
        while let Some((who, came)) = self.database.begin(at_once) {
            let took = self.tools.between(least.min(most), least.max(most)).clamp(0.0, 1e7) * 1000.0;
            self.after((took as u64).max(1), Event::Found(who, came));
        }
        self.tools.metrics.set_level("database.open", self.database.open() as f64);
    }

    pub(super) fn found(&mut self, who: Who, came: u64) -> Result<(), Fault> {
        self.database.end();
        self.tools.metrics.sample("database.latency", (self.tools.now - came) as f64 / 1000.0);
        self.look_up();
        self.go_on(who, &[])
    }
}
