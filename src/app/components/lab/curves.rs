//! Hit ratios over the run, a line a policy; the one that is looked at stands out. The table has the figures.

use std::rc::Rc;

use playground_lab::{PolicyReport, Report};
use yew::prelude::*;

use super::ratio;
use crate::format;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub report: Rc<Report>,
    pub chosen: Option<&'static str>,
}

/// The height of the drawing; its width is 100, whatever the page makes of it.
const HEIGHT: f64 = 60.0;

#[component(Curves)]
pub fn curves(Props { report, chosen }: &Props) -> Html {
    let top = top(report);
    let line = |policy: &PolicyReport| {
        let class = if *chosen == Some(policy.policy) { "lab-curve lab-curve--chosen" } else { "lab-curve" };
        html! { <polyline {class} points={points(policy, report.planned, top)} /> }
    };
    let (shown, others): (Vec<_>, Vec<_>) =
        report.policies.iter().partition(|policy| *chosen == Some(policy.policy));
    let shown = shown.first().copied();
    let words = shown.map_or_else(String::new, |policy| {
        let ends = policy.series.first().zip(policy.series.last());
        ends.map_or_else(String::new, |(first, last)| {
            format!(
                "{}: {} of the first {} requests were hits, {} of the last stretch.",
                policy.policy,
                ratio(first.hit_ratio),
                format::count(first.requests as usize),
                ratio(last.hit_ratio)
            )
        })
    });
    html! {
        <figure class="chart">
            <div class="chart__range" aria-hidden="true"><span>{ format!("{:.0} %", top * 100.0) }</span><span>{ "0 %" }</span></div>
            <svg class="chart__drawing lab-curves" role="img" aria-label={words.clone()} viewBox={format!("0 0 100 {HEIGHT}")} preserveAspectRatio="none">
                { for others.into_iter().map(line) }
                { for shown.map(line) }
            </svg>
            <figcaption class="chart__ends">
                <span>{ "first request" }</span>
                if let Some(policy) = shown { <span class="lab-curves__name">{ policy.policy }</span> }
                <span>{ format!("{} requests", format::count(report.planned as usize)) }</span>
            </figcaption>
        </figure>
    }
}

/// The next tenth above every point.
fn top(report: &Report) -> f64 {
    let points = report.policies.iter().flat_map(|policy| &policy.series);
    let most = points.map(|point| point.hit_ratio).fold(0.0, f64::max);
    ((most * 10.0).ceil() / 10.0).clamp(0.1, 1.0)
}

/// Each stretch is drawn where it ends.
fn points(policy: &PolicyReport, planned: u64, top: f64) -> String {
    let points: Vec<String> = policy
        .series
        .iter()
        .map(|point| {
            let x = point.requests as f64 / planned.max(1) as f64 * 100.0;
            format!("{x:.2},{:.2}", (1.0 - point.hit_ratio / top) * HEIGHT)
        })
        .collect();
    points.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::lab::presets::Preset;
    use playground_lab::{Lab, Point};

    #[test]
    fn lines_go_as_far_as_was_played_and_fit() {
        let form = Preset::Even.form().expect("a workload");
        let mut lab = Lab::new(form.plan().expect("a plan")).expect("a lab");
        lab.step(6_000);
        let mut report = lab.report();
        let policy = &mut report.policies[0];
        policy.series = vec![
            Point { requests: 3_000, hit_ratio: 0.2, ..Point::default() },
            Point { requests: 6_000, hit_ratio: 0.31, ..Point::default() },
        ];
        report.policies.truncate(1);
        assert_eq!(top(&report), 0.4);
        assert_eq!(points(&report.policies[0], 60_000, 0.4), "5.00,30.00 10.00,13.50");
        report.policies.clear();
        assert_eq!(top(&report), 0.1);
    }
}
