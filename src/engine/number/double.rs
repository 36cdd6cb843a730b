//! Doubles as Redis writes and reads them.
//!
//! Writing: whole numbers as integers, everything else by Grisu2 ([`super::grisu`]) with Redis's rules for the point and
//! the exponent. Reading: two dialects, because the server has two. A score, increment or weight is read strictly
//! ([`parse_score`]); the ends of a score range are read by a laxer routine ([`parse_bound`]).
//!
//! It knows no commands: what a text that is no number leads to is the caller's.

use super::grisu;

/// Whole numbers up to here are written as integers, all digits shown.
const INTEGER_LIMIT: f64 = (i64::MAX / 2) as f64;

/// The number as an integer, where Redis treats it as one. Minus zero counts as zero here.
pub fn as_integer(value: f64) -> Option<i64> {
    let whole = (-INTEGER_LIMIT..=INTEGER_LIMIT).contains(&value) && value.trunc() == value;
    whole.then_some(value as i64)
}

/// The text of a double in a reply.
pub fn format(value: f64) -> String {
    match as_integer(value) {
        Some(integer) if value != 0.0 => integer.to_string(),
        _ => shortest(value),
    }
}

/// The text with the fewest digits that tell the number, with an exponent where a whole number ends with many zeros.
pub fn shortest(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    if value == 0.0 {
        return if value.is_sign_negative() { "-0" } else { "0" }.to_owned();
    }
    let decimal = grisu::digits(value.abs());
    let sign = if value < 0.0 { "-" } else { "" };
    layout(sign, decimal.digits(), decimal.exponent)
}

/// Places the point, or an exponent where the number is too long without.
fn layout(sign: &str, digits: &[u8], exponent: i32) -> String {
    let text = String::from_utf8_lossy(digits);
    let count = digits.len() as i32;
    // The exponent that the number has with one digit before the point.
    let scientific = exponent + count - 1;
    let magnitude = scientific.abs();
    if exponent >= 0 && magnitude < count + 7 {
        return format!("{sign}{text}{}", "0".repeat(exponent as usize));
    }
    if exponent < 0 && (exponent > -7 || magnitude < 4) {
        let before_point = count + exponent;
        if before_point <= 0 {
            return format!("{sign}0.{}{text}", "0".repeat(-before_point as usize));
        }
        let (whole, fraction) = text.split_at(before_point as usize);
        return format!("{sign}{whole}.{fraction}");
    }
    let (first, rest) = text.split_at(text.len().min(1));
    let point = if rest.is_empty() { "" } else { "." };
    let direction = if scientific < 0 { '-' } else { '+' };
    format!("{sign}{first}{point}{rest}e{direction}{magnitude}")
}

/// The text as C's `%.17g` writes it: 17 significant digits, rounded exactly, without zeros at the end. Some commands
/// of Redis still write scores this way.
pub fn format_17_digits(value: f64) -> String {
    if !value.is_finite() || value == 0.0 {
        return format(value);
    }
    let scientific = format!("{:.16e}", value.abs());
    let (significand, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits: String = significand.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    let sign = if value < 0.0 { "-" } else { "" };
    let count = digits.len() as i32;
    match exponent {
        0..17 if exponent + 1 >= count => {
            format!("{sign}{digits}{}", "0".repeat((exponent + 1 - count) as usize))
        }
        0..17 => {
            let (whole, fraction) = digits.split_at(exponent as usize + 1);
            format!("{sign}{whole}.{fraction}")
        }
        -4..0 => format!("{sign}0.{}{digits}", "0".repeat((-exponent - 1) as usize)),
        _ => {
            let (first, rest) = digits.split_at(digits.len().min(1));
            let point = if rest.is_empty() { "" } else { "." };
            let direction = if exponent < 0 { '-' } else { '+' };
            format!("{sign}{first}{point}{rest}e{direction}{:02}", exponent.abs())
        }
    }
}

/// A score, increment or weight: a whole text that is a number other than NaN and inside a double's range.
///
/// Decimal, `inf`, `infinity` in any case, and C's hexadecimal floats. What overflows to infinity or underflows to zero
/// is no number.
pub fn parse_score(text: &[u8]) -> Option<f64> {
    parse_decimal(text).map_or_else(|| parse_hexadecimal(text), Decimal::in_range)
}

/// An end of a score range, without the `(`: decimal only, cut at a NUL byte as C cuts it, out-of-range values taken as
/// infinity or zero, and nothing at all taken as zero.
pub fn parse_bound(text: &[u8]) -> Option<f64> {
    let text = text.split(|&byte| byte == 0).next().unwrap_or_default();
    if text.is_empty() {
        return Some(0.0);
    }
    parse_decimal(text).map(|decimal| decimal.value)
}

struct Decimal {
    value: f64,
    /// The text is not zero, and is within a double's range only if the value is neither zero nor infinite.
    finite_nonzero: bool,
}

impl Decimal {
    fn in_range(self) -> Option<f64> {
        let lost = self.finite_nonzero && (self.value == 0.0 || self.value.is_infinite());
        (!lost).then_some(self.value)
    }
}

fn parse_decimal(text: &[u8]) -> Option<Decimal> {
    let value: f64 = std::str::from_utf8(text).ok()?.parse().ok()?;
    if value.is_nan() {
        return None;
    }
    let significand = text.split(|byte| matches!(byte, b'e' | b'E')).next().unwrap_or_default();
    Some(Decimal { value, finite_nonzero: significand.iter().any(|byte| (b'1'..=b'9').contains(byte)) })
}

/// `[+-]0x` hexadecimal digits with at most one point, then an optional `p` and a power of two.
fn parse_hexadecimal(text: &[u8]) -> Option<f64> {
    let (negative, text) = match text.split_first()? {
        (b'-', rest) => (true, rest),
        (b'+', rest) => (false, rest),
        _ => (false, text),
    };
    let text = text.strip_prefix(b"0x").or_else(|| text.strip_prefix(b"0X"))?;
    let mut parts = text.splitn(2, |byte| matches!(byte, b'p' | b'P'));
    let (significand, mut exponent) = hexadecimal_significand(parts.next()?)?;
    if let Some(power) = parts.next() {
        exponent = exponent.saturating_add(power_of_two(power)?);
    }
    let magnitude = scale(significand, exponent);
    let lost = significand != 0 && (magnitude == 0.0 || magnitude.is_infinite());
    (!lost).then_some(if negative { -magnitude } else { magnitude })
}

/// So many bits of a hexadecimal significand are kept: more than twice what a double holds.
const SIGNIFICAND_BITS: i64 = 120;

/// The digits as an integer and the power of two to scale it by. Digits past the bits kept leave their trace in the
/// lowest one, which is enough to round by.
fn hexadecimal_significand(text: &[u8]) -> Option<(u128, i64)> {
    let (mut significand, mut exponent) = (0u128, 0i64);
    let (mut digits, mut after_point) = (0, false);
    for &byte in text {
        if byte == b'.' && !after_point {
            after_point = true;
            continue;
        }
        let digit = u128::from((byte as char).to_digit(16)?);
        digits += 1;
        if significand >> (SIGNIFICAND_BITS - 4) == 0 {
            significand = (significand << 4) | digit;
            exponent -= if after_point { 4 } else { 0 };
        } else {
            significand |= u128::from(digit != 0);
            exponent += if after_point { 0 } else { 4 };
        }
    }
    (digits > 0).then_some((significand, exponent))
}

fn power_of_two(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text.split_first()? {
        (b'-', rest) => (true, rest),
        (b'+', rest) => (false, rest),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = digits.iter().fold(0i64, |value, digit| (value * 10 + i64::from(digit - b'0')).min(1 << 40));
    Some(if negative { -value } else { value })
}

/// `significand * 2^exponent`, rounded once, to the nearest, ties to even.
fn scale(significand: u128, exponent: i64) -> f64 {
    if significand == 0 {
        return 0.0;
    }
    let top = exponent.saturating_add(127 - i64::from(significand.leading_zeros()));
    if top > 1023 {
        return f64::INFINITY;
    }
    // The weight of the last bit a double of this size keeps.
    let last = (top - 52).max(-1074);
    let dropped = last - exponent;
    if dropped > SIGNIFICAND_BITS {
        return 0.0;
    }
    let kept = if dropped <= 0 {
        significand << -dropped
    } else {
        let floor = significand >> dropped;
        let rest = significand & ((1 << dropped) - 1);
        let half = 1 << (dropped - 1);
        floor + u128::from(rest > half || (rest == half && floor & 1 == 1))
    };
    // `kept` is exact as a double, and the smallest powers of two have to be applied in two exact steps.
    let first = last.max(-1000);
    kept as f64 * two_to(first) * two_to(last - first)
}

/// `2^exponent`, for exponents of normal doubles.
fn two_to(exponent: i64) -> f64 {
    f64::from_bits(((exponent + 1023) as u64) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded from a real server: a score as given, and as `ZSCORE` answers it.
    const RECORDED: &[(&str, &str)] = &[
        ("0", "0"),
        ("-0", "-0"),
        ("1", "1"),
        ("-1", "-1"),
        ("1.5", "1.5"),
        ("0.1", "0.1"),
        ("0.2", "0.2"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("0.001", "0.001"),
        ("0.0001", "0.0001"),
        ("0.00001", "0.00001"),
        ("1e-6", "0.000001"),
        ("1e-7", "1e-7"),
        ("1.5e-7", "1.5e-7"),
        ("1.25e-5", "1.25e-5"),
        ("123456.789e-10", "1.23456789e-5"),
        ("1e17", "100000000000000000"),
        ("4611686018427387904", "4611686018427387904"),
        ("4611686018427388928", "4611686018427389000"),
        ("-4611686018427387904", "-4611686018427387904"),
        ("5e18", "5e+18"),
        ("1e19", "1e+19"),
        ("12345678901234567890", "12345678901234567000"),
        ("1e20", "1e+20"),
        ("1e21", "1e+21"),
        ("1e22", "1e+22"),
        ("1e23", "99999999999999990000000"),
        ("1.5e300", "1.5e+300"),
        ("100000000000000000000000", "99999999999999990000000"),
        ("3.14159265358979", "3.14159265358979"),
        ("1e100", "1e+100"),
        ("1.2e99", "1.2e+99"),
        ("1e-99", "1e-99"),
        ("1.2e-100", "1.2e-100"),
        ("5e-324", "5e-324"),
        ("2.2250738585072014e-308", "2.2250738585072014e-308"),
        ("2.2250738585072009e-308", "2.225073858507201e-308"),
        ("1.7976931348623157e308", "1.7976931348623157e+308"),
        ("-1.5", "-1.5"),
        ("-0.25e-9", "-2.5e-10"),
        ("inf", "inf"),
        ("-inf", "-inf"),
        ("1.644344997834394e-41", "1.6443449978343939e-41"),
        ("-6.16627648493024e+260", "-6.166276484930239e+260"),
        ("8.40704e+24", "8.407039999999999e+24"),
        ("-2.767396502542856e+124", "-2.7673965025428562e+124"),
        ("-7.622947983742953e-258", "-7.6229479837429535e-258"),
        ("-3.9187752692862e+110", "-3.9187752692861997e+110"),
        ("1.675180410534828e-308", "1.6751804105348278e-308"),
        ("7.4805e+31", "7.4805000000000004e+31"),
        ("1.769081074364e+42", "1.7690810743639998e+42"),
        ("9007199254740993", "9007199254740992"),
        ("0.3", "0.3"),
        ("2.675", "2.675"),
        ("1e15", "1000000000000000"),
        ("123456789.125", "123456789.125"),
        ("33.3333333333333357", "33.333333333333336"),
        ("4.35", "4.35"),
        ("1234567890.1234567", "1.2345678901234567e+9"),
        ("99999999999999999999", "1e+20"),
    ];

    #[test]
    fn formats_as_recorded() {
        for (given, printed) in RECORDED {
            assert_eq!(parse_score(given.as_bytes()).map(format).as_deref(), Some(*printed), "{given}");
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let mut bits = 1u64;
        for _ in 0..20_000 {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let value = f64::from_bits(bits);
            if value.is_finite() {
                let text = format(value);
                assert_eq!(parse_score(text.as_bytes()), Some(value), "{text}");
            }
        }
    }

    #[test]
    fn scores_are_read_strictly() {
        for (text, value) in [
            ("INF", f64::INFINITY),
            ("+Infinity", f64::INFINITY),
            ("-inf", f64::NEG_INFINITY),
            ("5.", 5.0),
            ("+.5", 0.5),
            ("1e-320", 1e-320),
            ("0e999999999999", 0.0),
            ("0X1p4", 16.0),
            ("-0x1.8", -1.5),
            ("0x1p-1074", 5e-324),
            ("0x1.00000000000008", 1.0),
            ("0x1.000000000000080000000000000000000001", 1.000_000_000_000_000_2),
        ] {
            assert_eq!(parse_score(text.as_bytes()), Some(value), "{text}");
        }
        for text in [
            "",
            " ",
            " 1",
            "1 ",
            "1\0",
            "nan",
            "-nan",
            "nan(12)",
            "infinit",
            "1e",
            "1e+",
            ".",
            "-.",
            "+-1",
            "1_0",
            "1f",
            "0x",
            "0x.",
            "0xg",
            "0x1p",
            "0x1p2000",
            "0x1p-1075",
            "1e400",
            "-1e400",
            "2e-324",
            "1.7976931348623159e308",
        ] {
            assert_eq!(parse_score(text.as_bytes()), None, "{text:?}");
        }
    }

    #[test]
    fn bounds_are_read_as_c_strings() {
        for (text, value) in [
            ("", 0.0),
            ("\0", 0.0),
            ("1\x002", 1.0),
            ("1e400", f64::INFINITY),
            ("-1e400", f64::NEG_INFINITY),
            ("2e-324", 0.0),
        ] {
            assert_eq!(parse_bound(text.as_bytes()), Some(value), "{text:?}");
        }
        for text in [" 1", "nan", "0x10", "(1", "1e", "x"] {
            assert_eq!(parse_bound(text.as_bytes()), None, "{text:?}");
        }
    }
}
