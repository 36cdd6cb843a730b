//! The dense representation: 16,384 registers of six bits, one after another, lowest bit first.
//!
//! Four registers take three bytes.

use super::REGISTERS;

const BITS: usize = 6;
const MAX: u8 = (1 << BITS) - 1;
/// What all registers take.
pub const BYTES: usize = REGISTERS * BITS / 8;

/// All registers.
pub fn registers(body: &[u8]) -> impl Iterator<Item = u8> {
    let (groups, _) = body.as_chunks::<3>();
    groups.iter().flat_map(|[low, middle, high]| {
        let group = u32::from_le_bytes([*low, *middle, *high, 0]);
        (0..4).map(move |register| (group >> (register * BITS)) as u8 & MAX)
    })
}

/// Registers as they are stored.
pub fn pack(registers: &[u8]) -> Vec<u8> {
    let (groups, _) = registers.as_chunks::<4>();
    let packed = groups.iter().flat_map(|group| {
        let bits = group.iter().rev().fold(0_u32, |bits, value| bits << BITS | u32::from(*value & MAX));
        let [low, middle, high, _] = bits.to_le_bytes();
        [low, middle, high]
    });
    packed.collect()
}

/// Raises a register to a value, if it is lower; whether it was.
pub fn raise(body: &mut [u8], register: usize, value: u8) -> bool {
    let (groups, _) = body.as_chunks_mut::<3>();
    let Some([low, middle, high]) = groups.get_mut(register / 4) else { return false };
    let group = u32::from_le_bytes([*low, *middle, *high, 0]);
    let shift = register % 4 * BITS;
    if (group >> shift) as u8 & MAX >= value {
        return false;
    }
    let raised = group & !(u32::from(MAX) << shift) | u32::from(value & MAX) << shift;
    [*low, *middle, *high, _] = raised.to_le_bytes();
    true
}
