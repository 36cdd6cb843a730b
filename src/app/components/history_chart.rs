//! A line over virtual time, with its ends and its range in figures: used memory, or the share of hits.

use std::rc::Rc;

use yew::prelude::*;

use crate::format;
use crate::state::history::{History, Moment};

/// What is drawn over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// Used memory, against a limit if that is not 0.
    Memory { limit: u64 },
    /// Hits among look-ups, in percent.
    Hits,
}

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub curve: Curve,
    pub history: Rc<History>,
}

/// The height of the drawing; its width is 100, whatever the page makes of it.
const HEIGHT: f64 = 60.0;

/// A place in the chart: when, between what and what, and what in the end.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    at: u64,
    low: f64,
    high: f64,
    last: f64,
}

/// Moments over which a share of hits is taken: of a single one it would be all or nothing.
const WINDOW: usize = 24;

fn places(curve: Curve, moments: &[Moment]) -> Vec<Place> {
    let place = |(at, moment): (usize, &Moment)| match curve {
        Curve::Memory { .. } => {
            let Moment { low, high, last, .. } = *moment;
            Some(Place { at: moment.at, low: low as f64, high: high as f64, last: last as f64 })
        }
        Curve::Hits => {
            let window = moments.get((at + 1).saturating_sub(WINDOW)..=at).unwrap_or_default();
            let hits: u64 = window.iter().map(|moment| moment.hits).sum();
            let lookups = hits + window.iter().map(|moment| moment.misses).sum::<u64>();
            let share = hits as f64 / lookups.max(1) as f64 * 100.0;
            (lookups > 0).then_some(Place { at: moment.at, low: share, high: share, last: share })
        }
    };
    moments.iter().enumerate().filter_map(place).collect()
}

/// The bottom and the top of the chart.
fn range(curve: Curve, places: &[Place]) -> (f64, f64) {
    let Curve::Memory { limit } = curve else { return (0.0, 100.0) };
    let low = places.iter().map(|place| place.low).fold(f64::INFINITY, f64::min);
    let high = places.iter().map(|place| place.high).fold(0.0, f64::max);
    // A limit far above would press the line flat.
    let top = if limit > 0 && (limit as f64) < high * 2.0 { high.max(limit as f64) } else { high };
    let bottom = if low.is_finite() { low.min(top) } else { 0.0 };
    (bottom, if top > bottom { top } else { bottom + 1024.0 })
}

#[component(HistoryChart)]
pub fn history_chart(Props { curve, history }: &Props) -> Html {
    let places = places(*curve, &history.moments);
    let (Some(first), Some(last)) = (places.first(), places.last()) else { return Html::default() };
    let (from, to) = history.span();
    let (bottom, top) = range(*curve, &places);
    let stands = to == from;
    let x = |at: u64| {
        if stands { 100.0 } else { at.saturating_sub(from) as f64 / (to - from) as f64 * 100.0 }
    };
    let y = |value: f64| (top - value) / (top - bottom) * HEIGHT;
    // Where there is one moment only, its level goes all the way, and stands on the ground.
    let points: Vec<(f64, Place)> = if stands || places.len() == 1 {
        let level = Place { low: bottom, high: last.last, ..*last };
        vec![(0.0, level), (100.0, level)]
    } else {
        places.iter().map(|place| (x(place.at), *place)).collect()
    };
    let at = |x: f64, value: f64| format!("{x:.2},{:.2}", y(value));
    let line: Vec<String> = points.iter().map(|(x, place)| at(*x, place.last)).collect();
    let upper = points.iter().map(|(x, place)| at(*x, place.high));
    let lower = points.iter().rev().map(|(x, place)| at(*x, place.low));
    let band: Vec<String> = upper.chain(lower).collect();
    let say = |value: f64| match curve {
        Curve::Memory { .. } => format::size(value as u64),
        Curve::Hits => format!("{value:.0} %"),
    };
    let evictions: u64 = history.moments.iter().map(|moment| moment.evicted).sum();
    let what = match curve {
        Curve::Memory { .. } => "Used memory",
        Curve::Hits => "Share of look-ups that found their key",
    };
    // Ends that are one second have to be told apart.
    let written = |at: u64| {
        let time = format::time(at);
        if to - from < 2_000 && !stands { format!("{time}.{:03}", at % 1_000) } else { time }
    };
    let words = format!(
        "{what} from {} to {}: {} at first, {} now, between {} and {}; {} evicted.",
        format::time(from),
        format::time(to),
        say(first.last),
        say(last.last),
        say(places.iter().map(|place| place.low).fold(f64::INFINITY, f64::min)),
        say(places.iter().map(|place| place.high).fold(0.0, f64::max)),
        format::counted(evictions as usize, "key", "keys"),
    );
    let limit = match curve {
        Curve::Memory { limit } if *limit > 0 && (*limit as f64) <= top && *limit as f64 >= bottom => {
            Some(format!("{:.2}", y(*limit as f64)))
        }
        _ => None,
    };
    let marks = history.moments.iter().filter(|moment| moment.evicted > 0);
    html! {
        <figure class="chart">
            <div class="chart__range" aria-hidden="true"><span>{ say(top) }</span><span>{ say(bottom) }</span></div>
            <svg class="chart__drawing" role="img" aria-label={words} viewBox={format!("0 0 100 {HEIGHT}")} preserveAspectRatio="none">
                if let Some(y) = limit {
                    <line class="chart__limit" x1="0" x2="100" y1={y.clone()} y2={y} />
                }
                <polygon class="chart__band" points={band.join(" ")} />
                <polyline class="chart__line" points={line.join(" ")} />
                { for marks.map(|moment| {
                    let x = format!("{:.2}", x(moment.at));
                    html! { <line class="chart__mark" x1={x.clone()} x2={x} y1={format!("{}", HEIGHT - 8.0)} y2={HEIGHT.to_string()} /> }
                }) }
            </svg>
            <figcaption class="chart__ends" aria-hidden="true">
                <span>{ written(from) }</span>
                if evictions > 0 {
                    <span class="chart__legend">{ format!("▏{} evicted", format::count(evictions as usize)) }</span>
                }
                <span>{ if stands { "no time has passed yet".to_owned() } else { written(to) } }</span>
            </figcaption>
        </figure>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: Moment = Moment { at: 5, low: 100, high: 300, last: 200, evicted: 0, hits: 3, misses: 1 };

    #[test]
    fn a_limit_is_in_the_chart_where_it_does_not_press_the_line_flat() {
        let curve = |limit| Curve::Memory { limit };
        let places = places(curve(0), &[MOMENT]);
        assert_eq!(range(curve(0), &places), (100.0, 300.0));
        assert_eq!(range(curve(500), &places), (100.0, 500.0));
        assert_eq!(range(curve(5_000), &places), (100.0, 300.0));
        assert_eq!(range(curve(0), &[Place { at: 0, low: 7.0, high: 7.0, last: 7.0 }]), (7.0, 1031.0));
    }

    #[test]
    fn the_share_of_hits_is_that_of_the_last_moments() {
        let idle = Moment { hits: 0, misses: 0, ..MOMENT };
        let misses = Moment { hits: 0, misses: 4, ..MOMENT };
        let shares = |moments: &[Moment]| -> Vec<f64> {
            places(Curve::Hits, moments).iter().map(|place| place.last).collect()
        };
        assert_eq!(shares(&[idle, MOMENT, misses]), [75.0, 37.5]);
        let mut many = vec![misses];
        many.extend([MOMENT; WINDOW]);
        assert_eq!(shares(&many).last(), Some(&75.0));
    }
}
