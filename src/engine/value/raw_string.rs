//! A string that is edited in place: its bytes, and the allocation Redis would have for them.
//!
//! Strings become raw when a command changes a part of them. How much room they then keep decides when they grow next
//! and what `MEMORY USAGE` answers, so every change here says what it does to the room. Knows nothing of commands.

use std::collections::TryReserveError;
use std::ops::Range;

use super::alloc::SdsRoom;

/// An editable string.
#[derive(Clone, Debug)]
pub struct RawString {
    bytes: Vec<u8>,
    room: SdsRoom,
}

impl RawString {
    /// For bytes that the server itself has made: no room to spare but what the allocator gives.
    pub fn new(bytes: Vec<u8>) -> Self {
        let room = SdsRoom::exact(bytes.len());
        Self { bytes, room }
    }

    /// For bytes that a client has sent.
    pub fn received(bytes: Vec<u8>) -> Self {
        let room = SdsRoom::received(bytes.len());
        Self { bytes, room }
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.bytes
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub fn room(&self) -> SdsRoom {
        self.room
    }

    /// Makes room for `len` bytes in all; where the machine has none, nothing changes.
    fn reserve(&mut self, len: usize) -> Result<(), TryReserveError> {
        let room = self.room.grown_to(len);
        // As much as Redis would reserve and no more, so that growing costs what it costs there.
        self.bytes.try_reserve_exact(room.capacity().saturating_sub(self.bytes.len()))?;
        self.room = room;
        Ok(())
    }

    /// Adds bytes at the end.
    pub fn append(&mut self, more: &[u8]) -> Result<(), TryReserveError> {
        self.reserve(self.bytes.len().saturating_add(more.len()))?;
        self.bytes.extend_from_slice(more);
        Ok(())
    }

    /// Puts other bytes in the place of a stretch, in the room there is, or in more where there is too little. A stretch
    /// that ends beyond the string stands for one as long: what is put there may be cut off.
    pub fn splice(&mut self, stretch: Range<usize>, bytes: &[u8]) {
        let (old, len) = (stretch.len(), self.bytes.len());
        let from = stretch.start.min(len);
        let beyond = stretch.end.saturating_sub(len);
        self.bytes.splice(from..stretch.end.min(len).max(from), bytes.iter().copied());
        if beyond > 0 {
            self.bytes.truncate((len + bytes.len()).saturating_sub(old));
        }
        self.room = self.room.grown_to(self.bytes.len());
    }

    /// Becomes another string, in an allocation of its own.
    pub fn replace(&mut self, bytes: Vec<u8>) {
        *self = Self::new(bytes);
    }

    /// Moves to an allocation for a string of so many bytes, of which no more counts as room than was asked for.
    pub fn resize_room(&mut self, size: usize) {
        self.room = SdsRoom::sized(size.max(self.bytes.len()));
    }

    /// Adds zero bytes up to a length; whether there were any to add.
    pub fn pad_to(&mut self, len: usize) -> Result<bool, TryReserveError> {
        let grows = len > self.bytes.len();
        if grows {
            self.reserve(len)?;
            self.bytes.resize(len, 0);
        }
        Ok(grows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded from Redis 8.0: what is allocated for a string that grows by SETBIT at these bits.
    #[test]
    fn padding_reserves_what_the_real_server_reserves() {
        let steps = [
            (0, 8),
            (7, 8),
            (200, 64),
            (255, 64),
            (256, 64),
            (500, 160),
            (2000, 512),
            (5000, 1280),
            (20_000, 5120),
            (262_144, 81_920),
        ];
        let mut string = RawString::new(vec![0]);
        for (bit, allocated) in steps {
            assert!(string.pad_to(bit / 8 + 1).is_ok());
            assert_eq!(string.room().allocated(), allocated, "{bit}");
        }
        assert_eq!(string.bytes().len(), 32_769);
        assert_eq!(string.pad_to(1), Ok(false));
    }
}
