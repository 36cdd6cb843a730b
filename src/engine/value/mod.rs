//! The data structures behind keys.
//!
//! A value never sees a command's arguments, a reply, a key or the clock: it is given what it needs. Each type keeps
//! the figures that Redis's memory accounting asks for, so that a size is a look-up and not a walk.

pub mod alloc;
pub mod string;

use crate::config::Config;
use crate::digest::Digest;
use crate::snapshot::{Conversion, ValueView};
pub use string::StringValue;

/// A value of any type.
#[derive(Clone, Debug)]
pub enum Value {
    String(StringValue),
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
        }
    }

    /// The word of `OBJECT ENCODING`.
    pub fn encoding(&self) -> &'static str {
        match self {
            Self::String(s) => s.encoding(),
        }
    }

    /// Elements of a collection, bytes of a string.
    pub fn len(&self) -> usize {
        match self {
            Self::String(s) => s.len(),
        }
    }

    /// Whether Redis would remove the key: collections vanish when empty, strings do not.
    pub fn is_vacant(&self) -> bool {
        match self {
            Self::String(_) => false,
        }
    }

    /// Bytes the real server would allocate for the value, its object header included.
    pub fn memory(&self) -> usize {
        match self {
            Self::String(s) => s.memory(),
        }
    }

    /// What `OBJECT REFCOUNT` answers.
    pub fn refcount(&self) -> i64 {
        match self {
            Self::String(s) => s.refcount(),
        }
    }

    /// A copy as `COPY` makes it.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        match self {
            Self::String(s) => Self::String(s.duplicate()),
        }
    }

    /// The inside, cut to `limit` elements (or bytes of a string).
    pub fn view(&self, limit: usize) -> ValueView {
        match self {
            Self::String(s) => {
                let mut bytes = s.to_vec();
                bytes.truncate(limit);
                ValueView::String { bytes }
            }
        }
    }

    /// How far a compact encoding is from its limit of entries; `None` where nothing converts.
    pub fn conversion(&self, _config: &Config) -> Option<Conversion> {
        match self {
            Self::String(_) => None,
        }
    }

    pub fn digest(&self, digest: &mut Digest) {
        digest.word(self.kind());
        digest.word(self.encoding());
        match self {
            Self::String(s) => s.digest(digest),
        }
    }
}
