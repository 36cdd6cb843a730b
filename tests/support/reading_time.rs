//! How long a lesson takes who reads all of it, clicks all that there is to click and solves the exercises.
//!
//! An estimate, by which lessons are held to be short; it knows a lesson's tree and nothing of readers.

use playground_scenarios::document::{Block, plain_text};
use playground_scenarios::{Entry, Lesson};

/// A leisurely reader of technical text.
const WORDS_A_MINUTE: f64 = 200.0;
/// To click, and to look at the answer.
const COMMAND: f64 = 5.0 / 60.0;
const EXERCISE: f64 = 1.0;
/// Two runs, the longest of which take half a minute each at the speed at which the page plays them.
const WORKLOAD: f64 = 1.0;
/// Its prepared orders are played by a click each.
const RACE: f64 = 0.75;

/// In minutes. Code for client libraries is there to be looked up, and takes none.
pub fn minutes(lesson: &Lesson) -> f64 {
    let titles: f64 = lesson.steps.iter().map(|step| words(&step.title)).sum();
    let blocks = lesson.intro.iter().chain(lesson.steps.iter().flat_map(|step| &step.blocks));
    titles + blocks.map(of).sum::<f64>()
}

fn words(text: &str) -> f64 {
    f64::from(u32::try_from(text.split_whitespace().count()).unwrap_or(u32::MAX)) / WORDS_A_MINUTE
}

fn of(block: &Block) -> f64 {
    match block {
        Block::Paragraph(content) | Block::Heading { content, .. } => words(&plain_text(content)),
        Block::List { items, .. } => items.iter().flatten().map(of).sum(),
        Block::Quote(inner) => inner.iter().map(of).sum(),
        Block::Code { text, .. } => words(text),
        Block::Table { head, rows } => {
            let cells = head.iter().chain(rows.iter().flatten());
            cells.map(|cell| words(&plain_text(cell))).sum()
        }
        Block::Play(entries) => {
            let clicks = entries.iter().filter(|entry| !matches!(entry, Entry::Session { .. }));
            clicks.map(|_| COMMAND).sum()
        }
        Block::Check(_) => EXERCISE,
        Block::Workload(_) => WORKLOAD,
        Block::Race(_) => RACE,
        Block::Rule | Block::Solution(_) | Block::Wrong(_) | Block::Clients(_) => 0.0,
    }
}
