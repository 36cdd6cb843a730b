//! Real clients against the native server: redis-cli, redis-benchmark, redis-py, ioredis and node-redis; and what lessons
//! show of redis-py and node-redis.

mod native;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use native::{Server, client};
use playground_tests::files;

fn redis_cli(test: &str) -> Option<PathBuf> {
    client(test, "REDIS_CLI", "target/oracle/redis-cli", "redis-cli", &["--version"])
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn redis_cli_runs_commands() {
    let Some(cli) = redis_cli("redis_cli_runs_commands") else { return };
    let server = Server::start();
    let expected = [
        (&["PING"][..], "PONG\n"),
        (&["SET", "k", "v \"quoted\"", "EX", "100"], "OK\n"),
        (&["GET", "k"], "\"v \\\"quoted\\\"\"\n"),
        (&["TTL", "k"], "(integer) 100\n"),
        (&["GET", "missing"], "(nil)\n"),
        (&["ZADD", "z", "1", "a", "2.5", "b"], "(integer) 2\n"),
        (&["ZRANGE", "z", "0", "-1", "WITHSCORES"], "1) \"a\"\n2) \"1\"\n3) \"b\"\n4) \"2.5\"\n"),
        (&["-3", "ZSCORE", "z", "b"], "(double) 2.5\n"),
        (&["INCR", "k"], "(error) ERR value is not an integer or out of range\n"),
        (&["NOSUCH", "x"], "(error) ERR unknown command 'NOSUCH', with args beginning with: 'x' \n"),
        (&["-n", "3", "DBSIZE"], "(integer) 0\n"),
    ];
    for (args, printed) in expected {
        let port = server.port().to_string();
        let output =
            Command::new(&cli).args(["--no-raw", "-p", &port]).args(args).output().expect("redis-cli runs");
        assert_eq!(text(&output).trim_end_matches('\n'), printed.trim_end_matches('\n'), "{args:?}");
    }
}

#[test]
fn redis_cli_reads_a_script_of_commands() {
    let Some(cli) = redis_cli("redis_cli_reads_a_script_of_commands") else { return };
    let server = Server::start();
    let mut process = Command::new(&cli)
        .args(["--no-raw", "-p", &server.port().to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("redis-cli runs");
    let mut stdin = process.stdin.take().expect("its input is piped");
    stdin.write_all(b"SELECT 5\nSET \"a b\" 'c\\d'\nGET \"a b\"\nHELLO 3\nZADD z 1 m\nZRANGE z 0 -1 WITHSCORES\nQUIT\n").expect("it reads");
    drop(stdin);
    let output = process.wait_with_output().expect("it ends");
    let printed = text(&output);
    assert!(printed.starts_with("OK\nOK\n\"c\\\\d\"\n"), "{printed}");
    assert!(printed.contains("1) 1) \"m\"\n   2) (double) 1\n"), "{printed}");
}

#[test]
fn redis_benchmark_completes() {
    let test = "redis_benchmark_completes";
    let found =
        client(test, "REDIS_BENCHMARK", "target/oracle/redis-benchmark", "redis-benchmark", &["--version"]);
    let Some(benchmark) = found else { return };
    let server = Server::start();
    let output = Command::new(&benchmark)
        .args(["-p", &server.port().to_string(), "-n", "2000", "-P", "16", "-r", "100", "-q"])
        .args(["-t", "ping,set,get,incr,mset,zadd,zpopmin"])
        .output()
        .expect("redis-benchmark runs");
    let printed = text(&output);
    assert!(output.status.success(), "{printed}");
    assert!(!printed.contains("rror") && !printed.contains("WARNING"), "{printed}");
    for name in ["PING_INLINE", "PING_MBULK", "SET", "GET", "INCR", "MSET", "ZADD", "ZPOPMIN"] {
        assert!(
            printed.contains(&format!("{name}: ")) || printed.contains(&format!("{name} (")),
            "{name}: {printed}"
        );
    }
}

#[test]
fn redis_py_works() {
    let own = "target/venv/bin/python";
    let Some(python) = client("redis_py_works", "PYTHON", own, "python3", &["-c", "import redis"]) else {
        return;
    };
    let server = Server::start();
    let script = files::root().join("tests/clients/redis_py_test.py");
    for protocol in ["default", "2", "3"] {
        let output = Command::new(&python)
            .arg(&script)
            .args([&server.port().to_string(), protocol])
            .output()
            .expect("Python runs");
        assert!(output.status.success(), "protocol {protocol}:\n{}", text(&output));
    }
}

/// The code of lessons does what they say.
#[test]
fn lessons_work_in_redis_py() {
    let own = "target/venv/bin/python";
    let test = "lessons_work_in_redis_py";
    let Some(python) = client(test, "PYTHON", own, "python3", &["-c", "import redis"]) else { return };
    runs(&python, "tests/clients/lessons_test.py");
}

/// Node, where an npm package is installed.
fn node(test: &str, package: &str) -> Option<PathBuf> {
    let package = files::root().join("tests/browser/node_modules").join(package);
    let check = format!("require({:?})", package.to_string_lossy());
    client(test, "NODE", "target/node", "node", &["-e", &check])
}

#[test]
fn ioredis_works() {
    let Some(node) = node("ioredis_works", "ioredis") else { return };
    runs(&node, "tests/clients/ioredis_test.cjs");
}

/// The code of lessons does what they say.
#[test]
fn lessons_work_in_node_redis() {
    let Some(node) = node("lessons_work_in_node_redis", "redis") else { return };
    runs(&node, "tests/clients/lessons_test.mjs");
}

/// A script succeeds that is given the port of a server of its own.
fn runs(program: &Path, script: &str) {
    let server = Server::start();
    let port = server.port().to_string();
    let output = Command::new(program).arg(files::root().join(script)).arg(port).output().expect("it starts");
    assert!(output.status.success(), "{}", text(&output));
}
