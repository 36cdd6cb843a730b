//! The data structures behind keys.
//!
//! A value never sees a command's arguments, a reply, a key or the clock: it is given what it needs. Each type keeps
//! the figures that Redis's memory accounting asks for, so that a size is a look-up and not a walk.

pub mod alloc;
pub mod bits;
pub mod bytes;
pub mod dense;
pub mod geo;
pub mod hash;
pub mod hyperloglog;
pub mod list;
pub mod listpack;
pub mod raw_string;
pub mod set;
mod share;
pub mod sorted_set;
pub mod stream;
pub mod string;
mod string_look;
pub mod table_size;

use crate::config::Config;
use crate::digest::Digest;
use crate::picture::{Inside, Lens, Limit, Share};
use crate::snapshot::{Conversion, ValueView};
pub use hash::Hash;
pub use list::List;
pub use set::Set;
pub use sorted_set::SortedSet;
pub use stream::Stream;
pub use string::StringValue;

/// What every type of value tells of itself.
pub trait Structure {
    /// The word of `TYPE`.
    fn kind(&self) -> &'static str;

    /// The word of `OBJECT ENCODING`.
    fn encoding(&self) -> &'static str;

    /// Elements of a collection, bytes of a string.
    fn elements(&self) -> usize;

    /// Whether Redis would remove the key: most collections vanish when empty.
    fn is_vacant(&self) -> bool {
        self.elements() == 0
    }

    /// What `MEMORY USAGE` counts for the value, its object header included.
    fn memory(&self) -> usize;

    /// What the real server allocates for the value: of collections not what `MEMORY USAGE` counts.
    fn allocated(&self) -> usize {
        self.memory()
    }

    /// The same, reckoned anew from the elements wherever it is kept as a running total.
    fn recount(&self) -> usize {
        self.allocated()
    }

    /// What `OBJECT REFCOUNT` answers.
    fn refcount(&self) -> i64 {
        1
    }

    /// The inside, cut to `limit` elements (or bytes of a string).
    fn view(&self, limit: usize) -> ValueView;

    /// How far a compact encoding is from its limit of entries; `None` where nothing converts.
    fn conversion(&self, _config: &Config) -> Option<Conversion> {
        None
    }

    /// Where the bytes of [`Structure::memory`] go.
    fn shares(&self) -> Vec<Share>;

    /// The limits of a compact encoding; none where nothing converts.
    fn limits(&self, _config: &Config) -> Vec<Limit> {
        Vec::new()
    }

    /// What a lens shows of the inside.
    fn look(&self, lens: &Lens) -> Inside;

    /// When the expire cycle is to look into the value: parts of it have deadlines of their own.
    fn wake(&self) -> Option<u64> {
        None
    }

    fn digest(&self, digest: &mut Digest);
}

/// A type that a key can hold: how commands ask for "the string at this key" without naming the enum.
pub trait ValueType: Sized {
    fn of(value: &Value) -> Option<&Self>;
    fn of_mut(value: &mut Value) -> Option<&mut Self>;
    fn into_value(self) -> Value;
}

/// Makes the enum of all types from the one list of them, and everything that only picks the variant.
macro_rules! types {
    ($($variant:ident($type:ty)),+ $(,)?) => {
        /// A value of any type.
        #[derive(Clone, Debug)]
        pub enum Value {
            $($variant($type)),+
        }

        impl Value {
            fn structure(&self) -> &dyn Structure {
                match self {
                    $(Self::$variant(value) => value),+
                }
            }
        }

        $(impl ValueType for $type {
            fn of(value: &Value) -> Option<&Self> {
                if let Value::$variant(value) = value { Some(value) } else { None }
            }

            fn of_mut(value: &mut Value) -> Option<&mut Self> {
                if let Value::$variant(value) = value { Some(value) } else { None }
            }

            fn into_value(self) -> Value {
                Value::$variant(self)
            }
        })+
    };
}

types! {
    String(StringValue),
    Set(Set),
    List(List),
    SortedSet(SortedSet),
    Hash(Hash),
    Stream(Stream),
}

impl Value {
    pub fn kind(&self) -> &'static str {
        self.structure().kind()
    }

    pub fn encoding(&self) -> &'static str {
        self.structure().encoding()
    }

    pub fn elements(&self) -> usize {
        self.structure().elements()
    }

    pub fn is_vacant(&self) -> bool {
        self.structure().is_vacant()
    }

    pub fn memory(&self) -> usize {
        self.structure().memory()
    }

    pub fn allocated(&self) -> usize {
        self.structure().allocated()
    }

    pub fn recount(&self) -> usize {
        self.structure().recount()
    }

    pub fn refcount(&self) -> i64 {
        self.structure().refcount()
    }

    pub fn view(&self, limit: usize) -> ValueView {
        self.structure().view(limit)
    }

    pub fn conversion(&self, config: &Config) -> Option<Conversion> {
        self.structure().conversion(config)
    }

    pub fn shares(&self) -> Vec<Share> {
        self.structure().shares()
    }

    pub fn limits(&self, config: &Config) -> Vec<Limit> {
        self.structure().limits(config)
    }

    pub fn look(&self, lens: &Lens) -> Inside {
        self.structure().look(lens)
    }

    pub fn wake(&self) -> Option<u64> {
        self.structure().wake()
    }

    /// A copy as `COPY` makes it.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        match self {
            Self::String(s) => Self::String(s.duplicate()),
            Self::Hash(hash) => Self::Hash(hash.duplicate()),
            Self::Set(set) => Self::Set(set.duplicate()),
            Self::Stream(stream) => Self::Stream(stream.duplicate()),
            other => other.clone(),
        }
    }

    pub fn digest(&self, digest: &mut Digest) {
        digest.word(self.kind());
        digest.word(self.encoding());
        self.structure().digest(digest);
    }
}
