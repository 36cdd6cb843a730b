//! Draws the tree of a lesson's text, element by element: no HTML is ever interpreted.

use playground_scenarios::document::{Block, Inline};
use yew::prelude::*;

pub fn blocks(blocks: &[Block]) -> Html {
    blocks.iter().map(block).collect()
}

/// A block of text. What is to be done is drawn by the step that it belongs to.
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
        Block::Code { text, .. } => html! { <pre class="prose__code"><code>{ text }</code></pre> },
        Block::Table { head, rows } => table(head, rows),
        Block::Rule => html! { <hr /> },
        Block::Clients(snippets) => snippets
            .iter()
            .map(|snippet| html! { <pre class="prose__code"><code>{ &snippet.text }</code></pre> })
            .collect(),
        Block::Play(_)
        | Block::Check(_)
        | Block::Solution(_)
        | Block::Wrong(_)
        | Block::Workload(_)
        | Block::Race(_) => Html::default(),
    }
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

fn inlines(content: &[Inline]) -> Html {
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
