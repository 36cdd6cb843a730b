//! DUMP and RESTORE: a value as bytes in Redis's own file format, and back.

use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::{Ttl, Used};
use crate::number;
use crate::rdb::{self, Refusal};
use crate::reply::Reply;

/// `RESTORE`, and the same for a slot that is being moved.
const RESTORE: CommandSpec = CommandSpec {
    name: "restore",
    group: Group::Generic,
    since: "2.6.0",
    arity: -4,
    flags: Flags::WRITE.union(Flags::DENYOOM),
    keys: &[KeySpec::one(1, KeyFlags::STORE)],
    acl: &["keyspace", "dangerous"],
    summary: "Makes a key out of the bytes that DUMP answered.",
    complexity: "O(1) to make the key and O(N) to read the value, N being its bytes; sorted sets O(N*log(N))",
    syntax: "key:key#0 ttl:integer serialized-value [replace=REPLACE@3.0.0] [absttl=ABSTTL@5.0.0] \
        [seconds:integer=IDLETIME@5.0.0] [frequency:integer=FREQ@5.0.0]",
    example: "> RESTORE n 0 \"\\x00\\xc0\\n\\x0c\\x00\\xa5\\xe9c\\x85\\xf4\\x84\\xfd\\xf2\"\nOK\n> GET n\n\"10\"",
    run: Some(restore),
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "dump",
        group: Group::Generic,
        since: "2.6.0",
        arity: 2,
        flags: Flags::READONLY,
        keys: &[KeySpec::one(1, KeyFlags::READ)],
        acl: &["keyspace"],
        tips: &["nondeterministic_output"],
        summary: "Answers the value of a key as bytes that RESTORE takes, here or on another server.",
        complexity: "O(1) to find the key and O(N) to write it, N being the bytes of the value",
        syntax: "key:key#0",
        example: "> SET n 10\nOK\n> DUMP n\n\"\\x00\\xc0\\n\\x0c\\x00\\xa5\\xe9c\\x85\\xf4\\x84\\xfd\\xf2\"",
        run: Some(dump),
        ..CommandSpec::BASE
    },
    RESTORE,
    CommandSpec {
        name: "restore-asking",
        group: Group::Server,
        since: "3.0.0",
        flags: RESTORE.flags.union(Flags::ASKING),
        summary: "As RESTORE, into a slot that is being moved here.",
        example: "> RESTORE-ASKING n 0 \"\\x00\\xc0\\n\\x0c\\x00\\xa5\\xe9c\\x85\\xf4\\x84\\xfd\\xf2\"\nOK\n> GET n\n\"10\"",
        ..RESTORE
    },
];

fn dump(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let compress = context.around.config.rdbcompression;
    let mut db = context.db()?;
    Ok(Reply::bulk_or_nil(db.read_value(&key).map(|value| rdb::dump(value, compress))))
}

/// The options of `RESTORE`.
#[derive(Default)]
struct Options {
    replace: bool,
    absolute: bool,
    used: Used,
}

impl Options {
    fn parse(args: &mut Args) -> Result<Self, Error> {
        let mut options = Self::default();
        while !args.is_empty() {
            let more = args.remaining() > 1;
            match () {
                () if args.word("REPLACE") => options.replace = true,
                () if args.word("ABSTTL") => options.absolute = true,
                () if more && !matches!(options.used, Used::Times(_)) && args.word("IDLETIME") => {
                    options.used = Used::Ago(idle_time(args)?);
                }
                () if more && !matches!(options.used, Used::Ago(_)) && args.word("FREQ") => {
                    options.used = Used::Times(frequency(args)?);
                }
                () => return Err(Error::Syntax),
            }
        }
        Ok(options)
    }
}

fn idle_time(args: &mut Args) -> Result<i64, Error> {
    let seconds = args.int()?;
    if seconds < 0 { Err(Error::Fixed("ERR Invalid IDLETIME value, must be >= 0")) } else { Ok(seconds) }
}

fn frequency(args: &mut Args) -> Result<u8, Error> {
    const OUTSIDE: Error = Error::Fixed("ERR Invalid FREQ value, must be >= 0 and <= 255");
    u8::try_from(args.int()?).map_err(|_| OUTSIDE)
}

fn restore(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, ttl, payload) = (args.take()?, args.take()?, args.take()?);
    let options = Options::parse(args)?;
    if !options.replace && context.db()?.is_in_the_way(&key) {
        return Err(Error::BusyKey);
    }
    let ttl = number::parse_i64(&ttl).ok_or(Error::NotAnInteger)?;
    let ttl = u64::try_from(ttl).map_err(|_| Error::Fixed("ERR Invalid TTL value, must be >= 0"))?;
    let value = rdb::restore(&payload, &context.around.config, &mut context.around.rng);
    let value = value.map_err(|refusal| match refusal {
        Refusal::Footer => Error::Fixed("ERR DUMP payload version or checksum are wrong"),
        Refusal::Format => Error::Fixed("ERR Bad data format"),
    })?;
    let now = context.now();
    let mut db = context.db()?;
    let ttl = match ttl {
        0 => Ttl::Clear,
        at if options.absolute => Ttl::At(at),
        // Later than any clock that counts with a sign is as late as can be.
        milliseconds => Ttl::At(milliseconds.saturating_add(now).min(i64::MAX as u64)),
    };
    if matches!(ttl, Ttl::At(at) if at <= now) {
        db.remove(&key, "del");
    } else {
        db.put_used(key, value, options.used, ttl, "restore");
    }
    Ok(Reply::OK)
}
