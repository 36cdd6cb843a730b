//! A chart of simulated clients: one line a figure over virtual time, and how each stands.

use std::rc::Rc;

use playground_workload::Point;
use playground_workload::chart::{Function, Term, labels};
use yew::prelude::*;

use crate::format;
use crate::state::living::WorkloadView;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    /// Which chart of the plan it is.
    pub number: usize,
    pub chart: playground_workload::Chart,
    pub view: Option<Rc<WorkloadView>>,
    /// The run before, to compare with.
    pub before: Option<Rc<WorkloadView>>,
    pub lasts: Option<u64>,
}

/// The height of the drawing; its width is 100, whatever the page makes of it.
const HEIGHT: f64 = 40.0;
/// Lines that can be told apart.
const LINES: usize = 4;

#[component(Chart)]
pub fn chart(Props { number, chart, view, before, lasts }: &Props) -> Html {
    let points = view.as_ref().map(|view| &view.points[..]).unwrap_or_default();
    let earlier = before.as_ref().map(|view| &view.points[..]).unwrap_or_default();
    let terms = &chart.terms[..chart.terms.len().min(LINES)];
    let of = |points: &'_ [Point], term: usize| -> Vec<(u64, f64)> {
        points.iter().filter_map(|point| Some((point.at, value(point, *number, term)?))).collect()
    };
    let both = (0..terms.len()).flat_map(|term| [of(points, term), of(earlier, term)]);
    let all = both.flatten().map(|(_, value)| value);
    let is_share = terms.iter().any(|term| term.function == Function::Percent);
    let top = if is_share { 100.0 } else { rounded_up(all.fold(0.0, f64::max)) };
    let (from, to) = span(points, *lasts);
    let place = |(at, value): (u64, f64)| {
        let x = at.saturating_sub(from) as f64 / (to - from).max(1) as f64 * 100.0;
        format!("{x:.2},{:.2}", (top - value.clamp(0.0, top)) / top * HEIGHT)
    };
    let line = |points: &[Point], term: usize| -> String {
        let drawn = of(points, term).into_iter().filter(|(at, _)| (from..=to).contains(at));
        drawn.map(place).collect::<Vec<_>>().join(" ")
    };
    let stands: Vec<String> = terms
        .iter()
        .enumerate()
        .map(|(term, figure)| {
            let last = points.iter().rev().find_map(|point| value(point, *number, term));
            last.map_or_else(|| "–".to_owned(), |last| shown(figure, last))
        })
        .collect();
    let labels = labels(terms);
    let words = labels.iter().zip(&stands).map(|(label, now)| format!("{label} {now}")).collect::<Vec<_>>();
    let words = format!("{}: {}; between 0 and {}", chart.title, words.join(", "), top_words(terms, top));
    html! {
        <figure class="figure-chart">
            <figcaption class="figure-chart__title">{ &chart.title }</figcaption>
            <div class="figure-chart__range" aria-hidden="true"><span>{ top_words(terms, top) }</span><span>{ "0" }</span></div>
            <svg class="figure-chart__drawing" role="img" aria-label={words} viewBox={format!("0 0 100 {HEIGHT}")} preserveAspectRatio="none">
                { for (0..terms.len()).filter(|_| !earlier.is_empty()).map(|term| html! {
                    <polyline class="figure-chart__before" data-line={term.to_string()} points={line(earlier, term)} />
                }) }
                { for (0..terms.len()).map(|term| html! {
                    <polyline class="figure-chart__line" data-line={term.to_string()} points={line(points, term)} />
                }) }
            </svg>
            <div class="figure-chart__times" aria-hidden="true"><span>{ seconds(from) }</span><span>{ seconds(to) }</span></div>
            <dl class="figure-chart__figures">
                { for labels.iter().zip(&stands).enumerate().map(|(at, (label, now))| html! {
                    <div data-line={at.to_string()}>
                        <dt>{ label.clone() }</dt><dd>{ now }</dd>
                    </div>
                }) }
            </dl>
        </figure>
    }
}

fn value(point: &Point, chart: usize, term: usize) -> Option<f64> {
    point.values.get(chart)?.get(term).copied().flatten()
}

/// What time is drawn: all of it where it is known, else what there is of it.
fn span(points: &[Point], lasts: Option<u64>) -> (u64, u64) {
    let first = points.first().map_or(0, |point| point.at);
    let last = points.last().map_or(0, |point| point.at);
    match lasts {
        Some(lasts) if points.len() < 230 => (0, lasts.max(last)),
        _ => (first, last.max(first + 10_000)),
    }
}

/// A round number that is not less.
fn rounded_up(value: f64) -> f64 {
    // What is larger or smaller is drawn at the edge.
    let value = value.clamp(0.0, 1e300);
    if value.is_nan() || value < 1e-300 {
        return 1.0;
    }
    let mut unit = 1.0;
    while unit * 10.0 < value {
        unit *= 10.0;
    }
    while unit > value {
        unit /= 10.0;
    }
    let round = [1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    round.into_iter().map(|times| times * unit).find(|top| *top >= value).unwrap_or(value)
}

/// A figure with its unit.
fn shown(term: &Term, value: f64) -> String {
    let metric = term.metrics.first().map_or("", String::as_str);
    match term.function {
        Function::Percent => format!("{value:.1} %"),
        // What is counted of it is hundredths of a second.
        Function::Rate if metric == "redis.busy" => format!("{} %", digits(value)),
        _ if metric == "redis.memory" => format::size(value as u64),
        Function::P50 | Function::P90 | Function::P99 | Function::Max => format!("{} ms", digits(value)),
        Function::Rate => format!("{} /s", digits(value)),
        Function::Total | Function::Level | Function::Peak => digits(value),
    }
}

/// When, since the clients came.
fn seconds(at: u64) -> String {
    format!("{} s", at / 1000)
}

/// The number at the top of the chart.
fn top_words(terms: &[Term], top: f64) -> String {
    terms.first().map_or_else(String::new, |term| shown(term, top)).replace(".0 %", " %")
}

/// Three digits that count, and no more behind the point than are of use.
fn digits(value: f64) -> String {
    match value {
        _ if value >= 10_000.0 => format::short_count(value as usize),
        _ if value >= 100.0 || value.fract() == 0.0 => format!("{value:.0}"),
        _ if value >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_is_a_round_number() {
        for (value, top) in [
            (0.0, 1.0),
            (0.3, 0.3),
            (1.0, 1.0),
            (7.0, 8.0),
            (11.0, 12.0),
            (480.0, 500.0),
            (501.0, 600.0),
            (8.1e6, 1e7),
        ] {
            assert!((rounded_up(value) - top).abs() < 1e-9, "{value}: {}", rounded_up(value));
        }
        for odd in [f64::INFINITY, f64::NAN, f64::MAX, f64::MIN_POSITIVE / 1e10] {
            assert!(rounded_up(odd) > 0.0, "{odd}");
        }
    }

    #[test]
    fn figures_have_their_units() {
        let term = |text: &str| Term::parse(text).expect("a figure");
        assert_eq!(shown(&term("percent(a, b)"), 97.25), "97.2 %");
        assert_eq!(shown(&term("p99(visitor.latency)"), 12.34), "12.3 ms");
        assert_eq!(shown(&term("rate(x)"), 1234.0), "1234 /s");
        assert_eq!(shown(&term("level(redis.memory)"), 2048.0), "2.0 KB");
        assert_eq!(shown(&term("total(x)"), 0.5), "0.50");
    }
}
