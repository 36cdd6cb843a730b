//! What a program may use: its instructions, of which functions that do much at once take more than one, and its memory.
//!
//! It knows nothing of what it is used for.

use crate::thread::WINDOW;
use crate::vm::{Abort, Raise, Vm};

/// Time.
impl Vm {
    /// Takes so many instructions' worth of time.
    pub(crate) fn charge(&mut self, instructions: u64) {
        let paid = instructions.min(self.fuel);
        self.fuel -= paid;
        self.debt = self.debt.saturating_add(instructions - paid);
    }

    /// Takes the time for values that are copied, where they are more than an instruction's worth.
    #[inline]
    pub(crate) fn charge_for_copy(&mut self, values: usize) {
        if values > WINDOW {
            self.charge(values as u64 / 8);
        }
    }
}

/// Memory.
impl Vm {
    /// Collects where it is time to, and stops where more is used than may be.
    #[inline]
    pub(crate) fn collect_if_due(&mut self) -> Result<(), Raise> {
        if self.heap.is_due() { self.collect_within_limit() } else { Ok(()) }
    }

    #[cold]
    fn collect_within_limit(&mut self) -> Result<(), Raise> {
        self.collect();
        if self.heap.bytes() > self.limits.memory { Err(Raise::Abort(Abort::Memory)) } else { Ok(()) }
    }

    /// Makes sure of room for a string of so many bytes; what is garbage goes first. What the caller needs must be on the
    /// stack.
    pub(crate) fn make_room(&mut self, bytes: usize) -> Result<(), Raise> {
        // What is smaller is not worth a question: the next collection asks.
        const SMALL: usize = 4_096;
        if bytes > self.limits.string {
            return Err(Raise::Abort(Abort::StringLength));
        }
        if bytes <= SMALL || self.heap.bytes().saturating_add(bytes) <= self.limits.memory {
            return Ok(());
        }
        self.collect_for_pay();
        if self.heap.bytes().saturating_add(bytes) > self.limits.memory {
            return Err(Raise::Abort(Abort::Memory));
        }
        Ok(())
    }

    /// Collects because a program wants it, which is work of its own.
    pub(crate) fn collect_for_pay(&mut self) {
        self.charge(self.heap.bytes() as u64 / 256);
        self.collect();
    }
}
