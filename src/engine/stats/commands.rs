//! The figures of each command, found by the command's number: `INFO commandstats` and `INFO latencystats`.
//!
//! Counting must cost next to nothing, since every command passes here: one step into a vector, a few additions.

use super::Histogram;
use crate::command::{self, CommandSpec};

/// What one command or subcommand has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandFigures {
    pub calls: u64,
    pub micros: u64,
    /// Refused by a gate: it never ran.
    pub rejected: u64,
    /// Ran, and answered with an error.
    pub failed: u64,
    /// Empty while `latency-tracking` is off.
    pub latency: Histogram,
}

/// All commands' figures, by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandStats {
    figures: Vec<CommandFigures>,
}

impl CommandStats {
    pub fn of(&mut self, spec: &CommandSpec) -> &mut CommandFigures {
        self.numbered(command::number_of(spec))
    }

    /// The figures of the command with a number.
    pub fn numbered(&mut self, number: usize) -> &mut CommandFigures {
        if number >= self.figures.len() {
            self.figures.resize_with(number + 1, CommandFigures::default);
        }
        // The vector has just been made long enough.
        &mut self.figures[number]
    }

    /// Commands with figures, in the order of the table of commands.
    pub fn iter(&self) -> impl Iterator<Item = (&'static CommandSpec, &CommandFigures)> {
        command::every().zip(self.figures.iter().skip(1))
    }
}
