//! Random command lines of several sessions, in an order that both sides keep.
//!
//! The lines come from the command table, as in [`generate`](super::super::generate). Only commands take part whose replies
//! are the same to the byte at whatever moment they are carried out: real time passes between two lines, and how much is
//! not known. Sessions wait for ever, and deadlines are far ahead or long past.

use playground_engine::command::spec::Flags;
use playground_engine::command::{self, CommandSpec, Group};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::Union;

use crate::compare::is_exact;
use crate::generate::{Argv, Target, line, targets, with_subcommands};
use crate::people;

/// Commands that stay out although their replies are exact, each with the reason.
const LEFT_OUT: &[(&str, &str)] = &[
    ("expire", "the deadline depends on the moment"),
    ("pexpire", "the same"),
    ("hexpire", "the same"),
    ("hpexpire", "the same"),
    ("setex", "the same"),
    ("psetex", "the same"),
    ("restore", "the same"),
    ("ttl", "shows the moment"),
    ("pttl", "the same"),
    ("httl", "the same"),
    ("hpttl", "the same"),
    ("xpending", "shows how long ago something was"),
    ("xinfo|consumers", "the same"),
    ("xinfo|stream", "the same"),
    ("xclaim", "depends on how long ago something was"),
    ("xautoclaim", "the same"),
    ("zrangebylex", "means nothing where scores differ, see `certain`"),
    ("zrevrangebylex", "the same"),
    ("zlexcount", "the same"),
    ("zremrangebylex", "the same"),
    ("sdiffstore", "may show the order of a hash table, see `certain`"),
    ("sinterstore", "the same"),
    ("sunionstore", "the same"),
    ("sort", "the same"),
    ("sort_ro", "the same"),
    ("client|help", "is prose of our own"),
    (
        "client|no-touch",
        "Redis 8.0.2 stops (a null pointer) where such a client serves one that waits for a key",
    ),
];

/// Lines that stay out as things are, each with the reason.
pub const AT_TIMES: &[(&str, When, &str)] = &[
    ("client|kill", When::InTransaction, "would cut EXEC's answer short, see DIFFERENCES.md"),
    ("client|reply", When::InTransaction, "the same"),
    (
        "multi",
        When::Monitoring,
        "lines on its own commands would stand inside EXEC's answer, see DIFFERENCES.md",
    ),
    ("monitor", When::Waiting, "the same"),
    ("client|kill", When::Silent, "who has no reply to wait for is not closed behind it"),
    ("quit", When::Silent, "the same"),
    ("client|kill", When::Waiting, "whether any of this will hold when its turn comes is not known"),
    ("client|reply", When::Waiting, "the same"),
    ("quit", When::Waiting, "the same"),
    ("flushall", When::Late, "a thread ends it: what else happens at the same moment comes before or behind"),
    ("flushdb", When::Late, "the same"),
    ("flushall", When::Silent, "the same: nothing tells when it has ended"),
    ("flushdb", When::Silent, "the same"),
    (
        "client|unblock timeout",
        When::SomebodyHeldUp,
        "Redis 8.0.2 stops where that one is held up by CLIENT PAUSE",
    ),
    ("client|unblock timeout", When::InTransaction, "somebody may be held up when it is carried out"),
    ("client|unblock timeout", When::Waiting, "the same"),
];

/// How a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    InTransaction,
    Monitoring,
    /// It gets no replies, or not the next one.
    Silent,
    Waiting,
    /// It waits, or would now be held up by `CLIENT PAUSE`.
    Late,
    /// Any session is, by `CLIENT PAUSE`.
    SomebodyHeldUp,
}

/// Far ahead, in seconds and in milliseconds.
const FAR: (&[u8], &[u8]) = (b"33177117420", b"33177117420000");

/// What one session does.
#[derive(Clone, Debug)]
pub struct Step {
    /// Whose turn it is, among however many there are.
    pub session: Index,
    /// Even if it waits at the moment.
    pub insists: bool,
    pub deed: Deed,
}

#[derive(Clone, Debug)]
pub enum Deed {
    Send(Argv),
    /// Closes its connection; another takes its place.
    Leave,
    /// Somebody whom no pause holds up ends it.
    Unpause,
}

/// Sessions and what they do, in order.
#[derive(Clone, Debug)]
pub struct Crowd {
    /// For each session whether it speaks RESP3.
    pub resp3: Vec<bool>,
    pub steps: Vec<Step>,
}

pub fn crowds(length: usize) -> BoxedStrategy<Crowd> {
    let lines = |weight: fn(&CommandSpec) -> u32| {
        let weighted = cast().into_iter().map(|target| (weight(target.spec), target));
        let lines = weighted.filter(|(weight, _)| *weight > 0);
        Union::new_weighted(lines.map(|(weight, target)| (weight, line(target).prop_map(timeless))).collect())
    };
    let scripted = prop_oneof![lines(mixed), lines(waiting), lines(listening), lines(caching)];
    let scripted = scripted.prop_map(in_a_script);
    let listening = prop_oneof![12 => lines(listening), 1 => notify()];
    let caching = prop_oneof![20 => lines(caching), 1 => Just(invalidations())];
    let sent =
        prop_oneof![6 => lines(mixed), 6 => lines(waiting), 4 => listening, 6 => caching, 1 => scripted];
    let sent = sent.prop_map(Deed::Send);
    let deed = prop_oneof![200 => sent, 2 => Just(Deed::Leave), 1 => Just(Deed::Unpause)];
    let step = (any::<Index>(), proptest::bool::weighted(0.1), deed)
        .prop_map(|(session, insists, deed)| Step { session, insists, deed });
    (vec(any::<bool>(), 2..=5), vec(step, 1..length * 2))
        .prop_map(|(resp3, steps)| Crowd { resp3, steps })
        .boxed()
}

/// The commands that take part.
fn cast() -> Vec<Target> {
    let is_in = |target: &Target| {
        let spec = target.spec;
        let exact = is_exact(spec.name) && !LEFT_OUT.iter().any(|(name, _)| *name == spec.name);
        match spec.group {
            Group::Bitmap | Group::HyperLogLog | Group::Geo | Group::Cluster | Group::Scripting => false,
            Group::Connection => matches!(spec.name, "echo" | "ping" | "select"),
            Group::Server => matches!(spec.name, "flushall" | "flushdb" | "swapdb"),
            _ => exact,
        }
    };
    // What a lonely session leaves out.
    let steering = |spec: &&CommandSpec| {
        spec.group == Group::Transactions
            || spec.name.ends_with("subscribe")
            || matches!(spec.name, "client" | "hello" | "monitor" | "quit" | "reset")
    };
    let out = |target: &Target| LEFT_OUT.iter().any(|(name, _)| *name == target.spec.name);
    let steering = command::all().filter(steering).flat_map(with_subcommands).filter(|target| !out(target));
    targets().into_iter().filter(is_in).chain(steering).collect()
}

/// Much waiting, much to wait for, transactions of some length, and of everything a little.
fn mixed(spec: &CommandSpec) -> u32 {
    match spec.name {
        "exec" => 200,
        "multi" | "rpush" | "lpush" | "zadd" | "xadd" => 120,
        "watch" | "xreadgroup" | "xread" | "xgroup|create" => 80,
        "discard" | "unwatch" | "set" | "del" | "rename" | "swapdb" | "xgroup|destroy" => 15,
        "wait" | "waitaof" | "flushall" | "flushdb" | "select" => 2,
        _ if spec.flags.contains(Flags::BLOCKING) => 60,
        _ => 4,
    }
}

/// Only what makes sessions wait or ends that, and what touches watched keys.
fn waiting(spec: &CommandSpec) -> u32 {
    match spec.name {
        "exec" => 15,
        "multi" | "watch" => 12,
        "rpush" | "lpush" | "zadd" | "xadd" | "del" | "xreadgroup" | "xread" | "xgroup|create" => 6,
        "flushdb" => 3,
        "wait" | "waitaof" => 0,
        "rename" | "copy" | "move" | "set" | "swapdb" | "xgroup|destroy" | "rpoplpush" | "lmove"
        | "zrangestore" | "zunionstore" | "linsert" | "lpop" | "zpopmin" | "persist" | "pexpireat" => 1,
        _ if spec.flags.contains(Flags::BLOCKING) => 7,
        _ => 0,
    }
}

/// Only what speaks and listens, in transactions, too, and some of what listeners can be told of.
fn listening(spec: &CommandSpec) -> u32 {
    match spec.name {
        "publish" | "spublish" => 20,
        "subscribe" | "psubscribe" | "ssubscribe" => 6,
        "unsubscribe" | "punsubscribe" | "sunsubscribe" | "multi" | "exec" => 5,
        "rpush" | "lpop" | "xadd" | "zadd" | "set" | "get" | "del" | "hset" | "sadd" | "rename" | "lmove" => {
            2
        }
        "blmove" | "blpop" | "reset" | "ping" => 1,
        _ if spec.group == Group::PubSub => 2,
        _ => 0,
    }
}

/// Only what clients do to each other, and what those can be told of that cache.
fn caching(spec: &CommandSpec) -> u32 {
    match spec.name {
        "client|tracking" => 14,
        "get" | "mget" | "lrange" | "zrange" | "set" | "rpush" => 6,
        "client|caching" | "client|unblock" | "client|trackinginfo" | "client|list" | "client|info" => 4,
        "client|reply" | "client|getredir" | "client|unpause" | "hello" | "multi" | "exec" | "blpop" => 3,
        "del" | "zadd" | "hset" | "hget" | "rename" | "lpop" | "bzpopmin" | "blmove" | "xread" | "copy" => 2,
        "flushall" | "reset" | "monitor" | "quit" | "swapdb" | "unsubscribe" | "watch" | "discard" => 1,
        name if name.starts_with("client|") => 2,
        _ => 0,
    }
}

/// Has a client of RESP2 hear of changed keys in the place of others.
fn invalidations() -> Argv {
    [&b"SUBSCRIBE"[..], b"__redis__:invalidate"].map(<[u8]>::to_vec).to_vec()
}

/// Changes of what the keyspace tells. None is refused: after that the real server puts the setting back from its text,
/// which does not show `n` beside `A`.
fn notify() -> BoxedStrategy<Argv> {
    let classes = select(vec!["KEA", "AKE", "KEAmn", "Kl", "Elzx", "Kg$n", "Em", "", "x"]);
    let line = |classes: &str| {
        ["CONFIG", "SET", "notify-keyspace-events", classes].map(|word| word.as_bytes().to_vec())
    };
    classes.prop_map(move |classes| line(classes).to_vec()).boxed()
}

/// The same line, sent by a script.
fn in_a_script(argv: Argv) -> Argv {
    let head = [&b"EVAL"[..], b"return redis.call(unpack(ARGV))", b"0"].map(<[u8]>::to_vec);
    head.into_iter().chain(argv).collect()
}

/// Takes the moment out of a line: waiting is for ever, deadlines are given as moments, and IDs are written out.
fn timeless(mut argv: Argv) -> Argv {
    let is = |word: &[u8], name: &str| word.eq_ignore_ascii_case(name.as_bytes());
    let name = argv.first().and_then(|name| command::find(name)).map_or("", |spec| spec.name);
    let last = argv.len().saturating_sub(1);
    let waits_at = match name {
        "blpop" | "brpop" | "bzpopmin" | "bzpopmax" | "brpoplpush" | "blmove" | "wait" | "waitaof" => last,
        "blmpop" | "bzmpop" => 1,
        "xread" | "xreadgroup" => argv.iter().position(|word| is(word, "BLOCK")).map_or(0, |at| at + 1),
        _ => 0,
    };
    spare_the_onlooker(&mut argv);
    for at in 1..argv.len() {
        if at == waits_at && passes(&argv[at]) {
            argv[at] = b"0".to_vec();
        } else if name == "xadd" && argv[at] == b"*" {
            argv[at] = b"5-*".to_vec();
        } else if is(&argv[at], "BYLEX") {
            argv[at] = b"BYSCORE".to_vec();
        } else if is(&argv[at - 1], "EX") || is(&argv[at - 1], "PX") {
            let (word, far) = if is(&argv[at - 1], "EX") { (b"EXAT", FAR.0) } else { (b"PXAT", FAR.1) };
            argv[at - 1] = word.to_vec();
            if passes(&argv[at]) {
                argv[at] = far.to_vec();
            }
        }
    }
    argv
}

/// No filter of `CLIENT KILL` lets the connection pass that looks on, and `AUTH` names nobody whose password may be wrong.
fn spare_the_onlooker(argv: &mut Argv) {
    let is = |at: usize, words: &[&str]| {
        let word = argv.get(at);
        word.is_some_and(|word| words.iter().any(|name| word.eq_ignore_ascii_case(name.as_bytes())))
    };
    if is(0, &["CLIENT"]) && is(1, &["KILL"]) && argv.len() > 3 {
        argv.extend([b"USER".to_vec(), b"default".to_vec()]);
        for at in 3..argv.len() {
            if argv[at - 1].eq_ignore_ascii_case(b"MAXAGE") && passes(&argv[at]) {
                argv[at] = people::OLD.to_vec();
            }
        }
    } else if is(0, &["CLIENT"]) && is(1, &["PAUSE"]) && argv.get(2).is_some_and(|word| passes(word)) {
        argv[2] = people::LONG.to_vec();
    } else if is(0, &["CLIENT"]) && is(1, &["TRACKING"]) {
        // Of three that overlap, the real server may say so and do it all the same, see DIFFERENCES.md.
        let is_prefix = |word: &Vec<u8>| word.eq_ignore_ascii_case(b"PREFIX");
        let mut prefixes = argv.iter().enumerate().filter(|(_, word)| is_prefix(word)).map(|(at, _)| at);
        if let Some(third) = prefixes.nth(2) {
            argv.truncate(third);
        }
    } else if is(0, &["HELLO"]) {
        for at in 1..argv.len() {
            if argv[at - 1].eq_ignore_ascii_case(b"AUTH") {
                argv[at] = b"default".to_vec();
            }
        }
    }
}

/// Whether a number is a time that passes while somebody waits for it.
fn passes(word: &[u8]) -> bool {
    let number = std::str::from_utf8(word).ok().and_then(|text| text.trim().parse::<f64>().ok());
    number.is_some_and(|number| number > 0.0 && number < 1e15)
}
