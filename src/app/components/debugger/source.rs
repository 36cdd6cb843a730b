//! The text of a script with line numbers, each of which sets a breakpoint, and the line that comes next.
//!
//! Arrows go from number to number, so that Tab passes the text at one stroke.

use std::collections::BTreeSet;
use std::rc::Rc;

use web_sys::HtmlElement;
use yew::prelude::*;

use crate::components::coloured;
use crate::format;
use crate::hooks::browser;
use crate::state::Action;
use crate::state::debugger::{DebugAction, Source};

/// Lines that are drawn before the one that comes next, and after it.
const AROUND: u32 = 500;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub source: Rc<Source>,
    /// The line that comes next.
    pub line: Option<u32>,
    pub breakpoints: BTreeSet<u32>,
    pub dispatch: Callback<Action>,
}

fn id(line: u32) -> String {
    format!("debug-line-{line}")
}

#[component(SourceView)]
pub fn source_view(props: &Props) -> Html {
    let pane = use_node_ref();
    // The number that has the keyboard when Tab comes here.
    let at = use_state(|| 1_u32);
    {
        let (pane, at) = (pane.clone(), at.clone());
        use_effect_with(props.line, move |line| {
            if let Some(line) = line {
                at.set(*line);
                show(&pane, *line);
            }
        });
    }
    let all = u32::try_from(props.source.lines.len()).unwrap_or(u32::MAX);
    let middle = props.line.unwrap_or(*at);
    let (first, last) = (middle.saturating_sub(AROUND).max(1), middle.saturating_add(AROUND).min(all));
    let onkeydown = {
        let (at, pane) = (at.clone(), pane.clone());
        Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowDown" => at.saturating_add(1).min(last),
                "ArrowUp" => at.saturating_sub(1).max(first),
                "Home" => first,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            at.set(to);
            browser::focus(&id(to));
            show(&pane, to);
        })
    };
    let left_out = |lines: u32, place: &str| {
        (lines > 0).then(|| {
            let lines = format::counted(lines as usize, "line", "lines");
            html! { <p class="debugger__left">{ format!("{lines} {place}") }</p> }
        })
    };
    let rows: Html = (first..=last).filter_map(|number| row(props, *at, number)).collect();
    html! {
        <div class="debugger__source" role="group" aria-label="Text of the script" ref={pane} {onkeydown}>
            { for left_out(first.saturating_sub(1), "before these") }
            <div class="debugger__lines">{ rows }</div>
            { for left_out(all.saturating_sub(last), "after these") }
        </div>
    }
}

fn row(props: &Props, at: u32, number: u32) -> Option<Html> {
    let (text, spans) = props.source.line(number)?;
    let is_next = props.line == Some(number);
    let stops = props.breakpoints.contains(&number);
    let toggle = props.dispatch.reform(move |_: MouseEvent| Action::Debug(DebugAction::Break(number)));
    Some(html! {
        <div class="debugger__line" key={number} data-next={is_next.then_some("true")} data-stops={stops.then_some("true")}
            aria-current={is_next.then_some("step")}>
            <button class="debugger__number" type="button" id={id(number)} tabindex={if at == number { "0" } else { "-1" }}
                aria-pressed={stops.to_string()} aria-label={format!("Breakpoint at line {number}")}
                title="Stop here, or no longer" onclick={toggle}>{ number }</button>
            <code class="debugger__code">{ coloured::coloured(text, &spans) }</code>
        </div>
    })
}

/// Scrolls the text so that a line is seen, with some around it.
fn show(pane: &NodeRef, line: u32) {
    let Some(pane) = pane.cast::<HtmlElement>() else { return };
    let Some(row) = browser::element(&id(line)) else { return };
    let (row, seen) = (row.get_bounding_client_rect(), pane.get_bounding_client_rect());
    let margin = row.height() * 2.0;
    if row.top() < seen.top() + margin || row.bottom() > seen.bottom() - margin {
        let middle = seen.top().midpoint(seen.bottom());
        pane.set_scroll_top(pane.scroll_top() + (row.top() - middle) as i32);
    }
}
