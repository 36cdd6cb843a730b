//! Leaves out what Redis itself answers one way or another by chance.
//!
//! A range of members makes sense where all scores are equal. Where they are not, a skip list is searched along towers
//! of random height, so what such a range finds differs from server to server. Whether a command meets such a set is
//! known only when its turn comes: a copy of the engine plays the sequence once before.

use playground_engine::{Engine, Options, Reply, SessionId, command};

use super::generate::Argv;

/// The commands whose outcome is certain.
pub fn certain(commands: &[Argv], start: u64) -> Vec<Argv> {
    let mut engine = Engine::new(Options { start, record_events: false, ..Options::default() });
    let session = engine.connect();
    let mut kept = Vec::with_capacity(commands.len());
    for argv in commands {
        let by_chance =
            range_of_members(argv).is_some_and(|key| is_mixed_skiplist(&mut engine, session, key));
        if !by_chance {
            engine.execute(session, argv.clone());
            kept.push(argv.clone());
        }
    }
    kept
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
