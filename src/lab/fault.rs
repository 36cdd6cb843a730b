//! What is wrong with a plan: which part of it, and why. The words a person reads, whoever shows them.

use std::fmt;

/// A part of a plan that cannot be played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The part, by the name of its option (`keys`, `value-size` …).
    pub part: &'static str,
    pub why: String,
}

impl Fault {
    pub fn new(part: &'static str, why: impl Into<String>) -> Self {
        Self { part, why: why.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.part, self.why)
    }
}

impl std::error::Error for Fault {}
