//! Sorted sets out of dumps.

use super::super::reader::Reader;
use crate::config::Config;
use crate::rng::Rng;
use crate::value::bytes::SmallBytes;
use crate::value::listpack::Listpack;
use crate::value::sorted_set::{Limits, SortedSet};

/// Members with their scores in any order, the scores in one of two forms.
pub fn members<'a>(
    from: &mut Reader<'a>,
    score: impl Fn(&mut Reader<'a>) -> Option<f64>,
    config: &Config,
    rng: &mut Rng,
) -> Option<SortedSet> {
    let count = from.count(2)?;
    let pair = |_| {
        let member = SmallBytes::from(from.string()?);
        score(from).filter(|score| !score.is_nan()).map(|score| (member, score))
    };
    let pairs = (0..count).map(pair).collect::<Option<Vec<_>>>()?;
    filled(SortedSet::from_pairs(&pairs, Limits::of(config), rng)?)
}

/// Members and scores in turn, in order.
pub fn packed(pack: Listpack, config: &Config, rng: &mut Rng) -> Option<SortedSet> {
    let mut set = SortedSet::from_listpack(pack)?;
    set.expect(set.len(), 0, Limits::of(config), rng);
    filled(set)
}

fn filled(set: SortedSet) -> Option<SortedSet> {
    (!set.is_empty()).then_some(set)
}
