//! A script that takes long: it goes on as time passes, and what others send waits for its end, or is refused once it has
//! taken longer than `busy-reply-threshold`.
//!
//! While it lasts nothing else happens: no key expires, nobody who waits is served. What it does itself is not known here.

use super::Engine;
use crate::command::transactions;
use crate::cost::INSTRUCTION;
use crate::dispatch::{self, Context};
use crate::measure;
use crate::reply::Reply;
use crate::scripting::run::{self, Ended, Running, Stop};
use crate::session::{Session, SessionId};

/// So many instructions of a script are carried out in one call of `advance` at most, however long it is: whoever
/// embeds the engine is not to wait for long.
const AN_ADVANCE: u64 = 2_000_000;
/// Instructions in a millisecond.
const A_MILLISECOND: u64 = 1_000_000 / INSTRUCTION;

impl Engine {
    /// The script that has begun and not ended.
    pub fn running_script(&self) -> Option<&Running> {
        self.around.scripts.running.as_deref()
    }

    /// The commands that wait for its end, in their order, and whose they are.
    pub fn held_by_script(&self) -> impl Iterator<Item = (SessionId, &[Vec<u8>])> {
        self.around.scripts.held.iter().map(|(id, argv)| (*id, argv.as_slice()))
    }

    /// When a script that runs has taken too long for others to wait.
    pub fn busy_from(&self) -> Option<u64> {
        let began = self.running_script()?.began;
        let threshold = self.around.config.busy_reply_threshold;
        (threshold > 0).then(|| began.saturating_add(threshold))
    }

    /// A command that comes while a script runs.
    pub(super) fn beside_script(&mut self, id: SessionId, argv: Vec<Vec<u8>>) -> Reply {
        if self.busy_from().is_some_and(|from| from <= self.now()) {
            let reply = self.run(id, argv, dispatch::Attempt::First);
            self.end_killed();
            return reply;
        }
        self.around.scripts.held.push_back((id, argv));
        Reply::NOTHING
    }

    /// What may be spent on scripts until the next call.
    pub(super) fn allow_script(&mut self) {
        self.around.scripts.allowance = AN_ADVANCE;
    }

    /// Lets a script go on until a moment; whether there is anything left to do before it.
    pub(super) fn script_before(&mut self, target: u64) -> bool {
        let now = self.now();
        let busy_from = self.busy_from().filter(|from| (now + 1..=target).contains(from));
        let stop = busy_from.unwrap_or(target);
        let fuel = (stop - now).saturating_mul(A_MILLISECOND).min(self.around.scripts.allowance);
        self.around.scripts.allowance -= fuel;
        if fuel > 0 {
            let before = self.running_script().map_or(0, |running| running.instructions);
            if let Some((running, reply)) = self.go_on_with_script(Stop::after(fuel)) {
                let took = running.instructions.saturating_sub(before).div_ceil(A_MILLISECOND);
                self.around.clock.advance_to(now.saturating_add(took).min(stop));
                self.next_tick = self.next_tick.max(self.now());
                self.script_over(running, reply);
                self.settle();
                return true;
            }
        }
        self.around.clock.advance_to(stop);
        self.next_tick = self.next_tick.max(self.now());
        if busy_from.is_some() {
            self.refuse_held();
        }
        self.settle();
        busy_from.is_some()
    }

    /// Runs a slice of the script. Where it ends, it is given with its reply.
    pub(super) fn go_on_with_script(&mut self, stop: Stop) -> Option<(Running, Reply)> {
        let mut running = self.around.scripts.running.take()?;
        let (id, mut orphan) = (running.session, running.orphan.take());
        let reply = self.in_session(id, &mut orphan, |context| {
            // Its own commands do not wait.
            let waits = context.session.blocked.take();
            let reply = run::go_on(context, &mut running, stop);
            context.session.blocked = waits;
            reply
        });
        running.orphan = orphan;
        if let Some(reply) = reply {
            return Some((*running, reply));
        }
        self.around.scripts.running = Some(running);
        None
    }

    /// Does something in the session of a script, which may be closed by now.
    fn in_session<R>(
        &mut self,
        id: SessionId,
        orphan: &mut Option<Box<Session>>,
        what: impl FnOnce(&mut Context<'_>) -> R,
    ) -> R {
        let own = self.sessions.take(id);
        let is_there = own.is_some();
        let stand_in = || orphan.take().unwrap_or_else(|| Box::new(Session::new(id, None, 0)));
        let mut session = own.unwrap_or_else(stand_in);
        self.around.running = Some(id);
        let mut context =
            Context::new(&mut self.keyspace, &mut self.around, &mut session, &mut self.sessions);
        let result = what(&mut context);
        self.around.running = None;
        if is_there {
            self.sessions.put_back(session);
        } else {
            *orphan = Some(session);
        }
        result
    }

    /// A script has ended: its session hears of it and goes on, and so do those who were held.
    pub(super) fn script_over(&mut self, running: Running, reply: Reply) {
        let mut ended = run::put_back(&mut self.around.scripts, running);
        let (id, mut orphan) = (ended.session, ended.orphan.take());
        let place = self.around.mail.len();
        let reply = self.in_session(id, &mut orphan, |context| {
            context.session.blocked = None;
            conclude(context, ended, reply)
        });
        if let Some(next) = &mut self.around.scripts.running {
            // The transaction that it was in has another one.
            next.orphan = orphan;
        } else {
            if let Some(session) = self.sessions.get_mut(id) {
                let reply = session.heard(reply);
                dispatch::command_over(session, &mut self.around);
                if reply != Reply::NOTHING {
                    let place = place.min(self.around.mail.len());
                    self.around.mail.insert(place, (id, reply.into()));
                }
            }
            self.around.waiting.free(id);
            self.serve_all();
            self.release_held();
        }
    }

    /// Those who have waited for a script do what they wanted to, in the order in which they came, until another one holds
    /// them up.
    fn release_held(&mut self) {
        while self.around.scripts.running.is_none()
            && let Some((id, argv)) = self.around.scripts.held.pop_front()
        {
            match self.sessions.get_mut(id) {
                Some(session) if session.is_blocked() => session.backlog.push_back(argv),
                _ => self.run_late(id, argv, dispatch::Attempt::First),
            }
            self.serve_all();
        }
    }

    /// A script takes too long: those who have waited are told, or may do the little that is allowed beside it.
    fn refuse_held(&mut self) {
        for (id, argv) in std::mem::take(&mut self.around.scripts.held) {
            self.run_late(id, argv, dispatch::Attempt::First);
        }
        self.end_killed();
    }

    /// Ends a script that somebody has killed.
    fn end_killed(&mut self) {
        if self.running_script().is_some_and(|running| running.is_killed)
            && let Some(running) = self.around.scripts.running.take()
        {
            let reply = run::killed(&running).into();
            self.script_over(*running, reply);
        }
    }

    /// Ends the script of a session, unless it has written something.
    pub(super) fn stop_script(&mut self, id: SessionId) {
        let running = self.around.scripts.running.as_mut();
        if let Some(running) = running.filter(|running| running.session == id && !running.has_written) {
            running.is_killed = true;
            self.end_killed();
        }
    }

    /// Keeps the session of a script that is being closed, for the script goes on.
    pub(super) fn keep_for_script(&mut self, id: SessionId) {
        if let Some(running) = &mut self.around.scripts.running
            && running.session == id
        {
            running.orphan = self.sessions.get(id).cloned().map(Box::new);
        }
    }
}

/// What ends with a script that has been held up: its command is counted, and the transaction goes on that it was in.
fn conclude(context: &mut Context<'_>, mut ended: Ended, reply: Reply) -> Reply {
    let Some(mut execution) = ended.execution.take() else { return count(context, &ended, reply) };
    let argv = [b"EXEC".to_vec()];
    let noted = measure::begin(context.around, execution.spec, &argv);
    let reply = count(context, &ended, reply);
    execution.add(reply, context);
    let reply = transactions::go_on(context, execution);
    measure::end(context, noted, &reply);
    reply
}

fn count(context: &mut Context<'_>, ended: &Ended, reply: Reply) -> Reply {
    if let Some(request) = &ended.request {
        let noted = measure::begin(context.around, request.spec, &request.argv);
        context.around.stats.work.spend(ended.instructions.saturating_mul(INSTRUCTION));
        measure::end(context, noted, &reply);
    }
    reply
}
