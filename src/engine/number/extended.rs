//! The number type behind `INCRBYFLOAT`: 80-bit extended precision, as a processor's `long double` has it.
//!
//! Redis reads decimal text into a `long double`, adds, and writes the sum with 17 decimals less trailing zeros. Its
//! 64 bits of significand are why `0.1 + 0.2` is `0.3` there and not `0.30000000000000004`; no other type gives the
//! same digits. Each step is done exactly on integers and rounded once, to nearest, ties to even:
//!
//! * reading: digits times a power of ten become one natural number, whose top bits are kept;
//! * adding: both significands are aligned in 128 bits, what falls off is remembered as one bit;
//! * writing: significand times 10^17 fits 128 bits as long as there is a fraction; larger numbers are whole.
//!
//! It knows nothing of commands: a text that is no number is `None`.

use super::big::Natural;

/// The exponents of the largest and the smallest numbers, for a significand read as an integer.
const MAX_EXPONENT: i64 = 16_320;
const MIN_EXPONENT: i64 = -16_445;
/// Decimal exponents beyond these are too large, or too small, whatever the digits.
const HIGHEST_DECIMAL: i64 = 4_935;
const LOWEST_DECIMAL: i64 = -4_955;
/// Texts this long or longer are not read.
const TEXT_LIMIT: usize = 5 * 1024;
/// How many decimals are written.
const DECIMALS: u32 = 17;

/// A number of extended precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extended {
    Finite(Finite),
    Infinite { negative: bool },
    NotANumber,
}

/// `significand × 2^exponent`: the significand's top bit is set, or the exponent is the smallest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finite {
    negative: bool,
    significand: u64,
    exponent: i32,
}

impl Extended {
    const fn zero(negative: bool) -> Self {
        Self::Finite(Finite { negative, significand: 0, exponent: MIN_EXPONENT as i32 })
    }

    /// Reads all of a text as C's `strtold` does: decimal, hexadecimal or `inf`. What overflows, vanishes or is not a
    /// number is `None`.
    pub fn parse(text: &[u8]) -> Option<Self> {
        if text.len() >= TEXT_LIMIT {
            return None;
        }
        let (negative, magnitude) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, text),
        };
        if magnitude.eq_ignore_ascii_case(b"inf") || magnitude.eq_ignore_ascii_case(b"infinity") {
            return Some(Self::Infinite { negative });
        }
        let (wide, exponent, lost) = match magnitude {
            [b'0', b'x' | b'X', digits @ ..] => hexadecimal(digits)?,
            digits => decimal(digits)?,
        };
        match rounded(negative, wide, exponent, lost) {
            Self::Finite(Finite { significand: 0, .. }) if wide != 0 || lost => None,
            Self::Infinite { .. } => None,
            number => Some(number),
        }
    }

    /// The sum, rounded to 64 bits.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::NotANumber, _) | (_, Self::NotANumber) => Self::NotANumber,
            (Self::Infinite { negative: a }, Self::Infinite { negative: b }) if a != b => Self::NotANumber,
            (Self::Infinite { .. }, _) => self,
            (_, Self::Infinite { .. }) => other,
            (Self::Finite(x), Self::Finite(y)) if x.significand == 0 && y.significand == 0 => {
                Self::zero(x.negative && y.negative)
            }
            (Self::Finite(x), _) if x.significand == 0 => other,
            (_, Self::Finite(y)) if y.significand == 0 => self,
            (Self::Finite(x), Self::Finite(y)) => {
                let (x, y) = (Aligned::from(x), Aligned::from(y));
                if x.exponent >= y.exponent { x.plus(y) } else { y.plus(x) }
            }
        }
    }

    /// A thousand times the number, rounded to 64 bits and then up to a whole one; what is far beyond saturates.
    pub fn thousandfold(self) -> i128 {
        let scaled = match self {
            Self::Finite(Finite { negative, significand, exponent }) => {
                rounded(negative, u128::from(significand) * 1000, exponent.into(), false)
            }
            other => other,
        };
        match scaled {
            Self::Finite(Finite { negative, significand, exponent }) => {
                let magnitude = match u32::try_from(exponent) {
                    Ok(left) if left < 63 => i128::from(significand) << left,
                    Ok(_) => i128::MAX,
                    Err(_) => {
                        let right = exponent.unsigned_abs();
                        let whole = significand.checked_shr(right).unwrap_or(0);
                        let exact = whole.checked_shl(right).unwrap_or(0) == significand;
                        i128::from(whole) + i128::from(!exact && !negative)
                    }
                };
                if negative { -magnitude } else { magnitude }
            }
            Self::Infinite { negative: true } => i128::MIN,
            Self::Infinite { negative: false } | Self::NotANumber => i128::MAX,
        }
    }

    /// Up to 17 decimals, rounded, without zeros at the end; `None` for what is not finite.
    pub fn to_text(self) -> Option<String> {
        let Self::Finite(Finite { negative, significand, exponent }) = self else { return None };
        let magnitude = match u32::try_from(exponent) {
            Ok(exponent) => {
                let mut whole = Natural::default();
                whole.scale_and_add(0, significand);
                whole.scale_by_power(2, exponent);
                whole.into_decimal()
            }
            Err(_) => with_decimals(significand, exponent.unsigned_abs()),
        };
        Some(if negative && magnitude != "0" { format!("-{magnitude}") } else { magnitude })
    }
}

/// The text of `significand / 2^shift`.
fn with_decimals(significand: u64, shift: u32) -> String {
    let unit = 10u128.pow(DECIMALS);
    let scaled = shifted(u128::from(significand) * unit, i64::from(shift), false);
    let whole = (scaled / unit).to_string();
    let decimals = format!("{:0width$}", scaled % unit, width = DECIMALS as usize);
    match decimals.trim_end_matches('0') {
        "" => whole,
        decimals => format!("{whole}.{decimals}"),
    }
}

/// `value / 2^shift` to the nearest integer, ties to even. `lost`: the value is a little more than it says.
fn shifted(value: u128, shift: i64, lost: bool) -> u128 {
    if shift <= 0 {
        return value;
    }
    if shift > 128 {
        return 0;
    }
    let kept = value.checked_shr(shift as u32).unwrap_or(0);
    let half = 1u128 << (shift - 1);
    let rest = value & (half | (half - 1));
    let up = rest > half || (rest == half && (lost || kept & 1 == 1));
    kept + u128::from(up)
}

/// The nearest number of extended precision to `wide × 2^exponent`. `lost` as in [`shifted`]; then at least 66 bits of
/// `wide` must be in use.
fn rounded(negative: bool, wide: u128, exponent: i64, lost: bool) -> Extended {
    let bits = i64::from(128 - wide.leading_zeros());
    let drop = (bits - 64).max(MIN_EXPONENT - exponent);
    let (mut significand, mut exponent) = if drop > 0 {
        (shifted(wide, drop, lost), exponent + drop)
    } else {
        // Room below: shift up to the top bit, or to the smallest exponent.
        (wide << drop.unsigned_abs().min(127), exponent + drop)
    };
    if significand >> 64 != 0 {
        significand >>= 1;
        exponent += 1;
    }
    if significand == 0 {
        return Extended::zero(negative);
    }
    if exponent > MAX_EXPONENT {
        return Extended::Infinite { negative };
    }
    Extended::Finite(Finite { negative, significand: significand as u64, exponent: exponent as i32 })
}

/// A number about to be added: the significand's top bit is bit 126, one below a carry's place.
#[derive(Clone, Copy)]
struct Aligned {
    negative: bool,
    wide: u128,
    exponent: i64,
}

impl From<Finite> for Aligned {
    /// Of a number that is not zero.
    fn from(number: Finite) -> Self {
        let wide = u128::from(number.significand) << 63;
        let spare = wide.leading_zeros().saturating_sub(1).min(63);
        let exponent = i64::from(number.exponent) - 63 - i64::from(spare);
        Self { negative: number.negative, wide: wide << spare, exponent }
    }
}

impl Aligned {
    /// Adds a number whose exponent is not larger.
    fn plus(self, other: Self) -> Extended {
        let shift = (self.exponent - other.exponent) as u32;
        let kept = other.wide.checked_shr(shift).unwrap_or(0);
        // What falls off leaves its trace in the lowest bit, far below the one that rounding looks at.
        let trace = u128::from(kept.checked_shl(shift).unwrap_or(0) != other.wide);
        let small = kept | trace;
        let (negative, wide) = if self.negative == other.negative {
            (self.negative, self.wide + small)
        } else if self.wide >= small {
            (self.negative && self.wide != small, self.wide - small)
        } else {
            (other.negative, small - self.wide)
        };
        rounded(negative, wide, self.exponent, false)
    }
}

/// What a text's digits say: `digits × base^exponent` for whatever base they are in.
struct Digits<'a> {
    whole: &'a [u8],
    fraction: &'a [u8],
    /// What stands behind the exponent mark; saturated.
    exponent: i64,
}

impl<'a> Digits<'a> {
    /// Splits digits, point, digits and an exponent behind its mark; `None` where the text is anything else.
    fn split(text: &'a [u8], is_digit: fn(&u8) -> bool, mark: u8) -> Option<Self> {
        let (whole, rest) = split_digits(text, is_digit);
        let (fraction, rest) = match rest {
            [b'.', rest @ ..] => split_digits(rest, is_digit),
            _ => (&[][..], rest),
        };
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let exponent = match rest {
            [] => 0,
            [first, rest @ ..] if first.eq_ignore_ascii_case(&mark) => saturated_integer(rest)?,
            _ => return None,
        };
        Some(Self { whole, fraction, exponent })
    }

    /// All digits as values, from the first that is not zero on.
    fn significant(&self) -> impl Iterator<Item = u8> {
        let digits = self.whole.iter().chain(self.fraction);
        digits.map(|digit| char::from(*digit).to_digit(16).unwrap_or(0) as u8).skip_while(|digit| *digit == 0)
    }
}

fn split_digits(text: &[u8], is_digit: fn(&u8) -> bool) -> (&[u8], &[u8]) {
    text.split_at(text.iter().position(|byte| !is_digit(byte)).unwrap_or(text.len()))
}

/// A signed integer that stops growing where it no longer matters.
fn saturated_integer(text: &[u8]) -> Option<i64> {
    const ENOUGH: i64 = 1_000_000;
    let (sign, digits) = match text {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] => (1, rest),
        _ => (1, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let grow = |value: i64, digit: &u8| (value * 10 + i64::from(digit - b'0')).min(ENOUGH);
    Some(sign * digits.iter().fold(0, grow))
}

/// Decimal text as `wide × 2^exponent`, and whether anything was lost.
fn decimal(text: &[u8]) -> Option<(u128, i64, bool)> {
    let digits = Digits::split(text, u8::is_ascii_digit, b'e')?;
    let (mut number, mut count) = (Natural::default(), 0);
    for digit in digits.significant() {
        number.scale_and_add(10, u64::from(digit));
        count += 1;
    }
    let exponent = digits.exponent - digits.fraction.len() as i64;
    if number.is_zero() {
        return Some((0, 0, false));
    }
    if !(LOWEST_DECIMAL..=HIGHEST_DECIMAL).contains(&(exponent + count)) {
        return None;
    }
    let times = exponent.unsigned_abs() as u32;
    if exponent >= 0 {
        number.scale_by_power(10, times);
        let (wide, exponent, lost) = number.top();
        return Some((wide, i64::from(exponent), lost));
    }
    // Dividing by 10^times is dividing by 5^times and lowering the exponent; shifted up, enough bits are left.
    let needed = 192 + times * 7 / 3;
    let limbs = needed.saturating_sub(number.bits()).div_ceil(64);
    number.shift_limbs(limbs as usize);
    let lost = number.divide_by_power(5, times);
    let (wide, exponent, more_lost) = number.top();
    Some((wide, i64::from(exponent) - i64::from(times) - i64::from(limbs) * 64, lost | more_lost))
}

/// Hexadecimal text, without its `0x`, likewise.
fn hexadecimal(text: &[u8]) -> Option<(u128, i64, bool)> {
    let digits = Digits::split(text, u8::is_ascii_hexdigit, b'p')?;
    let (mut wide, mut dropped, mut lost) = (0u128, 0, false);
    for digit in digits.significant() {
        if wide >> 124 == 0 {
            wide = wide << 4 | u128::from(digit);
        } else {
            dropped += 4;
            lost |= digit != 0;
        }
    }
    Some((wide, digits.exponent - digits.fraction.len() as i64 * 4 + dropped, lost))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(a: &str, b: &str) -> String {
        match (Extended::parse(a.as_bytes()), Extended::parse(b.as_bytes())) {
            (Some(a), Some(b)) => a.plus(b).to_text().unwrap_or_else(|| "finite".to_owned()),
            _ => "float".to_owned(),
        }
    }

    /// Huge, tiny, hexadecimal, malformed, with much cancelled and with ties: thousands of answers of the real server.
    #[test]
    fn sums_are_the_real_servers() {
        let recorded = include_str!("recorded/sums.txt").lines().filter(|line| !line.starts_with('#'));
        let mut wrong = Vec::new();
        for line in recorded {
            let [a, b, answer] = line.split('|').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let ours = sum(a, b);
            if ours != answer {
                wrong.push(format!("{a} + {b} = {ours}, not {answer}"));
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }
}
