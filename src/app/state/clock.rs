//! How the virtual clock is driven: whether it runs, how fast, and the jumps the reader makes.

/// The speeds on offer: virtual seconds a second.
pub const SPEEDS: [u32; 5] = [1, 10, 60, 100, 1000];

/// Whether time passes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockMode {
    pub running: bool,
    pub speed: u32,
}

impl Default for ClockMode {
    fn default() -> Self {
        Self { running: true, speed: 1 }
    }
}

/// Why the clock jumped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// By a length of time.
    Step,
    /// To a moment.
    Set,
    /// To the moment at which the next key expires.
    NextExpiry,
    /// To the moment at which the next session gives up waiting.
    NextTimeout,
}

/// A jump of the clock that the reader made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    pub from: u64,
    pub to: u64,
    pub reason: Reason,
    /// The thing to do in the lesson that made it, if one did.
    pub play: Option<(usize, usize)>,
    /// The step that it made.
    pub step: u64,
}

impl Move {
    pub fn by(&self) -> u64 {
        self.to.saturating_sub(self.from)
    }
}
