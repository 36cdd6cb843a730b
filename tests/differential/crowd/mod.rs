//! The differential test with several connections: transactions, waiting, and what one session causes at another.
//!
//! Random lines of 2 to 5 sessions are carried out in the same order by the engine and by a real Redis; all that each
//! session is sent is compared, and all data at the end. `PLAYGROUND_DIFF_COMMANDS` and `PLAYGROUND_SEED` are as for
//! single sessions. A difference is shrunk and printed as a transcript.

mod alike;
mod generate;
mod onlooker;
mod play;

use std::cell::RefCell;

use playground_tests::oracle;
use proptest::strategy::Strategy;
use proptest::test_runner::{TestCaseError, TestError};

use self::generate::{Crowd, Deed, crowds};
use self::play::{Arena, Record};
use super::play::{Difference, line_of, printed};
use super::{number, runner, say, seed};

const COMMANDS: usize = 40_000;
/// The mean length of a sequence.
const LENGTH: usize = 60;

#[test]
fn many_sessions_are_served_as_redis_does() {
    let Some(oracle) = oracle::start_or_skip("the differential test of many sessions") else { return };
    let (wanted, seed) = (number("PLAYGROUND_DIFF_COMMANDS").unwrap_or(COMMANDS as u64) as usize, seed());
    say(&format!("differential test of many sessions: {wanted} commands, PLAYGROUND_SEED={seed}\n"));
    let arena = RefCell::new(Arena::new(&oracle));
    let total = RefCell::new(Record::default());
    let mut runner = runner(seed);
    let strategy = crowds(LENGTH);
    while total.borrow().lines.len() < wanted {
        let tree = strategy.new_tree(&mut runner).expect("the strategy rejects nothing");
        let played = runner.run_one(tree, |crowd| {
            let mut record = Record::default();
            let outcome = arena.borrow_mut().play(&crowd, &mut record);
            outcome.map(|()| total.borrow_mut().add(record)).map_err(|Difference { at, engine, server }| {
                TestCaseError::fail(format!("{at}\n  {engine:?}\n  {server:?}"))
            })
        });
        match played {
            Ok(_) => {}
            Err(TestError::Fail(seen, crowd)) => {
                panic!("{}", report(&mut arena.borrow_mut(), &crowd, seed, seen.message()))
            }
            Err(TestError::Abort(why)) => panic!("the test gave up: {why}"),
        }
    }
    let Record { lines, waits, unasked, closed, transactions } = total.into_inner();
    let count = lines.len();
    say(&format!(
        "differential test of many sessions: {count} commands played, {waits} had to wait, {unasked} values unasked, \
         {closed} sessions closed, transactions (done, touched, wrong) {transactions:?}\n"
    ));
    if wanted >= COMMANDS {
        assert!(
            waits > 0 && unasked > 0 && closed > 0 && !transactions.contains(&0),
            "something never happens"
        );
    }
}

impl Record {
    fn add(&mut self, mut other: Self) {
        self.lines.append(&mut other.lines);
        self.waits += other.waits;
        self.unasked += other.unasked;
        self.closed += other.closed;
        self.transactions.iter_mut().zip(other.transactions).for_each(|(sum, count)| *sum += count);
    }
}

/// The shrunk sequence as a transcript, with what both sides sent at its end.
fn report(arena: &mut Arena<'_>, crowd: &Crowd, seed: u64, seen: &str) -> String {
    let mut record = Record::default();
    let outcome = arena.play(crowd, &mut record);
    let mut speaker = usize::MAX;
    let mut lines = String::new();
    for (session, deed) in &record.lines {
        if *session != speaker {
            speaker = *session;
            let protocol = if crowd.resp3[speaker] { "RESP3" } else { "RESP2" };
            lines.push_str(&format!("# {protocol}\n@session s{speaker}\n"));
        }
        match deed {
            Deed::Send(argv) => lines.push_str(&format!("> {}\n", line_of(argv))),
            Deed::Leave => lines.push_str("@close\n"),
            Deed::Unpause => lines.push_str("# no pause any more\n"),
        }
    }
    let end = match outcome {
        Ok(()) => format!("played again, it shows no difference; before, it did at {seen}"),
        Err(Difference { at, engine, server }) => format!(
            "at {at}\nthe engine:\n{}the real server:\n{}as values:\n  {engine:?}\n  {server:?}",
            printed(&engine),
            printed(&server)
        ),
    };
    format!("the engine differs from the real server (PLAYGROUND_SEED={seed})\n--- shrunk\n{lines}{end}")
}
