//! The pool of candidates for eviction: the best that samples have brought so far, kept from one eviction to the next.
//!
//! A sample of five keys says little; the sixteen best of many samples say a lot. Candidates stand in ascending order,
//! the next victim last. A candidate may be gone, or in use again, by the time it is its turn: the pool does not know
//! keys, and whoever takes one out looks.

use crate::event::{Candidate, Standing};

/// How many candidates there is room for.
pub const SIZE: usize = 16;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pool {
    candidates: Vec<Candidate>,
}

impl Pool {
    /// The candidates, the next victim last.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// Takes the next victim out.
    pub fn take_best(&mut self) -> Option<Candidate> {
        self.candidates.pop()
    }

    /// Adds a candidate before the first that is no worse a victim, if there is room or it is better than the worst, which
    /// then has to go. A key may stand here twice, as in Redis.
    pub fn offer(&mut self, standing: Standing, db: usize, key: &[u8]) {
        let rank = standing.rank();
        let place = self.candidates.partition_point(|candidate| candidate.standing.rank() < rank);
        if self.candidates.len() < SIZE {
            self.candidates.insert(place, Candidate { db, key: key.to_vec(), standing });
        } else if place > 0
            && let Some(better) = self.candidates.get_mut(..place)
        {
            // The worst, the first, makes room for the one that comes, whose place is the last of these.
            better.rotate_left(1);
            if let Some(worst) = better.last_mut() {
                worst.db = db;
                worst.standing = standing;
                worst.key.clear();
                worst.key.extend_from_slice(key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool_of(idle: impl IntoIterator<Item = u64>) -> Pool {
        let mut pool = Pool::default();
        for seconds in idle {
            pool.offer(Standing::Idle(seconds), 0, seconds.to_string().as_bytes());
        }
        pool
    }

    fn idle(pool: &Pool) -> Vec<u64> {
        pool.candidates().iter().map(|candidate| candidate.standing.rank() / 1000).collect()
    }

    #[test]
    fn the_best_stay_in_order() {
        let mut pool = pool_of([5, 3, 9, 1]);
        assert_eq!(idle(&pool), [1, 3, 5, 9]);
        assert_eq!(pool.take_best().map(|candidate| candidate.key), Some(b"9".to_vec()));
        assert_eq!(idle(&pool), [1, 3, 5]);
    }

    #[test]
    fn a_full_pool_gives_up_its_worst_for_a_better_one_alone() {
        let mut pool = pool_of(10..26);
        pool.offer(Standing::Idle(9), 0, b"worse than all");
        assert_eq!(idle(&pool), (10..26).collect::<Vec<_>>());
        pool.offer(Standing::Idle(10), 0, b"as bad as the worst");
        assert_eq!(idle(&pool), (10..26).collect::<Vec<_>>());
        pool.offer(Standing::Idle(12), 1, b"new");
        assert_eq!(idle(&pool), [11, 12, 12].into_iter().chain(13..26).collect::<Vec<_>>());
        assert_eq!(
            pool.candidates()[1],
            Candidate { db: 1, key: b"new".to_vec(), standing: Standing::Idle(12) }
        );
        pool.offer(Standing::Idle(99), 0, b"the next victim");
        assert_eq!(idle(&pool).last(), Some(&99));
        assert_eq!(pool.candidates().len(), SIZE);
    }

    #[test]
    fn rare_use_and_near_deadlines_rank_first() {
        assert!(Standing::Counter(0).rank() > Standing::Counter(255).rank());
        assert!(Standing::Deadline(1000).rank() > Standing::Deadline(2000).rank());
        assert!(Standing::Idle(2).rank() > Standing::Idle(1).rank());
    }
}
