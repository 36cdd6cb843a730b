//! ACL CAT, DRYRUN, GENPASS, WHOAMI, and LOAD and SAVE where there is no file: answers that change no user.

use crate::acl::Denied;
use crate::acl::commands;
use crate::acl::user::hexadecimal;
use crate::args::Args;
use crate::command::spec::{ACL_CATEGORIES, CommandResult};
use crate::dispatch::{self, Context};
use crate::error::{Error, denied_command, denied_object};
use crate::reply::Reply;

pub fn cat(_: &mut Context<'_>, args: &mut Args) -> CommandResult {
    if args.remaining() > 1 {
        return Err(bad_arguments(args));
    }
    if args.is_empty() {
        return Ok(Reply::Array(ACL_CATEGORIES.iter().map(|word| Reply::bulk(*word)).collect()));
    }
    let name = args.take()?;
    let category = commands::category(crate::parse::c_text(&name)).ok_or(Error::UnknownCategory { name })?;
    Ok(Reply::Array(commands::table().of_category(category).map(|(_, name)| Reply::bulk(name)).collect()))
}

pub fn dryrun(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let name = args.take()?;
    let user = context.around.acl.user(&name).ok_or_else(|| Error::UserNotFound { name: name.clone() })?;
    let argv = args.rest();
    let spec = match dispatch::resolve(&argv) {
        Ok(resolved) => resolved.spec,
        Err(Error::UnknownCommand { name, .. }) => return Err(Error::CommandNotFound { name }),
        Err(Error::UnknownSubcommand { .. }) => {
            return Err(Error::CommandNotFound { name: argv.into_iter().next().unwrap_or_default() });
        }
        Err(error) => return Err(error),
    };
    let Err(denied) = user.check(spec, &argv) else { return Ok(Reply::OK) };
    let object =
        denied.position().and_then(|position| argv.get(position)).map(Vec::as_slice).unwrap_or_default();
    Ok(Reply::Bulk(match denied {
        Denied::Command => denied_command(&name, spec.name),
        Denied::Key(_) => denied_object(&name, object, "key"),
        Denied::Channel(_) => denied_object(&name, object, "channel"),
    }))
}

/// So many random bits, rounded up to whole digits.
pub fn genpass(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    const MOST: usize = 4096;
    if args.remaining() > 1 {
        return Err(bad_arguments(args));
    }
    let mut bits = 256;
    if !args.is_empty() {
        let wanted = usize::try_from(args.int()?).ok().filter(|bits| (1..=MOST).contains(bits));
        bits = wanted.ok_or(Error::Fixed(
            "ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to 4096",
        ))?;
    }
    let digits = bits.div_ceil(4);
    let bytes: Vec<u8> =
        (0..digits.div_ceil(16)).flat_map(|_| context.around.rng.next_u64().to_be_bytes()).collect();
    let mut password = hexadecimal(&bytes);
    password.truncate(digits);
    Ok(Reply::bulk(password))
}

pub fn whoami(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    Ok(Reply::bulk(context.session.user.as_slice()))
}

pub fn file(_: &mut Context<'_>, _: &mut Args) -> CommandResult {
    Err(Error::Fixed(
        "ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL \
        SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file set) in order to \
        store users in the Redis configuration.",
    ))
}

/// Too many words, as the container of these subcommands says it.
pub fn bad_arguments(args: &Args) -> Error {
    Error::SubcommandSyntax { container: "acl", name: args.subcommand().to_vec() }
}
