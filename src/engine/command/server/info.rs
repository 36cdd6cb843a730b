//! INFO: the figures of a running server. Only what the engine truly counts is shown.

use std::fmt::Write as _;

use crate::REDIS_VERSION;
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::keyspace::Database;
use crate::reply::Reply;

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "info",
    group: Group::Server,
    arity: -1,
    flags: Flags::LOADING.union(Flags::STALE),
    acl: &["dangerous"],
    tips: &["nondeterministic_output", "request_policy:all_shards", "response_policy:special"],
    summary: "Figures about the server, in sections: server, clients, memory, stats, keyspace.",
    syntax: "[section*]",
    example: "> SET a 1\nOK\n> INFO keyspace\n# Keyspace\ndb0:keys=1,expires=0,avg_ttl=0,subexpiry=0",
    run: Some(info),
    ..CommandSpec::BASE
}];

type Section = fn(&Context<'_>, &mut String) -> std::fmt::Result;

/// In Redis's order.
const SECTIONS: [(&str, Section); 5] =
    [("Server", server), ("Clients", clients), ("Memory", memory), ("Stats", stats), ("Keyspace", keyspace)];

fn info(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let wanted = args.rest();
    let named = |word: &str| wanted.iter().any(|w| w.eq_ignore_ascii_case(word.as_bytes()));
    let everything = wanted.is_empty() || ["default", "all", "everything"].into_iter().any(named);
    let mut text = String::new();
    for (name, section) in SECTIONS.into_iter().filter(|(name, _)| everything || named(name)) {
        if !text.is_empty() {
            text.push_str("\r\n");
        }
        // Writing to a String cannot fail.
        let _ = write!(text, "# {name}\r\n");
        let _ = section(context, &mut text);
    }
    Ok(Reply::Verbatim(*b"txt", text.into_bytes()))
}

fn server(context: &Context<'_>, out: &mut String) -> std::fmt::Result {
    let uptime = context.now().saturating_sub(context.around.stats.started) / 1000;
    let hz = context.around.config.hz;
    write!(out, "redis_version:{REDIS_VERSION}\r\nredis_mode:standalone\r\narch_bits:64\r\n")?;
    write!(out, "server_time_usec:{}\r\n", context.now().saturating_mul(1000))?;
    write!(out, "uptime_in_seconds:{uptime}\r\nuptime_in_days:{}\r\n", uptime / 86_400)?;
    write!(out, "hz:{hz}\r\nconfigured_hz:{hz}\r\n")?;
    write!(out, "lru_clock:{}\r\n", (context.now() / 1000) & 0x00FF_FFFF)
}

fn clients(context: &Context<'_>, out: &mut String) -> std::fmt::Result {
    write!(out, "connected_clients:{}\r\n", context.sessions.len())
}

fn memory(context: &Context<'_>, out: &mut String) -> std::fmt::Result {
    let used = context.keyspace.used_memory();
    let policy = crate::config::Setting::named(b"maxmemory-policy")
        .map(|setting| (setting.get)(&context.around.config))
        .unwrap_or_default();
    write!(out, "used_memory:{used}\r\nused_memory_human:{}\r\nmaxmemory_policy:{policy}\r\n", human(used))
}

fn stats(context: &Context<'_>, out: &mut String) -> std::fmt::Result {
    let stats = &context.around.stats;
    write!(out, "total_connections_received:{}\r\n", stats.connections)?;
    write!(out, "total_commands_processed:{}\r\n", stats.commands)?;
    write!(out, "expired_subkeys:{}\r\n", stats.expired_fields())?;
    write!(out, "expired_keys:{}\r\n", stats.expired())?;
    write!(out, "keyspace_hits:{}\r\nkeyspace_misses:{}\r\n", stats.keyspace_hits, stats.keyspace_misses)?;
    write!(out, "total_error_replies:{}\r\n", stats.error_replies)
}

fn keyspace(context: &Context<'_>, out: &mut String) -> std::fmt::Result {
    for (index, database) in context.keyspace.databases().iter().enumerate() {
        if !database.is_empty() {
            let (keys, expires) = (database.len(), database.volatile_len());
            let subexpiry = database.waking_len();
            let ttl = average_ttl(database, context.now());
            write!(out, "db{index}:keys={keys},expires={expires},avg_ttl={ttl},subexpiry={subexpiry}\r\n")?;
        }
    }
    Ok(())
}

/// Milliseconds that keys with a deadline have left, on average.
///
/// Redis keeps a running estimate from the expire cycle's samples; this looks at up to 1000 keys.
fn average_ttl(database: &Database, now: u64) -> u64 {
    let deadlines = database.deadlines().take(1000);
    let (sum, count) = deadlines
        .fold((0u128, 0u128), |(sum, count), at| (sum + u128::from(at.saturating_sub(now)), count + 1));
    sum.checked_div(count).map_or(0, |average| u64::try_from(average).unwrap_or(u64::MAX))
}

/// Bytes as Redis shows them to people: `1.50M`.
fn human(bytes: u64) -> String {
    let mut value = bytes as f64;
    for unit in ["B", "K", "M", "G", "T", "P"] {
        if value < 1024.0 {
            return if unit == "B" { format!("{bytes}B") } else { format!("{value:.2}{unit}") };
        }
        value /= 1024.0;
    }
    format!("{bytes}B")
}

#[cfg(test)]
mod tests {
    use super::human;

    #[test]
    fn sizes_read_as_redis_writes_them() {
        assert_eq!(human(1023), "1023B");
        assert_eq!(human(1536), "1.50K");
        assert_eq!(human(3 << 20), "3.00M");
    }
}
