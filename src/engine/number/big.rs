//! Natural numbers of any size, with the few operations that reading and writing an [`Extended`](super::Extended)
//! takes. It knows nothing of texts or floats.

/// A natural number: 64-bit limbs, the lowest first, none of the highest being zero.
#[derive(Clone, Debug, Default)]
pub struct Natural {
    limbs: Vec<u64>,
}

impl Natural {
    /// Multiplies by a factor and adds a term.
    pub fn scale_and_add(&mut self, factor: u64, term: u64) {
        let mut carry = u128::from(term);
        for limb in &mut self.limbs {
            let product = u128::from(*limb) * u128::from(factor) + carry;
            *limb = product as u64;
            carry = product >> 64;
        }
        if carry > 0 {
            self.limbs.push(carry as u64);
        }
    }

    /// Multiplies by `base` as often as `times` says.
    pub fn scale_by_power(&mut self, base: u64, times: u32) {
        let (chunk, exponent) = largest_power(base);
        for _ in 0..times / exponent {
            self.scale_and_add(chunk, 0);
        }
        self.scale_and_add(base.pow(times % exponent), 0);
    }

    /// Divides by a divisor, rounding down, and gives the remainder.
    pub fn divide(&mut self, divisor: u64) -> u64 {
        let divisor = u128::from(divisor);
        let mut remainder = 0;
        for limb in self.limbs.iter_mut().rev() {
            let dividend = remainder << 64 | u128::from(*limb);
            *limb = (dividend / divisor) as u64;
            remainder = dividend % divisor;
        }
        while self.limbs.last() == Some(&0) {
            self.limbs.pop();
        }
        remainder as u64
    }

    /// Divides by `base` as often as `times` says, rounding down, and tells whether anything was lost.
    pub fn divide_by_power(&mut self, base: u64, times: u32) -> bool {
        let (chunk, exponent) = largest_power(base);
        let mut lost = false;
        for _ in 0..times / exponent {
            lost |= self.divide(chunk) != 0;
        }
        lost | (self.divide(base.pow(times % exponent)) != 0)
    }

    /// Multiplies by two to the 64, `times` times.
    pub fn shift_limbs(&mut self, times: usize) {
        if !self.limbs.is_empty() {
            self.limbs.splice(0..0, std::iter::repeat_n(0, times));
        }
    }

    pub fn is_zero(&self) -> bool {
        self.limbs.is_empty()
    }

    pub fn bits(&self) -> u32 {
        self.limbs.last().map_or(0, |top| self.limbs.len() as u32 * 64 - top.leading_zeros())
    }

    /// The number as `top × 2^exponent`, the top rounded down to 128 bits, and whether anything was lost.
    pub fn top(&self) -> (u128, i32, bool) {
        let count = self.limbs.len();
        let limb = |from_top: usize| {
            let at = count.checked_sub(from_top + 1);
            u128::from(at.and_then(|at| self.limbs.get(at)).copied().unwrap_or(0))
        };
        let spare = limb(0).leading_zeros() - 64;
        if count <= 2 {
            return (if count == 2 { limb(0) << 64 | limb(1) } else { limb(0) }, 0, false);
        }
        let below = limb(2) << spare;
        let top = (limb(0) << 64 | limb(1)) << spare | below >> 64;
        let lower = self.limbs.iter().take(count - 3);
        let lost = below as u64 != 0 || lower.copied().any(|limb| limb != 0);
        (top, (count as i32 - 2) * 64 - spare as i32, lost)
    }

    /// The decimal digits.
    pub fn into_decimal(mut self) -> String {
        let (chunk, digits) = largest_power(10);
        let mut groups = Vec::new();
        while !self.is_zero() {
            groups.push(self.divide(chunk));
        }
        let mut text = groups.pop().unwrap_or(0).to_string();
        for group in groups.iter().rev() {
            text.push_str(&format!("{group:0width$}", width = digits as usize));
        }
        text
    }
}

/// The largest power of a base that fits a limb, and its exponent.
fn largest_power(base: u64) -> (u64, u32) {
    let exponent = u64::MAX.ilog(base);
    (base.pow(exponent), exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_multiplied_divides_back() {
        let mut number = Natural::default();
        number.scale_and_add(0, 12345);
        number.scale_by_power(10, 100);
        assert_eq!(number.clone().into_decimal(), format!("12345{}", "0".repeat(100)));
        assert!(!number.divide_by_power(10, 100));
        assert_eq!(number.clone().into_decimal(), "12345");
        assert!(number.divide_by_power(10, 1));
        assert_eq!(number.into_decimal(), "1234");
    }

    #[test]
    fn the_top_keeps_128_bits_and_knows_what_it_lost() {
        let mut number = Natural::default();
        number.scale_and_add(0, 5);
        number.shift_limbs(3);
        assert_eq!(number.top(), (5 << 125, 67, false));
        number.scale_and_add(1, 1);
        assert_eq!(number.top(), (5 << 125, 67, true));
    }
}
