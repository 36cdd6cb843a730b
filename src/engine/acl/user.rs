//! A user: whether it may log in, with which passwords, and what it may do then.
//!
//! Passwords are kept as their SHA-256 only. Knows no sessions.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::RuleError;
use super::selector::Selector;
use crate::parse::{self, c_text};

/// The SHA-256 of a password.
type Hash = [u8; 32];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    enabled: bool,
    /// Any password will do.
    nopass: bool,
    /// Whether `RESTORE` looks closely at what this user sends.
    sanitizes: bool,
    passwords: Vec<Hash>,
    root: Selector,
    /// Others that may allow what the first does not.
    more: Vec<Selector>,
}

impl User {
    /// A user as `ACL SETUSER name` makes it: it can do nothing.
    pub fn new(all_channels: bool) -> Self {
        Self {
            enabled: false,
            nopass: false,
            sanitizes: true,
            passwords: Vec::new(),
            root: Selector::new(all_channels),
            more: Vec::new(),
        }
    }

    /// Takes one rule in; `all_channels` is what a new selector starts with.
    pub fn apply(&mut self, rule: &[u8], all_channels: bool) -> Result<(), RuleError> {
        match c_text(rule).to_ascii_lowercase().as_slice() {
            _ if rule.is_empty() => {}
            b"on" => self.enabled = true,
            b"off" => self.enabled = false,
            b"nopass" => self.forget_passwords(true),
            b"resetpass" => self.forget_passwords(false),
            b"sanitize-payload" => self.sanitizes = true,
            b"skip-sanitize-payload" => self.sanitizes = false,
            b"clearselectors" => self.more.clear(),
            b"reset" => *self = Self::new(all_channels),
            _ => return self.apply_mark(rule, all_channels),
        }
        Ok(())
    }

    /// Rules that are told by their first byte.
    fn apply_mark(&mut self, rule: &[u8], all_channels: bool) -> Result<(), RuleError> {
        match rule {
            [b'>', password @ ..] => self.add_password(hash(password)),
            [b'#', text @ ..] => self.add_password(read_hash(text)?),
            [b'<', password @ ..] => return self.remove_password(&hash(password)),
            [b'!', text @ ..] => return self.remove_password(&read_hash(text)?),
            [b'(', rules @ .., b')'] => {
                let mut selector = Selector::new(all_channels);
                // Quotes that do not close leave nothing to read.
                for rule in parse::split_line(rules).unwrap_or_default() {
                    selector.apply(&rule)?;
                }
                self.more.push(selector);
            }
            _ => return self.root.apply(rule),
        }
        Ok(())
    }

    fn forget_passwords(&mut self, nopass: bool) {
        self.nopass = nopass;
        self.passwords.clear();
    }

    fn add_password(&mut self, hash: Hash) {
        self.nopass = false;
        if !self.passwords.contains(&hash) {
            self.passwords.push(hash);
        }
    }

    fn remove_password(&mut self, hash: &Hash) -> Result<(), RuleError> {
        let at = self.passwords.iter().position(|known| known == hash).ok_or(RuleError::NoSuchPassword)?;
        self.passwords.remove(at);
        Ok(())
    }

    // ---- questions -----------------------------------------------------------------------------------------------

    /// Whether somebody who knows this password may be this user.
    pub fn lets_in(&self, password: &[u8]) -> bool {
        self.enabled && (self.nopass || self.passwords.contains(&hash(password)))
    }

    /// Whether anybody may be this user without being asked.
    pub fn is_open(&self) -> bool {
        self.enabled && self.nopass
    }

    pub fn nopass(&self) -> bool {
        self.nopass
    }

    /// Whether there is something to hear that it may not hear any more.
    pub fn lost_channels(&self, before: &Self) -> bool {
        let all = |user: &Self| user.selectors().any(Selector::allows_all_channels);
        if all(self) || all(before) {
            return !all(self);
        }
        let kept = |pattern: &Vec<u8>| self.selectors().any(|selector| selector.channels().contains(pattern));
        !before.selectors().flat_map(Selector::channels).all(kept)
    }

    /// Whether it may use a channel, or a pattern of channels.
    pub fn may_use_channel(&self, channel: &[u8], is_pattern: bool) -> bool {
        self.selectors().any(|selector| selector.allows_channel(channel, is_pattern))
    }

    /// One of these has to allow what the user wants to do; the first is the one of the user's own rules.
    pub fn selectors(&self) -> impl Iterator<Item = &Selector> {
        std::iter::once(&self.root).chain(&self.more)
    }

    // ---- as text -------------------------------------------------------------------------------------------------

    /// The words of `ACL GETUSER`'s flags.
    pub fn flags(&self) -> impl Iterator<Item = &'static str> {
        let nopass = self.nopass.then_some("nopass");
        let sanitizes = if self.sanitizes { "sanitize-payload" } else { "skip-sanitize-payload" };
        [Some(if self.enabled { "on" } else { "off" }), nopass, Some(sanitizes)].into_iter().flatten()
    }

    /// The hashes of the passwords, in hexadecimal.
    pub fn passwords(&self) -> impl Iterator<Item = String> {
        self.passwords.iter().map(|hash| hexadecimal(hash))
    }

    /// The rules that make this user, as `ACL LIST` shows them behind the name.
    pub fn text(&self) -> Vec<u8> {
        let mut text = self.flags().collect::<Vec<_>>().join(" ").into_bytes();
        for password in self.passwords() {
            text.extend_from_slice(format!(" #{password}").as_bytes());
        }
        text.push(b' ');
        text.extend(self.root.text());
        for selector in &self.more {
            text.extend_from_slice(b" (");
            text.extend(selector.text());
            text.push(b')');
        }
        text
    }
}

fn hash(password: &[u8]) -> Hash {
    Sha256::digest(password).into()
}

/// A hash as it is written in a rule.
fn read_hash(text: &[u8]) -> Result<Hash, RuleError> {
    let digit = |byte: &u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let digits: Option<Vec<u8>> = text.iter().map(digit).collect();
    let bytes: Option<Vec<u8>> = digits.map(|digits| {
        digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |high, low| high << 4 | low)).collect()
    });
    let is_whole = text.len() == 64;
    bytes.filter(|_| is_whole).and_then(|bytes| bytes.try_into().ok()).ok_or(RuleError::PasswordHash)
}

/// Bytes as hexadecimal digits, in lower case.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
