//! A script that runs: it begins, asks the server for something now and then, is held up when its time is up, and ends.
//!
//! To everybody else it is one command. Its own commands pass gates of their own, for there is no client who could be told
//! to wait or to say who it is. It knows no command by name.

use std::collections::VecDeque;

use playground_lua::{Abort, Raise, Signal, Value};

use super::Scripts;
use super::ask;
use super::convert::{self, Results};
use super::machine::Machine;
use super::shebang::ScriptFlags;
use crate::command::CommandResult;
use crate::command::transactions::Execution;
use crate::cost::{self, INSTRUCTION};
use crate::dispatch::Context;
use crate::error::Error;
use crate::event::Event;
use crate::measure;
use crate::reply::Reply;
use crate::session::{Blocked, Cause, Protocol, Request, Session, SessionId};

/// So many instructions are carried out at once. A script that takes longer goes on as time passes.
pub const AT_ONCE: u64 = 10_000_000;
/// What a call of a command is worth besides what it does to keys: it comes by no socket, and its words are there already.
const CALL: u64 = 30;
/// What the cost model reckons for a command that a client sends, and a call of a script's is spared: [`CALL`] stands for it.
const SPARED: u64 = cost::COMMAND + cost::LOOKUP;

/// Which program runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    Script(super::Sha),
    Function(Vec<u8>),
}

impl Program {
    /// The name that errors give.
    pub fn name(&self) -> &[u8] {
        match self {
            Self::Script(sha) => sha,
            Self::Function(name) => name,
        }
    }

    /// What others are told while it runs.
    pub fn busy(&self) -> Error {
        match self {
            Self::Script(_) => Error::BusyScript,
            Self::Function(_) => Error::BusyFunction,
        }
    }
}

/// A script that has begun.
#[derive(Clone, Debug)]
pub struct Running {
    /// Whose command it is.
    pub session: SessionId,
    pub program: Program,
    pub machine: Box<Machine>,
    pub(super) is_read_only: bool,
    pub(super) allows_oom: bool,
    /// It has sent a command that writes: nobody can stop it any more.
    pub has_written: bool,
    /// The protocol and the database that it has chosen.
    protocol: Protocol,
    db: usize,
    /// When it began: to it, time stands still.
    pub began: u64,
    /// Instructions so far, what its commands took being counted as such.
    pub instructions: u64,
    pub is_killed: bool,
    /// The command line.
    pub request: Option<Request>,
    /// What is left of the transaction that it is in, where it has been held up.
    pub execution: Option<Box<Execution>>,
    /// Its session, where that is closed already.
    pub orphan: Option<Box<Session>>,
    /// The latest of the commands that it has sent, where somebody watches.
    pub sent: Option<VecDeque<Sent>>,
}

/// So many commands of a script are kept for who watches.
pub(super) const MOST_SENT: usize = 500;

/// A command that a script has sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// The line of the script.
    pub line: Option<u32>,
    pub argv: Vec<Vec<u8>>,
    pub reply: Reply,
    /// What it has done to keys.
    pub events: Vec<Event>,
}

/// Where a run of a script is to stop at the latest.
#[derive(Clone, Copy, Debug)]
pub struct Stop {
    /// After so many instructions.
    pub fuel: u64,
    /// Where another line begins than here.
    pub place: Option<Place>,
}

impl Stop {
    pub fn after(fuel: u64) -> Self {
        Self { fuel, place: None }
    }
}

/// A place in a script.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub line: Option<u32>,
    /// How many calls are open.
    pub depth: usize,
    /// The lines of functions that are called from here are others, too.
    pub enters: bool,
}

impl Running {
    /// The command line that began it.
    pub fn line(&self) -> &[Vec<u8>] {
        self.request.as_ref().map(|request| &request.argv[..]).unwrap_or_default()
    }

    /// The line of the script that it is at.
    pub fn at_line(&self) -> Option<u32> {
        self.machine.vm.line()
    }

    /// The line of what comes next.
    pub fn next_line(&self) -> Option<u32> {
        self.machine.vm.next_line().or_else(|| self.at_line())
    }

    fn is_at_another_line(&self, stop: Stop) -> bool {
        let vm = &self.machine.vm;
        let is_other = |place: Place| {
            let depth = vm.depth();
            (place.enters || depth <= place.depth)
                && vm.next_line().is_some_and(|next| Some(next) != place.line || depth != place.depth)
        };
        stop.place.is_some_and(is_other)
    }
}

/// How a script is to run.
#[derive(Clone, Debug)]
pub struct Plan {
    pub program: Program,
    pub flags: ScriptFlags,
    /// It was called by a command that lets nothing be written.
    pub is_read_only: bool,
}

/// What a script that says what it does may not run for.
pub fn may_run(context: &Context<'_>, plan: &Plan) -> Result<(), Error> {
    let Plan { flags, is_read_only, .. } = plan;
    if flags.contains(ScriptFlags::UNDECLARED) {
        return Ok(());
    }
    if *is_read_only && !flags.contains(ScriptFlags::NO_WRITES) {
        return Err(Error::Fixed("ERR Can not execute a script with write flag using *_ro command."));
    }
    if context.around.config.lacks_replicas() && !flags.contains(ScriptFlags::NO_WRITES) {
        return Err(Error::NoReplicas);
    }
    let may_grow = flags.intersects(ScriptFlags::ALLOW_OOM.union(ScriptFlags::NO_WRITES));
    if context.around.scripts.out_of_memory && !may_grow {
        return Err(Error::Fixed(
            "OOM allow-oom flag is not set on the script, can not run it when used memory > 'maxmemory'",
        ));
    }
    Ok(())
}

/// Runs a program on a machine, at once as far as it gets. Where it is held up, there is no reply yet.
pub fn start(
    context: &mut Context<'_>,
    plan: Plan,
    mut machine: Box<Machine>,
    function: Value,
    arguments: &[Value],
) -> CommandResult {
    let began = machine.vm.start(function, arguments);
    let Plan { program, flags, is_read_only } = plan;
    let mut running = Running {
        session: context.session.id,
        program,
        machine,
        is_read_only: is_read_only || flags.contains(ScriptFlags::NO_WRITES),
        allows_oom: flags.contains(ScriptFlags::ALLOW_OOM),
        has_written: false,
        protocol: Protocol::Resp2,
        db: context.session.db,
        began: context.now(),
        instructions: 0,
        is_killed: false,
        request: context.request.take(),
        execution: None,
        orphan: None,
        sent: context.around.scripts.is_watched.then(VecDeque::new),
    };
    let scripts = &mut context.around.scripts;
    if let Err(raise) = began {
        put_back(scripts, running);
        return Err(stopped(match raise {
            Raise::Abort(abort) => abort,
            Raise::Error(_) => Abort::Internal,
        }));
    }
    // Who watches lets it take its first step himself.
    let stop = if scripts.is_watched { Stop::after(0) } else { Stop::after(AT_ONCE) };
    if let Some(reply) = go_on(context, &mut running, stop) {
        put_back(&mut context.around.scripts, running);
        return Ok(reply);
    }
    let request = running.request.clone();
    context.session.blocked = request.map(|request| Blocked {
        cause: Cause::Script,
        ticket: 0,
        deadline: None,
        in_vain: Reply::NOTHING,
        request,
    });
    context.around.scripts.running = Some(Box::new(running));
    Ok(Reply::NOTHING)
}

/// What is still to be done for a script that has ended.
#[derive(Debug)]
pub struct Ended {
    pub session: SessionId,
    pub instructions: u64,
    pub request: Option<Request>,
    pub execution: Option<Box<Execution>>,
    pub orphan: Option<Box<Session>>,
}

/// Gives the machine back.
pub fn put_back(scripts: &mut Scripts, running: Running) -> Ended {
    let Running { mut machine, program, session, instructions, request, execution, orphan, .. } = running;
    machine.vm.reset();
    match program {
        Program::Script(_) => scripts.machine = Some(machine),
        Program::Function(_) => scripts.libraries.put_back(machine),
    }
    Ended { session, instructions, request, execution, orphan }
}

/// Runs a script for so many instructions at most. Its reply, when it has ended.
pub fn go_on(context: &mut Context<'_>, running: &mut Running, stop: Stop) -> Option<Reply> {
    let now = context.around.clock;
    let own = (context.session.db, context.session.protocol, context.in_transaction, context.spec);
    context.around.clock.set(running.began);
    (context.session.db, context.session.protocol) = (running.db, running.protocol);
    (context.in_transaction, context.in_script) = (true, true);
    *running.machine.vm.random() = context.around.scripts.random;

    context.around.is_scripted = true;
    let reply = play(context, running, stop);
    context.around.is_scripted = false;

    context.around.scripts.random = *running.machine.vm.random();
    (running.db, running.protocol) = (context.session.db, context.session.protocol);
    context.in_script = false;
    (context.session.db, context.session.protocol, context.in_transaction, context.spec) = own;
    context.around.clock.set(now.now());
    reply
}

fn play(context: &mut Context<'_>, running: &mut Running, stop: Stop) -> Option<Reply> {
    let mut fuel = stop.fuel;
    loop {
        let piece = if stop.place.is_some() { fuel.min(1) } else { fuel };
        let signal = running.machine.vm.run(piece);
        let used = piece - running.machine.vm.fuel();
        running.instructions += used;
        context.around.stats.work.spend(used * INSTRUCTION);
        fuel -= used;
        match signal {
            Signal::Done => return Some(result(context, running)),
            Signal::Failed(error) => return Some(failure(running, error)),
            Signal::Aborted(abort) => return Some(stopped(abort).into()),
            Signal::Paused if fuel == 0 || running.is_at_another_line(stop) => return None,
            Signal::Paused => {}
            Signal::Host => {
                let before = context.around.stats.work.spent();
                ask::answer(context, running);
                let took = context.around.stats.work.spent() - before;
                let worth = CALL + took.saturating_sub(SPARED) / INSTRUCTION;
                running.instructions += worth;
                fuel = fuel.saturating_sub(worth);
            }
        }
    }
}

/// What the script returned, as a reply.
fn result(context: &mut Context<'_>, running: &mut Running) -> Reply {
    let protocol = context.session.protocol;
    let vm = &mut running.machine.vm;
    let value = vm.results().first().copied().unwrap_or_default();
    let mut results = Results::new(vm.heap(), protocol);
    let reply = results.reply(value);
    for error in results.errors {
        measure::count_error(context.around, &error);
    }
    reply
}

/// The reply of a script that failed.
fn failure(running: &mut Running, error: Value) -> Reply {
    let heap = running.machine.vm.heap();
    let (message, is_counted) = match convert::error_of(heap, error) {
        Some(Error::Said { text, is_counted }) => (text, is_counted),
        _ => (b"ERR unknown error".to_vec(), false),
    };
    let place = [heap.field(error, "source"), heap.field(error, "line")];
    let mut text = message;
    if let [Value::Str(source), Value::Number(line)] = place {
        let line = playground_lua::number::print(line);
        let source = heap.str(source);
        text.extend_from_slice(
            &[b" script: ", running.program.name(), b", on ", source, b":", &line, b"."].concat(),
        );
    }
    Error::Said { text, is_counted }.into()
}

/// That somebody has killed a script.
pub fn killed(running: &Running) -> Error {
    let place = match running.program {
        Program::Script(_) => "@user_script",
        Program::Function(_) => "@user_function",
    };
    let line = running.at_line().unwrap_or_default();
    let behind = format!(", on {place}:{line}.");
    let text = [
        b"ERR Script killed by user with SCRIPT KILL... script: ",
        running.program.name(),
        behind.as_bytes(),
    ];
    Error::Said { text: text.concat(), is_counted: false }
}

/// That a limit of the playground's own has ended a script.
fn stopped(abort: Abort) -> Error {
    Error::Fixed(match abort {
        Abort::Memory => "ERR the Redis playground has stopped the script: it uses more than 128 MB",
        Abort::StringLength => {
            "ERR the Redis playground has stopped the script: a string is longer than 64 MB"
        }
        Abort::PatternSteps => {
            "ERR the Redis playground has stopped the script: a pattern takes too many steps"
        }
        Abort::Depth => "ERR the Redis playground has stopped the script: too many calls in one another",
        Abort::Internal => "ERR the Redis playground has stopped the script: the interpreter is broken",
    })
}
