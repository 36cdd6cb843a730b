//! Parts of a value: its length, a stretch of it, and editing in place.

use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Deprecated, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::{Edit, Ttl};
use crate::reply::Reply;
use crate::value::StringValue;

pub const SPECS: &[CommandSpec] = &[APPEND, GETRANGE, SETRANGE, STRLEN, SUBSTR];

const APPEND: CommandSpec = CommandSpec {
    name: "append",
    group: Group::String,
    since: "2.0.0",
    arity: 3,
    flags: Flags::WRITE.union(Flags::DENYOOM).union(Flags::FAST),
    keys: &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::INSERT))],
    summary: "Adds text at the end of a value, or starts one; answers the new length.",
    complexity: "O(1) on average: a growing value reserves room for as much again.",
    syntax: "key:key#0 value",
    example: "> APPEND log \"one \"\n(integer) 4\n> APPEND log two\n(integer) 7\n> GET log\n\"one two\"",
    run: Some(append),
    ..CommandSpec::BASE
};

fn append(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, more) = (args.take()?, args.take()?);
    let limit = context.around.config.proto_max_bulk_len;
    let mut db = context.db()?;
    let edited = db.edit::<StringValue, _>(&key, |value, _| {
        grown(check_length(value.len() as u64, &more, limit), "append", || value.append(&more))
    })?;
    if let Some(length) = edited {
        return length.map(Reply::count);
    }
    let length = more.len();
    db.set(key, StringValue::encode(more), Ttl::Clear, "append");
    Ok(Reply::count(length))
}

/// An edit that makes a string longer, unless it may not or cannot be.
fn grown<E>(
    allowed: Result<(), Error>,
    event: &'static str,
    change: impl FnOnce() -> Result<usize, E>,
) -> Edit<Result<usize, Error>> {
    match allowed.and_then(|()| change().map_err(|_| Error::OutOfMemory)) {
        Ok(length) => Edit::changed(Ok(length), event),
        Err(error) => Edit::unchanged(Err(error)),
    }
}

/// Whether a string that ends with `more` after its first `before` bytes stays within the limit.
fn check_length(before: u64, more: &[u8], limit: u64) -> Result<(), Error> {
    let length = before.checked_add(more.len() as u64).filter(|length| *length <= limit);
    length.map(|_| ()).ok_or(Error::StringTooLong)
}

const SETRANGE: CommandSpec = CommandSpec {
    name: "setrange",
    group: Group::String,
    since: "2.2.0",
    arity: 4,
    flags: Flags::WRITE.union(Flags::DENYOOM),
    keys: &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::UPDATE))],
    summary: "Overwrites a value from an offset on, padding with zero bytes; answers the new length.",
    complexity: "O(M), M being the length of the text; what is padded or moved for want of room comes on top.",
    syntax: "key:key#0 offset:integer value",
    example: "> SET greeting \"Hello World\"\nOK\n> SETRANGE greeting 6 Redis\n(integer) 11\n> GET greeting\n\
        \"Hello Redis\"\n> SETRANGE padded 3 x\n(integer) 4\n> GET padded\n\"\\x00\\x00\\x00x\"",
    run: Some(setrange),
    ..CommandSpec::BASE
};

fn setrange(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, offset, patch) = (args.take()?, args.int()?, args.take()?);
    let offset = u64::try_from(offset).map_err(|_| Error::Fixed("ERR offset is out of range"))?;
    let limit = context.around.config.proto_max_bulk_len;
    let mut db = context.db()?;
    let length = match db.before_write::<StringValue>(&key)? {
        Some(value) if patch.is_empty() => return Ok(Reply::count(value.len())),
        None if patch.is_empty() => return Ok(Reply::Integer(0)),
        found => found.map(StringValue::len),
    };
    check_length(offset, &patch, limit)?;
    let offset = usize::try_from(offset).map_err(|_| Error::OutOfMemory)?;
    if length.is_none() {
        let value = StringValue::padded(offset, &patch).map_err(|_| Error::OutOfMemory)?;
        let length = value.len();
        db.set(key, value, Ttl::Clear, "setrange");
        return Ok(Reply::count(length));
    }
    let edited = db.edit::<StringValue, _>(&key, |value, _| {
        grown(Ok(()), "setrange", || value.overwrite(offset, &patch))
    })?;
    edited.unwrap_or(Err(Error::NoSuchKey)).map(Reply::count)
}

const STRLEN: CommandSpec = CommandSpec {
    name: "strlen",
    group: Group::String,
    since: "2.2.0",
    arity: 2,
    flags: Flags::READONLY.union(Flags::FAST),
    keys: &[KeySpec::one(1, KeyFlags::RO)],
    summary: "Answers how many bytes a value has; 0 for a key that is not there.",
    syntax: "key:key#0",
    example: "> SET greeting hello\nOK\n> STRLEN greeting\n(integer) 5\n> STRLEN nothing\n(integer) 0",
    run: Some(strlen),
    ..CommandSpec::BASE
};

fn strlen(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let length = context.db()?.read::<StringValue>(&key)?.map_or(0, StringValue::len);
    Ok(Reply::count(length))
}

const GETRANGE: CommandSpec = CommandSpec {
    name: "getrange",
    group: Group::String,
    since: "2.4.0",
    arity: 4,
    flags: Flags::READONLY,
    keys: &[KeySpec::one(1, KeyFlags::READ)],
    summary: "Answers a stretch of a value, both ends included; negative positions count from the end.",
    complexity: "O(N), N being the length of the answer.",
    syntax: "key:key#0 start:integer end:integer",
    example: "> SET greeting \"Hello Redis\"\nOK\n> GETRANGE greeting 0 4\n\"Hello\"\n> GETRANGE greeting -5 -1\n\"Redis\"",
    run: Some(getrange),
    ..CommandSpec::BASE
};

const SUBSTR: CommandSpec = CommandSpec {
    name: "substr",
    since: "1.0.0",
    deprecated: Some(Deprecated { since: "2.0.0", replaced_by: "`GETRANGE`" }),
    summary: "The old name of GETRANGE.",
    example: "> SET greeting \"Hello Redis\"\nOK\n> SUBSTR greeting 6 -1\n\"Redis\"",
    ..GETRANGE
};

fn getrange(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, start, end) = (args.take()?, args.int()?, args.int()?);
    let mut db = context.db()?;
    let part = match db.read::<StringValue>(&key)? {
        Some(value) => stretch(&value.bytes(), start, end).to_vec(),
        None => Vec::new(),
    };
    Ok(Reply::Bulk(part))
}

/// The bytes from `start` to `end`. A negative position before the first byte means the first byte, at either end,
/// unless both are negative and the wrong way round.
fn stretch(bytes: &[u8], start: i64, end: i64) -> &[u8] {
    if start < 0 && end < 0 && start > end {
        return &[];
    }
    let place = |position: i64| {
        let from_start = if position < 0 { position + bytes.len() as i64 } else { position };
        usize::try_from(from_start.max(0)).unwrap_or(usize::MAX)
    };
    let end = place(end).min(bytes.len().saturating_sub(1));
    bytes.get(place(start)..=end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_clamped_as_redis_clamps_them() {
        let cases: [(i64, i64, &[u8]); 9] = [
            (0, -1, b"abc"),
            (0, -100, b"a"),
            (-1, -100, b""),
            (-100, 0, b"a"),
            (2, 1, b""),
            (3, 9, b""),
            (1, i64::MAX, b"bc"),
            (i64::MIN, i64::MIN, b"a"),
            (i64::MAX, i64::MAX, b""),
        ];
        for (start, end, part) in cases {
            assert_eq!(stretch(b"abc", start, end), part, "{start} {end}");
        }
        assert_eq!(stretch(b"", 0, -1), b"");
    }
}
