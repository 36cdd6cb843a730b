//! ACL LOG: what was refused to whom. The log itself is [`crate::acl::log`].

use super::look::bad_arguments;
use crate::acl::log::Entry;
use crate::args::Args;
use crate::command::spec::CommandResult;
use crate::dispatch::Context;
use crate::reply::Reply;

/// How many entries are shown where the client does not say.
const SHOWN: i64 = 10;

pub fn log(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    if args.remaining() > 1 {
        return Err(bad_arguments(args));
    }
    let mut count = SHOWN;
    if args.word("RESET") {
        context.around.acl.log.reset();
        return Ok(Reply::OK);
    }
    if !args.is_empty() {
        count = args.int()?;
    }
    let now = context.now();
    let entries = context.around.acl.log.entries().take(usize::try_from(count).unwrap_or(0));
    Ok(Reply::Array(entries.map(|entry| describe(entry, now)).collect()))
}

fn describe(entry: &Entry, now: u64) -> Reply {
    let number = |number: u64| Reply::Integer(i64::try_from(number).unwrap_or(i64::MAX));
    let incident = &entry.incident;
    let fields = [
        ("count", number(entry.count)),
        ("reason", Reply::bulk(incident.reason.word())),
        ("context", Reply::bulk(incident.place.word())),
        ("object", Reply::bulk(incident.object.as_slice())),
        ("username", Reply::bulk(incident.user.as_slice())),
        ("age-seconds", Reply::Double(now.saturating_sub(entry.updated) as f64 / 1000.0)),
        ("client-info", Reply::bulk(incident.client.as_slice())),
        ("entry-id", number(entry.id)),
        ("timestamp-created", number(entry.created)),
        ("timestamp-last-updated", number(entry.updated)),
    ];
    Reply::Map(fields.into_iter().map(|(name, value)| (Reply::bulk(name), value)).collect())
}
