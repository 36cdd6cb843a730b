//! The random differential test: the same command sequences for the engine and for a real Redis, every reply compared,
//! and at the end every key's type, encoding, value and deadline.
//!
//! `PLAYGROUND_DIFF_COMMANDS` sets how many commands (200,000 by default), `PLAYGROUND_SEED` repeats a run, and
//! `PLAYGROUND_DIFF_GROUP=hash,generic` takes the commands of some groups only. A difference is shrunk and printed as a
//! transcript. What needs several connections (transactions, waiting, messages) is in [`crowd`]. Scripts ([`scripts`]) are a
//! share of all commands; `PLAYGROUND_DIFF_GROUP=scripting` plays nothing else.

mod acl;
mod certain;
mod compare;
mod crowd;
mod damage;
mod dumps;
mod generate;
mod people;
mod play;
mod pools;
mod scripts;
mod sizes;
mod state;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use playground_engine::command::syntax::{self, Argument, Kind};
use playground_tests::oracle;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use generate::{Sequence, is_always_refused, sequences, targets};
use play::{Arena, Difference, Record, line_of, printed};
use sizes::Tally;

const COMMANDS: usize = 200_000;
/// The mean length of a sequence.
const LENGTH: usize = 200;

#[test]
fn the_engine_answers_as_redis_does() {
    let Some(oracle) = oracle::start_or_skip("the random differential test") else { return };
    let (wanted, seed) = (number("PLAYGROUND_DIFF_COMMANDS").unwrap_or(COMMANDS as u64) as usize, seed());
    say(&format!("differential test: {wanted} commands, PLAYGROUND_SEED={seed}\n"));
    let arena = RefCell::new(Arena::new(&oracle));
    let coverage = RefCell::new(Coverage::default());
    let mut runner = runner(seed);
    let groups = std::env::var("PLAYGROUND_DIFF_GROUP").ok();
    let strategy = sequences(LENGTH, groups.as_deref());
    while coverage.borrow().commands < wanted {
        let tree = strategy.new_tree(&mut runner).expect("the strategy rejects nothing");
        let played = runner.run_one(tree, |sequence| match arena.borrow_mut().play(&sequence) {
            Ok(record) => {
                coverage.borrow_mut().add(&record);
                Ok(())
            }
            Err(Difference { at, engine, server }) => {
                Err(TestCaseError::fail(format!("{at}\n  {engine:?}\n  {server:?}")))
            }
        });
        match played {
            Ok(_) => {}
            Err(TestError::Fail(seen, sequence)) => {
                panic!("{}", report(&mut arena.borrow_mut(), &sequence, seed, seen.message()))
            }
            Err(TestError::Abort(why)) => panic!("the test gave up: {why}"),
        }
    }
    let coverage = coverage.into_inner();
    say(&coverage.summary());
    // A short or narrow run, asked for by hand, is not held to what a full one must reach.
    if wanted >= COMMANDS && groups.is_none() {
        coverage.assert_complete();
    }
}

fn runner(seed: u64) -> TestRunner {
    // The cheap generator: the strong one takes most of the time of an unoptimised test.
    let mut bytes = [1; 16];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { failure_persistence: None, max_shrink_iters: 4_000, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::XorShift, &bytes))
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Drawn anew for each run, but for CI: there a red run should mean that the change broke something.
fn seed() -> u64 {
    const CI: u64 = 20_260_101;
    if std::env::var_os("CI").is_some() {
        return number("PLAYGROUND_SEED").unwrap_or(CI);
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_nanos() as u64);
    number("PLAYGROUND_SEED").unwrap_or(now % 1_000_000_000)
}

/// Written past the test harness, which would swallow a print of a test that passes.
fn say(text: &str) {
    std::io::stderr().write_all(text.as_bytes()).ok();
}

/// The shrunk sequence as a transcript, with the answers of both sides at its end.
fn report(arena: &mut Arena, sequence: &Sequence, seed: u64, seen: &str) -> String {
    let commands =
        sequence.commands.iter().fold(String::new(), |text, argv| format!("{text}> {}\n", line_of(argv)));
    let protocol = if sequence.resp3 { "RESP3" } else { "RESP2" };
    let end = match arena.play(sequence) {
        Ok(_) => format!("played again, it shows no difference; before, it did at {seen}"),
        Err(Difference { at, engine, server }) => {
            format!(
                "at {at}\nthe engine:\n{}the real server:\n{}as values:\n  {engine:?}\n  {server:?}",
                printed(&engine),
                printed(&server)
            )
        }
    };
    format!(
        "the engine differs from the real server (PLAYGROUND_SEED={seed}, {protocol})\n--- shrunk\n{commands}{end}"
    )
}

/// What has been played.
#[derive(Debug, Default)]
struct Coverage {
    commands: usize,
    /// Keys that were measured after a command.
    sizes: Tally,
    /// Keys that were met after their time.
    expired: u64,
    /// By full name: how often sent, how often carried out without an error.
    by_command: BTreeMap<&'static str, (usize, usize)>,
    /// The words of lines that were carried out, each behind its command: `set EX`.
    words: BTreeSet<String>,
}

impl Coverage {
    /// Each command at least this often in a full run …
    const SENT: usize = 100;
    /// … and without an error.
    const DONE: usize = 10;
    /// No option is as long.
    const LONG: usize = 32;

    fn add(&mut self, record: &Record) {
        self.commands += record.lines.len();
        self.expired += record.expired;
        self.sizes.add(record.sizes);
        for (argv, name, done) in &record.lines {
            let Some(name) = name else { continue };
            let (sent, carried_out) = self.by_command.entry(name).or_default();
            *sent += 1;
            if *done {
                *carried_out += 1;
                for word in argv.iter().skip(1).filter(|word| word.len() < Self::LONG) {
                    let word = String::from_utf8_lossy(word).to_uppercase();
                    self.words.insert(format!("{name} {word}"));
                }
            }
        }
    }

    fn summary(&self) -> String {
        let rarest = self.by_command.iter().min_by_key(|(_, (_, done))| *done);
        let rarest = rarest.map(|(name, (sent, done))| format!("{name} ({sent}, {done} without an error)"));
        format!(
            "differential test: {} commands played, {} keys measured ({} hash tables, {} apart for a while), {} keys met \
             after their time, {} scripts, {} different commands; most seldom {}\n",
            self.commands,
            self.sizes.all,
            self.sizes.tables,
            self.sizes.apart,
            self.expired,
            self.scripts(),
            self.by_command.len(),
            rarest.unwrap_or_default()
        )
    }

    /// How often a script or a function was to be run.
    fn scripts(&self) -> usize {
        let runs = |name: &str| name.starts_with("eval") || name.starts_with("fcall");
        self.by_command.iter().filter(|(name, _)| runs(name)).map(|(_, (sent, _))| sent).sum()
    }

    /// Every command of the table was sent and carried out, and so was every option.
    fn assert_complete(&self) {
        let mut missing = Vec::new();
        // More would be another reason than the moment at which an old table goes.
        if self.sizes.apart * 20 > self.sizes.tables {
            missing.push(format!("of {} hash tables {} differ in size", self.sizes.tables, self.sizes.apart));
        }
        if self.expired == 0 {
            missing.push("no key expired".to_owned());
        }
        for target in targets() {
            let name = target.spec.name;
            let (sent, done) = self.by_command.get(name).copied().unwrap_or_default();
            let refused = is_always_refused(target.spec);
            if sent < Self::SENT || (done < Self::DONE && !refused) {
                missing.push(format!("{name}: sent {sent} times, {done} without an error"));
            }
            for token in syntax::parse(target.spec.syntax).iter().flatten().flat_map(tokens) {
                let option = format!("{name} {}", token.to_uppercase());
                if !self.words.contains(&option) && !refused {
                    missing.push(format!("{option}: never carried out"));
                }
            }
        }
        assert!(missing.is_empty(), "the generator does not cover\n{}", missing.join("\n"));
    }
}

/// The words of all options below an argument.
fn tokens(argument: &Argument) -> Vec<String> {
    let inner = match &argument.kind {
        Kind::OneOf(parts) | Kind::Block(parts) => parts.iter().flat_map(tokens).collect(),
        _ => Vec::new(),
    };
    argument.token.clone().into_iter().chain(inner).collect()
}
