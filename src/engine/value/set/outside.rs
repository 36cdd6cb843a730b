//! Sets made of what comes from outside, all at once and checked.

use std::collections::BTreeSet;

use super::encoding::Ref;
use super::{IntSet, Limits, Member, Set};
use crate::number;
use crate::value::listpack::{self, Listpack};

impl Set {
    /// Takes integers from outside.
    pub fn from_integers(integers: IntSet, limits: Limits) -> Self {
        let mut set = Self { encoding: integers.into() };
        if set.len() > limits.intset() {
            set.convert_to_table(0);
        }
        set
    }

    /// Takes a small set from outside; `None` where a member is there twice.
    pub fn from_listpack(list: Listpack, limits: Limits) -> Option<Self> {
        let members: BTreeSet<_> = list.iter().map(Member::text).collect();
        let unique = members.len() == list.len();
        let mut set = Self { encoding: list.into() };
        if set.len() > limits.entries {
            set.convert_to_table(0);
        }
        unique.then_some(set)
    }

    /// Gathers members in the smallest encoding that takes so many of them; `None` where one comes twice.
    pub fn from_members(members: &[Vec<u8>], limits: Limits) -> Option<Self> {
        let bytes: usize = members.iter().map(Vec::len).sum();
        let mut set = if members.len() > limits.intset() {
            Self::table(members.len())
        } else if members.iter().all(|member| number::parse_i64(member).is_some()) {
            Self::default()
        } else if members.len() <= limits.entries
            && members.iter().all(|member| member.len() <= limits.value)
            && bytes <= listpack::SAFE_LIMIT
        {
            Self::packed()
        } else {
            Self::table(members.len())
        };
        // Integers that came before the first other member stand in order.
        let leading = members.iter().take_while(|member| number::parse_i64(member).is_some()).count();
        let (integers, others) = members.split_at_checked(leading)?;
        let mut integers: Vec<i64> = integers.iter().filter_map(|member| number::parse_i64(member)).collect();
        if !set.is_table() {
            integers.sort_unstable();
        }
        let unique = integers.iter().all(|integer| set.add(integer.to_string().as_bytes(), limits))
            && others.iter().all(|member| set.add(member, limits));
        unique.then_some(set)
    }

    /// The listpack of a small set that has one.
    pub fn listpack(&self) -> Option<listpack::View<'_>> {
        if let Ref::Packed(list) = self.encoding.get() { Some(list) } else { None }
    }
}
