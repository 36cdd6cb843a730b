//! INFO's sections about the data: memory and keyspace.

use std::fmt::{Result, Write as _};

use crate::dispatch::Context;
use crate::keyspace::Database;
use crate::memory::{Breakdown, FUNCTIONS, STARTUP, machines};

/// What lies in the process and its allocator is left out: resident size, fragmentation.
pub fn memory(context: &Context<'_>, out: &mut String) -> Result {
    let memory = Breakdown::of(context.keyspace, context.around);
    let (used, peak, dataset) = (memory.used, memory.peak, memory.dataset());
    let config = &context.around.config;
    write!(out, "used_memory:{used}\r\nused_memory_human:{}\r\n", human(used))?;
    write!(out, "used_memory_peak:{peak}\r\nused_memory_peak_human:{}\r\n", human(peak))?;
    write!(out, "used_memory_peak_perc:{:.2}%\r\n", percent(used, peak))?;
    write!(out, "used_memory_overhead:{}\r\nused_memory_startup:{STARTUP}\r\n", memory.overhead)?;
    write!(out, "used_memory_dataset:{dataset}\r\n")?;
    write!(out, "used_memory_dataset_perc:{:.2}%\r\n", percent(dataset, memory.net()))?;
    scripts(context, out)?;
    let (most, policy) = (config.maxmemory, config.maxmemory_policy.word());
    write!(out, "maxmemory:{most}\r\nmaxmemory_human:{}\r\n", human(most))?;
    write!(out, "maxmemory_policy:{policy}\r\n")?;
    write!(out, "mem_not_counted_for_evict:0\r\nmem_replication_backlog:0\r\n")?;
    write!(out, "mem_total_replication_buffers:0\r\nmem_replica_full_sync_buffer:0\r\n")?;
    write!(out, "mem_clients_slaves:0\r\nmem_clients_normal:{}\r\n", memory.clients)?;
    write!(out, "mem_cluster_links:0\r\nmem_aof_buffer:0\r\n")?;
    write!(out, "mem_overhead_db_hashtable_rehashing:{}\r\n", memory.rehashing())?;
    write!(out, "lazyfree_pending_objects:0\r\nlazyfreed_objects:0\r\n")
}

/// Scripts and functions, and what they take.
fn scripts(context: &Context<'_>, out: &mut String) -> Result {
    let scripts = &context.around.scripts;
    let (eval, functions) = machines(context.around);
    let (machines, caches) = (eval + functions, scripts.cache_bytes());
    let libraries = FUNCTIONS + scripts.libraries.bytes();
    write!(out, "used_memory_lua:{eval}\r\nused_memory_vm_eval:{eval}\r\n")?;
    write!(out, "used_memory_lua_human:{}\r\nused_memory_scripts_eval:{caches}\r\n", human(eval))?;
    write!(out, "number_of_cached_scripts:{}\r\n", scripts.len())?;
    write!(out, "number_of_functions:{}\r\n", scripts.libraries.functions())?;
    write!(out, "number_of_libraries:{}\r\n", scripts.libraries.len())?;
    write!(out, "used_memory_vm_functions:{functions}\r\nused_memory_vm_total:{machines}\r\n")?;
    write!(out, "used_memory_vm_total_human:{}\r\n", human(machines))?;
    write!(out, "used_memory_functions:{libraries}\r\nused_memory_scripts:{}\r\n", libraries + caches)?;
    write!(out, "used_memory_scripts_human:{}\r\n", human(libraries + caches))
}

pub fn keyspace(context: &Context<'_>, out: &mut String) -> Result {
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

pub fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 }
}

/// Bytes as Redis shows them to people: `1.50M`.
pub fn human(bytes: u64) -> String {
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
