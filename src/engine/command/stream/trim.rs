//! Keeping streams short: XTRIM, and the options it shares with XADD.

use super::ids::{self, NewId};
use super::{REMOVE_KEY, limits};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::Edit;
use crate::reply::Reply;
use crate::value::stream::{Keep, Precision, Stream};

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "xtrim",
    group: Group::Stream,
    since: "5.0.0",
    arity: -4,
    flags: Flags::WRITE,
    keys: REMOVE_KEY,
    tips: &["nondeterministic_output"],
    summary: "Evicts the oldest entries until a stream is short enough, or begins at an ID.",
    complexity: "O(N), N being the evicted entries; a whole node goes at once",
    syntax: "key:key#0 trim{strategy(maxlen=MAXLEN | minid=MINID@6.2.0) [operator(equal== | approximately=~)] threshold [count:integer=LIMIT@6.2.0]}",
    example: "> XADD log 1-0 step start\n\"1-0\"\n> XADD log 2-0 step work\n\"2-0\"\n> XADD log 3-0 step stop\n\"3-0\"\n\
        > XTRIM log MAXLEN 2\n(integer) 1\n> XTRIM log MINID 3\n(integer) 1\n> XLEN log\n(integer) 1",
    run: Some(xtrim),
    ..CommandSpec::BASE
}];

/// What is to be evicted.
#[derive(Clone, Copy, Debug)]
pub struct Trim {
    keep: Keep,
    precision: Precision,
}

/// The options of XADD and XTRIM, and the ID that ends those of XADD.
#[derive(Debug, Default)]
pub struct Options {
    pub trim: Option<Trim>,
    pub only_existing: bool,
    /// `None` where XADD's line ended before an ID came.
    pub id: Option<NewId>,
}

/// Options as they are read.
#[derive(Debug, Default)]
struct Parsed {
    keep: Option<Keep>,
    approximate: bool,
    limit: Option<i64>,
}

impl Options {
    pub fn parse(context: &Context<'_>, args: &mut Args, adding: bool) -> Result<Self, Error> {
        let (mut options, mut parsed) = (Self::default(), Parsed::default());
        while !args.is_empty() {
            let more = args.remaining() > 1;
            if adding && args.peek() == Some(b"*") {
                options.id = Some(NewId::parse(&args.take()?)?);
                break;
            } else if more && args.word("MAXLEN") {
                parsed.strategy(args, |args| match u64::try_from(args.int()?) {
                    Ok(most) => Ok(Keep::Newest(most)),
                    Err(_) => Err(Error::Fixed("ERR The MAXLEN argument must be >= 0.")),
                })?;
            } else if more && args.word("MINID") {
                parsed.strategy(args, |args| Ok(Keep::From(ids::exact(&args.take()?, 0)?)))?;
            } else if more && args.word("LIMIT") {
                parsed.limit = Some(args.int()?);
                if parsed.limit < Some(0) {
                    return Err(Error::Fixed("ERR The LIMIT argument must be >= 0."));
                }
            } else if adding && args.word("NOMKSTREAM") {
                options.only_existing = true;
            } else if adding {
                options.id = Some(NewId::parse(&args.take()?)?);
                break;
            } else {
                return Err(Error::Syntax);
            }
        }
        options.trim = parsed.finish(context, adding)?;
        Ok(options)
    }
}

impl Parsed {
    /// `MAXLEN` or `MINID`: perhaps `~` or `=`, and then the threshold.
    fn strategy(
        &mut self,
        args: &mut Args,
        threshold: impl FnOnce(&mut Args) -> Result<Keep, Error>,
    ) -> Result<(), Error> {
        if self.keep.is_some() {
            return Err(Error::Fixed(
                "ERR syntax error, MAXLEN and MINID options at the same time are not compatible",
            ));
        }
        let operator = args.remaining() > 1;
        self.approximate = operator && args.word("~");
        if operator && !self.approximate {
            args.word("=");
        }
        self.keep = Some(threshold(args)?);
        Ok(())
    }

    fn finish(self, context: &Context<'_>, adding: bool) -> Result<Option<Trim>, Error> {
        if self.keep.is_none() && self.limit.is_some_and(|limit| limit > 0) {
            return Err(Error::Fixed(
                "ERR syntax error, LIMIT cannot be used without specifying a trimming strategy",
            ));
        }
        if self.keep.is_none() && !adding {
            return Err(Error::Fixed("ERR syntax error, XTRIM must be called with a trimming strategy"));
        }
        if self.limit.is_some() && !self.approximate {
            return Err(Error::Fixed("ERR syntax error, LIMIT cannot be used without the special ~ option"));
        }
        let limit = self.limit.map_or_else(|| usual_limit(context), i64::unsigned_abs);
        let precision = if self.approximate { Precision::Nodes { limit } } else { Precision::Exact };
        Ok(self.keep.map(|keep| Trim { keep, precision }))
    }
}

/// A hundred nodes' worth of entries, within reason; multiplied as C does, which may go round.
fn usual_limit(context: &Context<'_>) -> u64 {
    const DEFAULT: u64 = 10_000;
    const MOST: u64 = 1_000_000;
    let entries = (limits(context).entries as i64).wrapping_mul(100);
    u64::try_from(entries).ok().filter(|limit| *limit > 0).map_or(DEFAULT, |limit| limit.min(MOST))
}

/// Trims the stream at a key and tells how many entries went.
pub fn trim(context: &mut Context<'_>, key: &[u8], trim: Trim) -> Result<usize, Error> {
    let evicted = context.db()?.edit(key, |stream: &mut Stream, _| {
        let evicted = stream.trim(trim.keep, trim.precision);
        if evicted > 0 { Edit::changed(evicted, "xtrim") } else { Edit::unchanged(0) }
    })?;
    Ok(evicted.unwrap_or(0))
}

fn xtrim(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let options = Options::parse(context, args, false)?;
    let Some(wanted) = options.trim else { return Err(Error::Syntax) };
    Ok(Reply::count(trim(context, &key, wanted)?))
}
