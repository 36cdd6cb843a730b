//! A fixed workload and what must come out of it: the same natively, in WebAssembly, and on every run.
//!
//! The script's answers are pinned as two numbers beside it, which `cargo xtask generate` writes and which the tests of
//! the JavaScript API read too. Knows nothing of what the commands do.

use std::collections::BTreeMap;
use std::time::Duration;

use playground_engine::digest::Digest;
use playground_engine::{Engine, Options, parse, print};

use crate::files;

pub const SCRIPT: &str = "tests/fixtures/determinism.txt";
pub const PINNED: &str = "tests/fixtures/determinism.digest";
/// The seed under which the numbers are pinned.
pub const SEED: u64 = 42;

/// The session that speaks first.
const MAIN: &str = "main";

/// What came out of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// The engine's state at the end.
    pub state: u64,
    /// Every answer as redis-cli prints it, one after the other; after each line what has arrived, by the sessions' names.
    pub answers: u64,
}

impl Fingerprint {
    /// The text that is pinned.
    pub fn text(self) -> String {
        format!("{:016x} {:016x}\n", self.state, self.answers)
    }
}

/// Plays the script on a fresh engine.
pub fn play(seed: u64) -> Fingerprint {
    let script = files::read(&files::root().join(SCRIPT));
    let mut engine = Engine::new(Options { seed, ..Options::default() });
    let mut sessions = BTreeMap::from([(MAIN, engine.connect())]);
    let mut speaker = MAIN;
    let mut answers = Digest::default();
    for line in script.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(ms) = line.strip_prefix("@advance ") {
            let ms = ms.parse().unwrap_or_else(|_| panic!("{SCRIPT}: {line}"));
            engine.advance(Duration::from_millis(ms));
        } else if let Some(name) = line.strip_prefix("@session ") {
            speaker = name;
            sessions.entry(name).or_insert_with(|| engine.connect());
        } else {
            let argv = parse::split_line(line.as_bytes()).unwrap_or_else(|_| panic!("{SCRIPT}: {line}"));
            let session = sessions.get(speaker).copied().unwrap_or_else(|| panic!("{SCRIPT}: {line}"));
            answers.word(&print::redis_cli(&engine.execute(session, argv).reply));
        }
        for session in sessions.values() {
            engine.take_outbox(*session).iter().for_each(|reply| answers.word(&print::redis_cli(reply)));
        }
    }
    Fingerprint { state: engine.digest(), answers: answers.finish() }
}
