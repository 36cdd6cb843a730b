//! A report as comma-separated values: a line for each policy, or for each stretch of each policy.
//!
//! No word in it has a comma or a quote, so none needs quoting.

use std::fmt::Write as _;

use crate::report::Report;

/// A line a policy, in the order of the plan.
pub fn summary(report: &Report) -> String {
    let mut text = String::from(
        "policy,newer,requests,hits,misses,hit_ratio,evicted,expired_lazily,expired_actively,refused,keys,\
         used_memory,peak_memory\n",
    );
    for p in &report.policies {
        let _ = writeln!(
            text,
            "{},{},{},{},{},{:.6},{},{},{},{},{},{},{}",
            p.policy,
            p.newer,
            report.requests,
            p.hits,
            p.misses,
            p.hit_ratio,
            p.evicted,
            p.expired_lazily,
            p.expired_actively,
            p.refused,
            p.keys,
            p.used_memory,
            p.peak_memory
        );
    }
    text
}

/// A line a stretch.
pub fn series(report: &Report) -> String {
    let mut text = String::from(
        "policy,requests,seconds,hit_ratio,evicted,expired_lazily,expired_actively,refused,keys,used_memory\n",
    );
    for policy in &report.policies {
        for point in &policy.series {
            let _ = writeln!(
                text,
                "{},{},{:.3},{:.6},{},{},{},{},{},{}",
                policy.policy,
                point.requests,
                point.seconds,
                point.hit_ratio,
                point.evicted,
                point.expired_lazily,
                point.expired_actively,
                point.refused,
                point.keys,
                point.used_memory
            );
        }
    }
    text
}
