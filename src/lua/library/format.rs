//! `string.format`: what C's `printf` writes, for the formats that 5.1 lets through.
//!
//! How the digits of a number come about is in `number`; here are signs, widths and the order in which errors are found.

use crate::ctx::{Ctx, to_integer};
use crate::number;
use crate::value::Str;
use crate::vm::{Flow, Raise};

use super::buffer::Buffer;

type Result<T> = std::result::Result<T, Raise>;

/// How many flags are too many: more than there are.
const FLAGS: usize = 6;
/// From this length on, 5.1 hands a string on as it is, unless a precision is given.
const LONG: usize = 100;

/// What stands between the percent sign and the letter.
#[derive(Clone, Copy, Debug, Default)]
struct Shape {
    is_left: bool,
    has_plus: bool,
    has_space: bool,
    is_alternate: bool,
    has_zeros: bool,
    width: usize,
    precision: Option<usize>,
}

pub(super) fn format(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let format = ctx.string(1)?;
    let expected = ctx.str(format).len();
    let mut text = Buffer::new(ctx, expected)?;
    let mut argument = 1;
    let mut at = 0;
    while let Some(rest) = ctx.str(format).get(at..).filter(|rest| !rest.is_empty()) {
        let plain = rest.iter().position(|byte| *byte == b'%').unwrap_or(rest.len());
        text.add(&rest[..plain])?;
        at += plain;
        if plain == rest.len() {
            break;
        }
        if rest.get(plain + 1) == Some(&b'%') {
            text.add(b"%")?;
            at += 2;
            continue;
        }
        argument += 1;
        if argument > ctx.count() {
            return Err(ctx.arg_error(argument, "no value"));
        }
        at = one(ctx, format, at + 1, argument, &mut text)?;
    }
    ctx.charge(argument);
    text.finish(ctx);
    Ok(Flow::Return(1))
}

/// Writes one argument. Gives where the format goes on.
fn one(ctx: &mut Ctx<'_>, format: Str, at: usize, argument: usize, to: &mut Buffer) -> Result<usize> {
    let (shape, length) = match shape(ctx.str(format).get(at..).unwrap_or_default()) {
        Ok(found) => found,
        Err(message) => return Err(ctx.error(message)),
    };
    let letter = ctx.str(format).get(at + length).copied().unwrap_or(0);
    match letter {
        b'c' => {
            let code = to_integer(ctx.number(argument)?);
            // What does not fit C's `int` is its smallest, of which the last byte is zero.
            to.add(&shape.byte(i32::try_from(code).unwrap_or(0) as u8))?;
        }
        b'd' | b'i' => {
            let value = ctx.integer(argument)?;
            to.add(&shape.signed(value))?;
        }
        b'o' | b'u' | b'x' | b'X' => {
            let value = to_unsigned(ctx.number(argument)?);
            to.add(&shape.unsigned(value, letter))?;
        }
        b'e' | b'E' | b'f' | b'g' | b'G' => {
            let value = ctx.number(argument)?;
            to.add(&shape.float(value, letter))?;
        }
        b'q' => {
            let string = ctx.string(argument)?;
            quoted(ctx.str(string), to)?;
        }
        b's' => {
            let string = ctx.string(argument)?;
            shape.string(ctx.str(string), to)?;
        }
        _ => {
            // A zero byte ends the text for C.
            let sign: &[u8] = if letter == 0 { b"" } else { &[letter] };
            return Err(ctx.error_bytes(&[b"invalid option '%", sign, b"' to 'format'"].concat()));
        }
    }
    Ok(at + length + 1)
}

/// Reads flags, width and precision. Gives how long they are.
fn shape(text: &[u8]) -> std::result::Result<(Shape, usize), &'static str> {
    let mut shape = Shape::default();
    let mut at = 0;
    while let Some(flag) = text.get(at) {
        match flag {
            b'-' => shape.is_left = true,
            b'+' => shape.has_plus = true,
            b' ' => shape.has_space = true,
            b'#' => shape.is_alternate = true,
            b'0' => shape.has_zeros = true,
            _ => break,
        }
        at += 1;
    }
    if at >= FLAGS {
        return Err("invalid format (repeated flags)");
    }
    shape.width = two_digits(text, &mut at);
    if text.get(at) == Some(&b'.') {
        at += 1;
        shape.precision = Some(two_digits(text, &mut at));
    }
    if text.get(at).is_some_and(u8::is_ascii_digit) {
        return Err("invalid format (width or precision too long)");
    }
    Ok((shape, at))
}

fn two_digits(text: &[u8], at: &mut usize) -> usize {
    let mut value = 0;
    for _ in 0..2 {
        if let Some(digit @ b'0'..=b'9') = text.get(*at) {
            value = value * 10 + usize::from(digit - b'0');
            *at += 1;
        }
    }
    value
}

/// What a cast to C's `unsigned long` gives on x86-64.
fn to_unsigned(number: f64) -> u64 {
    const HALF: f64 = 9_223_372_036_854_775_808.0;
    if number >= HALF { to_integer(number - HALF) as u64 ^ 1 << 63 } else { to_integer(number) as u64 }
}

impl Shape {
    /// Fills up to the width: with spaces, or with zeros between the sign and the digits.
    fn pad(self, sign: &[u8], digits: &[u8], with_zeros: bool) -> Vec<u8> {
        let missing = self.width.saturating_sub(sign.len() + digits.len());
        let fill = |byte: u8, is_here: bool| std::iter::repeat_n(byte, if is_here { missing } else { 0 });
        let mut text = Vec::with_capacity(sign.len() + digits.len() + missing);
        text.extend(fill(b' ', !self.is_left && !with_zeros));
        text.extend_from_slice(sign);
        text.extend(fill(b'0', !self.is_left && with_zeros));
        text.extend_from_slice(digits);
        text.extend(fill(b' ', self.is_left));
        text
    }

    fn sign(self, is_negative: bool) -> &'static [u8] {
        match (is_negative, self.has_plus, self.has_space) {
            (true, _, _) => b"-",
            (false, true, _) => b"+",
            (false, false, true) => b" ",
            (false, false, false) => b"",
        }
    }

    /// The digits of a whole number, as many as the precision wants at least. Zero has none where it wants none.
    fn digits(self, digits: String, is_zero: bool) -> Vec<u8> {
        let digits = if is_zero && self.precision == Some(0) { String::new() } else { digits };
        let zeros = self.precision.unwrap_or(0).saturating_sub(digits.len());
        [vec![b'0'; zeros], digits.into_bytes()].concat()
    }

    fn byte(self, byte: u8) -> Vec<u8> {
        let mut text = self.pad(b"", &[byte], false);
        // What C writes ends at its first zero byte.
        if byte == 0 {
            text.truncate(if self.is_left { 0 } else { text.len() - 1 });
        }
        text
    }

    fn signed(self, value: i64) -> Vec<u8> {
        let digits = self.digits(value.unsigned_abs().to_string(), value == 0);
        self.pad(self.sign(value < 0), &digits, self.has_zeros && self.precision.is_none())
    }

    fn unsigned(self, value: u64, letter: u8) -> Vec<u8> {
        let (digits, prefix): (_, &[u8]) = match letter {
            b'o' => (format!("{value:o}"), b""),
            b'x' => (format!("{value:x}"), b"0x"),
            b'X' => (format!("{value:X}"), b"0X"),
            _ => (value.to_string(), b""),
        };
        let mut digits = self.digits(digits, value == 0);
        if self.is_alternate && letter == b'o' && digits.first() != Some(&b'0') {
            digits.insert(0, b'0');
        }
        let prefix = if self.is_alternate && value != 0 { prefix } else { b"" };
        self.pad(prefix, &digits, self.has_zeros && self.precision.is_none())
    }

    fn float(self, value: f64, letter: u8) -> Vec<u8> {
        let is_upper = letter.is_ascii_uppercase();
        let precision = self.precision.unwrap_or(6);
        let mut digits = Vec::new();
        let write = match letter {
            b'e' | b'E' => number::scientific,
            b'f' => number::fixed,
            _ => number::general,
        };
        write(value.abs(), precision, self.is_alternate, is_upper, &mut digits);
        self.pad(self.sign(value.is_sign_negative()), &digits, self.has_zeros && value.is_finite())
    }

    fn string(self, string: &[u8], to: &mut Buffer) -> Result<()> {
        if self.precision.is_none() && string.len() >= LONG {
            return to.add(string);
        }
        let most = self.precision.unwrap_or(LONG);
        let length = string.iter().take(most).position(|byte| *byte == 0).unwrap_or(string.len().min(most));
        let shown = string.get(..length).unwrap_or_default();
        to.add(&self.pad(b"", shown, false))
    }
}

/// A string as source text has it.
fn quoted(string: &[u8], to: &mut Buffer) -> Result<()> {
    to.add(b"\"")?;
    for byte in string {
        match byte {
            b'"' | b'\\' | b'\n' => to.add(&[b'\\', *byte])?,
            b'\r' => to.add(b"\\r")?,
            0 => to.add(b"\\000")?,
            _ => to.add(&[*byte])?,
        }
    }
    to.add(b"\"")
}
