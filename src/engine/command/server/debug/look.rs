//! DEBUG OBJECT: how a value is kept, in one line.

use crate::args::Args;
use crate::command::spec::CommandResult;
use crate::dispatch::Context;
use crate::error::Error;
use crate::rdb;
use crate::reply::Reply;

/// The bytes around a value in a dump: its type in front; the version and the checksum behind.
const AROUND: usize = 1 + 2 + 8;

/// There is no address to tell, and the figures of a quicklist's nodes are left out.
pub fn object(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let (now, compress) = (context.now(), context.around.config.rdbcompression);
    let db = context.db()?;
    let entry = db.entry(&key).ok_or(Error::NoSuchKey)?;
    let length = rdb::dump(&entry.value, compress).len().saturating_sub(AROUND);
    let (refcount, encoding) = (entry.value.refcount(), entry.value.encoding());
    let (lru, idle) = (entry.access.bits(), entry.access.idle_seconds(now));
    let text = format!(
        "Value at:0x0 refcount:{refcount} encoding:{encoding} serializedlength:{length} lru:{lru} lru_seconds_idle:{idle}"
    );
    Ok(Reply::status_of(text))
}
