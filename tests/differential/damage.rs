//! What makes a well-formed line wrong: words left out, doubled, exchanged or replaced. It does not know what they mean.

use proptest::prelude::*;
use proptest::sample::Index;

use super::generate::Argv;
use super::pools::{self, Word};

/// What is done to a line so that it is probably wrong.
#[derive(Clone, Debug)]
pub enum Damage {
    Drop(Index),
    Double(Index),
    Swap(Index, Index),
    Replace(Index, Word),
    Append(Word),
    Clear,
}

pub fn damage() -> BoxedStrategy<Option<Damage>> {
    let index = any::<Index>;
    let damage = prop_oneof![
        index().prop_map(Damage::Drop),
        index().prop_map(Damage::Double),
        (index(), index()).prop_map(|(a, b)| Damage::Swap(a, b)),
        (index(), pools::junk()).prop_map(|(at, word)| Damage::Replace(at, word)),
        pools::junk().prop_map(Damage::Append),
        Just(Damage::Clear),
    ];
    proptest::option::weighted(0.1, damage).boxed()
}

impl Damage {
    pub fn apply(self, arguments: &mut Argv) {
        let length = arguments.len();
        match self {
            Self::Append(word) => arguments.push(word),
            Self::Clear => arguments.clear(),
            _ if length == 0 => {}
            Self::Drop(at) => {
                arguments.remove(at.index(length));
            }
            Self::Double(at) => arguments.insert(at.index(length), arguments[at.index(length)].clone()),
            Self::Swap(a, b) => arguments.swap(a.index(length), b.index(length)),
            Self::Replace(at, word) => arguments[at.index(length)] = word,
        }
    }
}
