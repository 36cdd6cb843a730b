//! The policy lab against a real Redis: the same traces, the same policies, and how far apart the hit ratios are.
//!
//! What makes the two comparable:
//!
//! - **Time.** A real server's clock is real, and LRU knows whole seconds, LFU whole minutes. So the requests are sent at
//!   the rate that the workload names, and the lab's clock starts at the time of day at which the real run began: seconds
//!   and minutes turn at the same requests on both sides, and lifetimes are as long.
//! - **Room.** `maxmemory` is so many bytes above what is in use before the first request, since what a server takes for
//!   itself differs a little.
//! - **Chance.** A real server draws other samples each time, and so does the lab with another seed: each plays several
//!   times, and means are compared.
//! - **Requests.** One at a time would take a round trip each. A batch of `GET`s for different keys is sent at once, and
//!   then the `SET`s for those that missed. So a key that a batch evicts may still be read by it: at most
//!   [`BATCH`] requests out of place, which is far below what chance makes of it. Under `noeviction` it would matter: what
//!   an expired key leaves free, its own next value takes at once. There requests are sent one by one.
//! - **Memory.** What the lab does not have and what would come or go in the middle of a real run is switched off there:
//!   histograms of latencies, and client's buffers that shrink.
//!
//! How many keys fit depends on the memory model, which of them stay on the choice of victims. To tell one from the other
//! the lab plays once more, with as much room as makes the same number of keys fit.

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use playground_engine::config::MaxmemoryPolicy;
use playground_lab::{Lab, Plan, Request, Room, Workload};

use crate::oracle::Oracle;
use crate::resp::{Connection, Value};

/// Requests sent at once, for different keys.
pub const BATCH: usize = 16;
/// Bytes of their values: what is on its way counts as memory in use, too, and may evict.
const BATCH_BYTES: usize = 4096;
/// How often the keys are counted in a run.
const STRETCHES: usize = 20;

/// A workload and how much room it gets.
#[derive(Clone, Debug)]
pub struct Trace {
    pub name: &'static str,
    pub workload: Workload,
    /// Bytes for data.
    pub room: u64,
}

impl Trace {
    fn new(name: &'static str, pattern: &str) -> Self {
        let pattern = pattern.parse().expect("a pattern");
        let workload =
            Workload { pattern, keys: 20_000, requests: 45_000, rate: 3_000, ..Workload::default() };
        Self { name, workload, room: 1000 * 1024 }
    }

    fn sizes(mut self, sizes: &str) -> Self {
        self.workload.sizes = sizes.parse().expect("sizes");
        self
    }

    fn lifetimes(mut self, lifetimes: &str) -> Self {
        self.workload.lifetimes = lifetimes.parse().expect("lifetimes");
        self
    }

    fn room(mut self, room: u64) -> Self {
        self.room = room;
        self
    }

    /// Shorter, at the same rate.
    #[must_use]
    pub fn cut_to(mut self, requests: u64) -> Self {
        self.workload.requests = requests;
        self
    }

    /// Those that a real Redis 8.0 has and that do different things here: where no key expires, there is nothing for
    /// `volatile-*` to choose from, and each does as `noeviction`.
    pub fn policies(&self) -> Vec<MaxmemoryPolicy> {
        let all = MaxmemoryPolicy::ALL.into_iter().map(|(_, policy)| policy);
        all.filter(|policy| self.workload.lifetimes.is_any() || !policy.spares_lasting()).collect()
    }
}

/// The traces that are compared.
pub fn traces() -> Vec<Trace> {
    vec![
        Trace::new("zipf", "zipf:0.99"),
        Trace::new("uniform", "uniform"),
        Trace::new("scan", "0.7*zipf:0.99,0.3*scan"),
        Trace::new("loop", "loop:7500"),
        Trace::new("hotspot", "hotspot:0.1:0.9:11250"),
        Trace::new("lifetimes", "zipf:0.9").lifetimes("0.8:1s-20s"),
        Trace::new("sizes", "zipf:0.9")
            .sizes("0.8*50-200,0.2*1kb-4kb")
            .lifetimes("0.5:500ms-8s")
            .room(2 * 1024 * 1024),
    ]
}

/// What came of a run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    /// In percent.
    pub hits: f64,
    /// Keys that fit: the mean over the second half of the run.
    pub keys: f64,
    pub evicted: f64,
    pub expired: f64,
    pub refused: f64,
    /// Seconds that it took, on the clock that counts.
    pub seconds: f64,
}

impl Figures {
    fn all(self) -> [f64; 6] {
        [self.hits, self.keys, self.evicted, self.expired, self.refused, self.seconds]
    }

    fn of([hits, keys, evicted, expired, refused, seconds]: [f64; 6]) -> Self {
        Self { hits, keys, evicted, expired, refused, seconds }
    }

    /// The mean of several runs, and the standard deviation.
    pub fn summary(runs: &[Self]) -> (Self, Self) {
        let count = runs.len().max(1) as f64;
        let (mut mean, mut deviation) = ([0.0; 6], [0.0; 6]);
        for place in 0..6 {
            let values = || runs.iter().map(|run| run.all()[place]);
            mean[place] = values().sum::<f64>() / count;
            let squares: f64 = values().map(|value| (value - mean[place]).powi(2)).sum();
            deviation[place] = (squares / (count - 1.0).max(1.0)).sqrt();
        }
        (Self::of(mean), Self::of(deviation))
    }
}

/// Plays a trace in the lab, from a time of day on.
pub fn play_lab(trace: &Trace, policy: MaxmemoryPolicy, room: u64, seed: u64, start: u64) -> Figures {
    let plan = Plan {
        workload: trace.workload.clone(),
        maxmemory: Room::AboveEmpty(room),
        policies: vec![policy],
        seed,
        start,
        points: STRETCHES as u64,
        ..Plan::default()
    };
    let mut lab = Lab::new(plan).unwrap_or_else(|fault| panic!("{}: {fault}", trace.name));
    lab.step(u64::MAX);
    let report = lab.report();
    let played = &report.policies[0];
    let counts: Vec<f64> = played.series.iter().map(|point| point.keys as f64).collect();
    Figures {
        hits: played.hit_ratio * 100.0,
        keys: settled(&counts),
        evicted: played.evicted as f64,
        expired: played.expired() as f64,
        refused: played.refused as f64,
        seconds: report.seconds,
    }
}

/// The mean of the second half.
fn settled(counts: &[f64]) -> f64 {
    let half = &counts[counts.len() / 2..];
    half.iter().sum::<f64>() / half.len().max(1) as f64
}

/// Plays a trace on a real server that has done nothing yet. Gives the time of day at which it began, too.
pub fn play_real(server: &Oracle, trace: &Trace, policy: MaxmemoryPolicy) -> Result<(Figures, u64), String> {
    run_real(&mut server.connect(), trace, policy)
        .map_err(|why| format!("{} under {}: {why}", trace.name, policy.word()))
}

fn run_real(server: &mut Connection, trace: &Trace, policy: MaxmemoryPolicy) -> io::Result<(Figures, u64)> {
    let requests: Vec<Request> = trace.workload.requests().collect();
    // The lab measures no latencies either; their histograms take memory, and are given back by RESETSTAT.
    server.call(&["CONFIG", "SET", "maxmemory-policy", policy.word(), "latency-tracking", "no"])?;
    server.call(&["CONFIG", "RESETSTAT"])?;
    // Nor does it know a client's buffer, which would shrink in the middle of the run.
    server.call(&["DEBUG", "REPLYBUFFER", "RESIZING", "0"])?;
    // The connection's buffers become as large as they will be.
    let get = |key: &[u8]| vec![b"GET".to_vec(), key.to_vec()];
    for _ in 0..200 {
        server.pipeline(&vec![get(b"nothing at all"); BATCH])?;
    }
    let base = figure(&info(server, "memory")?, "used_memory");
    server.call(&["CONFIG", "SET", "maxmemory", &(base + trace.room).to_string()])?;
    server.call(&["CONFIG", "RESETSTAT"])?;
    let start = time(server)?;
    let began = Instant::now();
    let (mut refused, mut counts, mut done) = (0, Vec::new(), 0);
    let most = if policy == MaxmemoryPolicy::Noeviction { 1 } else { BATCH };
    let mut rest = &requests[..];
    while let Some(first) = rest.first() {
        let (batch, after) = rest.split_at(batch(rest).min(most));
        rest = after;
        std::thread::sleep(Duration::from_millis(first.at).saturating_sub(began.elapsed()));
        let answers = server.pipeline(&batch.iter().map(|request| get(&request.key)).collect::<Vec<_>>())?;
        let missed = batch.iter().zip(&answers).filter(|(_, answer)| **answer == Value::Nil);
        let sets: Vec<_> = missed.map(|(request, _)| set(request)).collect();
        refused += server.pipeline(&sets)?.iter().filter(|answer| answer.is_error()).count();
        done += batch.len();
        while counts.len() < STRETCHES && done * STRETCHES >= (counts.len() + 1) * requests.len() {
            counts.push(server.call(&["DBSIZE"])?.integer().unwrap_or_default() as f64);
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    let stats = info(server, "stats")?;
    let of = |name| figure(&stats, name) as f64;
    let (hits, misses) = (of("keyspace_hits"), of("keyspace_misses"));
    let figures = Figures {
        hits: hits * 100.0 / (hits + misses),
        keys: settled(&counts),
        evicted: of("evicted_keys"),
        expired: of("expired_keys"),
        refused: refused as f64,
        seconds,
    };
    Ok((figures, start))
}

/// How many of the next requests make a batch: one, and those behind it that are for other keys and not too large.
fn batch(requests: &[Request]) -> usize {
    let most = requests.len().min(BATCH);
    let ends = |end: &usize| {
        let (before, next) = (&requests[..*end], &requests[*end]);
        let bytes: usize = before.iter().map(|request| request.size).sum();
        bytes + next.size > BATCH_BYTES || before.iter().any(|other| other.key == next.key)
    };
    (1..most).find(ends).unwrap_or(most)
}

fn set(request: &Request) -> Vec<Vec<u8>> {
    let mut words = vec![b"SET".to_vec(), request.key.clone(), vec![b'x'; request.size]];
    if let Some(millis) = request.lives {
        words.extend([b"PX".to_vec(), millis.to_string().into_bytes()]);
    }
    words
}

fn info(server: &mut Connection, section: &str) -> io::Result<String> {
    Ok(String::from_utf8_lossy(server.call(&["INFO", section])?.bytes()).into_owned())
}

fn figure(info: &str, name: &str) -> u64 {
    let line = info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.and_then(|text| text.trim().parse().ok()).unwrap_or_else(|| panic!("INFO has no {name}"))
}

/// Milliseconds since the epoch.
fn time(server: &mut Connection) -> io::Result<u64> {
    let answer = server.call(&["TIME"])?;
    let part = |place: usize| {
        let text =
            answer.elements().get(place).map(|part| String::from_utf8_lossy(part.bytes()).into_owned());
        text.and_then(|text| text.parse::<u64>().ok()).unwrap_or_default()
    };
    Ok(part(0) * 1000 + part(1) / 1000)
}

/// A trace under a policy, on both sides.
#[derive(Clone, Debug)]
pub struct Contest {
    pub policy: MaxmemoryPolicy,
    pub ours: Vec<Figures>,
    pub real: Vec<Figures>,
    /// Ours with as much room as makes as many keys fit as in the real server.
    pub level: Vec<Figures>,
}

/// Plays a trace so many times under each of these policies, all of them at the same time.
pub fn compete(
    program: &Path,
    trace: &Trace,
    policies: &[MaxmemoryPolicy],
    times: usize,
) -> Result<Vec<Contest>, String> {
    let empty = |policy: &MaxmemoryPolicy| Contest {
        policy: *policy,
        ours: Vec::new(),
        real: Vec::new(),
        level: Vec::new(),
    };
    let mut contests: Vec<Contest> = policies.iter().map(empty).collect();
    let mut starts = vec![Vec::new(); contests.len()];
    for _ in 0..times {
        // One after the other, so that each has taken its port when the next looks for a free one.
        let servers = policies.iter().map(|_| Oracle::start(program)).collect::<Result<Vec<_>, _>>()?;
        let played: Vec<_> = std::thread::scope(|scope| {
            let play = |(server, policy)| scope.spawn(move || play_real(server, trace, policy));
            let threads: Vec<_> = servers.iter().zip(policies.iter().copied()).map(play).collect();
            threads.into_iter().map(|thread| thread.join().expect("a run does not panic")).collect()
        });
        for ((contest, starts), played) in contests.iter_mut().zip(&mut starts).zip(played) {
            let (figures, start) = played?;
            contest.real.push(figures);
            starts.push(start);
        }
    }
    for (contest, starts) in contests.iter_mut().zip(starts) {
        let play = |room: u64| -> Vec<Figures> {
            let runs = (1..).zip(&starts);
            runs.map(|(seed, start)| play_lab(trace, contest.policy, room, seed, *start)).collect()
        };
        contest.ours = play(trace.room);
        let wanted = Figures::summary(&contest.real).0.keys;
        let mut room = trace.room as f64;
        contest.level.clone_from(&contest.ours);
        for _ in 0..3 {
            room *= wanted / Figures::summary(&contest.level).0.keys.max(1.0);
            contest.level = play(room as u64);
        }
    }
    Ok(contests)
}
