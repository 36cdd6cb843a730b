//! How many bytes an allocation really takes: jemalloc's size classes on 64-bit Linux, and Redis's string header.
//!
//! Facts of the allocator that Redis 8.0 is built with; nothing here knows a data structure.

/// The bytes jemalloc hands out for a request: 8, multiples of 16 up to 128, then four steps to each doubling.
pub fn size_class(bytes: usize) -> usize {
    match bytes {
        0..=8 => 8,
        9..=128 => bytes.next_multiple_of(16),
        _ => {
            let step = bytes.next_power_of_two() / 8;
            bytes.next_multiple_of(step)
        }
    }
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

/// A simple dynamic string of exactly `len` bytes: header, bytes and the closing zero.
pub fn sds_size(len: usize) -> usize {
    size_class(sds_header(len) + len + 1)
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
