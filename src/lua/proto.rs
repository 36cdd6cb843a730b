//! A compiled function: what all closures of one piece of source share.
//!
//! It knows nothing of running.

use std::rc::Rc;

use crate::op::{FIRST_CONSTANT, Op, Rk};
use crate::value::{Str, Value};

/// A compiled function.
#[derive(Debug, Default)]
pub struct Proto {
    pub(crate) code: Vec<Op>,
    /// The line of each instruction.
    pub(crate) lines: Vec<u32>,
    pub(crate) constants: Vec<Value>,
    pub(crate) protos: Vec<Rc<Proto>>,
    pub(crate) captures: Vec<Capture>,
    pub(crate) locals: Vec<Local>,
    pub(crate) upvalue_names: Vec<Str>,
    pub(crate) parameters: u8,
    pub(crate) varargs: Varargs,
    pub(crate) registers: u8,
    /// The name of the chunk, as it was given.
    pub(crate) source: Rc<[u8]>,
    /// From and to which line it is defined; 0 for a chunk.
    pub(crate) line: u32,
    pub(crate) last_line: u32,
    /// Its place among all that the heap's collector knows.
    pub(crate) index: usize,
}

/// Whether and how a function takes more arguments than it names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Varargs {
    #[default]
    No,
    Yes,
    /// As a table in a local variable `arg`, as before 5.1: where the function does not use `...` itself.
    Table,
}

/// Where a new closure finds a variable that it catches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capture {
    Register(u8),
    Upvalue(u8),
}

/// A local variable: its name, and the instructions between which it lives.
#[derive(Clone, Copy, Debug)]
pub struct Local {
    pub(crate) name: Str,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Proto {
    /// The name of the n-th local variable (from 1) that lives at an instruction.
    pub(crate) fn local_name(&self, mut number: usize, at: usize) -> Option<Str> {
        for local in self.locals.iter().take_while(|local| local.start <= at) {
            if at < local.end {
                number -= 1;
                if number == 0 {
                    return Some(local.name);
                }
            }
        }
        None
    }

    pub(crate) fn constant(&self, operand: Rk) -> Option<Value> {
        self.constants.get(usize::from(operand.checked_sub(FIRST_CONSTANT)?)).copied()
    }
}

/// A size as an instruction carries it: three bits of mantissa with one implied, five of exponent, rounded up.
pub fn packed_size(mut size: usize) -> u8 {
    let mut exponent = 0;
    while size >= 16 {
        size = size.div_ceil(2);
        exponent += 1;
    }
    if size < 8 { size as u8 } else { ((exponent + 1) << 3) | (size as u8 - 8) }
}

pub fn unpacked_size(packed: u8) -> usize {
    match packed >> 3 {
        0 => usize::from(packed),
        exponent => usize::from((packed & 7) + 8) << (exponent - 1),
    }
}

/// A chunk's name as errors tell it: `=name` and `@file` as they are, source text by its first line; 60 bytes at most.
pub fn short_source(source: &[u8]) -> Vec<u8> {
    const ROOM: usize = 60;
    match source.split_first() {
        Some((b'=', name)) => name.iter().take(ROOM - 1).copied().collect(),
        Some((b'@', name)) => {
            // The end of a path says more than its beginning.
            let room = ROOM - " '...' ".len() - 1;
            if name.len() <= room {
                return name.to_vec();
            }
            [b"...", &name[name.len() - room..]].concat()
        }
        _ => {
            let line = source.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(source.len());
            let room = ROOM - " [string \"...\"] ".len() - 1;
            let shown = line.min(room);
            let rest: &[u8] = if shown < source.len() { b"..." } else { b"" };
            [b"[string \"", &source[..shown], rest, b"\"]"].concat()
        }
    }
}
