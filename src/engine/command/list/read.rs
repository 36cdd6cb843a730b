//! Looking at a list: LINDEX, LLEN, LPOS, LRANGE.

use crate::args::Args;
use crate::command::span;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::value::list::{End, List};
use crate::value::listpack::Needle;

const READ: CommandSpec = CommandSpec {
    group: Group::List,
    flags: Flags::READONLY,
    keys: &[KeySpec::one(1, KeyFlags::READ)],
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "lindex",
        arity: 3,
        summary: "The element at an index, counted from the head, or from the tail if negative.",
        complexity: "O(N), N being the elements between the nearer end and the index; O(1) at the ends",
        syntax: "key:key#0 index:integer",
        example: "> RPUSH tasks plan write read\n(integer) 3\n> LINDEX tasks 0\n\"plan\"\n> LINDEX tasks -1\n\"read\"",
        run: Some(lindex),
        ..READ
    },
    CommandSpec {
        name: "llen",
        arity: 2,
        flags: Flags::READONLY.union(Flags::FAST),
        keys: &[KeySpec::one(1, KeyFlags::RO)],
        summary: "Counts the elements.",
        complexity: "O(1)",
        syntax: "key:key#0",
        example: "> RPUSH tasks plan write\n(integer) 2\n> LLEN tasks\n(integer) 2",
        run: Some(llen),
        ..READ
    },
    CommandSpec {
        name: "lpos",
        since: "6.0.6",
        arity: -3,
        summary: "Finds where an element is in a list, once or several times.",
        complexity: "O(N), N being the elements looked at: all of them, or at most MAXLEN",
        syntax: "key:key#0 element [rank:integer=RANK] [num-matches:integer=COUNT] [len:integer=MAXLEN]",
        example: "> RPUSH l a b c b b\n(integer) 5\n> LPOS l b\n(integer) 1\n> LPOS l b RANK -1\n(integer) 4\n\
            > LPOS l b COUNT 2\n1) (integer) 1\n2) (integer) 3",
        run: Some(lpos),
        ..READ
    },
    CommandSpec {
        name: "lrange",
        arity: 4,
        summary: "Lists the elements between two indexes, both included.",
        complexity: "O(S+N), S being the elements between the nearer end and the start, N those listed",
        syntax: "key:key#0 start:integer stop:integer",
        example: "> RPUSH tasks plan write read\n(integer) 3\n> LRANGE tasks 0 1\n1) \"plan\"\n2) \"write\"\n\
            > LRANGE tasks -2 -1\n1) \"write\"\n2) \"read\"",
        run: Some(lrange),
        ..READ
    },
];

fn llen(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    Ok(Reply::count(context.db()?.read::<List>(&key)?.map_or(0, List::len)))
}

fn lindex(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let mut db = context.db()?;
    // The index is read only where there is a list.
    let Some(list) = db.read::<List>(&key)? else { return Ok(Reply::Nil) };
    Ok(Reply::bulk_or_nil(list.get(args.int()?)))
}

fn lrange(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, start, stop) = (args.take()?, args.int()?, args.int()?);
    let mut db = context.db()?;
    let Some(list) = db.read::<List>(&key)? else { return Ok(Reply::Array(Vec::new())) };
    let range = span::between(start, stop, list.len());
    let mut elements = Vec::with_capacity(range.len());
    if !range.is_empty() {
        let from_start = list.iter_at(range.start, End::Head);
        elements.extend(from_start.take(range.len()).map(|entry| Reply::Bulk(entry.to_vec())));
    }
    Ok(Reply::Array(elements))
}

/// What LPOS looks for.
struct Search {
    element: Vec<u8>,
    from: End,
    /// So many matches are passed over.
    skip: u64,
    /// How many are wanted, where a list of them is: all, if zero.
    count: Option<usize>,
    /// How many elements are looked at.
    most: usize,
}

impl Search {
    fn parse(args: &mut Args) -> Result<Self, Error> {
        let element = args.take()?;
        let (mut rank, mut count, mut most) = (1_i64, None, 0);
        while !args.is_empty() {
            if args.remaining() >= 2 && args.word("RANK") {
                rank = args.int_with_opposite()?;
                if rank == 0 {
                    return Err(Error::Fixed(
                        "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... \
                        or use negative to start from the end of the list",
                    ));
                }
            } else if args.remaining() >= 2 && args.word("COUNT") {
                count = Some(args.count(0, Error::Fixed("ERR COUNT can't be negative"))?);
            } else if args.remaining() >= 2 && args.word("MAXLEN") {
                most = args.count(0, Error::Fixed("ERR MAXLEN can't be negative"))?;
            } else {
                return Err(Error::Syntax);
            }
        }
        let from = if rank > 0 { End::Head } else { End::Tail };
        let most = if most == 0 { usize::MAX } else { most };
        Ok(Self { element, from, skip: rank.unsigned_abs() - 1, count, most })
    }

    /// The indexes of the matches, at most as many as are wanted.
    fn run(&self, list: &List) -> Vec<usize> {
        let wanted = match self.count {
            None => 1,
            Some(0) => usize::MAX,
            Some(count) => count,
        };
        let needle = Needle::new(&self.element);
        let elements = list.iter_from(self.from).take(self.most).enumerate();
        let matches = elements.filter(|(_, entry)| needle.is(*entry)).map(|(step, _)| match self.from {
            End::Head => step,
            End::Tail => list.len() - 1 - step,
        });
        matches.skip(usize::try_from(self.skip).unwrap_or(usize::MAX)).take(wanted).collect()
    }
}

fn lpos(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let search = Search::parse(args)?;
    let found = context.db()?.read::<List>(&key)?.map(|list| search.run(list)).unwrap_or_default();
    if search.count.is_some() {
        return Ok(Reply::Array(found.into_iter().map(Reply::count).collect()));
    }
    Ok(found.first().map_or(Reply::Nil, |index| Reply::count(*index)))
}
