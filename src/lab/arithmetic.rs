//! Logarithm and exponential function by plain arithmetic.
//!
//! The ones of the platform differ in their last bit from one to the next, and a sampler that compares with them would
//! draw another key now and then. Adding, multiplying and dividing doubles is exact to the bit everywhere, so what is
//! made of these alone is the same natively and in WebAssembly. Right to about one part in 10^15.

/// The natural logarithm of 2 in two parts; the first has so few bits that its product with an exponent is exact.
const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

const MANTISSA_BITS: u32 = 52;
const EXPONENT_BIAS: i64 = 1023;

/// The natural logarithm; minus infinity for what has none.
///
/// A number is m × 2^e with m near 1, and ln m = 2 artanh((m − 1) / (m + 1)), whose series converges fast there.
pub fn ln(x: f64) -> f64 {
    if x < f64::MIN_POSITIVE {
        return f64::NEG_INFINITY;
    }
    let bits = x.to_bits();
    let mut exponent = (bits >> MANTISSA_BITS) as i64 - EXPONENT_BIAS;
    let one = (EXPONENT_BIAS as u64) << MANTISSA_BITS;
    let mut mantissa = f64::from_bits(bits & ((1 << MANTISSA_BITS) - 1) | one);
    if mantissa > std::f64::consts::SQRT_2 {
        (mantissa, exponent) = (mantissa / 2.0, exponent + 1);
    }
    let exponent = exponent as f64;
    exponent * LN_2_HIGH + (twice_artanh((mantissa - 1.0) / (mantissa + 1.0)) + exponent * LN_2_LOW)
}

/// ln(1 + x), without the loss of digits near 0.
pub fn ln_1p(x: f64) -> f64 {
    if x.abs() < 0.5 { twice_artanh(x / (2.0 + x)) } else { ln(1.0 + x) }
}

/// e to the power of x.
///
/// x is k ln 2 + r with r near 0: 2^k times the Taylor series of e^r.
pub fn exp(x: f64) -> f64 {
    if x > 709.0 {
        return f64::INFINITY;
    }
    if x < -708.0 {
        return 0.0;
    }
    let halvings = (x / std::f64::consts::LN_2).round();
    let rest = x - halvings * LN_2_HIGH - halvings * LN_2_LOW;
    let power = f64::from_bits(((halvings as i64 + EXPONENT_BIAS) as u64) << MANTISSA_BITS);
    (1.0 + taylor(rest)) * power
}

/// e to the power of x, less 1, without the loss of digits near 0.
pub fn exp_m1(x: f64) -> f64 {
    if x.abs() < 0.5 { taylor(x) } else { exp(x) - 1.0 }
}

/// x + x³/3 + x⁵/5 + …, twice; for |x| up to 1/3.
fn twice_artanh(x: f64) -> f64 {
    const TERMS: u32 = 17;
    let square = x * x;
    let sum = (0..TERMS).rev().fold(0.0, |sum, k| sum * square + 1.0 / f64::from(2 * k + 1));
    2.0 * x * sum
}

/// x + x²/2! + x³/3! + …; for |x| up to 1/2.
fn taylor(x: f64) -> f64 {
    const TERMS: u32 = 15;
    (1..=TERMS).rev().fold(0.0, |sum, k| (sum + 1.0) * x / f64::from(k))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(ours: f64, theirs: f64) -> bool {
        (ours - theirs).abs() <= 4e-15 * theirs.abs().max(1e-300)
    }

    #[test]
    fn they_agree_with_the_platform_to_the_last_digits() {
        for step in -7000..7000 {
            let x = f64::from(step) / 10.0 + 0.037;
            assert!(near(exp(x), x.exp()), "exp({x})");
            assert!(near(ln(x.exp()), x), "ln(exp({x}))");
            let small = x / 1e4;
            assert!(near(exp_m1(small), small.exp_m1()), "exp_m1({small})");
            assert!(near(ln_1p(small), small.ln_1p()), "ln_1p({small})");
        }
    }

    #[test]
    fn what_is_out_of_range_is_no_number_but_no_fault() {
        assert_eq!((ln(0.0), ln(-1.0)), (f64::NEG_INFINITY, f64::NEG_INFINITY));
        assert_eq!((exp(1e9), exp(-1e9)), (f64::INFINITY, 0.0));
        assert_eq!((exp(0.0), ln(1.0), exp_m1(0.0), ln_1p(0.0)), (1.0, 0.0, 0.0, 0.0));
    }
}
