//! Several sessions on one engine: who waits, who is served when, and what is left when a session ends.

use std::time::Duration;

use playground_engine::{Engine, Options, Protocol, Reply, SessionId, parse, print, resp};

struct Stage {
    engine: Engine,
}

impl Stage {
    fn new() -> Self {
        Self { engine: Engine::new(Options::default()) }
    }

    fn run(&mut self, session: SessionId, line: &str) -> Reply {
        let argv = parse::split_line(line.as_bytes()).expect("a whole line");
        self.engine.execute(session, argv).reply
    }

    /// What has arrived for a session, as redis-cli would show it in one line.
    fn mail(&mut self, session: SessionId) -> Vec<String> {
        let shown = |reply: &Reply| print::redis_cli(reply).trim_end().replace('\n', " ");
        self.engine.take_outbox(session).iter().map(shown).collect()
    }

    fn advance(&mut self, ms: u64) {
        self.engine.advance(Duration::from_millis(ms));
    }

    fn is_blocked(&self, session: SessionId) -> bool {
        self.engine.session(session).is_some_and(playground_engine::session::Session::is_blocked)
    }
}

#[test]
fn who_waits_longest_is_served_first_when_the_command_is_over() {
    let mut stage = Stage::new();
    let [a, b, c] = [(); 3].map(|()| stage.engine.connect());
    assert_eq!(stage.run(a, "BLPOP q 0"), Reply::NOTHING);
    assert_eq!(stage.run(b, "BLPOP other q 0"), Reply::NOTHING);
    assert!(stage.is_blocked(a) && stage.is_blocked(b));
    assert_eq!(stage.run(c, "RPUSH q 1 2 3"), Reply::Integer(3));
    assert_eq!(stage.engine.take_with_mail(), [a, b]);
    assert_eq!(stage.mail(a), [r#"1) "q" 2) "1""#]);
    assert_eq!(stage.mail(b), [r#"1) "q" 2) "2""#]);
    assert!(!stage.is_blocked(a) && !stage.is_blocked(b));
    assert_eq!(stage.run(c, "LLEN q"), Reply::Integer(1));
}

#[test]
fn time_outs_come_on_the_virtual_clock_in_their_order() {
    let mut stage = Stage::new();
    let [a, b] = [(); 2].map(|()| stage.engine.connect());
    stage.run(a, "BLPOP q 2");
    stage.run(b, "BLMOVE q r LEFT LEFT 1.5");
    let start = stage.engine.now();
    assert_eq!(stage.engine.next_timeout(), Some(start + 1_500));
    stage.advance(1_499);
    assert!(stage.mail(b).is_empty());
    stage.advance(1);
    assert_eq!((stage.mail(b), stage.mail(a)), (vec!["(nil)".to_owned()], vec![]));
    stage.advance(10_000);
    assert_eq!(stage.mail(a), ["(nil)"]);
    assert_eq!(stage.engine.next_timeout(), None);
    assert!(!stage.is_blocked(a));
}

/// The order is a real server's: it serves until nothing more is ready, and then reads on.
#[test]
fn all_are_served_before_anybody_catches_up() {
    let mut stage = Stage::new();
    let [first, second, third, other] = [(); 4].map(|()| stage.engine.connect());
    stage.run(first, "BLMOVE from to LEFT LEFT 0");
    stage.run(first, "SET to x");
    stage.run(second, "BLMOVE from to LEFT LEFT 0");
    stage.run(third, "BLMOVE to from LEFT LEFT 0");
    stage.run(other, "RPUSH from a");
    assert_eq!(stage.mail(third), [r#""a""#]);
    assert_eq!(stage.mail(second), [r#""a""#], "while what it moves to is a list");
    assert_eq!(stage.mail(first), [r#""a""#, "OK"]);
}

#[test]
fn what_is_sent_while_waiting_is_done_afterwards() {
    let mut stage = Stage::new();
    let [a, b] = [(); 2].map(|()| stage.engine.connect());
    stage.run(a, "BLPOP q 0");
    assert_eq!(stage.run(a, "INCR n"), Reply::NOTHING);
    assert_eq!(stage.run(a, "BLPOP q 0"), Reply::NOTHING);
    assert_eq!(stage.run(a, "INCR n"), Reply::NOTHING);
    assert_eq!(stage.run(b, "EXISTS n"), Reply::Integer(0));
    stage.run(b, "RPUSH q 1");
    assert_eq!(stage.mail(a), [r#"1) "q" 2) "1""#, "(integer) 1"]);
    assert!(stage.is_blocked(a));
    stage.run(b, "RPUSH q 2");
    assert_eq!(stage.mail(a), [r#"1) "q" 2) "2""#, "(integer) 2"]);
}

#[test]
fn a_session_that_ends_leaves_nothing_behind() {
    let mut stage = Stage::new();
    let empty = stage.engine.digest();
    let [a, b] = [(); 2].map(|()| stage.engine.connect());
    for line in ["WATCH k", "BLPOP q 5"] {
        stage.run(a, line);
    }
    stage.engine.disconnect(a);
    assert_eq!(stage.engine.next_timeout(), None);
    stage.run(b, "RPUSH q 1");
    assert_eq!(stage.run(b, "LPOP q"), Reply::bulk("1"), "nobody was served");
    assert!(stage.engine.take_with_mail().is_empty());
    // The table of keys, once made, stays until the database is emptied.
    stage.run(b, "FLUSHALL");
    stage.engine.disconnect(b);
    assert_eq!(stage.engine.digest(), empty);
}

#[test]
fn nobody_waits_for_ever_in_a_chain_of_moves() {
    let mut stage = Stage::new();
    let [a, b, c] = [(); 3].map(|()| stage.engine.connect());
    stage.run(a, "BLMOVE q r LEFT RIGHT 0");
    stage.run(b, "BLMOVE r s LEFT RIGHT 0");
    stage.run(c, "RPUSH q x");
    assert_eq!(stage.mail(a), [r#""x""#]);
    assert_eq!(stage.mail(b), [r#""x""#]);
    assert_eq!(stage.run(c, "LLEN s"), Reply::Integer(1));
}

#[test]
fn a_watched_key_that_expires_unmet_ends_the_transaction() {
    let mut stage = Stage::new();
    let [a, b] = [(); 2].map(|()| stage.engine.connect());
    stage.run(b, "SET k v PX 500");
    stage.engine.set_active_expire(false);
    stage.run(a, "WATCH k");
    stage.advance(501);
    for line in ["MULTI", "SET k mine"] {
        stage.run(a, line);
    }
    assert_eq!(stage.run(a, "EXEC"), Reply::NilArray);
    for line in ["WATCH k", "MULTI", "SET k mine"] {
        stage.run(a, line);
    }
    assert_eq!(stage.run(a, "EXEC"), Reply::Array(vec![Reply::OK]), "it had expired before it was watched");
}

/// What has arrived for a session, as it goes over the wire.
fn wire(stage: &mut Stage, session: SessionId) -> Vec<String> {
    let protocol = stage.engine.session(session).expect("it is connected").protocol;
    let written = |reply: &Reply| {
        let mut out = Vec::new();
        resp::write(reply, protocol, &mut out);
        String::from_utf8_lossy(&out).replace("\r\n", " ").trim_end().to_owned()
    };
    stage.engine.take_outbox(session).iter().map(written).collect()
}

#[test]
fn what_comes_late_is_written_in_the_protocol_it_was_made_for() {
    let mut stage = Stage::new();
    let [a, b] = [(); 2].map(|()| stage.engine.connect());
    stage.run(a, "HELLO 3");
    stage.run(a, "SUBSCRIBE news");
    for line in ["BZPOPMIN z 0", "ZSCORE z b", "RESET", "ZSCORE z b"] {
        assert_eq!(stage.run(a, line), Reply::NOTHING);
    }
    for line in ["MULTI", "PUBLISH news extra", "ZADD z 1 a 2 b", "EXEC"] {
        stage.run(b, line);
    }
    let news = ">3 $7 message $4 news $5 extra";
    assert_eq!(wire(&mut stage, a), [news, "*3 $1 z $1 a ,1", ",2", "+RESET", "$1 2"]);

    for line in ["BZPOPMIN none 0", "HELLO 3", "ZSCORE z b"] {
        assert_eq!(stage.run(a, line), Reply::NOTHING);
    }
    stage.engine.cancel_wait(a);
    let heard = wire(&mut stage, a);
    assert_eq!((heard[0].as_str(), &heard[1][..2], heard[2].as_str()), ("*-1", "%7", ",2"));
}

#[test]
fn a_transaction_may_change_the_protocol_it_is_answered_in() {
    let mut stage = Stage::new();
    let a = stage.engine.connect();
    for line in ["ZADD z 1 a", "MULTI", "ZSCORE z a", "HELLO 3", "ZSCORE z a", "HELLO 2"] {
        stage.run(a, line);
    }
    let mut out = Vec::new();
    resp::write(&stage.run(a, "EXEC"), Protocol::Resp2, &mut out);
    let text = String::from_utf8_lossy(&out).replace("\r\n", " ");
    assert!(text.starts_with("*4 $1 1 %7 ") && text.contains(" *0 ,1 *14 "), "{text}");
}

#[test]
fn what_has_arrived_stays_in_its_protocol() {
    let mut stage = Stage::new();
    let [a, b] = [(); 2].map(|()| stage.engine.connect());
    for line in ["HELLO 3", "CLIENT TRACKING ON", "SUBSCRIBE news", "GET k"] {
        stage.run(a, line);
    }
    stage.run(b, "SET k v");
    stage.run(b, "PUBLISH news extra");
    stage.run(a, "RESET");
    assert_eq!(wire(&mut stage, a), [">2 $10 invalidate *1 $1 k", ">3 $7 message $4 news $5 extra"]);
}

#[test]
fn who_stops_tracking_while_it_is_told_has_been_told() {
    let mut stage = Stage::new();
    let [a, b] = [(); 2].map(|()| stage.engine.connect());
    for line in ["HELLO 3", "CLIENT TRACKING ON", "GET k", "BLPOP q 0", "RESET"] {
        stage.run(a, line);
    }
    for line in ["MULTI", "SET k v", "RPUSH q 1", "EXEC"] {
        stage.run(b, line);
    }
    assert_eq!(wire(&mut stage, a)[..1], [">2 $10 invalidate *1 $1 k"]);
}

#[test]
fn nothing_is_done_behind_a_quit() {
    let mut stage = Stage::new();
    let [a, b] = [(); 2].map(|()| stage.engine.connect());
    for line in ["BLPOP q 0", "QUIT", "SET k v"] {
        stage.run(a, line);
    }
    stage.run(b, "RPUSH q 1");
    assert_eq!(stage.mail(a), [r#"1) "q" 2) "1""#, "OK"]);
    assert_eq!(stage.run(b, "GET k"), Reply::Nil);
}
