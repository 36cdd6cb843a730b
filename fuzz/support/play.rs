//! Plays a program in the interpreter, piece by piece, and gathers what it prints.
//!
//! A player can be copied at any moment, as the interpreter can.

use std::fmt::Write;

use playground_lua::{Abort, Ctx, Flow, Limits, Raise, Ref, Signal, Table, Value, Vm, number};

/// Small, so that a fuzzer reaches each of them within a few thousand instructions.
pub const LIMITS: Limits = Limits { memory: 4 << 20, string: 256 << 10, pattern_steps: 20_000, depth: 4_000 };
/// What may be in use between two pieces: what one instruction adds is asked about before the next that adds anything.
const MOST: usize = 2 * LIMITS.memory;

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    Returned(Vec<String>),
    Failed(String),
    Aborted(Abort),
}

/// A program that is being played.
#[derive(Clone, Debug)]
pub struct Player {
    vm: Vm,
    lines: Ref<Table>,
}

fn print(ctx: &mut Ctx<'_>) -> Result<Flow, Raise> {
    let line = ctx.printed();
    if let Value::Table(lines) = ctx.upvalue(0) {
        let text = Value::Str(ctx.heap().string(&line));
        let next = ctx.heap().border(lines) + 1.0;
        ctx.heap().set(lines, Value::Number(next), text);
    }
    Ok(Flow::Return(0))
}

/// Asks the host, who is the player.
fn ask(_: &mut Ctx<'_>) -> Result<Flow, Raise> {
    Ok(Flow::Host)
}

impl Player {
    /// Compiles and starts a program; nothing where it is none, or cannot even begin.
    pub fn start(source: &[u8]) -> Option<Self> {
        let mut vm = Vm::new(LIMITS);
        let lines = vm.heap().table(Table::default());
        vm.keep(Value::Table(lines));
        let globals = vm.globals();
        for (name, function) in
            [("print", vm.native(print, &[Value::Table(lines)])), ("host", vm.native(ask, &[]))]
        {
            vm.heap().set_field(globals, name, function);
        }
        let function = vm.load(source, b"@fuzz").ok()?;
        vm.start(function, &[]).ok()?;
        Some(Self { vm, lines })
    }

    /// Carries out so many instructions; how the program ended, if it did.
    pub fn play(&mut self, mut instructions: u64) -> Option<End> {
        let end = loop {
            let signal = self.vm.run(instructions);
            instructions = self.vm.fuel();
            match signal {
                Signal::Paused => break None,
                Signal::Host => self.answer(),
                Signal::Done => break Some(End::Returned(self.results())),
                Signal::Failed(value) => break Some(End::Failed(self.text(value))),
                Signal::Aborted(Abort::Internal) => panic!("the interpreter is broken"),
                Signal::Aborted(abort) => break Some(End::Aborted(abort)),
            }
        };
        assert!(self.vm.bytes() <= MOST, "{} bytes in use, and {} allowed", self.vm.bytes(), LIMITS.memory);
        end
    }

    /// Gives back what was asked, or fails if that is what was asked for.
    fn answer(&mut self) {
        let arguments = self.vm.request().map(|(_, arguments)| arguments.to_vec()).unwrap_or_default();
        match arguments[..] {
            [Value::Bool(false), error] => self.vm.fail(error),
            _ => self.vm.answer(&arguments),
        }
    }

    /// Plays a program to its end or until so many instructions are used up, in pieces; between them garbage is collected
    /// where that is wanted.
    pub fn play_in_pieces(&mut self, mut instructions: u64, piece: u64, collects: bool) -> Option<End> {
        while instructions > 0 {
            let now = piece.min(instructions);
            instructions -= now;
            if let Some(end) = self.play(now) {
                return Some(end);
            }
            if collects {
                self.vm.collect();
            }
        }
        None
    }

    /// Frees what nothing refers to.
    pub fn collect(&mut self) {
        self.vm.collect();
    }

    /// Looks at everything that a host can look at while the program stands still.
    pub fn look(&mut self) -> String {
        let calls = self.vm.calls();
        let (locals, upvalues) = (self.vm.locals(), self.vm.upvalues());
        let mut seen =
            format!("{calls:?} {:?} {:?} {}", self.vm.line(), self.vm.culprit(), self.vm.depth());
        for (name, value) in locals.into_iter().chain(upvalues) {
            let _ = write!(seen, " {}={}", String::from_utf8_lossy(&name), self.text(value));
        }
        seen
    }

    fn results(&mut self) -> Vec<String> {
        let results = self.vm.results().to_vec();
        results.into_iter().take(100).map(|value| self.text(value)).collect()
    }

    fn text(&mut self, value: Value) -> String {
        match value {
            Value::Str(string) => String::from_utf8_lossy(self.vm.heap().str(string)).into_owned(),
            Value::Number(value) => String::from_utf8_lossy(&number::print(value)).into_owned(),
            other => format!("{other:?}"),
        }
    }

    /// What was printed until now, line by line.
    pub fn printed(&mut self) -> Vec<String> {
        let (lines, heap) = (self.lines, self.vm.heap());
        let line = |at: u32| match heap.get(lines, Value::Number(f64::from(at))) {
            Value::Str(text) => Some(String::from_utf8_lossy(heap.str(text)).into_owned()),
            _ => None,
        };
        (1..).map_while(line).collect()
    }
}
