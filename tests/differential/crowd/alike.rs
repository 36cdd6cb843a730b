//! When what a session is sent counts as the same: value by value, but for moments, for what an engine without sockets
//! has not, and for orders that are those of hash tables.

use playground_tests::resp::Value;

use crate::people::ONLOOKER;

/// What `CLIENT LIST` tells of a client besides times, descriptors, threads and buffers.
const FIELDS: &[&str] = &[
    "id", "addr", "laddr", "name", "flags", "db", "sub", "psub", "ssub", "multi", "watch", "cmd", "user",
    "redir", "resp", "lib-name", "lib-ver",
];

/// A value without what differs by the moment or by the machine.
pub fn normal(value: Value) -> Value {
    let all = |values: Vec<Value>| values.into_iter().map(normal).collect();
    match value {
        Value::Bulk(text) if is_list(&text) => Value::Bulk(listed(&text)),
        Value::Verbatim(format, text) if is_list(&text) => Value::Verbatim(format, listed(&text)),
        Value::Status(line) => Value::Status(timeless(line)),
        // The modules of HELLO, of which the engine has none.
        Value::Map(mut pairs) => {
            pairs.retain(|(key, _)| key.bytes() != b"modules");
            Value::Map(pairs.into_iter().map(|(key, value)| (key, normal(value))).collect())
        }
        Value::Array(mut values) => {
            let modules = |value: &Value| value.bytes() == b"modules";
            if values.first().is_some_and(|first| first.bytes() == b"server")
                && let Some(at) = values.iter().position(modules)
            {
                values.truncate(at);
            }
            Value::Array(all(values))
        }
        Value::Push(values) => Value::Push(all(values)),
        Value::Set(values) => Value::Set(all(values)),
        other => other,
    }
}

/// Whether the order of what a client hears at once is each side's own, see DIFFERENCES.md: that everything cached is void
/// comes before the answer of who has emptied a database or behind it, and what is void of one key before what has
/// happened to it or behind that. Those who follow one prefix are told in the order of their addresses in memory, which
/// shows where one of them is redirected to another whose own redirection is broken.
pub fn is_loose(values: &[Value]) -> bool {
    let bytes = |value: &Value| parts(value).iter().map(|part| part.bytes().to_vec()).collect::<Vec<_>>();
    let messages: Vec<Vec<Vec<u8>>> = values.iter().map(bytes).collect();
    let is_void = |message: &Vec<Vec<u8>>| match &message[..] {
        [kind, _] => kind == b"invalidate",
        [kind, channel, _] => kind == b"message" && channel == b"__redis__:invalidate",
        _ => false,
    };
    let happened = |message: &Vec<Vec<u8>>| match &message[..] {
        [kind, channel, _] => kind == b"message" && channel.starts_with(b"__key"),
        [kind, _, channel, _] => kind == b"pmessage" && channel.starts_with(b"__key"),
        _ => false,
    };
    let broken =
        |message: &Vec<Vec<u8>>| matches!(&message[..], [kind, _] if kind == b"tracking-redir-broken");
    let all_void = |value: &Value| is_void(&bytes(value)) && parts(value).last() == Some(&Value::Nil);
    let any_void = messages.iter().any(is_void);
    values.iter().any(all_void) || (any_void && messages.iter().any(|one| happened(one) || broken(one)))
}

fn is_list(text: &[u8]) -> bool {
    text.starts_with(b"id=")
}

/// The lines of `CLIENT LIST` but that of who looks on. The real server turns its list over a little ten times a second.
fn listed(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    let told = |field: &&str| FIELDS.contains(&field.split('=').next().unwrap_or_default());
    let lines = text.lines().map(|line| line.split(' ').filter(told).collect::<Vec<_>>());
    let own = format!("user={ONLOOKER}");
    let others = lines.filter(|fields| !fields.contains(&own.as_str()));
    let mut lines: Vec<String> = others.map(|fields| fields.join(" ") + "\n").collect();
    lines.sort_unstable();
    lines.concat().into_bytes()
}

/// A line of `MONITOR` without its moment.
fn timeless(line: Vec<u8>) -> Vec<u8> {
    match line.iter().position(|byte| *byte == b'[') {
        Some(at) if line[..at].iter().all(|byte| byte.is_ascii_digit() || b". ".contains(byte)) => {
            line[at..].to_vec()
        }
        _ => line,
    }
}

/// Equality in which not-a-number equals itself, and order means nothing where it is that of a hash table: of the
/// channels that are left all at once, and of the patterns that one message comes by.
pub fn same(engine: &[Value], server: &[Value]) -> bool {
    engine == server || format!("{:?}", ordered(engine)) == format!("{:?}", ordered(server))
}

fn ordered(values: &[Value]) -> Vec<Vec<Value>> {
    // A transaction in which all channels were left has the first message inside its answer, and the others behind.
    let apart = values.iter().flat_map(|value| match value {
        Value::Array(inner) if inner.iter().any(is_message) => inner.clone(),
        other => vec![other.clone()],
    });
    let mut values: Vec<Vec<Value>> = apart.map(|value| parts(&value)).collect();
    for run in values.chunk_by_mut(|one, next| is_run(one, next)) {
        // The second part is the channel left, or the pattern; what else differs is a count, which keeps its place.
        let mut names: Vec<Value> = run.iter().filter_map(|message| message.get(1).cloned()).collect();
        if names.len() == run.len() {
            names.sort_by_key(|name| format!("{name:?}"));
            run.iter_mut().zip(names).for_each(|(message, name)| message[1] = name);
        }
    }
    values
}

fn is_message(value: &Value) -> bool {
    let kind = value.elements().first().map(Value::bytes);
    kind.is_some_and(|kind| kind.ends_with(b"unsubscribe"))
}

/// The elements of a message, or the one value that it is.
fn parts(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(parts) | Value::Push(parts) => parts.clone(),
        other => vec![other.clone()],
    }
}

fn is_run(one: &[Value], next: &[Value]) -> bool {
    let kind = one.first().map(Value::bytes).unwrap_or_default();
    let is_pattern = kind == b"pmessage" && one.get(2..) == next.get(2..);
    one.first() == next.first() && (is_pattern || kind.ends_with(b"unsubscribe"))
}
