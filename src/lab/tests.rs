//! The lab as a whole: it is reproducible, can be cut in slices and ended early, and shows what is known of policies.

use std::sync::Arc;

use playground_engine::config::MaxmemoryPolicy;

use crate::*;

/// A small cache: 20,000 keys, of which about a fifth fit.
fn plan(pattern: &str) -> Plan {
    let workload = Workload {
        pattern: pattern.parse().expect("a pattern"),
        keys: 20_000,
        requests: 100_000,
        rate: 2_000,
        ..Workload::default()
    };
    Plan { workload, maxmemory: Room::AboveEmpty(800 * 1024), points: 10, ..Plan::default() }
}

fn play(plan: Plan) -> Report {
    let mut lab = Lab::new(plan).expect("a plan");
    assert!(lab.step(u64::MAX).is_over());
    lab.report()
}

fn hits(report: &Report, policy: &str) -> f64 {
    report.of(policy).expect("it was played").hit_ratio * 100.0
}

#[test]
fn the_same_plan_gives_the_same_report_in_one_go_or_in_slices() {
    let plan = || Plan {
        workload: Workload { lifetimes: "0.5:1s-20s".parse().expect("lifetimes"), ..plan("zipf").workload },
        ..plan("zipf")
    };
    let (mut one, mut other) = (Lab::new(plan()).expect("a plan"), Lab::new(plan()).expect("a plan"));
    one.step(u64::MAX);
    let mut slices = 0;
    while !other.step(777).is_over() {
        slices += 1;
    }
    assert_eq!(slices, 100_000 / 777);
    assert_eq!(one.report(), other.report());
    assert_eq!(one.digests(), other.digests());
    let reseeded = play(Plan { seed: 2, ..plan() });
    assert_ne!(reseeded, one.report());
    assert!((hits(&reseeded, "allkeys-lru") - hits(&one.report(), "allkeys-lru")).abs() < 0.5);
}

#[test]
fn a_run_that_is_ended_early_reports_what_there_is() {
    let mut lab = Lab::new(plan("uniform")).expect("a plan");
    assert_eq!(lab.report().policies[0].series, []);
    assert_eq!(lab.step(25_000), Progress { done: 25_000, planned: 100_000 });
    let report = lab.report();
    assert!(!report.is_complete());
    assert_eq!((report.requests, report.seconds), (25_000, 12.5));
    for policy in &report.policies {
        assert_eq!(policy.hits + policy.misses, 25_000);
        let ends: Vec<u64> = policy.series.iter().map(|point| point.requests).collect();
        assert_eq!(ends, [10_000, 20_000, 25_000]);
    }
    assert!(table::summary(&report).contains("ended early, after 25000 of 100000 requests"));
}

#[test]
fn a_lab_is_put_away_piece_by_piece() {
    let mut lab = Lab::new(plan("uniform")).expect("a plan");
    lab.step(100);
    let mut pieces = 0;
    while lab.put_away() {
        pieces += 1;
    }
    assert_eq!(pieces, MaxmemoryPolicy::every().count());
    assert!(lab.step(1).is_over() && lab.report().policies.is_empty());
}

#[test]
fn the_series_adds_up_to_the_whole() {
    let mut plan = plan("zipf");
    plan.workload.lifetimes = "0.5:1s-20s".parse().expect("lifetimes");
    for policy in play(plan).policies {
        assert_eq!(policy.series.len(), 10);
        let sum = |of: fn(&Point) -> u64| policy.series.iter().map(of).sum::<u64>();
        assert_eq!(sum(|point| point.evicted), policy.evicted);
        assert_eq!(sum(|point| point.expired_lazily), policy.expired_lazily);
        assert_eq!(sum(|point| point.expired_actively), policy.expired_actively);
        assert_eq!(sum(|point| point.refused), policy.refused);
        let last = policy.series.last().expect("ten");
        assert_eq!((last.keys, last.used_memory), (policy.keys, policy.used_memory));
        assert!(policy.peak_memory >= policy.used_memory);
        assert!(policy.expired_lazily > 0 && policy.expired_actively > 0, "{policy:?}");
    }
}

#[test]
fn a_loop_that_does_not_fit_is_the_worst_for_lru() {
    // Two thirds of it fit.
    let report = play(plan("loop:6000"));
    // By strict recency nothing would ever be hit; the few hits are keys that samples hardly meet.
    let (lru, random) = (hits(&report, "allkeys-lru"), hits(&report, "allkeys-random"));
    assert!(lru < random / 2.0 && random > 20.0, "{lru} {random}");
    // What came first stays: the best there is for a loop.
    assert!(hits(&report, "noeviction") > hits(&report, "allkeys-random") + 10.0);
    assert!(report.of("noeviction").expect("it was played").refused > 0);
}

#[test]
fn a_popular_few_are_kept_best_by_how_often_they_are_used() {
    let report = play(plan("zipf:0.99"));
    let (lfu, lru, random) =
        (hits(&report, "allkeys-lfu"), hits(&report, "allkeys-lru"), hits(&report, "allkeys-random"));
    assert!(lfu > lru + 1.0 && lru > random + 1.0, "{lfu} {lru} {random}");
}

#[test]
fn a_scan_washes_out_what_is_kept_by_recency() {
    let (pure, polluted) = (play(plan("zipf")), play(plan("0.5*zipf,0.5*scan")));
    // Of the hits that there would be if the scan took no room, half remain at best.
    let lost = |policy| 1.0 - hits(&polluted, policy) / (hits(&pure, policy) / 2.0);
    assert!(
        lost("allkeys-lru") > lost("allkeys-lfu") + 0.02,
        "{} {}",
        lost("allkeys-lru"),
        lost("allkeys-lfu")
    );
}

#[test]
fn without_lifetimes_volatile_policies_refuse() {
    let report = play(plan("uniform"));
    let refused = report.of("noeviction").expect("it was played").refused;
    assert!(refused > 0);
    for (word, policy) in MaxmemoryPolicy::every() {
        let played = report.of(word).expect("it was played");
        assert_eq!(played.newer, word.ends_with("lrm"));
        let expected = if policy.spares_lasting() || word == "noeviction" { refused } else { 0 };
        assert_eq!(played.refused, expected, "{word}");
    }
}

#[test]
fn with_room_for_all_each_key_misses_once() {
    let workload = Workload { keys: 500, ..plan("uniform").workload };
    for maxmemory in [Room::Total(0), Room::AboveEmpty(1 << 20)] {
        for policy in play(Plan { workload: workload.clone(), maxmemory, ..plan("uniform") }).policies {
            assert_eq!((policy.misses, policy.keys, policy.evicted), (500, 500, 0), "{}", policy.policy);
        }
    }
}

#[test]
fn a_trace_is_played() {
    let trace = Trace::parse("a\nb 5000\na\nb\nc 10 1ms\na\nc").expect("a trace");
    let workload = Workload { trace: Some(Arc::new(trace)), rate: 10, ..Workload::default() };
    let report = play(Plan { workload, policies: vec![MaxmemoryPolicy::AllkeysLru], ..Plan::default() });
    let policy = &report.policies[0];
    assert_eq!((policy.hits, policy.misses, policy.expired(), policy.keys), (3, 4, 1, 3));
    assert_eq!(policy.series.len(), 7);
}

#[test]
fn what_cannot_be_played_is_told() {
    let told = |change: fn(&mut Plan)| {
        let mut plan = plan("zipf");
        change(&mut plan);
        Lab::new(plan).map(|_| ()).map_err(|fault| fault.to_string())
    };
    let is = |answer: Result<(), String>, why: &str| {
        assert!(answer.as_ref().is_err_and(|told| told.starts_with(why)), "{answer:?}, not {why}");
    };
    assert_eq!(told(|_| ()), Ok(()));
    is(told(|plan| plan.workload.rate = 0), "rate: `0` is not between 1 and");
    is(told(|plan| plan.workload.requests = 0), "requests: `0` is not");
    is(told(|plan| plan.workload.keys = u64::MAX), "keys: `18446744073709551615` is not");
    is(told(|plan| plan.samples = 65), "samples: `65` is not between 1 and 64");
    is(told(|plan| plan.points = 0), "points: `0` is not");
    is(told(|plan| plan.policies.clear()), "policies: there is none");
    is(
        told(|plan| plan.policies = vec![MaxmemoryPolicy::AllkeysLru; 2]),
        "policies: `allkeys-lru` is named twice",
    );
    is(told(|plan| plan.maxmemory = Room::Total(1000)), "maxmemory: 1000 bytes are less than");
    is(told(|plan| plan.maxmemory = Room::AboveEmpty(0)), "maxmemory: ");
    is(
        told(|plan| {
            plan.workload.sizes = Sizes::fixed(1 << 20);
            plan.maxmemory = Room::Total(0);
        }),
        "maxmemory: 10 policies at once could take more than",
    );
    is(
        told(|plan| plan.workload.pattern = Pattern::Loop { keys: Some(30_000) }),
        "pattern: a loop over 30000 keys",
    );
}

#[test]
fn tables_and_lists_hold_every_policy() {
    let mut plan = plan("zipf");
    plan.workload.requests = 20_000;
    let report = play(plan);
    let (table, over_time) = (table::summary(&report), table::series(&report));
    let (csv, long) = (csv::summary(&report), csv::series(&report));
    for (word, _) in MaxmemoryPolicy::every() {
        for text in [&table, &over_time, &csv, &long] {
            assert!(text.contains(word), "{word} in {text}");
        }
    }
    assert_eq!(csv.lines().count(), 11);
    assert_eq!(long.lines().count(), 101);
    for text in [csv, long] {
        let columns = text.lines().next().map(|line| line.split(',').count());
        assert!(text.lines().all(|line| Some(line.split(',').count()) == columns));
    }
    assert!(table.lines().all(|line| line.chars().count() <= 110), "{table}");
}
