//! Scripts: those that `EVAL` has met or `SCRIPT LOAD` was given, the machine that runs them, and the one that has begun and
//! not ended.
//!
//! [`run`] runs a program, [`ask`] gives it what it asks of the server; [`machine`] is the interpreter as Redis sets it up,
//! [`convert`] the way of values and replies into each other, [`shebang`] the first line. Nothing here reads a command's
//! arguments.

mod api;
mod ask;
pub mod convert;
pub mod libraries;
pub mod machine;
pub mod run;
pub mod shebang;

use std::collections::{BTreeMap, VecDeque};

use foldhash::fast::FixedState;
use indexmap::IndexMap;

use playground_lua::{Random, Value};

use crate::digest::Digest;
use crate::error::Error;
use crate::session::SessionId;
use crate::value::alloc::{OBJECT, sds_size, size_class};
pub use api::sha1;
use libraries::Libraries;
use machine::Machine;
use run::Running;
use shebang::ScriptFlags;

/// The name of a script: the SHA-1 of its text in hexadecimal.
pub type Sha = [u8; 40];

/// So many scripts that only `EVAL` has brought are kept.
const MOST_FROM_EVAL: usize = 500;

/// What errors call a script's text.
const CHUNK: &[u8] = b"@user_script";

/// A script that is known.
#[derive(Clone, Debug)]
pub struct Script {
    pub body: Vec<u8>,
    pub flags: ScriptFlags,
    /// When `EVAL` last used it, where nothing else has brought it: it may be forgotten then.
    used: Option<u64>,
}

/// All scripts.
#[derive(Clone, Debug, Default)]
pub struct Scripts {
    known: IndexMap<Sha, Script, FixedState>,
    /// Those that may be forgotten, the longest unused first.
    forgettable: BTreeMap<u64, Sha>,
    uses: u64,
    text_bytes: u64,
    /// How many were forgotten because there were too many.
    pub evicted: u64,
    machine: Option<Box<Machine>>,
    pub libraries: Libraries,
    /// What `math.random` goes on from: it outlives every machine.
    random: Random,
    /// Whether there was no room when the command came that runs scripts now.
    pub out_of_memory: bool,
    /// Somebody watches each step of a script, and wants to know what it sends.
    pub is_watched: bool,
    /// The script that has begun and not ended.
    pub running: Option<Box<Running>>,
    /// What others have sent since it began, and has to wait.
    pub held: VecDeque<(SessionId, Vec<Vec<u8>>)>,
    /// Instructions that may still be carried out in this call of the engine.
    pub allowance: u64,
}

impl Scripts {
    pub fn len(&self) -> usize {
        self.known.len()
    }

    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// What the scripts that are kept take: each its name, its text, an entry of the table and one of the list of those that
    /// may be forgotten.
    pub fn cache_bytes(&self) -> u64 {
        const SMALLEST_TABLE: usize = 4;
        const SLOT: usize = 8;
        let slots =
            if self.known.is_empty() { 0 } else { self.known.len().next_power_of_two().max(SMALLEST_TABLE) };
        self.text_bytes + (slots * SLOT) as u64
    }

    /// What scripts and functions take of the memory that is in use.
    pub fn bytes(&self) -> u64 {
        self.cache_bytes() + self.libraries.bytes()
    }

    /// What each of the machines has more than at its start, for scripts and for functions.
    pub fn machine_bytes(&self) -> (u64, u64) {
        let own = self.machine.as_ref().map_or(0, |machine| machine.more_bytes());
        (own, self.libraries.machine_bytes())
    }

    pub fn get(&self, sha: &[u8]) -> Option<&Script> {
        self.known.get(&lower(sha)?)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Script> {
        self.known.values()
    }

    /// Takes a script in, and compiles it. One of `EVAL`'s is forgotten when it is not used for long.
    pub fn add(&mut self, body: &[u8], is_from_eval: bool) -> Result<Sha, Error> {
        let sha = sha1(body);
        // One that `EVAL` has brought stays one that may be forgotten.
        if self.known.contains_key(&sha) {
            return Ok(sha);
        }
        let (flags, start) = shebang::of_script(body)?;
        let source = body.get(start..).unwrap_or_default();
        self.machine().compile(&sha, source, CHUNK).map_err(|error| Error::Said {
            text: [b"ERR Error compiling script (new function): ", &error.0[..]].concat(),
            is_counted: false,
        })?;
        let used = is_from_eval.then_some(0);
        self.text_bytes += size_of(body, is_from_eval);
        self.known.insert(sha, Script { body: body.to_vec(), flags, used });
        self.use_again(&sha);
        self.forget_surplus();
        Ok(sha)
    }

    /// Notes that a script is used.
    fn use_again(&mut self, sha: &Sha) {
        self.uses += 1;
        let uses = self.uses;
        if let Some(used) = self.known.get_mut(sha).and_then(|script| script.used.as_mut()) {
            self.forgettable.remove(used);
            *used = uses;
            self.forgettable.insert(uses, *sha);
        }
    }

    fn forget_surplus(&mut self) {
        while self.forgettable.len() > MOST_FROM_EVAL {
            let Some((_, sha)) = self.forgettable.pop_first() else { return };
            if let Some(script) = self.known.swap_remove(&sha) {
                self.text_bytes -= size_of(&script.body, true);
            }
            self.machine().forget_program(&sha);
            self.evicted += 1;
        }
    }

    /// Forgets all scripts, and the machine with all that scripts have left in it.
    pub fn flush(&mut self) {
        self.known.clear();
        self.forgettable.clear();
        self.text_bytes = 0;
        self.machine = None;
    }

    /// All that decides what happens next.
    pub fn digest(&self, digest: &mut Digest) {
        self.known.iter().for_each(|(sha, _)| digest.bytes(sha));
        digest.number(self.random.state());
        self.libraries.iter().for_each(|library| digest.bytes(&library.code));
        if let Some(running) = &self.running {
            digest.number(running.session.0);
            digest.number(running.began);
            digest.number(running.instructions);
        }
        self.held.iter().flat_map(|(_, argv)| argv).for_each(|word| digest.bytes(word));
    }

    /// The flags and the compiled program of a script that is known.
    pub fn program(&mut self, sha: &Sha) -> Option<(ScriptFlags, Value)> {
        let flags = self.known.get(sha)?.flags;
        self.use_again(sha);
        Some((flags, self.machine().program(sha)))
    }

    fn machine(&mut self) -> &mut Machine {
        self.machine.get_or_insert_with(|| Box::new(Machine::new(false)))
    }

    /// The machine for scripts, to be put back.
    pub fn take_machine(&mut self) -> Box<Machine> {
        self.machine.take().unwrap_or_else(|| Box::new(Machine::new(false)))
    }
}

/// What an entry in the list of those that may be forgotten takes.
const LISTED: u64 = 24;

/// What is allocated for a script with its name.
fn size_of(body: &[u8], is_from_eval: bool) -> u64 {
    /// The name, and the entry with what it holds.
    const NAME: u64 = 48;
    const ENTRY: u64 = 48;
    /// A text of so many bytes lies in one piece with its object, whose 16 bytes do not count.
    const LONGEST_EMBEDDED: usize = 44;

    const HEADER: usize = 3;
    let text = match body.len() {
        length @ 0..=LONGEST_EMBEDDED => size_class(OBJECT + HEADER + length + 1) - OBJECT,
        length => sds_size(length),
    };
    NAME + ENTRY + text as u64 + if is_from_eval { LISTED } else { 0 }
}

/// A name of a script in lower case.
pub fn lower(sha: &[u8]) -> Option<Sha> {
    let mut sha = Sha::try_from(sha).ok()?;
    sha.make_ascii_lowercase();
    Some(sha)
}
