//! The digits of a double by Grisu2 (Florian Loitsch, "Printing Floating-Point Numbers Quickly and Accurately with
//! Integers", PLDI 2010).
//!
//! Redis prints scores with Grisu2, which always finds digits that read back to the same double, but in about one
//! case of a thousand not the shortest ones. So the standard library's shortest printer will not do here: the same
//! algorithm must run, with the same powers of ten and the same choice among them.
//!
//! How it works: every real number between the two midpoints to the neighbouring doubles reads back as the double.
//! Scale both midpoints and the double by one cached power of ten, so that the product's binary exponent falls in a
//! narrow window and its integer part fits 32 bits. Then cut digits off the upper midpoint from the left until what
//! remains is smaller than the interval, and step the last digit down towards the double itself.
//!
//! It knows nothing of where the digits go: signs, points and exponents are [`super::double`]'s.

/// At most this many digits come out: 10 from the integer part's 32 bits bound the first loop, 17 the whole.
pub const MAX_DIGITS: usize = 20;

/// A number's significant digits: its value is `digits` as an integer times ten to the `exponent`.
#[derive(Debug)]
pub struct Decimal {
    buffer: [u8; MAX_DIGITS],
    len: usize,
    pub exponent: i32,
}

impl Decimal {
    /// ASCII digits, the first of them not 0.
    pub fn digits(&self) -> &[u8] {
        self.buffer.get(..self.len).unwrap_or(&[])
    }

    fn push(&mut self, digit: u64) {
        // Zeros in front say nothing.
        if (digit != 0 || self.len > 0)
            && let Some(place) = self.buffer.get_mut(self.len)
        {
            *place = b'0' + digit as u8;
            self.len += 1;
        }
    }

    /// Steps the last digit down while that brings the number closer to the double and stays inside the interval.
    /// All in the same unit: `rest` is how far the digits lie below the upper end, `step` is one of the last digit,
    /// `interval` the whole width, `distance` how far the double lies below the upper end.
    fn approach(&mut self, interval: u64, mut rest: u64, step: u64, distance: u64) {
        let Some(last) = self.len.checked_sub(1).and_then(|at| self.buffer.get_mut(at)) else { return };
        while rest < distance
            && interval - rest >= step
            && (rest + step < distance || distance - rest > rest + step - distance)
        {
            *last -= 1;
            rest += step;
        }
    }
}

/// A binary floating-point number with 64 bits of significand: `significand * 2^exponent`.
#[derive(Clone, Copy)]
struct Wide {
    significand: u64,
    exponent: i32,
}

impl Wide {
    /// The same number with the top bit set.
    fn normalized(self) -> Self {
        let shift = self.significand.leading_zeros();
        Self { significand: self.significand << shift, exponent: self.exponent - shift as i32 }
    }

    /// The upper 64 bits of the product, rounded.
    fn times(self, other: Self) -> Self {
        let product = u128::from(self.significand) * u128::from(other.significand) + (1 << 63);
        Self { significand: (product >> 64) as u64, exponent: self.exponent + other.exponent + 64 }
    }
}

const FRACTION_BITS: i32 = 52;
const HIDDEN_BIT: u64 = 1 << FRACTION_BITS;

/// A finite, positive double as it stands, and its two midpoints to its neighbours scaled to one exponent.
fn with_boundaries(value: f64) -> (Wide, Wide, Wide) {
    let bits = value.to_bits();
    let fraction = bits & (HIDDEN_BIT - 1);
    let biased = ((bits >> FRACTION_BITS) & 0x7FF) as i32;
    let exact = if biased == 0 {
        Wide { significand: fraction, exponent: 1 - 1023 - FRACTION_BITS }
    } else {
        Wide { significand: fraction | HIDDEN_BIT, exponent: biased - 1023 - FRACTION_BITS }
    };
    let upper = Wide { significand: (exact.significand << 1) + 1, exponent: exact.exponent - 1 }.normalized();
    // Below a power of two the doubles lie twice as dense.
    let halvings = if exact.significand == HIDDEN_BIT { 2 } else { 1 };
    let lower_exponent = exact.exponent - halvings;
    let lower = Wide {
        significand: ((exact.significand << halvings) - 1) << (lower_exponent - upper.exponent),
        exponent: upper.exponent,
    };
    (lower, exact.normalized(), upper)
}

/// The digits of a finite, positive double.
pub fn digits(value: f64) -> Decimal {
    let (lower, exact, upper) = with_boundaries(value);
    let (power, decimal_exponent) = cached_power(upper.exponent);
    let exact = exact.times(power);
    let upper = upper.times(power);
    let lower = lower.times(power);
    // Each product is off by up to one unit: stay inside the interval.
    generate(
        exact,
        lower.significand + 1,
        Wide { significand: upper.significand - 1, ..upper },
        -decimal_exponent,
    )
}

fn generate(exact: Wide, lower: u64, upper: Wide, exponent: i32) -> Decimal {
    let mut decimal = Decimal { buffer: [0; MAX_DIGITS], len: 0, exponent };
    let mut distance = upper.significand - exact.significand;
    let mut interval = upper.significand - lower;
    let point = -upper.exponent;
    let one = 1u64 << point;
    let mut integer = upper.significand >> point;
    let mut fraction = upper.significand & (one - 1);

    let mut unit = 1_000_000_000;
    for kappa in (0..10).rev() {
        decimal.push(integer / unit);
        integer %= unit;
        let rest = (integer << point) + fraction;
        if rest <= interval {
            decimal.exponent += kappa;
            decimal.approach(interval, rest, unit << point, distance);
            return decimal;
        }
        unit /= 10;
    }
    loop {
        fraction *= 10;
        interval *= 10;
        // The distance grows past 64 bits only where it no longer matters, and wraps there as the original does.
        distance = distance.wrapping_mul(10);
        decimal.exponent -= 1;
        decimal.push(fraction >> point);
        fraction &= one - 1;
        if fraction < interval {
            decimal.approach(interval, fraction, one, distance);
            return decimal;
        }
    }
}

/// Powers 10^-348, 10^-340 … 10^340: near enough to each other that one always fits the window.
const POWERS: usize = 87;
const FIRST_EXPONENT: i32 = -348;
const EXPONENT_STEP: i32 = 8;
/// Where the binary exponent of a scaled number must fall.
const WINDOW: std::ops::RangeInclusive<i32> = -60..=-32;

/// A power of ten that brings `binary_exponent` into the window, with its decimal exponent.
///
/// Two neighbours may both fit; which one is taken decides the digits in rare cases, so the search starts from the
/// same estimate as in Redis.
fn cached_power(binary_exponent: i32) -> (Wide, i32) {
    let estimate = (-f64::from(binary_exponent + POWERS as i32) * std::f64::consts::LOG10_2) as i32;
    let mut index = ((estimate - FIRST_EXPONENT) / EXPONENT_STEP).clamp(0, POWERS as i32 - 1);
    loop {
        let power = POWERS_OF_TEN[index as usize];
        let scaled = binary_exponent + power.exponent + 64;
        if scaled < *WINDOW.start() {
            index += 1;
        } else if scaled > *WINDOW.end() {
            index -= 1;
        } else {
            return (power, FIRST_EXPONENT + index * EXPONENT_STEP);
        }
    }
}

static POWERS_OF_TEN: [Wide; POWERS] = powers_of_ten();

/// 32-bit limbs of the big numbers below: enough for 2^1408 with 64 bits to spare, and for 10^340.
const LIMBS: usize = 46;
/// The big numerator that negative powers are divided out of.
const NUMERATOR_BITS: i32 = 32 * (LIMBS as i32 - 1);

/// All powers, exactly rounded: the positive ones by multiplying a big integer by 10^8 again and again, the negative
/// ones by dividing a big power of two so (the quotient of a quotient is exact under floor division).
const fn powers_of_ten() -> [Wide; POWERS] {
    // 10^-4 is the last negative power in the table and 10^4 the first positive one.
    const FIRST_POSITIVE: usize = 44;
    let mut table = [Wide { significand: 0, exponent: 0 }; POWERS];
    let mut big = [0u32; LIMBS];
    big[0] = 10_000;
    let mut index = FIRST_POSITIVE;
    while index < POWERS {
        table[index] = rounded(&big, 0);
        big = multiplied(big, 100_000_000);
        index += 1;
    }
    let mut big = [0u32; LIMBS];
    big[LIMBS - 1] = 1;
    big = divided(big, 10_000);
    let mut index = FIRST_POSITIVE;
    while index > 0 {
        index -= 1;
        table[index] = rounded(&big, -NUMERATOR_BITS);
        big = divided(big, 100_000_000);
    }
    table
}

const fn multiplied(mut big: [u32; LIMBS], by: u32) -> [u32; LIMBS] {
    let mut carry = 0u64;
    let mut limb = 0;
    while limb < LIMBS {
        carry += big[limb] as u64 * by as u64;
        big[limb] = carry as u32;
        carry >>= 32;
        limb += 1;
    }
    big
}

const fn divided(mut big: [u32; LIMBS], by: u32) -> [u32; LIMBS] {
    let mut rest = 0u64;
    let mut limb = LIMBS;
    while limb > 0 {
        limb -= 1;
        rest = (rest << 32) | big[limb] as u64;
        big[limb] = (rest / by as u64) as u32;
        rest %= by as u64;
    }
    big
}

/// The big number times `2^exponent`, to the nearest 64 bits.
const fn rounded(big: &[u32; LIMBS], exponent: i32) -> Wide {
    let mut top = LIMBS - 1;
    while top > 0 && big[top] == 0 {
        top -= 1;
    }
    // The four highest limbs hold the 64 bits wanted and more than 32 below them.
    let mut window = 0u128;
    let mut taken = 0;
    while taken < 4 {
        window = (window << 32) | if top >= taken { big[top - taken] as u128 } else { 0 };
        taken += 1;
    }
    let shift = window.leading_zeros();
    window <<= shift;
    let mut significand = (window >> 64) as u64;
    let mut exponent = exponent + 32 * (top as i32 - 3) + 64 - shift as i32;
    if window & (1 << 63) != 0 {
        significand = significand.wrapping_add(1);
        if significand == 0 {
            significand = 1 << 63;
            exponent += 1;
        }
    }
    Wide { significand, exponent }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_normalized_and_evenly_spaced() {
        for (index, power) in POWERS_OF_TEN.iter().enumerate() {
            let decimal = FIRST_EXPONENT + index as i32 * EXPONENT_STEP;
            assert!(power.significand >> 63 == 1, "10^{decimal}");
            let binary = f64::from(power.exponent) + (power.significand as f64).log2();
            assert!((binary - f64::from(decimal) * std::f64::consts::LOG2_10).abs() < 1e-9, "10^{decimal}");
        }
        // The ends and the middle, as the paper's authors and others list them.
        assert_eq!(POWERS_OF_TEN[0].significand, 0xFA8F_D5A0_081C_0288);
        assert_eq!(POWERS_OF_TEN[0].exponent, -1220);
        assert_eq!(POWERS_OF_TEN[44].significand, 10_000 << 50);
        assert_eq!(POWERS_OF_TEN[86].exponent, 1066);
    }

    #[test]
    fn every_power_of_two_and_its_neighbours_read_back() {
        for exponent in 0..2046u64 {
            for offset in [0, 1, u64::MAX] {
                let value = f64::from_bits(((exponent << 52) + (1 << 52)).wrapping_add(offset));
                let decimal = digits(value);
                let text = format!("{}e{}", String::from_utf8_lossy(decimal.digits()), decimal.exponent);
                assert_eq!(text.parse(), Ok(value), "{text}");
            }
        }
    }
}
