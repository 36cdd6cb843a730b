//! The policy lab against a real Redis, in short: with as many keys, the same policy has the same hit ratio.
//!
//! `cargo xtask bench --policies` compares more traces for longer.

use playground_tests::oracle;
use playground_tests::policies::{Figures, compete, traces};

/// What chance makes of runs this short, generously, in percentage points.
const MARGIN: f64 = 1.5;
const REQUESTS: u64 = 24_000;
const TRACES: [&str; 2] = ["zipf", "lifetimes"];

#[test]
fn the_lab_hits_as_often_as_a_real_server() {
    // A server that is there is asked which one it is, and let go.
    if oracle::start_or_skip("the_lab_hits_as_often_as_a_real_server").is_none() {
        return;
    }
    let program = oracle::find().expect("it was found a moment ago");
    // Both traces at once: a run mostly waits.
    std::thread::scope(|scope| {
        for trace in traces().into_iter().filter(|trace| TRACES.contains(&trace.name)) {
            let (trace, program) = (trace.cut_to(REQUESTS), &program);
            scope.spawn(move || {
                let contests = compete(program, &trace, &trace.policies(), 1).expect("the server plays");
                for contest in contests {
                    let hits = |runs: &[Figures]| Figures::summary(runs).0.hits;
                    let (level, real) = (hits(&contest.level), hits(&contest.real));
                    let what = format!("{} under {}", trace.name, contest.policy.word());
                    assert!(
                        (level - real).abs() < MARGIN,
                        "{what}: {level} %, and {real} % on a real server"
                    );
                    let evicts = |runs: &[Figures]| Figures::summary(runs).0.evicted > 0.0;
                    assert_eq!(evicts(&contest.ours), evicts(&contest.real), "{what}");
                }
            });
        }
    });
}
