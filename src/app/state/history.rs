//! How memory, evictions and hits went over virtual time, in a bounded number of moments.
//!
//! A moment stands for a stretch of the clock. When there are too many, stretches double and neighbours are joined, so
//! the picture reaches back to the beginning at whatever fineness there is room for. What a figure means is not known
//! here; the engine counts.

use super::view::View;

/// As many moments as a small chart can show.
const MOST: usize = 240;
/// The stretch at first: two pictures of the running clock are so far apart.
const FINEST_MS: u64 = 100;

/// A stretch of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Its last millisecond that was seen.
    pub at: u64,
    /// Used memory: the least, the most, and what it was in the end.
    pub low: u64,
    pub high: u64,
    pub last: u64,
    /// Since the moment before: keys evicted, keys looked up that were there, and that were not.
    pub evicted: u64,
    pub hits: u64,
    pub misses: u64,
}

impl Moment {
    fn join(&mut self, later: Self) {
        self.at = later.at;
        self.low = self.low.min(later.low);
        self.high = self.high.max(later.high);
        self.last = later.last;
        self.evicted += later.evicted;
        self.hits += later.hits;
        self.misses += later.misses;
    }
}

/// All moments, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    pub moments: Vec<Moment>,
    stretch: u64,
    /// The totals of evictions, hits and misses when last seen.
    totals: [u64; 3],
}

impl Default for History {
    fn default() -> Self {
        Self { moments: Vec::new(), stretch: FINEST_MS, totals: [0; 3] }
    }
}

impl History {
    /// Whether a picture says anything that the last one did not.
    pub fn learns_from(&self, view: &View) -> bool {
        if view.travel.past.is_some() {
            return false;
        }
        let totals = [view.evicted, view.hits, view.misses];
        self.moments.last().is_none_or(|last| (last.at, last.last) != (view.now, view.used_memory))
            || totals != self.totals
    }

    pub fn saw(&mut self, view: &View) {
        let totals = [view.evicted, view.hits, view.misses];
        // A total that has become less began anew.
        let since = |at: usize| match (totals.get(at).copied(), self.totals.get(at).copied()) {
            (Some(now), Some(before)) => now.checked_sub(before).unwrap_or(now),
            _ => 0,
        };
        let used = view.used_memory;
        let (evicted, hits, misses) = (since(0), since(1), since(2));
        let moment = Moment { at: view.now, low: used, high: used, last: used, evicted, hits, misses };
        self.totals = totals;
        self.push(moment);
        while self.moments.len() > MOST {
            self.stretch = self.stretch.saturating_mul(2);
            for moment in std::mem::take(&mut self.moments) {
                self.push(moment);
            }
        }
    }

    /// Forgets what was after a moment.
    pub fn cut(&mut self, at: u64) {
        self.moments.retain(|moment| moment.at <= at);
    }

    fn push(&mut self, moment: Moment) {
        match self.moments.last_mut() {
            Some(last) if last.at / self.stretch == moment.at / self.stretch => last.join(moment),
            _ => self.moments.push(moment),
        }
    }

    /// The first and the last millisecond.
    pub fn span(&self) -> (u64, u64) {
        let at = |moment: Option<&Moment>| moment.map_or(0, |moment| moment.at);
        (at(self.moments.first()), at(self.moments.last()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(now: u64, used_memory: u64, evicted: u64, hits: u64) -> View {
        View { now, used_memory, evicted, hits, ..View::default() }
    }

    #[test]
    fn moments_are_joined_when_there_are_too_many_and_lose_nothing() {
        let mut history = History::default();
        for n in 0..10_000 {
            history.saw(&view(n * 100, 1_000 + n, n / 2, n));
        }
        assert!(history.moments.len() <= MOST && history.moments.len() > MOST / 3);
        assert_eq!(history.moments.iter().map(|moment| moment.hits).sum::<u64>(), 9_999);
        assert_eq!(history.moments.iter().map(|moment| moment.evicted).sum::<u64>(), 4_999);
        assert_eq!((history.moments[0].low, history.span().1), (1_000, 999_900));
        assert_eq!(history.moments.last().map(|moment| moment.high), Some(10_999));
    }

    #[test]
    fn while_the_clock_stands_a_moment_keeps_its_least_and_its_most() {
        let mut history = History::default();
        for used in [5, 9, 2, 4] {
            history.saw(&view(7, used, 0, 0));
        }
        assert_eq!(history.moments.len(), 1);
        let Moment { low, high, last, .. } = history.moments[0];
        assert_eq!((low, high, last), (2, 9, 4));
        assert!(!history.learns_from(&view(7, 4, 0, 0)) && history.learns_from(&view(7, 4, 0, 1)));
    }

    #[test]
    fn totals_that_begin_anew_are_not_taken_for_less_than_nothing() {
        let mut history = History::default();
        history.saw(&view(0, 1, 0, 50));
        history.saw(&view(1_000, 1, 0, 3));
        assert_eq!(history.moments[1].hits, 3);
    }
}
