//! The zipmap: how the very first versions of Redis kept small hashes.
//!
//! A count that may be too small to be true, then fields and values in turn, each behind its length, a value also behind
//! the number of unused bytes that follow it, and an end mark.

const END: u8 = 0xff;
/// The length is in the next four bytes.
const LONG: u8 = 0xfe;

/// Fields and values in turn; `None` where the bytes are no zipmap through and through.
pub fn entries(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (counted, rest) = bytes.split_first()?;
    let (mut found, mut rest) = (Vec::new(), rest);
    while *rest.first()? != END {
        let field = take_text(&mut rest, false)?;
        let value = take_text(&mut rest, true)?;
        found.extend([field, value]);
    }
    let fits = *counted >= LONG || usize::from(*counted) == found.len() / 2;
    (rest.len() == 1 && fits).then_some(found)
}

fn take_text(rest: &mut &[u8], is_value: bool) -> Option<Vec<u8>> {
    let length = match take(rest, 1)? {
        [END] => return None,
        [LONG] => u32::from_le_bytes(take(rest, 4)?.try_into().ok()?) as usize,
        short => usize::from(*short.first()?),
    };
    let unused = if is_value { usize::from(*take(rest, 1)?.first()?) } else { 0 };
    let text = take(rest, length)?.to_vec();
    take(rest, unused)?;
    Some(text)
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_values_are_read() {
        let bytes = b"\x02\x01a\x02\x01bc-\x03key\x00\x00\xff";
        let expected: [&[u8]; 4] = [b"a", b"bc", b"key", b""];
        assert_eq!(entries(bytes).expect("it is whole"), expected);
        for cut in 0..bytes.len() {
            assert_eq!(entries(&bytes[..cut]), None, "{cut}");
        }
        assert_eq!(entries(b"\x01\xff"), None);
        assert_eq!(entries(b"\x01\xfe\xff\xff\xff\xffa\xff"), None);
    }
}
