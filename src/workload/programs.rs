//! Clients' programs: each runs as a coroutine of one interpreter until it waits, is answered, and goes on.
//!
//! Every command of Redis is a function of its name in capitals. What needs no waiting (`count`, `zipf`, `now` …) is asked of
//! a [`Host`] at once. It knows no engine and no time.

use playground_engine::command;
use playground_lua::{Flow, Heap, Limits, NativeFn, Ref, Signal, Table, Value, Vm};

use crate::fault::Fault;
use crate::plan::Program;
use crate::wait::{self, Wait};

/// What programs may use at most, all together; and each before it waits again.
const LIMITS: Limits = Limits { memory: 64 << 20, string: 16 << 20, pattern_steps: 1_000_000, depth: 10_000 };
const INSTRUCTIONS: u64 = 1_000_000;

/// What a program wants to know or to tell, at once.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ask {
    Now,
    Count { name: String, times: f64 },
    Level { name: String, level: f64 },
    Sample { name: String, value: f64 },
    Zipf { n: f64, exponent: f64 },
    Between { least: f64, most: f64 },
    Exponential { mean: f64 },
    Chance(f64),
}

/// Who is asked.
pub(crate) trait Host {
    /// A number, where one was asked for.
    fn ask(&mut self, ask: Ask) -> Option<f64>;
}

/// Functions that ask, by their names.
const ASKS: [&str; 8] = ["now", "count", "level", "sample", "zipf", "between", "exponential", "chance"];
/// Functions that wait.
const WAITS: [(&str, NativeFn); 4] = [
    ("pipeline", wait::pipeline),
    ("query", wait::query),
    ("sleep", wait::sleep),
    ("receive", wait::receive),
];

/// How far a program came.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    Waits(Wait),
    Over,
}

#[derive(Clone, Debug)]
pub(crate) struct Programs {
    vm: Vm,
    create: Value,
    resume: Value,
    asks: Vec<(Value, &'static str)>,
    /// Compiled, with their names and first lines.
    compiled: Vec<(String, usize, Value)>,
    /// Coroutines by who runs them.
    running: Ref<Table>,
    /// Instructions so far, of all.
    spent: u64,
}

impl Programs {
    pub fn new(programs: &[(&str, &Program)]) -> Result<Self, Fault> {
        let mut vm = Vm::new(LIMITS);
        let running = vm.heap().table(Table::default());
        vm.keep(Value::Table(running));
        let globals = vm.globals();
        let coroutine = vm.heap().field(Value::Table(globals), "coroutine");
        let [create, resume] = ["create", "resume"].map(|name| vm.heap().field(coroutine, name));
        let mut new = Self { vm, create, resume, asks: Vec::new(), compiled: Vec::new(), running, spent: 0 };
        for spec in command::all() {
            let name = spec.name.to_ascii_uppercase();
            let word = Value::Str(new.vm.heap().string(name.as_bytes()));
            let function = new.vm.native(wait::call, &[word]);
            new.set_global(&name.replace('-', "_"), function);
        }
        for (name, run) in WAITS {
            let function = new.vm.native(run, &[]);
            new.set_global(name, function);
        }
        for name in ASKS {
            let function = new.vm.native(|_| Ok(Flow::Host), &[]);
            new.vm.keep(function);
            new.asks.push((function, name));
            new.set_global(name, function);
        }
        for (name, program) in programs {
            new.compile(name, program)?;
        }
        Ok(new)
    }

    /// Line numbers are those of the text around it.
    fn compile(&mut self, name: &str, program: &Program) -> Result<(), Fault> {
        let source = "\n".repeat(program.line.saturating_sub(1)) + &program.text;
        let compiled = self.vm.load(source.as_bytes(), format!("={name}").as_bytes());
        let function =
            compiled.map_err(|error| place(name, program.line, &String::from_utf8_lossy(&error.0)))?;
        self.vm.keep(function);
        self.compiled.push((name.to_owned(), program.line, function));
        Ok(())
    }

    fn set_global(&mut self, name: &str, value: Value) {
        let globals = self.vm.globals();
        self.vm.heap().set_field(globals, name, value);
    }

    pub fn set_number(&mut self, name: &str, number: f64) {
        self.set_global(name, Value::Number(number));
    }

    pub fn set_switch(&mut self, name: &str, is_on: bool) {
        self.set_global(name, Value::Bool(is_on));
    }

    /// Begins a program anew for somebody, whose number it is told.
    pub fn begin(&mut self, who: usize, program: usize, host: &mut dyn Host) -> Result<Step, Fault> {
        let Some((_, _, function)) = self.compiled.get(program).cloned() else { return Ok(Step::Over) };
        let create = self.create;
        self.play(program, create, &[function], host)?;
        let thread = self.vm.results().first().copied().unwrap_or_default();
        let running = self.running;
        self.vm.heap().set(running, Value::Number(who as f64), thread);
        self.go_on(who, program, |_| vec![Value::Number(who as f64 + 1.0)], host)
    }

    /// Goes on with somebody's program, which gets what it has waited for.
    pub fn go_on(
        &mut self,
        who: usize,
        program: usize,
        answer: impl FnOnce(&mut Heap) -> Vec<Value>,
        host: &mut dyn Host,
    ) -> Result<Step, Fault> {
        let running = self.running;
        let heap = self.vm.heap();
        let thread = heap.get(running, Value::Number(who as f64));
        let mut arguments = vec![thread];
        arguments.extend(answer(heap));
        let resume = self.resume;
        self.play(program, resume, &arguments, host)?;
        let given = self.vm.results().to_vec();
        match given.split_first() {
            Some((Value::Bool(true), given)) => match wait::read(self.vm.heap(), given) {
                Some(Ok(wait)) => Ok(Step::Waits(wait)),
                Some(Err(why)) => Err(self.fault(program, why)),
                None => {
                    self.drop(who);
                    Ok(Step::Over)
                }
            },
            Some((_, error)) => {
                let error = error.first().copied().unwrap_or_default();
                let text = self.text(error);
                Err(self.fault_at(program, &text))
            }
            None => Ok(Step::Over),
        }
    }

    /// The line at which somebody's program waits.
    pub fn stands_at(&self, who: usize) -> Option<u32> {
        self.vm.line_in(self.vm.get(self.running, Value::Number(who as f64)))
    }

    /// Instructions that programs have taken so far.
    pub fn spent(&self) -> u64 {
        self.spent
    }

    /// Somebody's program does not go on.
    pub fn drop(&mut self, who: usize) {
        let running = self.running;
        self.vm.heap().set(running, Value::Number(who as f64), Value::Nil);
    }

    /// Calls a function of the interpreter's, answering what is asked meanwhile.
    fn play(
        &mut self,
        program: usize,
        function: Value,
        arguments: &[Value],
        host: &mut dyn Host,
    ) -> Result<(), Fault> {
        if self.vm.start(function, arguments).is_err() {
            return Err(self.fault(program, "it uses too much memory"));
        }
        let mut fuel = INSTRUCTIONS;
        loop {
            let signal = self.vm.run(fuel);
            self.spent += fuel - self.vm.fuel();
            fuel = self.vm.fuel();
            match signal {
                Signal::Done => return Ok(()),
                Signal::Host => self.answer(host),
                Signal::Paused => {
                    return Err(self.fault(program, "it goes on and on without waiting for anything"));
                }
                Signal::Aborted(_) => return Err(self.fault(program, "it uses more than it may")),
                Signal::Failed(error) => {
                    let text = self.text(error);
                    return Err(self.fault_at(program, &text));
                }
            }
        }
    }

    fn answer(&mut self, host: &mut dyn Host) {
        match self.asked() {
            Ok(ask) => {
                let is_chance = matches!(ask, Ask::Chance(_));
                match host.ask(ask) {
                    Some(number) if is_chance => self.vm.answer(&[Value::Bool(number != 0.0)]),
                    Some(number) => self.vm.answer(&[Value::Number(number)]),
                    None => self.vm.answer(&[]),
                }
            }
            Err(why) => {
                let line = self.vm.line().map_or(String::new(), |line| format!(":{line}: "));
                let error = Value::Str(self.vm.heap().string(format!("{line}{why}").as_bytes()));
                self.vm.fail(error);
            }
        }
    }

    /// What the program asks for; the error is a reason.
    fn asked(&self) -> Result<Ask, String> {
        let (function, arguments) = self.vm.request().ok_or("nothing is asked")?;
        let known = self.asks.iter().find(|(known, _)| known.raw_equals(function));
        let name = known.map(|(_, name)| *name).unwrap_or_default();
        let number = |at: usize| match arguments.get(at) {
            Some(Value::Number(number)) => Some(*number),
            Some(Value::Str(text)) => playground_lua::number::parse(self.vm.str(*text)),
            _ => None,
        };
        let wanted =
            |at: usize| number(at).ok_or_else(|| format!("{name} wants a number as its argument {}", at + 1));
        let text = |at: usize| match arguments.get(at) {
            Some(Value::Str(text)) => Ok(String::from_utf8_lossy(self.vm.str(*text)).into_owned()),
            _ => Err(format!("{name} wants a name as its argument {}", at + 1)),
        };
        Ok(match name {
            "now" => Ask::Now,
            "count" => Ask::Count { name: text(0)?, times: number(1).unwrap_or(1.0) },
            "level" => Ask::Level { name: text(0)?, level: wanted(1)? },
            "sample" => Ask::Sample { name: text(0)?, value: wanted(1)? },
            "zipf" => Ask::Zipf { n: wanted(0)?, exponent: number(1).unwrap_or(1.0) },
            "between" => Ask::Between { least: wanted(0)?, most: wanted(1)? },
            "exponential" => Ask::Exponential { mean: wanted(0)? },
            "chance" => Ask::Chance(wanted(0)?),
            _ => return Err("nothing is asked".to_owned()),
        })
    }

    fn text(&mut self, value: Value) -> String {
        match value {
            Value::Str(text) => String::from_utf8_lossy(self.vm.str(text)).into_owned(),
            other => self.vm.describe(other),
        }
    }

    fn name(&self, program: usize) -> &str {
        self.compiled.get(program).map_or("", |(name, _, _)| name)
    }

    fn fault(&self, program: usize, why: impl Into<String>) -> Fault {
        let first = self.compiled.get(program).map_or(0, |(_, line, _)| *line);
        let line = self.vm.line().map_or(first, |line| line as usize);
        Fault::new(line, format!("{}: {}", self.name(program), why.into()))
    }

    /// A fault out of an error's text, which begins with the place.
    fn fault_at(&self, program: usize, text: &str) -> Fault {
        place(self.name(program), 0, text)
    }
}

/// Takes the place out of an error's text, `name:line: reason`.
fn place(name: &str, line: usize, text: &str) -> Fault {
    let rest = text.strip_prefix(name).unwrap_or(text);
    let found = rest.strip_prefix(':').and_then(|rest| rest.split_once(": "));
    match found.and_then(|(line, why)| Some((line.parse().ok()?, why))) {
        Some((line, why)) => Fault::new(line, format!("{name}: {why}")),
        None => Fault::new(line, format!("{name}: {text}")),
    }
}
