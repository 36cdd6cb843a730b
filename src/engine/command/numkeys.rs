//! What commands share that say first how many keys there are: LMPOP and ZMPOP, SINTERCARD and ZINTERCARD.
//!
//! Nothing here knows a type of value.

use crate::args::Args;
use crate::error::Error;
use crate::reply::Reply;

/// From which end of the first of several collections that has any so many elements are wanted.
#[derive(Debug)]
pub struct Pop<End> {
    pub keys: Vec<Vec<u8>>,
    end: End,
    count: usize,
}

impl<End: Copy> Pop<End> {
    /// How many keys, the keys, an end as the collection's command calls it, and perhaps how many elements.
    pub fn parse(args: &mut Args, end: impl FnOnce(&mut Args) -> Result<End, Error>) -> Result<Self, Error> {
        let numkeys = args.count(1, Error::NumkeysNotPositive)?;
        if numkeys >= args.remaining() {
            return Err(Error::Syntax);
        }
        let keys = args.take_many(numkeys)?;
        let end = end(args)?;
        let counted = args.remaining() >= 2 && args.word("COUNT");
        let count = if counted { args.count(1, Error::CountNotPositive)? } else { 1 };
        args.finish()?;
        Ok(Self { keys, end, count })
    }

    /// The first key from which `take` gets anything, with what it got.
    pub fn serve(
        &self,
        mut take: impl FnMut(&[u8], End, usize) -> Result<Option<Reply>, Error>,
    ) -> Result<Option<Reply>, Error> {
        for key in &self.keys {
            if let Some(taken) = take(key, self.end, self.count)? {
                return Ok(Some(Reply::Array(vec![Reply::bulk(key.as_slice()), taken])));
            }
        }
        Ok(None)
    }
}

/// How far the members of an intersection are counted: what is left of the line is `LIMIT` and a number, of which zero
/// is no limit.
pub fn limit(args: &mut Args) -> Result<usize, Error> {
    let mut limit = 0;
    while !args.is_empty() {
        if args.remaining() < 2 || !args.word("LIMIT") {
            return Err(Error::Syntax);
        }
        limit = args.count(0, Error::NegativeLimit)?;
    }
    Ok(if limit == 0 { usize::MAX } else { limit })
}
