//! DEBUG POPULATE: many keys at once. Nobody is told of them one by one.

use crate::args::Args;
use crate::command::spec::CommandResult;
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::value::StringValue;

/// A number alone must not fill the memory.
const MOST_KEYS: usize = 1_000_000;
const MOST_BYTES: usize = 256 << 20;

/// Keys that are there already stay as they are. With a size each value is cut to it, or filled with zeros.
pub fn populate(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let count = args.count(0, Error::NotPositive)?;
    let prefix = if args.is_empty() { b"key".to_vec() } else { args.take()? };
    let size = if args.is_empty() { 0 } else { args.count(0, Error::NotPositive)? };
    let bytes = count.checked_mul(size.max(1)).filter(|bytes| *bytes <= MOST_BYTES);
    if count > MOST_KEYS || bytes.is_none() {
        return Err(Error::Fixed(
            "ERR so many keys or bytes at once are not supported by the Redis playground",
        ));
    }
    let mut db = context.db()?;
    for number in 0..count {
        let mut key = prefix.clone();
        key.extend_from_slice(format!(":{number}").as_bytes());
        let mut value = format!("value:{number}").into_bytes();
        if size > 0 {
            value.resize(size, 0);
        }
        db.add_quietly(key, StringValue::text(value));
    }
    Ok(Reply::OK)
}
