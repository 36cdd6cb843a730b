//! Payloads that no server has written: whatever the bytes, the answer is a value that is whole, or a refusal.

use super::*;
use crate::rng::Rng;

/// One value of every kind, recorded from Redis 8.0 or put together after the older formats, without the footer.
const BODIES: &[&[u8]] = &[
    b"\x00\xc2\x90\xee\xfe\xff",
    b"\x00\xc3\x06\x15\x01xx\xe0\x0a\x00",
    b"\x01\x03\x01a\xc0\x05\x05hello",
    b"\x02\x05\xc3\x09@d\x01yy\xe0W\x00\x01yy\x01x\xc0\x02\xc0\x01\xc0\x03",
    b"\x03\x02\x01a\x031.5\x01b\xff",
    b"\x04\x02\x01f\x01v\x01g\xc0\x05",
    b"\x05\x02\x01b\x00\x00\x00\x00\x00\x00\x04@\x01a\x00\x00\x00\x00\x00\x00\xf0?",
    b"\x09\x0f\x02\x01a\x02\x01bc-\x03key\x00\x00\xff",
    b"\x0b\x0e\x02\x00\x00\x00\x03\x00\x00\x00\x01\x00\x02\x00\x03\x00",
    b"\x10\x0d\x0d\x00\x00\x00\x02\x00\x81f\x02\x81v\x02\xff",
    b"\x11\x14\x14\x00\x00\x00\x04\x00\x81a\x02\x01\x01\x81b\x02\x832.5\x04\xff",
    b"\x12\x02\x01\x05plain\x02\x0a\x0a\x00\x00\x00\x01\x00\x81b\x02\xff",
    b"\x14\x10\x10\x00\x00\x00\x04\x00\x01\x01\x02\x01\x03\x01\x81x\x02\xff",
    b"\x15\x01\x10\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01\x1d\x1d\x00\x00\x00\x0a\x00\x01\x01\
        \x00\x01\x01\x01\x81a\x02\x00\x01\x02\x01\x00\x01\x00\x01\x81b\x02\x04\x01\xff\x01\x01\x01\x01\x01\x00\x00\x01\
        \x01\x01g\x01\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01h\x16\xae\x05\xa2\x01\
        \x00\x00\x01\x01\x01ch\x16\xae\x05\xa2\x01\x00\x00h\x16\xae\x05\xa2\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\
        \x01\x00\x00\x00\x00\x00\x00\x00\x01",
    b"\x18\xc8mL\xa6,\x1e\x00\x00\x02C\xe9\x01f\x01v\x01\x01g\xc3\x09@F\x01ww\xe09\x00\x01ww",
    b"\x19\xe0iL\xa6,\x1e\x00\x00\x17\x17\x00\x00\x00\x03\x00\x81f\x02\x81v\x02\xf4\xe0iL\xa6,\x1e\x00\x00\x09\xff",
];

fn signed(body: &[u8]) -> Vec<u8> {
    let mut bytes = [body, &VERSION.to_le_bytes()].concat();
    bytes.extend_from_slice(&crc64(&bytes).to_le_bytes());
    bytes
}

fn restored(body: &[u8]) -> Result<Value, Refusal> {
    restore(&signed(body), &Config::default(), &mut Rng::seeded(1))
}

/// What is taken for a value must be one: it can be measured, shown, written, and read again.
fn try_out(body: &[u8]) {
    let Ok(value) = restored(body) else { return };
    assert!(!value.is_vacant(), "{body:?}");
    value.view(10);
    value.memory();
    assert_eq!(value.duplicate().elements(), value.elements(), "{body:?}");
    let again = restore(&dump(&value, true), &Config::default(), &mut Rng::seeded(1));
    let again = again.unwrap_or_else(|refusal| panic!("{refusal:?} of what came of {body:?}"));
    assert_eq!((again.kind(), again.elements()), (value.kind(), value.elements()), "{body:?}");
}

#[test]
fn every_kind_is_read_and_written_again() {
    for body in BODIES {
        assert!(restored(body).is_ok(), "{body:?}");
        try_out(body);
    }
}

#[test]
fn a_wrong_footer_is_refused() {
    let payload = signed(b"\x00\x01x");
    for cut in 0..payload.len() {
        let refused = restore(&payload[..cut], &Config::default(), &mut Rng::seeded(1));
        assert_eq!(refused.err(), Some(Refusal::Footer), "{cut}");
    }
    let mut later = [&b"\x00\x01x"[..], &(VERSION + 1).to_le_bytes()].concat();
    later.extend_from_slice(&crc64(&later).to_le_bytes());
    assert_eq!(restore(&later, &Config::default(), &mut Rng::seeded(1)).err(), Some(Refusal::Footer));
}

#[test]
fn damaged_values_are_refused_or_whole() {
    let mut state = 7_u32;
    let mut next = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    for body in BODIES {
        for cut in 0..body.len() {
            try_out(&body[..cut]);
            for byte in [0, 1, 0x7f, 0x80, 0x81, 0xfe, 0xff] {
                let mut damaged = body.to_vec();
                damaged[cut] = byte;
                try_out(&damaged);
            }
        }
        for _ in 0..2_000 {
            let mut damaged = body.to_vec();
            for _ in 0..=next(4) {
                match next(4) {
                    0 => damaged.insert(next(damaged.len() + 1), next(256) as u8),
                    1 if damaged.len() > 1 => {
                        damaged.remove(next(damaged.len()));
                    }
                    _ => {
                        let at = next(damaged.len());
                        damaged[at] = next(256) as u8;
                    }
                }
            }
            try_out(&damaged);
        }
    }
}
