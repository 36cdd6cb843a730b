//! What a picture shows of a hash: a window of fields with their deadlines, and where the bytes go.

use std::borrow::Cow;

use super::encoding::Ref;
use super::{Content, EXPIRING_HEADER, Hash, table};
use crate::config::Config;
use crate::picture::{HashPicture, Inside, Lens, Limit, Part, Piece, Share};
use crate::value::alloc::OBJECT;
use crate::value::share;
use crate::value::table_size;

pub fn shares(hash: &Hash) -> Vec<Share> {
    match hash.encoding.get() {
        Ref::Packed(view) => {
            let [(_, ends), content, rounding] = share::of_listpack(view.listpack.byte_len());
            let beside = if view.expiring { EXPIRING_HEADER } else { 0 };
            share::parts([(Part::Object, OBJECT), (Part::Headers, ends + beside), content, rounding])
        }
        Ref::Table(table) => {
            let (size, entries) = (table.size(), table_size::ENTRY * table.len());
            share::parts_of(
                table.memory(),
                [
                    (Part::Object, OBJECT),
                    (Part::Headers, table_size::HEADER),
                    (Part::Slots, size.bytes() - size.leaving_bytes()),
                    (Part::OldSlots, size.leaving_bytes()),
                    (Part::Entries, entries),
                    (Part::Fields, table.row_bytes() - entries),
                ],
            )
        }
    }
}

pub fn limits(hash: &Hash, config: &Config) -> Vec<Limit> {
    let Ref::Packed(view) = hash.encoding.get() else { return Vec::new() };
    let (entries, value) = (config.hash_max_listpack_entries, config.hash_max_listpack_value);
    let count = share::elements(view.len(), entries, "hash-max-listpack-entries", "hashtable");
    let longest = share::longest_in(view.listpack, value, "hash-max-listpack-value", "hashtable");
    [count].into_iter().chain(longest).collect()
}

/// A window of a listpack costs a walk up to it, any other none.
pub fn look(hash: &Hash, lens: &Lens) -> Inside {
    let from = lens.from.min(hash.len());
    let to = from.saturating_add(lens.len).min(hash.len());
    let told = |(field, Content { value, expires_at }): (Cow<'_, [u8]>, Content<'_>)| {
        (Piece::from(&*field), Piece::from(&*value), expires_at)
    };
    let fields = match hash.encoding.get() {
        Ref::Packed(view) => view.iter().skip(from).take(to - from).map(told).collect(),
        Ref::Table(table) => {
            (from..to).filter_map(|at| table.at(at)).map(table::Row::pair).map(told).collect()
        }
    };
    Inside::Hash(HashPicture { from, fields })
}
