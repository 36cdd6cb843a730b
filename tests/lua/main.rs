//! The interpreter of Lua against the real one: programs made at random, each line of what they print compared.
//!
//! `PLAYGROUND_LUA_LINES` sets how many lines (20,000 by default) and `PLAYGROUND_SEED` repeats a run. The judge is
//! `lua5.1`, or the program that `LUA` names; without one the test says so and is not run, and under `CI` it fails.

mod generate;
mod ours;
mod programs;

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

const BATCH: usize = 400;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// The real interpreter.
fn judge() -> Option<PathBuf> {
    let program = std::env::var_os("LUA").map_or_else(|| PathBuf::from("lua5.1"), PathBuf::from);
    let version = Command::new(&program).arg("-v").output().ok()?;
    let told = [version.stdout, version.stderr].concat();
    String::from_utf8_lossy(&told).starts_with("Lua 5.1").then_some(program)
}

fn run_real(program: &PathBuf, source: &[u8], path: &PathBuf) -> Vec<u8> {
    fs::write(path, source).expect("a file for the program");
    let folder = path.parent().expect("a folder");
    let output = Command::new(program).arg("program").current_dir(folder).output().expect("lua5.1 runs");
    let mut printed = output.stdout;
    printed.extend_from_slice(&output.stderr);
    printed
}

#[test]
fn programs_do_the_same_in_the_real_interpreter() {
    let Some(program) = judge() else {
        let notice = "NOT RUN: the comparison with the real Lua 5.1 needs `lua5.1` on the PATH, or name one with LUA\n";
        assert!(std::env::var_os("CI").is_none(), "{notice}");
        std::io::stderr().write_all(notice.as_bytes()).expect("standard error");
        return;
    };
    let wanted = number("PLAYGROUND_LUA_LINES").unwrap_or(20_000) as usize;
    let seed = number("PLAYGROUND_SEED").unwrap_or(20_260_101);
    let folder = std::env::temp_dir().join(format!("playground-lua-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder for programs");
    let mut lines = 0;
    let mut batch = 0;
    while lines < wanted {
        let mut maker = generate::Maker::new(seed.wrapping_add(batch));
        let source = maker.program(BATCH);
        let real = run_real(&program, source.as_bytes(), &folder.join("program"));
        // Of a size that falls anywhere.
        let ours = ours::run(source.as_bytes(), "program", 1 + batch % 977);
        let real = String::from_utf8_lossy(&real);
        for (at, (theirs, mine)) in real.lines().zip(ours.lines()).enumerate() {
            let number = theirs.split('\t').next().unwrap_or_default();
            assert_eq!(
                theirs,
                mine,
                "line {at} of PLAYGROUND_SEED={}:{}",
                seed.wrapping_add(batch),
                generate::snippet(&source, number)
            );
        }
        assert_eq!(
            real.lines().count(),
            ours.lines().count(),
            "lines of PLAYGROUND_SEED={}",
            seed.wrapping_add(batch)
        );
        assert!(real.lines().count() >= BATCH, "the program ended early: {real}");
        lines += real.lines().count();
        batch += 1;
    }
    fs::remove_dir_all(&folder).expect("the folder goes");
}
