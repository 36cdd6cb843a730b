//! `struct`: values as bytes in a layout that a format tells, as C lays its structures out.
//!
//! It is not named after its library because that is a word of Rust's.

use crate::ctx::{Ctx, to_integer};
use crate::value::Value;
use crate::vm::{Flow, Raise, Vm};

use super::library;
use super::output::{C_STACK, Output};

type Result<T> = std::result::Result<T, Raise>;

pub(super) fn open(vm: &mut Vm) {
    library(vm, "struct", &[("pack", pack), ("unpack", unpack), ("size", size)]);
}

/// Bytes of the largest whole number.
const MAX_WHOLE: i32 = 32;
/// What a program on 64 bits aligns to, where the format does not say otherwise.
const NATIVE_ALIGNMENT: i32 = 8;

/// Where in a format a function is, and what the format has said about what follows.
#[derive(Debug)]
struct Format {
    text: Vec<u8>,
    at: usize,
    is_big_endian: bool,
    alignment: i32,
}

impl Format {
    fn of_first_argument(ctx: &mut Ctx<'_>) -> Result<Self> {
        let text = ctx.bytes(1)?.to_vec();
        ctx.charge(text.len() / 16);
        Ok(Self { text, at: 0, is_big_endian: false, alignment: 1 })
    }

    /// The next letter; a zero byte ends a format.
    fn letter(&mut self) -> Option<u8> {
        let letter = self.text.get(self.at).copied().filter(|letter| *letter != 0)?;
        self.at += 1;
        Some(letter)
    }

    fn number(&mut self, ctx: &mut Ctx<'_>, default: i32) -> Result<i32> {
        let mut number = None;
        while let Some(digit) = self.text.get(self.at).filter(|byte| byte.is_ascii_digit()) {
            let digit = i32::from(digit - b'0');
            number = number.unwrap_or(0_i32).checked_mul(10).and_then(|number| number.checked_add(digit));
            if number.is_none() {
                return Err(ctx.error("integral size overflow"));
            }
            self.at += 1;
        }
        Ok(number.unwrap_or(default))
    }

    /// How many bytes a letter means; none for those that are no layout by themselves.
    fn size(&mut self, ctx: &mut Ctx<'_>, letter: u8) -> Result<u64> {
        Ok(match letter {
            b'b' | b'B' | b'x' => 1,
            b'h' | b'H' => 2,
            b'f' => 4,
            b'l' | b'L' | b'T' | b'd' => 8,
            b'c' => self.number(ctx, 1)? as u64,
            b'i' | b'I' => {
                let size = self.number(ctx, 4)?;
                if size > MAX_WHOLE {
                    let message = format!("integral size {size} is larger than limit of {MAX_WHOLE}");
                    return Err(ctx.error(&message));
                }
                size as u64
            }
            _ => 0,
        })
    }

    /// How many bytes to leave out in front of something of a size. The formula is made for powers of two; what it gives
    /// for others is how they are laid out.
    fn padding(&self, position: u64, letter: u8, size: u64) -> u64 {
        if size == 0 || letter == b'c' {
            return 0;
        }
        let size = size.min(self.alignment as u64);
        size.wrapping_sub(position & (size - 1)) & (size - 1)
    }

    /// A letter that says how to read the rest.
    fn control(&mut self, ctx: &mut Ctx<'_>, letter: u8) -> Result<()> {
        match letter {
            b' ' => {}
            b'>' => self.is_big_endian = true,
            b'<' => self.is_big_endian = false,
            b'!' => {
                let alignment = self.number(ctx, NATIVE_ALIGNMENT)?;
                if alignment <= 0 || !(alignment as u32).is_power_of_two() {
                    return Err(ctx.error(&format!("alignment {alignment} is not a power of 2")));
                }
                self.alignment = alignment;
            }
            _ => {
                return Err(
                    ctx.arg_error_bytes(1, &[b"invalid format option '", &[letter][..], b"'"].concat())
                );
            }
        }
        Ok(())
    }

    /// So many bytes of a number, in the format's order.
    fn put(&self, number: u64, size: u64, to: &mut Vec<u8>) {
        let start = to.len();
        to.extend_from_slice(&number.to_le_bytes());
        to.resize(start + size as usize, 0);
        if self.is_big_endian
            && let Some(written) = to.get_mut(start..)
        {
            written.reverse();
        }
    }

    /// A number from bytes in the format's order. Of more than eight the lowest count.
    fn whole(&self, bytes: &[u8]) -> u64 {
        let add = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        if self.is_big_endian { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) }
    }
}

/// An error about an argument of `pack`. Behind the last one C's version finds a nil of its own.
fn argument_error(ctx: &mut Ctx<'_>, number: usize, expected: &str) -> Raise {
    let got = ctx.arg(number).type_name();
    ctx.arg_error(number, &format!("{expected} expected, got {got}"))
}

fn number_argument(ctx: &mut Ctx<'_>, number: usize) -> Result<f64> {
    let value = ctx.arg(number);
    match ctx.vm.number_of(value) {
        Some(value) => Ok(value),
        None => Err(argument_error(ctx, number, "number")),
    }
}

fn pack(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let mut format = Format::of_first_argument(ctx)?;
    let mut output = Output::default();
    let mut argument = 2;
    let mut position = 0;
    while let Some(letter) = format.letter() {
        let mut size = format.size(ctx, letter)?;
        let padding = format.padding(position, letter, size);
        output.bytes.resize(output.bytes.len() + padding as usize, 0);
        position += padding;
        output.watch(ctx)?;
        match letter {
            b'b' | b'B' | b'h' | b'H' | b'l' | b'L' | b'T' | b'i' | b'I' => {
                let number = number_argument(ctx, argument)?;
                argument += 1;
                format.put(to_unsigned(number), size, &mut output.bytes);
            }
            b'x' => output.bytes.push(0),
            b'f' => {
                let number = number_argument(ctx, argument)?;
                argument += 1;
                format.put(u64::from(narrow(number)), size, &mut output.bytes);
            }
            b'd' => {
                let number = number_argument(ctx, argument)?;
                argument += 1;
                format.put(number.to_bits(), size, &mut output.bytes);
            }
            b'c' | b's' => {
                if !matches!(ctx.arg(argument), Value::Str(_) | Value::Number(_)) {
                    return Err(argument_error(ctx, argument, "string"));
                }
                let text = ctx.bytes(argument)?;
                argument += 1;
                if size == 0 {
                    size = text.len() as u64;
                }
                match text.get(..size as usize) {
                    Some(text) => output.bytes.extend_from_slice(text),
                    // The argument behind it is the one that the error names.
                    None => return Err(ctx.arg_error(argument, "string too short")),
                }
                if letter == b's' {
                    output.bytes.push(0);
                    size += 1;
                }
            }
            _ => format.control(ctx, letter)?,
        }
        position += size;
    }
    output.finish(ctx)
}

fn unpack(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let mut format = Format::of_first_argument(ctx)?;
    let data = ctx.string(2)?;
    let position = ctx.optional_integer(3, 1)?;
    if position == 0 {
        return Err(ctx.arg_error(3, "offset must be 1 or greater"));
    }
    // One before the beginning is far behind the end.
    let mut position = position.wrapping_sub(1) as u64;
    let length = ctx.str(data).len() as u64;
    let mut results: Vec<Value> = Vec::new();
    while let Some(letter) = format.letter() {
        let mut size = format.size(ctx, letter)?;
        position = position.wrapping_add(format.padding(position, letter, size));
        check_length(ctx, position, size, length)?;
        if ctx.count() + results.len() + 2 > C_STACK {
            return Err(ctx.error("stack overflow (too many results)"));
        }
        ctx.check_memory()?;
        let bytes = ctx.str(data).get(position as usize..(position + size) as usize).unwrap_or_default();
        match letter {
            b'b' | b'B' | b'h' | b'H' | b'l' | b'L' | b'T' | b'i' | b'I' => {
                let whole = format.whole(bytes);
                let number =
                    if letter.is_ascii_lowercase() { signed(whole, size) as f64 } else { whole as f64 };
                results.push(Value::Number(number));
            }
            b'x' => {}
            b'f' => results.push(Value::Number(widen(format.whole(bytes) as u32))),
            b'd' => results.push(Value::Number(f64::from_bits(format.whole(bytes)))),
            b'c' => {
                if size == 0 {
                    // The result before was the size.
                    let number = results.pop().and_then(|before| ctx.vm.number_of(before));
                    let Some(number) = number else {
                        return Err(ctx.error("format 'c0' needs a previous size"));
                    };
                    size = to_unsigned(number);
                    check_length(ctx, position, size, length)?;
                }
                results.push(text(ctx, data, position, size));
            }
            b's' => {
                let rest = ctx.str(data).get(position as usize..).unwrap_or_default();
                let Some(end) = rest.iter().position(|byte| *byte == 0) else {
                    return Err(ctx.error("unfinished string in data"));
                };
                results.push(text(ctx, data, position, end as u64));
                size = end as u64 + 1;
            }
            _ => format.control(ctx, letter)?,
        }
        position += size;
    }
    let count = results.len() + 1;
    for result in results {
        ctx.push(result);
    }
    ctx.push(Value::Number(position.wrapping_add(1) as i64 as f64));
    Ok(Flow::Return(count))
}

fn check_length(ctx: &mut Ctx<'_>, position: u64, size: u64, length: u64) -> Result<()> {
    match length.checked_sub(size) {
        Some(last) if position <= last => Ok(()),
        _ => Err(ctx.arg_error(2, "data string too short")),
    }
}

/// A part of the data as a string of its own.
fn text(ctx: &mut Ctx<'_>, data: crate::value::Str, position: u64, size: u64) -> Value {
    let bytes = ctx.str(data).get(position as usize..(position + size) as usize).unwrap_or_default().to_vec();
    ctx.charge(bytes.len() / 16);
    Value::Str(ctx.heap().string_owned(bytes))
}

fn size(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let mut format = Format::of_first_argument(ctx)?;
    let mut position = 0_u64;
    while let Some(letter) = format.letter() {
        let size = format.size(ctx, letter)?;
        position += format.padding(position, letter, size);
        match letter {
            b's' => return Err(ctx.arg_error(1, "option 's' has no fixed size")),
            b'c' if size == 0 => return Err(ctx.arg_error(1, "option 'c0' has no fixed size")),
            // Letters that mean nothing are let pass.
            letter if letter.is_ascii_alphanumeric() => {}
            _ => format.control(ctx, letter)?,
        }
        position += size;
    }
    ctx.push(Value::Number(position as f64));
    Ok(Flow::Return(1))
}

/// What the processor makes of a number that is to be 64 bits without a sign: one with a sign is wrapped, of one that is too
/// large nothing is left, and what is no number is the highest bit.
fn to_unsigned(number: f64) -> u64 {
    const HALF: f64 = 9_223_372_036_854_775_808.0;
    if number >= HALF { to_integer(number - HALF) as u64 ^ 1 << 63 } else { to_integer(number) as u64 }
}

/// A number of so many bytes with its sign. The shift is as the processor does it, which counts it in 64s: of more than
/// eight bytes some bit within is the sign.
fn signed(whole: u64, size: u64) -> i64 {
    let mask = u64::MAX << ((size.wrapping_mul(8).wrapping_sub(1)) & 63);
    (if whole & mask == 0 { whole } else { whole | mask }) as i64
}

/// A short number as a long one. A NaN keeps its bits, which machines do in different ways.
pub(super) fn widen(bits: u32) -> f64 {
    let short = f32::from_bits(bits);
    if !short.is_nan() {
        return f64::from(short);
    }
    let sign = u64::from(bits >> 31) << 63;
    let payload = u64::from(bits & 0x7f_ffff) << 29;
    f64::from_bits(sign | 0x7ff8 << 48 | payload)
}

/// A long number as a short one, in the same way.
pub(super) fn narrow(number: f64) -> u32 {
    if !number.is_nan() {
        return (number as f32).to_bits();
    }
    let bits = number.to_bits();
    let sign = (bits >> 63) as u32;
    sign << 31 | 0x7fc0_0000 | (bits >> 29) as u32 & 0x7f_ffff
}
