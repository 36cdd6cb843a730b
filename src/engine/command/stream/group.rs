//! Consumer groups and their consumers: XGROUP.

use super::ids;
use crate::args::Args;
use crate::command::help;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::Edit;
use crate::number;
use crate::parse::c_text;
use crate::reply::Reply;
use crate::value::stream::{Stream, StreamId};

/// What the subcommands share.
const SUB: CommandSpec = CommandSpec {
    group: Group::Stream,
    since: "5.0.0",
    flags: Flags::WRITE,
    complexity: "O(1)",
    ..CommandSpec::BASE
};

const fn key(flag: KeyFlags) -> KeySpec {
    KeySpec::one(2, KeyFlags::RW.union(flag))
}

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "xgroup",
    group: Group::Stream,
    since: "5.0.0",
    arity: -2,
    summary: "Creates, changes and removes the groups that read a stream, and their consumers.",
    complexity: "That of the subcommand",
    subcommands: &[
        CommandSpec {
            name: "xgroup|create",
            arity: -5,
            flags: Flags::WRITE.union(Flags::DENYOOM),
            keys: &[key(KeyFlags::INSERT)],
            summary: "Creates a group that reads a stream from behind an ID.",
            syntax: "key:key#0 group id-selector(id | new-id=$) [mkstream=MKSTREAM] [entriesread\"entries-read\":integer=ENTRIESREAD]",
            example: "> XGROUP CREATE jobs workers $ MKSTREAM\nOK\n> XGROUP CREATE jobs workers 0\n\
                (error) BUSYGROUP Consumer Group name already exists",
            run: Some(create),
            ..SUB
        },
        CommandSpec {
            name: "xgroup|createconsumer",
            since: "6.2.0",
            arity: 5,
            flags: Flags::WRITE.union(Flags::DENYOOM),
            keys: &[key(KeyFlags::INSERT)],
            summary: "Adds a consumer to a group, which reading would do as well.",
            syntax: "key:key#0 group consumer",
            example: "> XGROUP CREATE jobs workers $ MKSTREAM\nOK\n> XGROUP CREATECONSUMER jobs workers ann\n(integer) 1\n\
                > XGROUP CREATECONSUMER jobs workers ann\n(integer) 0",
            run: Some(createconsumer),
            ..SUB
        },
        CommandSpec {
            name: "xgroup|delconsumer",
            arity: 5,
            keys: &[key(KeyFlags::DELETE)],
            summary: "Removes a consumer, and forgets what was pending for it; answers how many entries that were.",
            complexity: "O(N*log(P)), N being the entries pending for the consumer and P those pending in the group",
            syntax: "key:key#0 group consumer",
            example: "> XADD jobs 1-0 send mail\n\"1-0\"\n> XGROUP CREATE jobs workers 0\nOK\n\
                > XREADGROUP GROUP workers ann STREAMS jobs >\n\
                1) 1) \"jobs\"\n   2) 1) 1) \"1-0\"\n         2) 1) \"send\"\n            2) \"mail\"\n\
                > XGROUP DELCONSUMER jobs workers ann\n(integer) 1",
            run: Some(delconsumer),
            ..SUB
        },
        CommandSpec {
            name: "xgroup|destroy",
            arity: 4,
            keys: &[key(KeyFlags::DELETE)],
            summary: "Removes a group with its consumers and all that is pending.",
            complexity: "O(N), N being the entries pending in the group",
            syntax: "key:key#0 group",
            example: "> XGROUP CREATE jobs workers $ MKSTREAM\nOK\n> XGROUP DESTROY jobs workers\n(integer) 1",
            run: Some(destroy),
            ..SUB
        },
        CommandSpec {
            name: "xgroup|help",
            arity: 2,
            flags: Flags::LOADING.union(Flags::STALE),
            summary: "Lists the subcommands.",
            run: Some(help::subcommands),
            ..SUB
        },
        CommandSpec {
            name: "xgroup|setid",
            arity: -5,
            keys: &[key(KeyFlags::UPDATE)],
            summary: "Moves the place behind which a group reads.",
            syntax: "key:key#0 group id-selector(id | new-id=$) [entriesread\"entries-read\":integer=ENTRIESREAD]",
            example: "> XADD jobs 1-0 send mail\n\"1-0\"\n> XGROUP CREATE jobs workers $\nOK\n> XGROUP SETID jobs workers 0\nOK",
            run: Some(setid),
            ..SUB
        },
    ],
    ..CommandSpec::BASE
}];

/// The options of CREATE and SETID.
#[derive(Debug, Default)]
struct Options {
    make_stream: bool,
    entries_read: Option<i64>,
    /// How many words they take.
    words: usize,
}

impl Options {
    fn parse(args: &mut Args, creating: bool) -> Result<Self, Error> {
        let mut options = Self { words: args.remaining(), ..Self::default() };
        while !args.is_empty() {
            let more = args.remaining() > 1;
            if creating && args.word("MKSTREAM") {
                options.make_stream = true;
            } else if more && args.word("ENTRIESREAD") {
                let read = number::parse_i64(&args.take()?).ok_or(Error::NotAnInteger)?;
                if read < -1 {
                    return Err(Error::Fixed("ERR value for ENTRIESREAD must be positive or -1"));
                }
                options.entries_read = (read != -1).then_some(read);
            } else {
                return Err(subcommand_syntax(args));
            }
        }
        Ok(options)
    }
}

fn subcommand_syntax(args: &Args) -> Error {
    Error::SubcommandSyntax { container: "xgroup", name: args.subcommand().to_vec() }
}

/// The stream's last ID, which must be there unless one may be made.
fn last_id(context: &mut Context<'_>, key: &[u8], make_stream: bool) -> Result<Option<StreamId>, Error> {
    let last = context.db()?.before_write::<Stream>(key)?.map(Stream::last_id);
    if last.is_none() && !make_stream {
        return Err(Error::Fixed(
            "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the \
            MKSTREAM option to create an empty stream automatically.",
        ));
    }
    Ok(last)
}

/// The last ID of a stream that has the group.
fn last_id_in(context: &mut Context<'_>, key: &[u8], group: &[u8]) -> Result<StreamId, Error> {
    let last = last_id(context, key, false)?.unwrap_or_default();
    match context.db()?.before_write::<Stream>(key)? {
        Some(stream) if stream.group(group).is_some() => Ok(last),
        _ => Err(Error::NoGroupForKey { key: key.to_vec(), group: group.to_vec() }),
    }
}

fn create(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    /// MKSTREAM, and ENTRIESREAD with its number.
    const MOST_WORDS: usize = 3;
    let (key, name, id) = (args.take()?, args.take()?, args.take()?);
    let options = Options::parse(args, true)?;
    let last = last_id(context, &key, options.make_stream)?;
    if options.words > MOST_WORDS {
        return Err(subcommand_syntax(args));
    }
    let id = match c_text(&id) {
        b"$" => last.unwrap_or_default(),
        _ => ids::exact(&id, 0)?,
    };
    context.db()?.edit_or_create(&key, |stream: &mut Stream, _| {
        if stream.create_group(&name, id, options.entries_read) {
            Edit::changed(Ok(Reply::OK), "xgroup-create")
        } else {
            Edit::unchanged(Err(Error::Fixed("BUSYGROUP Consumer Group name already exists")))
        }
    })?
}

fn setid(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    /// ENTRIESREAD with its number.
    const WORDS: [usize; 2] = [0, 2];
    let (key, name, id) = (args.take()?, args.take()?, args.take()?);
    let options = Options::parse(args, false)?;
    let last = last_id_in(context, &key, &name)?;
    if !WORDS.contains(&options.words) {
        return Err(subcommand_syntax(args));
    }
    let id = match c_text(&id) {
        b"$" => last,
        _ => ids::lenient(&id, 0)?,
    };
    context.db()?.edit(&key, |stream: &mut Stream, _| {
        stream.edit_group(&name, |group| group.set_position(id, options.entries_read));
        Edit::changed((), "xgroup-setid")
    })?;
    Ok(Reply::OK)
}

fn destroy(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, name) = (args.take()?, args.take()?);
    last_id(context, &key, false)?;
    let removed = context.db()?.edit(&key, |stream: &mut Stream, _| {
        if stream.remove_group(&name) {
            Edit::changed(true, "xgroup-destroy")
        } else {
            Edit::unchanged(false)
        }
    })?;
    Ok(Reply::flag(removed.unwrap_or(false)))
}

fn createconsumer(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, name, consumer) = (args.take()?, args.take()?, args.take()?);
    last_id_in(context, &key, &name)?;
    let now = super::now(context);
    let created = context.db()?.edit(&key, |stream: &mut Stream, _| {
        let created = stream.edit_group(&name, |group| group.create_consumer(&consumer, now).1);
        match created {
            Some(true) => Edit::changed(true, "xgroup-createconsumer"),
            _ => Edit::unchanged(false),
        }
    })?;
    Ok(Reply::flag(created.unwrap_or(false)))
}

fn delconsumer(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, name, consumer) = (args.take()?, args.take()?, args.take()?);
    last_id_in(context, &key, &name)?;
    let pending = context.db()?.edit(&key, |stream: &mut Stream, _| {
        match stream.edit_group(&name, |group| group.remove_consumer(&consumer)).flatten() {
            Some(pending) => Edit::changed(pending, "xgroup-delconsumer"),
            None => Edit::unchanged(0),
        }
    })?;
    Ok(Reply::count(pending.unwrap_or(0)))
}
