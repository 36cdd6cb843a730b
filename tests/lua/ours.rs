//! Runs a program in the interpreter that is tested, and gathers what it prints.

use playground_lua::{Ctx, Flow, Limits, Raise, Signal, Table, Value, Vm};

/// Adds a line to the list that the function was made with.
fn print(ctx: &mut Ctx<'_>) -> Result<Flow, Raise> {
    let line = ctx.printed();
    if let Value::Table(lines) = ctx.upvalue(0) {
        let text = Value::Str(ctx.heap().string(&line));
        let next = ctx.heap().border(lines) + 1.0;
        ctx.heap().set(lines, Value::Number(next), text);
    }
    Ok(Flow::Return(0))
}

/// What a program prints, and how it ended where not well. It runs in pieces of so many instructions.
pub fn run(source: &[u8], name: &str, piece: u64) -> String {
    let mut vm = Vm::new(Limits::default());
    let lines = vm.heap().table(Table::default());
    vm.keep(Value::Table(lines));
    let print = vm.native(print, &[Value::Table(lines)]);
    let globals = vm.globals();
    vm.heap().set_field(globals, "print", print);
    let end = match vm.load(source, format!("@{name}").as_bytes()) {
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
    for at in 1.. {
        let Value::Str(line) = vm.heap().get(lines, Value::Number(f64::from(at))) else { break };
        printed.extend_from_slice(vm.heap().str(line));
    }
    String::from_utf8_lossy(&printed).into_owned() + &end
}
