//! When two replies count as the same: exactly equal, unless the command stands in the one table below.
//!
//! Every exception has its reason. Errors are always compared exactly, to the byte.

use playground_engine::command;
use playground_tests::resp::Value;

/// How to compare the replies of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    /// The same elements in any order.
    AnyOrder,
    /// The same pairs in any order.
    AnyOrderOfPairs,
    /// The same elements in any order, those of elements likewise.
    AnyOrderThroughout,
    /// A map of which the engine has a part; the parts it has are the same.
    KnownPairs,
    /// The names of commands, of which the engine has a part.
    KnownCommands,
    /// Descriptions of commands, without the notes of key specs and the subcommands that the engine lacks.
    KnownInfo,
    /// A step of an iteration: the cursor and the order are a table's own; whole iterations are compared at the end.
    Cursor,
    /// Drawn at random: alike in type and number; what is drawn must exist on the engine's side.
    Random,
    /// Alike in type.
    Kind,
    /// Bytes: equal, or near where there are hash tables and towers of random height.
    Size,
    /// Bytes of a value: of the same kind and length.
    Dump,
    /// Seconds, and microseconds of which the engine's clock has the milliseconds.
    Time,
}

const EXCEPTIONS: &[(&str, Rule, &str)] = &[
    ("keys", Rule::AnyOrder, "Redis answers in the order of its hash table"),
    ("scan", Rule::Cursor, "cursors are positions in Redis's hash table"),
    ("zscan", Rule::Cursor, "cursors are positions in Redis's hash table"),
    (
        "sdiff",
        Rule::AnyOrder,
        "a table gives its members in an order of its own; small sets are compared at the end",
    ),
    ("sinter", Rule::AnyOrder, "the same"),
    ("smembers", Rule::AnyOrder, "the same"),
    ("spop", Rule::AnyOrder, "the same; a part drawn at random is left out, see `certain`"),
    ("sunion", Rule::AnyOrder, "the same"),
    ("sscan", Rule::Cursor, "cursors are positions in Redis's hash table"),
    ("srandmember", Rule::Random, "two random sources"),
    ("hscan", Rule::Cursor, "cursors are positions in Redis's hash table"),
    (
        "hgetall",
        Rule::AnyOrderOfPairs,
        "a big hash comes in the order of its table; a small one's is compared at the end",
    ),
    ("hkeys", Rule::AnyOrder, "as hgetall"),
    ("hvals", Rule::AnyOrder, "as hgetall"),
    ("dump", Rule::Dump, "what a hash table holds stands in its own order; `rdb` compares the values"),
    (
        "dbsize",
        Rule::Kind,
        "counts keys past their time that neither SCAN nor RANDOMKEY has met; compared exactly at the end",
    ),
    ("randomkey", Rule::Random, "two random sources"),
    ("zrandmember", Rule::Random, "two random sources"),
    ("hrandfield", Rule::Random, "two random sources"),
    ("object|idletime", Rule::Kind, "Redis's LRU clock has ticks of a second and is read now and then"),
    ("object|freq", Rule::Kind, "the counter grows with a probability"),
    (
        "object|refcount",
        Rule::Kind,
        "until EXEC is over, the queued commands share the values they were sent with",
    ),
    (
        "memory|usage",
        Rule::Size,
        "how far a hash table has moved and how high a skip list's towers are is random in Redis",
    ),
    ("memory|doctor", Rule::Kind, "the report is prose of our own"),
    (
        "memory|stats",
        Rule::Kind,
        "figures of the server, its clients and its allocator; `tests/memory` compares them",
    ),
    ("role", Rule::Kind, "each WAIT moves the real server's offset"),
    ("lolwut", Rule::Kind, "a picture of our own"),
    ("lastsave", Rule::Kind, "the real server has been running for longer"),
    ("memory|help", Rule::Kind, "the help is prose of our own"),
    ("config|get", Rule::KnownPairs, "the engine has the settings that mean something in it"),
    ("info", Rule::Kind, "figures of the process and the machine"),
    ("time", Rule::Time, "the engine's clock counts milliseconds"),
    ("acl|cat", Rule::AnyOrder, "Redis answers in the order of its hash table"),
    ("acl|genpass", Rule::Kind, "two random sources"),
    ("acl|help", Rule::Kind, "the help is prose of our own"),
    ("acl|log", Rule::Kind, "tells of connections; refusals themselves are compared by ACL DRYRUN"),
    ("command", Rule::Kind, "lists all commands, of which the engine has a part"),
    ("command|docs", Rule::Kind, "the texts are our own, and carry no history"),
    (
        "command|info",
        Rule::KnownInfo,
        "of subcommands the engine has a part, and its key specs carry no notes",
    ),
    ("command|help", Rule::Kind, "the help is prose of our own"),
    ("object|help", Rule::Kind, "the help is prose of our own"),
    ("pubsub|channels", Rule::AnyOrder, "channels come in the order of Redis's hash table"),
    ("pubsub|shardchannels", Rule::AnyOrder, "the same"),
    ("pubsub|help", Rule::Kind, "the help is prose of our own"),
    ("xgroup|help", Rule::Kind, "the help is prose of our own"),
    ("xinfo|help", Rule::Kind, "the help is prose of our own"),
    ("slowlog|help", Rule::Kind, "the help is prose of our own"),
    ("slowlog|get", Rule::Kind, "times, microseconds and addresses are each side's own"),
    ("slowlog|len", Rule::Kind, "how long a command takes on a real machine is not known before"),
    ("latency|help", Rule::Kind, "the help is prose of our own"),
    ("latency|doctor", Rule::Kind, "the report is prose of our own"),
    ("latency|histogram", Rule::Kind, "how long a command takes on a real machine is not known before"),
    ("config|help", Rule::Kind, "the help is prose of our own"),
    (
        "function|list",
        Rule::AnyOrderThroughout,
        "libraries, and the functions of each, come in the order of Redis's hash tables",
    ),
    ("function|dump", Rule::Kind, "the same; transcripts compare a library's own"),
    ("function|help", Rule::Kind, "the help is prose of our own"),
    ("script|help", Rule::Kind, "the help is prose of our own"),
    ("command|count", Rule::Kind, "counts all commands, of which the engine has a part"),
    ("command|list", Rule::KnownCommands, "lists all commands, of which the engine has a part"),
];

/// Whether the replies of a command are always the same to the byte.
pub fn is_exact(name: &str) -> bool {
    EXCEPTIONS.iter().all(|(known, ..)| *known != name)
}

/// Whether all that the replies of a command have of their own is the order.
pub fn is_in_any_order(name: &str) -> bool {
    EXCEPTIONS
        .iter()
        .any(|(known, rule, _)| *known == name && matches!(rule, Rule::AnyOrder | Rule::AnyOrderOfPairs))
}

/// Whether the engine's reply is as good as the server's. `exists` tells whether the engine holds what was drawn.
pub fn agree(name: &str, engine: &Value, server: &Value, exists: impl Fn(&Value) -> bool) -> bool {
    let rule = EXCEPTIONS.iter().find(|(known, ..)| *known == name).map(|(_, rule, _)| *rule);
    let (Some(rule), false) = (rule, engine.is_error() || server.is_error()) else {
        return same(engine, server);
    };
    match rule {
        Rule::AnyOrder => {
            kind(engine) == kind(server)
                && match engine.elements() {
                    [] => same(engine, server),
                    elements => sorted(elements) == sorted(server.elements()),
                }
        }
        Rule::AnyOrderOfPairs => {
            kind(engine) == kind(server) && in_order(pairs(engine)) == in_order(pairs(server))
        }
        Rule::AnyOrderThroughout => throughout(engine) == throughout(server),
        Rule::KnownPairs => pairs(engine).iter().all(|pair| pairs(server).contains(pair)),
        Rule::KnownCommands => {
            let known: Vec<Value> =
                server.elements().iter().filter(|name| is_supported(name)).cloned().collect();
            sorted(engine.elements()) == sorted(&known)
        }
        Rule::KnownInfo if engine.elements().len() == server.elements().len() => {
            same(&known_info(engine), &known_info(server))
        }
        // Without names all commands are described, of which the engine has a part.
        Rule::KnownInfo => {
            let supported = |info: &&Value| info.elements().first().is_some_and(is_supported);
            let known: Vec<Value> = server.elements().iter().filter(supported).map(known_info).collect();
            sorted(known_info(engine).elements()) == sorted(&known)
        }
        Rule::Cursor => is_step(engine) && is_step(server),
        Rule::Random => alike(engine, server) && exists(server),
        Rule::Kind => kind(engine) == kind(server),
        Rule::Dump => {
            let shape = |dump: &Value| (dump.bytes().first().copied(), dump.bytes().len());
            kind(engine) == kind(server) && shape(engine) == shape(server)
        }
        Rule::Size => is_near(engine, server),
        Rule::Time => time(engine) == time(server),
    }
}

/// Equality in which not-a-number equals itself.
fn same(a: &Value, b: &Value) -> bool {
    a == b || format!("{a:?}") == format!("{b:?}")
}

fn is_supported(name: &Value) -> bool {
    command::find_full(name.bytes()).is_some()
}

/// In an order that depends on the content alone.
pub fn sorted(values: &[Value]) -> Vec<String> {
    let mut texts: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
    texts.sort_unstable();
    texts
}

/// A text that does not depend on the order of anything.
fn throughout(value: &Value) -> String {
    let mut inner: Vec<String> = match value {
        Value::Map(pairs) => pairs.iter().map(|(a, b)| throughout(a) + &throughout(b)).collect(),
        other if other.elements().is_empty() => return format!("{other:?}"),
        other => other.elements().iter().map(throughout).collect(),
    };
    inner.sort_unstable();
    format!("{:?} {inner:?}", kind(value))
}

fn pairs(value: &Value) -> Vec<(Value, Value)> {
    match value {
        Value::Map(pairs) => pairs.clone(),
        other => other.elements().chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect(),
    }
}

fn in_order(pairs: Vec<(Value, Value)>) -> Vec<String> {
    let pairs = pairs.into_iter().map(|(key, value)| Value::Array(vec![key, value]));
    sorted(&pairs.collect::<Vec<_>>())
}

fn known_info(value: &Value) -> Value {
    let is = |value: &Value, word: &str| value.bytes() == word.as_bytes();
    let is_foreign_sub = |value: &Value| {
        value.elements().first().is_some_and(|name| name.bytes().contains(&b'|') && !is_supported(name))
    };
    match value {
        Value::Map(pairs) => {
            let kept = pairs.iter().filter(|(key, _)| !is(key, "notes"));
            Value::Map(kept.map(|(key, value)| (key.clone(), known_info(value))).collect())
        }
        Value::Array(values) => {
            // In RESP2 a map is an array of keys and values in turn.
            let notes = values.iter().step_by(2).position(|key| is(key, "notes")).map(|pair| pair * 2);
            let kept = values.iter().enumerate().filter(|(index, value)| {
                !notes.is_some_and(|at| *index == at || *index == at + 1) && !is_foreign_sub(value)
            });
            let mut kept: Vec<Value> = kept.map(|(_, value)| known_info(value)).collect();
            let is_sub =
                |value: &Value| value.elements().first().is_some_and(|name| name.bytes().contains(&b'|'));
            if kept.iter().all(is_sub) {
                // Subcommands stand in the order of Redis's hash table.
                kept.sort_by_key(|sub| format!("{sub:?}"));
            }
            Value::Array(kept)
        }
        Value::Set(values) => Value::Set(values.iter().map(known_info).collect()),
        other => other.clone(),
    }
}

fn is_step(value: &Value) -> bool {
    let is_cursor = |cursor: &Value| cursor.bytes().iter().all(u8::is_ascii_digit);
    matches!(value.elements(), [cursor, Value::Array(_)] if is_cursor(cursor))
}

/// Small things are exact: neither a hash table nor a skip list takes less than this. A key past its time is still
/// measured unless SCAN or RANDOMKEY has met it, which they do in an order of their own.
fn is_near(engine: &Value, server: &Value) -> bool {
    const EXACT: u64 = 250;
    match (engine, server) {
        (Value::Integer(engine), Value::Integer(server)) => {
            let apart = engine.abs_diff(*server);
            apart == 0 || (*server as u64 > EXACT && apart * 5 < *server as u64)
        }
        (Value::Nil, Value::Integer(_)) | (Value::Integer(_), Value::Nil) => true,
        _ => engine == server,
    }
}

fn kind(value: &Value) -> std::mem::Discriminant<Value> {
    std::mem::discriminant(value)
}

/// The same types and lengths all the way down.
fn alike(a: &Value, b: &Value) -> bool {
    let (inner_a, inner_b) = (a.elements(), b.elements());
    kind(a) == kind(b)
        && inner_a.len() == inner_b.len()
        && inner_a.iter().zip(inner_b).all(|(a, b)| alike(a, b))
}

fn time(value: &Value) -> Vec<i64> {
    let number = |value: &Value| String::from_utf8_lossy(value.bytes()).parse::<i64>().unwrap_or(-1);
    match value.elements() {
        [seconds, micros] => vec![number(seconds), number(micros) / 1000],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bulk(text: &str) -> Value {
        Value::Bulk(text.as_bytes().to_vec())
    }

    fn error(text: &str) -> Value {
        Value::Error(text.as_bytes().to_vec())
    }

    #[test]
    fn most_replies_must_be_equal_and_errors_always() {
        assert!(agree("get", &bulk("a"), &bulk("a"), |_| false));
        assert!(!agree("get", &bulk("a"), &Value::Status(b"a".to_vec()), |_| true));
        assert!(!agree("info", &error("ERR a"), &error("ERR b"), |_| true));
        assert!(!agree("time", &Value::Nil, &error("ERR a"), |_| true));
    }

    #[test]
    fn the_order_counts_only_where_redis_has_one() {
        let (one, other) =
            (Value::Array(vec![bulk("a"), bulk("b")]), Value::Array(vec![bulk("b"), bulk("a")]));
        assert!(agree("keys", &one, &other, |_| true));
        assert!(!agree("zrange", &one, &other, |_| true));
        assert!(!agree("keys", &one, &Value::Array(vec![bulk("a")]), |_| true));
    }

    #[test]
    fn what_is_drawn_at_random_must_be_there() {
        assert!(agree("randomkey", &bulk("a"), &bulk("b"), |_| true));
        assert!(!agree("randomkey", &bulk("a"), &bulk("b"), |_| false));
        assert!(!agree("randomkey", &Value::Nil, &bulk("b"), |_| true));
    }
}
