//! INFO: the figures of a running server, in sections. Only what the engine truly counts is shown, and what is true of a
//! server that has neither disk nor network.

mod data;
mod figures;
mod server;

use std::fmt::Write as _;

use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::reply::Reply;

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "info",
    group: Group::Server,
    arity: -1,
    flags: Flags::LOADING.union(Flags::STALE),
    acl: &["dangerous"],
    tips: &["nondeterministic_output", "request_policy:all_shards", "response_policy:special"],
    summary: "Figures about the server, in sections such as clients, memory, stats, commandstats and keyspace.",
    syntax: "[section*]",
    example: "> SET a 1\nOK\n> INFO keyspace\n# Keyspace\ndb0:keys=1,expires=0,avg_ttl=0,subexpiry=0",
    run: Some(info),
    ..CommandSpec::BASE
}];

type Write = fn(&Context<'_>, &mut String) -> std::fmt::Result;

struct Section {
    title: &'static str,
    write: Write,
    /// Shown where no section is named.
    by_default: bool,
}

const fn section(title: &'static str, write: Write) -> Section {
    Section { title, write, by_default: true }
}

const fn on_demand(title: &'static str, write: Write) -> Section {
    Section { title, write, by_default: false }
}

/// In Redis's order.
const SECTIONS: [Section; 13] = [
    section("Server", server::server),
    section("Clients", server::clients),
    section("Memory", data::memory),
    section("Persistence", server::persistence),
    section("Stats", figures::stats),
    section("Replication", server::replication),
    section("CPU", figures::cpu),
    section("Modules", |_, _| Ok(())),
    on_demand("Commandstats", figures::commandstats),
    section("Errorstats", figures::errorstats),
    on_demand("Latencystats", figures::latencystats),
    section("Cluster", server::cluster),
    section("Keyspace", data::keyspace),
];

impl Section {
    /// Whether these words ask for it. `all` means all but what modules tell, `everything` all.
    fn is_wanted(&self, words: &[Vec<u8>]) -> bool {
        let named = |word: &str| words.iter().any(|w| w.eq_ignore_ascii_case(word.as_bytes()));
        named(self.title)
            || named("everything")
            || (named("all") && self.title != "Modules")
            || (self.by_default && (words.is_empty() || named("default")))
    }
}

fn info(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let words = args.rest();
    let mut text = String::new();
    for Section { title, write, .. } in SECTIONS.into_iter().filter(|section| section.is_wanted(&words)) {
        if !text.is_empty() {
            text.push_str("\r\n");
        }
        // Writing to a String cannot fail.
        let _ = write!(text, "# {title}\r\n");
        let _ = write(context, &mut text);
    }
    Ok(Reply::Verbatim(*b"txt", text.into_bytes()))
}
