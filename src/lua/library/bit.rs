//! `bit`: operations on 32 bits.

use crate::ctx::Ctx;
use crate::value::Value;
use crate::vm::{Flow, Raise, Vm};

use super::library;

type Result<T> = std::result::Result<T, Raise>;

pub(super) fn open(vm: &mut Vm) {
    library(
        vm,
        "bit",
        &[
            ("tobit", |ctx| of_one(ctx, |bits| bits)),
            ("bnot", |ctx| of_one(ctx, |bits| !bits)),
            ("band", |ctx| of_all(ctx, |a, b| a & b)),
            ("bor", |ctx| of_all(ctx, |a, b| a | b)),
            ("bxor", |ctx| of_all(ctx, |a, b| a ^ b)),
            ("lshift", |ctx| shift(ctx, |bits, by| bits << by)),
            ("rshift", |ctx| shift(ctx, |bits, by| bits >> by)),
            ("arshift", |ctx| shift(ctx, |bits, by| ((bits as i32) >> by) as u32)),
            ("rol", |ctx| shift(ctx, u32::rotate_left)),
            ("ror", |ctx| shift(ctx, u32::rotate_right)),
            ("bswap", |ctx| of_one(ctx, u32::swap_bytes)),
            ("tohex", tohex),
        ],
    );
}

/// 2^52 + 2^51: added to a number it leaves its whole part, rounded to even, in the low bits.
const SHIFTER: f64 = 6_755_399_441_055_744.0;

/// A number's low 32 bits. Of one that is too large for that, what is left of it.
fn bits(ctx: &mut Ctx<'_>, number: usize) -> Result<u32> {
    let number = ctx.number(number)?;
    // Adding to a NaN leaves its bits; but not on every machine, so it is not added to.
    let shifted = if number.is_nan() { number } else { number + SHIFTER };
    Ok(shifted.to_bits() as u32)
}

fn give(ctx: &mut Ctx<'_>, bits: u32) -> Result<Flow> {
    ctx.push(Value::Number(f64::from(bits as i32)));
    Ok(Flow::Return(1))
}

fn of_one(ctx: &mut Ctx<'_>, operate: fn(u32) -> u32) -> Result<Flow> {
    let operand = bits(ctx, 1)?;
    give(ctx, operate(operand))
}

fn of_all(ctx: &mut Ctx<'_>, operate: fn(u32, u32) -> u32) -> Result<Flow> {
    let mut result = bits(ctx, 1)?;
    // From the last on: so the last that is no number is the one that an error names.
    for number in (2..=ctx.count()).rev() {
        result = operate(result, bits(ctx, number)?);
    }
    ctx.charge(ctx.count() / 16);
    give(ctx, result)
}

fn shift(ctx: &mut Ctx<'_>, operate: fn(u32, u32) -> u32) -> Result<Flow> {
    let operand = bits(ctx, 1)?;
    let by = bits(ctx, 2)? & 31;
    give(ctx, operate(operand, by))
}

/// The last so many hexadecimal digits; in capitals where the number of them is negative.
fn tohex(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let operand = bits(ctx, 1)?;
    let digits = if ctx.count() < 2 { 8 } else { bits(ctx, 2)? as i32 };
    let text = if digits < 0 { format!("{operand:08X}") } else { format!("{operand:08x}") };
    let count = digits.unsigned_abs().min(8) as usize;
    ctx.push_str(text.as_bytes().get(8 - count..).unwrap_or_default());
    Ok(Flow::Return(1))
}
