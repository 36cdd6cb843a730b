//! The data structures behind keys.
//!
//! A value never sees a command's arguments, a reply, a key or the clock: it is given what it needs. Each type keeps
//! the figures that Redis's memory accounting asks for, so that a size is a look-up and not a walk.

pub mod alloc;
pub mod listpack;
pub mod sorted_set;
pub mod string;
pub mod table_size;

use crate::config::Config;
use crate::digest::Digest;
use crate::snapshot::{Conversion, ValueView};
pub use sorted_set::SortedSet;
pub use string::StringValue;

/// A value of any type.
#[derive(Clone, Debug)]
pub enum Value {
    String(StringValue),
    SortedSet(SortedSet),
}

/// A type that a key can hold: how commands ask for "the string at this key" without naming the enum.
pub trait ValueType: Sized {
    fn of(value: &Value) -> Option<&Self>;
    fn of_mut(value: &mut Value) -> Option<&mut Self>;
    fn into_value(self) -> Value;
}

impl Value {
    /// The word of `TYPE`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::String(_) => "string",
            Self::SortedSet(_) => "zset",
        }
    }

    /// The word of `OBJECT ENCODING`.
    pub fn encoding(&self) -> &'static str {
        match self {
            Self::String(s) => s.encoding(),
            Self::SortedSet(set) => set.encoding(),
        }
    }

    /// Elements of a collection, bytes of a string.
    pub fn elements(&self) -> usize {
        match self {
            Self::String(s) => s.len(),
            Self::SortedSet(set) => set.len(),
        }
    }

    /// Whether Redis would remove the key: collections vanish when empty, strings do not.
    pub fn is_vacant(&self) -> bool {
        match self {
            Self::String(_) => false,
            Self::SortedSet(set) => set.is_empty(),
        }
    }

    /// Bytes the real server would allocate for the value, its object header included.
    pub fn memory(&self) -> usize {
        match self {
            Self::String(s) => s.memory(),
            Self::SortedSet(set) => set.memory(),
        }
    }

    /// What `OBJECT REFCOUNT` answers.
    pub fn refcount(&self) -> i64 {
        match self {
            Self::String(s) => s.refcount(),
            Self::SortedSet(_) => 1,
        }
    }

    /// A copy as `COPY` makes it.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        match self {
            Self::String(s) => Self::String(s.duplicate()),
            Self::SortedSet(set) => Self::SortedSet(set.clone()),
        }
    }

    /// The inside, cut to `limit` elements (or bytes of a string).
    pub fn view(&self, limit: usize) -> ValueView {
        match self {
            Self::String(s) => {
                let bytes = s.bytes();
                ValueView::String { bytes: bytes.get(..limit).unwrap_or(&bytes).to_vec() }
            }
            Self::SortedSet(set) => {
                let highest = set.iter().rev().take(limit);
                ValueView::SortedSet {
                    members: highest.map(|(member, score)| (member.to_vec(), score)).collect(),
                }
            }
        }
    }

    /// How far a compact encoding is from its limit of entries; `None` where nothing converts.
    pub fn conversion(&self, config: &Config) -> Option<Conversion> {
        match self {
            Self::String(_) => None,
            Self::SortedSet(set) => set
                .is_packed()
                .then(|| Conversion { entries: set.len(), limit: config.zset_max_listpack_entries }),
        }
    }

    pub fn digest(&self, digest: &mut Digest) {
        digest.word(self.kind());
        digest.word(self.encoding());
        match self {
            Self::String(s) => s.digest(digest),
            Self::SortedSet(set) => set.digest(digest),
        }
    }
}
