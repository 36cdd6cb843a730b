//! The settings that eviction follows, each changed by a command that is seen in the terminal, and what they come to.

use playground_engine::config::{Criterion, MaxmemoryPolicy};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::bridge::Intent;
use crate::format;
use crate::hooks::browser;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    /// 0 is no limit.
    pub maxmemory: u64,
    pub policy: &'static str,
    pub samples: usize,
    pub bridge: Callback<Intent>,
}

#[component(Limit)]
pub fn limit(props: &Props) -> Html {
    let choose = props.bridge.reform(|event: Event| set("maxmemory-policy", &browser::chosen(&event)));
    let newer = |word| MaxmemoryPolicy::NEWER.iter().any(|(newer, _)| *newer == word);
    html! {
        <section class="part">
            <h3 class="part__name">{ "At the limit" }</h3>
            <div class="limit">
                <Setting name="maxmemory" label="Memory limit" now={props.maxmemory.to_string()}
                    hint="such as 1mb; 0 is no limit" bridge={props.bridge.clone()} />
                <div class="setting">
                    <label class="setting__label" for="set-maxmemory-policy">{ "Policy: who goes" }</label>
                    <select class="select" id="set-maxmemory-policy" onchange={choose}>
                        { for MaxmemoryPolicy::every().map(|(word, _)| html! {
                            <option value={word} selected={word == props.policy}>
                                { word }{ if newer(word) { " (newer than 8.0)" } else { "" } }
                            </option>
                        }) }
                    </select>
                </div>
                <Setting name="maxmemory-samples" label="Samples" now={props.samples.to_string()} hint="keys drawn for each victim"
                    bridge={props.bridge.clone()} />
            </div>
            <p class="limit__words">{ words(props) }</p>
        </section>
    }
}

fn set(name: &str, value: &str) -> Intent {
    let value = value.trim();
    // An empty word is one, too: the server says what is wrong with it.
    let value = if value.is_empty() { "\"\"" } else { value };
    Intent::Run(vec![format!("CONFIG SET {name} {value}")])
}

/// What happens when memory is full.
fn words(props: &Props) -> String {
    let found = MaxmemoryPolicy::every().find(|(word, _)| *word == props.policy);
    let Some((_, policy)) = found else { return String::new() };
    let full = if props.maxmemory > 0 {
        format!("When more than {} is used, ", format::size(props.maxmemory))
    } else {
        "There is no limit now. With one, ".to_owned()
    };
    format!("{full}{}", outcome(policy, props.samples))
}

fn outcome(policy: MaxmemoryPolicy, samples: usize) -> String {
    let drawn = format::counted(samples, "key", "keys");
    let which = if policy.spares_lasting() { " with a time to live" } else { "" };
    let spared = if policy.spares_lasting() {
        " Keys without a time to live stay; when no others are left, writes are refused."
    } else {
        ""
    };
    let how = match policy.criterion() {
        None => {
            return "nothing is evicted: commands that need memory are refused with an OOM error, reading and deleting go on."
                .to_owned();
        }
        Some(Criterion::Chance) => return format!("a key{which} goes by chance.{spared}"),
        Some(Criterion::Idle) if policy.ignores_reads() => "the one that was not changed for longest",
        Some(Criterion::Idle) => "the one that was not used for longest",
        Some(Criterion::Frequency) => "the one that is used least often",
        Some(Criterion::Deadline) => "the one that would expire soonest",
    };
    let newer = if policy.ignores_reads() { " This policy came with Redis 8.6." } else { "" };
    format!("{drawn}{which} are drawn and {how}, of these and of the best so far, goes.{spared}{newer}")
}

#[derive(Debug, Properties, PartialEq)]
struct SettingProps {
    name: &'static str,
    label: &'static str,
    now: String,
    hint: &'static str,
    bridge: Callback<Intent>,
}

/// A setting that is typed.
#[component(Setting)]
fn setting(props: &SettingProps) -> Html {
    let field = use_node_ref();
    {
        // Shows what is set, whoever set it; what is being typed stays until then.
        let field = field.clone();
        use_effect_with(props.now.clone(), move |now| {
            if let Some(input) = field.cast::<HtmlInputElement>() {
                input.set_value(now);
            }
        });
    }
    let send = {
        let (bridge, field, name) = (props.bridge.clone(), field.clone(), props.name);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(input) = field.cast::<HtmlInputElement>() {
                bridge.emit(set(name, &input.value()));
            }
        })
    };
    let id = format!("set-{}", props.name);
    html! {
        <form class="setting" onsubmit={send}>
            <label class="setting__label" for={id.clone()} title={props.hint}>{ props.label }</label>
            <div class="setting__row">
                <input class="field" {id} ref={field} autocomplete="off" spellcheck="false" title={props.hint} />
                <button class="button" type="submit" title={format!("CONFIG SET {}", props.name)} aria-label={format!("Set {}", props.name)}>{ "Set" }</button>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_policy_has_its_own_sentence() {
        let mut sentences: Vec<_> = MaxmemoryPolicy::every().map(|(_, policy)| outcome(policy, 5)).collect();
        sentences.sort();
        sentences.dedup();
        assert_eq!(sentences.len(), MaxmemoryPolicy::every().count());
        assert!(outcome(MaxmemoryPolicy::AllkeysLru, 5).starts_with("5 keys are drawn"));
    }
}
