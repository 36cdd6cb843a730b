//! Libraries of functions: which there are, what a new one registers while it is loaded, and all of them as one piece of
//! bytes.
//!
//! It runs the text of a library, never a function.

use foldhash::fast::FixedState;
use indexmap::IndexMap;

use playground_lua::{Raise, Ref, Signal, Table, Value};

use super::api::redis_error;
use super::convert;
use super::machine::{Ask, Machine};
use super::run::AT_ONCE;
use super::shebang::{self, ScriptFlags};
use crate::error::Error;
use crate::rdb::{self, Refusal};

/// What errors call a library's text.
const CHUNK: &[u8] = b"@user_function";

/// A function that a library has registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    pub name: Vec<u8>,
    pub description: Option<Vec<u8>>,
    pub flags: ScriptFlags,
    pub library: Vec<u8>,
}

/// A library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Library {
    pub name: Vec<u8>,
    pub code: Vec<u8>,
    /// Names of its functions in lower case, as they were registered.
    functions: Vec<Vec<u8>>,
}

/// All libraries, and the machine in which their functions live.
#[derive(Clone, Debug, Default)]
pub struct Libraries {
    machine: Option<Box<Machine>>,
    all: IndexMap<Vec<u8>, Library, FixedState>,
    /// By name in lower case: there, case does not count.
    functions: IndexMap<Vec<u8>, Function, FixedState>,
}

/// What happens to what is there when libraries are restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    Append,
    Flush,
    Replace,
}

impl Libraries {
    pub fn len(&self) -> usize {
        self.all.len()
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub fn functions(&self) -> usize {
        self.functions.len()
    }

    /// What libraries take: their text and their names, and the entries for them.
    pub fn bytes(&self) -> u64 {
        const LIBRARY: usize = 32;
        const FUNCTION: usize = 100;
        let of = |library: &Library| LIBRARY + library.code.len() + library.functions.len() * FUNCTION;
        self.all.values().map(of).sum::<usize>() as u64
    }

    pub fn machine_bytes(&self) -> u64 {
        self.machine.as_ref().map_or(0, |machine| machine.more_bytes())
    }

    pub fn iter(&self) -> impl Iterator<Item = &Library> {
        self.all.values()
    }

    pub fn functions_of<'a>(&'a self, library: &'a Library) -> impl Iterator<Item = &'a Function> {
        library.functions.iter().filter_map(|name| self.functions.get(name))
    }

    pub fn library(&self, name: &[u8]) -> Option<&Library> {
        self.all.get(name)
    }

    pub fn function(&self, name: &[u8]) -> Option<&Function> {
        self.functions.get(&name.to_ascii_lowercase())
    }

    /// The machine, to be put back by [`Self::put_back`].
    pub fn take_machine(&mut self) -> Box<Machine> {
        self.machine.take().unwrap_or_else(|| Box::new(Machine::new(true)))
    }

    pub fn put_back(&mut self, machine: Box<Machine>) {
        self.machine = Some(machine);
    }

    /// Forgets all, with the machine and what functions have left in it.
    pub fn flush(&mut self) {
        *self = Self::default();
    }

    /// Whether there was such a library.
    pub fn delete(&mut self, name: &[u8]) -> bool {
        let Some(library) = self.all.shift_remove(name) else { return false };
        let mut machine = self.take_machine();
        for name in &library.functions {
            self.functions.swap_remove(name);
            machine.forget_program(name);
        }
        self.put_back(machine);
        true
    }

    /// Loads a library from its text; its name.
    pub fn load(&mut self, code: &[u8], replaces: bool) -> Result<Vec<u8>, Error> {
        let (name, start) = shebang::of_library(code)?;
        if !replaces && self.all.contains_key(&name) {
            return Err(said(&[b"ERR Library '", &name, b"' already exists"]));
        }
        let source = code.get(start..).unwrap_or_default();
        let mut machine = self.take_machine();
        let registered = register(&mut machine, source);
        self.put_back(machine);
        let registered = registered?;
        if registered.is_empty() {
            return Err(Error::Fixed("ERR No functions registered"));
        }
        for (function, _) in &registered {
            let known = self.function(&function.name);
            if known.is_some_and(|known| known.library != name) {
                return Err(said(&[b"ERR Function ", &function.name, b" already exists"]));
            }
        }
        self.delete(&name);
        let mut machine = self.take_machine();
        let mut functions = Vec::new();
        for (mut function, callback) in registered {
            let key = function.name.to_ascii_lowercase();
            machine.keep_program(&key, callback);
            function.library.clone_from(&name);
            functions.push(key.clone());
            self.functions.insert(key, function);
        }
        machine.vm.reset();
        self.put_back(machine);
        self.all.insert(name.clone(), Library { name: name.clone(), code: code.to_vec(), functions });
        Ok(name)
    }

    /// All libraries as bytes.
    pub fn dump(&self, compress: bool) -> Vec<u8> {
        rdb::dump_libraries(self.all.values().map(|library| &library.code[..]), compress)
    }

    /// Takes in what was dumped, all or nothing.
    pub fn restore(&mut self, payload: &[u8], policy: Policy) -> Result<(), Error> {
        let codes = rdb::restore_libraries(payload).map_err(|refusal| {
            Error::Fixed(match refusal {
                Refusal::Footer => "ERR DUMP payload version or checksum are wrong",
                Refusal::Format => "ERR given type is not a function",
            })
        })?;
        let mut new = if policy == Policy::Flush { Self::default() } else { self.clone() };
        for code in &codes {
            let (name, _) = shebang::of_library(code)?;
            if policy == Policy::Replace {
                new.delete(&name);
            } else if new.all.contains_key(&name) {
                return Err(said(&[b"ERR Library ", &name, b" already exists"]));
            }
        }
        for code in &codes {
            new.load(code, false)?;
        }
        *self = new;
        Ok(())
    }
}

fn said(parts: &[&[u8]]) -> Error {
    Error::Said { text: parts.concat(), is_counted: false }
}

/// Runs the text of a library for the functions that it registers.
fn register(machine: &mut Machine, source: &[u8]) -> Result<Vec<(Function, Value)>, Error> {
    let program = machine
        .vm
        .load(source, CHUNK)
        .map_err(|error| said(&[b"ERR Error compiling function: ", &error.0]))?;
    machine.set_loading(true);
    let registered = run(machine, program);
    machine.set_loading(false);
    registered.map_err(|text| said(&[b"ERR Error registering functions: ", &text]))
}

fn run(machine: &mut Machine, program: Value) -> Result<Vec<(Function, Value)>, Vec<u8>> {
    let mut registered: Vec<(Function, Value)> = Vec::new();
    let stopped = || b"ERR the library uses more than the Redis playground lets it".to_vec();
    machine.vm.start(program, &[]).map_err(|_: Raise| stopped())?;
    let mut fuel = AT_ONCE;
    loop {
        match machine.vm.run(fuel) {
            // What was registered is held by nothing yet, and nothing is collected until it is.
            Signal::Done => return Ok(registered),
            Signal::Failed(error) => {
                let error = convert::error_of(machine.vm.heap(), error);
                return Err(error.map_or_else(|| b"ERR unknown error".to_vec(), |error| error.message()));
            }
            Signal::Aborted(_) => return Err(stopped()),
            Signal::Paused => {
                machine.vm.reset();
                return Err(b"ERR FUNCTION LOAD timeout".to_vec());
            }
            Signal::Host => {
                fuel = machine.vm.fuel();
                let asked = machine.request().map(|(ask, arguments)| (ask, arguments.to_vec()));
                let result = match &asked {
                    Some((Ask::Register, arguments)) => read(machine, arguments),
                    _ => Err("redis.call can only be called inside a script invocation"),
                };
                let result = result.and_then(|(function, callback)| {
                    let is_there =
                        |(known, _): &(Function, Value)| known.name.eq_ignore_ascii_case(&function.name);
                    if registered.iter().any(is_there) {
                        return Err("Function already exists in the library");
                    }
                    machine.hold(callback);
                    registered.push((function, callback));
                    Ok(())
                });
                match result {
                    Ok(()) => machine.vm.answer(&[]),
                    Err(message) => {
                        let error = redis_error(machine.vm.heap(), message.as_bytes());
                        machine.vm.fail(error);
                    }
                }
            }
        }
    }
}

type Registered = Result<(Function, Value), &'static str>;

/// What a call of `redis.register_function` registers.
fn read(machine: &mut Machine, arguments: &[Value]) -> Registered {
    let (function, callback) = match arguments {
        [Value::Table(named)] => by_name(machine, *named)?,
        [_] => {
            return Err(
                "calling redis.register_function with a single argument is only applicable to Lua table \
                (representing named arguments).",
            );
        }
        [name, callback] => {
            let name =
                text(machine, *name).ok_or("first argument to redis.register_function must be a string")?;
            if !callback.is_function() {
                return Err("second argument to redis.register_function must be a function");
            }
            (function(name), *callback)
        }
        _ => return Err("wrong number of arguments to redis.register_function"),
    };
    if !shebang::is_name(&function.name) {
        return Err(shebang::BAD_NAME);
    }
    Ok((function, callback))
}

fn function(name: Vec<u8>) -> Function {
    Function { name, description: None, flags: ScriptFlags::empty(), library: Vec::new() }
}

fn text(machine: &mut Machine, value: Value) -> Option<Vec<u8>> {
    match value {
        Value::Str(text) => Some(machine.vm.heap().str(text).to_vec()),
        Value::Number(number) => Some(playground_lua::number::print(number)),
        _ => None,
    }
}

fn by_name(machine: &mut Machine, named: Ref<Table>) -> Registered {
    let pairs: Vec<(Value, Value)> = machine.vm.heap().pairs(named).collect();
    let (mut name, mut description, mut callback) = (None, None, None);
    let mut flags = ScriptFlags::empty();
    for (key, value) in pairs {
        let key = text(machine, key)
            .ok_or("named argument key given to redis.register_function is not a string")?;
        match &key.to_ascii_lowercase()[..] {
            b"function_name" => {
                name = Some(
                    text(machine, value)
                        .ok_or("function_name argument given to redis.register_function must be a string")?,
                );
            }
            b"description" => {
                description = Some(
                    text(machine, value)
                        .ok_or("description argument given to redis.register_function must be a string")?,
                );
            }
            b"callback" if value.is_function() => callback = Some(value),
            b"callback" => {
                return Err("callback argument given to redis.register_function must be a function");
            }
            b"flags" => flags = flags_of(machine, value)?,
            _ => return Err("unknown argument given to redis.register_function"),
        }
    }
    let name = name.ok_or("redis.register_function must get a function name argument")?;
    let callback = callback.ok_or("redis.register_function must get a callback argument")?;
    Ok((Function { description, flags, ..function(name) }, callback))
}

fn flags_of(machine: &mut Machine, list: Value) -> Result<ScriptFlags, &'static str> {
    let Value::Table(list) = list else {
        return Err("flags argument to redis.register_function must be a table representing function flags");
    };
    let mut flags = ScriptFlags::empty();
    for at in 1.. {
        let word = machine.vm.heap().get(list, Value::Number(f64::from(at)));
        if word.is_nil() {
            break;
        }
        let flag = text(machine, word).and_then(|word| ScriptFlags::of_word(&word.to_ascii_lowercase()));
        flags |= flag.ok_or("unknown flag given")?;
    }
    Ok(flags)
}
