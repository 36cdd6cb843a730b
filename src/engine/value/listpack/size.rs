//! How many bytes an entry of a listpack takes, without writing it.

use super::code::back_len;
use crate::number;

/// The size of an entry holding these bytes.
pub fn entry(bytes: &[u8]) -> usize {
    if let Some(integer) = number::parse_i64(bytes) {
        return integer_entry(integer);
    }
    let header = match bytes.len() {
        0..64 => 1,
        64..4096 => 2,
        _ => 5,
    };
    with_back_length(header + bytes.len())
}

/// The size of an entry holding this integer: 7 bits, 13, 16, 24, 32 or 64, whichever fits.
pub fn integer_entry(integer: i64) -> usize {
    let bits = 65 - (if integer < 0 { !integer } else { integer }).leading_zeros();
    with_back_length(match bits {
        _ if (0..128).contains(&integer) => 1,
        0..=13 => 2,
        14..=16 => 3,
        17..=24 => 4,
        25..=32 => 5,
        _ => 9,
    })
}

fn with_back_length(front: usize) -> usize {
    front + back_len(front)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_take_the_smallest_form_that_holds_them() {
        let sizes = [
            (0, 2),
            (127, 2),
            (128, 3),
            (-1, 3),
            (4095, 3),
            (-4096, 3),
            (4096, 4),
            (-4097, 4),
            (32_767, 4),
            (32_768, 5),
            (8_388_607, 5),
            (-8_388_608, 5),
            (8_388_608, 6),
            (i64::from(i32::MAX), 6),
            (i64::from(i32::MAX) + 1, 10),
            (i64::MIN, 10),
        ];
        for (integer, bytes) in sizes {
            assert_eq!(integer_entry(integer), bytes, "{integer}");
            assert_eq!(entry(integer.to_string().as_bytes()), bytes, "{integer}");
        }
    }

    #[test]
    fn texts_carry_their_length_twice() {
        for (len, bytes) in [(0, 2), (63, 65), (64, 67), (125, 128), (126, 130), (4095, 4099), (4096, 4103)] {
            assert_eq!(entry(&vec![b'x'; len]), bytes, "{len}");
        }
    }
}
