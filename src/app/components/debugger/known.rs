//! What is known of a script between two steps: what it was given, its variables, who called whom, what it has sent.

use yew::prelude::*;

use crate::format;
use crate::state::debugger::{Held, Sent, Stepped};

/// What it was given, its variables, and the functions that are being called.
pub(super) fn variables(stepped: &Stepped) -> Html {
    let given = |name: &str, words: &[String]| {
        let held = words.iter().enumerate().map(|(at, value)| Held {
            name: format!("{name}[{}]", at + 1),
            value: value.clone(),
            changed: false,
        });
        held.collect::<Vec<_>>()
    };
    let given = [given("KEYS", &stepped.keys), given("ARGV", &stepped.argv)].concat();
    html! {
        <>
            { table("Locals", &stepped.locals) }
            { table("From the functions around", &stepped.caught) }
            { table("Given", &given) }
            if stepped.calls.len() > 1 {
                <section>
                    <h3 class="debugger__title">{ "Calls, the innermost first" }</h3>
                    <ol class="debugger__calls">
                        { for stepped.calls.iter().map(|call| html! {
                            <li><code>{ &call.name }</code>{ for call.line.map(|line| format!(", line {line}")) }</li>
                        }) }
                    </ol>
                </section>
            }
        </>
    }
}

fn table(title: &'static str, all: &[Held]) -> Html {
    if all.is_empty() {
        return Html::default();
    }
    html! {
        <section>
            <h3 class="debugger__title">{ title }</h3>
            <dl class="debugger__held">
                { for all.iter().map(|held| html! {
                    <div class="debugger__variable" data-changed={held.changed.then_some("true")}>
                        <dt>{ &held.name }</dt>
                        <dd>{ &held.value }if held.changed { <span class="debugger__mark">{ "changed" }</span> }</dd>
                    </div>
                }) }
            </dl>
        </section>
    }
}

/// The commands that it has sent.
pub(super) fn commands(stepped: &Stepped) -> Html {
    html! {
        <section>
            <h3 class="debugger__title">{ "Commands it has sent" }</h3>
            if stepped.sent.is_empty() {
                <p class="debugger__none">{ "None yet." }</p>
            }
            if stepped.left_out > 0 {
                <p class="debugger__none">{ format!("{} before these", format::count(stepped.left_out)) }</p>
            }
            <ol class="debugger__sent">{ for stepped.sent.iter().map(command) }</ol>
        </section>
    }
}

fn command(sent: &Sent) -> Html {
    let answer = &sent.answer;
    html! {
        <li class="debugger__call" data-new={sent.is_new.then_some("true")}>
            <div class="debugger__head">
                <code>{ &sent.command }</code>
                { for sent.line.map(|line| html! { <span class="debugger__at">{ format!("line {line}") }</span> }) }
            </div>
            <pre class={classes!("debugger__answer", answer.is_error.then_some("debugger__answer--error"))}>{ &answer.text }</pre>
            if !sent.changed.is_empty() {
                <p class="debugger__changed">
                    { "Changed " }
                    { for sent.changed.iter().enumerate().map(|(at, (what, key))| html! {
                        <>{ if at > 0 { ", " } else { "" } }<code>{ key }</code>{ format!(" ({what})") }</>
                    }) }
                </p>
            }
        </li>
    }
}
