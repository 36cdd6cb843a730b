//! A string that is JSON, as a tree whose levels open and close.

use playground_engine::picture::Inside;
use yew::prelude::*;

use super::StillProps;
use crate::format;
use crate::json::{self, Json};

/// Levels that are open at first, and values of one list or object that are drawn.
const OPEN: usize = 2;
const DRAWN: usize = 100;

#[component(JsonTree)]
pub fn json_tree(StillProps { picture }: &StillProps) -> Html {
    let tree = use_memo(picture.clone(), |picture| match &picture.inside {
        Inside::String(string) => json::document(&string.bytes),
        _ => None,
    });
    match &*tree {
        Some(tree) => html! { <div class="ins-json">{ value(None, tree, 0) }</div> },
        None => Html::default(),
    }
}

fn value(name: Option<&str>, json: &Json, depth: usize) -> Html {
    let name = name.map(|name| {
        html! { <><span class="ins-json__name"><bdi>{ format!("\"{}\"", harmless(name)) }</bdi></span>{ ": " }</> }
    });
    let (open, close, counted, inner): (_, _, _, Html) = match json {
        Json::Word(word) => {
            return html! { <div class="ins-json__row">{ name }<span class="ins-json__word">{ word }</span></div> };
        }
        Json::Text(text) => {
            let text = format!("\"{}\"", harmless(text));
            return html! { <div class="ins-json__row">{ name }<span class="ins-json__text"><bdi>{ text }</bdi></span></div> };
        }
        Json::List(all) => (
            "[",
            "]",
            format::counted(all.len(), "value", "values"),
            all.iter().take(DRAWN).map(|one| value(None, one, depth + 1)).chain([more(all.len())]).collect(),
        ),
        Json::Object(all) => (
            "{",
            "}",
            format::counted(all.len(), "member", "members"),
            all.iter()
                .take(DRAWN)
                .map(|(name, one)| value(Some(name), one, depth + 1))
                .chain([more(all.len())])
                .collect(),
        ),
    };
    html! {
        <details class="ins-json__level" open={depth < OPEN}>
            <summary>{ name }{ open }<span class="ins-json__rest"><span class="ins-json__count">{ counted }</span>{ close }</span></summary>
            <div class="ins-json__inner">{ inner }</div>
        </details>
    }
}

fn more(all: usize) -> Html {
    match all.saturating_sub(DRAWN) {
        0 => Html::default(),
        left => html! { <p class="ins-note">{ format!("and {} more", format::count(left)) }</p> },
    }
}

/// Characters that would turn the text around are shown by their number.
fn harmless(text: &str) -> String {
    let turns = |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if turns(c) { format!("\\u{:04x}", c as u32) } else { c.to_string() }).collect()
}
