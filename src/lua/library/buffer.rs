//! Text that a native function builds: never longer than a string may be, nor than there is room for.
//!
//! It must not know what the text is for.

use crate::ctx::Ctx;
use crate::value::Value;
use crate::vm::{Abort, Raise};

type Result<T> = std::result::Result<T, Raise>;

/// What is smaller is not worth a question: the next collection asks.
const SMALL: usize = 4_096;

/// Makes sure of room, and pays for what will be written there.
pub(super) fn make_room(ctx: &mut Ctx<'_>, bytes: usize) -> Result<()> {
    ctx.charge(bytes / 64);
    ctx.make_room(bytes)
}

/// Text in the making.
#[derive(Clone, Debug)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    /// How long it may become.
    most: usize,
    /// How many bytes there is room for on the host.
    room: usize,
}

impl Buffer {
    /// Makes room for what is expected, first. The buffer may grow beyond it.
    pub fn new(ctx: &mut Ctx<'_>, expected: usize) -> Result<Self> {
        if expected <= ctx.vm.limits.string {
            make_room(ctx, expected)?;
        }
        Ok(Self { bytes: Vec::new(), most: ctx.vm.limits.string, room: room(ctx) })
    }

    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    pub fn add(&mut self, bytes: &[u8]) -> Result<()> {
        let length = self.bytes.len().saturating_add(bytes.len());
        if length > self.most {
            return Err(Raise::Abort(Abort::StringLength));
        }
        if length > self.bytes.capacity() && length.saturating_mul(2) > self.room.max(SMALL) {
            return Err(Raise::Abort(Abort::Memory));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// Moves what there is to the stack, as a string: the heap counts it while others run.
    pub fn flush(&mut self, ctx: &mut Ctx<'_>) {
        self.most -= self.bytes.len();
        let bytes = std::mem::take(&mut self.bytes);
        ctx.charge(bytes.len() / 64);
        let string = ctx.heap().string_owned(bytes);
        ctx.push(Value::Str(string));
    }

    /// Others ran meanwhile: how much room there is now.
    pub fn look_around(&mut self, ctx: &mut Ctx<'_>) {
        self.room = room(ctx);
    }

    /// Pushes the text.
    pub fn finish(self, ctx: &mut Ctx<'_>) {
        ctx.charge(self.bytes.len() / 64);
        let string = ctx.heap().string_owned(self.bytes);
        ctx.push(Value::Str(string));
    }
}

fn room(ctx: &mut Ctx<'_>) -> usize {
    ctx.vm.limits.memory.saturating_sub(ctx.heap().bytes())
}
