//! The ordered gates that each command passes on its way to its function.
//!
//! look-up (command, then subcommand) → declared but unsupported → arity → run. Gates read a command's spec; the
//! functions behind them check none of this again. Nothing here knows what a command does.

use crate::args::Args;
use crate::command::{self, CommandSpec};
use crate::error::Error;
use crate::keyspace::{Db, Keyspace, Surroundings};
use crate::reply::Reply;
use crate::session::Session;

/// What a command function works with.
#[derive(Debug)]
pub struct Context<'a> {
    pub keyspace: &'a mut Keyspace,
    pub around: &'a mut Surroundings,
    pub session: &'a mut Session,
    /// The spec of the command that runs: one function may serve several.
    pub spec: &'static CommandSpec,
    /// How many sessions are connected.
    pub connections: usize,
}

impl Context<'_> {
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

    /// The name of the running command as errors show it.
    pub fn name(&self) -> &'static str {
        self.spec.name
    }
}

/// A command line that passed the gates: its spec and the position of its first argument.
#[derive(Clone, Copy, Debug)]
pub struct Resolved {
    pub spec: &'static CommandSpec,
    pub first_arg: usize,
}

/// The gates before a command runs.
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

/// Runs a resolved command.
pub fn run(context: &mut Context<'_>, argv: Vec<Vec<u8>>, first_arg: usize) -> Reply {
    let Some(run) = context.spec.run else {
        return Error::WrongArity { command: context.spec.name }.into();
    };
    run(context, &mut Args::new(argv, first_arg)).into()
}
