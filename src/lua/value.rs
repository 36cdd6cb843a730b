//! What a Lua variable holds, in sixteen bytes that are copied.
//!
//! Things that live on the heap are named by their place there. A value knows nothing of what lies at that place.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use crate::closure::{Closure, Native};
use crate::table::Table;
use crate::thread::Thread;
use crate::userdata::Userdata;

/// The place of a `T` on the heap. Copies mean the same thing: two are equal when it is one thing.
pub struct Ref<T> {
    index: u32,
    kind: PhantomData<fn() -> T>,
}

impl<T> Ref<T> {
    pub(crate) fn new(index: usize) -> Self {
        Self { index: index as u32, kind: PhantomData }
    }

    pub(crate) fn index(self) -> usize {
        self.index as usize
    }
}

impl<T> Clone for Ref<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Ref<T> {}

impl<T> PartialEq for Ref<T> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

impl<T> Eq for Ref<T> {}

impl<T> Hash for Ref<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.index.hash(state);
    }
}

impl<T> fmt::Debug for Ref<T> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "#{}", self.index)
    }
}

/// A string on the heap, where equal ones are one. The hash comes along, so that a table finds it without looking there.
#[derive(Clone, Copy, Debug)]
pub struct Str {
    pub(crate) index: u32,
    pub(crate) hash: u32,
}

impl PartialEq for Str {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

impl Eq for Str {}

/// A value of Lua.
#[derive(Clone, Copy, Debug, Default)]
pub enum Value {
    #[default]
    Nil,
    Bool(bool),
    Number(f64),
    Str(Str),
    Table(Ref<Table>),
    Closure(Ref<Closure>),
    Native(Ref<Native>),
    Thread(Ref<Thread>),
    Userdata(Ref<Userdata>),
    /// A bare address of the host's: what cannot be told apart from another of the same number.
    Light(u32),
}

impl Value {
    /// Everything but `nil` and `false` is true.
    pub fn is_true(self) -> bool {
        !matches!(self, Self::Nil | Self::Bool(false))
    }

    pub fn is_nil(self) -> bool {
        matches!(self, Self::Nil)
    }

    pub fn is_function(self) -> bool {
        matches!(self, Self::Closure(_) | Self::Native(_))
    }

    /// The type as `type` names it.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::Nil => "nil",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::Str(_) => "string",
            Self::Table(_) => "table",
            Self::Closure(_) | Self::Native(_) => "function",
            Self::Thread(_) => "thread",
            Self::Userdata(_) | Self::Light(_) => "userdata",
        }
    }

    /// Equality without metamethods.
    pub fn raw_equals(self, other: Self) -> bool {
        match (self, other) {
            (Self::Nil, Self::Nil) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::Str(a), Self::Str(b)) => a == b,
            (Self::Table(a), Self::Table(b)) => a == b,
            (Self::Closure(a), Self::Closure(b)) => a == b,
            (Self::Native(a), Self::Native(b)) => a == b,
            (Self::Thread(a), Self::Thread(b)) => a == b,
            (Self::Userdata(a), Self::Userdata(b)) => a == b,
            (Self::Light(a), Self::Light(b)) => a == b,
            _ => false,
        }
    }
}
