//! Hashes out of dumps, with deadlines of their fields or without.

use super::super::reader::Reader;
use super::zipmap;
use crate::config::Config;
use crate::value::hash::{Hash, Limits, Owned};
use crate::value::listpack::Listpack;

/// Fields and values in turn.
pub fn fields(from: &mut Reader<'_>, config: &Config) -> Option<Hash> {
    let count = from.count(2)?;
    let fields =
        (0..count).map(|_| Some(Owned { field: from.string()?, value: from.string()?, expires_at: None }));
    filled(Hash::from_fields(&fields.collect::<Option<Vec<_>>>()?, false, Limits::of(config))?)
}

/// Deadlines, fields and values in turn. The first deadline stands in front, and the others count from it; in the first
/// versions of the form it did not, and they stood for themselves.
pub fn expiring(from: &mut Reader<'_>, early: bool, config: &Config) -> Option<Hash> {
    let first = if early { 1 } else { from.moment()? as u64 };
    let count = from.count(3)?;
    let fields = (0..count).map(|_| {
        let expires_at = match from.length()? {
            0 => None,
            after => Some(after.wrapping_add(first).wrapping_sub(1)).filter(|at| *at > 0),
        };
        Some(Owned { field: from.string()?, value: from.string()?, expires_at })
    });
    filled(Hash::from_fields(&fields.collect::<Option<Vec<_>>>()?, true, Limits::of(config))?)
}

/// A listpack of fields and values in turn.
pub fn packed(pack: Listpack, config: &Config) -> Option<Hash> {
    filled(Hash::from_outside(pack, false, Limits::of(config))?)
}

/// A listpack of fields, values and deadlines in turn, in the order of the deadlines.
pub fn packed_expiring(from: &mut Reader<'_>, early: bool, config: &Config) -> Option<Hash> {
    if !early {
        from.moment()?;
    }
    filled(Hash::from_outside(super::listpack(from)?, true, Limits::of(config))?)
}

pub fn zipmap(from: &mut Reader<'_>, config: &Config) -> Option<Hash> {
    packed(super::packed(&zipmap::entries(&from.string()?)?), config)
}

fn filled(hash: Hash) -> Option<Hash> {
    (!hash.is_empty()).then_some(hash)
}
