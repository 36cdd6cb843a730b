//! The ordered gates that each command passes on its way to its function.
//!
//! look-up (command, then subcommand) → declared but unsupported → arity → who speaks → allowed in a transaction → may
//! this user → is there room, or is something evicted → allowed while listening → allowed to one that monitors → held up
//! by CLIENT PAUSE → queue in MULTI or run.
//! Gates read a command's spec; the functions behind them check none of this again. Nothing here knows what a command
//! does.

use crate::args::Args;
use crate::command::blocking::{self, Patience};
use crate::command::{self, CommandSpec, Flags, Group, keys, scripting};
use crate::error::Error;
use crate::guard;
use crate::keyspace::evict::{self, Outcome};
use crate::keyspace::{Db, Keyspace, Surroundings};
use crate::mail;
use crate::measure;
use crate::memory;
use crate::monitor;
use crate::reply::Reply;
use crate::session::{Protocol, Request, Session, SessionId};
use crate::sessions::Sessions;

/// What a command function works with.
#[derive(Debug)]
pub struct Context<'a> {
    pub keyspace: &'a mut Keyspace,
    pub around: &'a mut Surroundings,
    pub session: &'a mut Session,
    /// All other sessions.
    pub sessions: &'a mut Sessions,
    /// The spec of the command that runs: one function may serve several.
    pub spec: &'static CommandSpec,
    /// The command runs as a part of `EXEC`, where nothing can wait.
    pub in_transaction: bool,
    /// A script has sent it.
    pub in_script: bool,
    pub attempt: Attempt,
    /// The line of a command that may have to wait, so that it can be tried again.
    pub request: Option<Request>,
}

/// How a command line has fared before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    First,
    /// A pause has held it up, and it has not begun.
    Late,
    /// It has waited already, and may go on doing so.
    Again(Patience),
}

/// Between two commands.
static NO_COMMAND: CommandSpec = CommandSpec::BASE;

impl<'a> Context<'a> {
    pub fn new(
        keyspace: &'a mut Keyspace,
        around: &'a mut Surroundings,
        session: &'a mut Session,
        sessions: &'a mut Sessions,
    ) -> Self {
        Self {
            keyspace,
            around,
            session,
            sessions,
            spec: &NO_COMMAND,
            in_transaction: false,
            in_script: false,
            attempt: Attempt::First,
            request: None,
        }
    }

    /// The door to the session's database.
    pub fn db(&mut self) -> Result<Db<'_>, Error> {
        let index = self.session.db;
        self.db_at(index)
    }

    /// The door to any database.
    pub fn db_at(&mut self, index: usize) -> Result<Db<'_>, Error> {
        self.keyspace.db(index, self.around).ok_or(Error::DbIndexOutOfRange)
    }

    /// Milliseconds since the epoch, standing still while the command runs.
    pub fn now(&self) -> u64 {
        self.around.clock.now()
    }

    /// Whether the session listens to channels by RESP2, in which a message cannot be told from a reply: it may then ask
    /// for nothing that has one of its own. A script listens to nothing.
    pub fn only_listens(&self) -> bool {
        !self.in_script
            && self.session.protocol == Protocol::Resp2
            && self.around.pubsub.is_listening(self.session.id)
    }

    /// The session speaks this protocol from now on; what it has been sent before stays in that of then.
    pub fn speak(&mut self, protocol: Protocol) {
        let before = std::mem::replace(&mut self.session.protocol, protocol);
        if before != protocol {
            mail::pin(self.session, before, self.around);
        }
    }

    /// A session that is connected, perhaps one's own.
    pub fn session(&self, id: SessionId) -> Option<&Session> {
        if id == self.session.id { Some(self.session) } else { self.sessions.get(id) }
    }

    /// The name of the running command as errors show it.
    pub fn name(&self) -> &'static str {
        self.spec.name
    }
}

/// A command line that passed the look-up: its spec and the position of its first argument.
#[derive(Clone, Copy, Debug)]
pub struct Resolved {
    pub spec: &'static CommandSpec,
    pub first_arg: usize,
}

/// Finds the command of a line that has as many words as it takes.
pub fn resolve(argv: &[Vec<u8>]) -> Result<Resolved, Error> {
    let resolved = look_up(argv)?;
    if !resolved.spec.takes(argv.len()) {
        return Err(Error::WrongArity { command: resolved.spec.name });
    }
    Ok(resolved)
}

/// Finds the command of a line.
pub fn look_up(argv: &[Vec<u8>]) -> Result<Resolved, Error> {
    let (name, args) = argv.split_first().ok_or(Error::Syntax)?;
    let Some(spec) = command::find(name) else {
        return Err(match command::find_unsupported(name) {
            Some(command) => Error::Unsupported { command },
            None => Error::UnknownCommand { name: name.clone(), args: args.to_vec() },
        });
    };
    subcommand(spec, args)
}

/// A container's second word chooses the subcommand; without one, the container itself may run.
fn subcommand(spec: &'static CommandSpec, args: &[Vec<u8>]) -> Result<Resolved, Error> {
    let container = Resolved { spec, first_arg: 1 };
    let (false, Some(word)) = (spec.subcommands.is_empty(), args.first()) else {
        return Ok(container);
    };
    if let Some(sub) = spec.subcommand(word) {
        return Ok(Resolved { spec: sub, first_arg: 2 });
    }
    Err(match command::find_unsupported_sub(spec.name, word) {
        Some(command) => Error::Unsupported { command },
        None => Error::UnknownSubcommand { container: spec.name, name: word.clone() },
    })
}

/// Takes a command line through the gates, and runs it or puts it in the session's queue.
pub fn process(context: &mut Context<'_>, argv: Vec<Vec<u8>>) -> Reply {
    let resolved = resolve(&argv);
    context.session.last_command = named(&resolved);
    match resolved.and_then(|resolved| admit(context, &argv, resolved)) {
        Ok(Resolved { spec, first_arg }) => {
            let request = Request { argv, spec, first_arg };
            if is_postponed(context, &request) {
                context.around.pause.postpone(context.session.id);
                return blocking::postpone(context, request);
            }
            match &mut context.session.transaction {
                Some(transaction) if !runs_at_once(spec) => {
                    // What will not be carried out is not kept, although the answer says so.
                    if !transaction.aborted && !context.around.watched.is_touched(context.session.id) {
                        transaction.queue.push(request);
                    }
                    Reply::status("QUEUED")
                }
                _ => call(context, request),
            }
        }
        Err(error) => refuse(context, &argv, error),
    }
}

/// The gates.
fn admit(context: &mut Context<'_>, argv: &[Vec<u8>], resolved: Resolved) -> Result<Resolved, Error> {
    if resolved.spec.flags.contains(Flags::PROTECTED) {
        return Err(Error::ModulesNotAllowed);
    }
    let guarded = !context.around.acl.is_open();
    if guarded {
        guard::known(context, resolved.spec)?;
    }
    let in_transaction = context.session.transaction.is_some();
    if in_transaction && resolved.spec.flags.contains(Flags::NO_MULTI) {
        return Err(Error::Fixed("ERR Command not allowed inside a transaction"));
    }
    if guarded {
        guard::permitted(context, resolved.spec, argv)?;
    }
    if context.around.config.maxmemory > 0 && context.around.scripts.running.is_none() {
        has_room(context, argv, resolved.spec)?;
    }
    let lacks_replicas = context.around.config.lacks_replicas();
    if lacks_replicas && does(context, resolved.spec, argv, |flags, _| flags.contains(Flags::WRITE)) {
        return Err(Error::NoReplicas);
    }
    if context.only_listens() && !is_heard_while_listening(resolved.spec) {
        return Err(Error::NotWhileListening { command: resolved.spec.name });
    }
    if let Some(running) = &context.around.scripts.running
        && !resolved.spec.flags.contains(Flags::ALLOW_BUSY)
    {
        return Err(running.program.busy());
    }
    if context.session.monitors && touches_keys(context, resolved.spec, argv, KEY_FLAGS) {
        return Err(Error::Fixed("ERR Replica can't interact with the keyspace"));
    }
    Ok(resolved)
}

/// Keys are evicted if there is too much in use, the command's own words included: they are there already. If none can
/// be, what would take more is refused.
fn has_room(context: &mut Context<'_>, argv: &[Vec<u8>], spec: &CommandSpec) -> Result<(), Error> {
    context.around.words = memory::of_words(argv);
    let outcome = evict::make_room(context.keyspace, context.around);
    context.around.words = 0;
    context.around.scripts.out_of_memory = outcome == Outcome::Failed;
    if outcome == Outcome::Failed && does(context, spec, argv, |flags, _| flags.contains(Flags::DENYOOM)) {
        return Err(Error::OutOfMemory);
    }
    Ok(())
}

/// What a client of RESP2 may send while it listens.
fn is_heard_while_listening(spec: &CommandSpec) -> bool {
    let subscribes = spec.name.ends_with("subscribe") && spec.flags.contains(Flags::PUBSUB);
    subscribes || matches!(spec.name, "ping" | "quit" | "reset")
}

/// The command that a line names, also where it cannot be run.
fn named(resolved: &Result<Resolved, Error>) -> Option<&'static CommandSpec> {
    match resolved {
        Ok(resolved) => Some(resolved.spec),
        Err(Error::WrongArity { command }) => command::find_full(command.as_bytes()),
        Err(_) => None,
    }
}

const KEY_FLAGS: Flags = Flags::READONLY.union(Flags::WRITE);

/// Whether a command has one of these flags, or changes something that replicas would have to know although its flags do
/// not say so.
fn touches_keys(context: &Context<'_>, spec: &CommandSpec, argv: &[Vec<u8>], flags: Flags) -> bool {
    does(context, spec, argv, |own, spec| own.intersects(flags) || (own == spec.flags && may_replicate(spec)))
}

/// Whether something is true of a command, or of one in the transaction that it carries out.
fn does(
    context: &Context<'_>,
    spec: &CommandSpec,
    argv: &[Vec<u8>],
    is_so: impl Fn(Flags, &CommandSpec) -> bool,
) -> bool {
    let of = |spec: &CommandSpec, argv: &[Vec<u8>]| is_so(flags_of(context, spec, argv), spec);
    let queue = context.session.transaction.iter().flat_map(|transaction| &transaction.queue);
    of(spec, argv)
        || (spec.name == "exec" && queue.into_iter().any(|request| of(request.spec, &request.argv)))
}

/// The flags of a command line: those of a script that says what it does are its own.
fn flags_of(context: &Context<'_>, spec: &CommandSpec, argv: &[Vec<u8>]) -> Flags {
    if spec.group == Group::Scripting { scripting::flags_of(context, spec, argv) } else { spec.flags }
}

/// Commands that are not flagged as writing, and yet may.
const MAY_REPLICATE: [&str; 6] = ["eval", "evalsha", "fcall", "pfcount", "publish", "spublish"];

fn may_replicate(spec: &CommandSpec) -> bool {
    MAY_REPLICATE.contains(&spec.name)
}

/// Whether a command of a script changes something that replicas would have to know.
pub fn may_write(spec: &CommandSpec) -> bool {
    spec.flags.contains(Flags::WRITE) || may_replicate(spec)
}

/// Whether `CLIENT PAUSE` holds a command up. What a session that monitors sends is not, as in Redis.
fn is_postponed(context: &Context<'_>, request: &Request) -> bool {
    let now = context.now();
    context.around.pause.holds_writes(now)
        && !context.session.monitors
        && context
            .around
            .pause
            .concerns(now, touches_keys(context, request.spec, &request.argv, Flags::WRITE))
}

/// What steers a transaction is not part of it.
fn runs_at_once(spec: &CommandSpec) -> bool {
    matches!(spec.name, "exec" | "discard" | "multi" | "watch" | "quit" | "reset")
}

/// A command that did not pass the gates takes the transaction with it.
fn refuse(context: &mut Context<'_>, argv: &[Vec<u8>], mut error: Error) -> Reply {
    if let Some(transaction) = &mut context.session.transaction {
        transaction.aborted = true;
    }
    if let Some(exec) = argv.first().and_then(|name| command::find(name)).filter(|spec| spec.name == "exec") {
        context.session.transaction = None;
        context.around.watched.unwatch(context.session.id);
        error = Error::ExecRefused { because: Box::new(error) };
        // Of what is refused, this alone is shown.
        show(context, exec, argv);
    }
    measure::refused(context.around, argv, &error);
    error.into()
}

/// What ends with a command that a client sent.
pub fn command_over(session: &mut Session, around: &mut Surroundings) {
    session.command_over();
    let is_client = session.last_command.is_some_and(|spec| spec.name.starts_with("client|"));
    if session.transaction.is_none()
        && !is_client
        && let Some(follower) = around.tracking.follower_mut(session.id)
    {
        follower.caching = false;
    }
}

/// Runs a command that passed the gates.
pub fn call(context: &mut Context<'_>, request: Request) -> Reply {
    let Some(run) = request.spec.run else {
        return Error::WrongArity { command: request.spec.name }.into();
    };
    context.spec = request.spec;
    let may_wait = request.spec.flags.contains(Flags::BLOCKING) && !context.in_transaction;
    let may_take_long = request.spec.flags.contains(Flags::NO_MANDATORY_KEYS);
    context.request = (may_wait || may_take_long).then(|| request.clone());
    context.around.leaves_no_trace = context.session.no_touch && request.spec.name != "touch";
    let onlooker = Onlooker::of(context, &request);
    let running = measure::begin(context.around, request.spec, &request.argv);
    let reply: Reply = run(context, &mut Args::new(request.argv, request.first_arg)).into();
    measure::end(context, running, &reply);
    onlooker.tell(context);
    reply
}

/// What is to be known of a command afterwards, when its words are used up: by those who monitor, and by the table of
/// those who track.
struct Onlooker {
    spec: &'static CommandSpec,
    shown: Option<Vec<Vec<u8>>>,
    read: Option<Vec<Vec<u8>>>,
}

impl Onlooker {
    fn of(context: &Context<'_>, request: &Request) -> Self {
        let (around, spec) = (&*context.around, request.spec);
        // What was held up is never shown, but for the commands of a transaction.
        let is_new = context.attempt == Attempt::First || context.in_transaction;
        let shows = !around.monitors.is_empty() && is_new && monitor::is_shown(spec);
        let reads = !around.tracking.is_idle()
            && spec.flags.contains(Flags::READONLY)
            && around.tracking.remembers(context.session.id);
        let copy = || request.argv.clone();
        Self { spec, shown: shows.then(copy), read: reads.then(copy) }
    }

    fn tell(self, context: &mut Context<'_>) {
        let Context { around, session, .. } = context;
        if let Some(read) = self.read.and_then(|argv| keys::of(self.spec, argv)) {
            around.tracking.remember(session.id, read.into_iter().map(|(key, _)| key));
        }
        if let Some(argv) = self.shown {
            show(context, self.spec, &argv);
        }
    }
}

/// Shows a command that sends others before these.
pub fn show_at_once(context: &mut Context<'_>, argv: &[Vec<u8>]) {
    let is_new = context.attempt == Attempt::First || context.in_transaction;
    if is_new {
        show(context, context.spec, argv);
    }
}

/// Shows a command to those who monitor, have not asked for silence and have not said QUIT.
fn show(context: &mut Context<'_>, spec: &CommandSpec, argv: &[Vec<u8>]) {
    let Context { around, session, sessions, .. } = context;
    if around.monitors.is_empty() {
        return;
    }
    let from = if context.in_script { "lua" } else { &session.origin.address };
    let line = monitor::line(around.clock.now(), session.db, from, spec, argv);
    for id in around.monitors.clone() {
        let monitor = if id == session.id { Some(&**session) } else { sessions.get(id) };
        if monitor.is_some_and(|monitor| monitor.hears_replies() && !monitor.closing) {
            around.send(id, line.clone());
        }
    }
}
