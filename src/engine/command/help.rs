//! The `HELP` subcommand of every container, made from the specs.

use super::spec::CommandResult;
use super::{find_full, syntax};
use crate::args::Args;
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;

/// Lists the container's subcommands: how each is written, and below it what it does.
pub fn subcommands(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    let container = context.name().split('|').next().and_then(|name| find_full(name.as_bytes()));
    let container = container.ok_or(Error::Syntax)?;
    let title = format!(
        "{} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        container.name.to_ascii_uppercase()
    );
    let mut lines = vec![title];
    for sub in container.subcommands {
        let arguments = syntax::parse(sub.syntax).unwrap_or_default();
        let line = format!("{} {}", sub.short_name().to_ascii_uppercase(), syntax::usage(&arguments));
        lines.push(line.trim_end().to_owned());
        lines.push(format!("    {}", sub.summary));
    }
    Ok(Reply::Array(lines.into_iter().map(Reply::status_of).collect()))
}
