//! Transcripts and lessons as data: read, replayed, and written back with fresh output.
//!
//! One text format serves tests, the example of each command, and lessons, so that every word of Redis's that is shown
//! anywhere has been replayed. Adding a lesson or a test changes no Rust. This crate does no I/O (it also runs in the
//! page): callers hand in text and get data, errors with line numbers, or new text back.
//!
//! Map: [`transcript`] parses, [`replay`] plays against a [`Target`] such as the [`engine_target`], [`format`] puts recorded output into the source;
//! [`lesson`] is Markdown around transcripts and [`snippet`]s, [`document`] the tree that a page draws, [`guide`] what all
//! lessons together teach, [`see`] the picture beside a step.

pub mod directive;
pub mod document;
pub mod engine_target;
pub mod error;
pub mod format;
mod front_matter;
pub mod guide;
pub mod lesson;
mod markdown;
pub mod replay;
pub mod see;
pub mod snippet;
pub mod transcript;

pub use engine_target::EngineTarget;
pub use error::ParseError;
pub use lesson::{Check, Lesson, Step};
pub use replay::Target;
pub use transcript::{Case, Entry, Expected, Run, Transcript};
