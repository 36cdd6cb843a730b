//! The ordered gates that each command passes on its way to its function.
//!
//! look-up (command, then subcommand) → declared but unsupported → arity → who speaks → allowed in a transaction → may
//! this user → is there room, or is something evicted → allowed while listening → allowed to one that monitors → held up
//! by CLIENT PAUSE → queue in MULTI or run.
//! Gates read a command's spec; the functions behind them check none of this again. Nothing here knows what a command
//! does.

use crate::args::Args;
use crate::command::blocking::{self, Patience};
use crate::command::{self, CommandSpec, Flags, keys};
use crate::error::Error;
use crate::guard;
use crate::keyspace::evict::{self, Outcome};
use crate::keyspace::{Db, Keyspace, Surroundings};
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
    /// The command has waited already, and goes on doing so.
    pub resumed: Option<Patience>,
    /// The line of a command that may have to wait, so that it can be tried again.
    pub request: Option<Request>,
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
        let (spec, in_transaction, resumed, request) = (&NO_COMMAND, false, None, None);
        Self { keyspace, around, session, sessions, spec, in_transaction, resumed, request }
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
    /// for nothing that has one of its own.
    pub fn only_listens(&self) -> bool {
        self.session.protocol == Protocol::Resp2 && self.around.pubsub.is_listening(self.session.id)
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

/// Finds the command of a line.
pub fn resolve(argv: &[Vec<u8>]) -> Result<Resolved, Error> {
    let (name, args) = argv.split_first().ok_or(Error::Syntax)?;
    let Some(spec) = command::find(name) else {
        return Err(match command::find_unsupported(name) {
            Some(command) => Error::Unsupported { command },
            None => Error::UnknownCommand { name: name.clone(), args: args.to_vec() },
        });
    };
    let resolved = subcommand(spec, args)?;
    if !resolved.spec.takes(argv.len()) {
        return Err(Error::WrongArity { command: resolved.spec.name });
    }
    Ok(resolved)
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
            if is_postponed(context, spec) {
                context.around.pause.postpone(context.session.id);
                return blocking::postpone(context, request);
            }
            match &mut context.session.transaction {
                Some(transaction) if !runs_at_once(spec) => {
                    transaction.queue.push(request);
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
    if context.around.config.maxmemory > 0 {
        has_room(context, argv, resolved.spec)?;
    }
    if context.only_listens() && !is_heard_while_listening(resolved.spec) {
        return Err(Error::NotWhileListening { command: resolved.spec.name });
    }
    if context.session.monitors && touches_keys(context, resolved.spec, KEY_FLAGS) {
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
    if outcome == Outcome::Failed && does(context, spec, |spec| spec.flags.contains(Flags::DENYOOM)) {
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
fn touches_keys(context: &Context<'_>, spec: &CommandSpec, flags: Flags) -> bool {
    does(context, spec, |spec| spec.flags.intersects(flags) || MAY_REPLICATE.contains(&spec.name))
}

/// Whether something is true of a command, or of one in the transaction that it carries out.
fn does(context: &Context<'_>, spec: &CommandSpec, is_so: impl Fn(&CommandSpec) -> bool) -> bool {
    let queue = context.session.transaction.iter().flat_map(|transaction| &transaction.queue);
    is_so(spec) || (spec.name == "exec" && queue.into_iter().any(|request| is_so(request.spec)))
}

/// Commands that are not flagged as writing, and yet may.
const MAY_REPLICATE: [&str; 6] = ["eval", "evalsha", "fcall", "pfcount", "publish", "spublish"];

/// Whether `CLIENT PAUSE` holds a command up. What a session that monitors sends is not, as in Redis.
fn is_postponed(context: &Context<'_>, spec: &CommandSpec) -> bool {
    let now = context.now();
    context.around.pause.holds_writes(now)
        && !context.session.monitors
        && context.around.pause.concerns(now, touches_keys(context, spec, Flags::WRITE))
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
    if argv.first().is_some_and(|name| name.eq_ignore_ascii_case(b"exec")) {
        context.session.transaction = None;
        context.around.watched.unwatch(context.session.id);
        error = Error::ExecRefused { because: Box::new(error) };
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
    context.request = may_wait.then(|| request.clone());
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
        let shows = !around.monitors.is_empty() && context.resumed.is_none() && monitor::is_shown(spec);
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
            let line =
                monitor::line(around.clock.now(), session.db, &session.origin.address, self.spec, &argv);
            for id in around.monitors.clone() {
                around.send(id, line.clone());
            }
        }
    }
}
