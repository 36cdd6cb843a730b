//! A machine for scripts as Redis sets one up: which globals there are, that nobody can change them, and the functions of
//! `redis` that need nothing of the server.
//!
//! Those that do ask the host, who learns from [`Machine::request`] what for. It knows no command.

use playground_lua::{Ctx, Flow, Heap, Hooks, Limits, Raise, Ref, SyntaxError, Table, Value, Vm};

use super::api::{CONSTANTS, FUNCTIONS, OF_SCRIPTS, VERSION_NUMBER, log};
use super::convert::error_table;
use crate::REDIS_VERSION;

/// What a script wants of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    Call,
    Pcall,
    SetResp,
    AclCheck,
    /// A library that is being loaded registers a function.
    Register,
}

const ASKS: [(&str, Ask); 4] =
    [("call", Ask::Call), ("pcall", Ask::Pcall), ("setresp", Ask::SetResp), ("acl_check_cmd", Ask::AclCheck)];

/// The globals of 5.1 that scripts have.
const GLOBALS: &[&str] = &[
    "_G",
    "_VERSION",
    "assert",
    "bit",
    "cjson",
    "cmsgpack",
    "collectgarbage",
    "coroutine",
    "error",
    "gcinfo",
    "getmetatable",
    "ipairs",
    "load",
    "loadstring",
    "math",
    "next",
    "os",
    "pairs",
    "pcall",
    "rawequal",
    "rawget",
    "rawset",
    "select",
    "setmetatable",
    "string",
    "struct",
    "table",
    "tonumber",
    "tostring",
    "type",
    "unpack",
    "xpcall",
];

/// What scripts may use at most. Redis has no such limits; a page has.
const LIMITS: Limits =
    Limits { memory: 128 << 20, string: 64 << 20, pattern_steps: 50_000_000, depth: 200_000 };

/// An interpreter that is set up.
#[derive(Clone, Debug)]
pub struct Machine {
    pub vm: Vm,
    /// The functions that ask.
    asks: Vec<(Value, Ask)>,
    /// Compiled programs by their names, which keeps them alive.
    programs: Ref<Table>,
    /// What it took when it was set up.
    fresh_bytes: usize,
    /// Where functions look for globals, and where the text of a library does.
    places: Option<Places>,
    /// Functions that are registered and not kept under a name yet.
    held: Ref<Table>,
}

/// Functions see globals through an empty table, which looks elsewhere while a library is loaded.
#[derive(Clone, Copy, Debug)]
struct Places {
    metatable: Ref<Table>,
    usual: Ref<Table>,
    loading: Ref<Table>,
}

impl Machine {
    /// A machine for `EVAL`, or one for functions, which have a little less.
    pub fn new(for_functions: bool) -> Self {
        let mut vm = Vm::new(LIMITS);
        vm.set_hooks(Hooks { uncaught: Some(lay_to_its_place), caught: Some(text_of_error) });
        let globals = vm.globals();
        let programs = vm.heap().table(Table::default());
        vm.keep(Value::Table(programs));
        keep_only(&mut vm, GLOBALS);
        let held = vm.heap().table(Table::default());
        vm.keep(Value::Table(held));
        let mut machine = Self { vm, asks: Vec::new(), programs, places: None, held, fresh_bytes: 0 };
        let redis = machine.redis(!for_functions);
        machine.vm.heap().set_field(globals, "redis", Value::Table(redis));
        let pcall = machine.vm.native(pcall, &[]);
        machine.vm.heap().set_field(globals, "pcall", pcall);
        if for_functions {
            machine.separate(globals);
        } else {
            let handler = machine.vm.native(describe_error, &[]);
            machine.vm.heap().set_field(globals, "__redis__err__handler", handler);
            machine.guard(globals);
        }
        machine.freeze_all(globals);
        machine.fresh_bytes = machine.vm.heap().bytes();
        machine
    }

    /// What it has more than when it was set up.
    pub fn more_bytes(&self) -> u64 {
        self.vm.bytes().saturating_sub(self.fresh_bytes) as u64
    }

    /// Moves all globals to a table behind the one that functions see, and makes another for the time of loading.
    fn separate(&mut self, globals: Ref<Table>) {
        let heap = self.vm.heap();
        let usual = heap.table(Table::default());
        let all: Vec<(Value, Value)> = heap.pairs(globals).collect();
        for (name, value) in all {
            heap.set(usual, name, value);
            heap.set(globals, name, Value::Nil);
        }
        heap.set_field(usual, "_G", Value::Table(usual));
        let loading = heap.table(Table::default());
        let metatable = heap.table(Table::default());
        heap.set_field(metatable, "__index", Value::Table(usual));
        heap.set_metatable(globals, Some(metatable));
        let redis = self.redis_while_loading();
        self.vm.heap().set_field(loading, "redis", Value::Table(redis));
        for table in [usual, loading, redis] {
            self.guard(table);
        }
        // Each of them is out of sight while the other is looked into.
        self.vm.keep(Value::Table(usual));
        self.vm.keep(Value::Table(loading));
        self.places = Some(Places { metatable, usual, loading });
        self.freeze_all(loading);
    }

    /// The little of `redis` that the text of a library has.
    fn redis_while_loading(&mut self) -> Ref<Table> {
        let redis = self.vm.heap().table(Table::default());
        self.ask(redis, "register_function", Ask::Register);
        let log = self.vm.native(log, &[]);
        self.vm.heap().set_field(redis, "log", log);
        self.constants(redis, |name| name.starts_with("LOG_"));
        redis
    }

    /// Lets the text of a library see what it may, or functions what they may.
    pub fn set_loading(&mut self, is_loading: bool) {
        let held = self.held;
        if let Some(Places { metatable, usual, loading }) = self.places {
            let place = if is_loading { loading } else { usual };
            self.vm.heap().set_field(metatable, "__index", Value::Table(place));
        }
        // What is registered now is held until the next library comes.
        if is_loading {
            let names: Vec<Value> = self.vm.heap().pairs(held).map(|(name, _)| name).collect();
            for name in names {
                self.vm.heap().set(held, name, Value::Nil);
            }
        }
    }

    /// Holds a function that has no name yet.
    pub fn hold(&mut self, function: Value) {
        let held = self.held;
        self.vm.heap().set(held, function, Value::Bool(true));
    }

    fn ask(&mut self, table: Ref<Table>, name: &str, ask: Ask) {
        let function = self.vm.native(|_| Ok(Flow::Host), &[]);
        self.asks.push((function, ask));
        self.vm.keep(function);
        self.vm.heap().set_field(table, name, function);
    }

    fn constants(&mut self, table: Ref<Table>, is_wanted: fn(&str) -> bool) {
        for (name, number) in CONSTANTS.iter().filter(|(name, _)| is_wanted(name)) {
            self.vm.heap().set_field(table, name, Value::Number(*number));
        }
        let heap = self.vm.heap();
        heap.set_field(table, "REDIS_VERSION_NUM", Value::Number(VERSION_NUMBER));
        let version = Value::Str(heap.string(REDIS_VERSION.as_bytes()));
        heap.set_field(table, "REDIS_VERSION", version);
    }

    /// The table `redis`.
    fn redis(&mut self, is_for_scripts: bool) -> Ref<Table> {
        let redis = self.vm.heap().table(Table::default());
        for (name, ask) in ASKS {
            self.ask(redis, name, ask);
        }
        let of_old = OF_SCRIPTS.iter().filter(|_| is_for_scripts);
        for (name, run) in FUNCTIONS.iter().chain(of_old) {
            let function = self.vm.native(*run, &[]);
            self.vm.heap().set_field(redis, name, function);
        }
        self.constants(redis, |_| true);
        redis
    }

    /// What is not in a table is an error.
    fn guard(&mut self, table: Ref<Table>) {
        let guard = self.vm.native(no_such_global, &[]);
        let heap = self.vm.heap();
        let metatable = heap.table(Table::default());
        heap.set_field(metatable, "__index", guard);
        heap.set_metatable(table, Some(metatable));
    }

    /// Nobody changes a table that can be reached from the globals.
    fn freeze_all(&mut self, globals: Ref<Table>) {
        let heap = self.vm.heap();
        let mut found = vec![globals];
        let text = Value::Str(heap.string(b""));
        found.extend(heap.metatable_of(text));
        let mut at = 0;
        while let Some(table) = found.get(at).copied() {
            heap.freeze(table);
            let inner: Vec<Value> = heap.pairs(table).map(|(_, value)| value).collect();
            let metatable = heap.metatable_of(Value::Table(table)).map(Value::Table);
            for value in inner.into_iter().chain(metatable) {
                if let Value::Table(table) = value
                    && !found.contains(&table)
                {
                    found.push(table);
                }
            }
            at += 1;
        }
    }

    /// What the program that has paused asks for, and with what.
    pub fn request(&self) -> Option<(Ask, &[Value])> {
        let (function, arguments) = self.vm.request()?;
        let ask = self.asks.iter().find(|(known, _)| known.raw_equals(function))?;
        Some((ask.1, arguments))
    }

    /// Compiles a program and keeps it under a name.
    pub fn compile(
        &mut self,
        name: &[u8],
        source: &[u8],
        chunk: &[u8],
    ) -> std::result::Result<Value, SyntaxError> {
        let function = self.vm.load(source, chunk)?;
        self.keep_program(name, function);
        Ok(function)
    }

    pub fn keep_program(&mut self, name: &[u8], function: Value) {
        let programs = self.programs;
        let heap = self.vm.heap();
        let name = Value::Str(heap.string(name));
        heap.set(programs, name, function);
    }

    pub fn program(&mut self, name: &[u8]) -> Value {
        let programs = self.programs;
        let heap = self.vm.heap();
        let name = Value::Str(heap.string(name));
        heap.get(programs, name)
    }

    pub fn forget_program(&mut self, name: &[u8]) {
        self.keep_program(name, Value::Nil);
    }

    /// Gives `KEYS` and `ARGV` as the globals of those names.
    pub fn set_arguments(&mut self, keys: &[Vec<u8>], argv: &[Vec<u8>]) {
        let globals = self.vm.globals();
        for (name, words) in [("KEYS", keys), ("ARGV", argv)] {
            let list = self.list(words);
            self.vm.heap().set_field(globals, name, list);
        }
    }

    /// Words as a table.
    pub fn list(&mut self, words: &[Vec<u8>]) -> Value {
        let heap = self.vm.heap();
        let list = heap.table(Table::with_sizes(words.len(), 0));
        for (at, word) in words.iter().enumerate() {
            let word = Value::Str(heap.string(word));
            heap.set(list, Value::Number((at + 1) as f64), word);
        }
        Value::Table(list)
    }
}

/// Leaves only these of the globals.
fn keep_only(vm: &mut Vm, names: &[&str]) {
    let globals = vm.globals();
    let heap = vm.heap();
    let all: Vec<Value> = heap.pairs(globals).map(|(key, _)| key).collect();
    for key in all {
        let Value::Str(name) = key else { continue };
        if !names.iter().any(|known| known.as_bytes() == heap.str(name)) {
            heap.set(globals, key, Value::Nil);
        }
    }
}

type Result<T> = std::result::Result<T, Raise>;

fn no_such_global(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let name = ctx.arg(2);
    if !matches!(name, Value::Str(_) | Value::Number(_)) {
        return Err(ctx.error("Second argument to luaProtectedTableError must be a string or number"));
    }
    let name = ctx.text(name);
    Err(ctx.error_bytes(
        &[b"Script attempted to access nonexistent global variable '", &name[..], b"'"].concat(),
    ))
}

// ---- errors ----------------------------------------------------------------------------------------------------------

/// An uncaught error becomes a table that tells where it came about.
fn lay_to_its_place(vm: &mut Vm, error: Value) -> Value {
    let culprit = vm.culprit();
    let error = as_table(vm.heap(), error);
    if let (Value::Table(table), Some(culprit)) = (error, culprit) {
        let line = culprit.line.map_or(-1.0, f64::from);
        let heap = vm.heap();
        let source = Value::Str(heap.string(&culprit.source));
        heap.set_field(table, "source", source);
        heap.set_field(table, "line", Value::Number(line));
    }
    error
}

/// An error that is no table is one with a code before it.
fn as_table(heap: &mut Heap, error: Value) -> Value {
    if matches!(error, Value::Table(_)) {
        return error;
    }
    let text = match error {
        Value::Str(text) => heap.str(text).to_vec(),
        Value::Number(number) => playground_lua::number::print(number),
        Value::Bool(value) => value.to_string().into_bytes(),
        other => other.type_name().as_bytes().to_vec(),
    };
    error_table(heap, &[b"ERR ", &text[..]].concat(), false)
}

/// The same as a function that scripts can call, as they can in Redis.
fn describe_error(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let error = ctx.arg(1);
    let error = as_table(ctx.heap(), error);
    ctx.push(error);
    Ok(Flow::Return(1))
}

/// Redis's own, which without anything to call calls a value of its own.
fn pcall(ctx: &mut Ctx<'_>) -> Result<Flow> {
    if ctx.count() == 0 {
        ctx.push(Value::Bool(false));
        ctx.push_str(b"attempt to call a boolean value");
        return Ok(Flow::Return(2));
    }
    for number in 1..=ctx.count() {
        ctx.push(ctx.arg(number));
    }
    Ok(Flow::Protect { arguments: ctx.count() - 1 })
}

/// `pcall` gives the text of an error that is a table, as it did before errors were tables.
fn text_of_error(heap: &mut Heap, error: Value) -> Value {
    match heap.field(error, "err") {
        text @ (Value::Str(_) | Value::Number(_)) => text,
        _ => error,
    }
}
