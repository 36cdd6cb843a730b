//! The instructions of a function: registers in, registers out, eight bytes each.
//!
//! They are those of 5.1, for what an error calls a variable is read off them. `a` is a register; an [`Rk`] is a register
//! or a constant.

/// A register (below [`FIRST_CONSTANT`]) or a constant (from there on).
pub type Rk = u16;

pub const FIRST_CONSTANT: Rk = 256;

/// A count where 0 means "as many as there are" and n means n − 1.
pub type Count = u16;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Op {
    Move {
        a: u8,
        b: u8,
    },
    LoadConstant {
        a: u8,
        constant: u32,
    },
    /// Skips the next instruction, where it says so.
    LoadBool {
        a: u8,
        value: bool,
        skips: bool,
    },
    /// All registers from `a` to `last`.
    LoadNil {
        a: u8,
        last: u8,
    },
    GetUpvalue {
        a: u8,
        upvalue: u8,
    },
    SetUpvalue {
        a: u8,
        upvalue: u8,
    },
    GetGlobal {
        a: u8,
        name: u32,
    },
    SetGlobal {
        a: u8,
        name: u32,
    },
    GetTable {
        a: u8,
        table: u8,
        key: Rk,
    },
    SetTable {
        table: u8,
        key: Rk,
        value: Rk,
    },
    /// The sizes in the form of [`crate::proto::packed_size`].
    NewTable {
        a: u8,
        array: u8,
        nodes: u8,
    },
    /// The method to `a`, the object to the register behind.
    Method {
        a: u8,
        object: u8,
        name: Rk,
    },
    Add {
        a: u8,
        b: Rk,
        c: Rk,
    },
    Subtract {
        a: u8,
        b: Rk,
        c: Rk,
    },
    Multiply {
        a: u8,
        b: Rk,
        c: Rk,
    },
    Divide {
        a: u8,
        b: Rk,
        c: Rk,
    },
    Modulo {
        a: u8,
        b: Rk,
        c: Rk,
    },
    Power {
        a: u8,
        b: Rk,
        c: Rk,
    },
    Negate {
        a: u8,
        b: u8,
    },
    Not {
        a: u8,
        b: u8,
    },
    Length {
        a: u8,
        b: u8,
    },
    /// All registers from `first` to `last`, into `a`.
    Concat {
        a: u8,
        first: u8,
        last: u8,
    },
    Jump {
        by: i32,
    },
    /// The next instruction, a jump, is skipped unless the comparison gives `expected`.
    Equal {
        expected: bool,
        b: Rk,
        c: Rk,
    },
    Less {
        expected: bool,
        b: Rk,
        c: Rk,
    },
    LessEqual {
        expected: bool,
        b: Rk,
        c: Rk,
    },
    /// The next instruction, a jump, is skipped unless the register is as true as `expected`.
    Test {
        a: u8,
        expected: bool,
    },
    /// The same, and where it is not skipped, the register is copied.
    TestSet {
        a: u8,
        b: u8,
        expected: bool,
    },
    Call {
        a: u8,
        arguments: Count,
        results: Count,
    },
    TailCall {
        a: u8,
        arguments: Count,
    },
    Return {
        a: u8,
        results: Count,
    },
    ForLoop {
        a: u8,
        by: i32,
    },
    ForPrepare {
        a: u8,
        by: i32,
    },
    /// Calls the iterator in `a`; the results go behind the three registers of the loop.
    IteratorCall {
        a: u8,
        results: u8,
    },
    /// Goes on with the loop unless the first result is nil.
    IteratorTest {
        a: u8,
        by: i32,
    },
    /// The list's values from position `first` on; 0 values means as many as there are.
    SetList {
        a: u8,
        count: u16,
        first: u32,
    },
    Close {
        a: u8,
    },
    Closure {
        a: u8,
        proto: u32,
    },
    Vararg {
        a: u8,
        results: Count,
    },
}

impl Op {
    /// Gives an instruction whose target was open its register.
    pub(crate) fn set_target(&mut self, register: u8) {
        match self {
            Self::GetUpvalue { a, .. }
            | Self::GetGlobal { a, .. }
            | Self::GetTable { a, .. }
            | Self::NewTable { a, .. }
            | Self::Add { a, .. }
            | Self::Subtract { a, .. }
            | Self::Multiply { a, .. }
            | Self::Divide { a, .. }
            | Self::Modulo { a, .. }
            | Self::Power { a, .. }
            | Self::Negate { a, .. }
            | Self::Not { a, .. }
            | Self::Length { a, .. }
            | Self::Concat { a, .. }
            | Self::Closure { a, .. }
            | Self::Vararg { a, .. } => *a = register,
            _ => {}
        }
    }
}
