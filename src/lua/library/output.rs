//! Text that a native function writes by itself, watched while it grows.
//!
//! No instruction is run meanwhile, so nothing else would stop it: neither the text from growing out of its limit, nor a
//! walk over tables that are large, empty and met again and again. It knows nothing of what is written.

use crate::ctx::Ctx;
use crate::table::Table;
use crate::value::{Ref, Str, Value};
use crate::vm::{Abort, Flow, Raise};

type Result<T> = std::result::Result<T, Raise>;

/// A string is taken in pieces of so many bytes.
const PIECE: usize = 65_536;
/// How many bytes or slots are worth one instruction.
const WORTH: usize = 16;

/// What C lets a function have on its stack. Libraries that nest or return without a limit of their own end here, each
/// with an error in its own words.
pub(super) const C_STACK: usize = 8_000;

/// To be called by what makes many values that nothing holds yet, before the first of them: from there on garbage cannot be
/// told from them, so it goes now, where there is not much room.
pub(super) fn clear_way(ctx: &mut Ctx<'_>) {
    if ctx.heap().bytes() > ctx.vm.limits.memory / 4 * 3 {
        ctx.vm.collect_for_pay();
    }
}

#[derive(Debug, Default)]
pub(super) struct Output {
    pub bytes: Vec<u8>,
    /// Bytes of tables that were looked through.
    walked: usize,
}

impl Output {
    /// To be called between any two parts of which each is short.
    #[inline]
    pub fn watch(&self, ctx: &Ctx<'_>) -> Result<()> {
        if self.bytes.len() > ctx.vm.limits.string { Err(Raise::Abort(Abort::StringLength)) } else { Ok(()) }
    }

    /// To be called before all of a table is looked through. In one call no more slots can be of use than there may be
    /// bytes of memory.
    pub fn walk(&mut self, ctx: &Ctx<'_>, table: Ref<Table>) -> Result<()> {
        self.walked = self.walked.saturating_add(ctx.vm.heap.tables[table].bytes());
        if self.walked / WORTH > ctx.vm.limits.memory { Err(Raise::Abort(Abort::Memory)) } else { Ok(()) }
    }

    /// Adds a string, piece by piece as `write` makes them.
    pub fn string(&mut self, ctx: &mut Ctx<'_>, string: Str, write: fn(&[u8], &mut Vec<u8>)) -> Result<()> {
        let mut from = 0;
        loop {
            let text = ctx.str(string);
            let rest = text.get(from..).unwrap_or_default();
            let piece = rest.get(..PIECE).unwrap_or(rest);
            write(piece, &mut self.bytes);
            if piece.len() == rest.len() {
                return self.watch(ctx);
            }
            from += piece.len();
            self.watch(ctx)?;
        }
    }

    /// Pays for what was done.
    pub fn charge(&self, ctx: &mut Ctx<'_>) {
        ctx.charge((self.bytes.len() + self.walked) / WORTH);
    }

    /// Returns the text. Only now is memory asked for it, and garbage collected where there is none: while tables are
    /// walked, one that a weak table holds must not go.
    pub fn finish(self, ctx: &mut Ctx<'_>) -> Result<Flow> {
        ctx.make_room(self.bytes.len())?;
        self.charge(ctx);
        let string = ctx.heap().string_owned(self.bytes);
        ctx.push(Value::Str(string));
        Ok(Flow::Return(1))
    }
}
