//! What is wrong with a plan, or with a client's program: where, and why. The words a person reads.

use std::fmt;

/// A place in the text and a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Counted from 1 in the text that the plan stands in.
    pub line: usize,
    pub why: String,
}

impl Fault {
    pub fn new(line: usize, why: impl Into<String>) -> Self {
        Self { line, why: why.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

impl std::error::Error for Fault {}
