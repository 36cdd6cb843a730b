//! What a picture shows of a set: a window of members, and where the bytes go.

use super::encoding::Ref;
use super::{Member, Set, intset};
use crate::config::Config;
use crate::picture::{Inside, Lens, Limit, Part, Piece, SetPicture, Share};
use crate::value::alloc::OBJECT;
use crate::value::share;
use crate::value::table_size;

pub fn shares(set: &Set) -> Vec<Share> {
    match set.encoding.get() {
        Ref::Integers(integers) => {
            let content = integers.width() * integers.len();
            let rounding = integers.memory().saturating_sub(intset::HEADER + content);
            share::parts([
                (Part::Object, OBJECT),
                (Part::Headers, intset::HEADER),
                (Part::Content, content),
                (Part::Rounding, rounding),
            ])
        }
        Ref::Packed(pack) => {
            let [headers, content, rounding] = share::of_listpack(pack.byte_len());
            share::parts([(Part::Object, OBJECT), headers, content, rounding])
        }
        Ref::Table(table) => {
            let size = table.size();
            share::parts([
                (Part::Object, OBJECT),
                (Part::Headers, table_size::HEADER),
                (Part::Slots, size.bytes() - size.leaving_bytes()),
                (Part::OldSlots, size.leaving_bytes()),
                (Part::Entries, table_size::ENTRY * table.len()),
                (Part::Members, table.string_bytes()),
            ])
        }
    }
}

pub fn limits(set: &Set, config: &Config) -> Vec<Limit> {
    match set.encoding.get() {
        Ref::Integers(integers) => {
            let limit = config.set_max_intset_entries.min(super::MOST_INTEGERS);
            vec![share::elements(integers.len(), limit, "set-max-intset-entries", "hashtable")]
        }
        Ref::Packed(pack) => {
            let (entries, value) = (config.set_max_listpack_entries, config.set_max_listpack_value);
            let count = share::elements(pack.len(), entries, "set-max-listpack-entries", "hashtable");
            let longest = share::longest_in(&pack, value, "set-max-listpack-value", "hashtable");
            [count].into_iter().chain(longest).collect()
        }
        Ref::Table(_) => Vec::new(),
    }
}

/// A window of a listpack costs a walk up to it, any other none.
pub fn look(set: &Set, lens: &Lens) -> Inside {
    let from = lens.from.min(set.len());
    let to = from.saturating_add(lens.len).min(set.len());
    let piece = |member: Member<'_>| Piece::from(&*member.text());
    let members = match set.encoding.get() {
        Ref::Integers(integers) => {
            let members = (from..to).filter_map(|at| integers.get(at));
            members.map(|integer| Piece::from(integer.to_string().as_bytes())).collect()
        }
        Ref::Packed(pack) => pack.lent().skip(from).take(to - from).map(piece).collect(),
        Ref::Table(table) => (from..to).filter_map(|at| table.get(at)).map(Piece::from).collect(),
    };
    Inside::Set(SetPicture { from, members, integer_bits: set.integers().map(|set| set.width() * 8) })
}
