//! Why a transcript or lesson was refused: the line and the reason, for the author who has to mend it.
//!
//! It knows no file names: whoever read the file puts the name in front, as `file:line: reason`.

use std::fmt;

/// A fault in the text of a transcript or lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Counted from 1.
    pub line: usize,
    pub reason: String,
}

impl ParseError {
    pub fn new(line: usize, reason: impl Into<String>) -> Self {
        Self { line, reason: reason.into() }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.reason)
    }
}

impl std::error::Error for ParseError {}
