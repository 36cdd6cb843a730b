//! The options that say how long a value lives, as `SET` and `GETEX` share them.
//!
//! One command line has at most one such word; saying the same again is allowed, and the last amount counts. Amounts
//! are read only when the command has come to need them, because Redis complains about them later than about the
//! syntax.

use crate::args::Args;
use crate::dispatch::Context;
use crate::error::Error;
use crate::number;

/// The words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Ex,
    Px,
    ExAt,
    PxAt,
    /// `SET` alone has it.
    KeepTtl,
    /// `GETEX` alone has it.
    Persist,
}

/// A word, and the amount that came with it.
#[derive(Clone, Debug)]
pub struct Lifetime {
    pub word: Word,
    amount: Vec<u8>,
}

impl Lifetime {
    pub fn new(word: Word, amount: Vec<u8>) -> Self {
        Self { word, amount }
    }

    /// Takes one of the words, or the one that the command has for itself; a syntax error if there is none, or if it
    /// contradicts the one before.
    pub fn take(args: &mut Args, before: Option<&Self>, own: (&str, Word)) -> Result<Self, Error> {
        let words = [("EX", Word::Ex), ("PX", Word::Px), ("EXAT", Word::ExAt), ("PXAT", Word::PxAt), own];
        let (_, word) = words.into_iter().find(|(text, _)| args.word(text)).ok_or(Error::Syntax)?;
        if before.is_some_and(|before| before.word != word) {
            return Err(Error::Syntax);
        }
        let bare = matches!(word, Word::KeepTtl | Word::Persist);
        Ok(Self { word, amount: if bare { Vec::new() } else { args.take()? } })
    }

    /// The deadline that the amount means, in absolute milliseconds; `None` for a word without an amount.
    pub fn deadline(&self, context: &Context<'_>) -> Result<Option<u64>, Error> {
        let (unit, from) = match self.word {
            Word::Ex => (1000, context.now()),
            Word::Px => (1, context.now()),
            Word::ExAt => (1000, 0),
            Word::PxAt => (1, 0),
            Word::KeepTtl | Word::Persist => return Ok(None),
        };
        let amount = number::parse_i64(&self.amount).ok_or(Error::NotAnInteger)?;
        let deadline = amount
            .checked_mul(unit)
            .filter(|milliseconds| *milliseconds > 0)
            .and_then(|milliseconds| milliseconds.checked_add_unsigned(from))
            .ok_or(Error::InvalidExpireTime { command: context.name() })?;
        Ok(Some(deadline.unsigned_abs()))
    }
}
