//! Zipf's law: the k-th most popular of n keys is asked for in proportion to 1 / k^s.
//!
//! Drawn by rejection-inversion (W. Hörmann and G. Derflinger, "Rejection-inversion to generate variates from monotone
//! discrete distributions", ACM TOMACS 6, 1996). The bars of the histogram, of height h(k) = 1 / k^s and width 1 around
//! each k, are compared with the curve h(x), whose integral H and its inverse are simple formulas. Because the curve is
//! convex, the area below it between k − ½ and k + ½ is at least the bar's. So an area is drawn uniformly, inverted to
//! an x under the curve, rounded to k, and kept if it lies in the last h(k) of k's stretch: then every k comes up in
//! exact proportion. Most are kept at once: `sure` is a distance below which it is certain without another H. There is
//! no table, and a draw takes the same time for ten keys and for a billion.

use playground_engine::rng::Rng;

use crate::arithmetic::{exp, exp_m1, ln, ln_1p};

/// The distribution over `0..n`, 0 the most popular.
#[derive(Clone, Debug)]
pub struct Zipf {
    n: f64,
    exponent: f64,
    /// The areas to draw between: all of 1's bar lies above `from`, and `to` is the end of n's.
    from: f64,
    to: f64,
    sure: f64,
}

impl Zipf {
    /// Over at least one key, with an exponent of 0 (all alike) or more.
    pub fn new(n: u64, exponent: f64) -> Self {
        let mut zipf =
            Self { n: n.max(1) as f64, exponent: exponent.max(0.0), from: 0.0, to: 0.0, sure: 0.0 };
        zipf.from = zipf.area(1.5) - 1.0;
        zipf.to = zipf.area(zipf.n + 0.5);
        zipf.sure = 2.0 - zipf.inverse(zipf.area(2.5) - zipf.height(2.0));
        zipf
    }

    pub fn draw(&self, rng: &mut Rng) -> u64 {
        loop {
            let area = self.to + rng.unit() * (self.from - self.to);
            let x = self.inverse(area);
            let k = (x + 0.5).floor().clamp(1.0, self.n);
            if k - x <= self.sure || area >= self.area(k + 0.5) - self.height(k) {
                return k as u64 - 1;
            }
        }
    }

    /// h(x) = x^−s.
    fn height(&self, x: f64) -> f64 {
        exp(-self.exponent * ln(x))
    }

    /// H(x), the area below the curve from 1 to x: (x^(1−s) − 1) / (1 − s), which is ln x where s is 1.
    fn area(&self, x: f64) -> f64 {
        let (log, rest) = (ln(x), 1.0 - self.exponent);
        let power = rest * log;
        if power == 0.0 { log } else { exp_m1(power) / power * log }
    }

    /// The x with H(x) = area.
    fn inverse(&self, area: f64) -> f64 {
        let power = (area * (1.0 - self.exponent)).max(-1.0);
        if power == 0.0 { exp(area) } else { exp(ln_1p(power) / power * area) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pearson's sum over the ranks, the rare ones taken together, against what it would be by chance: it has a mean of
    /// the number of classes and a deviation of the root of twice that.
    #[test]
    fn each_rank_comes_up_in_proportion() {
        const DRAWS: u32 = 400_000;
        for (exponent, n) in
            [(0.0, 50), (0.5, 1000), (0.99, 1000), (1.0, 1000), (1.2, 100_000), (3.0, 7), (0.99, 1)]
        {
            let zipf = Zipf::new(n, exponent);
            let mut rng = Rng::seeded(7);
            let mut seen = vec![0_u32; n as usize];
            for _ in 0..DRAWS {
                seen[zipf.draw(&mut rng) as usize] += 1;
            }
            let weight = |k: usize| ((k + 1) as f64).powf(-exponent);
            let all: f64 = (0..n as usize).map(weight).sum();
            let (mut sum, mut classes, mut class) = (0.0, 0, (0.0, 0.0));
            for (k, seen) in seen.iter().enumerate() {
                class.0 += weight(k) / all * f64::from(DRAWS);
                class.1 += f64::from(*seen);
                if class.0 >= 20.0 || k + 1 == n as usize {
                    sum += (class.1 - class.0).powi(2) / class.0;
                    classes += 1;
                    class = (0.0, 0.0);
                }
            }
            let (mean, deviation) = (f64::from(classes), f64::from(2 * classes).sqrt());
            assert!((sum - mean).abs() < 4.0 * deviation, "exponent {exponent}: {sum} for {classes} classes");
        }
    }

    #[test]
    fn draws_are_the_same_on_every_machine() {
        let (zipf, mut rng) = (Zipf::new(1_000_000, 0.99), Rng::seeded(1));
        let drawn: Vec<u64> = (0..8).map(|_| zipf.draw(&mut rng)).collect();
        assert_eq!(drawn, [367, 25, 0, 2135, 2138, 19, 3, 689]);
    }

    #[test]
    fn extremes_give_a_rank() {
        for (n, exponent) in
            [(0, 1.0), (1, 0.0), (u64::MAX, 0.5), (1_000_000_000, 10.0), (1_000_000_000, 1.0)]
        {
            let (zipf, mut rng) = (Zipf::new(n, exponent), Rng::seeded(3));
            assert!((0..1000).all(|_| zipf.draw(&mut rng) < n.max(1)), "{n} {exponent}");
        }
    }
}
