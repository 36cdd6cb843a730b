//! The memory model against a real server: the same commands make large sets of data on both sides, and what is in use is
//! then the same within one per cent.
//!
//! `PLAYGROUND_SEED` repeats a run; the table that the test prints tells the figures of both sides. What the client that
//! asks takes for its own buffers is left out on either side: a real one's are as large as what it has just sent.

mod datasets;

use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

use datasets::{Argv, datasets};
use playground_engine::{Engine, Options, Protocol, SessionId};
use playground_tests::oracle::{self, Oracle};
use playground_tests::resp::{Connection, Value};

/// How far apart the sides may be, as a part of the real server's figure.
const TOLERANCE: f64 = 0.01;
/// Here it depends on the real server's random hash seed which members share a slot, and on the moment what its clients hold:
/// nine runs were between 0.10 and 1.02 % apart, all in the same direction.
const BY_CHANCE: (&str, f64) = ("big sets", 0.015);

/// What `MEMORY STATS` says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Figures {
    used: i64,
    overhead: i64,
    dataset: i64,
    keys: i64,
    /// Of all databases.
    main: i64,
    expires: i64,
    rehashing: i64,
}

impl Figures {
    fn of(stats: &Value) -> Self {
        let rows = stats.elements();
        let row = |name: &str, rows: &[Value]| {
            let place = rows.iter().position(|one| one.bytes() == name.as_bytes());
            place.and_then(|place| rows.get(place + 1)).cloned()
        };
        let number = |name: &str| row(name, rows).and_then(|value| value.integer()).unwrap_or_default();
        let (mut main, mut expires) = (0, 0);
        for (name, tables) in rows.iter().zip(rows.iter().skip(1)) {
            if name.bytes().starts_with(b"db.") && !tables.elements().is_empty() {
                let bytes = |name| row(name, tables.elements()).and_then(|value| value.integer());
                main += bytes("overhead.hashtable.main").unwrap_or_default();
                expires += bytes("overhead.hashtable.expires").unwrap_or_default();
            }
        }
        let clients = number("clients.normal");
        Self {
            used: number("total.allocated") - clients,
            overhead: number("overhead.total") - clients,
            dataset: number("dataset.bytes"),
            keys: number("keys.count"),
            main,
            expires,
            rehashing: number("db.dict.rehashing.count"),
        }
    }
}

/// The real server's side.
struct Real<'a> {
    oracle: &'a Oracle,
    asking: Connection,
}

impl Real<'_> {
    fn build(&mut self, commands: &[Argv]) -> Figures {
        for argv in reset() {
            self.asking.call(&argv).expect("the oracle answers");
        }
        // A connection of its own, whose buffers go with it.
        let mut loading = self.oracle.connect();
        for chunk in commands.chunks(300) {
            for (argv, answer) in chunk.iter().zip(loading.pipeline(chunk).expect("the oracle answers")) {
                let line = String::from_utf8_lossy(&argv.join(&b' ')).into_owned();
                assert!(!answer.is_error(), "{line}: {answer:?}");
            }
        }
        drop(loading);
        self.settled()
    }

    /// What it says when tables have stopped moving and buffers have gone.
    fn settled(&mut self) -> Figures {
        let (mut before, deadline) = (Figures::default(), Instant::now() + Duration::from_secs(6));
        loop {
            thread::sleep(Duration::from_millis(40));
            let now = Figures::of(&self.asking.call(&["MEMORY", "STATS"]).expect("the oracle answers"));
            if (now == before && now.rehashing == 0) || Instant::now() > deadline {
                return now;
            }
            before = now;
        }
    }
}

/// Ours.
struct Ours {
    engine: Engine,
    asking: SessionId,
}

impl Ours {
    fn new(start: u64) -> Self {
        let mut engine = Engine::new(Options { start, record_events: false, ..Options::default() });
        let asking = engine.connect();
        Self { engine, asking }
    }

    fn build(&mut self, commands: &[Argv]) -> Figures {
        for argv in reset() {
            self.engine.execute(self.asking, argv);
        }
        let loading = self.engine.connect();
        for chunk in commands.chunks(300) {
            for argv in chunk {
                self.engine.execute(loading, argv.clone());
            }
            self.engine.advance(Duration::from_millis(2));
        }
        self.engine.disconnect(loading);
        self.engine.advance(Duration::from_secs(5));
        let (kept, recounted) = self.engine.recount();
        assert_eq!(kept, recounted, "the running total against a recount");
        let stats = self.engine.execute(self.asking, words("MEMORY STATS")).reply;
        Figures::of(&Value::of_reply(&stats, Protocol::Resp2))
    }
}

/// Nothing is left from before, no histogram of a command's latencies either.
fn reset() -> [Argv; 3] {
    [words("FLUSHALL SYNC"), words("CONFIG RESETSTAT"), words("MEMORY STATS")]
}

fn words(line: &str) -> Argv {
    line.split(' ').map(|word| word.as_bytes().to_vec()).collect()
}

#[test]
fn as_much_is_in_use_as_on_a_real_server() {
    let Some(oracle) = oracle::start_or_skip("as_much_is_in_use_as_on_a_real_server") else { return };
    let seed = std::env::var("PLAYGROUND_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_260_101);
    let only = std::env::var("PLAYGROUND_DATASET").ok();
    let mut real = Real { oracle: &oracle, asking: oracle.connect() };
    let time = real.asking.call(&["TIME"]).expect("the oracle answers");
    let seconds = String::from_utf8_lossy(time.elements()[0].bytes()).parse::<u64>().expect("seconds");
    let mut ours = Ours::new(seconds * 1000);
    let mut table = format!("PLAYGROUND_SEED={seed}\n{:<26} {:>7}", "", "keys");
    for title in ["used", "dataset", "overhead"] {
        table += &format!(" | {title:>10} {:>10} {:>7}", "ours", "%");
    }
    table += " | tables\n";
    let mut faults = Vec::new();
    for (name, commands) in datasets(seed) {
        if only.as_ref().is_some_and(|only| !name.contains(only.as_str())) {
            continue;
        }
        let (theirs, mine) = (real.build(&commands), ours.build(&commands));
        let (ours, real) = (mine, theirs);
        table += &format!("{name:<26} {:>7}", real.keys);
        let pairs = [
            ("used", real.used, ours.used),
            ("dataset", real.dataset, ours.dataset),
            ("overhead", real.overhead, ours.overhead),
        ];
        for (what, real, ours) in pairs {
            let off = (ours - real) as f64 / real as f64;
            table += &format!(" | {real:>10} {ours:>10} {:>7.2}", off * 100.0);
            let tolerance = if name == BY_CHANCE.0 { BY_CHANCE.1 } else { TOLERANCE };
            if off.abs() > tolerance {
                faults.push(format!("{name}: {what} {:.2} %", off * 100.0));
            }
        }
        let tables = (ours.main - real.main, ours.expires - real.expires);
        table += &format!(" | {:+} {:+}\n", tables.0, tables.1);
        if real.keys != ours.keys {
            faults.push(format!("{name}: {} keys, not {}", ours.keys, real.keys));
        }
    }
    // Written past the test harness, which would swallow a print of a test that passes.
    std::io::stderr().write_all(table.as_bytes()).ok();
    assert!(faults.is_empty(), "further apart than is allowed:\n{}", faults.join("\n"));
}

/// With `maxmemory` a table of keys does not grow where there is no room for a wider one beside it: that decides how many
/// keys fit.
#[test]
fn as_many_keys_fit_as_on_a_real_server() {
    let Some(oracle) = oracle::start_or_skip("as_many_keys_fit_as_on_a_real_server") else { return };
    let mut real = oracle.connect();
    let mut ours = Ours::new(1_700_000_000_000);
    let mut table =
        format!("{:>10} | {:>7} {:>7} | {:>9} {:>9}\n", "maxmemory", "keys", "ours", "slots", "ours");
    let mut faults = Vec::new();
    // The tables have to grow below the first, at the second and above the third.
    for most in [2_300_000_u64, 2_500_000, 4_300_000] {
        let limit = [
            words("FLUSHALL SYNC"),
            words("CONFIG RESETSTAT"),
            words(&format!("CONFIG SET maxmemory {most}")),
        ];
        for argv in &limit {
            real.call(argv).expect("the oracle answers");
            ours.engine.execute(ours.asking, argv.clone());
        }
        let set = |key: usize| words(&format!("SET key:{key} {}", "x".repeat(20)));
        let mut keys = 0;
        loop {
            let chunk: Vec<Argv> = (keys..keys + 50).map(set).collect();
            let answers = real.pipeline(&chunk).expect("the oracle answers");
            keys += answers.iter().filter(|answer| !answer.is_error()).count();
            if answers.iter().any(Value::is_error) {
                break;
            }
            // Time for a tick now and then.
            thread::sleep(Duration::from_micros(300));
        }
        let mut our_keys = 0;
        while !ours.engine.execute(ours.asking, set(our_keys)).reply.is_error() {
            our_keys += 1;
            if our_keys % 50 == 0 {
                ours.engine.advance(Duration::from_millis(1));
            }
        }
        ours.engine.advance(Duration::from_secs(3));
        thread::sleep(Duration::from_secs(1));
        let stats = real.call(&["MEMORY", "STATS"]).expect("the oracle answers");
        let reply = ours.engine.execute(ours.asking, words("MEMORY STATS")).reply;
        let slots = |stats: &Value| {
            let Figures { main, keys, .. } = Figures::of(stats);
            (main - 40 * keys - 2_696) / 8
        };
        let (real_slots, our_slots) = (slots(&stats), slots(&Value::of_reply(&reply, Protocol::Resp2)));
        table += &format!("{most:>10} | {keys:>7} {our_keys:>7} | {real_slots:>9} {our_slots:>9}\n");
        if keys.abs_diff(our_keys) * 50 > keys || real_slots != our_slots {
            faults.push(most);
        }
        real.call(&words("CONFIG SET maxmemory 0")).expect("the oracle answers");
        ours.engine.execute(ours.asking, words("CONFIG SET maxmemory 0"));
    }
    std::io::stderr().write_all(table.as_bytes()).ok();
    assert!(faults.is_empty(), "with maxmemory {faults:?} the sides differ by more than 2 %");
}
