//! Scores on an axis: members with scores close together are stacked, and where there are too many their number is a bar.

use playground_engine::picture::{Inside, Piece, SortedSetPicture, Spread};
use yew::prelude::*;

use super::StillProps;
use super::scene::short_label;
use crate::format;

/// The drawing's size, and the room of a column.
const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 120.0;
const COLUMNS: usize = 48;
const COLUMN: f64 = WIDTH / COLUMNS as f64;
/// Dots that fit above each other.
const HIGHEST: usize = 11;
/// The room of a letter of a member's name.
const LETTER: f64 = 7.0;
/// Names stand in so many rows at most, and a row is so high.
const ROWS: usize = 3;
const ROW: f64 = 15.0;

#[component(NumberLine)]
pub fn number_line(StillProps { picture }: &StillProps) -> Html {
    let Inside::SortedSet(zset) = &picture.inside else { return Html::default() };
    let Spread { low, high, below, above, counts } = &zset.spread;
    let finite: usize = counts.iter().sum();
    let most = counts.iter().copied().max().unwrap_or(0);
    if counts.is_empty() && *below == 0 && *above == 0 {
        return html! { <p class="ins-note">{ "This listpack is too long to be counted at each look. The ranking shows its members." }</p> };
    }
    let all_here = zset.from == 0 && zset.members.len() == picture.summary.len;
    let dots = all_here && most <= HIGHEST;
    let said = format!(
        "{} between {} and {}, at most {} in one of {COLUMNS} stretches.",
        format::counted(finite, "score", "scores"),
        format::score(*low),
        format::score(*high),
        format::count(most)
    );
    html! {
        <figure class="ins-line">
            <figcaption class="ins-note">{ said.clone() }</figcaption>
            <svg class="ins-line__plot" viewBox={format!("0 0 {WIDTH} {HEIGHT}")} role="img" aria-label={said}>
                { if dots { stacks(zset) } else { bars(counts, most) } }
                if dots && most == 1 { { names(zset) } }
                <line class="ins-axis__line" x1="0" y1={(HEIGHT - 4.0).to_string()} x2={WIDTH.to_string()} y2={(HEIGHT - 4.0).to_string()} />
                if let Some(zero) = place(0.0, *low, *high) {
                    <line class="ins-axis__mark" x1={format!("{zero:.2}")} y1={(HEIGHT - 10.0).to_string()} x2={format!("{zero:.2}")} y2={HEIGHT.to_string()} />
                }
            </svg>
            <div class="ins-axis__ends">
                <span>{ end("−∞", *below, *low, finite) }</span>
                <span>{ end("+∞", *above, *high, finite) }</span>
            </div>
        </figure>
    }
}

/// What stands at an end of the axis: its score, and how many lie beyond.
fn end(sign: &str, beyond: usize, score: f64, finite: usize) -> String {
    let own = (finite > 0).then(|| format::score(score));
    let beyond = (beyond > 0).then(|| format!("{} at {sign}", format::count(beyond)));
    let mut parts: Vec<String> = own.into_iter().chain(beyond).collect();
    if sign.starts_with('−') {
        parts.reverse();
    }
    parts.join(" · ")
}

/// Where a score lies on the axis; none where it does not lie between the ends.
fn place(score: f64, low: f64, high: f64) -> Option<f64> {
    if !(low..=high).contains(&score) {
        return None;
    }
    // Halved first, so that the span of two huge scores stays finite.
    let span = high / 2.0 - low / 2.0;
    let share = if span > 0.0 { (score / 2.0 - low / 2.0) / span } else { 0.5 };
    Some(share.clamp(0.0, 1.0) * WIDTH)
}

fn bars(counts: &[usize], most: usize) -> Html {
    let bar = |(at, count): (usize, &usize)| {
        let height = *count as f64 / most.max(1) as f64 * (HEIGHT - 10.0);
        html! {
            <rect class="ins-line__bar" x={format!("{:.2}", at as f64 * COLUMN + 0.5)} y={format!("{:.2}", HEIGHT - 4.0 - height)}
                width={format!("{:.2}", COLUMN - 1.0)} height={format!("{height:.2}")}>
                <title>{ format::counted(*count, "member", "members") }</title>
            </rect>
        }
    };
    counts.iter().enumerate().filter(|(_, count)| **count > 0).map(bar).collect()
}

/// A dot for each member, above those that are already in its column.
fn stacks(zset: &SortedSetPicture) -> Html {
    let Spread { low, high, .. } = zset.spread;
    let mut heights = [0_usize; COLUMNS + 1];
    let dot = |(member, score): &(Piece, f64)| {
        let x = place(*score, low, high)?;
        let column = (x / COLUMN) as usize;
        let height = heights.get_mut(column.min(COLUMNS - 1))?;
        *height += 1;
        let (x, y) =
            (x.clamp(COLUMN / 2.0, WIDTH - COLUMN / 2.0), HEIGHT - 4.0 - (*height as f64 - 0.5) * COLUMN);
        Some(html! {
            <circle class="ins-line__dot" cx={format!("{x:.2}")} cy={format!("{y:.2}")} r="4">
                <title>{ format!("{}: {}", short_label(member), format::score(*score)) }</title>
            </circle>
        })
    };
    zset.members.iter().filter_map(dot).collect()
}

/// Names of members over their dots.
fn names(zset: &SortedSetPicture) -> Html {
    let Spread { low, high, .. } = zset.spread;
    let draw = |Name { at, row, text }: Name| {
        let y = HEIGHT - 12.0 - COLUMN - row as f64 * ROW;
        html! { <text class="ins-line__name" x={format!("{at:.2}")} y={y.to_string()}>{ text }</text> }
    };
    with_room(&zset.members, low, high).into_iter().map(draw).collect()
}

/// A name, where its middle is, and in which row, counted from the dots up.
#[derive(Debug, PartialEq)]
struct Name {
    at: f64,
    row: usize,
    text: String,
}

/// The names for which there is room beside those to their left, in the lowest row that has it.
fn with_room(members: &[(Piece, f64)], low: f64, high: f64) -> Vec<Name> {
    let named = |(member, score): &(Piece, f64)| Some((place(*score, low, high)?, short_label(member)));
    let mut names: Vec<(f64, String)> = members.iter().filter_map(named).collect();
    names.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    let mut taken = [0.0; ROWS];
    let find = |(x, text): (f64, String)| {
        // Letters of other scripts may be twice as wide.
        let letters = if text.is_ascii() { text.len() } else { 2 * text.chars().count() };
        let half = letters as f64 * LETTER / 2.0;
        let at = x.clamp(half, (WIDTH - half).max(half));
        let row = taken.iter().position(|end| at - half >= *end && at + half <= WIDTH)?;
        *taken.get_mut(row)? = at + half + LETTER;
        Some(Name { at, row, text })
    };
    names.into_iter().filter_map(find).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_over_their_dots_where_they_have_room() {
        let member = |name: &str, score| (Piece::from(name.as_bytes()), score);
        let name = |at, row, text: &str| Name { at, row, text: text.to_owned() };
        let names = |members: &[(Piece, f64)]| with_room(members, 0.0, 100.0);
        let middle = names(&[member("ann", 50.0), member("bob", 60.0), member("cy", 50.0)]);
        assert_eq!(
            middle,
            [name(WIDTH / 2.0, 0, "ann"), name(WIDTH / 2.0, 1, "cy"), name(WIDTH * 0.6, 0, "bob")]
        );
        let ends = names(&[member("the last", 100.0), member("first", 0.0)]);
        assert_eq!(ends, [name(2.5 * LETTER, 0, "first"), name(WIDTH - 4.0 * LETTER, 0, "the last")]);
        assert_eq!(names(&[member(&"x".repeat(100), 50.0)]), []);
        let crowd: Vec<(Piece, f64)> = (0..40).map(|n| member("somebody", f64::from(n) * 2.5)).collect();
        assert!(names(&crowd).iter().all(|name| name.row < ROWS) && names(&crowd).len() < 25);
    }

    #[test]
    fn scores_have_their_place_whatever_the_ends() {
        assert_eq!(place(5.0, 0.0, 10.0), Some(WIDTH / 2.0));
        assert_eq!(place(7.0, 7.0, 7.0), Some(WIDTH / 2.0), "all are equal");
        assert_eq!(place(f64::MAX, f64::MIN, f64::MAX), Some(WIDTH));
        assert_eq!(place(f64::INFINITY, 0.0, 1.0), None);
        assert_eq!(place(f64::NAN, 0.0, 1.0), None);
    }

    #[test]
    fn the_ends_say_how_many_lie_beyond() {
        assert_eq!(end("−∞", 2, -1.5, 3), "2 at −∞ · -1.5");
        assert_eq!(end("+∞", 1, 0.0, 0), "1 at +∞");
        assert_eq!(end("+∞", 0, 9.0, 1), "9");
    }
}
