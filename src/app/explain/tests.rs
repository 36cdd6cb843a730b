//! Each error as a line meets it.

use super::*;
use playground_engine::{Engine, Options, parse, print};

fn run(lines: &[&str]) -> (String, Option<Aside>) {
    let mut engine = Engine::new(Options::default());
    let session = engine.connect();
    let mut last = (String::new(), None);
    for line in lines {
        let argv = parse::split_line(line.as_bytes()).expect("well-formed");
        let reply = engine.execute(session, argv.clone()).reply;
        let kind = |key: &[u8]| engine.inspect(0, key, 0).map(|found| found.summary.kind);
        let aside = match &reply {
            Reply::Error(error) => explain(error, &argv, &kind),
            _ => None,
        };
        last = (print::redis_cli(&reply), aside);
    }
    last
}

fn said(lines: &[&str]) -> Aside {
    let (answer, aside) = run(lines);
    aside.unwrap_or_else(|| panic!("{lines:?}: {answer}"))
}

fn offers(lines: &[&str]) -> Vec<String> {
    said(lines).offers.iter().map(ToString::to_string).collect()
}

#[test]
fn a_wrong_type_is_named_with_the_type_that_is_there() {
    let aside = said(&["ZADD lb 1 a", "GET lb"]);
    assert_eq!(
        aside.text,
        "lb holds a sorted set, and GET works on strings. Use a command for its type, or another key."
    );
    assert_eq!(&*aside.offers[0], "ZRANGE lb 0 -1 WITHSCORES");
    assert_eq!(offers(&["SET \"a b\" 1", "LPUSH \"a b\" x"]), ["GET \"a b\""]);
    assert!(said(&["SET s x", "LPUSH l a", "RPOPLPUSH l s"]).text.starts_with("s holds a string"));
}

#[test]
fn a_name_that_is_not_there_has_near_ones() {
    assert_eq!(offers(&["ZAD lb 1 \"a b\""]), ["ZADD lb 1 \"a b\""]);
    assert_eq!(offers(&["GTE k"]), ["GET k"]);
    assert_eq!(offers(&["encoding k"]), ["OBJECT ENCODING k"]);
    assert_eq!(offers(&["redis-cli GET k"]), ["GET k"]);
    assert_eq!(offers(&["OBJECT ENCODNG k"]), ["OBJECT ENCODING k"]);
    assert!(offers(&["FROBNICATE k"]).is_empty());
    assert!(said(&["\"GET k\""]).text.contains("quotes"));
    assert!(said(&["VADD x 0"]).text.contains("the playground does not"));
}

#[test]
fn wrong_numbers_of_words_are_counted_and_the_syntax_is_shown() {
    let aside = said(&["GET"]);
    assert_eq!(
        (aside.text.as_str(), aside.usage.as_deref()),
        ("GET takes 1 argument and got none.", Some("GET key"))
    );
    assert_eq!(said(&["HSET h f"]).text, "HSET takes at least 3 arguments and got 2.");
    assert_eq!(offers(&["ECHO hello world"]), ["ECHO \"hello world\""]);
    assert!(offers(&["GET a b"]).is_empty());
    assert!(said(&["HSET h f v g"]).text.contains("pairs"));
}

#[test]
fn a_syntax_error_points_at_the_word() {
    let aside = said(&["SET k hello world"]);
    assert!(aside.text.starts_with("world does not fit"), "{}", aside.text);
    assert_eq!(&*aside.offers[0], "SET k \"hello world\"");
    assert!(aside.usage.expect("a syntax").starts_with("SET key value [NX | XX]"));
    assert!(said(&["SET k v EX 10 PX 10"]).text.contains("PX"));
    assert!(said(&["SET k v EX"]).text.contains("missing"));
}

#[test]
fn what_is_no_number_is_named() {
    assert!(said(&["EXPIRE k soon"]).text.starts_with("soon is not a whole number"));
    let aside = said(&["SET k abc", "INCR k"]);
    assert!(aside.text.starts_with("What k holds is not a whole number"), "{}", aside.text);
    assert_eq!(&*aside.offers[0], "GET k");
    assert!(said(&["INCRBYFLOAT k x"]).text.contains("x is not a number"));
}

#[test]
fn other_errors_that_learners_meet_say_what_to_do() {
    let cases: [(&[&str], &str); 16] = [
        (&["EXEC"], "since MULTI"),
        (&["MULTI", "MULTI"], "EXEC or DISCARD"),
        (&["MULTI", "NOSUCH", "EXEC"], "none of them"),
        (&["RENAME a b"], "EXISTS"),
        (&["SET k v EX 0"], "greater than 0"),
        (&["SELECT 99"], "0 to 15"),
        (&["XADD s 5-1 f v", "XADD s 4-1 f v"], "With *"),
        (&["XGROUP CREATE s g $ MKSTREAM", "XGROUP CREATE s g $"], "there already"),
        (&["XREADGROUP GROUP g c STREAMS s >"], "made before"),
        (&["ZRANGEBYSCORE z a b"], "-inf"),
        (&["ZRANGEBYLEX z a b"], "["),
        (&["BLPOP k x"], "seconds"),
        (&["CONFIG SET requirepass x", "ACL SETUSER default resetpass >x", "RESET", "GET k"], "password"),
        (&["AUTH nobody x"], "password"),
        (&["SUBSCRIBE c", "GET k"], "listens"),
        (&["CONFIG SET maxmemory 1", "SET k v"], "maxmemory"),
    ];
    for (lines, part) in cases {
        let aside = said(lines);
        assert!(aside.text.contains(part), "{lines:?}: {}", aside.text);
    }
    assert_eq!(offers(&["XREADGROUP GROUP g c STREAMS s >"]), ["XGROUP CREATE s g 0 MKSTREAM"]);
}

#[test]
fn offered_lines_are_lines_that_redis_takes() {
    for lines in [
        &["ZADD lb 1 a", "GET lb"][..],
        &["GTE k"],
        &["ECHO a b"],
        &["XREADGROUP GROUP g c STREAMS s >"],
        &["EXEC"],
    ] {
        for line in offers(lines) {
            let (answer, _) =
                run(&[lines.first().copied().filter(|_| lines.len() > 1).unwrap_or("PING"), &line]);
            assert!(!answer.starts_with("(error)"), "{line}: {answer}");
        }
    }
}

#[test]
fn slips_are_counted() {
    for (one, other, count) in [
        ("get", "get", 0),
        ("gte", "get", 1),
        ("zad", "zadd", 1),
        ("hgetal", "hgetall", 1),
        ("abc", "", 3),
        ("mgte", "gmet", 2),
    ] {
        assert_eq!(slips(one.as_bytes(), other.as_bytes()), count, "{one} {other}");
    }
}
