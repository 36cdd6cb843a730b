//! A script that takes long: what goes on around it, who stops it, and what is left of it.

use std::time::Duration;

use playground_engine::{Engine, Options, Reply, SessionId, parse, print};

struct Stage {
    engine: Engine,
}

/// A loop that ends by itself after about so many milliseconds of the virtual clock, of which some 20 pass at once.
fn takes(ms: u64) -> String {
    // Two instructions a turn, of which each takes two nanoseconds.
    format!("local n = {} for i = 1, n do local x = i end", ms * 250_000)
}

const ENDLESS: &str = "EVAL \"while true do end\" 0";
const BUSY: &str =
    "(error) BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.";

impl Stage {
    fn new() -> Self {
        Self { engine: Engine::new(Options::default()) }
    }

    fn run(&mut self, session: SessionId, line: &str) -> String {
        let argv = parse::split_line(line.as_bytes()).expect("a whole line");
        shown(&self.engine.execute(session, argv).reply)
    }

    /// What has arrived for a session, each as redis-cli would show it in one line.
    fn mail(&mut self, session: SessionId) -> Vec<String> {
        self.engine.take_outbox(session).iter().map(shown).collect()
    }

    /// Lets time pass in steps so short that each gives a script all its time.
    fn advance(&mut self, ms: u64) {
        for _ in 0..ms / 2 {
            self.engine.advance(Duration::from_millis(2));
        }
    }

    fn runs(&self) -> bool {
        self.engine.running_script().is_some()
    }
}

fn shown(reply: &Reply) -> String {
    if *reply == Reply::NOTHING {
        return "nothing yet".into();
    }
    print::redis_cli(reply).trim_end().replace('\n', " ")
}

#[test]
fn it_goes_on_as_time_passes_and_answers_by_mail() {
    let mut stage = Stage::new();
    let a = stage.engine.connect();
    let before = stage.engine.now();
    let line = format!("EVAL \"{} return redis.call('TIME')[1] .. ' ' .. n\" 0", takes(120));
    assert_eq!(stage.run(a, &line), "nothing yet");
    assert!(
        stage.runs() && stage.engine.session(a).is_some_and(playground_engine::session::Session::is_blocked)
    );
    assert_eq!(stage.engine.now(), before, "no time passes by a command");
    stage.advance(20);
    assert!(stage.runs());
    stage.advance(200);
    assert!(!stage.runs());
    let expected = format!("\"{} 30000000\"", before / 1000);
    assert_eq!(stage.mail(a), [expected], "to the script, time stands still");
    assert_eq!(stage.run(a, "PING"), "PONG");
}

#[test]
fn others_wait_until_it_is_over_and_see_nothing_half_done() {
    let mut stage = Stage::new();
    let [a, b, c] = [(); 3].map(|()| stage.engine.connect());
    let line = format!("EVAL \"redis.call('SET', 'k', 1) {} redis.call('INCR', 'k')\" 1 k", takes(120));
    assert_eq!(stage.run(a, &line), "nothing yet");
    assert_eq!(stage.run(b, "INCR k"), "nothing yet");
    assert_eq!(stage.run(c, "GET k"), "nothing yet");
    assert_eq!(stage.run(b, "GET k"), "nothing yet");
    assert_eq!(stage.run(a, "PING"), "nothing yet");
    stage.advance(20);
    assert!(stage.mail(b).is_empty() && stage.mail(c).is_empty());
    stage.advance(200);
    assert_eq!(stage.mail(b), ["(integer) 3", "\"3\""]);
    assert_eq!(stage.mail(c), ["\"3\""]);
    assert_eq!(stage.mail(a), ["(nil)", "PONG"]);
}

#[test]
fn who_waits_for_a_key_is_served_when_it_is_over() {
    let mut stage = Stage::new();
    let [a, b] = [(); 2].map(|()| stage.engine.connect());
    assert_eq!(stage.run(b, "BLPOP q 0.05"), "nothing yet");
    let line =
        format!("EVAL \"redis.call('RPUSH', 'q', 'x') {} return redis.call('LLEN', 'q')\" 1 q", takes(120));
    assert_eq!(stage.run(a, &line), "nothing yet");
    stage.advance(60);
    assert!(stage.mail(b).is_empty(), "its time is up, but nobody looks");
    stage.advance(200);
    assert_eq!(
        (stage.mail(a), stage.mail(b)),
        (vec!["(integer) 1".into()], vec!["1) \"q\" 2) \"x\"".into()])
    );
}

#[test]
fn no_key_expires_meanwhile() {
    let mut stage = Stage::new();
    let a = stage.engine.connect();
    stage.run(a, "SET k v PX 30");
    let line =
        format!("EVAL \"{} return {{redis.call('GET', 'k'), redis.call('PTTL', 'k')}}\" 1 k", takes(120));
    assert_eq!(stage.run(a, &line), "nothing yet");
    stage.advance(200);
    assert_eq!(stage.mail(a), ["1) \"v\" 2) (integer) 30"]);
    assert_eq!(stage.run(a, "GET k"), "(nil)");
}

#[test]
fn after_a_while_others_are_told_and_may_stop_it() {
    let mut stage = Stage::new();
    let [a, b, c] = [(); 3].map(|()| stage.engine.connect());
    stage.run(a, "CONFIG SET busy-reply-threshold 200");
    stage.run(b, "MULTI");
    assert_eq!(stage.run(a, ENDLESS), "nothing yet");
    assert_eq!(stage.run(c, "GET k"), "nothing yet");
    stage.advance(190);
    assert!(stage.mail(c).is_empty());
    stage.advance(10);
    assert_eq!(stage.mail(c), [BUSY], "who has waited is told when the time has come");
    assert_eq!(stage.run(c, "GET k"), BUSY);
    assert_eq!(stage.run(b, "GET k"), BUSY);
    assert_eq!(
        stage.run(b, "EXEC"),
        format!("(error) EXECABORT Transaction discarded because of: {}", &BUSY[8..])
    );
    for (line, answer) in [
        ("MULTI", "OK"),
        ("DISCARD", "OK"),
        ("WATCH k", "OK"),
        ("UNWATCH", "OK"),
        ("RESET", "RESET"),
        ("FUNCTION KILL", BUSY),
        ("FUNCTION STATS", BUSY),
        ("SCRIPT EXISTS x", BUSY),
        ("NOSUCH", "(error) ERR unknown command 'NOSUCH', with args beginning with: "),
    ] {
        assert_eq!(stage.run(b, line).trim_end(), answer.trim_end(), "{line}");
    }
    assert_eq!(stage.run(a, "ECHO later"), "nothing yet");
    assert_eq!(stage.run(b, "SCRIPT KILL"), "OK");
    assert!(!stage.runs());
    let killed = "(error) ERR Script killed by user with SCRIPT KILL... script: ";
    let mail = stage.mail(a);
    assert!(mail[0].starts_with(killed) && mail[0].ends_with(", on @user_script:1."), "{mail:?}");
    assert_eq!(mail[1..], ["\"later\""]);
    assert_eq!(stage.run(c, "GET k"), "(nil)");
    assert_eq!(stage.run(b, "SCRIPT KILL"), "(error) NOTBUSY No scripts in execution right now.");
}

#[test]
fn what_has_written_cannot_be_stopped() {
    let mut stage = Stage::new();
    let [a, b] = [(); 2].map(|()| stage.engine.connect());
    stage.run(a, "CONFIG SET busy-reply-threshold 100");
    let line = format!("EVAL \"redis.call('SET', 'k', 'v') {}\" 1 k", takes(500));
    assert_eq!(stage.run(a, &line), "nothing yet");
    stage.advance(100);
    for line in ["SCRIPT KILL", "FUNCTION KILL"] {
        assert!(
            stage.run(b, line).starts_with("(error) UNKILLABLE Sorry the script already executed"),
            "{line}"
        );
    }
    stage.engine.cancel_wait(a);
    assert!(stage.runs());
    stage.advance(1_000);
    assert_eq!((stage.mail(a), stage.run(b, "GET k")), (vec!["(nil)".into()], "\"v\"".into()));
}

#[test]
fn a_function_is_told_of_and_stopped_as_one() {
    let mut stage = Stage::new();
    let [a, b] = [(); 2].map(|()| stage.engine.connect());
    stage.run(a, "CONFIG SET busy-reply-threshold 100");
    stage.run(
        a,
        "FUNCTION LOAD \"#!lua name=lib\\nredis.register_function('f', function() while true do end end)\"",
    );
    assert_eq!(stage.run(a, "FCALL f 1 k x"), "nothing yet");
    stage.advance(150);
    let busy = BUSY.replace("SCRIPT KILL", "FUNCTION KILL");
    assert_eq!(stage.run(b, "GET k"), busy);
    assert_eq!(stage.run(b, "SCRIPT KILL"), busy);
    let stats = stage.run(b, "FUNCTION STATS");
    assert!(stats.contains("1) \"name\"    2) \"f\""), "{stats}");
    assert!(stats.contains("5) \"duration_ms\"    6) (integer) 150"), "{stats}");
    assert_eq!(stage.run(b, "FUNCTION KILL"), "OK");
    assert_eq!(
        stage.mail(a),
        ["(error) ERR Script killed by user with SCRIPT KILL... script: f, on @user_function:2."]
    );
    assert_eq!(stage.run(a, "FCALL f 0"), "nothing yet", "it can be called again");
}

#[test]
fn a_transaction_goes_on_behind_it() {
    let mut stage = Stage::new();
    let [a, b] = [(); 2].map(|()| stage.engine.connect());
    stage.run(a, "CONFIG RESETSTAT");
    stage.run(a, "MULTI");
    stage.run(a, "INCR n");
    stage.run(a, &format!("EVAL \"{} return redis.call('INCR', 'n')\" 1 n", takes(120)));
    stage.run(a, "BLPOP q 0");
    stage.run(a, &format!("EVAL \"{} return redis.call('INCR', 'n')\" 1 n", takes(120)));
    stage.run(a, "INCR n");
    assert_eq!(stage.run(a, "EXEC"), "nothing yet");
    assert_eq!(stage.run(b, "GET n"), "nothing yet");
    stage.advance(400);
    assert_eq!(stage.mail(a), ["1) (integer) 1 2) (integer) 2 3) (nil) 4) (integer) 3 5) (integer) 4"]);
    assert_eq!(stage.mail(b), ["\"4\""]);
    let stats = stage.run(a, "INFO commandstats");
    for line in
        ["cmdstat_incr:calls=4", "cmdstat_eval:calls=2", "cmdstat_exec:calls=1", "cmdstat_get:calls=1"]
    {
        assert!(stats.contains(line), "{line} in {stats}");
    }
}

#[test]
fn it_goes_on_when_its_client_is_gone() {
    let mut stage = Stage::new();
    let [a, b] = [(); 2].map(|()| stage.engine.connect());
    let line =
        format!("EVAL \"redis.call('SELECT', 3) {} return redis.call('SET', 'k', 'v')\" 1 k", takes(120));
    assert_eq!(stage.run(a, &line), "nothing yet");
    stage.engine.disconnect(a);
    assert_eq!(stage.run(b, "SELECT 3"), "nothing yet");
    stage.advance(200);
    assert!(!stage.runs());
    assert_eq!(stage.run(b, "GET k"), "\"v\"");
    assert_eq!(stage.mail(b), ["OK"]);
}

#[test]
fn a_leap_of_the_clock_takes_no_longer_than_a_step() {
    let mut stage = Stage::new();
    let [a, b] = [(); 2].map(|()| stage.engine.connect());
    assert_eq!(stage.run(a, ENDLESS), "nothing yet");
    let before = stage.engine.now();
    stage.engine.advance(Duration::from_hours(24));
    assert_eq!(stage.engine.now(), before + 86_400_000);
    assert_eq!(stage.run(b, "PING"), BUSY);
    assert!(stage.engine.advance_to_next_expiry().is_empty());
    stage.engine.cancel_wait(a);
    assert_eq!(stage.run(b, "PING"), "PONG");
    assert_eq!(stage.mail(a).len(), 1);
}

#[test]
fn a_copy_goes_on_by_itself() {
    let mut stage = Stage::new();
    let a = stage.engine.connect();
    stage.run(a, &format!("EVAL \"{} return redis.call('INCR', 'n')\" 1 n", takes(120)));
    stage.advance(10);
    let mut copy = Stage { engine: stage.engine.clone() };
    stage.advance(200);
    assert!(copy.runs() && !stage.runs());
    copy.advance(200);
    assert_eq!(
        (copy.mail(a), stage.mail(a)),
        (vec!["(integer) 1".to_string()], vec!["(integer) 1".to_string()])
    );
    assert_eq!(copy.engine.digest(), stage.engine.digest());
}

#[test]
fn what_cannot_go_on_is_stopped_by_name_and_the_engine_goes_on() {
    let mut stage = Stage::new();
    let a = stage.engine.connect();
    stage.run(a, "SET k v");
    for (script, why) in [
        ("local s = 'x' while true do s = s .. s end", "a string is longer than 64 MB"),
        ("return string.rep('x', 1e9)", "a string is longer than 64 MB"),
        ("local t = {} while true do t[#t + 1] = {} end", "it uses more than 128 MB"),
        (
            "return string.find(string.rep('a', 5000), string.rep('a*', 200) .. 'b')",
            "a pattern takes too many steps",
        ),
    ] {
        let mut answer = stage.run(a, &format!("EVAL \"{script}\" 0"));
        for _ in 0..1_000 {
            if answer != "nothing yet" {
                break;
            }
            stage.advance(10);
            answer = stage.mail(a).pop().unwrap_or(answer);
        }
        let expected = format!("(error) ERR the Redis playground has stopped the script: {why}");
        assert_eq!(answer, expected, "{script}");
        assert_eq!(stage.run(a, "GET k"), "\"v\"");
        assert_eq!(stage.run(a, "EVAL \"return #KEYS\" 1 k"), "(integer) 1");
    }
}

/// The answers of 8.0.2 to the same commands.
#[test]
fn of_scripts_that_only_eval_has_brought_five_hundred_are_kept() {
    let mut stage = Stage::new();
    let a = stage.engine.connect();
    let fill = |stage: &mut Stage, range: std::ops::Range<u32>| {
        range.for_each(|n| {
            stage.run(a, &format!("EVAL \"return {n}\" 0"));
        });
    };
    let figures = |stage: &mut Stage| {
        let info = stage.run(a, "INFO memory") + &stage.run(a, "INFO stats");
        ["number_of_cached_scripts:", "evicted_scripts:"].map(|name| {
            let rest = info.split(name).nth(1).expect(name);
            rest.split('\\').next().and_then(|digits| digits.parse::<u32>().ok()).expect(name)
        })
    };
    let known = |stage: &mut Stage, scripts: &[&str]| {
        let mut known = Vec::new();
        for script in scripts {
            let sha = stage.run(a, &format!("EVAL \"return redis.sha1hex(ARGV[1])\" 0 \"{script}\""));
            known.push(stage.run(a, &format!("SCRIPT EXISTS {sha}")) == "1) (integer) 1");
        }
        known
    };
    // The one that this test itself needs is not among the five hundred.
    stage.run(a, "SCRIPT LOAD \"return redis.sha1hex(ARGV[1])\"");
    for line in ["EVAL \"return 'a'\" 0", "EVAL \"return 'b'\" 0", "SCRIPT LOAD \"return 'c'\""] {
        stage.run(a, line);
    }
    stage.run(a, "SCRIPT LOAD \"return 'a'\"");
    stage.run(a, "EVAL \"return 'c'\" 0");
    fill(&mut stage, 0..498);
    assert_eq!(figures(&mut stage), [502, 0]);
    assert_eq!(known(&mut stage, &["return 'a'", "return 'b'", "return 'c'"]), [true, true, true]);
    fill(&mut stage, 498..499);
    assert_eq!(figures(&mut stage), [502, 1]);
    assert_eq!(known(&mut stage, &["return 'a'", "return 'b'", "return 'c'"]), [false, true, true]);
    let sha = stage.run(a, "EVAL \"return redis.sha1hex('return 0')\" 0");
    stage.run(a, &format!("EVALSHA {sha} 0"));
    fill(&mut stage, 499..501);
    let scripts = ["return 'b'", "return 'c'", "return 0", "return 1", "return 2"];
    assert_eq!(known(&mut stage, &scripts), [false, true, true, false, false]);
    assert_eq!(figures(&mut stage), [502, 4]);
    stage.run(a, "SCRIPT FLUSH");
    assert_eq!(figures(&mut stage), [0, 4]);
}
