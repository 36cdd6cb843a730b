//! The table of settings, in alphabetical order.
//!
//! Bounds and error texts are the real server's. Some settings are fixed because they say something true of this
//! server: nothing is saved, nothing is appended, there is no cluster, and no module.

use super::{MaxmemoryPolicy, Setting};
use crate::notify::Classes;
use crate::output::Total;
use crate::value::list::Fill;

/// A row for a field that is a number, and how it is read: from which one to which.
macro_rules! numeric {
    ($name:literal, $field:ident, $read:ident, $min:expr, $max:expr) => {
        Setting {
            name: $name,
            alias: None,
            get: |c| c.$field.to_string(),
            set: Some(|c, v| $read(v, $min, $max).map(|n| c.$field = n as _)),
        }
    };
}

/// A row for a field that is on or off.
macro_rules! switch {
    ($name:literal, $field:ident) => {
        Setting {
            name: $name,
            alias: None,
            get: |c| if c.$field { "yes" } else { "no" }.into(),
            set: Some(|c, v| yes_or_no(v).map(|yes| c.$field = yes)),
        }
    };
}

/// The words of `acl-pubsub-default`, and whether they allow every channel.
const CHANNELS: [(&str, bool); 2] = [("allchannels", true), ("resetchannels", false)];

const I32_MAX: i64 = i32::MAX as i64;

/// Every setting the playground has.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "acl-pubsub-default",
        alias: None,
        get: |c| if c.acl_pubsub_default { "allchannels" } else { "resetchannels" }.into(),
        set: Some(|c, v| one_of(v, &CHANNELS).map(|all| c.acl_pubsub_default = all)),
    },
    numeric!("acllog-max-len", acllog_max_len, number, 0, i64::MAX),
    numeric!("active-expire-effort", active_expire_effort, number, 1, 10),
    Setting { name: "appendonly", alias: None, get: |_| "no".into(), set: None },
    Setting {
        alias: Some("lua-time-limit"),
        ..numeric!("busy-reply-threshold", busy_reply_threshold, number, 0, i64::MAX)
    },
    Setting {
        name: "client-output-buffer-limit",
        alias: None,
        get: |c| c.client_output_buffer_limit.setting(),
        set: Some(|c, v| {
            c.client_output_buffer_limit = c.client_output_buffer_limit.changed(v)?;
            Ok(())
        }),
    },
    Setting { name: "cluster-enabled", alias: None, get: |_| "no".into(), set: None },
    Setting { name: "databases", alias: None, get: |c| c.databases.to_string(), set: None },
    Setting { name: "enable-debug-command", alias: None, get: |_| "yes".into(), set: None },
    Setting { name: "enable-module-command", alias: None, get: |_| "no".into(), set: None },
    Setting {
        alias: Some("hash-max-ziplist-entries"),
        ..numeric!("hash-max-listpack-entries", hash_max_listpack_entries, number, 0, i64::MAX)
    },
    Setting {
        alias: Some("hash-max-ziplist-value"),
        ..numeric!("hash-max-listpack-value", hash_max_listpack_value, memory, 0, i64::MAX)
    },
    numeric!("hll-sparse-max-bytes", hll_sparse_max_bytes, memory, 0, i64::MAX),
    Setting {
        name: "hz",
        alias: None,
        get: |c| c.hz.to_string(),
        // Redis takes any positive number here and clamps it silently to what its timer can do.
        set: Some(|c, v| number(v, 0, I32_MAX).map(|n| c.hz = n.clamp(1, 500) as u32)),
    },
    numeric!("latency-monitor-threshold", latency_monitor_threshold, number, 0, i64::MAX),
    switch!("latency-tracking", latency_tracking),
    Setting {
        name: "latency-tracking-info-percentiles",
        alias: None,
        get: |c| {
            c.latency_tracking_info_percentiles.iter().map(|p| percentile(*p)).collect::<Vec<_>>().join(" ")
        },
        set: Some(|c, v| percentiles(v).map(|list| c.latency_tracking_info_percentiles = list)),
    },
    numeric!("lfu-decay-time", lfu_decay_time, number, 0, I32_MAX),
    numeric!("lfu-log-factor", lfu_log_factor, number, 0, I32_MAX),
    numeric!("list-compress-depth", list_compress_depth, number, 0, I32_MAX),
    Setting {
        name: "list-max-listpack-size",
        alias: Some("list-max-ziplist-size"),
        get: |c| c.list_max_listpack_size.setting().to_string(),
        set: Some(|c, v| {
            let setting = number(v, i64::from(i32::MIN), I32_MAX)?;
            c.list_max_listpack_size = Fill::new(setting as i32);
            Ok(())
        }),
    },
    numeric!("maxclients", maxclients, number, 1, 4_294_967_295),
    Setting {
        name: "maxmemory",
        alias: None,
        get: |c| c.maxmemory.to_string(),
        set: Some(|c, v| {
            c.maxmemory = parse_memory(v).ok_or(NO_MEMORY_VALUE)?;
            Ok(())
        }),
    },
    Setting {
        name: "maxmemory-clients",
        alias: None,
        get: |c| c.maxmemory_clients.setting(),
        set: Some(|c, v| {
            c.maxmemory_clients = Total::parse(v)?;
            Ok(())
        }),
    },
    numeric!("maxmemory-eviction-tenacity", maxmemory_eviction_tenacity, number, 0, 100),
    Setting {
        name: "maxmemory-policy",
        alias: None,
        get: |c| c.maxmemory_policy.word().into(),
        set: Some(|c, v| {
            // The words of newer versions are taken, and not offered.
            let newer = one_of(v, &MaxmemoryPolicy::NEWER);
            c.maxmemory_policy = newer.or_else(|_| one_of(v, &MaxmemoryPolicy::ALL))?;
            Ok(())
        }),
    },
    numeric!("maxmemory-samples", maxmemory_samples, number, 1, 64),
    Setting {
        alias: Some("min-slaves-max-lag"),
        ..numeric!("min-replicas-max-lag", min_replicas_max_lag, number, 0, I32_MAX)
    },
    Setting {
        alias: Some("min-slaves-to-write"),
        ..numeric!("min-replicas-to-write", min_replicas_to_write, number, 0, I32_MAX)
    },
    Setting {
        name: "notify-keyspace-events",
        alias: None,
        get: |c| c.notify_keyspace_events.setting(),
        set: Some(|c, v| {
            let refused = "Invalid event class character. Use 'Ag$lshzxeKEtmdn'.";
            c.notify_keyspace_events = Classes::parse(v).ok_or(refused)?;
            Ok(())
        }),
    },
    numeric!("proto-max-bulk-len", proto_max_bulk_len, memory, 1024 * 1024, i64::MAX),
    switch!("rdbcompression", rdbcompression),
    Setting {
        name: "requirepass",
        alias: None,
        get: |c| String::from_utf8_lossy(&c.requirepass).into_owned(),
        set: Some(|c, v| {
            c.requirepass = crate::parse::c_text(v).to_vec();
            Ok(())
        }),
    },
    Setting { name: "save", alias: None, get: |_| String::new(), set: None },
    numeric!("set-max-intset-entries", set_max_intset_entries, number, 0, i64::MAX),
    numeric!("set-max-listpack-entries", set_max_listpack_entries, number, 0, i64::MAX),
    numeric!("set-max-listpack-value", set_max_listpack_value, number, 0, i64::MAX),
    numeric!("slowlog-log-slower-than", slowlog_log_slower_than, number, -1, i64::MAX),
    numeric!("slowlog-max-len", slowlog_max_len, number, 0, i64::MAX),
    numeric!("stream-node-max-bytes", stream_node_max_bytes, memory, 0, i64::MAX),
    numeric!("stream-node-max-entries", stream_node_max_entries, number, 0, i64::MAX),
    numeric!("timeout", timeout, number, 0, I32_MAX),
    numeric!("tracking-table-max-keys", tracking_table_max_keys, number, 0, i64::MAX),
    Setting {
        alias: Some("zset-max-ziplist-entries"),
        ..numeric!("zset-max-listpack-entries", zset_max_listpack_entries, number, 0, i64::MAX)
    },
    Setting {
        alias: Some("zset-max-ziplist-value"),
        ..numeric!("zset-max-listpack-value", zset_max_listpack_value, memory, 0, i64::MAX)
    },
];

/// Settings of Redis 8.0 that the playground does not have.
pub const UNSUPPORTED: &[&str] = &[
    "aclfile",
    "active-defrag-cycle-max",
    "active-defrag-cycle-min",
    "active-defrag-ignore-bytes",
    "active-defrag-max-scan-fields",
    "active-defrag-threshold-lower",
    "active-defrag-threshold-upper",
    "activedefrag",
    "activerehashing",
    "always-show-logo",
    "aof-load-truncated",
    "aof-rewrite-cpulist",
    "aof-rewrite-incremental-fsync",
    "aof-timestamp-enabled",
    "aof-use-rdb-preamble",
    "aof_rewrite_cpulist",
    "appenddirname",
    "appendfilename",
    "appendfsync",
    "auto-aof-rewrite-min-size",
    "auto-aof-rewrite-percentage",
    "bgsave-cpulist",
    "bgsave_cpulist",
    "bind",
    "bind-source-addr",
    "bio-cpulist",
    "bio_cpulist",
    "client-query-buffer-limit",
    "cluster-allow-pubsubshard-when-down",
    "cluster-allow-reads-when-down",
    "cluster-allow-replica-migration",
    "cluster-announce-bus-port",
    "cluster-announce-hostname",
    "cluster-announce-human-nodename",
    "cluster-announce-ip",
    "cluster-announce-port",
    "cluster-announce-tls-port",
    "cluster-compatibility-sample-ratio",
    "cluster-config-file",
    "cluster-link-sendbuf-limit",
    "cluster-migration-barrier",
    "cluster-node-timeout",
    "cluster-port",
    "cluster-preferred-endpoint-type",
    "cluster-replica-no-failover",
    "cluster-replica-validity-factor",
    "cluster-require-full-coverage",
    "cluster-slave-no-failover",
    "cluster-slave-validity-factor",
    "crash-log-enabled",
    "crash-memcheck-enabled",
    "daemonize",
    "dbfilename",
    "dir",
    "disable-thp",
    "dynamic-hz",
    "enable-protected-configs",
    "hide-user-data-from-log",
    "ignore-warnings",
    "io-threads",
    "jemalloc-bg-thread",
    "lazyfree-lazy-eviction",
    "lazyfree-lazy-expire",
    "lazyfree-lazy-server-del",
    "lazyfree-lazy-user-del",
    "lazyfree-lazy-user-flush",
    "locale-collate",
    "logfile",
    "loglevel",
    "masterauth",
    "masteruser",
    "max-new-connections-per-cycle",
    "max-new-tls-connections-per-cycle",
    "no-appendfsync-on-rewrite",
    "oom-score-adj",
    "oom-score-adj-values",
    "pidfile",
    "port",
    "proc-title-template",
    "propagation-error-behavior",
    "protected-mode",
    "rdb-del-sync-files",
    "rdb-save-incremental-fsync",
    "rdbchecksum",
    "repl-backlog-size",
    "repl-backlog-ttl",
    "repl-disable-tcp-nodelay",
    "repl-diskless-load",
    "repl-diskless-sync",
    "repl-diskless-sync-delay",
    "repl-diskless-sync-max-replicas",
    "repl-ping-replica-period",
    "repl-ping-slave-period",
    "repl-timeout",
    "replica-announce-ip",
    "replica-announce-port",
    "replica-announced",
    "replica-full-sync-buffer-limit",
    "replica-ignore-disk-write-errors",
    "replica-ignore-maxmemory",
    "replica-lazy-flush",
    "replica-priority",
    "replica-read-only",
    "replica-serve-stale-data",
    "replicaof",
    "sanitize-dump-payload",
    "server-cpulist",
    "server_cpulist",
    "set-proc-title",
    "shutdown-on-sigint",
    "shutdown-on-sigterm",
    "shutdown-timeout",
    "slave-announce-ip",
    "slave-announce-port",
    "slave-ignore-maxmemory",
    "slave-lazy-flush",
    "slave-priority",
    "slave-read-only",
    "slave-serve-stale-data",
    "slaveof",
    "socket-mark-id",
    "stop-writes-on-bgsave-error",
    "supervised",
    "syslog-enabled",
    "syslog-facility",
    "syslog-ident",
    "tcp-backlog",
    "tcp-keepalive",
    "tls-auth-clients",
    "tls-ca-cert-dir",
    "tls-ca-cert-file",
    "tls-cert-file",
    "tls-ciphers",
    "tls-ciphersuites",
    "tls-client-cert-file",
    "tls-client-key-file",
    "tls-client-key-file-pass",
    "tls-cluster",
    "tls-dh-params-file",
    "tls-key-file",
    "tls-key-file-pass",
    "tls-port",
    "tls-prefer-server-ciphers",
    "tls-protocols",
    "tls-replication",
    "tls-session-cache-size",
    "tls-session-cache-timeout",
    "tls-session-caching",
    "unixsocket",
    "unixsocketperm",
];

fn number(text: &[u8], min: i64, max: i64) -> Result<i64, String> {
    let value = crate::number::parse_i64(text).ok_or("argument couldn't be parsed into an integer")?;
    within(value, min, max)
}

fn yes_or_no(text: &[u8]) -> Result<bool, String> {
    match () {
        () if text.eq_ignore_ascii_case(b"yes") => Ok(true),
        () if text.eq_ignore_ascii_case(b"no") => Ok(false),
        () => Err("argument must be 'yes' or 'no'".into()),
    }
}

const NO_MEMORY_VALUE: &str = "argument must be a memory value";

/// A number of bytes, with Redis's units: `1kb` is 1024, `1k` is 1000.
fn memory(text: &[u8], min: i64, max: i64) -> Result<i64, String> {
    let bytes = parse_memory(text).ok_or(NO_MEMORY_VALUE)?;
    i64::try_from(bytes).map_or_else(|_| Err(outside(min, max)), |bytes| within(bytes, min, max))
}

/// As Redis reads it: no digits count as 0, too many as the highest number, and a product that 64 bits cannot hold wraps.
pub(crate) fn parse_memory(text: &[u8]) -> Option<u64> {
    let split = text.iter().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(split);
    let scale: u64 = match unit.to_ascii_lowercase().as_slice() {
        b"" | b"b" => 1,
        b"k" => 1000,
        b"kb" => 1024,
        b"m" => 1_000_000,
        b"mb" => 1024 * 1024,
        b"g" => 1_000_000_000,
        b"gb" => 1024 * 1024 * 1024,
        _ => return None,
    };
    let number = digits
        .iter()
        .fold(0_u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
    Some(number.wrapping_mul(scale))
}

fn within(value: i64, min: i64, max: i64) -> Result<i64, String> {
    if (min..=max).contains(&value) { Ok(value) } else { Err(outside(min, max)) }
}

fn outside(min: i64, max: i64) -> String {
    format!("argument must be between {min} and {max} inclusive")
}

/// Numbers from 0 to 100, with a blank between them, or nothing.
fn percentiles(text: &[u8]) -> Result<Vec<f64>, String> {
    let mut list = Vec::new();
    if text.is_empty() {
        return Ok(list);
    }
    for word in text.split(|byte| *byte == b' ') {
        let number = crate::number::double::parse_score(word)
            .ok_or("Invalid latency-tracking-info-percentiles parameters")?;
        if !(0.0..=100.0).contains(&number) {
            return Err("latency-tracking-info-percentiles parameters should sit between [0.0,100.0]".into());
        }
        list.push(number);
    }
    Ok(list)
}

/// With up to six decimals.
pub fn percentile(number: f64) -> String {
    format!("{number:.6}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// One of a few words, in any case.
fn one_of<T: Copy>(text: &[u8], words: &[(&'static str, T)]) -> Result<T, String> {
    let found = words.iter().find(|(word, _)| word.as_bytes().eq_ignore_ascii_case(text));
    found.map(|(_, meaning)| *meaning).ok_or_else(|| {
        let words: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        format!("argument(s) must be one of the following: {}", words.join(", "))
    })
}
