//! Programs whose output was recorded from the real Lua 5.1: `programs/NAME.lua` prints `programs/NAME.out`.
//!
//! `lua5.1 NAME.lua > NAME.out`, in that folder, records one.

use std::fs;
use std::path::Path;

use playground_lua::{Ctx, Flow, Limits, Raise, Signal, Table, Value, Vm};

fn print(ctx: &mut Ctx<'_>) -> Result<Flow, Raise> {
    let mut line = Vec::new();
    for (at, value) in ctx.args().to_vec().into_iter().enumerate() {
        line.extend_from_slice(if at > 0 { b"\t" } else { b"" });
        line.extend_from_slice(&ctx.text(value));
    }
    line.push(b'\n');
    let Value::Table(lines) = ctx.upvalue(0) else { return Ok(Flow::Return(0)) };
    let text = Value::Str(ctx.heap().string(&line));
    let next = ctx.heap().border(lines) + 1.0;
    ctx.heap().set(lines, Value::Number(next), text);
    Ok(Flow::Return(0))
}

/// What a program prints, run in pieces of so many instructions.
fn output(source: &[u8], name: &str, piece: u64) -> String {
    let mut vm = Vm::new(Limits::default());
    let lines = vm.heap().table(Table::default());
    vm.keep(Value::Table(lines));
    let print = vm.native(print, &[Value::Table(lines)]);
    let globals = vm.globals();
    vm.heap().set_field(globals, "print", print);
    let function = vm.load(source, format!("@{name}").as_bytes()).expect("it compiles");
    vm.start(function, &[]).expect("it starts");
    loop {
        match vm.run(piece) {
            Signal::Paused => {}
            Signal::Done => break,
            Signal::Failed(Value::Str(text)) => panic!("{}", String::from_utf8_lossy(vm.heap().str(text))),
            other => panic!("{other:?}"),
        }
    }
    let mut text = Vec::new();
    for at in 1.. {
        let Value::Str(line) = vm.heap().get(lines, Value::Number(f64::from(at))) else { break };
        text.extend_from_slice(vm.heap().str(line));
    }
    String::from_utf8_lossy(&text).into_owned()
}

#[test]
fn programs_print_what_the_real_interpreter_printed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs");
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "lua") {
            continue;
        }
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let source = fs::read(&path).expect("a program");
        let expected = fs::read(path.with_extension("out")).expect("what it prints");
        let expected = String::from_utf8_lossy(&expected);
        for piece in [u64::MAX, 1_000, 7] {
            let printed = output(&source, &name, piece);
            for (at, (theirs, ours)) in expected.lines().zip(printed.lines()).enumerate() {
                assert_eq!(ours, theirs, "{name}, line {} of the output, in pieces of {piece}", at + 1);
            }
            assert_eq!(printed.lines().count(), expected.lines().count(), "{name}");
        }
        count += 1;
    }
    assert!(count >= 3, "{count} programs");
}
