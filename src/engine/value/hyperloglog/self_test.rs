//! What PFSELFTEST tries: that registers keep what they are given, and that estimates are as exact as they should be.

use super::{Registers, add, dense, empty, estimate};
use crate::value::raw_string::RawString;

/// Runs all tests; says what failed.
pub fn self_test() -> Result<(), &'static str> {
    dense_registers()?;
    estimates()
}

/// Any value in any register is found again, and disturbs no other.
fn dense_registers() -> Result<(), &'static str> {
    let mut body = dense::pack(Registers::default().values());
    for round in 1..=60_u8 {
        let value = |register: usize| round + (register % 4) as u8;
        for register in 0..super::REGISTERS {
            dense::raise(&mut body, register, value(register));
        }
        if !dense::registers(&body).enumerate().all(|(register, found)| found == value(register)) {
            return Err("TESTFAILED a dense register does not keep its value");
        }
    }
    Ok(())
}

/// Both representations agree with one another, and with the truth but for the error that the method has.
fn estimates() -> Result<(), &'static str> {
    const STANDARD_ERROR: f64 = 1.04 / 128.0;
    let (mut sparse, mut dense) = (empty(), empty());
    let mut seen = 0_u32;
    for checkpoint in [1, 10, 100, 1_000, 10_000, 100_000] {
        let elements = seen..checkpoint;
        let feed = |raw: &mut RawString, limit| {
            elements.clone().try_for_each(|element| add(raw, &element.to_le_bytes(), limit).map(|_| ()))
        };
        let fed = sparse.edit(|raw| feed(raw, 3_000)).and_then(|()| dense.edit(|raw| feed(raw, 0)));
        let found = fed.and_then(|()| estimate(&sparse.bytes()));
        if found.is_err() || found != estimate(&dense.bytes()) {
            return Err("TESTFAILED dense and sparse representations disagree");
        }
        let off = found.map_or(f64::MAX, |found| (found as f64 - f64::from(checkpoint)).abs());
        if off > (f64::from(checkpoint) * STANDARD_ERROR * 6.0).max(1.0) {
            return Err("TESTFAILED an estimate is too far off");
        }
        seen = checkpoint;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_self_test_passes() {
        assert_eq!(super::self_test(), Ok(()));
    }
}
