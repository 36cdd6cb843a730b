//! What is in use and what may be: the sum that `INFO` calls `used_memory`, what it consists of, and by how much it is above
//! `maxmemory`.
//!
//! The server itself takes what a real one takes that has nothing to do: these are measured. To that come the databases, as
//! they count themselves, what clients have not fetched yet, and the histogram of latencies that each command gets when it
//! first runs. Knows neither commands nor how a value is kept.

use crate::keyspace::{Database, Keyspace, Overhead, Surroundings};
use crate::value::alloc::{OBJECT, sds_size, size_class};

/// What a server has in use when it has started: `used_memory_startup`.
pub const STARTUP: u64 = 670_784;
/// What it has in use for its first clients besides: the buffer that all read into, and others.
const COMMON: u64 = 20_862;
/// What a client takes that is connected and has nothing under way …
const CLIENT: u64 = 2_410;
/// … and what of it counts as the client's own.
const CLIENT_OWN: u64 = 1_920;
/// The histogram of a command's latencies.
const HISTOGRAM: u64 = 24_688;
/// The machines that run scripts and functions, when they have run none. They count as overhead, although `used_memory` does not have them.
const SCRIPT_VM: u64 = 32_768;
const FUNCTION_VM: u64 = 33_792;
/// What is kept of functions where there is none.
pub const FUNCTIONS: u64 = 200;

/// Bytes in use.
pub fn used(keyspace: &Keyspace, around: &Surroundings) -> u64 {
    STARTUP
        + COMMON
        + CLIENT * around.clients as u64
        + around.output_memory
        + HISTOGRAM * around.stats.histograms
        + around.scripts.bytes()
        + keyspace.used_memory()
}

/// What the machines for scripts and for functions take.
pub fn machines(around: &Surroundings) -> (u64, u64) {
    let (scripts, functions) = around.scripts.machine_bytes();
    (SCRIPT_VM + scripts, FUNCTION_VM + functions)
}

/// Bytes that clients take, as far as they are counted as theirs.
pub fn of_clients(around: &Surroundings) -> u64 {
    CLIENT_OWN * around.clients as u64 + around.output_memory
}

/// What the words of a command take while it is looked at: an object each, the longer ones with a string of their own.
pub fn of_words(argv: &[Vec<u8>]) -> u64 {
    /// What embeds a string in its object: the object, the string's header and its end.
    const AROUND: usize = OBJECT + 3 + 1;
    const LONGEST_EMBEDDED: usize = 44;
    const POINTER: usize = 8;
    let word = |len: usize| match len {
        0..=LONGEST_EMBEDDED => size_class(AROUND + len),
        _ => OBJECT + sds_size(len),
    };
    let words: usize = argv.iter().map(|one| word(one.len())).sum();
    (words + size_class(POINTER * argv.len())) as u64
}

/// How many bytes more than `maxmemory` are in use, if any are.
pub fn excess(keyspace: &Keyspace, around: &Surroundings) -> Option<u64> {
    let most = around.config.maxmemory;
    if most == 0 {
        return None;
    }
    (used(keyspace, around) + around.words).checked_sub(most).filter(|excess| *excess > 0)
}

/// What the bytes in use are for, from running totals: nothing is counted anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breakdown {
    pub used: u64,
    /// The most there ever was.
    pub peak: u64,
    /// What clients take.
    pub clients: u64,
    /// All that is not data: server, clients, scripts, tables.
    pub overhead: u64,
    /// The tables of keys and of deadlines of each database that ever had a key.
    pub tables: Vec<(usize, Overhead, Overhead)>,
    pub keys: usize,
}

impl Breakdown {
    pub fn of(keyspace: &Keyspace, around: &Surroundings) -> Self {
        let used = used(keyspace, around);
        let clients = of_clients(around);
        let databases = keyspace.databases().iter().enumerate();
        let tables = databases.filter_map(|(index, database)| {
            database.tables().map(|(keys, deadlines)| (index, keys, deadlines))
        });
        let tables: Vec<_> = tables.collect();
        let in_tables: u64 = tables.iter().map(|(_, keys, deadlines)| keys.bytes + deadlines.bytes).sum();
        let machines = machines(around);
        Self {
            used,
            peak: around.stats.peak_memory.max(used),
            clients,
            overhead: STARTUP
                + clients
                + FUNCTIONS
                + around.scripts.bytes()
                + machines.0
                + machines.1
                + in_tables,
            tables,
            keys: keyspace.databases().iter().map(Database::len).sum(),
        }
    }

    /// What is data.
    pub fn dataset(&self) -> u64 {
        self.used.saturating_sub(self.overhead)
    }

    /// What was not in use yet when the server had started.
    pub fn net(&self) -> u64 {
        self.used.saturating_sub(STARTUP).max(1)
    }

    /// The tables of all databases.
    pub fn all_tables(&self) -> impl Iterator<Item = &Overhead> {
        self.tables.iter().flat_map(|(_, keys, deadlines)| [keys, deadlines])
    }

    /// The slots of tables that are being left.
    pub fn rehashing(&self) -> u64 {
        self.all_tables().map(|table| table.leaving).sum()
    }

    /// Notes a new peak. To be called whenever more may have come into use.
    pub fn note_peak(keyspace: &Keyspace, around: &mut Surroundings) {
        let used = used(keyspace, around);
        let peak = &mut around.stats.peak_memory;
        *peak = used.max(*peak);
    }
}
