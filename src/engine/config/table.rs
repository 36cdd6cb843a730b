//! The table of settings, in alphabetical order.
//!
//! Bounds and error texts are the real server's. Two settings are fixed because they say something true of a server
//! without files: nothing is saved, nothing is appended.

use super::{MaxmemoryPolicy, Setting};
use crate::value::list::Fill;

/// Every setting the playground has.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "active-expire-effort",
        alias: None,
        get: |c| c.active_expire_effort.to_string(),
        set: Some(|c, v| number(v, 1, 10).map(|n| c.active_expire_effort = n as u32)),
    },
    Setting { name: "appendonly", alias: None, get: |_| "no".into(), set: None },
    Setting { name: "databases", alias: None, get: |c| c.databases.to_string(), set: None },
    Setting {
        name: "hash-max-listpack-entries",
        alias: Some("hash-max-ziplist-entries"),
        get: |c| c.hash_max_listpack_entries.to_string(),
        set: Some(|c, v| number(v, 0, i64::MAX).map(|n| c.hash_max_listpack_entries = n as usize)),
    },
    Setting {
        name: "hash-max-listpack-value",
        alias: Some("hash-max-ziplist-value"),
        get: |c| c.hash_max_listpack_value.to_string(),
        set: Some(|c, v| memory(v, 0, i64::MAX).map(|n| c.hash_max_listpack_value = n as usize)),
    },
    Setting {
        name: "hll-sparse-max-bytes",
        alias: None,
        get: |c| c.hll_sparse_max_bytes.to_string(),
        set: Some(|c, v| memory(v, 0, i64::MAX).map(|n| c.hll_sparse_max_bytes = n as usize)),
    },
    Setting {
        name: "hz",
        alias: None,
        get: |c| c.hz.to_string(),
        // Redis takes any positive number here and clamps it silently to what its timer can do.
        set: Some(|c, v| number(v, 0, i64::from(i32::MAX)).map(|n| c.hz = n.clamp(1, 500) as u32)),
    },
    Setting {
        name: "lfu-decay-time",
        alias: None,
        get: |c| c.lfu_decay_time.to_string(),
        set: Some(|c, v| number(v, 0, i64::from(i32::MAX)).map(|n| c.lfu_decay_time = n as u32)),
    },
    Setting {
        name: "lfu-log-factor",
        alias: None,
        get: |c| c.lfu_log_factor.to_string(),
        set: Some(|c, v| number(v, 0, i64::from(i32::MAX)).map(|n| c.lfu_log_factor = n as u32)),
    },
    Setting {
        name: "list-compress-depth",
        alias: None,
        get: |c| c.list_compress_depth.to_string(),
        set: Some(|c, v| number(v, 0, i64::from(i32::MAX)).map(|n| c.list_compress_depth = n as u32)),
    },
    Setting {
        name: "list-max-listpack-size",
        alias: Some("list-max-ziplist-size"),
        get: |c| c.list_max_listpack_size.setting().to_string(),
        set: Some(|c, v| {
            let setting = number(v, i64::from(i32::MIN), i64::from(i32::MAX))?;
            c.list_max_listpack_size = Fill::new(setting as i32);
            Ok(())
        }),
    },
    Setting {
        name: "maxmemory-policy",
        alias: None,
        get: |c| policy_word(c.maxmemory_policy).into(),
        set: Some(|c, v| policy(v).map(|p| c.maxmemory_policy = p)),
    },
    Setting {
        name: "proto-max-bulk-len",
        alias: None,
        get: |c| c.proto_max_bulk_len.to_string(),
        set: Some(|c, v| memory(v, 1024 * 1024, i64::MAX).map(|n| c.proto_max_bulk_len = n as u64)),
    },
    Setting {
        name: "rdbcompression",
        alias: None,
        get: |c| if c.rdbcompression { "yes" } else { "no" }.into(),
        set: Some(|c, v| yes_or_no(v).map(|yes| c.rdbcompression = yes)),
    },
    Setting { name: "save", alias: None, get: |_| String::new(), set: None },
    Setting {
        name: "set-max-intset-entries",
        alias: None,
        get: |c| c.set_max_intset_entries.to_string(),
        set: Some(|c, v| number(v, 0, i64::MAX).map(|n| c.set_max_intset_entries = n as usize)),
    },
    Setting {
        name: "set-max-listpack-entries",
        alias: None,
        get: |c| c.set_max_listpack_entries.to_string(),
        set: Some(|c, v| number(v, 0, i64::MAX).map(|n| c.set_max_listpack_entries = n as usize)),
    },
    Setting {
        name: "set-max-listpack-value",
        alias: None,
        get: |c| c.set_max_listpack_value.to_string(),
        set: Some(|c, v| number(v, 0, i64::MAX).map(|n| c.set_max_listpack_value = n as usize)),
    },
    Setting {
        name: "stream-node-max-bytes",
        alias: None,
        get: |c| c.stream_node_max_bytes.to_string(),
        set: Some(|c, v| memory(v, 0, i64::MAX).map(|n| c.stream_node_max_bytes = n as u64)),
    },
    Setting {
        name: "stream-node-max-entries",
        alias: None,
        get: |c| c.stream_node_max_entries.to_string(),
        set: Some(|c, v| number(v, 0, i64::MAX).map(|n| c.stream_node_max_entries = n as u64)),
    },
    Setting {
        name: "zset-max-listpack-entries",
        alias: Some("zset-max-ziplist-entries"),
        get: |c| c.zset_max_listpack_entries.to_string(),
        set: Some(|c, v| number(v, 0, i64::MAX).map(|n| c.zset_max_listpack_entries = n as usize)),
    },
    Setting {
        name: "zset-max-listpack-value",
        alias: Some("zset-max-ziplist-value"),
        get: |c| c.zset_max_listpack_value.to_string(),
        set: Some(|c, v| memory(v, 0, i64::MAX).map(|n| c.zset_max_listpack_value = n as usize)),
    },
];

/// Settings of Redis 8.0 that the playground does not have.
pub const UNSUPPORTED: &[&str] = &[
    "acl-pubsub-default",
    "aclfile",
    "acllog-max-len",
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
    "busy-reply-threshold",
    "client-output-buffer-limit",
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
    "cluster-enabled",
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
    "enable-debug-command",
    "enable-module-command",
    "enable-protected-configs",
    "hide-user-data-from-log",
    "ignore-warnings",
    "io-threads",
    "jemalloc-bg-thread",
    "latency-monitor-threshold",
    "latency-tracking",
    "latency-tracking-info-percentiles",
    "lazyfree-lazy-eviction",
    "lazyfree-lazy-expire",
    "lazyfree-lazy-server-del",
    "lazyfree-lazy-user-del",
    "lazyfree-lazy-user-flush",
    "locale-collate",
    "logfile",
    "loglevel",
    "lua-time-limit",
    "masterauth",
    "masteruser",
    "max-new-connections-per-cycle",
    "max-new-tls-connections-per-cycle",
    "maxclients",
    "maxmemory",
    "maxmemory-clients",
    "maxmemory-eviction-tenacity",
    "maxmemory-samples",
    "min-replicas-max-lag",
    "min-replicas-to-write",
    "min-slaves-max-lag",
    "min-slaves-to-write",
    "no-appendfsync-on-rewrite",
    "notify-keyspace-events",
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
    "requirepass",
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
    "slowlog-log-slower-than",
    "slowlog-max-len",
    "socket-mark-id",
    "stop-writes-on-bgsave-error",
    "supervised",
    "syslog-enabled",
    "syslog-facility",
    "syslog-ident",
    "tcp-backlog",
    "tcp-keepalive",
    "timeout",
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
    "tracking-table-max-keys",
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

/// A number of bytes, with Redis's units: `1kb` is 1024, `1k` is 1000.
fn memory(text: &[u8], min: i64, max: i64) -> Result<i64, String> {
    let bytes = parse_memory(text).ok_or("argument must be a memory value")?;
    i64::try_from(bytes).map_or_else(|_| Err(outside(min, max)), |bytes| within(bytes, min, max))
}

/// As Redis reads it: no digits count as 0, too many as the highest number, and a product that 64 bits cannot hold wraps.
fn parse_memory(text: &[u8]) -> Option<u64> {
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

fn policy(text: &[u8]) -> Result<MaxmemoryPolicy, String> {
    let found = MaxmemoryPolicy::ALL.iter().find(|(word, _)| word.as_bytes().eq_ignore_ascii_case(text));
    found.map(|(_, policy)| *policy).ok_or_else(|| {
        let words: Vec<_> = MaxmemoryPolicy::ALL.iter().map(|(word, _)| *word).collect();
        format!("argument(s) must be one of the following: {}", words.join(", "))
    })
}

fn policy_word(policy: MaxmemoryPolicy) -> &'static str {
    MaxmemoryPolicy::ALL.iter().find(|(_, p)| *p == policy).map_or("noeviction", |(word, _)| word)
}
