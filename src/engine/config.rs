//! The settings that mean something here, and Redis's rules for changing them.
//!
//! One table row a setting: name, whether it can change at run time, how it is read and written. `CONFIG GET` and
//! `CONFIG SET` walk the table. Settings of Redis 8.0 that the playground does not have are listed by name in
//! [`UNSUPPORTED`], so that setting one says so instead of pretending.

mod policy;
mod table;

pub use policy::{Criterion, MaxmemoryPolicy};
pub(crate) use table::parse_memory;
pub use table::{SETTINGS, UNSUPPORTED, percentile};

use crate::error::Error;
use crate::notify::Classes;
use crate::output::{Limits, Total};
use crate::value::list::Fill;

/// The values of all settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// New users may use every channel.
    pub acl_pubsub_default: bool,
    pub acllog_max_len: usize,
    pub active_expire_effort: u32,
    /// Milliseconds after which others need not wait for a script.
    pub busy_reply_threshold: u64,
    pub client_output_buffer_limit: Limits,
    pub databases: usize,
    pub hash_max_listpack_entries: usize,
    pub hash_max_listpack_value: usize,
    pub hll_sparse_max_bytes: usize,
    pub hz: u32,
    pub latency_monitor_threshold: u64,
    pub latency_tracking: bool,
    pub latency_tracking_info_percentiles: Vec<f64>,
    pub lfu_decay_time: u32,
    pub lfu_log_factor: u32,
    pub list_compress_depth: u32,
    pub list_max_listpack_size: Fill,
    pub maxclients: usize,
    /// Bytes that may be in use; 0 for as many as there are.
    pub maxmemory: u64,
    pub maxmemory_clients: Total,
    pub maxmemory_eviction_tenacity: u32,
    pub maxmemory_policy: MaxmemoryPolicy,
    pub maxmemory_samples: usize,
    pub min_replicas_max_lag: u32,
    pub min_replicas_to_write: u32,
    pub notify_keyspace_events: Classes,
    pub proto_max_bulk_len: u64,
    pub rdbcompression: bool,
    /// The default user's password; empty for none.
    pub requirepass: Vec<u8>,
    pub set_max_intset_entries: usize,
    pub set_max_listpack_entries: usize,
    pub set_max_listpack_value: usize,
    pub slowlog_log_slower_than: i64,
    pub slowlog_max_len: usize,
    pub stream_node_max_bytes: u64,
    pub stream_node_max_entries: u64,
    /// Seconds of silence after which a client is closed; 0 for never.
    pub timeout: u64,
    pub tracking_table_max_keys: usize,
    pub zset_max_listpack_entries: usize,
    pub zset_max_listpack_value: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            acl_pubsub_default: false,
            acllog_max_len: 128,
            active_expire_effort: 1,
            busy_reply_threshold: 5000,
            client_output_buffer_limit: Limits::default(),
            databases: 16,
            hash_max_listpack_entries: 512,
            hash_max_listpack_value: 64,
            hll_sparse_max_bytes: 3000,
            hz: 10,
            latency_monitor_threshold: 0,
            latency_tracking: true,
            latency_tracking_info_percentiles: vec![50.0, 99.0, 99.9],
            lfu_decay_time: 1,
            lfu_log_factor: 10,
            list_compress_depth: 0,
            list_max_listpack_size: Fill::new(-2),
            maxclients: 10_000,
            maxmemory: 0,
            maxmemory_clients: Total::default(),
            maxmemory_eviction_tenacity: 10,
            maxmemory_policy: MaxmemoryPolicy::Noeviction,
            maxmemory_samples: 5,
            min_replicas_max_lag: 10,
            min_replicas_to_write: 0,
            notify_keyspace_events: Classes::empty(),
            proto_max_bulk_len: 512 * 1024 * 1024,
            rdbcompression: true,
            requirepass: Vec::new(),
            set_max_intset_entries: 512,
            set_max_listpack_entries: 128,
            set_max_listpack_value: 64,
            slowlog_log_slower_than: 10_000,
            slowlog_max_len: 128,
            stream_node_max_bytes: 4096,
            stream_node_max_entries: 100,
            timeout: 0,
            tracking_table_max_keys: 1_000_000,
            zset_max_listpack_entries: 128,
            zset_max_listpack_value: 64,
        }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub name: &'static str,
    /// The older name, from when listpacks were ziplists.
    pub alias: Option<&'static str>,
    pub get: fn(&Config) -> String,
    /// `None` where the value is fixed for the life of a server.
    pub set: Option<fn(&mut Config, &[u8]) -> Result<(), String>>,
}

impl Setting {
    pub fn named(name: &[u8]) -> Option<&'static Setting> {
        let is = |word: &str| word.as_bytes().eq_ignore_ascii_case(name);
        SETTINGS.iter().find(|s| is(s.name) || s.alias.is_some_and(is))
    }
}

impl Config {
    /// Whether keys with the same small integer may share one object: not where the use of each is noted to find victims.
    pub fn shares_integers(&self) -> bool {
        let notes_use =
            matches!(self.maxmemory_policy.criterion(), Some(Criterion::Idle | Criterion::Frequency));
        self.maxmemory == 0 || !notes_use
    }

    /// Whether nothing may be written for want of replicas, of which there are none.
    pub fn lacks_replicas(&self) -> bool {
        self.min_replicas_to_write > 0 && self.min_replicas_max_lag > 0
    }

    /// Changes several settings or none, as `CONFIG SET` promises.
    pub fn set_all(&mut self, pairs: &[(Vec<u8>, Vec<u8>)]) -> Result<(), Error> {
        let mut next = self.clone();
        let mut chosen: Vec<(&'static Setting, &[u8], &[u8])> = Vec::with_capacity(pairs.len());
        for (name, value) in pairs {
            let Some(setting) = Setting::named(name) else {
                return Err(unknown(name));
            };
            let fail = |reason: &str| Error::ConfigSet { name: name.clone(), reason: reason.into() };
            if setting.set.is_none() {
                return Err(fail("can't set immutable config"));
            }
            // A setting under its older name counts as another one.
            if chosen.iter().any(|(_, other, _)| other.eq_ignore_ascii_case(name)) {
                return Err(fail("duplicate parameter"));
            }
            chosen.push((setting, name, value));
        }
        for (setting, name, value) in chosen {
            if let Some(set) = setting.set {
                set(&mut next, value).map_err(|reason| Error::ConfigSet { name: name.to_vec(), reason })?;
            }
        }
        *self = next;
        Ok(())
    }
}

fn unknown(name: &[u8]) -> Error {
    let declared = UNSUPPORTED.iter().any(|word| word.as_bytes().eq_ignore_ascii_case(name));
    if declared {
        Error::UnsupportedSetting { name: name.to_vec() }
    } else {
        Error::UnknownSetting { name: name.to_vec() }
    }
}
