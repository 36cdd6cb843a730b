//! Values out of dumps, each checked through and through: a file a type, and the two older flat encodings.
//!
//! An empty collection is no value. What follows behind the value is not looked at, as in Redis.

mod hash;
mod list;
mod set;
mod sorted_set;
mod stream;
mod ziplist;
mod zipmap;

use super::kind;
use super::reader::Reader;
use crate::config::Config;
use crate::number;
use crate::rng::Rng;
use crate::value::listpack::Listpack;
use crate::value::{StringValue, Value, ValueType};
use stream::Form;

pub fn value(from: &mut Reader<'_>, config: &Config, rng: &mut Rng) -> Option<Value> {
    let kind = from.byte()?;
    Some(match kind {
        kind::STRING => string(from.string()?).into_value(),
        kind::LIST => list::elements(from, config)?.into_value(),
        kind::LIST_ZIPLIST => list::ziplist(from, config)?.into_value(),
        kind::LIST_QUICKLIST => list::ziplists(from, config)?.into_value(),
        kind::LIST_QUICKLIST_2 => list::nodes(from, config)?.into_value(),
        kind::SET => set::members(from, config)?.into_value(),
        kind::SET_INTSET => set::integers(from, config)?.into_value(),
        kind::SET_LISTPACK => set::listpack(from, config)?.into_value(),
        kind::ZSET => sorted_set::members(from, Reader::double_text, config, rng)?.into_value(),
        kind::ZSET_2 => sorted_set::members(from, Reader::double, config, rng)?.into_value(),
        kind::ZSET_ZIPLIST => sorted_set::packed(ziplist(from)?, config, rng)?.into_value(),
        kind::ZSET_LISTPACK => sorted_set::packed(listpack(from)?, config, rng)?.into_value(),
        kind::HASH => hash::fields(from, config)?.into_value(),
        kind::HASH_ZIPMAP => hash::zipmap(from, config)?.into_value(),
        kind::HASH_ZIPLIST => hash::packed(ziplist(from)?, config)?.into_value(),
        kind::HASH_LISTPACK => hash::packed(listpack(from)?, config)?.into_value(),
        kind::HASH_METADATA_EARLY => hash::expiring(from, true, config)?.into_value(),
        kind::HASH_METADATA => hash::expiring(from, false, config)?.into_value(),
        kind::HASH_LISTPACK_EX_EARLY => hash::packed_expiring(from, true, config)?.into_value(),
        kind::HASH_LISTPACK_EX => hash::packed_expiring(from, false, config)?.into_value(),
        kind::STREAM_LISTPACKS => stream::stream(from, Form::First)?.into_value(),
        kind::STREAM_LISTPACKS_2 => stream::stream(from, Form::Second)?.into_value(),
        kind::STREAM_LISTPACKS_3 => stream::stream(from, Form::Third)?.into_value(),
        _ => return None,
    })
}

/// A string as it would be encoded if a client sent it, but without spare room.
fn string(bytes: Vec<u8>) -> StringValue {
    match number::parse_i64(&bytes) {
        Some(integer) => StringValue::integer(integer),
        None => StringValue::text(bytes),
    }
}

fn listpack(from: &mut Reader<'_>) -> Option<Listpack> {
    Listpack::from_bytes(from.string()?)
}

/// The older flat encoding, as a listpack.
fn ziplist(from: &mut Reader<'_>) -> Option<Listpack> {
    Some(packed(&ziplist::entries(&from.string()?)?))
}

fn packed(entries: &[Vec<u8>]) -> Listpack {
    let mut pack = Listpack::default();
    for entry in entries {
        pack.push_back(entry);
    }
    pack
}
