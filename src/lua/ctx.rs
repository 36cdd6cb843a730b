//! What a native function sees of the interpreter while it runs: its arguments, checked in 5.1's words, and a place for
//! its results.
//!
//! It knows nothing of particular functions.

use crate::heap::Heap;
use crate::number;
use crate::table::Table;
use crate::value::{Ref, Str, Value};
use crate::vm::{Abort, Raise, Vm};

/// One call of a native function.
#[derive(Debug)]
pub struct Ctx<'a> {
    pub(crate) vm: &'a mut Vm,
    base: usize,
    count: usize,
}

type Result<T> = std::result::Result<T, Raise>;

impl<'a> Ctx<'a> {
    pub(crate) fn new(vm: &'a mut Vm, base: usize, count: usize) -> Self {
        Self { vm, base, count }
    }

    pub fn heap(&mut self) -> &mut Heap {
        &mut self.vm.heap
    }

    /// How many arguments there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// An argument, counted from 1; nil where there is none.
    pub fn arg(&self, number: usize) -> Value {
        if number <= self.count { self.vm.thread.stack[self.base + number - 1] } else { Value::Nil }
    }

    pub(crate) fn set_arg(&mut self, number: usize, value: Value) {
        if number <= self.count {
            self.vm.thread.stack[self.base + number - 1] = value;
        }
    }

    pub fn args(&self) -> &[Value] {
        &self.vm.thread.stack[self.base..self.base + self.count]
    }

    /// A value of the function's own.
    pub fn upvalue(&self, number: usize) -> Value {
        match self.vm.thread.stack[self.base - 1] {
            Value::Native(native) => {
                self.vm.heap.natives[native].upvalues.get(number).copied().unwrap_or_default()
            }
            _ => Value::Nil,
        }
    }

    pub fn set_upvalue(&mut self, number: usize, value: Value) {
        if let Value::Native(native) = self.vm.thread.stack[self.base - 1]
            && let Some(slot) = self.vm.heap.natives[native].upvalues.get_mut(number)
        {
            *slot = value;
        }
    }

    /// Gives a result, or a value to be called with.
    pub fn push(&mut self, value: Value) {
        self.vm.push(value);
    }

    pub fn push_str(&mut self, bytes: &[u8]) {
        let string = self.vm.heap.string(bytes);
        self.push(Value::Str(string));
    }

    /// A value at a slot of the stack: results of a call are handed over so.
    pub fn slot(&self, slot: usize) -> Value {
        self.vm.thread.stack[slot]
    }

    /// Takes what was pushed or came back off the stack: only the arguments are left.
    pub fn clear(&mut self) {
        self.vm.thread.top = self.base + self.count;
    }

    /// Takes so many instructions' worth of time.
    pub fn charge(&mut self, instructions: usize) {
        self.vm.charge(instructions as u64);
    }

    /// Makes sure of room for a string of so many bytes; what is garbage goes first. What the caller needs must be on the
    /// stack.
    pub fn make_room(&mut self, bytes: usize) -> Result<()> {
        self.vm.make_room(bytes)
    }

    /// Whether there is still room: for what makes many values that nothing holds yet, so that nothing may be collected.
    pub fn check_memory(&self) -> Result<()> {
        if self.vm.heap.bytes() > self.vm.limits.memory { Err(Raise::Abort(Abort::Memory)) } else { Ok(()) }
    }

    /// The arguments as `print` writes them, without metamethods.
    pub fn printed(&mut self) -> Vec<u8> {
        let mut line = Vec::new();
        for number in 1..=self.count {
            if number > 1 {
                line.push(b'\t');
            }
            let value = self.arg(number);
            line.extend_from_slice(&self.text(value));
        }
        line.push(b'\n');
        line
    }

    /// An error with the place of who called the function.
    pub fn error(&mut self, message: &str) -> Raise {
        self.vm.error_in_caller(message)
    }

    pub fn error_bytes(&mut self, message: &[u8]) -> Raise {
        self.vm.error_bytes_in_caller(message)
    }

    /// An error about an argument.
    pub fn arg_error(&mut self, number: usize, message: &str) -> Raise {
        self.arg_error_bytes(number, message.as_bytes())
    }

    pub(crate) fn arg_error_bytes(&mut self, number: usize, message: &[u8]) -> Raise {
        let (kind, name) = match self.vm.function_name(self.vm.thread.frames.len() - 1) {
            Some((kind, Some(name))) => (kind, self.vm.heap.str(name).to_vec()),
            other => (other.map_or("", |(kind, _)| kind), b"?".to_vec()),
        };
        // A method's own object is not counted, and some functions name an argument 0, which is none.
        let place = number as i64 - i64::from(kind == "method");
        let mut text;
        if place == 0 && kind == "method" {
            text = b"calling '".to_vec();
            text.extend_from_slice(&name);
            text.extend_from_slice(b"' on bad self (");
        } else {
            text = format!("bad argument #{place} to '").into_bytes();
            text.extend_from_slice(&name);
            text.extend_from_slice(b"' (");
        }
        text.extend_from_slice(message);
        text.push(b')');
        self.error_bytes(&text)
    }

    /// An error about the type of an argument.
    pub fn type_error(&mut self, number: usize, expected: &str) -> Raise {
        let got = self.type_name(number);
        self.arg_error(number, &format!("{expected} expected, got {got}"))
    }

    fn type_name(&self, number: usize) -> &'static str {
        if number > self.count { "no value" } else { self.arg(number).type_name() }
    }

    /// Any value, but one there must be.
    pub fn any(&mut self, number: usize) -> Result<Value> {
        if number > self.count { Err(self.arg_error(number, "value expected")) } else { Ok(self.arg(number)) }
    }

    pub fn table(&mut self, number: usize) -> Result<Ref<Table>> {
        match self.arg(number) {
            Value::Table(table) => Ok(table),
            _ => Err(self.type_error(number, "table")),
        }
    }

    pub fn function(&mut self, number: usize) -> Result<Value> {
        let value = self.arg(number);
        if value.is_function() { Ok(value) } else { Err(self.type_error(number, "function")) }
    }

    /// A number, or text that is one.
    pub fn number(&mut self, number: usize) -> Result<f64> {
        let value = self.arg(number);
        match self.vm.number_of(value) {
            Some(found) => Ok(found),
            None => Err(self.type_error(number, "number")),
        }
    }

    pub fn optional_number(&mut self, number: usize, default: f64) -> Result<f64> {
        if self.arg(number).is_nil() { Ok(default) } else { self.number(number) }
    }

    /// A whole number as C casts one.
    pub fn integer(&mut self, number: usize) -> Result<i64> {
        Ok(to_integer(self.number(number)?))
    }

    pub fn optional_integer(&mut self, number: usize, default: i64) -> Result<i64> {
        if self.arg(number).is_nil() { Ok(default) } else { self.integer(number) }
    }

    /// A whole number as C's `int` holds it.
    pub fn int(&mut self, number: usize) -> Result<i64> {
        Ok(to_int(self.number(number)?))
    }

    pub fn optional_int(&mut self, number: usize, default: i64) -> Result<i64> {
        if self.arg(number).is_nil() { Ok(default) } else { self.int(number) }
    }

    /// A string; a number becomes one, in place.
    pub fn string(&mut self, number: usize) -> Result<Str> {
        match self.arg(number) {
            Value::Str(string) => Ok(string),
            Value::Number(value) => {
                let string = self.vm.heap.string_owned(number::print(value));
                self.set_arg(number, Value::Str(string));
                Ok(string)
            }
            _ => Err(self.type_error(number, "string")),
        }
    }

    /// The bytes of a string argument.
    pub fn bytes(&mut self, number: usize) -> Result<&[u8]> {
        let string = self.string(number)?;
        Ok(self.vm.heap.str(string))
    }

    pub fn str(&self, string: Str) -> &[u8] {
        self.vm.heap.str(string)
    }

    /// One of several words; the first where none is given.
    pub fn option(&mut self, number: usize, words: &[&str], default: Option<usize>) -> Result<usize> {
        if self.arg(number).is_nil()
            && let Some(default) = default
        {
            return Ok(default);
        }
        let string = self.string(number)?;
        let found = words.iter().position(|word| word.as_bytes() == self.str(string));
        found.ok_or_else(|| {
            let message = [b"invalid option '", self.str(string), b"'"].concat();
            self.arg_error_bytes(number, &message)
        })
    }
}

/// The same cut to an `int`.
pub fn to_int(number: f64) -> i64 {
    i64::from(to_integer(number) as i32)
}

/// What C's cast of a double to 64 bits gives: where it does not fit, the smallest.
pub fn to_integer(number: f64) -> i64 {
    const OUT_OF_REACH: f64 = (1_u64 << 63) as f64;
    if (-OUT_OF_REACH..OUT_OF_REACH).contains(&number) { number as i64 } else { i64::MIN }
}

impl Vm {
    /// A number, or text that is one.
    pub(crate) fn number_of(&mut self, value: Value) -> Option<f64> {
        match value {
            Value::Number(number) => Some(number),
            Value::Str(string) => {
                self.charge(self.heap.str(string).len() as u64 / 8);
                number::parse(self.heap.str(string))
            }
            _ => None,
        }
    }
}

impl Ctx<'_> {
    /// A value as `tostring` gives it without metamethods.
    pub fn text(&mut self, value: Value) -> Vec<u8> {
        match self.vm.text_of(value) {
            Value::Str(text) => self.vm.heap.str(text).to_vec(),
            _ => Vec::new(),
        }
    }
}
