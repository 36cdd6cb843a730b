//! Keys that leave by themselves: the limit and its policy, the last victims and why they, expiry, and what comes of it.

use std::rc::Rc;

use playground_engine::Expiry;
use yew::prelude::*;

use super::history_chart::{Curve, HistoryChart};
use super::icon::Icon;
use super::limit::Limit;
use super::pool::Pool;
use crate::bridge::Intent;
use crate::format;
use crate::state::Action;
use crate::state::eviction::{Departures, Victim};
use crate::state::history::History;
use crate::state::view::View;

/// What fills the memory of somebody who wants to see eviction: short lines that make large keys.
const FILLERS: usize = 40;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub view: Rc<View>,
    pub history: Rc<History>,
    pub departures: Rc<Departures>,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

#[component(EvictionView)]
pub fn eviction_view(props: &Props) -> Html {
    let Props { view, history, departures, bridge, .. } = props;
    html! {
        <div class="sheet">
            <Limit maxmemory={view.maxmemory} policy={view.policy} samples={view.samples} bridge={bridge.clone()} />
            <section class="part">
                <h3 class="part__name">{ "Last victims" }<span class="part__fact">{ format!("{} evicted in all", format::count(view.evicted as usize)) }</span></h3>
                { suggestion(view, bridge) }
                if !departures.victims.is_empty() { { victims(props) } }
            </section>
            { expiry(view, departures, bridge) }
            { hits(view, history) }
        </div>
    }
}

/// What to try when there is nothing to see.
fn suggestion(view: &View, bridge: &Callback<Intent>) -> Html {
    let used = format::size(view.used_memory);
    if view.maxmemory == 0 {
        let words = format!(
            "Set a limit to see eviction. {used} is used now; a server without keys uses about 0.7 MB."
        );
        return offer(&words, &["CONFIG SET maxmemory 1mb"], bridge);
    }
    if view.policy == "noeviction" {
        return offer("Choose a policy that evicts.", &["CONFIG SET maxmemory-policy allkeys-lru"], bridge);
    }
    if view.evicted > 0 {
        return Html::default();
    }
    let words =
        format!("Nothing was evicted yet: {used} of {} is used. Fill it up.", format::size(view.maxmemory));
    let lines: Vec<String> = (1..=FILLERS).map(|n| format!("SETRANGE fill:{n} 9999 x")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    offer(&words, &lines, bridge)
}

/// Words, and lines that a click runs.
fn offer(words: &str, lines: &[&str], bridge: &Callback<Intent>) -> Html {
    let all: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    let run = bridge.reform(move |_: MouseEvent| Intent::Run(all.clone()));
    html! {
        <div class="offer">
            <p class="part__words">{ words }</p>
            <button class="run" onclick={run}>
                { Icon::Play.draw() }
                <code>{ lines.first().copied().unwrap_or_default() }</code>
                <span class="run__word">{ if lines.len() > 1 { format!("run {} such", lines.len()) } else { "run".to_owned() } }</span>
            </button>
        </div>
    }
}

fn victims(props: &Props) -> Html {
    let departures = &props.departures;
    let chosen = departures.chosen();
    let row = |victim: &Rc<Victim>| {
        let open = chosen.is_some_and(|chosen| chosen.id == victim.id);
        let next = (!open).then_some(victim.id);
        let choose = props.dispatch.reform(move |_: MouseEvent| Action::ChooseVictim(next));
        let why = &victim.why;
        html! {
            <li class="victim" key={victim.id} data-open={open.then_some("true")}>
                <button class="victim__row" onclick={choose} aria-expanded={open.to_string()}>
                    <span class="victim__name"><bdi>{ format::short_name(&victim.key) }</bdi></span>
                    <span class="victim__why">{ format::standing(why.standing, victim.at) }</span>
                    <span class="victim__bytes">{ format::freed(why.bytes) }</span>
                    <span class="victim__at">{ format::time(victim.at) }</span>
                </button>
            </li>
        }
    };
    html! {
        <>
            <ol class="victims" aria-label="Last victims, newest first">{ for departures.victims.iter().map(row) }</ol>
            if let Some(victim) = chosen { { reason(victim) } } else {
                <p class="part__words">{ "Choose a victim to see whom it was compared with." }</p>
            }
        </>
    }
}

/// Why this one.
fn reason(victim: &Rc<Victim>) -> Html {
    let why = &victim.why;
    let name = format::short_name(&victim.key);
    let bytes = format::count(why.bytes.unsigned_abs() as usize);
    // A table that shrinks lies beside the smaller one until all keys have moved over.
    let (did, shrank) = if why.bytes < 0 {
        ("taken", ": its table became sparse, and a smaller one was made beside it")
    } else {
        ("freed", "")
    };
    html! {
        <section class="reason" aria-label="Why this victim">
            <h4 class="reason__name"><bdi>{ name }</bdi></h4>
            <p class="part__words">
                { format!("{}, {}, {bytes} bytes {did} in db{}{shrank}", why.policy, format::standing(why.standing, victim.at), victim.db) }
            </p>
            <Pool victim={victim.clone()} />
        </section>
    }
}

fn expiry(view: &View, departures: &Departures, bridge: &Callback<Intent>) -> Html {
    let figure = |name: &'static str, meaning: &'static str, how: Expiry, total: u64| {
        let late = departures.expired.iter().find(|expired| expired.how == how);
        html! {
            <div class="figure" title={meaning}>
                <dt>{ name }</dt>
                <dd>
                    <b>{ format::count(total as usize) }</b>
                    <span class="figure__bytes">{ late.map_or_else(|| "none of late".to_owned(), |last| format!("last {} late", lateness(last.late_ms))) }</span>
                </dd>
            </div>
        }
    };
    html! {
        <section class="part">
            <h3 class="part__name">{ "Expiry" }</h3>
            <dl class="figures figures--two">
                { figure("Lazy: a command met it", "A command asked for a key past its time", Expiry::Lazy, view.expired_lazily) }
                { figure("Active: found by the cycle", "The background cycle, which looks at a sample ten times a second", Expiry::Active, view.expired_actively) }
            </dl>
            if departures.expired.is_empty() {
                { offer("No key has expired yet. Give one a short time to live and let the clock run.", &["SET soon gone EX 5"], bridge) }
            } else {
                <table class="table">
                    <thead><tr><th>{ "Last to expire" }</th><th>{ "How" }</th><th>{ "Late by" }</th></tr></thead>
                    <tbody>
                        { for departures.expired.iter().map(|expired| html! {
                            <tr key={expired.id}>
                                <th scope="row"><bdi>{ format::short_name(&expired.key) }</bdi></th>
                                <td>{ if expired.how == Expiry::Lazy { "lazy" } else { "active" } }</td>
                                <td>{ lateness(expired.late_ms) }</td>
                            </tr>
                        }) }
                    </tbody>
                </table>
            }
        </section>
    }
}

/// How late, down to the millisecond.
fn lateness(ms: u64) -> String {
    if ms < 1_000 { format!("{ms} ms") } else { format::duration(ms) }
}

fn hits(view: &View, history: &Rc<History>) -> Html {
    let lookups = view.hits + view.misses;
    let share = view.hits as f64 / lookups.max(1) as f64 * 100.0;
    html! {
        <section class="part">
            <h3 class="part__name">{ "Hit ratio" }</h3>
            if lookups == 0 {
                <p class="part__words">{ "No key was looked up yet. Every read that finds its key is a hit, any other a miss." }</p>
            } else {
                <p class="part__words">
                    { format!("{share:.1} % of {} found their key: {}, {}.", format::counted(lookups as usize, "look-up", "look-ups"),
                        format::counted(view.hits as usize, "hit", "hits"), format::counted(view.misses as usize, "miss", "misses")) }
                </p>
                <HistoryChart curve={Curve::Hits} history={history.clone()} />
            }
        </section>
    }
}
