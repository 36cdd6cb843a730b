//! Time travel as the page shows it: how many steps there are, which one is looked at, and whether it is on its way there.
//!
//! What a step is, and how one gets back to it, is the bridge's business.

/// The step that something made, and when that was on the virtual clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct When {
    pub step: u64,
    pub at: u64,
}

/// Where in the past the page looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Travel {
    /// The present step, and the first that can be gone back to.
    pub steps: u64,
    pub oldest: u64,
    /// The step that is looked at; `None` is the present.
    pub past: Option<u64>,
    /// On the way there: inputs played again, of how many.
    pub going: Option<(u64, u64)>,
}

impl Travel {
    /// The step that is seen.
    pub fn seen(&self) -> u64 {
        self.past.unwrap_or(self.steps)
    }

    /// Whether something that a step made has not happened yet, where the page looks.
    pub fn is_later(&self, step: u64) -> bool {
        self.past.is_some_and(|past| step > past)
    }
}
