//! Puts a command line to a user's selectors: may the command run, on these keys, over these channels?
//!
//! One selector has to allow all of it. Where none does, the refusal that got furthest is told: a channel before a key
//! before the command itself, and the later argument of two.

use super::commands;
use super::selector::{Access, Selector};
use super::user::User;
use crate::command::keys;
use crate::command::spec::{CommandSpec, Flags, KeyFlags};

/// What is refused, in order of how far the command line got; the argument by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Denied {
    Command,
    Key(usize),
    Channel(usize),
}

impl Denied {
    /// The argument that is not allowed; `None` for the command itself.
    pub fn position(self) -> Option<usize> {
        match self {
            Self::Command => None,
            Self::Key(position) | Self::Channel(position) => Some(position),
        }
    }
}

/// A command line with what of it is guarded, found out once for all selectors.
struct Line<'a> {
    spec: &'static CommandSpec,
    argv: &'a [Vec<u8>],
    keys: Vec<(usize, KeyFlags)>,
}

impl User {
    /// Whether the user may run a command line.
    pub fn check(&self, spec: &'static CommandSpec, argv: &[Vec<u8>]) -> Result<(), Denied> {
        if self.selectors().any(Selector::allows_everything) {
            return Ok(());
        }
        let keys = keys::positions_of(spec, argv).unwrap_or_default();
        let line = Line { spec, argv, keys };
        let mut furthest = Denied::Command;
        for selector in self.selectors() {
            match line.check(selector) {
                Ok(()) => return Ok(()),
                Err(denied) => furthest = furthest.max(denied),
            }
        }
        Err(furthest)
    }

    /// Whether the user may run a command line that reads keys which the line does not name, as `SORT BY` does.
    pub fn may_read_any_key(&self, spec: &'static CommandSpec, argv: &[Vec<u8>]) -> bool {
        let keys = keys::positions_of(spec, argv).unwrap_or_default();
        let line = Line { spec, argv, keys };
        self.selectors().any(|selector| selector.reads_every_key() && line.check(selector).is_ok())
    }
}

impl Line<'_> {
    fn check(&self, selector: &Selector) -> Result<(), Denied> {
        if !self.spec.flags.contains(Flags::NO_AUTH) {
            let id = commands::table().id(self.spec.name).ok_or(Denied::Command)?;
            let first_arg = self.argv.get(1).map(Vec::as_slice);
            if !selector.allows_command(id, first_arg) {
                return Err(Denied::Command);
            }
        }
        for (position, flags) in &self.keys {
            let key = self.argv.get(*position).map(Vec::as_slice).unwrap_or_default();
            if !selector.allows_key(key, access(*flags)) {
                return Err(Denied::Key(*position));
            }
        }
        let Some(channels) = self.spec.channels else { return Ok(()) };
        for (position, channel) in channels.of(self.argv) {
            if !selector.allows_channel(channel, channels.are_patterns()) {
                return Err(Denied::Channel(position));
            }
        }
        Ok(())
    }
}

/// What a command needs of a key to do this with it.
fn access(flags: KeyFlags) -> Access {
    let changes = KeyFlags::INSERT.union(KeyFlags::DELETE).union(KeyFlags::UPDATE);
    Access { read: flags.contains(KeyFlags::ACCESS), write: flags.intersects(changes) }
}
