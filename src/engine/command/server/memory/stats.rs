//! MEMORY STATS and MEMORY DOCTOR: what the memory model counts, as a table and in words.

use crate::args::Args;
use crate::command::spec::CommandResult;
use crate::dispatch::Context;
use crate::keyspace::Database;
use crate::memory;
use crate::reply::Reply;

/// Below so many bytes the doctor sees too little to say anything.
const TOO_LITTLE: u64 = 5 << 20;

struct Figures {
    used: u64,
    peak: u64,
    /// The tables of all databases.
    overhead: u64,
    keys: usize,
}

impl Figures {
    fn of(context: &Context<'_>) -> Self {
        let databases = context.keyspace.databases();
        let tables = databases.iter().map(Database::tables);
        let used = memory::used(context.keyspace, context.around);
        Self {
            used,
            peak: context.around.stats.peak_memory.max(used),
            overhead: tables.map(|(keys, deadlines)| keys + deadlines).sum(),
            keys: databases.iter().map(Database::len).sum(),
        }
    }

    fn dataset(&self) -> u64 {
        self.used.saturating_sub(self.overhead)
    }
}

pub fn stats(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    let figures = Figures::of(context);
    let number = |number: u64| Reply::Integer(i64::try_from(number).unwrap_or(i64::MAX));
    let share = |part: u64, whole: u64| {
        Reply::Double(if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 })
    };
    let mut rows: Vec<(String, Reply)> = vec![
        ("peak.allocated".into(), number(figures.peak)),
        ("total.allocated".into(), number(figures.used)),
        ("startup.allocated".into(), number(memory::STARTUP)),
    ];
    for (index, database) in context.keyspace.databases().iter().enumerate().filter(|(_, db)| !db.is_empty())
    {
        let (keys, deadlines) = database.tables();
        let tables = [("overhead.hashtable.main", keys), ("overhead.hashtable.expires", deadlines)];
        let tables = tables.into_iter().map(|(name, bytes)| (Reply::bulk(name), number(bytes)));
        rows.push((format!("db.{index}"), Reply::Map(tables.collect())));
    }
    rows.extend([
        ("overhead.total".into(), number(figures.overhead)),
        ("keys.count".into(), Reply::count(figures.keys)),
        ("keys.bytes-per-key".into(), number(figures.used.checked_div(figures.keys as u64).unwrap_or(0))),
        ("dataset.bytes".into(), number(figures.dataset())),
        ("dataset.percentage".into(), share(figures.dataset(), figures.used)),
        ("peak.percentage".into(), share(figures.used, figures.peak)),
    ]);
    Ok(Reply::Map(rows.into_iter().map(|(name, value)| (Reply::bulk(name), value)).collect()))
}

pub fn doctor(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    let Figures { used, peak, keys, overhead } = Figures::of(context);
    let mut text = if used < TOO_LITTLE {
        format!("{used} bytes of data are too little to tell anything from them.\n")
    } else if peak > used + used / 2 {
        format!(
            "At its highest the data took {peak} bytes, {} times what it takes now ({used}). A real server does not give \
             all of it back: its fragmentation looks worse than it is until the data grows again.\n",
            peak / used
        )
    } else {
        format!("{keys} keys take {used} bytes, and nothing about that is remarkable.\n")
    };
    if used >= TOO_LITTLE && overhead > used / 2 {
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
