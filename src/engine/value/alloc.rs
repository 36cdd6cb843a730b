//! How many bytes an allocation really takes: jemalloc's size classes on 64-bit Linux, and Redis's headers of objects
//! and strings.
//!
//! Facts of the allocator that Redis 8.0 is built with; nothing here knows a data structure.

/// The bytes jemalloc hands out for a request: 8, multiples of 16 up to 128, then four steps to each doubling.
pub fn size_class(bytes: usize) -> usize {
    match bytes {
        0..=8 => 8,
        9..=128 => bytes.next_multiple_of(16),
        _ => {
            let step = 1 << ((bytes - 1).ilog2() - 2);
            bytes.checked_next_multiple_of(step).unwrap_or(usize::MAX)
        }
    }
}

/// The object header Redis puts before every value.
pub const OBJECT: usize = 16;

/// How long our own piece of memory for so many bytes had best be: a small one as long as common allocators make it
/// anyway, a big one with some slack, so that it moves the less often the bigger it is.
pub fn room_for(bytes: usize) -> usize {
    const SMALL: usize = 1024;
    const STEP: usize = 16;
    // What such allocators keep beside each piece.
    const MARK: usize = 8;
    if bytes <= SMALL { (bytes + MARK).next_multiple_of(STEP) - MARK } else { size_class(bytes) }
}

/// The header of a simple dynamic string that can hold `len` bytes.
pub fn sds_header(len: usize) -> usize {
    // Wider than a wasm32 length, so that the last classes can be written down there as well.
    match len as u64 {
        0..32 => 1,
        32..256 => 3,
        256..65_536 => 5,
        65_536..4_294_967_296 => 9,
        _ => 17,
    }
}

/// The longest string that such a header can count.
fn longest(header: usize) -> usize {
    match header {
        1 => 31,
        3 => 255,
        5 => 65_535,
        9 => u32::MAX as usize,
        _ => usize::MAX,
    }
}

/// A simple dynamic string of exactly `len` bytes: header, bytes and the closing zero.
pub fn sds_size(len: usize) -> usize {
    size_class(sds_header(len) + len + 1)
}

/// Growing strings double their room up to this size, and then gain as much each time.
const MAX_PREALLOCATION: usize = 1024 * 1024;
/// The header of strings below 32 bytes: it has no place for a count of spare room.
const SMALLEST_HEADER: usize = 1;

/// Strings this long are read without being copied.
const READ_IN_PLACE: usize = 32 * 1024;

/// The allocation behind a simple dynamic string that may grow: how large it is, and how long a string fits in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SdsRoom {
    allocated: usize,
    capacity: usize,
}

impl SdsRoom {
    /// For a string that is made of `len` bytes at once. The smallest header cannot count spare room, so a short
    /// string has none, whatever the allocator gave.
    pub fn exact(len: usize) -> Self {
        match sds_header(len) {
            SMALLEST_HEADER if len > 0 => Self { allocated: sds_size(len), capacity: len },
            header => Self::with_header(header.max(3), len),
        }
    }

    /// For a string that a client has sent. Redis reads a long one, with the line break behind it, into the place where
    /// it will stay, and moves it later only if more than a tenth of that place is spare; then none is.
    pub fn received(len: usize) -> Self {
        if len < READ_IN_PLACE {
            return Self::exact(len);
        }
        let with_break = len.saturating_add(2);
        let room = Self::with_header(sds_header(with_break), with_break);
        if room.capacity.saturating_sub(len) > len / 10 {
            return Self { allocated: sds_size(len), capacity: len };
        }
        room
    }

    /// For a string that is expected to grow, and for which so many bytes were asked: all that it may use of the
    /// allocation.
    pub fn sized(size: usize) -> Self {
        let header = sds_header(size).max(3);
        Self { allocated: size_class(header.saturating_add(size).saturating_add(1)), capacity: size }
    }

    /// For the same string grown to `len` bytes: unchanged while it fits, else twice as much as is needed.
    #[must_use]
    pub fn grown_to(self, len: usize) -> Self {
        if len <= self.capacity {
            return self;
        }
        let wanted = len.saturating_add(len.min(MAX_PREALLOCATION));
        Self::with_header(sds_header(wanted).max(3), wanted)
    }

    /// All that the allocator gives is used, as far as the header can count.
    fn with_header(header: usize, len: usize) -> Self {
        let allocated = size_class(header.saturating_add(len).saturating_add(1));
        Self { allocated, capacity: (allocated - header - 1).min(longest(header)) }
    }

    /// Bytes the allocator handed out.
    pub fn allocated(self) -> usize {
        self.allocated
    }

    /// Bytes of string that fit.
    pub fn capacity(self) -> usize {
        self.capacity
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn size_classes_are_jemallocs() {
        let classes = [
            (1, 8),
            (9, 16),
            (17, 32),
            (33, 48),
            (128, 128),
            (129, 160),
            (161, 192),
            (225, 256),
            (257, 320),
            (1025, 1280),
            (4096, 4096),
            (4097, 5120),
            (16385, 20480),
        ];
        for (asked, given) in classes {
            assert_eq!(size_class(asked), given, "{asked}");
        }
    }
}
