//! Operators where they are more than arithmetic on numbers: text that is a number, metamethods, comparing, joining.
//!
//! It knows nothing of how instructions are decoded. A metamethod that is a Lua function is entered and goes on in the
//! interpreter's loop; what becomes of its result is noted with the call.

use crate::meta::Meta;
use crate::number;
use crate::table::Table;
use crate::thread::{Body, Frame, Then, WINDOW};
use crate::value::{Ref, Value};
use crate::vm::{Abort, Raise, Vm};

/// An operand, and the register it is in, where it is in one: an error calls it by its name.
pub(crate) type Operand = (Value, Option<u8>);

/// How many tables one lookup may be sent through.
const LOOP: usize = 100;

/// The remainder with the sign of the divisor, as 5.1 computes it.
pub(crate) fn modulo(a: f64, b: f64) -> f64 {
    a - (a / b).floor() * b
}

pub(crate) fn power(a: f64, b: f64) -> f64 {
    a.powf(b)
}

fn compute(meta: Meta, a: f64, b: f64) -> f64 {
    let result = match meta {
        Meta::Add => a + b,
        Meta::Sub => a - b,
        Meta::Mul => a * b,
        Meta::Div => a / b,
        Meta::Mod => modulo(a, b),
        Meta::Pow => power(a, b),
        _ => -a,
    };
    if result.is_nan() && !a.is_nan() && !b.is_nan() { -f64::NAN.abs() } else { result }
}

impl Vm {
    /// Calls a metamethod, above everything that the running function uses.
    fn call_meta(&mut self, method: Value, arguments: &[Value], then: Then) -> Result<bool, Raise> {
        let slot = match self.thread.frames.last() {
            Some(Frame { base, body: Body::Lua { proto, .. }, .. }) => base + usize::from(proto.registers),
            Some(_) => self.thread.top,
            None => return Err(Raise::Abort(Abort::Internal)),
        };
        self.ensure(slot + 1 + arguments.len() + WINDOW);
        self.thread.stack[slot] = method;
        self.thread.stack[slot + 1..=slot + arguments.len()].copy_from_slice(arguments);
        self.thread.top = slot + 1 + arguments.len();
        self.call(slot, arguments.len(), then).map(|is_done| !is_done)
    }

    fn store(&mut self, register: u8, value: Value) -> Result<(), Raise> {
        let base = self.base()?;
        self.thread.stack[base + usize::from(register)] = value;
        Ok(())
    }

    /// `object[key]` into a register.
    pub(crate) fn index(&mut self, (mut object, register): Operand, key: Value, to: u8) -> Result<(), Raise> {
        for turn in 0..LOOP {
            let method = match object {
                Value::Table(table) => {
                    let table = &self.heap.tables[table];
                    let value = table.get(key);
                    let metatable = table.metatable;
                    if !value.is_nil() {
                        return self.store(to, value);
                    }
                    let method = self.heap.metamethod_in(metatable, Meta::Index);
                    if method.is_nil() {
                        return self.store(to, Value::Nil);
                    }
                    method
                }
                _ => match self.heap.metamethod(object, Meta::Index) {
                    Value::Nil => {
                        let register = if turn == 0 { register } else { None };
                        return Err(self.type_error(object, register, "index"));
                    }
                    method => method,
                },
            };
            if method.is_function() {
                return self.call_meta(method, &[object, key], Then::Store(to)).map(drop);
            }
            object = method;
        }
        Err(self.error("loop in gettable"))
    }

    /// `object[key] = value`. Tells whether a function was entered.
    pub(crate) fn set_index(
        &mut self,
        (mut object, register): Operand,
        key: Value,
        value: Value,
    ) -> Result<bool, Raise> {
        for turn in 0..LOOP {
            let method = match object {
                Value::Table(table) => {
                    self.check_key(table, key)?;
                    let method = match self.heap.tables[table].metatable {
                        Some(metatable) if self.heap.tables[table].get(key).is_nil() => {
                            // 5.1 makes the place before it asks, and the order of a walk shows it.
                            self.heap.set(table, key, Value::Nil);
                            self.heap.metamethod_in(Some(metatable), Meta::NewIndex)
                        }
                        _ => Value::Nil,
                    };
                    if method.is_nil() {
                        self.heap.set(table, key, value);
                        self.collect_if_due()?;
                        return Ok(false);
                    }
                    method
                }
                _ => match self.heap.metamethod(object, Meta::NewIndex) {
                    Value::Nil => {
                        let register = if turn == 0 { register } else { None };
                        return Err(self.type_error(object, register, "index"));
                    }
                    method => method,
                },
            };
            if method.is_function() {
                return self.call_meta(method, &[object, key, value], Then::Ignore);
            }
            object = method;
        }
        Err(self.error("loop in settable"))
    }

    /// Whether a table may be given this key.
    pub(crate) fn check_key(&mut self, table: Ref<Table>, key: Value) -> Result<(), Raise> {
        if self.heap.tables[table].is_frozen {
            return Err(self.error("Attempt to modify a readonly table"));
        }
        match key {
            Value::Nil => Err(self.error("table index is nil")),
            Value::Number(number) if number.is_nan() => Err(self.error("table index is NaN")),
            _ => Ok(()),
        }
    }

    /// A metamethod of the first operand, or else of the second.
    fn binary_metamethod(&mut self, meta: Meta, a: Value, b: Value) -> Value {
        match self.heap.metamethod(a, meta) {
            Value::Nil => self.heap.metamethod(b, meta),
            method => method,
        }
    }

    /// An operator on what is not two numbers, into a register.
    pub(crate) fn arithmetic(&mut self, meta: Meta, to: u8, a: Operand, b: Operand) -> Result<(), Raise> {
        if let (Some(x), Some(y)) = (self.number_of(a.0), self.number_of(b.0)) {
            return self.store(to, Value::Number(compute(meta, x, y)));
        }
        let method = self.binary_metamethod(meta, a.0, b.0);
        if !method.is_nil() {
            return self.call_meta(method, &[a.0, b.0], Then::Store(to)).map(drop);
        }
        let wrong = if self.number_of(a.0).is_none() { a } else { b };
        Err(self.type_error(wrong.0, wrong.1, "perform arithmetic on"))
    }

    pub(crate) fn negate(&mut self, to: u8, a: Operand) -> Result<(), Raise> {
        self.arithmetic(Meta::Unm, to, a, a)
    }

    pub(crate) fn length(&mut self, to: u8, a: Operand) -> Result<(), Raise> {
        match self.heap.metamethod(a.0, Meta::Len) {
            Value::Nil => Err(self.type_error(a.0, a.1, "get length of")),
            method => self.call_meta(method, &[a.0, Value::Nil], Then::Store(to)).map(drop),
        }
    }

    /// The method by which two values are compared: both must have the same.
    fn common_metamethod(&mut self, meta: Meta, a: Value, b: Value) -> Value {
        let first = self.heap.metamethod(a, meta);
        if first.is_nil() {
            return Value::Nil;
        }
        if first.raw_equals(self.heap.metamethod(b, meta)) { first } else { Value::Nil }
    }

    /// Whether two different objects are equal by their own account.
    pub(crate) fn equal_objects(&mut self, a: Value, b: Value, expected: bool) -> Result<(), Raise> {
        match self.common_metamethod(Meta::Eq, a, b) {
            Value::Nil => self.skip_unless(false, expected),
            method => self.call_meta(method, &[a, b], Then::Test { expected }).map(drop),
        }
    }

    fn skip_unless(&mut self, result: bool, expected: bool) -> Result<(), Raise> {
        let frame = self.thread.frames.last_mut().ok_or(Raise::Abort(Abort::Internal))?;
        frame.at += usize::from(result != expected);
        Ok(())
    }

    pub(crate) fn less(&mut self, a: Value, b: Value, expected: bool) -> Result<(), Raise> {
        if let (Value::Str(x), Value::Str(y)) = (a, b) {
            self.charge(self.heap.str(x).len().min(self.heap.str(y).len()) as u64 / 64);
            let result = self.heap.str(x) < self.heap.str(y);
            return self.skip_unless(result, expected);
        }
        self.compare_objects(Meta::Lt, a, b, expected)
    }

    pub(crate) fn less_equal(&mut self, a: Value, b: Value, expected: bool) -> Result<(), Raise> {
        if let (Value::Str(x), Value::Str(y)) = (a, b) {
            self.charge(self.heap.str(x).len().min(self.heap.str(y).len()) as u64 / 64);
            let result = self.heap.str(x) <= self.heap.str(y);
            return self.skip_unless(result, expected);
        }
        if std::mem::discriminant(&a) == std::mem::discriminant(&b)
            && self.common_metamethod(Meta::Le, a, b).is_nil()
            && !self.common_metamethod(Meta::Lt, b, a).is_nil()
        {
            // Not more is not "the other is less".
            return self.compare_objects(Meta::Lt, b, a, !expected);
        }
        self.compare_objects(Meta::Le, a, b, expected)
    }

    /// The method that orders two values of one type.
    pub(crate) fn order_metamethod(&mut self, meta: Meta, a: Value, b: Value) -> Value {
        if a.type_name() == b.type_name() { self.common_metamethod(meta, a, b) } else { Value::Nil }
    }

    fn compare_objects(&mut self, meta: Meta, a: Value, b: Value, expected: bool) -> Result<(), Raise> {
        match self.order_metamethod(meta, a, b) {
            Value::Nil => Err(self.compare_error(a, b)),
            method => self.call_meta(method, &[a, b], Then::Test { expected }).map(drop),
        }
    }

    /// Joins registers into one. Tells whether a function was entered: then the instruction runs once more.
    pub(crate) fn concatenate(&mut self, to: u8, first: u8, last: u8) -> Result<bool, Raise> {
        let base = self.base()?;
        let mut last = self.take_concat().unwrap_or(last);
        let slot = |register: u8| base + usize::from(register);
        while last > first {
            let (a, b) = (self.thread.stack[slot(last - 1)], self.thread.stack[slot(last)]);
            let is_text = |value| matches!(value, Value::Str(_) | Value::Number(_));
            if !is_text(a) || !is_text(b) {
                let method = self.binary_metamethod(Meta::Concat, a, b);
                if method.is_nil() {
                    let wrong = if is_text(a) { last } else { last - 1 };
                    let value = self.thread.stack[slot(wrong)];
                    return Err(self.type_error(value, Some(wrong), "concatenate"));
                }
                if self.call_meta(method, &[a, b], Then::Concat(last - 1))? {
                    return Ok(true);
                }
                // A native one has answered already, and asked for the instruction to be run again.
                return Ok(true);
            }
            // As many as are text, at once.
            let mut from = last - 1;
            while from > first && is_text(self.thread.stack[slot(from - 1)]) {
                from -= 1;
            }
            let joined = self.join(slot(from), slot(last))?;
            self.thread.stack[slot(from)] = joined;
            last = from;
        }
        let result = self.thread.stack[slot(first)];
        self.thread.stack[slot(to)] = result;
        Ok(false)
    }

    /// Where a concatenation goes on that was interrupted.
    fn take_concat(&mut self) -> Option<u8> {
        let frame = self.thread.frames.last_mut()?;
        let register = std::mem::take(&mut frame.concat).checked_sub(1)?;
        u8::try_from(register).ok()
    }

    /// The text of the values in slots, `last` included.
    fn join(&mut self, first: usize, last: usize) -> Result<Value, Raise> {
        let mut length = 0_usize;
        for value in &self.thread.stack[first..=last] {
            if let Value::Str(string) = value {
                length = length.saturating_add(self.heap.str(*string).len());
            }
        }
        self.make_room(length)?;
        let mut text = Vec::with_capacity(length + 16);
        for value in &self.thread.stack[first..=last] {
            match value {
                Value::Str(string) => text.extend_from_slice(self.heap.str(*string)),
                Value::Number(number) => text.extend_from_slice(&number::print(*number)),
                _ => {}
            }
        }
        self.charge(length as u64 / 64);
        Ok(Value::Str(self.heap.string_owned(text)))
    }
}
