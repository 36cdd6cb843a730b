//! A sorted set as a ranking: a bar for each score, highest first. Members glide to their new place when ranks change.

use std::rc::Rc;

use web_sys::Element;
use yew::prelude::*;

use crate::format;
use crate::hooks::browser;

/// A member and its score.
pub type Member = (Vec<u8>, f64);

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    /// Highest score first.
    pub members: Rc<[Member]>,
}

#[component(Ranking)]
pub fn ranking(Props { members }: &Props) -> Html {
    let scale = Scale::of(members);
    html! {
        <ol class="ranking">
            { for members.iter().enumerate().map(|(at, (member, score))| html! {
                <RankRow key={format::name(member)} {at} name={format::short_name(member)}
                    score={html! { { format::score(*score) } }} share={scale.share(*score)} />
            }) }
        </ol>
    }
}

/// From the lowest of the scores and zero to the highest; infinite scores fill their bar or leave it empty.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    /// From the lowest score of all, or zero, to the highest, or zero.
    pub fn between(low: f64, high: f64) -> Self {
        Self { low: low.min(0.0), high: high.max(0.0) }
    }

    fn of(members: &[Member]) -> Self {
        let finite = members.iter().map(|(_, score)| *score).filter(|score| score.is_finite());
        let (low, high) =
            finite.fold((0.0_f64, 0.0_f64), |(low, high), score| (low.min(score), high.max(score)));
        Self { low, high }
    }

    /// Percent of the bar.
    pub fn share(&self, score: f64) -> f64 {
        // Halved first, so that the span of two huge scores stays finite.
        let span = self.high / 2.0 - self.low / 2.0;
        if score.is_infinite() {
            if score > 0.0 { 100.0 } else { 0.0 }
        } else if span > 0.0 {
            ((score / 2.0 - self.low / 2.0) / span * 100.0).clamp(0.0, 100.0)
        } else {
            0.0
        }
    }
}

/// Members below these places are rarely in sight when they move.
const GLIDING: usize = 40;

#[derive(Debug, Properties, PartialEq)]
pub struct RowProps {
    /// The place, from 0 on.
    pub at: usize,
    pub name: String,
    pub score: Html,
    pub share: f64,
    /// What can be done with the member.
    #[prop_or_default]
    pub tools: Html,
}

#[component(RankRow)]
pub fn rank_row(props: &RowProps) -> Html {
    let row = use_node_ref();
    let before = use_mut_ref(|| props.at);
    {
        let row = row.clone();
        use_effect_with(props.at, move |at| {
            let was = before.replace(*at);
            if let Some(row) = row.cast::<Element>().filter(|_| was != *at && *at < GLIDING) {
                browser::glide(&row, was as f64 - *at as f64);
            }
        });
    }
    html! {
        <li class="rank" ref={row}>
            <span class="rank__place">{ props.at + 1 }</span>
            <span class="rank__name" title={props.name.clone()}><bdi>{ &props.name }</bdi></span>
            <svg class="rank__bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <rect class="rank__fill" x="0" y="0" height="10" width={format!("{:.2}", props.share)} />
            </svg>
            <span class="rank__score">{ props.score.clone() }</span>
            { props.tools.clone() }
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_shares_of_the_highest_score() {
        let members = |scores: &[f64]| scores.iter().map(|s| (Vec::new(), *s)).collect::<Vec<_>>();
        let scale = Scale::of(&members(&[200.0, 50.0, f64::INFINITY]));
        assert_eq!([200.0, 50.0, f64::INFINITY].map(|s| scale.share(s)), [100.0, 25.0, 100.0]);
        let scale = Scale::of(&members(&[10.0, -10.0]));
        assert_eq!([10.0, 0.0, -10.0].map(|s| scale.share(s)), [100.0, 50.0, 0.0]);
        let scale = Scale::of(&members(&[f64::MAX, f64::MIN]));
        assert_eq!(scale.share(f64::MAX), 100.0);
        assert_eq!(Scale::of(&members(&[0.0])).share(0.0), 0.0);
    }
}
