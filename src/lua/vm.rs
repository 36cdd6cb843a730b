//! The interpreter as its host sees it: load, start, run for so many instructions, answer, look inside.
//!
//! A call of a Lua function, of a metamethod, of a comparator or of a coroutine is an entry in a list, so that a program of
//! any depth can be stopped between two instructions, looked at, gone on with or dropped. Only native functions that call
//! native ones are nested on the host's stack, and no deeper than 5.1 lets them be on C's. What the
//! host's functions want of the host they say by pausing: the interpreter knows no keys and no commands.

use crate::call::BOUNDARIES;
use crate::closure::{Closure, Native, Upvalue};
use crate::compiler;
use crate::heap::Heap;
use crate::lexer::SyntaxError;
use crate::library::math::Random;
use crate::table::Table;
use crate::thread::{Body, Frame, State, Status, Then, Thread, WINDOW};
use crate::value::{Ref, Str, Value};

pub use crate::ctx::Ctx;

/// A function of the host's.
pub type NativeFn = fn(&mut Ctx<'_>) -> Result<Flow, Raise>;

/// How a native function goes on.
#[derive(Debug)]
pub enum Flow {
    /// It returns the last so many values that it pushed.
    Return(usize),
    /// It calls: the last values pushed are a function and so many arguments.
    Call { arguments: usize, then: Box<dyn crate::thread::Continue> },
    /// It calls, and an error inside is a result.
    Protect { arguments: usize },
    /// The same; an error goes to the function in its second argument first.
    Handle,
    /// It goes on with a coroutine, with the last so many values.
    Resume { thread: Ref<Thread>, arguments: usize, is_wrapped: bool },
    /// It gives the last so many values to who resumed this coroutine.
    Yield(usize),
    /// It asks the host, who answers by [`Vm::answer`] or [`Vm::fail`].
    Host,
}

/// What interrupts a function.
#[derive(Clone, Debug)]
pub enum Raise {
    /// An error as scripts know it: any value; `pcall` catches it.
    Error(Value),
    /// A limit of the host's: nothing catches it.
    Abort(Abort),
}

/// A limit that was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abort {
    Memory,
    StringLength,
    PatternSteps,
    Depth,
    /// A rule of the interpreter's own was broken. It is a defect, told instead of a panic.
    Internal,
}

/// How far a run came.
#[derive(Clone, Debug)]
pub enum Signal {
    /// The function returned: [`Vm::results`].
    Done,
    /// It ended in an error that nothing caught.
    Failed(Value),
    /// The instructions are used up; it can be gone on with.
    Paused,
    /// A native function asks its host: [`Vm::request`].
    Host,
    Aborted(Abort),
}

/// What a program may use at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes in all.
    pub memory: usize,
    /// Bytes of one string.
    pub string: usize,
    /// Steps of matching one pattern.
    pub pattern_steps: u64,
    /// Calls that are open, in all coroutines that wait for each other.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory: 256 << 20, string: 64 << 20, pattern_steps: 50_000_000, depth: 400_000 }
    }
}

/// An interpreter of Lua 5.1.
#[derive(Clone, Debug)]
pub struct Vm {
    pub(crate) heap: Heap,
    /// The coroutine that runs; its place on the heap is empty meanwhile.
    pub(crate) thread: Thread,
    pub(crate) current: Ref<Thread>,
    /// Those that wait for it, the main program first.
    pub(crate) waiting: Vec<Ref<Thread>>,
    /// Results of a call that the native function on top has not gone on with yet: from which slot, how many.
    pub(crate) pending: Option<(usize, usize)>,
    /// What the host's answer came to, where that is an error.
    raised: Option<Raise>,
    /// Instructions left.
    pub(crate) fuel: u64,
    /// What was done beyond them by functions that do much at once: the next runs begin with it.
    pub(crate) debt: u64,
    pub(crate) limits: Limits,
    pub(crate) globals: Ref<Table>,
    /// What the host wants kept.
    pub(crate) kept: Vec<Value>,
    pub(crate) random: Random,
    /// Seconds, for `os.clock`.
    pub(crate) seconds: f64,
    pub(crate) hooks: Hooks,
}

/// How the host wants errors to look.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hooks {
    /// What becomes of one that nothing catches, while what failed is still there to be looked at.
    pub uncaught: Option<fn(&mut Vm, Value) -> Value>,
    /// What `pcall` gives for one.
    pub caught: Option<fn(&mut Heap, Value) -> Value>,
}

impl Vm {
    /// An interpreter with the libraries of 5.1 and of Redis.
    pub fn new(limits: Limits) -> Self {
        let mut heap = Heap::new();
        let globals = heap.table(Table::default());
        let main = heap.thread(Thread::default());
        let thread = Thread { status: Status::Running, ..Thread::new(globals) };
        let mut vm = Self {
            heap,
            thread,
            current: main,
            waiting: Vec::new(),
            pending: None,
            raised: None,
            fuel: 0,
            debt: 0,
            limits,
            globals,
            kept: Vec::new(),
            random: Random::default(),
            seconds: 0.0,
            hooks: Hooks::default(),
        };
        crate::library::open(&mut vm);
        vm
    }

    pub fn heap(&mut self) -> &mut Heap {
        &mut self.heap
    }

    /// The bytes of a string.
    pub fn str(&self, string: Str) -> &[u8] {
        self.heap.str(string)
    }

    /// What a table holds under a key, without metamethods.
    pub fn get(&self, table: Ref<Table>, key: Value) -> Value {
        self.heap.get(table, key)
    }

    /// A value in a few words.
    pub fn describe(&self, value: Value) -> String {
        self.heap.describe(value)
    }

    /// Bytes that everything takes.
    pub fn bytes(&self) -> usize {
        self.heap.bytes()
    }

    pub fn globals(&self) -> Ref<Table> {
        self.globals
    }

    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    pub fn set_hooks(&mut self, hooks: Hooks) {
        self.hooks = hooks;
    }

    /// What `math.random` goes on from.
    pub fn random(&mut self) -> &mut Random {
        &mut self.random
    }

    /// Sets what `os.clock` gives.
    pub fn set_seconds(&mut self, seconds: f64) {
        self.seconds = seconds;
    }

    /// A native function with values of its own.
    pub fn native(&mut self, run: NativeFn, upvalues: &[Value]) -> Value {
        let native = Native { run, upvalues: upvalues.into(), environment: self.globals };
        Value::Native(self.heap.native(native))
    }

    /// Keeps a value from being collected, for as long as the interpreter lives.
    pub fn keep(&mut self, value: Value) {
        self.kept.push(value);
    }

    /// Compiles source text. `name` is the chunk's: `@file`, `=name`, or the text itself.
    pub fn load(&mut self, source: &[u8], name: &[u8]) -> Result<Value, SyntaxError> {
        self.load_within(source, name, compiler::LEVELS)
    }

    /// The same for a program that runs.
    pub(crate) fn load_here(&mut self, source: &[u8], name: &[u8]) -> Result<Value, SyntaxError> {
        self.load_within(source, name, BOUNDARIES.saturating_sub(self.thread.boundaries))
    }

    fn load_within(&mut self, source: &[u8], name: &[u8], levels: usize) -> Result<Value, SyntaxError> {
        let proto = compiler::compile(&mut self.heap, source, name, levels)?;
        let closure = Closure { proto, upvalues: Box::default(), environment: self.thread.globals };
        Ok(Value::Closure(self.heap.closure(closure)))
    }

    /// Begins a call of a function; what ran before is dropped.
    pub fn start(&mut self, function: Value, arguments: &[Value]) -> Result<(), Raise> {
        self.reset();
        self.ensure(arguments.len() + 1 + WINDOW);
        self.push(function);
        self.push_all(arguments);
        self.collect_if_due()?;
        self.call(0, arguments.len(), Then::Results(0)).map(drop)
    }

    /// Runs for so many instructions at most. A function that did more at once than was left is made up for first.
    pub fn run(&mut self, fuel: u64) -> Signal {
        let paid = self.debt.min(fuel);
        self.debt -= paid;
        self.fuel = fuel - paid;
        if let Some(raise) = self.raised.take()
            && let Some(signal) = self.raise(raise)
        {
            return signal;
        }
        loop {
            match self.execute() {
                Ok(Exit::Paused) => return Signal::Paused,
                Ok(Exit::Host) => return Signal::Host,
                Ok(Exit::Returned) if self.waiting.is_empty() => return Signal::Done,
                Ok(Exit::Returned) => {
                    if let Err(raise) = self.return_to_resumer()
                        && let Some(signal) = self.raise(raise)
                    {
                        return signal;
                    }
                }
                Err(raise) => {
                    if let Some(signal) = self.raise(raise) {
                        return signal;
                    }
                }
            }
        }
    }

    /// Instructions that the last run left over.
    pub fn fuel(&self) -> u64 {
        self.fuel
    }

    /// What the function returned.
    pub fn results(&self) -> &[Value] {
        &self.thread.stack[..self.thread.top]
    }

    /// Deals with what was raised; a signal, where it ends the run.
    fn raise(&mut self, mut raise: Raise) -> Option<Signal> {
        loop {
            match raise {
                Raise::Abort(abort) => {
                    self.reset();
                    return Some(Signal::Aborted(abort));
                }
                Raise::Error(mut value) => match self.unwind(value) {
                    Ok(true) => return None,
                    Ok(false) => {
                        value = self.seen_by_host(value);
                        self.reset();
                        return Some(Signal::Failed(value));
                    }
                    Err(next) => raise = next,
                },
            }
        }
    }

    /// What an error becomes that nothing here catches.
    pub(crate) fn seen_by_host(&mut self, error: Value) -> Value {
        match self.hooks.uncaught {
            Some(hook) if !self.is_protected() => hook(self, error),
            _ => error,
        }
    }

    /// Drops everything that runs or waits.
    pub fn reset(&mut self) {
        while let Some(waiting) = self.waiting.pop() {
            let stopped = std::mem::take(&mut self.heap.threads[waiting]);
            let mut dead = std::mem::replace(&mut self.thread, stopped);
            dead.status = Status::Dead;
            let at = std::mem::replace(&mut self.current, waiting);
            self.heap.threads[at] = dead;
        }
        self.close_upvalues(0);
        self.pending = None;
        self.raised = None;
        self.debt = 0;
        self.thread.frames.clear();
        self.thread.boundaries = 0;
        self.thread.top = 0;
        self.thread.status = Status::Running;
    }
}

/// Why the interpreter's loop was left.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Exit {
    Paused,
    Host,
    /// The coroutine's first function returned; its results are at the bottom of the stack.
    Returned,
}

/// The stack.
impl Vm {
    /// Makes the stack as long as asked for.
    pub(crate) fn ensure(&mut self, length: usize) {
        let stack = &mut self.thread.stack;
        if stack.len() < length {
            let new = length.next_power_of_two();
            self.heap.grow(((new - stack.len()) * 16) as isize);
            stack.resize(new, Value::Nil);
        }
    }

    pub(crate) fn push(&mut self, value: Value) {
        let top = self.thread.top;
        if top >= self.thread.stack.len() {
            self.ensure(top + 1);
        }
        self.thread.stack[top] = value;
        self.thread.top = top + 1;
    }

    pub(crate) fn push_all(&mut self, values: &[Value]) {
        for value in values {
            self.push(*value);
        }
    }

    pub(crate) fn find_upvalue(&mut self, slot: usize) -> Ref<Upvalue> {
        let open = &self.thread.open;
        let place = open.partition_point(|(other, _)| *other < slot);
        if let Some((other, at)) = open.get(place)
            && *other == slot
        {
            return *at;
        }
        let at = self.heap.upvalue(Upvalue::Open { thread: self.current, slot });
        self.thread.open.insert(place, (slot, at));
        at
    }

    /// Variables from a slot on leave the stack: closures that caught them keep them by themselves.
    pub(crate) fn close_upvalues(&mut self, from: usize) {
        while let Some((slot, at)) = self.thread.open.pop_if(|(slot, _)| *slot >= from) {
            self.heap.upvalues[at] = Upvalue::Closed(self.thread.stack[slot]);
        }
    }

    pub(crate) fn upvalue(&self, at: Ref<Upvalue>) -> Value {
        match self.heap.upvalues[at] {
            Upvalue::Closed(value) => value,
            Upvalue::Open { thread, slot } if thread == self.current => self.thread.stack[slot],
            Upvalue::Open { thread, slot } => self.heap.threads[thread].stack[slot],
        }
    }

    pub(crate) fn set_upvalue(&mut self, at: Ref<Upvalue>, value: Value) {
        match &mut self.heap.upvalues[at] {
            Upvalue::Closed(old) => *old = value,
            Upvalue::Open { thread, slot } if *thread == self.current => self.thread.stack[*slot] = value,
            Upvalue::Open { thread, slot } => {
                let (thread, slot) = (*thread, *slot);
                self.heap.threads[thread].stack[slot] = value;
            }
        }
    }
}

/// Memory.
impl Vm {
    /// Forgets what lies above what is in use, and gives back most of that room where it is much.
    fn trim_stack(&mut self) {
        let end = self.thread.end();
        let stack = &mut self.thread.stack;
        stack[end..].fill(Value::Nil);
        let enough = (end + WINDOW).next_power_of_two();
        if stack.len() > enough * 4 {
            self.heap.grow(-(((stack.len() - enough) * 16) as isize));
            stack.truncate(enough);
            stack.shrink_to_fit();
        }
    }

    /// Frees everything that nothing refers to.
    pub fn collect(&mut self) {
        self.trim_stack();
        let Self { heap, thread, .. } = self;
        thread.walk(heap);
        self.heap.mark_table(self.globals);
        for at in 0..self.kept.len() {
            self.heap.mark(self.kept[at]);
        }
        self.heap.mark(Value::Thread(self.current));
        for at in 0..self.waiting.len() {
            self.heap.mark(Value::Thread(self.waiting[at]));
        }
        self.heap.collect();
        self.heap.limit_threshold(self.limits.memory);
    }
}

/// What the host answers.
impl Vm {
    /// Answers a native function that asked the host: these are its results. The program goes on when it is run.
    pub fn answer(&mut self, values: &[Value]) {
        self.push_all(values);
        self.raised = self.return_native(values.len()).err();
    }

    /// Fails it with an error instead, which is raised when the program is run.
    pub fn fail(&mut self, error: Value) {
        self.raised = Some(Raise::Error(error));
    }

    /// The arguments of the native function that asks the host, and the function itself.
    pub fn request(&self) -> Option<(Value, &[Value])> {
        match self.thread.frames.last() {
            Some(Frame { base, body: Body::Native { native, arguments, state: State::Host }, .. }) => {
                Some((Value::Native(*native), &self.thread.stack[*base..base + *arguments as usize]))
            }
            _ => None,
        }
    }
}
