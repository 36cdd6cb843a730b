//! ACL SETUSER, GETUSER, DELUSER, LIST and USERS: users made, shown and removed.

use crate::acl::selector::{Selector, has_spaces};
use crate::acl::{DEFAULT_USER, User};
use crate::args::Args;
use crate::command::spec::CommandResult;
use crate::dispatch::Context;
use crate::error::Error;
use crate::guard;
use crate::reply::Reply;

pub fn setuser(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (name, rules) = (args.take()?, args.rest());
    if has_spaces(&name) {
        return Err(Error::Fixed("ERR Usernames can't contain spaces or null characters"));
    }
    let all_channels = context.around.config.acl_pubsub_default;
    if let Some(before) = context.around.acl.set_user(&name, rules, all_channels)? {
        guard::silence(context, &name, &before);
    }
    Ok(Reply::OK)
}

/// The connections of a removed user are closed: this one after its reply.
pub fn deluser(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let names = args.rest();
    if names.iter().any(|name| name == DEFAULT_USER) {
        return Err(Error::Fixed("ERR The 'default' user cannot be removed"));
    }
    let mut deleted = 0;
    for name in names {
        if context.around.acl.delete_user(&name) {
            deleted += 1;
            guard::expel(context, &name);
        }
    }
    Ok(Reply::count(deleted))
}

pub fn getuser(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let name = args.take()?;
    Ok(context.around.acl.user(&name).map_or(Reply::Nil, describe))
}

fn describe(user: &User) -> Reply {
    let mut selectors = user.selectors();
    let root = selectors.next().map(rules).unwrap_or_default();
    let mut fields = vec![
        field("flags", Reply::Set(user.flags().map(Reply::bulk).collect())),
        field("passwords", Reply::Array(user.passwords().map(Reply::bulk).collect())),
    ];
    fields.extend(root);
    fields.push(field(
        "selectors",
        Reply::Array(selectors.map(|selector| Reply::Map(rules(selector))).collect()),
    ));
    Reply::Map(fields)
}

fn rules(selector: &Selector) -> Vec<(Reply, Reply)> {
    vec![
        field("commands", Reply::Bulk(selector.commands_text())),
        field("keys", Reply::Bulk(selector.keys_text())),
        field("channels", Reply::Bulk(selector.channels_text())),
    ]
}

fn field(name: &str, value: Reply) -> (Reply, Reply) {
    (Reply::bulk(name), value)
}

pub fn list(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    let line = |(name, user): (&[u8], &User)| Reply::Bulk([b"user ", name, b" ", &user.text()].concat());
    Ok(Reply::Array(context.around.acl.users().map(line).collect()))
}

pub fn names(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    Ok(Reply::Array(context.around.acl.users().map(|(name, _)| Reply::bulk(name)).collect()))
}
