//! Runs a file as `lua5.1` would: for trying things out beside it.

use std::io::Write;

use playground_lua::{Ctx, Flow, Limits, Raise, Signal, Table, Value, Vm};

fn print(ctx: &mut Ctx<'_>) -> Result<Flow, Raise> {
    let line = ctx.printed();
    // Nobody listens where this fails.
    let _ = std::io::stdout().write_all(&line);
    Ok(Flow::Return(0))
}

/// Real seconds, for benchmarks; the interpreter's own clock is its host's.
#[allow(clippy::disallowed_methods, clippy::disallowed_types)]
fn clock(ctx: &mut Ctx<'_>) -> Result<Flow, Raise> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    ctx.push(Value::Number(now.as_secs_f64()));
    Ok(Flow::Return(1))
}

fn main() {
    let path = std::env::args().nth(1).unwrap_or_default();
    let source = std::fs::read(&path).unwrap_or_default();
    let mut vm = Vm::new(Limits::default());
    let print = vm.native(print, &[]);
    let globals = vm.globals();
    vm.heap().set_field(globals, "print", print);
    let clock = vm.native(clock, &[]);
    let os = vm.heap().table(Table::default());
    vm.heap().set_field(os, "clock", clock);
    vm.heap().set_field(globals, "os", Value::Table(os));
    let function = match vm.load(&source, format!("@{path}").as_bytes()) {
        Ok(function) => function,
        Err(error) => {
            println!("lua5.1: {}", String::from_utf8_lossy(&error.0));
            std::process::exit(1);
        }
    };
    if vm.start(function, &[]).is_err() {
        return;
    }
    loop {
        match vm.run(std::env::args().nth(2).and_then(|piece| piece.parse().ok()).unwrap_or(u64::MAX)) {
            Signal::Done => return,
            Signal::Failed(Value::Str(text)) => {
                println!("lua5.1: {}", String::from_utf8_lossy(vm.heap().str(text)));
                std::process::exit(1);
            }
            Signal::Paused => {}
            other => {
                println!("{other:?}");
                std::process::exit(1);
            }
        }
    }
}
