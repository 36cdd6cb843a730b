//! The options of `redis-playground lab`. Each is read by the lab's own rules; what is wrong names its option.

use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Result, anyhow, bail};
use lexopt::prelude::*;
use playground_engine::config::MaxmemoryPolicy;
use playground_lab::{Plan, Room, parse_bytes};

pub const HELP: &str = "\
usage: redis-playground lab [OPTIONS]

Plays one access pattern as a cache (GET, and on a miss SET) under every
eviction policy, on virtual time, and tells how each does. The same options give
the same figures. On a terminal Enter ends it early.

what is asked for
  --pattern P       default zipf:0.99; one of
                      uniform              every key alike
                      zipf[:EXPONENT]      a popular few
                      scan                 keys that never come again
                      loop[:KEYS]          round and round
                      hotspot[:KEYS[:REQUESTS[:EVERY]]]
                                           a share of the requests goes to a
                                           share of the keys, others after EVERY
                                           requests; default 0.1:0.9:100000
                    or a mix with weights: 0.8*zipf:0.99,0.2*scan
  --keys N          how many keys come again; default 100000
  --requests N      default 1000000
  --rate N          requests a second of virtual time; default 10000
  --value-size S    100, 64-4kb, or with weights 0.9*100,0.1*10kb; default 100
  --ttl T           30s, 10s-5m, or for a share of the keys 0.5:10s-5m;
                    default: none
  --trace FILE      a recorded trace instead of a pattern: one key a line, if
                    known its size and lifetime (`user:1 512 30s`)
  --seed N          default 1

what it is played on
  --maxmemory M     a setting as 10mb, or what there is for data as +4mb; 0 for
                    no limit; default +4mb
  --samples N       maxmemory-samples; default 5
  --policies P,P…   default: all, those newer than Redis 8.0 marked by a star

what is printed
  --format F        table, csv or json; default table
  --series          figures over time, too (csv: instead)
  --points N        stretches of time; default 50

examples
  redis-playground lab
  redis-playground lab --pattern 0.7*zipf,0.3*scan --value-size 64-4kb --maxmemory +20mb
  redis-playground lab --ttl 0.5:10s-60s --policies volatile-ttl,volatile-lru,allkeys-lfu
  redis-playground lab --trace requests.txt --maxmemory 64mb --format csv --series
";

/// What was asked for.
#[derive(Debug)]
pub struct Options {
    /// All but the trace, which is not read yet.
    pub plan: Plan,
    pub trace: Option<PathBuf>,
    pub format: Format,
    pub series: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Table,
    Csv,
    Json,
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "table" => Ok(Self::Table),
            "csv" => Ok(Self::Csv),
            "json" => Ok(Self::Json),
            _ => Err(format!("`{text}` is none of table, csv and json")),
        }
    }
}

/// Reads the options; none where help is wanted.
pub fn options(parser: &mut lexopt::Parser) -> Result<Option<Options>> {
    let mut options = Options { plan: Plan::default(), trace: None, format: Format::Table, series: false };
    let (plan, mut by_pattern) = (&mut options.plan, None);
    while let Some(arg) = parser.next()? {
        let Long(name) = arg else {
            match arg {
                Short('h') | Value(_) if is_help(&arg) => return Ok(None),
                other => return Err(other.unexpected().into()),
            }
        };
        let name = name.to_owned();
        let workload = &mut plan.workload;
        match name.as_str() {
            "help" => return Ok(None),
            "series" => {
                options.series = true;
                continue;
            }
            "trace" => {
                options.trace = Some(parser.value()?.into());
                continue;
            }
            _ => {}
        }
        if !NAMES.contains(&name.as_str()) {
            return Err(Long(&name).unexpected().into());
        }
        let text = parser.value()?.string()?;
        if matches!(name.as_str(), "pattern" | "keys" | "requests") {
            by_pattern = Some(name.clone());
        }
        let read = match name.as_str() {
            "pattern" => put(&mut workload.pattern, text.parse()),
            "keys" => put(&mut workload.keys, number(&text)),
            "requests" => put(&mut workload.requests, number(&text)),
            "rate" => put(&mut workload.rate, number(&text)),
            "value-size" => put(&mut workload.sizes, text.parse()),
            "ttl" => put(&mut workload.lifetimes, text.parse()),
            "seed" => put(&mut workload.seed, number(&text)).map(|()| plan.seed = workload.seed),
            "maxmemory" => put(&mut plan.maxmemory, room(&text)),
            "samples" => put(&mut plan.samples, number(&text).map(|number| number as usize)),
            "policies" => put(&mut plan.policies, policies(&text)),
            "points" => put(&mut plan.points, number(&text)),
            _ => put(&mut options.format, text.parse()),
        };
        read.map_err(|why| anyhow!("--{name}: {why}"))?;
    }
    if let (Some(name), Some(_)) = (by_pattern, &options.trace) {
        bail!("--{name}: a trace brings its own");
    }
    Ok(Some(options))
}

/// The options with a value.
const NAMES: [&str; 12] = [
    "pattern",
    "keys",
    "requests",
    "rate",
    "value-size",
    "ttl",
    "seed",
    "maxmemory",
    "samples",
    "policies",
    "points",
    "format",
];

fn is_help(arg: &lexopt::Arg<'_>) -> bool {
    match arg {
        Short('h') => true,
        Value(word) => word == "help",
        Short(_) | Long(_) => false,
    }
}

fn put<T>(place: &mut T, read: Result<T, String>) -> Result<(), String> {
    read.map(|value| *place = value)
}

fn number(text: &str) -> Result<u64, String> {
    let digits: String = text.chars().filter(|c| *c != '_').collect();
    digits.parse().map_err(|_| format!("`{text}` is no whole number"))
}

fn room(text: &str) -> Result<Room, String> {
    match text.strip_prefix('+') {
        Some(text) => parse_bytes(text).map(Room::AboveEmpty),
        None => parse_bytes(text).map(Room::Total),
    }
}

fn policies(text: &str) -> Result<Vec<MaxmemoryPolicy>, String> {
    let policy = |word: &str| {
        let found = MaxmemoryPolicy::every().find(|(name, _)| name.eq_ignore_ascii_case(word));
        found.map(|(_, policy)| policy).ok_or_else(|| {
            let all: Vec<&str> = MaxmemoryPolicy::every().map(|(name, _)| name).collect();
            format!("there is no policy `{word}`: there are {}", all.join(", "))
        })
    };
    text.split(',').map(policy).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(line: &str) -> Result<Option<Options>> {
        options(&mut lexopt::Parser::from_args(line.split_whitespace()))
    }

    #[test]
    fn every_option_is_read() {
        let line = "--pattern loop:5 --keys 1_000 --requests=50 --rate 7 --value-size 1kb --ttl 5s --seed 9 \
                    --maxmemory +1mb --samples 10 --policies allkeys-lru,volatile-ttl --points 3 --format csv --series";
        let options = given(line).expect("options").expect("no help");
        let plan = options.plan;
        assert_eq!(plan.workload.pattern.to_string(), "loop:5");
        assert_eq!((plan.workload.keys, plan.workload.requests, plan.workload.rate), (1000, 50, 7));
        assert_eq!(
            (plan.workload.sizes.to_string(), plan.workload.lifetimes.is_any()),
            ("1024".into(), true)
        );
        assert_eq!((plan.seed, plan.workload.seed, plan.samples, plan.points), (9, 9, 10, 3));
        assert_eq!(plan.maxmemory, Room::AboveEmpty(1 << 20));
        assert_eq!(plan.policies, [MaxmemoryPolicy::AllkeysLru, MaxmemoryPolicy::VolatileTtl]);
        assert_eq!((options.format, options.series, options.trace), (Format::Csv, true, None));
        for help in ["--help", "-h", "help"] {
            assert!(given(help).expect("help").is_none());
        }
    }

    #[test]
    fn what_is_wrong_names_its_option() {
        for (line, why) in [
            ("--keys ten", "--keys: `ten` is no whole number"),
            ("--pattern x", "--pattern: there is no pattern `x`"),
            ("--value-size 5q", "--value-size: `5q` is no number of bytes"),
            ("--ttl 1:2:3", "--ttl: `2:3` is no duration"),
            ("--maxmemory +x", "--maxmemory: `x` is no number of bytes"),
            ("--policies allkeys-lru,best", "--policies: there is no policy `best`"),
            ("--format xml", "--format: `xml` is none of"),
            ("--trace f --keys 5", "--keys: a trace brings its own"),
            ("--nonsense", "invalid option '--nonsense'"),
            ("word", "unexpected argument \"word\""),
            ("-x", "invalid option '-x'"),
        ] {
            let told = given(line).err().map(|error| error.to_string());
            assert!(told.as_ref().is_some_and(|told| told.starts_with(why)), "{line}: {told:?}");
        }
    }
}
