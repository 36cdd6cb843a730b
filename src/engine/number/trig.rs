//! Sine, cosine and arc sine, rounded correctly: the double next to the true value.
//!
//! A platform's own functions differ from platform to platform in the last digit, and a run must be the same everywhere.
//! Here each is a short series on pairs of doubles, which hold twice the digits, with nothing but additions and
//! products, which IEEE 754 defines to the bit. Angles are in radians and at most a turn either way: what points on a
//! globe need. It knows nothing of globes.

use std::f64::consts::{FRAC_2_PI, FRAC_PI_2};

/// A quarter turn in three parts, so that what is left of an angle near a multiple of it keeps its digits.
const QUARTER: [f64; 3] = [FRAC_PI_2, 6.123_233_995_736_766e-17, -1.497_384_904_859_169_8e-33];

/// A number as the sum of two doubles, the second below half a unit in the last place of the first.
#[derive(Clone, Copy, Debug)]
struct Pair {
    high: f64,
    low: f64,
}

/// The exact sum of two doubles.
fn sum(a: f64, b: f64) -> Pair {
    let high = a + b;
    let shifted = high - a;
    Pair { high, low: (a - (high - shifted)) + (b - shifted) }
}

/// The same where the first is the greater.
fn ordered_sum(a: f64, b: f64) -> Pair {
    let high = a + b;
    Pair { high, low: b - (high - a) }
}

/// The exact product of two doubles that are far from overflow.
fn product(a: f64, b: f64) -> Pair {
    let high = a * b;
    let ((a1, a2), (b1, b2)) = (halves(a), halves(b));
    Pair { high, low: ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2 }
}

/// A double as the sum of two with half as many digits each.
fn halves(a: f64) -> (f64, f64) {
    const SPLITTER: f64 = 134_217_729.0;
    let scaled = SPLITTER * a;
    let upper = scaled - (scaled - a);
    (upper, a - upper)
}

impl Pair {
    const fn new(high: f64, low: f64) -> Self {
        Self { high, low }
    }

    fn add(self, other: Self) -> Self {
        let (upper, lower) = (sum(self.high, other.high), sum(self.low, other.low));
        let upper = ordered_sum(upper.high, upper.low + lower.high);
        ordered_sum(upper.high, upper.low + lower.low)
    }

    fn times(self, other: Self) -> Self {
        let whole = product(self.high, other.high);
        ordered_sum(whole.high, whole.low + (self.high * other.low + self.low * other.high))
    }

    fn negated(self) -> Self {
        Self { high: -self.high, low: -self.low }
    }

    /// Exact, being a power of two.
    fn doubled(self) -> Self {
        Self { high: 2.0 * self.high, low: 2.0 * self.low }
    }

    fn rounded(self) -> f64 {
        self.high + self.low
    }
}

/// The first coefficients of a series, which need all digits, and those of the small terms, which do not.
struct Series {
    head: [Pair; 3],
    tail: [f64; 8],
}

/// `1/k!` with alternating signs, for the odd powers from the third on.
const SINE: Series = Series {
    head: [
        Pair::new(-0.166_666_666_666_666_66, -9.251_858_538_542_97e-18),
        Pair::new(0.008_333_333_333_333_333, 1.156_482_317_317_871_4e-19),
        Pair::new(-0.000_198_412_698_412_698_4, -1.720_955_829_342_070_5e-22),
    ],
    tail: [
        2.755_731_922_398_589_3e-6,
        -2.505_210_838_544_172e-8,
        1.605_904_383_682_161_3e-10,
        -7.647_163_731_819_816e-13,
        2.811_457_254_345_520_6e-15,
        -8.220_635_246_624_33e-18,
        1.957_294_106_339_126_3e-20,
        -3.868_170_170_630_684e-23,
    ],
};

/// The same for the even powers from the second on.
const COSINE: Series = Series {
    head: [
        Pair::new(-0.5, 0.0),
        Pair::new(0.041_666_666_666_666_664, 2.312_964_634_635_742_7e-18),
        Pair::new(-0.001_388_888_888_888_889, 5.300_543_954_373_577e-20),
    ],
    tail: [
        2.480_158_730_158_73e-5,
        -2.755_731_922_398_589e-7,
        2.087_675_698_786_81e-9,
        -1.147_074_559_772_972_5e-11,
        4.779_477_332_387_385e-14,
        -1.561_920_696_858_622_6e-16,
        4.110_317_623_312_165e-19,
        -8.896_791_392_450_574e-22,
    ],
};

impl Series {
    /// The series divided by its first power, at a square.
    fn at(&self, square: Pair) -> Pair {
        let tail = self.tail.iter().rev().fold(0.0, |value, term| value * square.high + term);
        let start = product(tail, square.high);
        let [first, second, third] = self.head;
        third.add(start).times(square).add(second).times(square).add(first)
    }
}

/// The sine of an angle of at most an eighth of a turn.
fn small_sine(angle: Pair) -> Pair {
    let square = angle.times(angle);
    angle.add(angle.times(square).times(SINE.at(square)))
}

fn small_cosine(angle: Pair) -> Pair {
    let square = angle.times(angle);
    Pair::new(1.0, 0.0).add(square.times(COSINE.at(square)))
}

/// The number of quarter turns next to an angle, and what is left.
fn quarters(angle: f64) -> (i32, Pair) {
    let count = (angle * FRAC_2_PI).round();
    let left = QUARTER.iter().fold(Pair::new(angle, 0.0), |left, part| left.add(product(-count, *part)));
    (count as i32, left)
}

pub fn sin(angle: f64) -> f64 {
    let (count, left) = quarters(angle);
    let value = match count.rem_euclid(4) {
        0 => small_sine(left),
        1 => small_cosine(left),
        2 => small_sine(left).negated(),
        _ => small_cosine(left).negated(),
    };
    value.rounded()
}

pub fn cos(angle: f64) -> f64 {
    let (count, left) = quarters(angle);
    let value = match count.rem_euclid(4) {
        0 => small_cosine(left),
        1 => small_sine(left).negated(),
        2 => small_cosine(left).negated(),
        _ => small_sine(left),
    };
    value.rounded()
}

/// The arc sine of a number from 0 to 1; of others not a number.
pub fn asin(number: f64) -> f64 {
    if !(0.0..=1.0).contains(&number) {
        return f64::NAN;
    }
    if number <= 0.5 {
        return small_arc_sine(Pair::new(number, 0.0)).rounded();
    }
    // asin x = π/2 - 2 asin √((1-x)/2), where the difference and its half are exact.
    let half = (1.0 - number) / 2.0;
    let quarter = Pair::new(QUARTER[0], QUARTER[1]);
    if half == 0.0 {
        return quarter.rounded();
    }
    let root = half.sqrt();
    let missing = Pair::new(half, 0.0).add(product(root, root).negated());
    let root = ordered_sum(root, missing.high / (2.0 * root));
    quarter.add(small_arc_sine(root).doubled().negated()).rounded()
}

/// The arc sine of a number up to one half: a series gives it to within a double's digits, and one step of Newton's
/// method, with the sine of what was found, doubles them.
fn small_arc_sine(number: Pair) -> Pair {
    const TERMS: [f64; 22] = [
        1.0,
        0.166_666_666_666_666_66,
        0.075,
        0.044_642_857_142_857_144,
        0.030_381_944_444_444_444,
        0.022_372_159_090_909_092,
        0.017_352_764_423_076_924,
        0.013_964_843_75,
        0.011_551_800_896_139_705,
        0.009_761_609_529_194_078,
        0.008_390_335_809_616_815,
        0.007_312_525_873_598_845_4,
        0.006_447_210_311_889_649,
        0.005_740_037_670_841_924,
        0.005_153_309_682_319_905,
        0.004_660_143_486_915_096,
        0.004_240_907_093_679_363,
        0.003_880_964_558_837_669,
        0.003_569_205_393_825_934_7,
        0.003_297_059_503_473_485,
        0.003_057_821_649_258_030_6,
        0.002_846_178_401_108_942,
    ];
    let square = number.high * number.high;
    let guess = number.high * TERMS.iter().rev().fold(0.0, |value, term| value * square + term);
    let missing = number.add(small_sine(Pair::new(guess, 0.0)).negated());
    ordered_sum(guess, missing.high / (1.0 - square).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each is the double next to the true value, computed with 60 digits.
    #[test]
    fn values_are_rounded_correctly() {
        let rows = [
            (1e-09, 1e-09, 1.0, 1e-09, 1e-09),
            (
                -0.816_681_554_078_062_5,
                -0.728_877_893_983_069_5,
                0.684_643_714_396_623_4,
                0.999_999_999_999_999_9,
                1.570_796_311_893_735_4,
            ),
            (
                0.789_523_509_798_579_3,
                0.710_017_816_393_738_2,
                0.704_183_712_111_738_6,
                0.065_528_859_239_813_11,
                0.065_575_847_255_288_69,
            ),
            (
                -3.057_305_013_035_390_5,
                -0.084_187_873_725_402_25,
                -0.996_449_899_351_490_6,
                0.837_469_082_096_46,
                0.992_635_383_803_760_7,
            ),
            (
                -1.511_256_790_020_112_2,
                -0.998_228_045_331_626_3,
                0.059_504_365_498_681_044,
                0.234_330_961_046_696_37,
                0.236_530_310_344_530_81,
            ),
            (
                3.112_649_567_005_706,
                0.028_939_045_805_160_567,
                -0.999_581_178_108_054_8,
                0.470_263_507_522_447_94,
                0.489_589_337_548_380_24,
            ),
            (
                2.112_977_914_003_161_5,
                0.856_585_008_695_417_4,
                -0.516_005_932_987_472_2,
                0.476_353_208_699_334_95,
                0.496_502_433_048_557_57,
            ),
            (
                0.873_347_922_617_336_6,
                0.766_483_478_855_113_4,
                0.642_264_024_091_465_8,
                0.150_616_424_023_523_93,
                0.151_191_780_364_204_66,
            ),
        ];
        for (angle, sine, cosine, number, arc_sine) in rows {
            assert_eq!((sin(angle), cos(angle), asin(number)), (sine, cosine, arc_sine), "{angle} {number}");
        }
    }

    #[test]
    fn near_a_half_turn_no_digit_is_lost() {
        assert_eq!(sin(std::f64::consts::PI), 1.224_646_799_147_353_2e-16);
        assert_eq!(cos(FRAC_PI_2), 6.123_233_995_736_766e-17);
        assert_eq!((sin(0.0), cos(0.0), asin(0.0), asin(1.0)), (0.0, 1.0, 0.0, FRAC_PI_2));
        assert!(asin(1.000_000_000_000_000_2).is_nan() && asin(f64::NAN).is_nan());
        assert_eq!((sin(5e-324), asin(1e-300)), (5e-324, 1e-300));
    }
}
