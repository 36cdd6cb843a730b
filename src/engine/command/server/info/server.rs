//! INFO's sections about the server itself: what it is, who is connected, and what it is not.

use std::fmt::{Result, Write as _};

use crate::REDIS_VERSION;
use crate::dispatch::Context;

pub fn server(context: &Context<'_>, out: &mut String) -> Result {
    let uptime = context.now().saturating_sub(context.around.stats.started) / 1000;
    let hz = context.around.config.hz;
    write!(out, "redis_version:{REDIS_VERSION}\r\nredis_git_sha1:00000000\r\nredis_git_dirty:0\r\n")?;
    write!(out, "redis_mode:standalone\r\narch_bits:64\r\n")?;
    write!(out, "server_time_usec:{}\r\n", context.now().saturating_mul(1000))?;
    write!(out, "uptime_in_seconds:{uptime}\r\nuptime_in_days:{}\r\n", uptime / 86_400)?;
    write!(out, "hz:{hz}\r\nconfigured_hz:{hz}\r\n")?;
    write!(out, "lru_clock:{}\r\n", (context.now() / 1000) & 0x00FF_FFFF)?;
    write!(out, "config_file:\r\n")
}

pub fn clients(context: &Context<'_>, out: &mut String) -> Result {
    let around = &context.around;
    let blocked = context.sessions.iter().filter(|session| session.is_blocked()).count();
    let (watching, watched) = around.watched.totals();
    let (awaited, or_gone) = around.waiting.keys();
    write!(out, "connected_clients:{}\r\ncluster_connections:0\r\n", context.sessions.len())?;
    write!(out, "maxclients:{}\r\nblocked_clients:{blocked}\r\n", around.config.maxclients)?;
    let [tracking, ..] = around.tracking.figures();
    write!(out, "tracking_clients:{tracking}\r\npubsub_clients:{}\r\n", around.pubsub.sessions())?;
    write!(out, "watching_clients:{watching}\r\nclients_in_timeout_table:{}\r\n", around.waiting.timed())?;
    write!(out, "total_watched_keys:{watched}\r\ntotal_blocking_keys:{awaited}\r\n")?;
    write!(out, "total_blocking_keys_on_nokey:{or_gone}\r\n")
}

/// Nothing is ever saved or read from a disk: this is what a server without one says.
pub fn persistence(context: &Context<'_>, out: &mut String) -> Result {
    let started = context.around.stats.started / 1000;
    write!(out, "loading:0\r\nasync_loading:0\r\n")?;
    write!(out, "rdb_bgsave_in_progress:0\r\nrdb_last_save_time:{started}\r\n")?;
    write!(out, "rdb_last_bgsave_status:ok\r\nrdb_last_bgsave_time_sec:-1\r\n")?;
    write!(out, "rdb_current_bgsave_time_sec:-1\r\nrdb_saves:0\r\n")?;
    write!(out, "aof_enabled:0\r\naof_rewrite_in_progress:0\r\naof_rewrite_scheduled:0\r\n")?;
    write!(out, "aof_last_rewrite_time_sec:-1\r\naof_current_rewrite_time_sec:-1\r\n")?;
    write!(out, "aof_last_bgrewrite_status:ok\r\naof_last_write_status:ok\r\n")
}

pub fn replication(_: &Context<'_>, out: &mut String) -> Result {
    write!(out, "role:master\r\nconnected_slaves:0\r\nmaster_failover_state:no-failover\r\n")?;
    write!(out, "master_repl_offset:0\r\nsecond_repl_offset:-1\r\nrepl_backlog_active:0\r\n")?;
    write!(out, "repl_backlog_size:1048576\r\nrepl_backlog_first_byte_offset:0\r\nrepl_backlog_histlen:0\r\n")
}

pub fn cluster(_: &Context<'_>, out: &mut String) -> Result {
    write!(out, "cluster_enabled:0\r\n")
}
