//! The memory view: which part of the keyspace is looked at, and what the last survey found there.
//!
//! The survey itself is the bridge's; the words in which sizes are told are the components'.

use std::rc::Rc;

/// What separates the parts of a key's name, by custom.
pub const SEPARATOR: u8 = b':';

/// The part of the keyspace that is drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Divided by type first, then by name; else by name alone.
    pub by_type: bool,
    /// Only keys of this type …
    pub kind: Option<&'static str>,
    /// … whose name begins so.
    pub prefix: Vec<u8>,
}

impl Scope {
    /// All of it, divided in the one way or the other.
    pub fn whole(by_type: bool) -> Self {
        Self { by_type, ..Self::default() }
    }

    pub fn is_whole(&self) -> bool {
        self.kind.is_none() && self.prefix.is_empty()
    }

    /// The scopes on the way here, the whole first and this one last.
    pub fn way(&self) -> Vec<Self> {
        let mut way = vec![Self::whole(self.by_type)];
        if self.kind.is_some() {
            way.push(Self { prefix: Vec::new(), ..self.clone() });
        }
        let ends = self.prefix.iter().enumerate().filter(|(_, byte)| **byte == SEPARATOR);
        way.extend(ends.map(|(at, _)| Self {
            prefix: self.prefix.get(..=at).unwrap_or_default().to_vec(),
            ..self.clone()
        }));
        way
    }

    /// The scope around this one.
    pub fn around(&self) -> Option<Self> {
        self.way().into_iter().nth_back(1)
    }

    /// The part of the name that this scope adds to the one around it.
    pub fn last_part(&self) -> &[u8] {
        let name = self.prefix.strip_suffix(&[SEPARATOR]).unwrap_or(&self.prefix);
        let from = name.iter().rposition(|byte| *byte == SEPARATOR).map_or(0, |at| at + 1);
        self.prefix.get(from..).unwrap_or_default()
    }
}

/// So many keys, and their bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    pub keys: usize,
    pub bytes: u64,
}

impl Share {
    pub fn add(&mut self, bytes: u64) {
        self.keys += 1;
        self.bytes += bytes;
    }
}

/// What a tile of the picture stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A scope within the one drawn.
    Inner(Scope),
    /// One key, by its name.
    Key(Rc<[u8]>),
    /// All that is too small for a tile of its own.
    Rest,
}

/// A tile of the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    pub part: Part,
    pub share: Share,
    /// The type that most of its bytes are of, and whether there are others.
    pub kind: Option<&'static str>,
    pub is_mixed: bool,
}

/// A key that takes much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Large {
    pub key: Rc<[u8]>,
    pub kind: &'static str,
    pub bytes: u64,
}

/// Up to how many milliseconds to live the columns of the histogram reach; behind the last is one for all that is longer.
pub const LIFETIMES: [u64; 5] = [10_000, 60_000, 600_000, 3_600_000, 86_400_000];

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    pub db: usize,
    pub scope: Scope,
    /// Of the whole database, and of the scope.
    pub whole: Share,
    pub inside: Share,
    /// The largest first, and the rest behind them.
    pub tiles: Vec<Tile>,
    /// The largest keys of the database, the largest first.
    pub largest: Vec<Large>,
    /// Keys without a time to live.
    pub lasting: Share,
    pub lifetimes: [Share; LIFETIMES.len() + 1],
    /// Keys changed while it went on, so that some may be missing or counted twice.
    pub is_estimate: bool,
}

/// The memory view's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory {
    pub scope: Scope,
    pub survey: Option<Rc<Survey>>,
}

impl Memory {
    /// A survey of what is not looked at any more is no news.
    pub fn surveyed(&mut self, survey: Rc<Survey>) {
        if survey.scope == self.scope {
            self.survey = Some(survey);
        }
    }

    pub fn look_at(&mut self, scope: Scope) {
        self.scope = scope;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_goes_back_the_way_one_came() {
        let scope = Scope { by_type: true, kind: Some("hash"), prefix: b"user:1:".to_vec() };
        let way: Vec<_> = scope.way().into_iter().map(|scope| (scope.kind, scope.prefix)).collect();
        let hash = Some("hash");
        let expected: [(_, &[u8]); 4] = [(None, b""), (hash, b""), (hash, b"user:"), (hash, b"user:1:")];
        assert_eq!(way, expected.map(|(kind, prefix)| (kind, prefix.to_vec())));
        assert_eq!(
            (scope.last_part(), scope.around().map(|around| around.prefix)),
            (&b"1:"[..], Some(b"user:".to_vec()))
        );
        assert_eq!(Scope::whole(true).around(), None);
    }

    #[test]
    fn a_survey_that_comes_too_late_is_not_shown() {
        let mut memory = Memory::default();
        memory.look_at(Scope::whole(true));
        memory.surveyed(Rc::new(Survey::default()));
        assert_eq!(memory.survey, None);
        memory.surveyed(Rc::new(Survey { scope: Scope::whole(true), ..Survey::default() }));
        assert!(memory.survey.is_some());
    }
}
