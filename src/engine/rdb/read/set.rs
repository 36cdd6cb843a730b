//! Sets out of dumps.

use super::super::reader::Reader;
use crate::config::Config;
use crate::value::set::{IntSet, Limits, Set};

pub fn members(from: &mut Reader<'_>, config: &Config) -> Option<Set> {
    let count = from.count(1)?;
    let members = (0..count).map(|_| from.string()).collect::<Option<Vec<_>>>()?;
    filled(Set::from_members(&members, limits(config))?)
}

pub fn integers(from: &mut Reader<'_>, config: &Config) -> Option<Set> {
    filled(Set::from_integers(IntSet::from_bytes(&from.string()?)?, limits(config)))
}

pub fn listpack(from: &mut Reader<'_>, config: &Config) -> Option<Set> {
    filled(Set::from_listpack(super::listpack(from)?, limits(config))?)
}

fn limits(config: &Config) -> Limits {
    Limits {
        integers: config.set_max_intset_entries,
        entries: config.set_max_listpack_entries,
        value: config.set_max_listpack_value,
    }
}

fn filled(set: Set) -> Option<Set> {
    (!set.is_empty()).then_some(set)
}
