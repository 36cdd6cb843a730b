//! Sets out of dumps.

use super::super::reader::Reader;
use crate::config::Config;
use crate::value::set::{IntSet, Limits, Set};

pub fn members(from: &mut Reader<'_>, config: &Config) -> Option<Set> {
    let count = from.count(1)?;
    let members = (0..count).map(|_| from.string()).collect::<Option<Vec<_>>>()?;
    filled(Set::from_members(&members, Limits::of(config))?)
}

pub fn integers(from: &mut Reader<'_>, config: &Config) -> Option<Set> {
    filled(Set::from_integers(IntSet::from_bytes(&from.string()?)?, Limits::of(config)))
}

pub fn listpack(from: &mut Reader<'_>, config: &Config) -> Option<Set> {
    filled(Set::from_listpack(super::listpack(from)?, Limits::of(config))?)
}

fn filled(set: Set) -> Option<Set> {
    (!set.is_empty()).then_some(set)
}
