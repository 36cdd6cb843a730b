//! The interpreter of Lua against the real one: programs made at random, each line of what they print compared.
//!
//! `PLAYGROUND_LUA_LINES` sets how many lines (20,000 by default) and `PLAYGROUND_SEED` repeats a run. The judge is
//! `lua5.1`, or the program that `LUA` names; without one the test says so and is not run, and under `CI` it fails.

mod generate;

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use playground_lua::{Ctx, Flow, Limits, Raise, Signal, Value, Vm};

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

fn print(ctx: &mut Ctx<'_>) -> Result<Flow, Raise> {
    let mut line = Vec::new();
    for (at, value) in ctx.args().to_vec().into_iter().enumerate() {
        if at > 0 {
            line.push(b'\t');
        }
        line.extend_from_slice(&ctx.text(value));
    }
    line.push(b'\n');
    let Value::Table(lines) = ctx.upvalue(0) else { return Ok(Flow::Return(0)) };
    let text = Value::Str(ctx.heap().string(&line));
    let next = ctx.heap().border(lines) + 1.0;
    ctx.heap().set(lines, Value::Number(next), text);
    Ok(Flow::Return(0))
}

/// What a program prints in ours, and how it ended where not well. It runs in pieces, of a size that falls anywhere.
fn run_ours(source: &[u8], piece: u64) -> Vec<u8> {
    let mut vm = Vm::new(Limits::default());
    let lines = vm.heap().table(playground_lua::Table::default());
    vm.keep(Value::Table(lines));
    let print = vm.native(print, &[Value::Table(lines)]);
    let globals = vm.globals();
    vm.heap().set_field(globals, "print", print);
    let end = match vm.load(source, b"@program") {
        Err(error) => String::from_utf8_lossy(&error.0).into_owned(),
        Ok(function) => {
            vm.start(function, &[]).expect("a program starts");
            loop {
                match vm.run(piece) {
                    Signal::Paused => {}
                    Signal::Done => break String::new(),
                    Signal::Failed(Value::Str(text)) => {
                        break String::from_utf8_lossy(vm.heap().str(text)).into_owned();
                    }
                    other => break format!("{other:?}"),
                }
            }
        }
    };
    let mut printed = Vec::new();
    let mut at = 1.0;
    while let Value::Str(line) = vm.heap().get(lines, Value::Number(at)) {
        printed.extend_from_slice(vm.heap().str(line));
        at += 1.0;
    }
    printed.extend_from_slice(end.as_bytes());
    printed
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
        let ours = run_ours(source.as_bytes(), 1 + batch % 977);
        let (real, ours) = (String::from_utf8_lossy(&real), String::from_utf8_lossy(&ours));
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
