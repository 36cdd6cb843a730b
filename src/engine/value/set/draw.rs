//! Members drawn at random, to be shown or to be taken out: each draw costs by what is drawn, not by the set.
//!
//! A listpack is the exception, as in Redis: it is walked once. What is popped from one comes in its own order.

use super::encoding::{Mut, Ref};
use super::{Limits, Member, Set};
use crate::rng::Rng;
use crate::value::bytes::SmallBytes;
use crate::value::listpack::Listpack;

/// When of a set only so small a part is left, Redis makes a new set of what stays instead of taking out what goes.
const STAYING_PART: usize = 5;

impl Set {
    /// Any member; `None` of an empty set.
    pub fn draw(&self, rng: &mut Rng) -> Option<Vec<u8>> {
        self.at(rng.below(self.len())).map(Member::to_vec)
    }

    /// The members at these positions. In a listpack one cannot be found without walking, so it is walked once for all.
    pub fn pick(&self, positions: &[usize]) -> Vec<Vec<u8>> {
        if let Ref::Packed(list) = self.encoding.get() {
            let whole: Vec<Member<'_>> = list.iter().collect();
            let at = |position: &usize| whole.get(*position).copied();
            return positions.iter().filter_map(at).map(Member::to_vec).collect();
        }
        positions.iter().filter_map(|position| self.at(*position)).map(Member::to_vec).collect()
    }

    /// Takes out so many different members, or all where there are no more.
    pub fn pop(&mut self, wanted: usize, limits: Limits, rng: &mut Rng) -> Vec<Vec<u8>> {
        let staying = self.len().saturating_sub(wanted);
        if staying == 0 {
            return std::mem::take(self).iter().map(Member::to_vec).collect();
        }
        if staying.saturating_mul(STAYING_PART) <= wanted {
            return self.pop_most(staying, limits, rng);
        }
        if let Mut::Table(table) = self.encoding.get_mut() {
            let pop = |_| table.remove_at(rng.below(table.len()));
            return (0..wanted).filter_map(pop).map(SmallBytes::into_vec).collect();
        }
        if wanted == 0 {
            return Vec::new();
        }
        let mut positions = rng.distinct(self.len(), wanted);
        if self.is_packed() {
            positions.sort_unstable();
        }
        let popped = self.pick(&positions);
        self.remove_positions(positions);
        popped
    }

    /// Leaves a new set of so few members, which may be kept smaller than this one was, and gives all others.
    fn pop_most(&mut self, staying: usize, limits: Limits, rng: &mut Rng) -> Vec<Vec<u8>> {
        let mut positions = rng.distinct(self.len(), staying);
        let mut rest = if self.integers().is_some() { Set::default() } else { Set::packed() };
        if !self.is_table() {
            positions.sort_unstable();
        }
        let whole: Vec<Member<'_>> = self.iter().collect();
        let mut stays = vec![false; whole.len()];
        for position in positions {
            if let (Some(member), Some(stays)) = (whole.get(position), stays.get_mut(position)) {
                rest.add(&member.text(), limits);
                *stays = true;
            }
        }
        let going = whole.iter().zip(stays).filter(|(_, stays)| !stays);
        let popped = going.map(|(member, _)| member.to_vec()).collect();
        *self = rest;
        popped
    }

    /// Removes the members at these positions of a small set.
    fn remove_positions(&mut self, mut positions: Vec<usize>) {
        positions.sort_unstable();
        match self.encoding.get_mut() {
            Mut::Integers(set) => {
                let mut gone = positions.into_iter().peekable();
                set.edit(|set| set.retain_positions(|position| gone.next_if_eq(&position).is_none()));
            }
            Mut::Packed(list) => list.edit(|list| {
                let mut gone = positions.into_iter().peekable();
                let mut rest = Listpack::default();
                for (position, member) in list.iter().enumerate() {
                    if gone.next_if_eq(&position).is_none() {
                        rest.push_back(&member.text());
                    }
                }
                *list = rest;
            }),
            Mut::Table(_) => {}
        }
    }

    fn at(&self, position: usize) -> Option<Member<'_>> {
        match self.encoding.get() {
            Ref::Integers(set) => set.get(position).map(Member::Integer),
            Ref::Packed(list) => list.entry(position as i64),
            Ref::Table(table) => table.get(position).map(Member::Text),
        }
    }
}
