//! DEBUG PROTOCOL and DEBUG ERROR: a value of each type of RESP, and any error, for those who write clients.

use crate::args::Args;
use crate::command::spec::CommandResult;
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::session::Protocol;

const UNKNOWN: &str = "ERR Wrong protocol type name. Please use one of the following: \
    string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false";

pub fn sample(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let name = args.take()?.to_ascii_lowercase();
    let numbers = || (0..3).map(Reply::Integer);
    Ok(match name.as_slice() {
        b"string" => Reply::bulk("Hello World"),
        b"integer" => Reply::Integer(12345),
        b"double" => Reply::Double(3141.0 / 1000.0),
        b"null" => Reply::Nil,
        b"array" => Reply::Array(numbers().collect()),
        b"set" => Reply::Set(numbers().collect()),
        b"map" => Reply::Map((0..3).map(|n| (Reply::Integer(n), Reply::Boolean(n == 1))).collect()),
        b"verbatim" => Reply::Verbatim(*b"txt", b"This is a verbatim\nstring".to_vec()),
        b"true" => Reply::Boolean(true),
        b"false" => Reply::Boolean(false),
        b"push" => return push(context),
        b"bignum" => Reply::BigNumber(b"1234567999999999999999999999999999999".into()),
        b"attrib" => attributed(),
        _ => return Err(Error::Fixed(UNKNOWN)),
    })
}

/// The push comes behind the reply.
fn push(context: &mut Context<'_>) -> CommandResult {
    if context.session.protocol == Protocol::Resp2 {
        return Err(Error::Fixed("ERR RESP2 is not supported by this command"));
    }
    let push = Reply::Push([Reply::bulk("server-cpu-usage"), Reply::Integer(42)].into());
    context.around.send(context.session.id, push);
    Ok(Reply::bulk("Some real reply following the push reply"))
}

fn attributed() -> Reply {
    let popularity = Reply::Array(vec![Reply::bulk("key:123"), Reply::Integer(90)]);
    let attributes = vec![(Reply::bulk("key-popularity"), popularity)];
    Reply::Attributed(attributes, Box::new(Reply::bulk("Some real reply following the attribute")))
}

pub fn error(_: &mut Context<'_>, args: &mut Args) -> CommandResult {
    // Ends of lines are not cut from its end, as they are from those of other errors.
    let text = args.take()?.into_iter().map(|byte| if matches!(byte, b'\r' | b'\n') { b' ' } else { byte });
    Err(Error::Said { text: text.collect(), is_counted: false })
}
