//! The logarithmic counter of an LFU policy against the real server's: both grow by chance, so that what is compared are
//! the means over many keys, after the same number of uses.

use playground_engine::{Engine, Options, Protocol, SessionId};
use playground_tests::oracle;
use playground_tests::resp::{Connection, Value};

type Argv = Vec<Vec<u8>>;

const KEYS: usize = 150;
/// Uses after which the counters are read.
const USES: [usize; 4] = [1, 10, 100, 600];
/// Two means of the same thing differ by more than so many standard errors once in sixteen thousand times.
const ERRORS: f64 = 4.0;

#[test]
fn counters_grow_as_fast_as_on_the_real_server() {
    let Some(oracle) = oracle::start_or_skip("the test of LFU counters") else { return };
    let mut server = oracle.connect();
    let mut engine = Engine::new(Options { record_events: false, ..Options::default() });
    let session = engine.connect();
    for factor in ["0", "1", "10", "100"] {
        let mut begin = vec![
            words(&["FLUSHALL"]),
            // Minutes pass there and not here.
            words(&["CONFIG", "SET", "lfu-decay-time", "0"]),
            words(&["CONFIG", "SET", "maxmemory-policy", "allkeys-lfu", "lfu-log-factor", factor]),
        ];
        begin.extend((0..KEYS).map(|key| words(&["SET", &key.to_string(), "value"])));
        both(&mut engine, session, &mut server, &begin);
        let mut done = 0;
        for uses in USES {
            let round: Vec<Argv> = (0..KEYS).map(|key| words(&["GET", &key.to_string()])).collect();
            for _ in done..uses {
                both(&mut engine, session, &mut server, &round);
            }
            done = uses;
            let ask: Vec<Argv> = (0..KEYS).map(|key| words(&["OBJECT", "FREQ", &key.to_string()])).collect();
            let (ours, theirs) = both(&mut engine, session, &mut server, &ask);
            let ((our_mean, our_error), (their_mean, their_error)) = (mean(&ours), mean(&theirs));
            let error = our_error.hypot(their_error).max(1e-9);
            assert!(
                (our_mean - their_mean).abs() <= ERRORS * error,
                "lfu-log-factor {factor}, {uses} uses: {our_mean:.2} here, {their_mean:.2} there, error {error:.2}"
            );
        }
    }
}

fn both(
    engine: &mut Engine,
    session: SessionId,
    server: &mut Connection,
    lines: &[Argv],
) -> (Vec<Value>, Vec<Value>) {
    let here = |argv: &Argv| Value::of_reply(&engine.execute(session, argv.clone()).reply, Protocol::Resp2);
    (lines.iter().map(here).collect(), server.pipeline(lines).expect("the oracle answers"))
}

/// The mean of some integers, and its standard error.
fn mean(values: &[Value]) -> (f64, f64) {
    let numbers: Vec<f64> = values
        .iter()
        .map(|value| if let Value::Integer(number) = value { *number as f64 } else { panic!("{value:?}") })
        .collect();
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let variance = numbers.iter().map(|number| (number - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (mean, (variance / count).sqrt())
}

fn words(words: &[&str]) -> Argv {
    words.iter().map(|word| word.as_bytes().to_vec()).collect()
}
