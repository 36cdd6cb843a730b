//! Pictures of keys: where bytes go, limits, windows, and that looking changes nothing.

use playground_engine::picture::{Circle, Inside, Lens, Measure, Numeric, Part, Picture, Piece};
use playground_engine::{Engine, Options, Reply, SessionId, parse};

struct Server {
    engine: Engine,
    session: SessionId,
    seed: u64,
}

impl Server {
    fn new() -> Self {
        let mut engine = Engine::new(Options::default());
        let session = engine.connect();
        Self { engine, session, seed: 7 }
    }

    fn run(&mut self, line: &str) -> Reply {
        let argv = parse::split_line(line.as_bytes()).expect("a whole line");
        let reply = self.engine.execute(self.session, argv).reply;
        assert!(!matches!(reply, Reply::Error(_)), "{line}: {reply:?}");
        reply
    }

    fn look(&self, key: &str, lens: &Lens) -> Picture {
        let before = self.engine.digest();
        let picture = self.engine.look(0, key.as_bytes(), lens).expect("the key is there");
        assert_eq!(self.engine.digest(), before, "looking changes nothing");
        picture
    }

    fn below(&mut self, n: u64) -> u64 {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.seed >> 33) % n
    }

    /// Every byte has its part, and the picture says what the server says.
    fn assert_whole(&mut self, key: &str) {
        let Reply::Integer(usage) = self.run(&format!("MEMORY USAGE {key} SAMPLES 0")) else { return };
        let picture = self.look(key, &Lens::default());
        let sum: usize = picture.shares.iter().map(|share| share.bytes).sum();
        assert_eq!(
            (sum as i64, picture.summary.memory as i64),
            (usage, usage),
            "{key}: {:?}",
            picture.shares
        );
        assert!(picture.shares.iter().all(|share| share.bytes > 0));
    }
}

#[test]
fn parts_add_up_to_what_memory_usage_answers() {
    let mut server = Server::new();
    for line in ["CONFIG SET list-max-listpack-size -1", "CONFIG SET stream-node-max-entries 5"] {
        server.run(line);
    }
    for round in 0..1500 {
        let key = ["str", "list", "hash", "set", "ints", "zset", "stream", "hll"][server.below(8) as usize];
        let (n, long) = (server.below(400), "x".repeat(server.below(90) as usize));
        let many = |what: &str| (0..=n).map(|at| format!("{what}{at} ")).collect::<Vec<_>>().concat();
        let lines = match (key, server.below(5)) {
            ("str", 0) => vec![format!("SET str {n}")],
            ("str", 1) => vec![format!("SET str \"{long}\"")],
            ("str", 2) => vec![format!("SETRANGE str {n} x")],
            ("str", _) => vec![format!("APPEND str \"{long}\"")],
            ("list", 0) => vec![format!("LPOP list {n}")],
            ("list", 1) => vec![format!("LPUSH list \"{}\"", long.repeat(70))],
            ("list", _) => vec![format!("RPUSH list {}", many("item:"))],
            ("hash", 0) => vec![format!("HSET hash f{n} \"{long}\"")],
            ("hash", 1) => vec![format!("HSET hash a 1 f{n} v"), format!("HEXPIRE hash 100 FIELDS 2 f{n} a")],
            ("hash", 2) => vec![format!("HDEL hash {}", many("field:"))],
            ("hash", _) => vec![many("field:").replace(' ', " value ")]
                .into_iter()
                .map(|pairs| format!("HSET hash {pairs}"))
                .collect(),
            ("set", 0) => vec![format!("SREM set {}", many("m"))],
            ("set", _) => vec![format!("SADD set {} \"{long}\"", many("m"))],
            ("ints", 0) => vec![format!("SADD ints {}", 70_000 * n)],
            ("ints", _) => vec![format!("SADD ints {}", many(""))],
            ("zset", 0) => vec![format!("ZREM zset {}", many("member:"))],
            ("zset", 1) => vec![format!("ZADD zset {n}.5 \"{long}\"")],
            ("zset", _) => (0..n / 4).map(|at| format!("ZADD zset {at} member:{at}")).collect(),
            ("stream", 0) => vec![
                "XADD stream * f v".into(),
                format!("XGROUP CREATE stream g{} 0", round),
                format!("XREADGROUP GROUP g{round} c{n} COUNT {n} STREAMS stream >"),
            ],
            ("stream", 1) => vec!["XADD stream * f v".into(), "XTRIM stream MAXLEN ~ 20".into()],
            ("stream", _) => vec![format!("XADD stream * field \"{long}\"")],
            (_, 0) => vec!["PFCOUNT hll".into()],
            _ => vec![format!("PFADD hll {}", many("e"))],
        };
        for line in &lines {
            server.run(line);
        }
        if round % 97 == 0 {
            server.run(&format!("DEL {key}"));
        }
        server.assert_whole(key);
    }
}

#[test]
fn limits_say_how_much_of_them_is_used() {
    let mut server = Server::new();
    server.run(&format!("HSET h {}", (0..97).map(|n| format!("f{n} v ")).collect::<Vec<_>>().concat()));
    server.run("CONFIG SET hash-max-listpack-entries 128");
    server.run(&format!("HSET h f0 {}", "v".repeat(50)));
    let limits = |server: &Server, key| {
        let limits = server.look(key, &Lens::default()).limits;
        limits.iter().map(|limit| (limit.measure, limit.used, limit.limit, limit.next)).collect::<Vec<_>>()
    };
    let both = vec![(Measure::Elements, 97, 128, "hashtable"), (Measure::Longest, 50, 64, "hashtable")];
    assert_eq!(limits(&server, "h"), both);
    server.run(&format!("HSET h f0 {}", "v".repeat(65)));
    assert_eq!(server.look("h", &Lens::default()).summary.encoding, "hashtable");
    assert_eq!(limits(&server, "h"), []);
    server.run("SET s hello");
    assert_eq!(limits(&server, "s"), [(Measure::Bytes, 5, 44, "raw")]);
    server.run("SADD i 1 2 3");
    assert_eq!(limits(&server, "i"), [(Measure::Elements, 3, 512, "hashtable")]);
    server.run("RPUSH l a");
    assert_eq!(limits(&server, "l"), [(Measure::Bytes, 10, 8192, "quicklist")]);
    server.run("CONFIG SET list-max-listpack-size 3");
    assert_eq!(limits(&server, "l")[0], (Measure::Elements, 1, 3, "quicklist"));
    server.run("RPUSH l b c");
    assert_eq!(limits(&server, "l")[0], (Measure::Elements, 3, 3, "quicklist"));
    server.run("RPUSH l d");
    assert_eq!(server.look("l", &Lens::default()).summary.encoding, "quicklist");
    server.run("ZADD z 123456789 a");
    assert_eq!(limits(&server, "z")[1], (Measure::Longest, 1, 64, "skiplist"), "a score is no member");
}

#[test]
fn a_window_is_where_the_lens_is_and_never_beyond() {
    let mut server = Server::new();
    let all: Vec<String> = (0..1000).map(|n| format!("m{n:03}")).collect();
    server.run(&format!("RPUSH l {}", all.join(" ")));
    server.run(&format!("SADD s {}", all.join(" ")));
    server.run(&format!("HSET h {}", all.iter().map(|m| format!("{m} v ")).collect::<Vec<_>>().concat()));
    server.run(&format!(
        "ZADD z {}",
        all.iter().enumerate().map(|(n, m)| format!("{n} {m} ")).collect::<Vec<_>>().concat()
    ));
    server.run("SETRANGE t 99999 x");
    for from in [0, 5, 990, 999, 1000, 5000, usize::MAX] {
        let lens = Lens { from, len: 20, bytes: 20, ..Lens::default() };
        let shown = 1000_usize.saturating_sub(from).min(20);
        let Inside::List(list) = server.look("l", &lens).inside else { panic!("a list") };
        let expected: Vec<_> = all.iter().skip(from).take(20).map(|m| m.as_bytes().into()).collect();
        assert_eq!(list.elements, expected, "{from}");
        assert_eq!(list.tail.len(), 1000_usize.saturating_sub(from.saturating_add(shown)).min(10));
        let Inside::Set(set) = server.look("s", &lens).inside else { panic!("a set") };
        let Inside::Hash(hash) = server.look("h", &lens).inside else { panic!("a hash") };
        let Inside::SortedSet(zset) = server.look("z", &lens).inside else { panic!("a sorted set") };
        assert_eq!(
            (set.members.len(), hash.fields.len(), zset.members.len()),
            (shown, shown, shown),
            "{from}"
        );
        if shown > 0 {
            assert_eq!(zset.members[0].1, 999.0 - from as f64, "the highest first");
        }
        let Inside::String(text) = server.look("t", &lens).inside else { panic!("a string") };
        assert_eq!(text.bytes.len(), 100_000_usize.saturating_sub(from).min(20));
    }
}

#[test]
fn scores_are_counted_by_stretches_between_the_ends() {
    let mut server = Server::new();
    for n in 0..960 {
        server.run(&format!("ZADD z {n} m{n}"));
    }
    server.run("ZADD z inf top -inf bottom -inf lower");
    let Inside::SortedSet(zset) = server.look("z", &Lens::default()).inside else { panic!("a sorted set") };
    let spread = zset.spread;
    assert_eq!((spread.low, spread.high, spread.below, spread.above), (0.0, 959.0, 2, 1));
    assert_eq!(spread.counts.iter().sum::<usize>(), 960);
    assert!(spread.counts.iter().all(|count| (19..=21).contains(count)), "{:?}", spread.counts);
    server.run("ZADD huge -1.7976931348623157e308 a 1.7976931348623157e308 b 0 c");
    let Inside::SortedSet(zset) = server.look("huge", &Lens::default()).inside else {
        panic!("a sorted set")
    };
    assert_eq!(zset.spread.counts.iter().sum::<usize>(), 3);
    assert_eq!((zset.spread.counts[0], zset.spread.counts[24]), (1, 1));
    server.run("ZADD one 5 a 5 b");
    let Inside::SortedSet(zset) = server.look("one", &Lens::default()).inside else { panic!("a sorted set") };
    assert_eq!(zset.spread.counts.iter().sum::<usize>(), 2);
}

#[test]
fn a_circle_finds_what_geosearch_finds() {
    let mut server = Server::new();
    for n in 0..900 {
        let (longitude, latitude) = (f64::from(n % 30) - 15.0, f64::from(n / 30) + 30.0);
        server.run(&format!("GEOADD g {longitude} {latitude} p{n}"));
    }
    let circle = Circle { longitude: 2.0, latitude: 45.0, radius: 300_000.0 };
    let lens = Lens { circle: Some(circle), ..Lens::default() };
    let Inside::SortedSet(zset) = server.look("g", &lens).inside else { panic!("a sorted set") };
    let places = zset.places.expect("they are places");
    let Reply::Array(found) = server.run("GEOSEARCH g FROMLONLAT 2 45 BYRADIUS 300 km ASC") else {
        panic!("an array")
    };
    let found: Vec<_> = found
        .iter()
        .map(|reply| if let Reply::Bulk(name) = reply { (&**name).into() } else { Piece::default() })
        .collect();
    assert_eq!(places.found.iter().map(|place| place.member.clone()).collect::<Vec<_>>(), found);
    assert!(places.likely && !found.is_empty());
    for place in &places.places {
        assert_eq!(place.hit, found.contains(&place.member));
    }
    server.run("ZADD ranks 1 a 2 b");
    let Inside::SortedSet(zset) = server.look("ranks", &Lens::default()).inside else {
        panic!("a sorted set")
    };
    assert!(zset.places.is_some_and(|places| !places.likely), "whole numbers can be read so");
    server.run("ZADD ranks 2.5 a");
    let Inside::SortedSet(zset) = server.look("ranks", &Lens::default()).inside else {
        panic!("a sorted set")
    };
    assert_eq!(zset.places, None);
}

#[test]
fn a_string_is_read_as_what_it_may_be() {
    let mut server = Server::new();
    let mut read = |value: &str| {
        server.run(&format!("SET k {value}"));
        let Inside::String(string) = server.look("k", &Lens::default()).inside else { panic!("a string") };
        *string
    };
    assert_eq!(read("-42").number, Some(Numeric::Integer(-42)));
    assert_eq!(read("1.5e3").number, Some(Numeric::Float));
    assert_eq!(read("042").number, Some(Numeric::Float), "to INCRBYFLOAT alone");
    assert_eq!(read("1.5x").number, None);
    assert_eq!(read("\"\\xff\\x01\"").bits, Some(9));
    assert_eq!(
        read("\"HYLL\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x80\\x7f\"")
            .registers
            .map(|r| r.values.len()),
        Some(0)
    );
    server.run("DEL k");
    server.run("PFADD k a b c");
    let Inside::String(string) = server.look("k", &Lens::default()).inside else { panic!("a string") };
    let registers = string.registers.expect("a HyperLogLog");
    assert_eq!(
        (registers.estimate, registers.dense, registers.cached, registers.values.len()),
        (3, false, false, 16_384)
    );
    server.run("PFCOUNT k");
    let Inside::String(string) = server.look("k", &Lens::default()).inside else { panic!("a string") };
    assert!(string.registers.is_some_and(|registers| registers.cached));
}

#[test]
fn a_stream_is_shown_from_an_entry_down_with_what_is_pending() {
    let mut server = Server::new();
    for n in 1..=50 {
        server.run(&format!("XADD s {n}-0 n {n}"));
    }
    server.run("XGROUP CREATE s team 0");
    server.run("XREADGROUP GROUP team ann COUNT 3 STREAMS s >");
    server.run("XACK s team 2-0");
    let lens = Lens { len: 10, until: Some((20, 5)), ..Lens::default() };
    let Inside::Stream(stream) = server.look("s", &lens).inside else { panic!("a stream") };
    assert_eq!((stream.entries[0].id, stream.entries[9].id), ((20, 0), (11, 0)));
    assert_eq!((stream.ends, stream.added), (Some(((1, 0), (50, 0))), 50));
    let group = &stream.groups[0];
    assert_eq!((group.last_id, group.lag, group.pending_count), ((3, 0), Some(47), 2));
    let pending: Vec<_> =
        group.pending.iter().map(|p| (p.id, p.consumer.bytes.as_slice(), p.deliveries)).collect();
    assert_eq!(pending, [((1, 0), &b"ann"[..], 1), ((3, 0), &b"ann"[..], 1)]);
    let parts = server.look("s", &lens).shares;
    assert!(parts.iter().any(|share| share.part == Part::Pending && share.bytes > 0));
}

#[test]
fn a_huge_element_is_cut_and_says_so() {
    let mut server = Server::new();
    server.run("SETRANGE text 3000000 x");
    let Reply::Bulk(text) = server.run("GET text") else { panic!("a string") };
    let argv = [b"RPUSH".to_vec(), b"l".to_vec(), text.clone(), b"short".to_vec()].to_vec();
    server.engine.execute(server.session, argv);
    let Inside::List(list) = server.look("l", &Lens::default()).inside else { panic!("a list") };
    assert_eq!((list.elements[0].len, list.elements[0].bytes.len()), (3_000_001, 1024));
    assert_eq!((list.elements[0].whole(), list.elements[1].whole()), (None, Some(&b"short"[..])));
    assert!(list.nodes[0].plain && !list.nodes[1].plain);
}
