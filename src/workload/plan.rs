//! What a workload is: clients, what stands behind them, what can be changed, and what is measured. Plain data.

use crate::chart::Term;

/// A number that is given, or set by a slider.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    Fixed(f64),
    /// The slider at this place.
    Slider(usize),
}

/// What the reader can change while it runs. Programs know it as a global of its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Slider {
    pub name: String,
    /// What it is, for people.
    pub label: String,
    pub value: f64,
    pub least: f64,
    pub most: f64,
    /// On or off, as 1 and 0; to programs, `true` and `false`.
    pub is_switch: bool,
}

/// A program in Lua.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    pub text: String,
    /// Where its first line stands.
    pub line: usize,
}

/// How clients of a group come about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Coming {
    /// So many are there, and each goes through its program again and again.
    There(Amount),
    /// So many come in a second, at random moments, and each goes through its program once.
    Arriving(Amount),
}

/// Clients that do the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub name: String,
    pub coming: Coming,
    pub program: Program,
}

/// A modelled database: each query takes a time between two, in milliseconds, and so many are answered at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DatabasePlan {
    pub least: Amount,
    pub most: Amount,
    pub at_once: Amount,
}

impl Default for DatabasePlan {
    fn default() -> Self {
        Self { least: Amount::Fixed(20.0), most: Amount::Fixed(40.0), at_once: Amount::Fixed(10.0) }
    }
}

/// A client of a group dies in the middle of what it does: its connection closes, nothing of its program goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Death {
    /// Which group.
    pub group: usize,
    /// Milliseconds from the start, and again so often.
    pub first: u64,
    pub every: Option<u64>,
    /// A new one takes its place after so many milliseconds.
    pub back_after: Option<u64>,
}

/// A command that only reads, sent once for every point of the charts; what it answers is a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    pub name: String,
    pub argv: Vec<Vec<u8>>,
}

/// A line of a chart is a term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    pub title: String,
    pub terms: Vec<Term>,
}

/// How two numbers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

impl Comparison {
    pub const ALL: [(&'static str, Self); 5] = [
        ("<=", Self::AtMost),
        (">=", Self::AtLeast),
        ("=", Self::Equal),
        ("<", Self::Less),
        (">", Self::More),
    ];

    pub fn holds(self, one: f64, other: f64) -> bool {
        match self {
            Self::Less => one < other,
            Self::AtMost => one <= other,
            Self::Equal => one == other,
            Self::AtLeast => one >= other,
            Self::More => one > other,
        }
    }
}

/// What the text says of the figures: after so long, with these sliders, a term compares so with a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    pub line: usize,
    /// As it is written.
    pub text: String,
    /// Sliders by their places, and their values.
    pub with: Vec<(usize, f64)>,
    /// Milliseconds from the start.
    pub after: u64,
    pub term: Term,
    pub comparison: Comparison,
    pub number: f64,
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// What it was read from, and how many lines stand before that.
    pub text: String,
    pub first_line: usize,
    pub seed: u64,
    /// Milliseconds; without, it goes on until it is stopped.
    pub lasts: Option<u64>,
    pub sliders: Vec<Slider>,
    /// Milliseconds from a client to the server and back.
    pub network: Option<Amount>,
    pub database: DatabasePlan,
    /// Commands that are sent before the clients come.
    pub setup: Vec<Vec<Vec<u8>>>,
    pub groups: Vec<Group>,
    pub deaths: Vec<Death>,
    pub probes: Vec<Probe>,
    pub charts: Vec<Chart>,
    pub claims: Vec<Claim>,
}
