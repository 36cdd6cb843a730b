//! A script that takes long: it goes on as time passes, and what others send waits for its end, or is refused once it has
//! taken longer than `busy-reply-threshold`.
//!
//! While it lasts nothing else happens: no key expires, nobody who waits is served. What it does itself is not known here.

use super::Engine;
use crate::command::transactions::{self, Execution};
use crate::dispatch::{self, Context};
use crate::measure;
use crate::reply::Reply;
use crate::scripting::run::{self, INSTRUCTION, Running};
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

    /// When a script that runs has taken too long for others to wait.
    fn busy_from(&self) -> Option<u64> {
        let began = self.running_script()?.began;
        Some(began.saturating_add(self.around.config.busy_reply_threshold))
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
            if let Some((running, reply)) = self.go_on_with_script(fuel) {
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
    fn go_on_with_script(&mut self, fuel: u64) -> Option<(Box<Running>, Reply)> {
        let mut running = self.around.scripts.running.take()?;
        let reply = self.in_its_session(&mut running, |context, running| run::go_on(context, running, fuel));
        match reply {
            Some(reply) => Some((running, reply)),
            None => {
                self.around.scripts.running = Some(running);
                None
            }
        }
    }

    /// Does something in the session of a script, which may be closed by now.
    fn in_its_session<R>(
        &mut self,
        running: &mut Running,
        what: impl FnOnce(&mut Context<'_>, &mut Running) -> R,
    ) -> R {
        let id = running.session;
        let own = self.sessions.take(id);
        let is_there = own.is_some();
        let stand_in = || running.orphan.take().unwrap_or_else(|| Box::new(Session::new(id, None, 0)));
        let mut session = own.unwrap_or_else(stand_in);
        self.around.running = Some(id);
        let mut context =
            Context::new(&mut self.keyspace, &mut self.around, &mut session, &mut self.sessions);
        let result = what(&mut context, running);
        self.around.running = None;
        if is_there {
            self.sessions.put_back(session);
        } else {
            running.orphan = Some(session);
        }
        result
    }

    /// A script has ended: its session hears of it and goes on, and so do those who were held.
    fn script_over(&mut self, mut running: Box<Running>, reply: Reply) {
        let id = running.session;
        let place = self.around.mail.len();
        let reply = self.in_its_session(&mut running, |context, running| {
            context.session.blocked = None;
            conclude(context, running, reply)
        });
        let goes_on = self.around.scripts.running.is_some();
        run::put_back(&mut self.around.scripts, running);
        if !goes_on {
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
            self.script_over(running, reply);
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
fn conclude(context: &mut Context<'_>, running: &mut Running, reply: Reply) -> Reply {
    let Some(request) = running.request.take() else { return reply };
    let noted = measure::begin(context.around, request.spec, &request.argv);
    context.around.stats.work.spend(running.instructions.saturating_mul(INSTRUCTION));
    measure::end(context, noted, &reply);
    match running.execution.take() {
        Some(execution) => conclude_transaction(context, execution, reply),
        None => reply,
    }
}

fn conclude_transaction(context: &mut Context<'_>, mut execution: Box<Execution>, reply: Reply) -> Reply {
    let (spec, argv) = (execution.spec, vec![b"EXEC".to_vec()]);
    let noted = measure::begin(context.around, spec, &argv);
    execution.add(reply, context);
    let reply = transactions::go_on(context, execution);
    measure::end(context, noted, &reply);
    reply
}
