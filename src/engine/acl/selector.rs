//! A selector: which commands may run, on which keys, over which channels, and the rules that said so.
//!
//! The rules for commands are kept beside the set of commands they add up to: they are what is shown, and the order in
//! which they came decides. A new rule replaces an earlier one for the same thing, and for its parts, so that the list
//! does not grow with use. Knows no users and no command lines.

use std::collections::BTreeMap;

use super::RuleError;
use super::commands::{self, CommandId, CommandSet};
use crate::glob;
use crate::parse::c_text;

/// What may be done with the keys that match a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    pub read: bool,
    pub write: bool,
}

impl Access {
    pub const BOTH: Self = Self { read: true, write: true };

    /// Whether this is enough for what is wanted.
    fn covers(self, wanted: Self) -> bool {
        (self.read || !wanted.read) && (self.write || !wanted.write)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct KeyPattern {
    pattern: Vec<u8>,
    access: Access,
}

/// A rule for a command, a subcommand or a category, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
struct CommandRule {
    allow: bool,
    /// `get`, `config|get`, `select|0`, `@read`.
    name: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// Every command, named here or not.
    all_commands: bool,
    /// Whether the last rule for all commands at once allowed them: what the other rules start from.
    from_all: bool,
    commands: CommandSet,
    /// For commands that are not allowed: the first arguments with which they are.
    first_args: BTreeMap<CommandId, Vec<Vec<u8>>>,
    rules: Vec<CommandRule>,
    all_keys: bool,
    keys: Vec<KeyPattern>,
    all_channels: bool,
    channels: Vec<Vec<u8>>,
}

impl Selector {
    /// Allows nothing, but perhaps every channel.
    pub fn new(all_channels: bool) -> Self {
        Self {
            all_commands: false,
            from_all: false,
            commands: CommandSet::empty(),
            first_args: BTreeMap::new(),
            rules: Vec::new(),
            all_keys: false,
            keys: Vec::new(),
            all_channels,
            channels: Vec::new(),
        }
    }

    pub fn allows_everything(&self) -> bool {
        self.all_commands && self.all_keys && self.all_channels
    }

    // ---- rules ---------------------------------------------------------------------------------------------------

    /// Takes one rule in.
    pub fn apply(&mut self, rule: &[u8]) -> Result<(), RuleError> {
        match c_text(rule).to_ascii_lowercase().as_slice() {
            b"allkeys" | b"~*" => self.set_all_keys(true),
            b"resetkeys" => self.set_all_keys(false),
            b"allchannels" | b"&*" => self.set_all_channels(true),
            b"resetchannels" => self.set_all_channels(false),
            b"allcommands" | b"+@all" => self.set_all_commands(true),
            b"nocommands" | b"-@all" => self.set_all_commands(false),
            _ => return self.apply_pattern(rule),
        }
        Ok(())
    }

    fn apply_pattern(&mut self, rule: &[u8]) -> Result<(), RuleError> {
        match rule {
            [b'~', pattern @ ..] => self.add_keys(pattern, Access::BOTH),
            [b'%', ..] if self.all_keys => Err(RuleError::AfterAllKeys),
            [b'%', rest @ ..] => {
                let (access, pattern) = key_access(rest)?;
                self.add_keys(pattern, access)
            }
            [b'&', pattern @ ..] => self.add_channels(pattern),
            [sign @ (b'+' | b'-'), b'@', category @ ..] => self.add_category(c_text(category), *sign == b'+'),
            [b'+', name @ ..] => self.allow_command(c_text(name)),
            [b'-', name @ ..] => self.deny_command(c_text(name)),
            _ => Err(RuleError::Syntax),
        }
    }

    fn set_all_keys(&mut self, all: bool) {
        self.all_keys = all;
        self.keys.clear();
    }

    fn set_all_channels(&mut self, all: bool) {
        self.all_channels = all;
        self.channels.clear();
    }

    fn set_all_commands(&mut self, all: bool) {
        (self.all_commands, self.from_all) = (all, all);
        self.commands = if all { CommandSet::full() } else { CommandSet::empty() };
        self.rules.clear();
        self.first_args.clear();
    }

    fn add_keys(&mut self, pattern: &[u8], access: Access) -> Result<(), RuleError> {
        if self.all_keys {
            return Err(RuleError::AfterAllKeys);
        }
        if has_spaces(pattern) {
            return Err(RuleError::Syntax);
        }
        if let Some(known) = self.keys.iter_mut().find(|known| known.pattern == pattern) {
            known.access.read |= access.read;
            known.access.write |= access.write;
        } else {
            self.keys.push(KeyPattern { pattern: pattern.to_vec(), access });
        }
        Ok(())
    }

    fn add_channels(&mut self, pattern: &[u8]) -> Result<(), RuleError> {
        if self.all_channels {
            return Err(RuleError::AfterAllChannels);
        }
        if has_spaces(pattern) {
            return Err(RuleError::Syntax);
        }
        if !self.channels.iter().any(|known| known == pattern) {
            self.channels.push(pattern.to_vec());
        }
        Ok(())
    }

    fn add_category(&mut self, name: &[u8], allow: bool) -> Result<(), RuleError> {
        let category = commands::category(name).ok_or(RuleError::Unknown)?;
        self.note(&[b"@", name].concat(), allow);
        for (id, _) in commands::table().of_category(category) {
            self.change(id, allow);
        }
        Ok(())
    }

    fn allow_command(&mut self, name: &[u8]) -> Result<(), RuleError> {
        let table = commands::table();
        let Some(bar) = name.iter().rposition(|byte| *byte == b'|') else {
            let (id, name, _) = table.find(name).ok_or(RuleError::Unknown)?;
            self.change(id, true);
            self.note(name.as_bytes(), true);
            return Ok(());
        };
        let (container, argument) = (&name[..bar], &name[bar + 1..]);
        let (id, _, known) = table.find(container).ok_or(RuleError::Unknown)?;
        if known.is_subcommand {
            return Err(RuleError::FirstArgOfSubcommand);
        }
        if argument.is_empty() {
            return Err(RuleError::Syntax);
        }
        if known.subcommands.is_empty() {
            let arguments = self.first_args.entry(id).or_default();
            if !arguments.iter().any(|known| known.eq_ignore_ascii_case(argument)) {
                arguments.push(argument.to_vec());
            }
        } else {
            let (id, _, _) = table.find(name).ok_or(RuleError::Unknown)?;
            self.change(id, true);
        }
        self.note(name, true);
        Ok(())
    }

    fn deny_command(&mut self, name: &[u8]) -> Result<(), RuleError> {
        let (id, name, _) = commands::table().find(name).ok_or(RuleError::Unknown)?;
        self.change(id, false);
        self.note(name.as_bytes(), false);
        Ok(())
    }

    /// Allows or denies a command with all of its subcommands, whatever its arguments.
    fn change(&mut self, id: CommandId, allow: bool) {
        self.all_commands &= allow;
        self.commands.set(id, allow);
        self.first_args.remove(&id);
        for subcommand in
            commands::table().get(id).map(|known| known.subcommands.as_slice()).unwrap_or_default()
        {
            self.commands.set(*subcommand, allow);
        }
    }

    /// Adds a rule at the end of the list; it takes the place of those for the same command, and for its parts.
    fn note(&mut self, name: &[u8], allow: bool) {
        let name = name.to_ascii_lowercase();
        self.rules.retain(|rule| match rule.name.strip_prefix(name.as_slice()) {
            Some(rest) => !matches!(rest, [] | [b'|', ..]),
            None => true,
        });
        self.rules.push(CommandRule { allow, name });
    }

    // ---- questions -----------------------------------------------------------------------------------------------

    /// Whether a command may run with this first argument.
    pub fn allows_command(&self, id: CommandId, first_arg: Option<&[u8]>) -> bool {
        if self.all_commands || self.commands.contains(id) {
            return true;
        }
        let (Some(allowed), Some(argument)) = (self.first_args.get(&id), first_arg) else { return false };
        allowed.iter().any(|word| word.eq_ignore_ascii_case(c_text(argument)))
    }

    pub fn allows_key(&self, key: &[u8], wanted: Access) -> bool {
        let allows = |known: &KeyPattern| known.access.covers(wanted) && glob::matches(&known.pattern, key);
        self.all_keys || self.keys.iter().any(allows)
    }

    pub fn allows_all_keys(&self) -> bool {
        self.all_keys
    }

    /// Whether any key whatever may be read.
    pub fn reads_every_key(&self) -> bool {
        self.all_keys || self.keys.iter().any(|known| known.access.read && known.pattern == b"*")
    }

    /// Whether a channel may be used, or a pattern of channels, which has to be allowed in the very same words.
    pub fn allows_channel(&self, channel: &[u8], is_pattern: bool) -> bool {
        let allows =
            |known: &Vec<u8>| if is_pattern { known == channel } else { glob::matches(known, channel) };
        self.all_channels || self.channels.iter().any(allows)
    }

    pub fn allows_all_channels(&self) -> bool {
        self.all_channels
    }

    /// The patterns of channels.
    pub fn channels(&self) -> &[Vec<u8>] {
        &self.channels
    }

    // ---- as text -------------------------------------------------------------------------------------------------

    /// The rules for commands, as `ACL GETUSER` shows them.
    pub fn commands_text(&self) -> Vec<u8> {
        let mut text = if self.from_all { b"+@all".to_vec() } else { b"-@all".to_vec() };
        for rule in &self.rules {
            text.extend_from_slice(if rule.allow { b" +" } else { b" -" });
            text.extend_from_slice(&rule.name);
        }
        text
    }

    /// The patterns of keys, as `ACL GETUSER` shows them.
    pub fn keys_text(&self) -> Vec<u8> {
        if self.all_keys {
            return b"~*".to_vec();
        }
        let shown = self.keys.iter().map(|known| {
            let prefix: &[u8] = match known.access {
                Access { read: true, write: true } => b"~",
                Access { read: true, .. } => b"%R~",
                Access { .. } => b"%W~",
            };
            [prefix, &known.pattern].concat()
        });
        shown.collect::<Vec<_>>().join(&b' ')
    }

    /// The patterns of channels, as `ACL GETUSER` shows them.
    pub fn channels_text(&self) -> Vec<u8> {
        if self.all_channels {
            return b"&*".to_vec();
        }
        let shown = self.channels.iter().map(|pattern| [b"&", pattern.as_slice()].concat());
        shown.collect::<Vec<_>>().join(&b' ')
    }

    /// The whole selector as rules, as `ACL LIST` shows it.
    pub fn text(&self) -> Vec<u8> {
        let reset: &[u8] = if self.all_channels { b"" } else { b"resetchannels" };
        let parts = [self.keys_text(), reset.to_vec(), self.channels_text(), self.commands_text()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(&b' ')
    }
}

/// What a rule for keys allows: letters up to the tilde, and the pattern behind it.
fn key_access(rest: &[u8]) -> Result<(Access, &[u8]), RuleError> {
    let end = rest.iter().position(|byte| *byte == b'~').unwrap_or(rest.len());
    let mut access = Access { read: false, write: false };
    for letter in &rest[..end] {
        let permission = match letter.to_ascii_uppercase() {
            b'R' => &mut access.read,
            b'W' => &mut access.write,
            _ => return Err(RuleError::Syntax),
        };
        if std::mem::replace(permission, true) {
            return Err(RuleError::Syntax);
        }
    }
    if access.read || access.write {
        Ok((access, rest.get(end + 1..).unwrap_or_default()))
    } else {
        Err(RuleError::Syntax)
    }
}

/// What would not survive being written in a line of rules.
pub fn has_spaces(text: &[u8]) -> bool {
    text.iter().any(|byte| matches!(byte, b' ' | b'\t'..=b'\r' | 0))
}
