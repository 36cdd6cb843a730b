//! What programs read and write at once: the time, chance, and what is counted.

use playground_engine::rng::Rng;
use playground_lab::{Zipf, arithmetic};

use crate::metrics::Metrics;
use crate::programs::{Ask, Host};

#[derive(Clone, Debug)]
pub(super) struct Instruments {
    pub metrics: Metrics,
    pub random: Rng,
    /// The last that was asked for.
    pub zipf: Option<(u64, f64, Zipf)>,
    pub now: u64,
}

impl Instruments {
    /// With a mean.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * arithmetic::ln(1.0 - self.random.unit())
    }

    pub fn between(&mut self, least: f64, most: f64) -> f64 {
        least + (most - least) * self.random.unit()
    }
}

impl Host for Instruments {
    fn ask(&mut self, ask: Ask) -> Option<f64> {
        match ask {
            Ask::Now => return Some(self.now as f64 / 1000.0),
            Ask::Count { name, times } => self.metrics.add(&name, times),
            Ask::Level { name, level } => self.metrics.set_level(&name, level),
            Ask::Sample { name, value } => self.metrics.sample(&name, value),
            Ask::Zipf { n, exponent } => {
                let (n, exponent) = (n.clamp(1.0, 1e9) as u64, exponent.clamp(0.0, 10.0));
                let fits = matches!(&self.zipf, Some((keys, known, _)) if *keys == n && *known == exponent);
                if !fits {
                    self.zipf = Some((n, exponent, Zipf::new(n, exponent)));
                }
                let drawn = self.zipf.as_ref().map_or(0, |(_, _, zipf)| zipf.draw(&mut self.random));
                return Some(drawn as f64 + 1.0);
            }
            Ask::Between { least, most } => {
                let (least, most) = (least.ceil(), most.floor());
                let width = (most - least + 1.0).clamp(1.0, 1e15) as usize;
                return Some(least + self.random.below(width) as f64);
            }
            Ask::Exponential { mean } => return Some(self.exponential(mean.max(0.0))),
            Ask::Chance(share) => return Some(f64::from(u8::from(self.random.unit() < share))),
        }
        None
    }
}
