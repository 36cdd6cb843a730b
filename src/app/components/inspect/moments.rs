//! The entries of a stream by the time in their IDs, with how far each group has come.

use playground_engine::picture::Inside;
use yew::prelude::*;

use super::TimedProps;
use super::scene::short_label;
use super::stream::{id, pages};
use crate::format;

const WIDTH: f64 = 480.0;
const ROW: f64 = 20.0;

#[component(Moments)]
pub fn moments(TimedProps { scene, picture, now }: &TimedProps) -> Html {
    let Inside::Stream(stream) = &picture.inside else { return Html::default() };
    let times = stream.entries.iter().map(|entry| entry.id.0);
    let Some((first, last)) = times.clone().min().zip(times.max()) else {
        return html! { <p class="ins-gap">{ "No entries to place in time. XADD adds one at the clock's time." }</p> };
    };
    // The clock is on the line when it is not so far off that the entries would fall together.
    let span = last - first;
    let end = if *now >= last && now - last <= span.max(1_000) * 2 { *now } else { last };
    let place = |ms: u64| {
        let all = (end - first).max(1) as f64;
        ms.saturating_sub(first) as f64 / all * (WIDTH - 16.0) + 8.0
    };
    let height = 40.0 + stream.groups.len() as f64 * ROW;
    let group = |(at, group): (usize, &playground_engine::picture::GroupPicture)| {
        let y = 40.0 + at as f64 * ROW;
        let x = place(group.last_id.0.clamp(first, end));
        html! {
            <g>
                <line class="ins-moments__read" x1="8" y1={format!("{:.2}", y + 6.0)} x2={format!("{x:.2}")} y2={format!("{:.2}", y + 6.0)} />
                <circle class="ins-moments__last" cx={format!("{x:.2}")} cy={format!("{:.2}", y + 6.0)} r="4">
                    <title>{ format!("{} was given entries up to {}", short_label(&group.name), id(group.last_id)) }</title>
                </circle>
                { for group.pending.iter().filter(|pending| (first..=end).contains(&pending.id.0)).map(|pending| html! {
                    <rect class="ins-moments__pending" x={format!("{:.2}", place(pending.id.0) - 2.0)} y={format!("{:.2}", y + 2.0)} width="4" height="8">
                        <title>{ format!("{} is pending for {}", id(pending.id), short_label(&pending.consumer)) }</title>
                    </rect>
                }) }
            </g>
        }
    };
    let entries = format::counted(stream.entries.len(), "entry", "entries");
    let said = format!("{entries} between {} and {}", moment(first), moment(last));
    html! {
        <figure class="ins-moments">
            <figcaption class="ins-note">
                { format!("{entries} between ") }<span class="ins-moments__time">{ moment(first) }</span>
                { " and " }<span class="ins-moments__time">{ moment(last) }</span>
            </figcaption>
            <svg class="ins-line__plot" viewBox={format!("0 0 {WIDTH} {height:.0}")} role="img" aria-label={said}>
                <line class="ins-axis__line" x1="0" y1="26" x2={WIDTH.to_string()} y2="26" />
                { for stream.entries.iter().map(|entry| {
                    let x = format!("{:.2}", place(entry.id.0));
                    html! { <line class="ins-moments__entry" x1={x.clone()} y1="8" x2={x} y2="26"><title>{ id(entry.id) }</title></line> }
                }) }
                if end == *now {
                    <line class="ins-moments__now" x1={format!("{:.2}", place(end))} y1="2" x2={format!("{:.2}", place(end))} y2={format!("{height:.0}")}><title>{ "Now" }</title></line>
                }
                { for stream.groups.iter().enumerate().map(group) }
            </svg>
            <div class="ins-axis__ends"><span>{ moment(first) }</span><span>{ if end == *now { "now".to_owned() } else { moment(last) } }</span></div>
            <ul class="ins-moments__key">
                { for stream.groups.iter().map(|group| html! {
                    <li><bdi>{ short_label(&group.name) }</bdi>{ format!(": given up to {}, {} pending", id(group.last_id), format::count(group.pending_count)) }</li>
                }) }
            </ul>
            { pages(scene, stream) }
        </figure>
    }
}

/// A time in an ID: a date where it can be one, else the number.
fn moment(ms: u64) -> String {
    const YEAR_2000: u64 = 946_684_800_000;
    const YEAR_3000: u64 = 32_503_680_000_000;
    if (YEAR_2000..YEAR_3000).contains(&ms) {
        let (date, time) = format::date_time(ms);
        format!("{date} {time}.{:03}", ms % 1000)
    } else {
        format!("{ms} ms")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_a_date_is_one() {
        assert_eq!(moment(1_767_225_600_250), "2026-01-01 00:00:00.250");
        assert_eq!(moment(5), "5 ms");
        assert_eq!(moment(u64::MAX), format!("{} ms", u64::MAX));
    }
}
