//! The ziplist: what Redis had before the listpack, up to version 6.
//!
//! A header (all bytes, where the last entry begins, number of entries), the entries, and an end mark. Each entry has
//! the length of the one before it, a head with its kind and length, and its bytes.

const HEADER: usize = 10;
const END: u8 = 0xff;
/// From here on the length of the entry before takes four more bytes.
const LONG: u8 = 0xfe;
/// As many entries or more: the header does not tell.
const UNCOUNTED: u16 = u16::MAX;

/// All entries, integers as their text; `None` where the bytes are no ziplist through and through.
pub fn entries(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let told = u32::from_le_bytes(chunk(bytes, 0)?);
    let tail = u32::from_le_bytes(chunk(bytes, 4)?) as usize;
    let counted = u16::from_le_bytes(chunk(bytes, 8)?);
    let end = bytes.len().checked_sub(1).filter(|end| *end >= HEADER)?;
    if told as usize != bytes.len() || bytes.last() != Some(&END) {
        return None;
    }
    let (mut found, mut at, mut previous) = (Vec::new(), HEADER, HEADER);
    while at < end {
        let (entry, next) = entry(bytes.get(..end)?, at, at - previous)?;
        found.push(entry);
        previous = at;
        at = next;
    }
    let fits = counted == UNCOUNTED || usize::from(counted) == found.len();
    (at == end && tail == previous && fits).then_some(found)
}

/// The entry that begins at a place, and where the next one does. `before` is the length of the one before.
fn entry(bytes: &[u8], at: usize, before: usize) -> Option<(Vec<u8>, usize)> {
    let (told, at) = match *bytes.get(at)? {
        LONG => (u32::from_le_bytes(chunk(bytes, at + 1)?) as usize, at + 5),
        short => (short.into(), at + 1),
    };
    if told != before {
        return None;
    }
    let head = *bytes.get(at)?;
    let (start, length) = match head >> 6 {
        0 => (at + 1, usize::from(head)),
        1 => (at + 2, usize::from(u16::from_be_bytes(chunk(bytes, at)?) & 0x3fff)),
        2 => (at + 5, u32::from_be_bytes(chunk(bytes, at + 1)?) as usize),
        _ => return integer(bytes, head, at + 1).map(|(integer, next)| (integer.to_string().into(), next)),
    };
    let end = start.checked_add(length)?;
    Some((bytes.get(start..end)?.to_vec(), end))
}

fn integer(bytes: &[u8], head: u8, at: usize) -> Option<(i64, usize)> {
    Some(match head {
        0xc0 => (i16::from_le_bytes(chunk(bytes, at)?).into(), at + 2),
        0xd0 => (i32::from_le_bytes(chunk(bytes, at)?).into(), at + 4),
        0xe0 => (i64::from_le_bytes(chunk(bytes, at)?), at + 8),
        0xf0 => {
            let [low, middle, high] = chunk(bytes, at)?;
            ((i32::from_le_bytes([0, low, middle, high]) >> 8).into(), at + 3)
        }
        0xfe => (i8::from_le_bytes(chunk(bytes, at)?).into(), at + 1),
        0xf1..=0xfd => (i64::from(head & 0x0f) - 1, at),
        _ => return None,
    })
}

fn chunk<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Put together by hand after the description of the format.
    const WHOLE: &[u8] = b"\x1f\0\0\0\x17\0\0\0\x06\0\
        \x00\x02hi\x04\xf3\x02\xfe\xff\x03\xc0\x00\x01\x04\xf0\x00\x00\x80\x05\x40\x01x\xff";

    #[test]
    fn entries_of_every_kind_are_read() {
        let mut bytes = WHOLE.to_vec();
        let length = bytes.len() as u32;
        bytes[..4].copy_from_slice(&length.to_le_bytes());
        bytes[4] = length as u8 - 5;
        let expected: [&[u8]; 6] = [b"hi", b"2", b"-1", b"256", b"-8388608", b"x"];
        assert_eq!(entries(&bytes).expect("it is whole"), expected);
        for cut in 0..bytes.len() {
            assert_eq!(entries(&bytes[..cut]), None, "{cut}");
        }
        for place in 0..bytes.len() {
            for change in [1, 0x7f, 0x80, 0xff] {
                let mut damaged = bytes.clone();
                damaged[place] ^= change;
                // Whatever it is taken for, it must not be a panic.
                entries(&damaged);
            }
        }
    }
}
