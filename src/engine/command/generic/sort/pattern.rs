//! Names of keys made of elements: `weight_*`, `user:*->age`, and `#` for the element itself.
//!
//! Redis reads a pattern as a C string when it looks for its marks, so none is found behind a NUL byte.

use crate::keyspace::Db;
use crate::value::{Hash, StringValue, ValueType};

#[derive(Debug)]
pub(super) enum Pattern {
    /// The element itself.
    Element,
    /// There is no place for the element in it: it leads nowhere.
    Constant,
    /// The element between two texts is a key; the value is there, or in a field there.
    Key { before: Vec<u8>, after: Vec<u8>, field: Option<Vec<u8>> },
}

impl Pattern {
    pub(super) fn parse(text: &[u8]) -> Self {
        let marked = text.split(|byte| *byte == 0).next().unwrap_or_default();
        if marked == b"#" {
            return Self::Element;
        }
        let Some(star) = marked.iter().position(|byte| *byte == b'*') else { return Self::Constant };
        let (before, after) = (&text[..star], &text[star + 1..]);
        let arrow = marked[star + 1..].windows(2).position(|pair| pair == b"->");
        // An arrow with nothing behind it belongs to the name.
        let arrow = arrow.filter(|arrow| star + 1 + arrow + 2 < marked.len());
        let (after, field) = match arrow {
            Some(arrow) => (&after[..arrow], Some(after[arrow + 2..].to_vec())),
            None => (after, None),
        };
        Self::Key { before: before.to_vec(), after: after.to_vec(), field }
    }

    /// Whether it is the same for every element. The element itself counts as such.
    pub(super) fn is_constant(&self) -> bool {
        !matches!(self, Self::Key { .. })
    }

    /// What the pattern leads to for an element: nothing where there is no such key, or it holds something else.
    pub(super) fn look_up(&self, db: &mut Db<'_>, element: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Element => Some(element.to_vec()),
            Self::Constant => None,
            Self::Key { before, after, field } => {
                let key = [before, element, after].concat();
                match field {
                    None => StringValue::of(db.read_value(&key)?).map(StringValue::to_vec),
                    Some(field) => look_into_hash(db, &key, field),
                }
            }
        }
    }
}

/// What is in a field of a hash; one whose time has come leaves.
fn look_into_hash(db: &mut Db<'_>, key: &[u8], field: &Vec<u8>) -> Option<Vec<u8>> {
    Hash::of(db.read_value(key)?)?;
    db.expire_fields(key, Some(std::slice::from_ref(field)));
    Hash::of(db.peek(key)?)?.get(field).map(|content| content.value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &[u8]) -> Option<(Vec<u8>, Vec<u8>, Option<Vec<u8>>)> {
        match Pattern::parse(text) {
            Pattern::Key { before, after, field } => Some((before, after, field)),
            _ => None,
        }
    }

    #[test]
    fn the_first_star_is_the_place_and_the_arrow_behind_it_leads_to_a_field() {
        let key = |before: &[u8], after: &[u8], field: Option<&[u8]>| {
            Some((before.to_vec(), after.to_vec(), field.map(<[u8]>::to_vec)))
        };
        assert_eq!(parts(b"w_*"), key(b"w_", b"", None));
        assert_eq!(parts(b"a*b*"), key(b"a", b"b*", None));
        assert_eq!(parts(b"u:*:x->age"), key(b"u:", b":x", Some(b"age")));
        assert_eq!(parts(b"*->a->b"), key(b"", b"", Some(b"a->b")));
        assert_eq!(parts(b"*->"), key(b"", b"->", None));
        assert_eq!(parts(b"a->*"), key(b"a->", b"", None));
        assert_eq!(parts(b"*\0->f"), key(b"", b"\0->f", None));
        assert_eq!(parts(b"\0*"), None);
        assert!(matches!(Pattern::parse(b"#"), Pattern::Element));
        assert!(matches!(Pattern::parse(b"##"), Pattern::Constant));
    }
}
