//! The events of 5.1 that a metatable can answer.

/// A metamethod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meta {
    Index,
    NewIndex,
    Gc,
    Mode,
    Eq,
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Pow,
    Unm,
    Len,
    Lt,
    Le,
    Concat,
    Call,
    ToString,
    Metatable,
}

impl Meta {
    pub(crate) const ALL: [Self; 19] = [
        Self::Index,
        Self::NewIndex,
        Self::Gc,
        Self::Mode,
        Self::Eq,
        Self::Add,
        Self::Sub,
        Self::Mul,
        Self::Div,
        Self::Mod,
        Self::Pow,
        Self::Unm,
        Self::Len,
        Self::Lt,
        Self::Le,
        Self::Concat,
        Self::Call,
        Self::ToString,
        Self::Metatable,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Index => "__index",
            Self::NewIndex => "__newindex",
            Self::Gc => "__gc",
            Self::Mode => "__mode",
            Self::Eq => "__eq",
            Self::Add => "__add",
            Self::Sub => "__sub",
            Self::Mul => "__mul",
            Self::Div => "__div",
            Self::Mod => "__mod",
            Self::Pow => "__pow",
            Self::Unm => "__unm",
            Self::Len => "__len",
            Self::Lt => "__lt",
            Self::Le => "__le",
            Self::Concat => "__concat",
            Self::Call => "__call",
            Self::ToString => "__tostring",
            Self::Metatable => "__metatable",
        }
    }

    /// The bit by which a table remembers that it lacks this one; the rest is looked up each time.
    pub(crate) fn bit(self) -> u8 {
        if (self as u8) < 8 { 1 << self as u8 } else { 0 }
    }
}
