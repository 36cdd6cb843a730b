//! Calls and returns: who is called, where results go, and what an error takes down.
//!
//! It knows nothing of single instructions.

use std::rc::Rc;

use crate::closure::{Closure, Native};
use crate::ctx::Ctx;
use crate::meta::Meta;
use crate::proto::Varargs;
use crate::table::Table;
use crate::thread::{Body, Frame, State, Status, Then, WINDOW};
use crate::value::{Ref, Value};
use crate::vm::{Abort, Flow, Raise, Vm};

/// How many calls may be open in one coroutine: the size that 5.1's list of them has when it may not double again.
pub(crate) const CALLS: usize = 16_383;
/// How many calls across which nothing may yield: what 5.1 allows on C's stack, but for the host's own.
pub(crate) const BOUNDARIES: usize = 199;

impl Vm {
    /// Calls what is in a slot with the arguments behind it. A Lua function is entered; a native one has returned when
    /// this returns, unless it waits for something.
    /// Tells whether it has returned and who called is on top again.
    pub(crate) fn call(&mut self, slot: usize, mut arguments: usize, then: Then) -> Result<bool, Raise> {
        if self.thread.frames.len() >= CALLS {
            self.check_depth()?;
        }
        if then.is_boundary() {
            self.check_boundaries()?;
        }
        match self.callee(slot, &mut arguments)? {
            Value::Closure(closure) => {
                self.enter(closure, slot, arguments, then);
                Ok(false)
            }
            Value::Native(native) => self.run_native(native, slot, arguments, then),
            _ => Err(Raise::Abort(Abort::Internal)),
        }
    }

    /// The function that a call of what is in a slot means. An object that can be called becomes the first argument of
    /// the function that does it.
    pub(crate) fn callee(&mut self, slot: usize, arguments: &mut usize) -> Result<Value, Raise> {
        let value = self.thread.stack[slot];
        if value.is_function() {
            return Ok(value);
        }
        let method = self.heap.metamethod(value, Meta::Call);
        if !method.is_function() {
            return Err(self.type_error_at(slot, "call"));
        }
        self.ensure(slot + *arguments + 2 + WINDOW);
        self.thread.stack.copy_within(slot..=slot + *arguments, slot + 1);
        self.thread.stack[slot] = method;
        *arguments += 1;
        self.thread.top = slot + *arguments + 1;
        Ok(method)
    }

    #[cold]
    fn check_depth(&mut self) -> Result<(), Raise> {
        // A little more, so that who deals with the error can call something.
        let is_handling = self.is_handling_error();
        if self.thread.frames.len() >= CALLS + if is_handling { CALLS / 8 } else { 0 } {
            return Err(self.error("stack overflow"));
        }
        Ok(())
    }

    fn check_boundaries(&mut self) -> Result<(), Raise> {
        let open = self.thread.boundaries + 1;
        if open < BOUNDARIES || (self.is_handling_error() && open < BOUNDARIES + BOUNDARIES / 8) {
            return Ok(());
        }
        Err(self.error("C stack overflow"))
    }

    fn is_handling_error(&self) -> bool {
        self.thread
            .frames
            .iter()
            .any(|frame| matches!(&frame.body, Body::Native { state: State::Handler { .. }, .. }))
    }

    fn push_frame(&mut self, frame: Frame) {
        self.thread.boundaries += usize::from(frame.then.is_boundary());
        self.thread.frames.push(frame);
    }

    pub(crate) fn pop_frame(&mut self) -> Result<Frame, Raise> {
        let frame = self.thread.frames.pop().ok_or(Raise::Abort(Abort::Internal))?;
        self.thread.boundaries -= usize::from(frame.then.is_boundary());
        Ok(frame)
    }

    #[inline]
    pub(crate) fn enter(&mut self, closure: Ref<Closure>, slot: usize, arguments: usize, then: Then) {
        let proto = Rc::clone(&self.heap.closures[closure].proto);
        let parameters = usize::from(proto.parameters);
        let base = if proto.varargs == Varargs::No {
            slot + 1
        } else {
            self.move_arguments(slot, arguments, parameters, proto.varargs)
        };
        if self.thread.stack.len() < base + WINDOW {
            self.ensure(base + WINDOW);
        }
        if proto.varargs == Varargs::No && arguments < parameters {
            self.thread.stack[base + arguments..base + parameters].fill(Value::Nil);
        }
        self.push_frame(Frame {
            function: slot,
            base,
            at: 0,
            then,
            body: Body::Lua { closure, proto },
            tail_calls: 0,
            concat: 0,
        });
    }

    /// Moves named arguments above the others, which stay below the first register. Gives that.
    fn move_arguments(&mut self, slot: usize, given: usize, parameters: usize, varargs: Varargs) -> usize {
        let base = slot + 1 + given;
        self.ensure(base + parameters + 1 + WINDOW);
        let stack = &mut self.thread.stack;
        for at in 0..parameters {
            stack[base + at] =
                if at < given { std::mem::take(&mut stack[slot + 1 + at]) } else { Value::Nil };
        }
        // There it is nil where the function does without the table.
        stack[base + parameters] = Value::Nil;
        if varargs == Varargs::Table {
            let extra = given.saturating_sub(parameters);
            let mut table = Table::with_sizes(extra, 1);
            for at in 0..extra {
                table.set(Value::Number((at + 1) as f64), self.thread.stack[slot + 1 + parameters + at]);
            }
            let table = self.heap.table(table);
            self.heap.set_field(table, "n", Value::Number(extra as f64));
            self.thread.stack[base + parameters] = Value::Table(table);
        }
        base
    }

    fn run_native(
        &mut self,
        native: Ref<Native>,
        slot: usize,
        arguments: usize,
        then: Then,
    ) -> Result<bool, Raise> {
        let base = slot + 1;
        self.thread.top = base + arguments;
        self.push_frame(Frame {
            function: slot,
            base,
            at: 0,
            then,
            body: Body::Native { native, arguments: arguments as u32, state: State::Running },
            tail_calls: 0,
            concat: 0,
        });
        self.collect_if_due()?;
        let run = self.heap.natives[native].run;
        let flow = run(&mut Ctx::new(self, base, arguments))?;
        if let Flow::Return(count) = flow {
            self.return_native(count)?;
            return Ok(then != Then::Continue);
        }
        self.follow(flow)?;
        Ok(false)
    }

    /// Does what the native function on top asks for.
    fn follow(&mut self, flow: Flow) -> Result<(), Raise> {
        match flow {
            Flow::Return(count) => self.return_native(count),
            Flow::Call { arguments, then } => {
                self.set_state(State::Calling(then))?;
                self.call(self.thread.top - arguments - 1, arguments, Then::Continue).map(drop)
            }
            Flow::Protect { arguments } => {
                self.set_state(State::Protected)?;
                self.call(self.thread.top - arguments - 1, arguments, Then::Continue).map(drop)
            }
            Flow::Handle => {
                self.set_state(State::Handled)?;
                self.call(self.thread.top - 1, 0, Then::Continue).map(drop)
            }
            Flow::Host => self.set_state(State::Host),
            Flow::Resume { thread, arguments, is_wrapped } => {
                self.set_state(State::Resuming { is_wrapped })?;
                let from = self.thread.top - arguments;
                self.charge_for_copy(self.thread.top - from);
                let values = self.thread.stack[from..self.thread.top].to_vec();
                self.resume(thread, &values)
            }
            Flow::Yield(count) => {
                if self.waiting.is_empty() || self.thread.boundaries > 0 {
                    return Err(self.error("attempt to yield across metamethod/C-call boundary"));
                }
                let from = self.thread.top - count;
                self.charge_for_copy(self.thread.top - from);
                let values = self.thread.stack[from..self.thread.top].to_vec();
                self.switch_back(Status::Suspended)?;
                self.finish_resume(true, &values)
            }
        }
    }

    fn set_state(&mut self, new: State) -> Result<(), Raise> {
        match self.thread.frames.last_mut() {
            Some(Frame { body: Body::Native { state, .. }, .. }) => *state = new,
            _ => return Err(Raise::Abort(Abort::Internal)),
        }
        Ok(())
    }

    /// Goes over to a coroutine that is to run, or to go on behind its `yield`, with values.
    fn resume(&mut self, thread: Ref<crate::thread::Thread>, values: &[Value]) -> Result<(), Raise> {
        let open: usize = self.thread.frames.len() + self.waiting.len();
        if open > self.limits.depth || self.waiting.len() > self.limits.depth / 16 {
            return Err(Raise::Abort(Abort::Depth));
        }
        self.switch_to(thread);
        if self.thread.frames.is_empty() {
            // Its function is at the bottom of its stack.
            self.ensure(values.len() + 1 + WINDOW);
            self.push_all(values);
            return self.call(0, values.len(), Then::Results(0)).map(drop);
        }
        let Some(Frame { base, body: Body::Native { arguments, .. }, .. }) = self.thread.frames.last() else {
            return Err(Raise::Abort(Abort::Internal));
        };
        self.thread.top = base + *arguments as usize;
        self.push_all(values);
        self.return_native(values.len())
    }

    /// The native function on top returns the last so many values.
    pub(crate) fn return_native(&mut self, count: usize) -> Result<(), Raise> {
        let frame = self.pop_frame()?;
        let first = self.thread.top - count;
        self.deliver(&frame, first, count)
    }

    /// The Lua function on top returns values.
    #[inline]
    pub(crate) fn return_results(&mut self, first: usize, count: usize) -> Result<(), Raise> {
        if let Some(Frame { function, then: Then::Results(wanted @ 1..), .. }) = self.thread.frames.last() {
            // By far the most.
            let (function, wanted) = (*function, usize::from(*wanted) - 1);
            self.give(function, first, count, wanted);
            self.thread.frames.pop();
            return Ok(());
        }
        let frame = self.pop_frame()?;
        self.deliver(&frame, first, count)
    }

    /// Gives results to who called.
    pub(crate) fn deliver(&mut self, frame: &Frame, first: usize, count: usize) -> Result<(), Raise> {
        let function = frame.function;
        match frame.then {
            Then::Results(0) => {
                self.charge_for_copy(count);
                self.thread.stack.copy_within(first..first + count, function);
                self.thread.top = function + count;
            }
            Then::Results(wanted) | Then::Iterator(wanted) => {
                self.give(function, first, count, usize::from(wanted) - 1);
            }
            Then::Ignore => {}
            Then::Handled(at) => {
                let error = self.first_of(first, count);
                self.drop_frames(at as usize)?;
                return self.end_protected(error);
            }
            Then::Store(register) => {
                let value = self.first_of(first, count);
                let base = self.base()?;
                self.thread.stack[base + usize::from(register)] = value;
            }
            Then::Test { expected } => {
                let is_true = self.first_of(first, count).is_true();
                if let Some(caller) = self.thread.frames.last_mut() {
                    caller.at += usize::from(is_true != expected);
                }
            }
            Then::Concat(register) => {
                let value = self.first_of(first, count);
                let base = self.base()?;
                self.thread.stack[base + usize::from(register)] = value;
                if let Some(caller) = self.thread.frames.last_mut() {
                    // The instruction once more, with what is left of it.
                    caller.concat = u16::from(register) + 1;
                    caller.at -= 1;
                }
            }
            Then::Continue => {
                self.charge_for_copy(count);
                self.thread.stack.copy_within(first..first + count, function);
                self.thread.top = function + count;
                self.pending = Some((function, count));
            }
        }
        Ok(())
    }

    /// Brings results to the number that is wanted.
    #[inline]
    fn give(&mut self, to: usize, first: usize, count: usize, wanted: usize) {
        match (wanted, count) {
            (0, _) => {}
            (1, 1..) => self.thread.stack[to] = self.thread.stack[first],
            _ => {
                self.ensure(to + wanted);
                let copied = count.min(wanted);
                self.thread.stack.copy_within(first..first + copied, to);
                self.thread.stack[to + copied..to + wanted].fill(Value::Nil);
            }
        }
    }

    fn first_of(&self, first: usize, count: usize) -> Value {
        if count == 0 { Value::Nil } else { self.thread.stack[first] }
    }

    pub(crate) fn base(&self) -> Result<usize, Raise> {
        self.thread.frames.last().map(|frame| frame.base).ok_or(Raise::Abort(Abort::Internal))
    }

    /// The native function on top gets the results of what it called.
    pub(crate) fn go_on(&mut self, first: usize, count: usize) -> Result<(), Raise> {
        let Some(Frame { base, body: Body::Native { arguments, state, .. }, .. }) =
            self.thread.frames.last_mut()
        else {
            return Err(Raise::Abort(Abort::Internal));
        };
        let (base, arguments) = (*base, *arguments as usize);
        match std::mem::replace(state, State::Running) {
            State::Calling(then) => {
                let flow = then.resume(&mut Ctx::new(self, base, arguments), first..first + count)?;
                self.follow(flow)
            }
            State::Protected | State::Handled => {
                self.ensure(first + count + 1);
                self.thread.stack.copy_within(first..first + count, first + 1);
                self.thread.stack[first] = Value::Bool(true);
                self.thread.top = first + count + 1;
                self.return_native(count + 1)
            }
            _ => Err(Raise::Abort(Abort::Internal)),
        }
    }

    /// The protecting function on top returns an error as its result.
    fn end_protected(&mut self, error: Value) -> Result<(), Raise> {
        let (base, arguments) = match self.thread.frames.last() {
            Some(Frame { base, body: Body::Native { arguments, .. }, .. }) => (*base, *arguments as usize),
            _ => return Err(Raise::Abort(Abort::Internal)),
        };
        self.close_upvalues(base);
        self.thread.top = base + arguments;
        self.push(Value::Bool(false));
        self.push(error);
        self.return_native(2)
    }

    /// The innermost call that protects against errors.
    fn protecting(&self) -> Option<usize> {
        self.thread.frames.iter().rposition(|frame| match &frame.body {
            Body::Native { state, .. } => {
                matches!(state, State::Protected | State::Handled | State::Handler { .. })
            }
            Body::Lua { .. } => false,
        })
    }

    /// Whether an error would be caught.
    pub(crate) fn is_protected(&self) -> bool {
        self.protecting().is_some() || !self.waiting.is_empty()
    }

    /// Takes an error to who protects against it. Tells whether somebody did.
    pub(crate) fn unwind(&mut self, error: Value) -> Result<bool, Raise> {
        if let Some(at) = self.protecting() {
            return self.protect(at, error).map(|()| true);
        }
        if self.waiting.is_empty() {
            return Ok(false);
        }
        // Nobody in this coroutine: it is dead, and who resumed it hears of it.
        self.close_upvalues(0);
        self.switch_back(Status::Dead)?;
        self.finish_resume(false, &[error]).map(|()| true)
    }

    fn protect(&mut self, at: usize, error: Value) -> Result<(), Raise> {
        let Frame { base, body: Body::Native { state, .. }, .. } = &mut self.thread.frames[at] else {
            return Err(Raise::Abort(Abort::Internal));
        };
        let base = *base;
        let depth = match state {
            State::Protected => None,
            State::Handled => Some(0),
            State::Handler { depth } => Some(*depth + 1),
            _ => return Err(Raise::Abort(Abort::Internal)),
        };
        let mut error = error;
        if let Some(depth) = depth {
            // Its second argument, while what failed is still there to be looked at.
            let handler = self.thread.stack[base + 1];
            if handler.is_function() && depth < 20 {
                *state = State::Handler { depth };
                let top = self.thread.end();
                self.ensure(top + 2 + WINDOW);
                self.thread.stack[top] = handler;
                self.thread.stack[top + 1] = error;
                self.thread.top = top + 2;
                return self.call(top, 1, Then::Handled(at as u32)).map(drop);
            }
            error = Value::Str(self.heap.string(b"error in error handling"));
        } else if let Some(hook) = self.hooks.caught {
            error = hook(&mut self.heap, error);
        }
        self.drop_frames(at)?;
        self.end_protected(error)
    }

    fn drop_frames(&mut self, keep: usize) -> Result<(), Raise> {
        while self.thread.frames.len() > keep + 1 {
            self.pop_frame()?;
        }
        Ok(())
    }
}
