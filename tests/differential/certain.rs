//! Leaves out what Redis itself answers one way or another by chance.
//!
//! A range of members makes sense where all scores are equal. Where they are not, a skip list is searched along towers
//! of random height, so what such a range finds differs from server to server. Whether a command meets such a set is
//! known only when its turn comes: a copy of the engine plays the sequence once before.
//!
//! The same copy tells of sets: whether SPOP takes all there is or a part by chance, and whether a result that is stored
//! shows the order of a hash table it was made from; and of what SORT is not told to sort.

use playground_engine::{Engine, Options, Protocol, Reply, SessionId, command};
use playground_tests::resp::Value;

use super::generate::Argv;
use super::play::transact;

/// The commands whose outcome is certain.
pub fn certain(commands: &[Argv], start: u64) -> Vec<Argv> {
    let mut engine = Engine::new(Options { start, record_events: false, ..Options::default() });
    let session = engine.connect();
    let mut kept = Vec::with_capacity(commands.len());
    for argv in commands {
        let by_chance = range_of_members(argv)
            .is_some_and(|key| is_mixed_skiplist(&mut engine, session, key))
            || pops_a_part(&mut engine, session, argv)
            || stores_an_order(&engine, session, argv)
            || sorts_by_nothing(&mut engine, session, argv);
        if sorts(argv) {
            // Any command before that met a number out of range, however long ago, lets the real server's next SORT fail:
            // it takes C's error number for its own. Reading a time-out resets it.
            kept.push([&b"BLPOP"[..], b"l", b"no number"].map(<[u8]>::to_vec).to_vec());
        }
        if !by_chance {
            transact(&mut engine, session, argv);
            kept.push(argv.clone());
        }
    }
    kept
}

fn sorts(argv: &Argv) -> bool {
    let spec = argv.first().and_then(|name| command::find(name));
    spec.is_some_and(|spec| spec.name.starts_with("sort"))
}

/// Whether SORT would show the order of a hash table: that of a set's whose elements are not to be sorted, or of those
/// whose texts to be compared are the same, or missing.
fn sorts_by_nothing(engine: &mut Engine, session: SessionId, argv: &Argv) -> bool {
    let has = |word: &[u8]| argv.iter().skip(2).any(|arg| arg.eq_ignore_ascii_case(word));
    let Some(key) = argv.get(1).filter(|_| sorts(argv) && has(b"BY")) else { return false };
    // The pattern is a text of C, and ends with a zero byte.
    let is_fixed =
        |pattern: &[u8]| !pattern.split(|byte| *byte == 0).next().is_some_and(|text| text.contains(&b'*'));
    let unsorted = argv.windows(2).any(|pair| pair[0].eq_ignore_ascii_case(b"BY") && is_fixed(&pair[1]));
    match ask(engine, session, &[b"OBJECT", b"ENCODING", key]).bytes() {
        b"hashtable" => has(b"ALPHA") || unsorted,
        b"skiplist" | b"listpack" => has(b"ALPHA"),
        _ => false,
    }
}

/// The key whose members a command takes a range of, if it does.
fn range_of_members(argv: &Argv) -> Option<&Vec<u8>> {
    let name = command::find(argv.first()?)?.name;
    let by_lex = argv.iter().any(|word| word.eq_ignore_ascii_case(b"BYLEX"));
    match name {
        "zrangebylex" | "zrevrangebylex" | "zlexcount" | "zremrangebylex" => argv.get(1),
        "zrange" if by_lex => argv.get(1),
        "zrangestore" if by_lex => argv.get(2),
        _ => None,
    }
}

fn is_mixed_skiplist(engine: &mut Engine, session: SessionId, key: &[u8]) -> bool {
    let mut ask =
        |argv: &[&[u8]]| engine.execute(session, argv.iter().map(|word| word.to_vec()).collect()).reply;
    if ask(&[b"OBJECT", b"ENCODING", key]) != Reply::bulk("skiplist") {
        return false;
    }
    let mut end = |from: &[u8]| match ask(&[b"ZRANGE", key, from, from, b"WITHSCORES"]) {
        Reply::Pairs(pairs) => pairs.into_iter().next().map(|(_, score)| score),
        _ => None,
    };
    end(b"0") != end(b"-1")
}

fn ask(engine: &mut Engine, session: SessionId, argv: &[&[u8]]) -> Value {
    let argv = argv.iter().map(|word| word.to_vec()).collect();
    Value::of_reply(&engine.execute(session, argv).reply, Protocol::Resp2)
}

/// Whether SPOP would take some members, and leave some.
fn pops_a_part(engine: &mut Engine, session: SessionId, argv: &Argv) -> bool {
    let (Some(b"spop"), Some(key)) = (name(argv), argv.get(1)) else { return false };
    let count = argv.get(2).map_or(Some(1), |count| std::str::from_utf8(count).ok()?.parse().ok());
    let Value::Integer(members) = ask(engine, session, &[b"SCARD", key]) else { return false };
    count.is_some_and(|count: i64| (1..members).contains(&count))
}

/// Whether a result made from a hash table would be a listpack, which shows the table's order; or may be one or the
/// other, because few integers fill an intset and it depends on the order whether they come first.
fn stores_an_order(engine: &Engine, session: SessionId, argv: &Argv) -> bool {
    let (Some(b"sunionstore" | b"sdiffstore" | b"sinterstore"), [_, destination, sources @ ..]) =
        (name(argv), argv.as_slice())
    else {
        return false;
    };
    let mut engine = engine.clone();
    let mut encoding = |key: &[u8]| ask(&mut engine, session, &[b"OBJECT", b"ENCODING", key]);
    let is_table = |encoding: Value| encoding.bytes() == b"hashtable";
    if !sources.iter().any(|source| is_table(encoding(source))) {
        return false;
    }
    let limit = ask(&mut engine, session, &[b"CONFIG", b"GET", b"set-max-intset-entries"]);
    if limit.elements().last().is_some_and(|limit| limit.bytes() != b"512") {
        return true;
    }
    transact(&mut engine, session, argv);
    ask(&mut engine, session, &[b"OBJECT", b"ENCODING", destination]).bytes() == b"listpack"
}

fn name(argv: &Argv) -> Option<&'static [u8]> {
    command::find(argv.first()?).map(|spec| spec.name.as_bytes())
}
