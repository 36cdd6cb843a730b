//! Whom a victim was compared with: the keys drawn, and the pool of the best before and after, as bars.

use std::rc::Rc;

use playground_engine::event::Candidate;
use yew::prelude::*;

use crate::format;
use crate::state::eviction::Victim;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub victim: Rc<Victim>,
}

#[component(Pool)]
pub fn pool(Props { victim }: &Props) -> Html {
    let Some(compared) = &victim.why.compared else {
        return html! {
            <p class="part__words">
                { "It was compared with no other key: the policy chooses by chance, or very many went at once." }
            </p>
        };
    };
    let everyone = || compared.sampled.iter().chain(&compared.before);
    let ranks = || everyone().map(|candidate| candidate.standing.rank());
    let range = (ranks().min().unwrap_or_default(), ranks().max().unwrap_or_default());
    let (mut before, mut after) = (compared.before.clone(), compared.after.clone());
    // The next victim first, as one reads.
    before.reverse();
    after.reverse();
    let lists = [
        ("Drawn at random", "Nothing was drawn.", "victim", compared.sampled.as_slice()),
        ("Pool before", "Empty: it was the first draw.", "victim", before.as_slice()),
        ("Pool after", "Empty.", "gone", after.as_slice()),
    ];
    html! {
        <div class="pool">
            <p class="part__words">
                { if range.0 == range.1 { "None of them goes before the others: which does is chance." }
                    else { "The longer the bar, the sooner a key goes." } }
                { " The pool keeps the best of all draws for the next time." }
            </p>
            { for lists.into_iter().map(|(name, empty, mark, candidates)| html! {
                <section class="pool__list" aria-label={name}>
                    <h4 class="pool__name">{ name }</h4>
                    if candidates.is_empty() { <p class="part__words">{ empty }</p> } else {
                        <ol>{ for candidates.iter().map(|candidate| draw(candidate, victim, range, mark)) }</ol>
                    }
                </section>
            }) }
        </div>
    }
}

fn draw(candidate: &Candidate, victim: &Victim, range: (u64, u64), mark: &str) -> Html {
    let chosen = candidate.key == victim.key && candidate.db == victim.db;
    let width = length(candidate.standing.rank(), range);
    html! {
        <li class="candidate" data-victim={chosen.then_some("true")}>
            <span class="candidate__name" title={format::short_name(&candidate.key)}><bdi>{ format::short_name(&candidate.key) }</bdi></span>
            <svg class="candidate__bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <rect class="candidate__fill" width={format!("{width:.1}")} height="10" />
            </svg>
            <span class="candidate__standing">
                { format::standing(candidate.standing, victim.at) }
                if chosen { <b class="candidate__mark">{ " " }{ mark }</b> }
            </span>
        </li>
    }
}

/// The length of a bar, in percent: the worst still has one, and so have all where none is worse.
fn length(rank: u64, (worst, best): (u64, u64)) -> f64 {
    const SHORTEST: f64 = 12.0;
    if best <= worst {
        return SHORTEST;
    }
    let share = rank.clamp(worst, best).saturating_sub(worst) as f64 / (best - worst) as f64;
    SHORTEST + (100.0 - SHORTEST) * share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_go_from_the_worst_to_the_best() {
        assert_eq!((length(0, (0, 10)), length(10, (0, 10)), length(5, (5, 5))), (12.0, 100.0, 12.0));
        assert_eq!(length(5, (0, 10)), 56.0);
    }
}
