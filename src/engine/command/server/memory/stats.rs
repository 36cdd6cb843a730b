//! MEMORY STATS and MEMORY DOCTOR: what the memory model counts, as a table and in words.

use crate::args::Args;
use crate::command::spec::CommandResult;
use crate::dispatch::Context;
use crate::memory::{Breakdown, FUNCTIONS, STARTUP, machines};
use crate::reply::Reply;

/// Below so many bytes the doctor sees too little to say anything.
const TOO_LITTLE: u64 = 5 << 20;

/// The rows of the real server, but for those about the process and its allocator.
pub fn stats(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    let memory = Breakdown::of(context.keyspace, context.around);
    let mut rows: Vec<(String, Reply)> = Vec::new();
    let mut row = |name: &str, value: Reply| rows.push((name.to_owned(), value));
    row("peak.allocated", number(memory.peak));
    row("total.allocated", number(memory.used));
    row("startup.allocated", number(STARTUP));
    for none in ["replication.backlog", "replica.fullsync.buffer", "clients.slaves"] {
        row(none, number(0));
    }
    row("clients.normal", number(memory.clients));
    for none in ["cluster.links", "aof.buffer"] {
        row(none, number(0));
    }
    let (scripts, machines) = (&context.around.scripts, machines(context.around));
    row("lua.caches", number(scripts.cache_bytes()));
    row("functions.caches", number(FUNCTIONS + scripts.libraries.bytes()));
    row("script.VMs", number(machines.0 + machines.1));
    for (index, keys, deadlines) in &memory.tables {
        let tables = [("overhead.hashtable.main", keys), ("overhead.hashtable.expires", deadlines)];
        let tables = tables.into_iter().map(|(name, table)| (Reply::bulk(name), number(table.bytes)));
        row(&format!("db.{index}"), Reply::Map(tables.collect()));
    }
    row("overhead.db.hashtable.lut", number(memory.all_tables().map(|table| table.slots).sum()));
    row("overhead.db.hashtable.rehashing", number(memory.rehashing()));
    row("overhead.total", number(memory.overhead));
    row("db.dict.rehashing.count", Reply::count(memory.all_tables().filter(|table| table.is_moving).count()));
    row("keys.count", Reply::count(memory.keys));
    row("keys.bytes-per-key", number(memory.net().checked_div(memory.keys as u64).unwrap_or(0)));
    row("dataset.bytes", number(memory.dataset()));
    row("dataset.percentage", share(memory.dataset(), memory.net()));
    row("peak.percentage", share(memory.used, memory.peak));
    Ok(Reply::Map(rows.into_iter().map(|(name, value)| (Reply::bulk(name), value)).collect()))
}

fn number(number: u64) -> Reply {
    Reply::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

/// A percentage, in single precision.
fn share(part: u64, whole: u64) -> Reply {
    Reply::Double(f64::from(part as f32 * 100.0 / whole.max(1) as f32))
}

pub fn doctor(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    let memory = Breakdown::of(context.keyspace, context.around);
    let tables: u64 = memory.all_tables().map(|table| table.bytes).sum();
    let Breakdown { used, peak, keys, .. } = memory;
    let mut text = if used < TOO_LITTLE {
        format!("{} bytes of data are too little to tell anything from them.\n", memory.dataset())
    } else if peak > used + used / 2 {
        format!(
            "At its highest the data took {peak} bytes, {} times what it takes now ({used}). A real server does not give \
             all of it back: its fragmentation looks worse than it is until the data grows again.\n",
            peak / used
        )
    } else {
        format!("{keys} keys take {used} bytes, and nothing about that is remarkable.\n")
    };
    if used >= TOO_LITTLE && tables > used / 2 {
        text.push_str(
            "More than half of it is the tables of keys: many small keys take less as fields of hashes.\n",
        );
    }
    Ok(Reply::Verbatim(*b"txt", text.into_bytes()))
}

/// There is nothing to give back.
pub fn purge(_: &mut Context<'_>, _: &mut Args) -> CommandResult {
    Ok(Reply::OK)
}
