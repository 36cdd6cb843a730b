//! Several sessions on one engine: who waits, who is served when, and what is left when a session ends.

use std::time::Duration;

use playground_engine::{Engine, Options, Reply, SessionId, parse, print};

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
