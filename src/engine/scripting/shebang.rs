//! The first line of a script, where it says which engine it is for and what it may do: `#!lua flags=no-writes`.
//!
//! It knows nothing of running scripts.

use bitflags::bitflags;

use crate::error::Error;
use crate::parse::{self, c_text};

bitflags! {
    /// What a script says of itself.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct ScriptFlags: u8 {
        const NO_WRITES = 1;
        const ALLOW_OOM = 1 << 1;
        const ALLOW_STALE = 1 << 2;
        const NO_CLUSTER = 1 << 3;
        const ALLOW_CROSS_SLOT_KEYS = 1 << 4;
        /// It says nothing: it is a script of the old kind, for which commands are looked at one by one.
        const UNDECLARED = 1 << 5;
    }
}

impl ScriptFlags {
    const WORDS: [(Self, &'static str); 5] = [
        (Self::NO_WRITES, "no-writes"),
        (Self::ALLOW_OOM, "allow-oom"),
        (Self::ALLOW_STALE, "allow-stale"),
        (Self::NO_CLUSTER, "no-cluster"),
        (Self::ALLOW_CROSS_SLOT_KEYS, "allow-cross-slot-keys"),
    ];

    pub fn of_word(word: &[u8]) -> Option<Self> {
        Self::WORDS.iter().find(|(_, known)| known.as_bytes() == word).map(|(flag, _)| *flag)
    }

    pub fn words(self) -> impl Iterator<Item = &'static str> {
        Self::WORDS.into_iter().filter(move |(flag, _)| self.contains(*flag)).map(|(_, word)| word)
    }
}

/// What the first line of a script for `EVAL` says, and where the program begins: at the end of that line, so that its
/// own lines keep their numbers.
pub fn of_script(body: &[u8]) -> Result<(ScriptFlags, usize), Error> {
    if !body.starts_with(b"#!") {
        return Ok((ScriptFlags::UNDECLARED, 0));
    }
    let Some(end) = c_text(body).iter().position(|byte| *byte == b'\n') else {
        return Err(Error::Fixed("ERR Invalid script shebang"));
    };
    let words = parse::split_line(&body[..end]).unwrap_or_default();
    let Some((engine, options)) = words.split_first() else {
        return Err(Error::Fixed("ERR Invalid engine in script shebang"));
    };
    if engine != b"#!lua" {
        return Err(said(&[b"ERR Unexpected engine in script shebang: ", engine]));
    }
    let mut flags = ScriptFlags::empty();
    for option in options {
        let Some(list) = option.strip_prefix(b"flags=") else {
            return Err(said(&[b"ERR Unknown lua shebang option: ", option]));
        };
        if list.is_empty() {
            continue;
        }
        for word in list.split(|byte| *byte == b',') {
            let flag = ScriptFlags::of_word(word);
            flags |= flag.ok_or_else(|| said(&[b"ERR Unexpected flag in script shebang: ", word]))?;
        }
    }
    Ok((flags, end))
}

pub const BAD_NAME: &str = "Library names can only contain letters, numbers, or underscores(_) and must be at least one \
    character long";

/// Whether a library or a function may be called so.
pub fn is_name(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

/// The name that the first line of a library gives it, and where its program begins.
pub fn of_library(code: &[u8]) -> Result<(Vec<u8>, usize), Error> {
    if !code.starts_with(b"#!") {
        return Err(Error::Fixed("ERR Missing library metadata"));
    }
    let invalid = Error::Fixed("ERR Invalid library metadata");
    let Some(end) = c_text(code).iter().position(|byte| *byte == b'\n') else { return Err(invalid) };
    let words = parse::split_line(&code[..end]).map_err(|_| invalid.clone())?;
    let (engine, options) = words.split_first().ok_or(invalid)?;
    let mut name = None;
    for option in options {
        let value = option.split_at_checked(5).filter(|(key, _)| key.eq_ignore_ascii_case(b"name="));
        let (_, value) = value.ok_or_else(|| said(&[b"ERR Invalid metadata value given: ", option]))?;
        if name.is_some() {
            return Err(Error::Fixed("ERR Invalid metadata value, name argument was given multiple times"));
        }
        name = Some(value.to_vec());
    }
    let name = name.ok_or(Error::Fixed("ERR Library name was not given"))?;
    if !is_name(&name) {
        return Err(said(&[b"ERR ", BAD_NAME.as_bytes()]));
    }
    let engine = engine.get(2..).unwrap_or_default();
    if !engine.eq_ignore_ascii_case(b"lua") {
        return Err(said(&[b"ERR Engine '", engine, b"' not found"]));
    }
    Ok((name, end))
}

fn said(parts: &[&[u8]]) -> Error {
    Error::Said { text: parts.concat(), is_counted: false }
}
