//! `math`, with the random numbers that Redis gives: the same for the same seed on every machine.

use crate::ctx::Ctx;
use crate::number::scale;
use crate::value::Value;
use crate::vm::{Flow, Raise, Vm};

use super::library;

type Result<T> = std::result::Result<T, Raise>;

pub(super) fn open(vm: &mut Vm) {
    let table = library(
        vm,
        "math",
        &[
            ("abs", |ctx| of_one(ctx, f64::abs)),
            ("acos", |ctx| of_one(ctx, f64::acos)),
            ("asin", |ctx| of_one(ctx, f64::asin)),
            ("atan", |ctx| of_one(ctx, f64::atan)),
            ("atan2", |ctx| of_two(ctx, f64::atan2)),
            ("ceil", |ctx| of_one(ctx, f64::ceil)),
            ("cos", |ctx| of_one(ctx, f64::cos)),
            ("cosh", |ctx| of_one(ctx, f64::cosh)),
            ("deg", |ctx| of_one(ctx, |x| x / (std::f64::consts::PI / 180.0))),
            ("exp", |ctx| of_one(ctx, f64::exp)),
            ("floor", |ctx| of_one(ctx, f64::floor)),
            ("fmod", |ctx| of_two(ctx, |x, y| x % y)),
            ("frexp", frexp),
            ("ldexp", ldexp),
            ("log", |ctx| of_one(ctx, f64::ln)),
            ("log10", |ctx| of_one(ctx, f64::log10)),
            ("max", |ctx| extreme(ctx, |new, best| new > best)),
            ("min", |ctx| extreme(ctx, |new, best| new < best)),
            ("mod", |ctx| of_two(ctx, |x, y| x % y)),
            ("modf", modf),
            ("pow", |ctx| of_two(ctx, f64::powf)),
            ("rad", |ctx| of_one(ctx, |x| x * (std::f64::consts::PI / 180.0))),
            ("random", random),
            ("randomseed", randomseed),
            ("sin", |ctx| of_one(ctx, f64::sin)),
            ("sinh", |ctx| of_one(ctx, f64::sinh)),
            ("sqrt", |ctx| of_one(ctx, f64::sqrt)),
            ("tan", |ctx| of_one(ctx, f64::tan)),
            ("tanh", |ctx| of_one(ctx, f64::tanh)),
        ],
    );
    vm.heap.set_field(table, "pi", Value::Number(std::f64::consts::PI));
    vm.heap.set_field(table, "huge", Value::Number(f64::INFINITY));
}

/// What is no number comes out of C's functions with its sign set, where what went in was one.
fn signed(result: f64, is_new: bool) -> f64 {
    if result.is_nan() && is_new { -f64::NAN.abs() } else { result }
}

fn of_one(ctx: &mut Ctx<'_>, compute: fn(f64) -> f64) -> Result<Flow> {
    let x = ctx.number(1)?;
    ctx.push(Value::Number(signed(compute(x), !x.is_nan())));
    Ok(Flow::Return(1))
}

fn of_two(ctx: &mut Ctx<'_>, compute: fn(f64, f64) -> f64) -> Result<Flow> {
    // The second first, as a compiler of C has it: of two that are wrong, it is the one that is told.
    let y = ctx.number(2)?;
    let x = ctx.number(1)?;
    ctx.push(Value::Number(signed(compute(x, y), !x.is_nan() && !y.is_nan())));
    Ok(Flow::Return(1))
}

fn extreme(ctx: &mut Ctx<'_>, is_better: fn(f64, f64) -> bool) -> Result<Flow> {
    let mut best = ctx.number(1)?;
    for number in 2..=ctx.count() {
        let new = ctx.number(number)?;
        if is_better(new, best) {
            best = new;
        }
    }
    ctx.push(Value::Number(best));
    Ok(Flow::Return(1))
}

/// A number as a fraction between a half and one, and a power of two.
fn frexp(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let number = ctx.number(1)?;
    let (fraction, exponent) = if number == 0.0 || !number.is_finite() {
        (number, 0)
    } else {
        // What is too small for an exponent of its own is made larger first.
        let (large, shift) =
            if number.abs() < f64::MIN_POSITIVE { (number * 2_f64.powi(64), -64) } else { (number, 0) };
        let bits = large.to_bits();
        let exponent = ((bits >> 52) & 0x7ff) as i64 - 1_022;
        (f64::from_bits(bits & !(0x7ff << 52) | 1_022 << 52), exponent + shift)
    };
    ctx.push(Value::Number(fraction));
    ctx.push(Value::Number(exponent as f64));
    Ok(Flow::Return(2))
}

fn ldexp(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let exponent = ctx.number(2)?;
    let fraction = ctx.number(1)?;
    ctx.push(Value::Number(scale(fraction, crate::ctx::to_int(exponent))));
    Ok(Flow::Return(1))
}

fn modf(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let number = ctx.number(1)?;
    let whole = number.trunc();
    let fraction =
        if number.is_infinite() { 0.0_f64.copysign(number) } else { (number - whole).copysign(number) };
    ctx.push(Value::Number(whole));
    ctx.push(Value::Number(fraction));
    Ok(Flow::Return(2))
}

/// The linear congruential generator of 48 bits that `drand48` is; Redis brings it along for all machines to agree.
#[derive(Clone, Copy, Debug)]
pub struct Random {
    state: u64,
}

const MULTIPLIER: u64 = 0x5_deec_e66d;
const INCREMENT: u64 = 0xb;
const MASK: u64 = (1 << 48) - 1;

impl Default for Random {
    /// As it is before a seed is set.
    fn default() -> Self {
        Self { state: 0x1234_abcd_330e }
    }
}

impl Random {
    pub fn seed(&mut self, seed: i32) {
        self.state = (u64::from(seed as u32) << 16) | 0x330e;
    }

    pub fn state(&self) -> u64 {
        self.state
    }

    /// 31 bits.
    fn next(&mut self) -> u32 {
        self.state = self.state.wrapping_mul(MULTIPLIER).wrapping_add(INCREMENT) & MASK;
        (self.state >> 17) as u32
    }
}

const LARGEST: u32 = i32::MAX as u32;

fn random(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let share = f64::from(ctx.vm.random.next() % LARGEST) / f64::from(LARGEST);
    let number = match ctx.count() {
        0 => share,
        1 => {
            let high = ctx.int(1)?;
            if high < 1 {
                return Err(ctx.arg_error(1, "interval is empty"));
            }
            (share * high as f64).floor() + 1.0
        }
        2 => {
            let low = ctx.int(1)?;
            let high = ctx.int(2)?;
            if low > high {
                return Err(ctx.arg_error(2, "interval is empty"));
            }
            (share * f64::from((high as i32).wrapping_sub(low as i32).wrapping_add(1))).floor() + low as f64
        }
        _ => return Err(ctx.error("wrong number of arguments")),
    };
    ctx.push(Value::Number(number));
    Ok(Flow::Return(1))
}

fn randomseed(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let seed = ctx.int(1)? as i32;
    ctx.vm.random.seed(seed);
    Ok(Flow::Return(0))
}
