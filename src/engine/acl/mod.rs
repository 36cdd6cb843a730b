//! Access control lists: who may do what.
//!
//! [`Acl`] holds the users; a [`user::User`] is made by rules and printed as rules; a [`selector::Selector`] says which
//! commands, keys and channels; [`check`] puts a command line to them; [`log`] remembers what was refused. Sessions
//! name their user, and nothing here knows of them, of arguments of commands or of replies.

pub mod check;
pub mod commands;
pub mod log;
pub mod selector;
#[cfg(test)]
mod tests;
pub mod user;

use std::collections::BTreeMap;

pub use check::Denied;
pub use log::{Incident, Log, Reason};
pub use user::User;

use crate::config::Config;
use crate::digest::Digest;
use crate::error::Error;

/// The user that every connection starts as.
pub const DEFAULT_USER: &[u8] = b"default";

/// Why a rule was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleError {
    /// No such command or category.
    Unknown,
    Syntax,
    /// A pattern of keys where all are allowed.
    AfterAllKeys,
    /// A pattern of channels where all are allowed.
    AfterAllChannels,
    /// A password to remove that is not there.
    NoSuchPassword,
    /// A hash that is none.
    PasswordHash,
    FirstArgOfSubcommand,
}

/// All users, and what was refused to them.
#[derive(Clone, Debug)]
pub struct Acl {
    users: BTreeMap<Vec<u8>, User>,
    /// Nobody is restricted: the default user is the only one, needs no password and may do everything.
    open: bool,
    pub log: Log,
}

impl Acl {
    pub fn new(config: &Config) -> Self {
        let mut default = User::new(config.acl_pubsub_default);
        for rule in [b"on".as_slice(), b"nopass", b"allkeys", b"allchannels", b"allcommands"] {
            // These rules are right.
            let _ = default.apply(rule, config.acl_pubsub_default);
        }
        let users = BTreeMap::from([(DEFAULT_USER.to_vec(), default)]);
        let mut acl = Self { users, open: true, log: Log::default() };
        if !config.requirepass.is_empty() {
            acl.set_default_password(&config.requirepass);
        }
        acl
    }

    // ---- users ---------------------------------------------------------------------------------------------------

    pub fn user(&self, name: &[u8]) -> Option<&User> {
        self.users.get(name)
    }

    /// Every user, in order of the names.
    pub fn users(&self) -> impl Iterator<Item = (&[u8], &User)> {
        self.users.iter().map(|(name, user)| (name.as_slice(), user))
    }

    /// Takes rules in: all of them, or none if one is refused. Makes the user if there is none; answers how it was
    /// before.
    pub fn set_user(
        &mut self,
        name: &[u8],
        rules: Vec<Vec<u8>>,
        all_channels: bool,
    ) -> Result<Option<User>, Error> {
        let rules = join_selectors(rules)?;
        let mut user = self.users.get(name).cloned().unwrap_or_else(|| User::new(all_channels));
        for rule in rules {
            user.apply(&rule, all_channels).map_err(|reason| Error::AclRule { rule, reason })?;
        }
        let before = self.users.insert(name.to_vec(), user);
        self.reconsider();
        Ok(before)
    }

    /// Whether there was such a user.
    pub fn delete_user(&mut self, name: &[u8]) -> bool {
        let existed = self.users.remove(name).is_some();
        self.reconsider();
        existed
    }

    /// What `requirepass` does: the default user's only password, or none.
    pub fn set_default_password(&mut self, password: &[u8]) {
        if let Some(user) = self.users.get_mut(DEFAULT_USER) {
            let rule = if password.is_empty() { b"nopass".to_vec() } else { [b">", password].concat() };
            for rule in [b"resetpass".as_slice(), &rule] {
                // These rules are right.
                let _ = user.apply(rule, false);
            }
        }
        self.reconsider();
    }

    fn reconsider(&mut self) {
        let free =
            |user: &User| user.is_open() && user.selectors().any(selector::Selector::allows_everything);
        self.open = self.users.len() == 1 && self.users.values().all(free);
    }

    // ---- questions -----------------------------------------------------------------------------------------------

    /// Nobody is restricted in anything.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Whether a new connection is the default user without being asked.
    pub fn default_is_open(&self) -> bool {
        self.users.get(DEFAULT_USER).is_some_and(User::is_open)
    }

    /// Whether somebody who knows this password may be this user.
    pub fn lets_in(&self, name: &[u8], password: &[u8]) -> bool {
        self.users.get(name).is_some_and(|user| user.lets_in(password))
    }

    pub fn digest(&self, digest: &mut Digest) {
        for (name, user) in &self.users {
            digest.bytes(name);
            digest.bytes(&user.text());
        }
        self.log.digest(digest);
    }
}

/// Selectors may come in several words, `(+get ~x)`: they are put together again.
fn join_selectors(words: Vec<Vec<u8>>) -> Result<Vec<Vec<u8>>, Error> {
    let mut rules = Vec::with_capacity(words.len());
    let mut open: Option<(Vec<u8>, Vec<u8>)> = None;
    for word in words {
        let closes = word.last() == Some(&b')');
        if let Some((start, mut selector)) = open.take() {
            selector.push(b' ');
            selector.extend_from_slice(crate::parse::c_text(&word));
            if closes {
                rules.push(selector);
            } else {
                open = Some((start, selector));
            }
        } else if word.first() == Some(&b'(') && !closes {
            open = Some((word.clone(), word));
        } else {
            rules.push(word);
        }
    }
    match open {
        Some((start, _)) => Err(Error::AclUnclosedSelector { start }),
        None => Ok(rules),
    }
}
