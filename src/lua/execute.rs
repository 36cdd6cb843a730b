//! The loop that runs instructions.
//!
//! What is done most is done here; all that may call a metamethod is in [`crate::operate`]. It knows nothing of libraries.

use std::rc::Rc;

use crate::call::CALLS;
use crate::closure::Closure;
use crate::op::{Count, FIRST_CONSTANT, Op, Rk};
use crate::proto::{Capture, Proto, unpacked_size};
use crate::table::Table;
use crate::thread::{Body, Frame, State, Then, WINDOW};
use crate::value::{Ref, Value};
use crate::vm::{Abort, Exit, Raise, Vm};

/// The registers of the function that runs.
macro_rules! registers {
    ($vm:expr, $base:expr) => {{
        let Some(window) =
            $vm.thread.stack.get_mut($base..).and_then(|above| above.first_chunk_mut::<WINDOW>())
        else {
            return Err(Raise::Abort(Abort::Internal));
        };
        window
    }};
}

#[inline]
fn operand(registers: &[Value; WINDOW], constants: &[Value], operand: Rk) -> Value {
    if operand < FIRST_CONSTANT {
        registers[usize::from(operand)]
    } else {
        constants.get(usize::from(operand - FIRST_CONSTANT)).copied().unwrap_or_default()
    }
}

/// The register that an operand is, where it is one.
fn register(operand: Rk) -> Option<u8> {
    u8::try_from(operand).ok()
}

#[inline]
fn target(at: usize, by: i32) -> usize {
    at.wrapping_add_signed(by as isize)
}

impl Vm {
    /// Runs until the coroutine's first function has returned, the host is asked, or the instructions are used up.
    pub(crate) fn execute(&mut self) -> Result<Exit, Raise> {
        let mut is_under_way = false;
        'frame: loop {
            // A stack that has become longer is asked about here; not where the host goes on, for no program is to know that
            // it was paused.
            if is_under_way {
                self.collect_if_due()?;
            }
            is_under_way = true;
            let (closure, proto, base, mut at) = match self.thread.frames.last() {
                None => return Ok(Exit::Returned),
                Some(Frame { base, at, body: Body::Lua { closure, proto }, .. }) => {
                    (*closure, Rc::clone(proto), *base, *at)
                }
                Some(Frame { body: Body::Native { state: State::Host, .. }, .. }) => return Ok(Exit::Host),
                Some(_) => {
                    if self.fuel == 0 {
                        return Ok(Exit::Paused);
                    }
                    self.fuel -= 1;
                    let Some((first, count)) = self.pending.take() else {
                        return Err(Raise::Abort(Abort::Internal));
                    };
                    self.go_on(first, count)?;
                    continue 'frame;
                }
            };
            let code = &proto.code[..];
            let constants = &proto.constants[..];
            /// Notes where we are, before what may fail, call or look at lines.
            macro_rules! save {
                () => {
                    if let Some(frame) = self.thread.frames.last_mut() {
                        frame.at = at;
                    }
                };
            }
            /// Does what may have called a function, and looks who is on top now.
            macro_rules! slowly {
                ($what:expr) => {{
                    save!();
                    $what?;
                    continue 'frame;
                }};
            }
            macro_rules! arithmetic {
                ($a:expr, $b:expr, $c:expr, $meta:ident, |$x:ident, $y:ident| $result:expr) => {{
                    let window = registers!(self, base);
                    match (operand(window, constants, $b), operand(window, constants, $c)) {
                        (Value::Number($x), Value::Number($y)) => {
                            let result: f64 = $result;
                            window[usize::from($a)] =
                                Value::Number(if result.is_nan() { not_a_number($x, $y) } else { result });
                        }
                        (b, c) => {
                            slowly!(self.arithmetic(
                                crate::meta::Meta::$meta,
                                $a,
                                (b, register($b)),
                                (c, register($c))
                            ))
                        }
                    }
                }};
            }
            macro_rules! compare {
                ($expected:expr, $b:expr, $c:expr, $slow:ident, |$x:ident, $y:ident| $result:expr) => {{
                    let window = registers!(self, base);
                    match (operand(window, constants, $b), operand(window, constants, $c)) {
                        (Value::Number($x), Value::Number($y)) => at += usize::from(($result) != $expected),
                        (b, c) => slowly!(self.$slow(b, c, $expected)),
                    }
                }};
            }
            loop {
                if self.fuel == 0 {
                    save!();
                    return Ok(Exit::Paused);
                }
                self.fuel -= 1;
                let Some(op) = code.get(at).copied() else { return Err(Raise::Abort(Abort::Internal)) };
                at += 1;
                match op {
                    Op::Move { a, b } => {
                        let window = registers!(self, base);
                        window[usize::from(a)] = window[usize::from(b)];
                    }
                    Op::LoadConstant { a, constant } => {
                        registers!(self, base)[usize::from(a)] = constant_at(constants, constant);
                    }
                    Op::LoadBool { a, value, skips } => {
                        registers!(self, base)[usize::from(a)] = Value::Bool(value);
                        at += usize::from(skips);
                    }
                    Op::LoadNil { a, last } => {
                        registers!(self, base)[usize::from(a)..=usize::from(last)].fill(Value::Nil);
                    }
                    Op::GetUpvalue { a, upvalue } => {
                        let value = self.upvalue(self.heap.closures[closure].upvalues[usize::from(upvalue)]);
                        registers!(self, base)[usize::from(a)] = value;
                    }
                    Op::SetUpvalue { a, upvalue } => {
                        let value = registers!(self, base)[usize::from(a)];
                        let place = self.heap.closures[closure].upvalues[usize::from(upvalue)];
                        self.set_upvalue(place, value);
                    }
                    Op::GetGlobal { a, name } => {
                        let globals = self.heap.closures[closure].environment;
                        let name = constant_at(constants, name);
                        let table = &self.heap.tables[globals];
                        let value = table.get(name);
                        if value.is_nil() && table.metatable.is_some() {
                            slowly!(self.index((Value::Table(globals), None), name, a));
                        }
                        registers!(self, base)[usize::from(a)] = value;
                    }
                    Op::SetGlobal { a, name } => {
                        let globals = Value::Table(self.heap.closures[closure].environment);
                        let value = registers!(self, base)[usize::from(a)];
                        save!();
                        if self.set_index((globals, None), constant_at(constants, name), value)? {
                            continue 'frame;
                        }
                    }
                    Op::GetTable { a, table, key } => {
                        let window = registers!(self, base);
                        let key = operand(window, constants, key);
                        let object = window[usize::from(table)];
                        if let Value::Table(found) = object {
                            let found = &self.heap.tables[found];
                            let value = found.get(key);
                            if !value.is_nil() || found.metatable.is_none() {
                                window[usize::from(a)] = value;
                                continue;
                            }
                        }
                        slowly!(self.index((object, Some(table)), key, a));
                    }
                    Op::SetTable { table, key, value } => {
                        let window = registers!(self, base);
                        let (key, value) =
                            (operand(window, constants, key), operand(window, constants, value));
                        let object = window[usize::from(table)];
                        if let Value::Table(found) = object {
                            let found = &mut self.heap.tables[found];
                            if !found.is_frozen
                                && let Some(slot) = found.present_mut(key)
                            {
                                *slot = value;
                                continue;
                            }
                        }
                        save!();
                        if self.set_index((object, Some(table)), key, value)? {
                            continue 'frame;
                        }
                    }
                    Op::NewTable { a, array, nodes } => {
                        let table = Table::with_sizes(unpacked_size(array), unpacked_size(nodes));
                        let table = self.heap.table(table);
                        registers!(self, base)[usize::from(a)] = Value::Table(table);
                        save!();
                        self.collect_if_due()?;
                    }
                    Op::Method { a, object, name } => {
                        let window = registers!(self, base);
                        let value = window[usize::from(object)];
                        let name = operand(window, constants, name);
                        window[usize::from(a.wrapping_add(1))] = value;
                        slowly!(self.index((value, Some(object)), name, a));
                    }
                    Op::Add { a, b, c } => arithmetic!(a, b, c, Add, |x, y| x + y),
                    Op::Subtract { a, b, c } => arithmetic!(a, b, c, Sub, |x, y| x - y),
                    Op::Multiply { a, b, c } => arithmetic!(a, b, c, Mul, |x, y| x * y),
                    Op::Divide { a, b, c } => arithmetic!(a, b, c, Div, |x, y| x / y),
                    Op::Modulo { a, b, c } => arithmetic!(a, b, c, Mod, |x, y| crate::operate::modulo(x, y)),
                    Op::Power { a, b, c } => arithmetic!(a, b, c, Pow, |x, y| crate::operate::power(x, y)),
                    Op::Negate { a, b } => {
                        let window = registers!(self, base);
                        match window[usize::from(b)] {
                            Value::Number(number) => window[usize::from(a)] = Value::Number(-number),
                            value => slowly!(self.negate(a, (value, Some(b)))),
                        }
                    }
                    Op::Not { a, b } => {
                        let window = registers!(self, base);
                        window[usize::from(a)] = Value::Bool(!window[usize::from(b)].is_true());
                    }
                    Op::Length { a, b } => {
                        let window = registers!(self, base);
                        window[usize::from(a)] = match window[usize::from(b)] {
                            Value::Table(table) => Value::Number(self.heap.tables[table].border()),
                            Value::Str(string) => Value::Number(self.heap.strings.bytes(string).len() as f64),
                            value => slowly!(self.length(a, (value, Some(b)))),
                        };
                    }
                    Op::Concat { a, first, last } => {
                        save!();
                        self.collect_if_due()?;
                        if self.concatenate(a, first, last)? {
                            continue 'frame;
                        }
                    }
                    Op::Jump { by } => at = target(at, by),
                    Op::Equal { expected, b, c } => {
                        let window = registers!(self, base);
                        let (x, y) = (operand(window, constants, b), operand(window, constants, c));
                        if x.raw_equals(y) {
                            at += usize::from(!expected);
                        } else if matches!(
                            (x, y),
                            (Value::Table(_), Value::Table(_)) | (Value::Userdata(_), Value::Userdata(_))
                        ) {
                            slowly!(self.equal_objects(x, y, expected));
                        } else {
                            at += usize::from(expected);
                        }
                    }
                    Op::Less { expected, b, c } => compare!(expected, b, c, less, |x, y| x < y),
                    Op::LessEqual { expected, b, c } => compare!(expected, b, c, less_equal, |x, y| x <= y),
                    Op::Test { a, expected } => {
                        at += usize::from(registers!(self, base)[usize::from(a)].is_true() != expected);
                    }
                    Op::TestSet { a, b, expected } => {
                        let window = registers!(self, base);
                        let value = window[usize::from(b)];
                        if value.is_true() == expected {
                            window[usize::from(a)] = value;
                        } else {
                            at += 1;
                        }
                    }
                    Op::Call { a, arguments, results } => {
                        let slot = base + usize::from(a);
                        let count = self.count(arguments, slot + 1);
                        save!();
                        if let Value::Closure(callee) = self.thread.stack[slot]
                            && self.thread.frames.len() < CALLS
                        {
                            self.enter(callee, slot, count, Then::Results(results));
                            continue 'frame;
                        }
                        if !self.call(slot, count, Then::Results(results))? {
                            continue 'frame;
                        }
                    }
                    Op::TailCall { a, arguments } => {
                        let slot = base + usize::from(a);
                        let count = self.count(arguments, slot + 1);
                        save!();
                        self.tail_call(slot, count)?;
                        continue 'frame;
                    }
                    Op::Return { a, results } => {
                        let first = base + usize::from(a);
                        let count = self.count(results, first);
                        if !self.thread.open.is_empty() {
                            self.close_upvalues(base);
                        }
                        self.return_results(first, count)?;
                        continue 'frame;
                    }
                    Op::ForLoop { a, by } => {
                        let window = registers!(self, base);
                        let a = usize::from(a);
                        let (Value::Number(index), Value::Number(limit), Value::Number(step)) =
                            (window[a], window[(a + 1) % WINDOW], window[(a + 2) % WINDOW])
                        else {
                            return Err(Raise::Abort(Abort::Internal));
                        };
                        let index = index + step;
                        if if step > 0.0 { index <= limit } else { limit <= index } {
                            window[a] = Value::Number(index);
                            window[(a + 3) % WINDOW] = Value::Number(index);
                            at = target(at, by);
                        }
                    }
                    Op::ForPrepare { a, by } => {
                        save!();
                        self.prepare_for(base + usize::from(a))?;
                        at = target(at, by);
                    }
                    Op::IteratorCall { a, results } => {
                        let slot = base + usize::from(a);
                        self.ensure(slot + 6 + WINDOW);
                        self.thread.stack.copy_within(slot..slot + 3, slot + 3);
                        self.thread.top = slot + 6;
                        save!();
                        if !self.call(slot + 3, 2, Then::Iterator(Count::from(results) + 1))? {
                            continue 'frame;
                        }
                    }
                    Op::IteratorTest { a, by } => {
                        let slot = base + usize::from(a);
                        let control = self.thread.stack[slot + 3];
                        if !control.is_nil() {
                            self.thread.stack[slot + 2] = control;
                            at = target(at, by);
                        }
                    }
                    Op::SetList { a, count, first } => {
                        let slot = base + usize::from(a);
                        let count = if count == 0 { self.thread.top - slot - 1 } else { usize::from(count) };
                        self.set_list(slot, count, first as usize)?;
                    }
                    Op::Close { a } => self.close_upvalues(base + usize::from(a)),
                    Op::Closure { a, proto: index } => {
                        let new = self.make_closure(closure, &proto, index as usize, base);
                        registers!(self, base)[usize::from(a)] = new;
                        save!();
                        self.collect_if_due()?;
                    }
                    Op::Vararg { a, results } => self.load_varargs(base, a, results, &proto)?,
                }
            }
        }
    }

    fn count(&self, count: Count, first: usize) -> usize {
        match count {
            0 => self.thread.top - first,
            count => usize::from(count) - 1,
        }
    }

    /// Puts a call in the place of the one that runs.
    fn tail_call(&mut self, slot: usize, mut arguments: usize) -> Result<(), Raise> {
        let Value::Closure(_) = self.callee(slot, &mut arguments)? else {
            // The instruction behind returns what comes back.
            return self.call(slot, arguments, Then::Results(0)).map(drop);
        };
        if !self.thread.open.is_empty() {
            self.close_upvalues(self.base()?);
        }
        let frame = self.pop_frame()?;
        self.charge_for_copy(arguments);
        self.thread.stack.copy_within(slot..=slot + arguments, frame.function);
        self.call(frame.function, arguments, frame.then)?;
        if let Some(new) = self.thread.frames.last_mut() {
            new.tail_calls = frame.tail_calls + 1;
        }
        Ok(())
    }

    fn prepare_for(&mut self, slot: usize) -> Result<(), Raise> {
        let mut numbers = [0.0; 3];
        for (at, what) in ["initial value", "limit", "step"].into_iter().enumerate() {
            match self.number_of(self.thread.stack[slot + at]) {
                Some(number) => numbers[at] = number,
                None => return Err(self.error(&format!("'for' {what} must be a number"))),
            }
        }
        numbers[0] -= numbers[2];
        for (at, number) in numbers.into_iter().enumerate() {
            self.thread.stack[slot + at] = Value::Number(number);
        }
        Ok(())
    }

    fn set_list(&mut self, slot: usize, count: usize, first: usize) -> Result<(), Raise> {
        let Value::Table(table) = self.thread.stack[slot] else { return Err(Raise::Abort(Abort::Internal)) };
        let grown = self.heap.tables[table].grow_array(first + count - 1);
        self.heap.grow(grown);
        for at in (0..count).rev() {
            let value = self.thread.stack[slot + 1 + at];
            self.heap.set(table, Value::Number((first + at) as f64), value);
        }
        self.collect_if_due()
    }

    fn make_closure(&mut self, outer: Ref<Closure>, proto: &Proto, index: usize, base: usize) -> Value {
        let inner = Rc::clone(&proto.protos[index]);
        let mut upvalues = Vec::with_capacity(inner.captures.len());
        for capture in &inner.captures {
            upvalues.push(match capture {
                Capture::Register(register) => self.find_upvalue(base + usize::from(*register)),
                Capture::Upvalue(number) => self.heap.closures[outer].upvalues[usize::from(*number)],
            });
        }
        let environment = self.heap.closures[outer].environment;
        Value::Closure(self.heap.closure(Closure { proto: inner, upvalues: upvalues.into(), environment }))
    }

    fn load_varargs(&mut self, base: usize, a: u8, results: Count, proto: &Proto) -> Result<(), Raise> {
        let function = self.thread.frames.last().map_or(base, |frame| frame.function);
        let from = function + 1 + usize::from(proto.parameters);
        let there = base.saturating_sub(from);
        let slot = base + usize::from(a);
        let wanted = results.checked_sub(1).map_or(there, usize::from);
        self.ensure(slot + wanted + WINDOW);
        let copied = there.min(wanted);
        self.charge_for_copy(wanted);
        self.thread.stack.copy_within(from..from + copied, slot);
        self.thread.stack[slot + copied..slot + wanted].fill(Value::Nil);
        if results == 0 {
            self.thread.top = slot + wanted;
        }
        Ok(())
    }
}

#[inline]
fn constant_at(constants: &[Value], index: u32) -> Value {
    constants.get(index as usize).copied().unwrap_or_default()
}

/// What is no number comes out of a processor as this one where it went in as numbers; WebAssembly leaves its sign open,
/// and `tostring` shows it.
#[cold]
fn not_a_number(x: f64, y: f64) -> f64 {
    if x.is_nan() {
        x
    } else if y.is_nan() {
        y
    } else {
        -f64::NAN.abs()
    }
}
