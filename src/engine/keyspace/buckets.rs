//! In which order Redis's hash table would hold the keys, for those who draw samples from it.
//!
//! A sample for eviction is not drawn key by key: Redis takes a random slot and collects the keys of that slot and of
//! those behind it. A key behind a gap is met more often than one behind a crowd, and stays so as long as both are there.
//! Over a loop of requests that makes a difference of percents: some keys are hardly ever met, and stay. So where samples
//! are drawn, the slots are kept: chains of places by a hash of the key, in as many slots as the table would have.
//! It costs 12 bytes or so a key, and nothing before the first eviction.
//!
//! What it knows of a key is its place in a list that fills gaps with its last element, and its hash.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;

use crate::digest::Digest;
use crate::rng::Rng;

/// The end of a chain.
const END: u32 = u32::MAX;
const MIN_SLOTS: usize = 4;
/// Slots that are looked at for each key wanted.
const STEPS_PER_KEY: usize = 10;
/// So many empty slots in a row are borne with, however few keys are wanted.
const PATIENCE: usize = 5;

/// Chains of places.
#[derive(Clone, Debug)]
pub struct Buckets {
    seed: u64,
    /// The first place of each slot's chain.
    heads: Vec<u32>,
    /// For each place, its hash and the place behind it in its chain.
    links: Vec<Link>,
}

#[derive(Clone, Copy, Debug)]
struct Link {
    hash: u32,
    next: u32,
}

impl Buckets {
    /// For these keys, in the order of their places.
    pub fn of<'a>(seed: u64, keys: impl Iterator<Item = &'a [u8]>) -> Self {
        let links = keys.map(|key| Link { hash: hash(seed, key), next: END }).collect();
        let mut buckets = Self { seed, heads: Vec::new(), links };
        buckets.fit(MIN_SLOTS);
        buckets
    }

    /// Takes as many slots as the table has now: a power of two.
    pub fn fit(&mut self, slots: usize) {
        let slots = slots.max(MIN_SLOTS).next_power_of_two();
        if slots == self.heads.len() {
            return;
        }
        self.heads.clear();
        self.heads.resize(slots, END);
        for place in 0..self.links.len() {
            self.chain(place);
        }
    }

    /// A key joins, at the next place.
    pub fn push(&mut self, key: &[u8]) {
        let link = Link { hash: hash(self.seed, key), next: END };
        self.links.push(link);
        self.chain(self.links.len() - 1);
    }

    /// The key at a place goes, and the one at the last place takes its place.
    pub fn swap_remove(&mut self, place: usize) {
        let Some(last) = self.links.len().checked_sub(1) else { return };
        let next = self.links.get(place).map_or(END, |link| link.next);
        self.relink(place, next);
        if place < last {
            self.relink(last, place as u32);
        }
        self.links.swap_remove(place);
    }

    /// Has whatever leads to a place lead elsewhere.
    fn relink(&mut self, place: usize, to: u32) {
        let slot = self.slot(place);
        let Some(mut at) = self.heads.get(slot).copied() else { return };
        if at as usize == place {
            if let Some(head) = self.heads.get_mut(slot) {
                *head = to;
            }
            return;
        }
        while let Some(link) = self.links.get_mut(at as usize) {
            if link.next as usize == place {
                link.next = to;
                return;
            }
            at = link.next;
        }
    }

    /// Puts a place at the head of its chain.
    fn chain(&mut self, place: usize) {
        let slot = self.slot(place);
        if let (Some(head), Some(link)) = (self.heads.get_mut(slot), self.links.get_mut(place)) {
            link.next = *head;
            *head = place as u32;
        }
    }

    fn slot(&self, place: usize) -> usize {
        // The number of slots is a power of two.
        self.links.get(place).map_or(0, |link| link.hash as usize & (self.heads.len() - 1))
    }

    // ---- drawing -------------------------------------------------------------------------------------------------

    /// Draws up to as many places as there is room for, and gives how many it drew.
    ///
    /// From a random slot on, whole chains are collected, until there are enough; of a chain that holds more, each key
    /// has the same chance. Too long a row of empty slots is left for another random slot, and after ten slots for each
    /// key wanted it has to do with what there is.
    pub fn draw(&self, rng: &mut Rng, drawn: &mut [usize]) -> usize {
        let wanted = drawn.len().min(self.links.len());
        let (mut met, mut empty) = (0, 0);
        let mut slot = rng.below(self.heads.len());
        for _ in 0..wanted * STEPS_PER_KEY {
            let mut at = self.heads.get(slot).copied().unwrap_or(END);
            if at == END {
                empty += 1;
                if empty >= PATIENCE && empty > wanted {
                    (slot, empty) = (rng.below(self.heads.len()), 0);
                    continue;
                }
            } else {
                empty = 0;
            }
            while let Some(link) = self.links.get(at as usize) {
                let place = if met < wanted { met } else { rng.below(met + 1) };
                if let Some(one) = drawn.get_mut(..wanted).and_then(|drawn| drawn.get_mut(place)) {
                    *one = at as usize;
                }
                met += 1;
                at = link.next;
            }
            if met >= wanted {
                break;
            }
            slot = (slot + 1) & (self.heads.len() - 1);
        }
        met.min(wanted)
    }

    /// Draws one place: of a random slot that is not empty, any.
    pub fn draw_one(&self, rng: &mut Rng) -> Option<usize> {
        if self.links.is_empty() {
            return None;
        }
        loop {
            let head = self.heads.get(rng.below(self.heads.len())).copied().unwrap_or(END);
            let chain = || {
                std::iter::successors(self.links.get(head as usize).map(|_| head as usize), |at| {
                    let next = self.links.get(*at)?.next;
                    (next != END).then_some(next as usize)
                })
            };
            let length = chain().count();
            if length > 0 {
                return chain().nth(rng.below(length));
            }
        }
    }

    pub fn digest(&self, digest: &mut Digest) {
        digest.number(self.seed);
        self.heads.iter().for_each(|head| digest.number(u64::from(*head)));
        self.links.iter().for_each(|link| digest.number(u64::from(link.next)));
    }
}

fn hash(seed: u64, key: &[u8]) -> u32 {
    let mut hasher = FixedState::with_seed(seed).build_hasher();
    hasher.write(key);
    hasher.finish() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: usize) -> Vec<u8> {
        format!("key:{n}").into_bytes()
    }

    fn fitting(keys: &[Vec<u8>]) -> Buckets {
        let mut buckets = Buckets::of(3, keys.iter().map(Vec::as_slice));
        buckets.fit(keys.len());
        buckets
    }

    /// The places of all chains, sorted.
    fn chained(buckets: &Buckets) -> Vec<usize> {
        let mut found = Vec::new();
        for (slot, head) in buckets.heads.iter().enumerate() {
            let mut at = *head;
            while at != END {
                assert_eq!(buckets.slot(at as usize), slot);
                found.push(at as usize);
                at = buckets.links[at as usize].next;
            }
        }
        found.sort_unstable();
        found
    }

    #[test]
    fn each_place_is_in_the_chain_of_its_slot_whatever_comes_and_goes() {
        let (mut keys, mut rng) = (Vec::new(), Rng::seeded(1));
        let mut buckets = Buckets::of(7, std::iter::empty());
        for n in 0..6000 {
            // It grows at first, and shrinks then.
            if rng.below(6000) < 6000 - n || keys.is_empty() {
                buckets.push(&key(n));
                keys.push(key(n));
            } else {
                let place = rng.below(keys.len());
                buckets.swap_remove(place);
                keys.swap_remove(place);
            }
            if n % 97 == 0 {
                buckets.fit(keys.len());
                assert_eq!(chained(&buckets), (0..keys.len()).collect::<Vec<_>>());
                let anew = Buckets::of(7, keys.iter().map(Vec::as_slice));
                assert!(anew.links.iter().zip(&buckets.links).all(|(a, b)| a.hash == b.hash));
            }
        }
        buckets.fit(1000);
        assert_eq!(buckets.heads.len(), 1024);
    }

    #[test]
    fn a_sample_holds_different_places_and_reaches_all() {
        let keys: Vec<Vec<u8>> = (0..100).map(key).collect();
        let buckets = fitting(&keys);
        let (mut rng, mut seen) = (Rng::seeded(1), [0_u32; 100]);
        for _ in 0..20_000 {
            let mut drawn = [0; 5];
            assert_eq!(buckets.draw(&mut rng, &mut drawn), 5);
            for place in drawn {
                seen[place] += 1;
            }
            drawn.sort_unstable();
            assert!(drawn.windows(2).all(|pair| pair[0] < pair[1]), "{drawn:?}");
        }
        // A thousand each, if all were alike.
        assert!(seen.iter().all(|seen| (100..5000).contains(seen)), "{seen:?}");
        let mut drawn = [0; 64];
        assert_eq!(Buckets::of(3, keys.iter().take(10).map(Vec::as_slice)).draw(&mut rng, &mut drawn), 10);
        assert_eq!(Buckets::of(3, std::iter::empty()).draw(&mut rng, &mut drawn), 0);
    }

    #[test]
    fn one_drawn_alone_shares_its_slots_chance() {
        let keys: Vec<Vec<u8>> = (0..100).map(key).collect();
        let buckets = fitting(&keys);
        let (mut rng, mut seen) = (Rng::seeded(1), [0_u32; 100]);
        for _ in 0..100_000 {
            seen[buckets.draw_one(&mut rng).expect("there are keys")] += 1;
        }
        let slots = buckets.heads.iter().filter(|head| **head != END).count();
        for (place, seen) in seen.iter().enumerate() {
            let mates = buckets.links.iter().enumerate();
            let chain = mates.filter(|(other, _)| buckets.slot(*other) == buckets.slot(place)).count();
            let expected = 100_000.0 / slots as f64 / chain as f64;
            assert!((f64::from(*seen) / expected - 1.0).abs() < 0.2, "{seen}, not {expected}");
        }
        assert_eq!(Buckets::of(3, std::iter::empty()).draw_one(&mut rng), None);
    }
}
