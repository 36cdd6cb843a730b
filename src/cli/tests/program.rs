//! The program itself: its arguments, its exit codes, the player of transcripts, and the policy lab.

mod native;

use std::net::TcpListener;
use std::process::{Command, Output};

fn program(args: &[&str]) -> Output {
    Command::new(native::PROGRAM).args(args).output().expect("the program starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn file(name: &str, text: &str) -> String {
    let path = std::env::temp_dir().join(format!("redis-playground-{}-{name}", std::process::id()));
    std::fs::write(&path, text).expect("a temporary file is written");
    path.to_string_lossy().into_owned()
}

#[test]
fn help_names_every_command() {
    let output = program(&["--help"]);
    assert!(output.status.success());
    for command in ["server", "run", "lab"] {
        assert!(stdout(&output).contains(&format!("\n  {command} ")), "{command}");
    }
    assert!(!program(&["nonsense"]).status.success());
}

#[test]
fn a_busy_port_is_a_clear_error() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = taken.local_addr().expect("it is bound").port().to_string();
    let output = program(&["server", "--port", &port]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains(&format!("cannot listen on 127.0.0.1:{port}: ")), "{}", stderr(&output));
}

#[test]
fn run_tells_where_answers_differ() {
    let good = file("good.txt", "--- a\n> SET k v\nOK\n> GET k\n\"v\"\n");
    let output = program(&["run", &good]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(stdout(&output), "2 answers are as written.\n");

    let bad = file("bad.txt", "--- a\n> SET k v\nOK\n> GET k\n\"w\"\n");
    let output = program(&["run", &good, &bad]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stdout(&output).contains(&format!("{bad}:4: GET k\n  - \"w\"\n  + \"v\"\n")),
        "{}",
        stdout(&output)
    );
    assert!(stderr(&output).contains("1 of 4 answers"), "{}", stderr(&output));

    let broken = file("broken.txt", "--- a\n> GET \"k\n");
    let output = program(&["run", &broken]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains(&format!("{broken}:2: ")), "{}", stderr(&output));
    for path in [good, bad, broken] {
        std::fs::remove_file(path).ok();
    }
}

#[test]
fn the_lab_prints_tables_lists_and_json() {
    let played = |options: &str| {
        let few = "lab --keys 2000 --requests 10000 --maxmemory +100kb --ttl 0.5:100ms-5s";
        let output = program(&few.split(' ').chain(options.split_whitespace()).collect::<Vec<_>>());
        assert!(output.status.success(), "{}", stderr(&output));
        // Nobody watches: nothing is said meanwhile.
        assert_eq!(stderr(&output), "");
        stdout(&output)
    };
    let table = played("");
    assert!(table.starts_with("zipf:0.99, 10000 requests, 2000 keys, 10000 a second,"), "{table}");
    assert_eq!(table, played(""));
    assert_ne!(table, played("--seed 2"));
    for policy in ["noeviction", "allkeys-lfu", "volatile-ttl", "allkeys-lrm *"] {
        assert!(table.contains(&format!("\n{policy} ")), "{table}");
    }
    let csv = played("--format csv --policies allkeys-lru,volatile-lfu");
    assert_eq!(csv.lines().count(), 3, "{csv}");
    assert!(csv.contains("\nvolatile-lfu,false,10000,"), "{csv}");
    assert_eq!(played("--format csv --series --policies allkeys-lru --points 4").lines().count(), 5);
    let json = played("--format json --policies allkeys-lru");
    assert!(json.contains("\"policy\": \"allkeys-lru\"") && json.contains("\"series\": []"), "{json}");

    let trace = file("trace.txt", "a\nb 100\nGET a 5 10s\n");
    let output = program(&["lab", "--trace", &trace, "--policies", "allkeys-lru"]);
    assert!(stdout(&output).starts_with("a trace of 3 requests for 2 keys"), "{}", stderr(&output));
    std::fs::remove_file(trace).ok();
    assert!(stdout(&program(&["lab", "--help"])).contains("examples\n"));
}

#[test]
fn the_lab_says_which_option_is_wrong() {
    let told = |args: &[&str]| {
        let output = program(&[&["lab"], args].concat());
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(1), ""));
        stderr(&output)
    };
    assert_eq!(told(&["--keys", "0"]), "redis-playground: --keys: `0` is not between 1 and 100000000\n");
    assert!(told(&["--maxmemory", "1kb"]).contains("--maxmemory: 1024 bytes are less than the "));
    assert!(told(&["--trace", "no/such/file"]).contains("--trace: cannot read no/such/file: "));
    let bad = file("bad-trace.txt", "a\nb c\n");
    assert_eq!(told(&["--trace", &bad]), format!("redis-playground: --trace: {bad}:2: `c` is no size\n"));
    std::fs::remove_file(bad).ok();
}
