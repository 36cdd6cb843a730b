//! Numbers as text: read as C's `strtod` reads them, written as `%.14g` writes them.
//!
//! It knows nothing of values.

/// A number in the whole of a text but for space around it: decimal, hexadecimal (with a binary exponent, too), infinity
/// and NaN by name. To C, the text ends at its first zero byte.
pub fn parse(text: &[u8]) -> Option<f64> {
    let text = trim(text.split(|byte| *byte == 0).next().unwrap_or_default());
    let (is_negative, digits) = match text.split_first()? {
        (b'-', rest) => (true, rest),
        (b'+', rest) => (false, rest),
        _ => (false, text),
    };
    let number = match digits {
        [b'0', b'x' | b'X', rest @ ..] => hexadecimal(rest)?,
        _ => decimal(digits)?,
    };
    Some(if is_negative { -number } else { number })
}

/// Without C's space around it.
pub fn trim(text: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c);
    let start = text.iter().position(|byte| !is_space(byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|byte| !is_space(byte)).map_or(start, |last| last + 1);
    &text[start..end]
}

fn decimal(digits: &[u8]) -> Option<f64> {
    let is_named = |name: &str| digits.eq_ignore_ascii_case(name.as_bytes());
    if is_named("inf") || is_named("infinity") {
        return Some(f64::INFINITY);
    }
    if is_named("nan") || is_nan_with_tag(digits) {
        return Some(f64::NAN);
    }
    // Rust takes words of its own for what is no number; a digit or a point begins every number of C's.
    if !matches!(digits.first()?, b'0'..=b'9' | b'.') {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// `nan(…)`, which C reads, whatever stands between.
fn is_nan_with_tag(digits: &[u8]) -> bool {
    let Some((name, rest)) = digits.split_at_checked(4) else { return false };
    let Some((b')', tag)) = rest.split_last() else { return false };
    name.eq_ignore_ascii_case(b"nan(") && tag.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

fn hexadecimal(digits: &[u8]) -> Option<f64> {
    let (mantissa, exponent) = match digits.iter().position(|byte| matches!(byte, b'p' | b'P')) {
        Some(at) => (&digits[..at], binary_exponent(&digits[at + 1..])?),
        None => (digits, 0),
    };
    let mut bits: u64 = 0;
    let mut shift: i64 = 0;
    let mut is_behind_point = false;
    let mut has_digit = false;
    for byte in mantissa {
        if *byte == b'.' && !is_behind_point {
            is_behind_point = true;
            continue;
        }
        let digit = char::from(*byte).to_digit(16)?;
        has_digit = true;
        if bits >> 59 == 0 {
            bits = bits << 4 | u64::from(digit);
            shift -= if is_behind_point { 4 } else { 0 };
        } else {
            // Only whether anything follows matters, for rounding.
            bits |= u64::from(digit != 0);
            shift += if is_behind_point { 0 } else { 4 };
        }
    }
    has_digit.then(|| scale(bits as f64, shift.saturating_add(exponent)))
}

fn binary_exponent(text: &[u8]) -> Option<i64> {
    let digits = text.strip_prefix(b"+").or_else(|| text.strip_prefix(b"-")).unwrap_or(text);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // An exponent that is out of reach is as good as the furthest.
    let exponent = digits.iter().fold(0_i64, |sum, digit| (sum * 10 + i64::from(digit - b'0')).min(1 << 40));
    Some(if text.starts_with(b"-") { -exponent } else { exponent })
}

/// `number · 2^exponent`, in steps that do not leave the range on the way.
pub fn scale(mut number: f64, exponent: i64) -> f64 {
    let mut exponent = exponent.clamp(-5_000, 5_000);
    while exponent > 0 {
        let step = exponent.min(1_000);
        number *= 2_f64.powi(step as i32);
        exponent -= step;
    }
    while exponent < 0 {
        let step = (-exponent).min(1_000);
        number /= 2_f64.powi(step as i32);
        exponent += step;
    }
    number
}

/// A number as `%.14g` writes it: how Lua makes a string of one.
pub fn print(number: f64) -> Vec<u8> {
    let mut text = Vec::new();
    if number.fract() == 0.0 && number.abs() < 1e14 && (number != 0.0 || number.is_sign_positive()) {
        // By far the most of them.
        text.extend_from_slice((number as i64).to_string().as_bytes());
        return text;
    }
    general(number, 14, false, false, &mut text);
    text
}

/// As C's `%g` with a precision: the shorter of the two notations, without trailing zeros unless `keeps_zeros`.
pub fn general(number: f64, precision: usize, keeps_zeros: bool, is_upper: bool, to: &mut Vec<u8>) {
    if !number.is_finite() {
        return special(number, is_upper, to);
    }
    let precision = precision.max(1);
    let scientific = format!("{number:.*e}", precision - 1);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i64 = exponent.parse().unwrap_or(0);
    let trimmed = |digits: &str| {
        let has_point = digits.contains('.');
        if keeps_zeros || !has_point {
            digits.to_owned()
        } else {
            digits.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
    };
    // Where only rounding made the number too large for the plain notation, glibc forgets the zeros it was to keep.
    let is_carried = exponent == precision as i64 && number.abs() < 10_f64.powi(exponent as i32);
    if is_carried && keeps_zeros {
        to.extend_from_slice(if number < 0.0 { b"-1." } else { b"1." });
        write_exponent(exponent, is_upper, to);
    } else if exponent < -4 || exponent >= precision as i64 {
        to.extend_from_slice(trimmed(mantissa).as_bytes());
        if keeps_zeros && !mantissa.contains('.') {
            to.push(b'.');
        }
        write_exponent(exponent, is_upper, to);
    } else {
        let places = (precision as i64 - 1 - exponent) as usize;
        let fixed = format!("{number:.places$}");
        to.extend_from_slice(trimmed(&fixed).as_bytes());
        if keeps_zeros && places == 0 {
            to.push(b'.');
        }
    }
}

/// As C's `%e`.
pub fn scientific(number: f64, precision: usize, keeps_point: bool, is_upper: bool, to: &mut Vec<u8>) {
    if !number.is_finite() {
        return special(number, is_upper, to);
    }
    let text = format!("{number:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    to.extend_from_slice(mantissa.as_bytes());
    if keeps_point && precision == 0 {
        to.push(b'.');
    }
    write_exponent(exponent.parse().unwrap_or(0), is_upper, to);
}

/// As C's `%f`.
pub fn fixed(number: f64, precision: usize, keeps_point: bool, is_upper: bool, to: &mut Vec<u8>) {
    if !number.is_finite() {
        return special(number, is_upper, to);
    }
    to.extend_from_slice(format!("{number:.precision$}").as_bytes());
    if keeps_point && precision == 0 {
        to.push(b'.');
    }
}

fn write_exponent(exponent: i64, is_upper: bool, to: &mut Vec<u8>) {
    to.push(if is_upper { b'E' } else { b'e' });
    to.push(if exponent < 0 { b'-' } else { b'+' });
    to.extend_from_slice(format!("{:02}", exponent.abs()).as_bytes());
}

fn special(number: f64, is_upper: bool, to: &mut Vec<u8>) {
    let name = if number.is_nan() { "nan" } else { "inf" };
    if number.is_sign_negative() {
        to.push(b'-');
    }
    to.extend(name.bytes().map(|byte| if is_upper { byte.to_ascii_uppercase() } else { byte }));
}
