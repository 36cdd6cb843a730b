//! Moving an element from an end of one list to an end of another, which may be the same: LMOVE, RPOPLPUSH.

use super::pop::take_one;
use super::{MOVE_KEYS, end, fill, popped, pushed};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Deprecated, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::{Db, Edit};
use crate::number;
use crate::reply::Reply;
use crate::value::ValueType;
use crate::value::list::{End, Fill, List};

const MOVE: CommandSpec = CommandSpec {
    group: Group::List,
    flags: Flags::WRITE.union(Flags::DENYOOM),
    keys: MOVE_KEYS,
    complexity: "O(1)",
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "lmove",
        since: "6.2.0",
        arity: 5,
        summary: "Moves an element from an end of one list to an end of another and returns it.",
        syntax: "source:key#0 destination:key#1 wherefrom(left=LEFT | right=RIGHT) whereto(left=LEFT | right=RIGHT)",
        example: "> RPUSH waiting job:1 job:2\n(integer) 2\n> LMOVE waiting running LEFT RIGHT\n\"job:1\"\n\
            > LRANGE running 0 -1\n1) \"job:1\"",
        run: Some(lmove),
        ..MOVE
    },
    CommandSpec {
        name: "rpoplpush",
        since: "1.2.0",
        deprecated: Some(Deprecated {
            since: "6.2.0",
            replaced_by: "`LMOVE` with the `RIGHT` and `LEFT` arguments",
        }),
        arity: 3,
        summary: "Moves an element from the tail of one list to the head of another and returns it.",
        syntax: "source:key#0 destination:key#1",
        example: "> RPUSH waiting job:1 job:2\n(integer) 2\n> RPOPLPUSH waiting running\n\"job:2\"\n\
            > LRANGE running 0 -1\n1) \"job:2\"",
        run: Some(rpoplpush),
        ..MOVE
    },
];

fn lmove(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let request = Request::parse(args)?;
    Ok(Reply::bulk_or_nil(request.serve(&mut context.db()?)?))
}

fn rpoplpush(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let request = Request::tail_to_head(args)?;
    Ok(Reply::bulk_or_nil(request.serve(&mut context.db()?)?))
}

/// Which element is to be moved, and where to.
pub(super) struct Request {
    pub(super) source: Vec<u8>,
    destination: Vec<u8>,
    from: End,
    to: End,
}

impl Request {
    pub(super) fn parse(args: &mut Args) -> Result<Self, Error> {
        let (source, destination) = (args.take()?, args.take()?);
        Ok(Self { source, destination, from: end(args)?, to: end(args)? })
    }

    /// Where the command's name says the ends.
    pub(super) fn tail_to_head(args: &mut Args) -> Result<Self, Error> {
        let (source, destination) = (args.take()?, args.take()?);
        Ok(Self { source, destination, from: End::Tail, to: End::Head })
    }

    /// The element that was moved; nothing where there is no source. The world hears of the push first.
    pub(super) fn serve(&self, db: &mut Db<'_>) -> Result<Option<Vec<u8>>, Error> {
        if !db.contains(&self.source) {
            return Ok(None);
        }
        if self.source == self.destination {
            return self.rotate(db);
        }
        let source = db.peek(&self.source).and_then(List::of).ok_or(Error::WrongType)?;
        let Some(element) = source.get(if self.from == End::Head { 0 } else { -1 }) else {
            return Ok(None);
        };
        db.edit_or_create(&self.destination, |list: &mut List, around| {
            add(list, fill(around), self.to, &element);
            Edit::changed((), pushed(self.to))
        })?;
        take_one(db, &self.source, self.from)
    }

    /// Within one list the element leaves before it comes back.
    fn rotate(&self, db: &mut Db<'_>) -> Result<Option<Vec<u8>>, Error> {
        let moved = db.edit(&self.source, |list: &mut List, around| {
            let moved = list.pop(self.from);
            if let Some(element) = &moved {
                add(list, fill(around), self.to, element);
            }
            list.shrink(fill(around));
            Edit::changed(moved, pushed(self.to))
        })?;
        db.edit(&self.source, |_: &mut List, _| Edit::changed((), popped(self.from)))?;
        Ok(moved.flatten())
    }
}

/// Redis holds an element that it has taken from a list as an integer, if it is one, and counts no bytes for it.
fn add(list: &mut List, fill: Fill, end: End, element: &[u8]) {
    let bytes = if number::parse_i64(element).is_some() { 0 } else { element.len() };
    list.make_room(fill, 1, bytes);
    list.push(end, element);
}
