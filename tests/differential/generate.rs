//! Random command lines, derived from the command table: a command that is added there is tested from then on.
//!
//! A spec's syntax tree becomes a strategy: tokens are written out, options come and go, alternatives are chosen,
//! repetitions repeated, and each leaf is drawn from the [pool](super::pools) of its kind. One line in ten is then
//! damaged. Everything shrinks: fewer commands, fewer options, plainer values.

use std::ops::Range;

use playground_engine::command::syntax::{self, Argument, Kind};
use playground_engine::command::{self, CommandSpec, Group};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;

use super::damage::damage;
use super::pools::{self, Word, Words};
use super::{acl, dumps, people, scripts};

const SUBSCRIBES: &str = "answers several times, and would keep the connection from anything else";

/// Supported commands that the generator leaves out, each with the reason.
const LEFT_OUT: &[(&str, &str)] = &[
    ("psubscribe", SUBSCRIBES),
    ("punsubscribe", SUBSCRIBES),
    ("ssubscribe", SUBSCRIBES),
    ("subscribe", SUBSCRIBES),
    ("sunsubscribe", SUBSCRIBES),
    ("unsubscribe", SUBSCRIBES),
    ("auth", "belongs to the connection, which the test itself uses"),
    ("client", "belongs to the connection, which the test itself uses"),
    ("debug", "steers the test itself, and can stop the server"),
    ("function|flush", "Redis 8.0.2 stops at it while more of a pipeline is to be read than fits its buffer"),
    ("hello", "would change the protocol the test itself reads"),
    ("monitor", "would have the test's own commands sent back to it"),
    ("pfselftest", "takes the real server a second"),
    ("module", "what is not allowed breaks the transaction that the test plays in"),
    ("replicaof", "the real server would look for its master"),
    ("restore-asking", "the same as RESTORE"),
    ("slaveof", "the real server would look for its master"),
    ("quit", "would close the connection"),
    ("reset", "would change the protocol the test itself reads"),
];

/// Commands that a server like this refuses whatever the line, each with the reason.
const REFUSED: &[(&str, &str)] = &[
    ("acl|load", "there is no file of users"),
    ("acl|save", "the same"),
    ("config|rewrite", "there is no file"),
    ("failover", "there are no replicas"),
    ("latency|graph", "nothing is slow while nobody watches"),
    ("script|debug", "a transaction comes in one piece"),
    ("script|kill", "no script runs when it comes"),
    ("function|kill", "the same"),
];

/// Whether a command never does anything on either side.
pub fn is_always_refused(spec: &CommandSpec) -> bool {
    // There is no cluster.
    spec.group == Group::Cluster || REFUSED.iter().any(|(name, _)| *name == spec.name)
}

/// A command as it is sent.
pub type Argv = Vec<Word>;

/// Commands from an empty server on.
#[derive(Clone, Debug)]
pub struct Sequence {
    pub resp3: bool,
    pub commands: Vec<Argv>,
}

/// A command or subcommand that can be generated.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub spec: &'static CommandSpec,
    /// The command that holds a subcommand.
    pub container: Option<&'static CommandSpec>,
}

/// Everything the generator covers.
pub fn targets() -> Vec<Target> {
    // What is played inside transactions cannot steer them.
    let is_in = |spec: &CommandSpec| {
        spec.group != Group::Transactions && !LEFT_OUT.iter().any(|(name, _)| *name == spec.name)
    };
    let all = command::all().filter(|spec| is_in(spec)).flat_map(with_subcommands);
    all.filter(|target| is_in(target.spec)).collect()
}

/// A command, if it runs by itself, and each of its subcommands.
pub fn with_subcommands(spec: &'static CommandSpec) -> Vec<Target> {
    let own = spec.run.map(|_| Target { spec, container: None });
    own.into_iter()
        .chain(spec.subcommands.iter().map(|sub| Target { spec: sub, container: Some(spec) }))
        .collect()
}

/// Random sequences of about `length` commands; with names of groups, of those groups' commands only.
pub fn sequences(length: usize, groups: Option<&str>) -> BoxedStrategy<Sequence> {
    let wanted = |target: &&Target| {
        groups.is_none_or(|groups| groups.split(',').any(|group| group == target.spec.group.word()))
    };
    let targets = targets();
    let lines = targets.iter().filter(wanted).map(|target| (weight(target.spec), line(*target)));
    let commands = Union::new_weighted(lines.collect());
    (any::<bool>(), narrow_limits(), vec(commands, 1..length * 2))
        .prop_map(|(resp3, limits, commands)| Sequence {
            resp3,
            commands: scripts::with_names([limits, commands].concat()),
        })
        .boxed()
}

/// In every third sequence small collections become big ones soon.
fn narrow_limits() -> BoxedStrategy<Vec<Argv>> {
    const SETTINGS: [&str; 6] = [
        "hash-max-listpack-entries",
        "set-max-listpack-entries",
        "set-max-intset-entries",
        "zset-max-listpack-entries",
        "list-max-listpack-size",
        "stream-node-max-entries",
    ];
    let narrow = |entries: usize| {
        let set =
            |name: &&str| ["CONFIG", "SET", name, &entries.to_string()].map(|word| word.as_bytes().to_vec());
        SETTINGS.iter().map(|name| set(name).to_vec()).collect()
    };
    prop_oneof![2 => Just(Vec::new()), 1 => (1_usize..6).prop_map(narrow)].boxed()
}

/// Commands that empty or exchange databases come seldom, so that there is something to work on; so do long replies.
pub fn weight(spec: &CommandSpec) -> u32 {
    match (spec.name, spec.group) {
        ("eval", _) => 120,
        ("function|load" | "fcall", _) => 60,
        ("evalsha" | "eval_ro" | "fcall_ro", _) => 30,
        // So that scripts and functions live long enough to be called.
        ("script|flush" | "function|restore", _) => 4,
        (_, Group::Scripting) => 10,
        ("xadd", _) => 80,
        ("xreadgroup" | "xgroup|create", _) => 60,
        // So that groups live long enough to be read by; 16,384 registers in a reply.
        ("xgroup|destroy" | "xsetid" | "pfdebug", _) => 8,
        // Few of their lines name a command that has keys.
        ("command|getkeys" | "command|getkeysandflags", _) => 12,
        ("acl|setuser" | "acl|dryrun", _) => 30,
        ("flushall" | "flushdb" | "select" | "swapdb" | "move" | "command" | "info", _) => 4,
        (_, Group::Connection | Group::Server) => 5,
        _ => 20,
    }
}

/// Lines with a command.
pub fn line(target: Target) -> BoxedStrategy<Argv> {
    let words = target
        .container
        .into_iter()
        .chain([target.spec])
        .map(|spec| spec.short_name().to_uppercase().into_bytes());
    let head: Vec<Word> = words.collect();
    let arguments = match target.spec.name {
        "acl|dryrun" => dry_run(),
        _ => arguments_of(target.spec, &syntax::parse(target.spec.syntax).unwrap_or_default()),
    };
    (any_case(head), arguments, damage())
        .prop_map(|(mut head, mut arguments, damage)| {
            if let Some(damage) = damage {
                damage.apply(&mut arguments);
            }
            head.append(&mut arguments);
            name_the_ends(&mut head);
            tame(head)
        })
        .boxed()
}

/// A user, and any other command's line.
fn dry_run() -> Words {
    let others = targets().into_iter().filter(|target| !target.spec.name.starts_with("acl"));
    joined(single(acl::user()), Union::new(others.map(line)).boxed())
}

fn any_case(words: Vec<Word>) -> Words {
    let lower = words.iter().map(|word| word.to_ascii_lowercase()).collect();
    prop_oneof![4 => Just(words), 1 => Just(lower)].boxed()
}

// ---- well-formed arguments -------------------------------------------------------------------------------------------

fn arguments_of(spec: &'static CommandSpec, arguments: &[Argument]) -> Words {
    let mut parts = Vec::new();
    let mut rest = arguments;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match after.split_first() {
            Some((keys, after)) if first.name == "numkeys" && keys.kind == Kind::Key => {
                parts.push(counted_keys(spec));
                rest = after;
            }
            Some((fields, after)) if first.name == "numfields" => {
                parts.push(counted(leaf(spec, fields), 1..4));
                rest = after;
            }
            Some((ids, after)) if first.multiple && first.kind == Kind::Key && ids.multiple => {
                parts.push(keys_and_ids(spec, ids));
                rest = after;
            }
            _ => parts.push(argument(spec, first)),
        }
    }
    parts.prop_map(|parts| parts.concat()).boxed()
}

/// A count and that many keys; one time in ten not that many.
fn counted_keys(spec: &'static CommandSpec) -> Words {
    let key = match spec.group {
        // Plain sets are as good as sorted ones where sets are combined.
        Group::SortedSet => {
            prop_oneof![3 => pools::key(Group::SortedSet), 1 => pools::key(Group::Set)].boxed()
        }
        group => pools::key(group),
    };
    match spec.group {
        Group::Scripting => counted(single(key), 0..4),
        _ => counted(single(key), 1..4),
    }
}

/// A count and that many of something; one time in ten not that many.
fn counted(unit: Words, number: Range<usize>) -> Words {
    let wrong = prop_oneof![9 => Just(None), 1 => pools::integer().prop_map(Some)];
    (vec(unit, number), wrong)
        .prop_map(|(units, wrong)| {
            let count = wrong.unwrap_or_else(|| units.len().to_string().into_bytes());
            std::iter::once(count).chain(units.concat()).collect()
        })
        .boxed()
}

/// Some keys and as many IDs behind them.
fn keys_and_ids(spec: &'static CommandSpec, ids: &Argument) -> Words {
    vec((pools::key(spec.group), word(spec, ids)), 1..3)
        .prop_map(|pairs| {
            let (mut keys, mut ids): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
            keys.append(&mut ids);
            keys
        })
        .boxed()
}

fn argument(spec: &'static CommandSpec, argument: &Argument) -> Words {
    let token = argument.token.clone().filter(|_| argument.kind != Kind::PureToken);
    let token = token.map(|token| any_case(vec![token.into_bytes()]));
    let unit = leaf(spec, argument);
    let many = match (argument.multiple, token) {
        (false, None) => unit,
        (false, Some(token)) => joined(token, unit),
        (true, None) => repeated(unit),
        (true, Some(token)) if argument.multiple_token => repeated(joined(token, unit)),
        (true, Some(token)) => joined(token, repeated(unit)),
    };
    if argument.optional {
        proptest::option::weighted(0.4, many).prop_map(Option::unwrap_or_default).boxed()
    } else {
        many
    }
}

fn joined(first: Words, second: Words) -> Words {
    (first, second).prop_map(|(first, second)| [first, second].concat()).boxed()
}

/// Mostly one or a few; seldom more than the 128 entries that a listpack holds.
fn repeated(unit: Words) -> Words {
    let times = prop_oneof![60 => 1..2_usize, 40 => 2..5_usize, 5 => 10..20_usize, 1 => 129..140_usize];
    times.prop_flat_map(move |times| vec(unit.clone(), times)).prop_map(|units| units.concat()).boxed()
}

fn leaf(spec: &'static CommandSpec, argument: &Argument) -> Words {
    match &argument.kind {
        Kind::PureToken => any_case(vec![argument.token.clone().unwrap_or_default().into_bytes()]),
        Kind::OneOf(choices) => Union::new(choices.iter().map(|choice| self::argument(spec, choice))).boxed(),
        Kind::Block(parts) => arguments_of(spec, parts),
        Kind::Key if spec.name.starts_with("sort") => single(pools::sortable_key()),
        Kind::Key => single(pools::key(spec.group)),
        Kind::Pattern if spec.name.starts_with("sort") => single(pools::key_pattern()),
        Kind::Pattern => single(pools::pattern()),
        Kind::UnixTime => single(pools::moment()),
        Kind::Double | Kind::Integer | Kind::String => single(word(spec, argument)),
    }
}

fn single(word: BoxedStrategy<Word>) -> Words {
    word.prop_map(|word| vec![word]).boxed()
}

/// A word of the kind that an argument of this name and type takes.
fn word(spec: &'static CommandSpec, argument: &Argument) -> BoxedStrategy<Word> {
    if spec.group == Group::Stream
        && let Some(word) = pools::of_stream(spec.name, &argument.name)
    {
        return word;
    }
    if spec.name.starts_with("acl")
        && let Some(word) = acl::word(spec.name, &argument.name)
    {
        return word;
    }
    if let Some(word) = people::word(spec.name, &argument.name) {
        return word;
    }
    if spec.group == Group::Scripting
        && let Some(word) = scripts::word(spec.name, &argument.name)
    {
        return word;
    }
    match (spec.name, argument.name.as_str()) {
        (name, _) if name.starts_with("command") => command_word(),
        ("config|get", _) | ("config|set", "parameter") => setting(),
        ("config|set", _) => {
            select(vec![&b"0"[..], b"4", b"128", b"64", b"1", b"10", b"300", b"-1", b"-2", b"abc"])
                .prop_map(<[u8]>::to_vec)
                .boxed()
        }
        ("info", _) => {
            select(vec![&b"server"[..], b"keyspace", b"all", b"junk"]).prop_map(<[u8]>::to_vec).boxed()
        }
        (_, "seconds" | "milliseconds") => pools::lifetime(),
        (_, "element" | "pivot") if spec.group == Group::List => pools::element(),
        ("lset" | "lindex", "index") | ("lrange" | "ltrim", _) => pools::list_index(),
        (_, "timeout") => pools::timeout(),
        (_, "index" | "index1" | "index2" | "db" | "destination-db") => pools::database(),
        // To wait for anybody at all is to wait, so mostly for nobody.
        ("wait" | "waitaof", _) => prop_oneof![8 => Just(b"0".to_vec()), 2 => pools::integer()].boxed(),
        (_, "cursor") => prop_oneof![8 => Just(b"0".to_vec()), 1 => pools::integer()].boxed(),
        ("pfdebug", "subcommand") => pools::pfdebug_word(),
        (_, "type") => select(vec![&b"string"[..], b"zset", b"ZSET", b"set", b"hash", b"junk"])
            .prop_map(<[u8]>::to_vec)
            .boxed(),
        ("restore", "ttl") => pools::restored_lifetime(),
        ("restore", "serialized-value") => dumps::payload(),
        (_, "channel" | "shardchannel") => pools::channel(),
        (_, "encoding") => pools::field_type(),
        (_, "offset") if spec.group == Group::Bitmap => pools::bit_offset(spec.name),
        ("setbit", "value") | ("bitpos", "bit") => pools::bit(),
        (_, "member") if spec.group == Group::Set => pools::set_member(),
        (_, "longitude") => pools::longitude(),
        (_, "latitude") => pools::latitude(),
        (_, "radius" | "width" | "height") => pools::length(),
        (_, "member" | "member1" | "member2") => pools::member(),
        (_, "field") => pools::field(),
        ("hincrby" | "hincrbyfloat", "value") => prop_oneof![pools::integer(), pools::double()].boxed(),
        (_, "min" | "max" | "start" | "stop") if spec.group == Group::SortedSet => pools::bound(spec.name),
        (_, "increment" | "score" | "weight") => prop_oneof![pools::double(), pools::integer()].boxed(),
        _ => match argument.kind {
            Kind::Integer => pools::integer(),
            Kind::Double => pools::double(),
            _ => pools::string(),
        },
    }
}

/// Settings that may change without changing the server under the test: those of the sizes of encodings.
fn setting() -> BoxedStrategy<Word> {
    select(vec![
        &b"set-max-intset-entries"[..],
        b"set-max-listpack-entries",
        b"set-max-listpack-value",
        b"zset-max-listpack-entries",
        b"zset-max-listpack-value",
        b"zset-max-ziplist-entries",
        b"hash-max-listpack-entries",
        b"hash-max-listpack-value",
        b"hash-max-ziplist-value",
        b"hll-sparse-max-bytes",
        b"list-max-listpack-size",
        b"list-max-ziplist-size",
        b"stream-node-max-entries",
        b"stream-node-max-bytes",
        b"active-expire-effort",
        b"lfu-decay-time",
        b"databases",
        b"no-such-setting",
        b"zset*",
    ])
    .prop_map(<[u8]>::to_vec)
    .boxed()
}

fn command_word() -> BoxedStrategy<Word> {
    let supported: Vec<Word> = targets().iter().map(|target| target.spec.name.as_bytes().to_vec()).collect();
    prop_oneof![6 => select(supported), 1 => pools::junk(), 2 => pools::key(Group::Generic)].boxed()
}

/// A range of members wants names at its ends, and an option far behind them says that it is one: ranks become names, all
/// but one.
fn name_the_ends(argv: &mut Argv) {
    const NAMES: [&[u8]; 4] = [b"-", b"+", b"[a", b"(c"];
    let is = |word: &Word, name: &str| word.eq_ignore_ascii_case(name.as_bytes());
    let first = match argv.first() {
        Some(name) if is(name, "ZRANGE") => 2,
        Some(name) if is(name, "ZRANGESTORE") => 3,
        _ => return,
    };
    if argv.iter().any(|word| is(word, "BYLEX")) {
        for end in argv.iter_mut().skip(first).take(2) {
            let rank = std::str::from_utf8(end).ok().and_then(|text| text.parse::<usize>().ok());
            if let Some(rank) = rank.filter(|rank| *rank != 1) {
                *end = NAMES[rank % NAMES.len()].to_vec();
            }
        }
    }
}

/// Changes what a test cannot wait for: lifetimes of seconds, which might end while it runs or might not (those of
/// milliseconds are made short, so that they do end); bits so far out that the string would fill the memory; negative
/// counts so large that either side would answer until the memory is full.
fn tame(mut argv: Argv) -> Argv {
    let is =
        |word: &Word, names: &[&str]| names.iter().any(|name| word.eq_ignore_ascii_case(name.as_bytes()));
    let in_seconds = is(&argv[0], &["EXPIRE", "SETEX", "HEXPIRE"]);
    let in_millis = is(&argv[0], &["PEXPIRE", "PSETEX", "HPEXPIRE", "RESTORE"]);
    let bits = is(&argv[0], &["SETBIT", "BITFIELD"]);
    let draws = is(&argv[0], &["SRANDMEMBER", "ZRANDMEMBER", "HRANDFIELD"]);
    let claims = is(&argv[0], &["XAUTOCLAIM"]);
    // The real server estimates unless it is told to look at all elements, which the engine always has done.
    if argv.len() == 3 && is(&argv[0], &["MEMORY"]) && is(&argv[1], &["USAGE"]) {
        argv.extend([b"SAMPLES".to_vec(), b"0".to_vec()]);
    } else if argv.len() == 5 && is(&argv[0], &["MEMORY"]) && argv[4].iter().all(u8::is_ascii_digit) {
        argv[4] = b"0".to_vec();
    }
    // Other users would be there in the next sequence.
    if argv.len() > 2
        && is(&argv[0], &["ACL"])
        && is(&argv[1], &["SETUSER"])
        && !acl::is_name_of_few(&argv[2])
    {
        argv[2] = acl::USERS[0].to_vec();
    }
    for index in 1..argv.len() {
        let number = std::str::from_utf8(&argv[index]).ok().and_then(|text| text.parse::<i64>().ok());
        let moderate = number.filter(|n| (1..1_000_000).contains(n));
        if moderate.is_some() && (is(&argv[index - 1], &["EX"]) || in_seconds && index == 2) {
            argv[index] = b"5000000".to_vec();
        } else if let Some(millis) = moderate
            && (is(&argv[index - 1], &["PX"]) || in_millis && index == 2)
        {
            argv[index] = (millis % pools::SHORT_LIFE.as_millis() as i64 + 1).to_string().into_bytes();
        }
        if bits && number.is_some_and(|n| (10_000..1 << 32).contains(&n)) {
            argv[index] = b"100".to_vec();
        }
        // Redis takes memory for as many IDs as COUNT says; whether there is so much depends on the machine.
        if claims && number.is_some_and(|n| (1_000_000..i64::MAX / 16).contains(&n)) {
            argv[index] = b"1000000".to_vec();
        }
        if draws && number.is_some_and(|n| n < -1_000) {
            argv[index] = b"-5".to_vec();
        }
    }
    argv
}
