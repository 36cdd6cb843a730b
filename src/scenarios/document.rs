//! The tree of a lesson's text: what a page draws itself, element by element, so that no HTML is ever interpreted.
//!
//! A small owned subset of Markdown. It knows nothing of the Markdown parser and nothing of how it is drawn.

use std::rc::Rc;

use playground_workload::{Plan, RacePlan};

use crate::lesson::Check;
use crate::markdown;
use crate::snippet::Snippet;
use crate::transcript::Entry;

/// A block of text, or something to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    Paragraph(Vec<Inline>),
    /// A heading inside a step: level 3 to 6.
    Heading {
        level: u8,
        content: Vec<Inline>,
    },
    /// An ordered list has the number it starts from.
    List {
        start: Option<u64>,
        items: Vec<Vec<Block>>,
    },
    Quote(Vec<Block>),
    /// A block to read, not to run.
    Code {
        language: String,
        text: String,
    },
    Table {
        head: Vec<Vec<Inline>>,
        rows: Vec<Vec<Vec<Inline>>>,
    },
    Rule,
    /// Commands and clock moves to play by a click, with the answers they give.
    Play(Vec<Entry>),
    /// What must hold for the exercise to be passed.
    Check(Check),
    /// One way to pass the exercise, shown on request.
    Solution(Vec<Entry>),
    /// A way that does not pass it, never shown.
    Wrong(Vec<Entry>),
    /// The same for several client libraries.
    Clients(Vec<Snippet>),
    /// Simulated clients to start, with sliders and charts.
    Workload(Rc<Plan>),
    /// Programs whose moves the reader chooses.
    Race(Rc<RacePlan>),
}

/// A run of text inside a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    Text(String),
    Code(String),
    Emphasis(Vec<Inline>),
    Strong(Vec<Inline>),
    /// `href` starts with `https://` or `#`.
    Link {
        href: String,
        content: Vec<Inline>,
    },
    LineBreak,
}

/// A line of Markdown by itself, such as one of the guide; what no lesson could hold stays as it is written.
pub fn inline(text: &str) -> Vec<Inline> {
    markdown::line(text).unwrap_or_else(|| vec![Inline::Text(text.to_owned())])
}

/// The words alone, for titles and labels.
pub fn plain_text(content: &[Inline]) -> String {
    content.iter().fold(String::new(), |text, inline| match inline {
        Inline::Text(words) | Inline::Code(words) => text + words,
        Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Link { content: inner, .. } => {
            text + &plain_text(inner)
        }
        Inline::LineBreak => text + " ",
    })
}
