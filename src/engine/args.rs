//! A cursor over a command's arguments.
//!
//! A command function takes what it needs in order, so that it reads as its syntax line does, and ends with
//! [`Args::finish`]. Arguments are moved out, not copied: `SET` keeps the very bytes the client sent. Nothing here
//! knows any command.

use crate::dispatch::Context;
use crate::error::Error;
use crate::number;

/// The arguments after the command word (and subcommand word).
#[derive(Clone, Debug)]
pub struct Args {
    items: Vec<Vec<u8>>,
    next: usize,
}

impl Args {
    /// Arguments of `argv` from position `from` on.
    pub fn new(argv: Vec<Vec<u8>>, from: usize) -> Self {
        Self { items: argv, next: from }
    }

    /// The whole command line, as long as nothing was taken from it.
    pub fn line(&self) -> &[Vec<u8>] {
        &self.items
    }

    /// The word behind the command's own as the client wrote it: the subcommand, where there is one.
    pub fn subcommand(&self) -> &[u8] {
        self.items.get(1).map(Vec::as_slice).unwrap_or_default()
    }

    /// The command word as the client wrote it.
    pub fn command_word(&self) -> &[u8] {
        self.items.first().map(Vec::as_slice).unwrap_or_default()
    }

    pub fn remaining(&self) -> usize {
        self.items.len().saturating_sub(self.next)
    }

    pub fn is_empty(&self) -> bool {
        self.remaining() == 0
    }

    pub fn peek(&self) -> Option<&[u8]> {
        self.items.get(self.next).map(Vec::as_slice)
    }

    /// The next argument; a syntax error where the client sent too few.
    pub fn take(&mut self) -> Result<Vec<u8>, Error> {
        let item = self.items.get_mut(self.next).ok_or(Error::Syntax)?;
        self.next += 1;
        Ok(std::mem::take(item))
    }

    /// The next argument as a 64-bit signed integer in Redis's strict form.
    pub fn int(&mut self) -> Result<i64, Error> {
        number::parse_i64(&self.take()?).ok_or(Error::NotAnInteger)
    }

    /// The next argument as a 32-bit signed integer.
    pub fn int32(&mut self) -> Result<i32, Error> {
        i32::try_from(self.int()?).map_err(|_| Error::NotA32BitInteger)
    }

    /// The next argument as a 64-bit signed integer that can be negated.
    pub fn int_with_opposite(&mut self) -> Result<i64, Error> {
        let number = self.int()?;
        if number == i64::MIN { Err(Error::NoOpposite) } else { Ok(number) }
    }

    /// The next argument as a number of at least `least`; what is smaller or no number is this error.
    pub fn count(&mut self, least: usize, error: Error) -> Result<usize, Error> {
        self.int().ok().and_then(number::to_count).filter(|count| *count >= least).ok_or(error)
    }

    /// The next argument as the index of a database that exists.
    pub fn database(&mut self, context: &Context<'_>) -> Result<usize, Error> {
        let index = usize::try_from(self.int32()?).map_err(|_| Error::DbIndexOutOfRange)?;
        if index < context.keyspace.len() { Ok(index) } else { Err(Error::DbIndexOutOfRange) }
    }

    /// Consumes the next argument if it is this word, in any case.
    pub fn word(&mut self, word: &str) -> bool {
        let matches = self.peek().is_some_and(|next| next.eq_ignore_ascii_case(word.as_bytes()));
        if matches {
            self.next += 1;
        }
        matches
    }

    /// So many arguments.
    pub fn take_many(&mut self, count: usize) -> Result<Vec<Vec<u8>>, Error> {
        (0..count).map(|_| self.take()).collect()
    }

    /// Everything that is left.
    pub fn rest(&mut self) -> Vec<Vec<u8>> {
        let from = self.next.min(self.items.len());
        self.next = self.items.len();
        self.items.split_off(from)
    }

    /// The arguments are used up, or it is a syntax error.
    pub fn finish(&self) -> Result<(), Error> {
        if self.is_empty() { Ok(()) } else { Err(Error::Syntax) }
    }
}
