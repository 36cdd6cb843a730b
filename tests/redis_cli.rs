//! The engine's splitter of lines and printer of replies against the real `redis-cli`, on lines and replies that are
//! easy to get wrong. Both read the same answers of the same real server.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use playground_engine::{Protocol, parse, print};
use playground_tests::line::Line;
use playground_tests::oracle::{self, Oracle};
use playground_tests::resp::Value;

/// Lines as typed; each shows a type of reply, a nesting, or an escape.
const LINES: &[&str] = &[
    "PING",
    "GET missing",
    "NOSUCH a b",
    "SET k",
    "INCR counter",
    r#"ECHO "a\"b\\c\n\r\t\a\b\x00\x7f\xff""#,
    r"ECHO 'single \' quotes \n stay'",
    r#"ECHO """#,
    "  ECHO   spaced  ",
    "ECHO \u{e9}",
    "ZADD z 1 a 2.5 b 1e300 c -inf d",
    "ZRANGE z 0 -1 WITHSCORES",
    "ZSCORE z c",
    "ZMSCORE z a nobody d",
    "ZREVRANK z nobody WITHSCORE",
    "ZRANGE nowhere 0 -1",
    "ZPOPMIN z",
    "COMMAND INFO get nosuch",
    "COMMAND GETKEYSANDFLAGS SET a b",
    "CONFIG GET databases",
    "RPUSH l 1 2 3 4 5 6 7 8 9 10 11",
    "LRANGE l 0 -1",
    "SCAN 0 COUNT 1000 MATCH nothing*",
    "EVAL 'return {1,{2,{3,\"x\",false}},{},{{}}}' 0",
    "EVAL 'return redis.error_reply(\"MY error\")' 0",
    "EVAL 'return {redis.error_reply(\"MY error\"),redis.status_reply(\"FINE\")}' 0",
    "INFO keyspace",
    "INFO nothing",
    "XADD s 1-1 f v",
    "XRANGE s - +",
    "DEBUG PROTOCOL string",
    "DEBUG PROTOCOL integer",
    "DEBUG PROTOCOL double",
    "DEBUG PROTOCOL null",
    "DEBUG PROTOCOL array",
    "DEBUG PROTOCOL set",
    "DEBUG PROTOCOL map",
    "DEBUG PROTOCOL verbatim",
    "DEBUG PROTOCOL true",
    "DEBUG PROTOCOL false",
];

#[test]
fn resp2_prints_as_redis_cli_prints() {
    compare("resp2_prints_as_redis_cli_prints", Protocol::Resp2, &[]);
}

#[test]
fn resp3_prints_as_redis_cli_prints() {
    compare("resp3_prints_as_redis_cli_prints", Protocol::Resp3, &["-3"]);
}

/// What a server sends unasked, redis-cli prints before the next answer.
#[test]
fn pushes_print_as_redis_cli_prints() {
    let Some(oracle) = oracle::start_or_skip("pushes_print_as_redis_cli_prints") else { return };
    let mut cli = Cli::start(&oracle, &["-3", "--show-pushes", "yes"]);
    let mut client = Line::open(oracle.address()).expect("the oracle accepts connections");
    for line in ["HELLO 3", "CLIENT TRACKING on", "MGET k {2}"] {
        let argv = parse::split_line(line.as_bytes()).expect("the quotes match");
        client.send(&argv).expect("the oracle listens");
    }
    cli.type_line("CLIENT TRACKING on");
    cli.read_lines(1);
    cli.type_line("MGET k {2}");
    cli.read_lines(2);
    let mut other = oracle.connect();
    for line in [&["MSET", "k", "1", "{2}", "2"][..], &["FLUSHALL"]] {
        other.call(line).expect("the oracle answers");
    }
    // The answers to the three lines above come first.
    let mut pushes = Vec::new();
    while pushes.len() < 3 {
        client.listen(Duration::from_secs(5)).expect("the oracle sends");
        let heard = std::mem::take(&mut client.heard).into_iter();
        pushes.extend(heard.filter(|value| matches!(value, Value::Push(_))));
    }
    let printed: String =
        pushes.into_iter().map(|push| print::redis_cli_as(&push.into_reply(), Protocol::Resp3)).collect();
    cli.type_line("ECHO end");
    assert_eq!(cli.read_lines(printed.lines().count() + 1), printed + "\"end\"\n");
}

/// A redis-cli that is typed to line by line.
struct Cli {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Cli {
    fn start(server: &Oracle, flags: &[&str]) -> Self {
        let mut child = Command::new(server.redis_cli())
            .args(["--no-raw", "-p", &server.port().to_string()])
            .args(flags)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("redis-cli stands beside the oracle");
        let output = BufReader::new(child.stdout.take().expect("its output is piped"));
        Self { child, output }
    }

    fn type_line(&mut self, line: &str) {
        let input = self.child.stdin.as_mut().expect("its input is piped");
        input.write_all(format!("{line}\n").as_bytes()).expect("it reads");
    }

    fn read_lines(&mut self, count: usize) -> String {
        let mut text = String::new();
        (0..count).for_each(|_| assert!(self.output.read_line(&mut text).is_ok_and(|length| length > 0)));
        text
    }
}

impl Drop for Cli {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Two servers, so that commands that write find the same for either reader.
fn compare(test: &str, protocol: Protocol, flags: &[&str]) {
    let (Some(ours), Some(theirs)) = (oracle::start_or_skip(test), oracle::start_or_skip(test)) else {
        return;
    };
    let mut connection = ours.connect();
    if protocol == Protocol::Resp3 {
        connection.call(&["HELLO", "3"]).expect("the oracle speaks RESP3");
    }
    let mut different = Vec::new();
    for line in LINES {
        let argv = parse::split_line(line.as_bytes()).expect("the quotes match");
        let reply = connection.call(&argv).expect("the oracle answers").into_reply();
        let printed = print::answer(&argv, &reply, protocol);
        let expected = redis_cli(&theirs, flags, line);
        if printed.trim_end_matches('\n') != expected.trim_end_matches('\n') {
            different.push(format!("{line}\nprinted here:\n{printed}by redis-cli:\n{expected}"));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// What redis-cli prints for a line, in the form it has for a terminal.
fn redis_cli(server: &Oracle, flags: &[&str], line: &str) -> String {
    let mut child = Command::new(server.redis_cli())
        .args(["--no-raw", "-p", &server.port().to_string()])
        .args(flags)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("redis-cli stands beside the oracle");
    let mut input = child.stdin.take().expect("its input is piped");
    input.write_all(format!("{line}\n").as_bytes()).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
