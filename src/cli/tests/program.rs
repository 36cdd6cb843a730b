//! The program itself: its arguments, its exit codes, and the player of transcripts.

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
    for command in ["server", "run"] {
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
