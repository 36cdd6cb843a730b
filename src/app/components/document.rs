//! Draws the tree of a lesson's text, element by element: no HTML is ever interpreted.

use playground_scenarios::document::{Block, Inline};
use yew::prelude::*;

use super::coloured;
use crate::highlight;

pub fn blocks(blocks: &[Block]) -> Html {
    blocks.iter().map(block).collect()
}

/// A block of text. What is to be done or chosen is drawn by whoever knows what was.
pub fn block(block: &Block) -> Html {
    match block {
        Block::Paragraph(content) => html! { <p>{ inlines(content) }</p> },
        Block::Heading { content, .. } => html! { <h4>{ inlines(content) }</h4> },
        Block::List { start: Some(start), items } => {
            html! { <ol start={start.to_string()}>{ for items.iter().map(|item| list_item(item)) }</ol> }
        }
        Block::List { start: None, items } => {
            html! { <ul>{ for items.iter().map(|item| list_item(item)) }</ul> }
        }
        Block::Quote(inner) => html! { <blockquote>{ blocks(inner) }</blockquote> },
        Block::Code { language, text } => code(language, text),
        Block::Table { head, rows } => table(head, rows),
        Block::Rule => html! { <hr /> },
        Block::Play(_)
        | Block::Check(_)
        | Block::Solution(_)
        | Block::Wrong(_)
        | Block::Clients(_)
        | Block::Workload(_)
        | Block::Race(_) => Html::default(),
    }
}

/// Text to read as it is; a script has its colours.
fn code(language: &str, text: &str) -> Html {
    let text = text.trim_end();
    let content = match language {
        "lua" => coloured::coloured(text, &highlight::lua(text)),
        _ => html! { { text.to_owned() } },
    };
    // What may have to be scrolled sideways is reached by the keyboard.
    html! { <pre class="prose__code" tabindex="0"><code>{ content }</code></pre> }
}

/// A lone paragraph needs no paragraph's margins.
fn list_item(item: &[Block]) -> Html {
    match item {
        [Block::Paragraph(content)] => html! { <li>{ inlines(content) }</li> },
        other => html! { <li>{ blocks(other) }</li> },
    }
}

fn table(head: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>]) -> Html {
    html! {
        <table>
            <thead><tr>{ for head.iter().map(|cell| html! { <th>{ inlines(cell) }</th> }) }</tr></thead>
            <tbody>
                { for rows.iter().map(|row| html! {
                    <tr>{ for row.iter().map(|cell| html! { <td>{ inlines(cell) }</td> }) }</tr>
                }) }
            </tbody>
        </table>
    }
}

pub fn inlines(content: &[Inline]) -> Html {
    content.iter().map(inline).collect()
}

fn inline(inline: &Inline) -> Html {
    match inline {
        Inline::Text(text) => html! { { text } },
        Inline::Code(text) => html! { <code>{ text }</code> },
        Inline::Emphasis(inner) => html! { <em>{ inlines(inner) }</em> },
        Inline::Strong(inner) => html! { <strong>{ inlines(inner) }</strong> },
        Inline::Link { href, content } => {
            html! { <a href={href.clone()} rel="noreferrer">{ inlines(content) }</a> }
        }
        Inline::LineBreak => html! { <br /> },
    }
}
