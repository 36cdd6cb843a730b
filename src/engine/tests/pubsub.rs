//! Pub/sub between sessions: when messages arrive, and what is left when a session ends.

use playground_engine::{Engine, Options, Reply, SessionId, parse, print};

fn run(engine: &mut Engine, session: SessionId, line: &str) -> Reply {
    let argv = parse::split_line(line.as_bytes()).expect("a whole line");
    engine.execute(session, argv).reply
}

/// What has arrived for a session, each in one line.
fn mail(engine: &mut Engine, session: SessionId) -> Vec<String> {
    let words = |reply: &Reply| print::redis_cli(reply).trim_end().replace('\n', " ");
    engine.take_outbox(session).iter().map(words).collect()
}

#[test]
fn who_publishes_to_itself_hears_it_after_the_reply() {
    let mut engine = Engine::new(Options::default());
    let [a, b] = [(); 2].map(|()| engine.connect());
    for session in [a, b] {
        run(&mut engine, session, "HELLO 3");
        run(&mut engine, session, "SUBSCRIBE news");
    }
    assert_eq!(run(&mut engine, b, "PUBLISH news hello"), Reply::Integer(2));
    assert_eq!(engine.take_with_mail(), [a, b]);
    for session in [a, b] {
        assert_eq!(mail(&mut engine, session), [r#"1) "message" 2) "news" 3) "hello""#]);
    }
}

#[test]
fn what_a_transaction_publishes_comes_when_it_is_over() {
    let mut engine = Engine::new(Options::default());
    let [a, b] = [(); 2].map(|()| engine.connect());
    run(&mut engine, a, "PSUBSCRIBE n*");
    for line in ["MULTI", "PUBLISH news one", "PUBLISH now two", "PUBLISH other three"] {
        run(&mut engine, b, line);
    }
    assert!(mail(&mut engine, a).is_empty());
    let replies = [1, 1, 0].map(Reply::Integer).to_vec();
    assert_eq!(run(&mut engine, b, "EXEC"), Reply::Array(replies));
    let message = |channel, text| format!(r#"1) "pmessage" 2) "n*" 3) "{channel}" 4) "{text}""#);
    assert_eq!(mail(&mut engine, a), [message("news", "one"), message("now", "two")]);
}

#[test]
fn a_listener_that_ends_leaves_nothing_behind() {
    let mut engine = Engine::new(Options::default());
    let nobody = engine.digest();
    let [a, b] = [(); 2].map(|()| engine.connect());
    for line in ["SUBSCRIBE x y", "PSUBSCRIBE x*", "SSUBSCRIBE s"] {
        run(&mut engine, a, line);
    }
    assert_eq!(run(&mut engine, b, "PUBLISH x hello"), Reply::Integer(2));
    engine.disconnect(a);
    assert_eq!(run(&mut engine, b, "PUBLISH x hello"), Reply::Integer(0));
    assert_eq!(run(&mut engine, b, "PUBSUB NUMPAT"), Reply::Integer(0));
    engine.disconnect(b);
    assert_eq!(engine.digest(), nobody);
}

#[test]
fn a_thousand_listeners_share_one_message() {
    let mut engine = Engine::new(Options::default());
    let listeners: Vec<SessionId> = (0..1000).map(|_| engine.connect()).collect();
    for session in &listeners {
        run(&mut engine, *session, "SUBSCRIBE news");
    }
    let publisher = engine.connect();
    run(&mut engine, publisher, "PUBLISH news hello");
    let mut messages = listeners.iter().flat_map(|session| engine.take_outbox(*session));
    let Some(Reply::Push(first)) = messages.next() else { panic!("a message") };
    assert!(
        messages.all(|message| matches!(message, Reply::Push(same) if std::sync::Arc::ptr_eq(&first, &same)))
    );
}

/// What happened to keys, from the channels of events.
fn told(engine: &mut Engine, session: SessionId) -> Vec<String> {
    let text = |reply: &Reply| match reply {
        Reply::Bulk(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        other => print::redis_cli(other),
    };
    let words = |reply: Reply| match reply {
        Reply::Push(items) => items.iter().skip(2).map(text).collect::<Vec<_>>().join(" "),
        other => print::redis_cli(&other),
    };
    engine.take_outbox(session).into_iter().map(words).collect()
}

#[test]
fn expiry_is_announced_when_it_is_found() {
    let mut engine = Engine::new(Options { record_events: false, ..Options::default() });
    let [a, b] = [(); 2].map(|()| engine.connect());
    run(&mut engine, b, "CONFIG SET notify-keyspace-events Ex");
    run(&mut engine, a, "PSUBSCRIBE *");
    engine.take_outbox(a);
    run(&mut engine, b, "SET lazy v PX 10");
    run(&mut engine, b, "SET active v PX 150");
    engine.advance(std::time::Duration::from_millis(20));
    assert!(told(&mut engine, a).is_empty(), "nobody has met it");
    run(&mut engine, b, "GET lazy");
    assert_eq!(told(&mut engine, a), ["__keyevent@0__:expired lazy"]);
    engine.advance(std::time::Duration::from_millis(300));
    assert_eq!(told(&mut engine, a), ["__keyevent@0__:expired active"]);
}

#[test]
fn a_listener_that_does_not_fetch_its_messages_is_dropped() {
    let mut engine = Engine::new(Options::default());
    let [slow, quick, b] = [(); 3].map(|()| engine.connect());
    run(&mut engine, b, r#"CONFIG SET client-output-buffer-limit "pubsub 200 100 2""#);
    for session in [slow, quick] {
        run(&mut engine, session, "SUBSCRIBE news");
    }
    // A message is 41 bytes on the wire.
    let publish = |engine: &mut Engine| {
        let heard = run(engine, b, "PUBLISH news 12345678");
        engine.take_outbox(quick);
        heard
    };
    for _ in 0..4 {
        assert_eq!(publish(&mut engine), Reply::Integer(2));
    }
    assert_eq!(engine.session(slow).map(|session| session.output.bytes()), Some(164));
    engine.take_with_mail();
    assert_eq!(publish(&mut engine), Reply::Integer(2));
    assert!(engine.session(slow).is_none(), "above the hard limit");
    assert!(engine.take_with_mail().contains(&slow), "whoever speaks for it hears of it");
    assert_eq!(publish(&mut engine), Reply::Integer(1));
    assert!(engine.session(quick).is_some());
}

#[test]
fn unsent_bytes_count_and_the_soft_limit_takes_its_time() {
    let mut engine = Engine::new(Options::default());
    let [slow, b] = [(); 2].map(|()| engine.connect());
    run(&mut engine, b, r#"CONFIG SET client-output-buffer-limit "pubsub 0 100 2""#);
    run(&mut engine, slow, "SUBSCRIBE news");
    engine.set_unsent(slow, 1000);
    let end = engine.next_timeout().expect("its time runs");
    assert_eq!(end, (engine.now() / 1000 + 3) * 1000);
    engine.set_unsent(slow, 99);
    assert_eq!(engine.next_timeout(), None);
    engine.set_unsent(slow, 100);
    engine.advance(std::time::Duration::from_millis(end - engine.now() - 1));
    assert!(engine.session(slow).is_some());
    engine.advance(std::time::Duration::from_millis(1));
    assert!(engine.session(slow).is_none());
    // Other clients have no limit.
    engine.set_unsent(b, 1 << 30);
    assert!(engine.session(b).is_some());
}
