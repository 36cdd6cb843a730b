//! INFO's sections that count what has been done: stats, cpu, commandstats, errorstats, latencystats.

use std::fmt::{Result, Write as _};

use crate::acl::Reason;
use crate::config::percentile;
use crate::dispatch::Context;
use crate::pubsub::Kind;

pub fn stats(context: &Context<'_>, out: &mut String) -> Result {
    let stats = &context.around.stats;
    write!(out, "total_connections_received:{}\r\n", stats.connections)?;
    write!(out, "total_commands_processed:{}\r\n", stats.commands)?;
    write!(out, "instantaneous_ops_per_sec:{}\r\n", stats.rate.per_second(context.now()))?;
    write!(out, "total_net_repl_input_bytes:0\r\ntotal_net_repl_output_bytes:0\r\n")?;
    write!(out, "instantaneous_input_repl_kbps:0.00\r\ninstantaneous_output_repl_kbps:0.00\r\n")?;
    write!(out, "rejected_connections:{}\r\n", stats.refused_connections)?;
    write!(out, "sync_full:0\r\nsync_partial_ok:0\r\nsync_partial_err:0\r\n")?;
    write!(out, "expired_subkeys:{}\r\n", stats.expired_fields())?;
    let cycle = context.keyspace.expire_cycle();
    write!(out, "expired_keys:{}\r\nexpired_stale_perc:{:.2}\r\n", stats.expired(), cycle.stale_percent())?;
    write!(out, "expired_time_cap_reached_count:{}\r\n", cycle.capped)?;
    write!(out, "expire_cycle_cpu_milliseconds:{}\r\n", cycle.nanos / 1_000_000)?;
    write!(out, "evicted_keys:{}\r\nevicted_clients:{}\r\n", stats.evicted, stats.evicted_clients)?;
    write!(out, "evicted_scripts:{}\r\n", context.around.scripts.evicted)?;
    let (exceeded, exceeds) = context.around.evictor.exceeded(context.now());
    write!(out, "total_eviction_exceeded_time:{exceeded}\r\ncurrent_eviction_exceeded_time:{exceeds}\r\n")?;
    write!(out, "keyspace_hits:{}\r\nkeyspace_misses:{}\r\n", stats.keyspace_hits, stats.keyspace_misses)?;
    let listened = |kind| context.around.pubsub.len(kind);
    write!(out, "pubsub_channels:{}\r\n", listened(Kind::Channel))?;
    write!(out, "pubsub_patterns:{}\r\n", listened(Kind::Pattern))?;
    write!(out, "pubsubshard_channels:{}\r\n", listened(Kind::Shard))?;
    write!(out, "latest_fork_usec:0\r\ntotal_forks:0\r\n")?;
    write!(out, "migrate_cached_sockets:0\r\nslave_expires_tracked_keys:0\r\n")?;
    let [_, keys, items, prefixes] = context.around.tracking.figures();
    write!(out, "tracking_total_keys:{keys}\r\ntracking_total_items:{items}\r\n")?;
    write!(out, "tracking_total_prefixes:{prefixes}\r\nunexpected_error_replies:0\r\n")?;
    write!(out, "total_error_replies:{}\r\n", stats.error_replies)?;
    write!(out, "client_output_buffer_limit_disconnections:{}\r\n", stats.closed_by_output)?;
    let log = &context.around.acl.log;
    for (name, reason) in
        [("auth", Reason::Auth), ("cmd", Reason::Command), ("key", Reason::Key), ("channel", Reason::Channel)]
    {
        write!(out, "acl_access_denied_{name}:{}\r\n", log.total(reason))?;
    }
    Ok(())
}

/// The processor's time is that of the cost model. There is one thread, and no process beside it.
pub fn cpu(context: &Context<'_>, out: &mut String) -> Result {
    let micros: u64 = context.around.stats.by_command.iter().map(|(_, figures)| figures.micros).sum();
    let user = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    write!(out, "used_cpu_sys:0.000000\r\nused_cpu_user:{user}\r\n")?;
    write!(out, "used_cpu_sys_children:0.000000\r\nused_cpu_user_children:0.000000\r\n")?;
    write!(out, "used_cpu_sys_main_thread:0.000000\r\nused_cpu_user_main_thread:{user}\r\n")
}

pub fn commandstats(context: &Context<'_>, out: &mut String) -> Result {
    for (spec, figures) in context.around.stats.by_command.iter() {
        let (calls, micros) = (figures.calls, figures.micros);
        if calls > 0 || figures.rejected > 0 || figures.failed > 0 {
            let each = if calls == 0 { 0.0 } else { micros as f64 / calls as f64 };
            write!(out, "cmdstat_{}:calls={calls},usec={micros},usec_per_call={each:.2},", spec.name)?;
            write!(out, "rejected_calls={},failed_calls={}\r\n", figures.rejected, figures.failed)?;
        }
    }
    Ok(())
}

pub fn errorstats(context: &Context<'_>, out: &mut String) -> Result {
    for (word, count) in context.around.stats.by_error.iter() {
        write!(out, "errorstat_{}:count={count}\r\n", String::from_utf8_lossy(word))?;
    }
    Ok(())
}

pub fn latencystats(context: &Context<'_>, out: &mut String) -> Result {
    let config = &context.around.config;
    if !config.latency_tracking {
        return Ok(());
    }
    for (spec, figures) in context.around.stats.by_command.iter() {
        if figures.latency.is_empty() {
            continue;
        }
        let shown = config.latency_tracking_info_percentiles.iter().map(|percent| {
            let nanos = figures.latency.percentile(*percent);
            format!("p{}={}.{:03}", percentile(*percent), nanos / 1000, nanos % 1000)
        });
        let shown: Vec<String> = shown.collect();
        write!(out, "latency_percentiles_usec_{}:{}\r\n", spec.name, shown.join(","))?;
    }
    Ok(())
}
