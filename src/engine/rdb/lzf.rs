//! LZF, the compression of long strings in dumps.
//!
//! | bytes | stand for |
//! | --- | --- |
//! | `000LLLLL` | the `L` + 1 bytes that follow |
//! | `LLLooooo oooooooo` | `L` + 2 bytes that stood `o` + 1 bytes back |
//! | `111ooooo LLLLLLLL oooooooo` | `L` + 9 bytes that stood `o` + 1 bytes back |
//!
//! Any choice of earlier bytes reads back to the same string. Which ones the compressor chooses is that of the library
//! in Redis, so that dumps come out the same: it looks at one earlier place only, the last with the same hash of three
//! bytes, and of the places within a repetition it remembers none but the last two.

/// A run of bytes that are copied as they are.
const LONGEST_LITERAL: usize = 32;
const LONGEST_REPETITION: usize = 264;
const FARTHEST: usize = 8192;
/// The compressor remembers so many places.
const PLACES: usize = 1 << 16;
/// What Redis wants to save at least.
const WORTH_IT: usize = 4;

/// The string compressed; `None` where that would not save a few bytes.
pub fn compress(bytes: &[u8]) -> Option<Vec<u8>> {
    let limit = bytes.len().checked_sub(WORTH_IT).filter(|limit| *limit > 0)?;
    let mut output = Output::new(limit);
    let mut places = vec![0_u32; PLACES];
    let mut at = 0;
    while at + 2 < bytes.len() {
        let place = places.get_mut(hash(bytes, at)?)?;
        let earlier = std::mem::replace(place, at as u32) as usize;
        let length = repetition(bytes, earlier, at);
        if length == 0 {
            output.literal(*bytes.get(at)?)?;
            at += 1;
            continue;
        }
        output.repetition(at - earlier - 1, length)?;
        at += length;
        if at + 2 >= bytes.len() {
            break;
        }
        for skipped in [at - 2, at - 1] {
            *places.get_mut(hash(bytes, skipped)?)? = skipped as u32;
        }
    }
    output.finish(bytes.get(at..)?)
}

/// Where the place of the three bytes at a position is kept.
fn hash(bytes: &[u8], at: usize) -> Option<usize> {
    let [a, b, c] = *bytes.get(at..)?.first_chunk()?;
    let three = u32::from_be_bytes([0, a, b, c]);
    Some((three >> 8).wrapping_sub(three.wrapping_mul(5)) as usize % PLACES)
}

/// How many bytes at a position repeat those at an earlier one; 0 where too few do, or the place is of no use. The first
/// position of all never is, since it cannot be told from none.
fn repetition(bytes: &[u8], earlier: usize, at: usize) -> usize {
    let (Some(before), Some(now)) = (bytes.get(earlier..), bytes.get(at..)) else { return 0 };
    let usable = earlier > 0 && earlier < at && at - earlier <= FARTHEST;
    if !usable || before.first_chunk::<3>() != now.first_chunk::<3>() {
        return 0;
    }
    let most = now.len().saturating_sub(2).min(LONGEST_REPETITION);
    // A long rest is compared in a stretch of sixteen bytes first, which may lead a little beyond what it would be.
    let most = if most > 16 { most.max(19) } else { most.max(3) };
    let alike = before.iter().zip(now).take(most).take_while(|(before, now)| before == now).count();
    alike.max(3)
}

/// Compressed bytes, as long as they are worth it.
struct Output {
    bytes: Vec<u8>,
    limit: usize,
    /// Bytes in the run of literals at the end. Its head stands before it already, even while it is empty.
    run: usize,
}

impl Output {
    fn new(limit: usize) -> Self {
        Self { bytes: vec![0], limit, run: 0 }
    }

    fn literal(&mut self, byte: u8) -> Option<()> {
        if self.bytes.len() >= self.limit {
            return None;
        }
        self.push_literal(byte);
        Some(())
    }

    fn push_literal(&mut self, byte: u8) {
        self.bytes.push(byte);
        self.run += 1;
        if self.run == LONGEST_LITERAL {
            self.close_run();
            self.bytes.push(0);
        }
    }

    /// Writes the head of the run, or takes it away where the run is empty.
    fn close_run(&mut self) {
        let head = self.bytes.len() - self.run - 1;
        if self.run == 0 {
            self.bytes.pop();
        } else if let Some(head) = self.bytes.get_mut(head) {
            *head = (self.run - 1) as u8;
        }
        self.run = 0;
    }

    fn repetition(&mut self, back: usize, length: usize) -> Option<()> {
        if self.bytes.len() - usize::from(self.run == 0) + 4 >= self.limit {
            return None;
        }
        self.close_run();
        let length = length - 2;
        let high = (back >> 8) as u8;
        if length < 7 {
            self.bytes.push(high | (length as u8) << 5);
        } else {
            self.bytes.extend_from_slice(&[high | 7 << 5, (length - 7) as u8]);
        }
        self.bytes.extend_from_slice(&[back as u8, 0]);
        Some(())
    }

    fn finish(mut self, rest: &[u8]) -> Option<Vec<u8>> {
        if self.bytes.len() + 3 > self.limit {
            return None;
        }
        for byte in rest {
            self.push_literal(*byte);
        }
        self.close_run();
        Some(self.bytes)
    }
}

/// The string of so many bytes that was compressed to these; `None` where they are no such thing.
pub fn decompress(bytes: &[u8], length: usize) -> Option<Vec<u8>> {
    // Redis takes a failure, which gives no bytes, for the wanted none.
    if length == 0 {
        return Some(Vec::new());
    }
    // No three bytes stand for more than that: a number alone must not claim memory.
    if length > bytes.len().saturating_mul(LONGEST_REPETITION) {
        return None;
    }
    let mut output: Vec<u8> = Vec::new();
    let mut rest = bytes.iter();
    while let Some(head) = rest.next() {
        let (kind, low) = (usize::from(head >> 5), usize::from(head & 0x1f));
        if kind == 0 {
            let (run, behind) = rest.as_slice().split_at_checked(low + 1)?;
            output.extend_from_slice(run);
            rest = behind.iter();
        } else {
            let length = if kind == 7 { usize::from(*rest.next()?) + 9 } else { kind + 2 };
            let back = (low << 8 | usize::from(*rest.next()?)) + 1;
            let from = output.len().checked_sub(back)?;
            for index in from..from + length {
                output.push(*output.get(index)?);
            }
        }
        if output.len() > length {
            return None;
        }
    }
    (output.len() == length).then_some(output)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded from Redis 8.0's DUMP.
    #[test]
    fn dumps_come_out_the_same() {
        assert_eq!(compress(&[b'x'; 21]).as_deref(), Some(&b"\x01xx\xe0\x0a\x00"[..]));
        assert_eq!(compress(&[b'y'; 100]).as_deref(), Some(&b"\x01yy\xe0\x57\x00\x01yy"[..]));
        assert_eq!(compress(b"abcdefghijklmnopqrstuvwxyz0123456789"), None);
    }

    #[test]
    fn what_was_compressed_comes_back() {
        let mut state = 1_u32;
        let mut next = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % below
        };
        for length in (0..3_000).step_by(7).chain([20_000, 70_000]) {
            let letters = next(4) + 1;
            let text: Vec<u8> = (0..length).map(|_| b'a' + next(letters) as u8).collect();
            if let Some(small) = compress(&text) {
                assert!(small.len() < text.len());
                assert_eq!(decompress(&small, text.len()).as_deref(), Some(&text[..]));
                assert_eq!(decompress(&small, text.len() - 1), None);
                assert_eq!(decompress(&small, text.len() + 1), None);
            }
        }
    }

    #[test]
    fn what_is_not_compressed_does_not_come_back() {
        for bytes in [
            &b"\x00"[..],
            b"\x05ab",
            b"\x20\x00",
            b"\xe0",
            b"\xe0\x00",
            b"\x00a\x20\x01",
            b"\x00a\xe0\xff\x00",
        ] {
            assert_eq!(decompress(bytes, 3), None, "{bytes:?}");
        }
        assert_eq!(decompress(b"\x00a", usize::MAX), None);
        assert_eq!(decompress(b"", 0), Some(Vec::new()));
    }
}
