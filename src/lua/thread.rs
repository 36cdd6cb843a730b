//! A coroutine: its stack of values and its stack of calls. The main program is one, too.
//!
//! It knows nothing of instructions.

use std::fmt;
use std::rc::Rc;

use crate::closure::{Closure, Native, Upvalue};
use crate::heap::Heap;
use crate::op::Count;
use crate::proto::Proto;
use crate::table::Table;
use crate::value::{Ref, Value};
use crate::vm::{Ctx, Flow, Raise};

/// How many values a Lua function can name: a window of so many is always there above its first register, so that no
/// instruction needs to ask.
pub(crate) const WINDOW: usize = 256;

/// A coroutine.
#[derive(Clone, Debug, Default)]
pub struct Thread {
    pub(crate) stack: Vec<Value>,
    pub(crate) frames: Vec<Frame>,
    /// Behind the last value that is in use where a call or a return left their number open, and in native functions.
    pub(crate) top: usize,
    /// The variables on the stack that closures caught, by their slot, the lowest first.
    pub(crate) open: Vec<(usize, Ref<Upvalue>)>,
    pub(crate) status: Status,
    pub(crate) globals: Ref<Table>,
    /// How many of the calls are such that nothing may yield across them.
    pub(crate) boundaries: usize,
}

impl Default for Ref<Table> {
    fn default() -> Self {
        Self::new(0)
    }
}

/// Where a coroutine is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    #[default]
    Suspended,
    Running,
    /// It resumed another one.
    Normal,
    Dead,
}

/// A function that is being called.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// The slot of the function; its results go there.
    pub function: usize,
    /// Its first register, or argument.
    pub base: usize,
    /// Its next instruction.
    pub at: usize,
    pub then: Then,
    pub body: Body,
    /// How many calls this one took the place of.
    pub tail_calls: u32,
    /// Where a concatenation goes on whose metamethod has answered: its last register and one.
    pub concat: u16,
}

#[derive(Clone, Debug)]
pub(crate) enum Body {
    Lua { closure: Ref<Closure>, proto: Rc<Proto> },
    Native { native: Ref<Native>, arguments: u32, state: State },
}

/// What a native function waits for.
#[derive(Clone, Debug)]
pub(crate) enum State {
    /// Nothing: it runs.
    Running,
    Protected,
    /// With what is called where an error comes, in its first argument.
    Handled,
    /// A handler is at work: its result is the error.
    Handler {
        depth: u32,
    },
    Resuming {
        is_wrapped: bool,
    },
    /// The host is asked.
    Host,
    Calling(Box<dyn Continue>),
}

/// A native function that has called another and goes on when that returns.
pub trait Continue: fmt::Debug {
    /// `results` are the slots of what came back.
    fn resume(self: Box<Self>, ctx: &mut Ctx<'_>, results: std::ops::Range<usize>) -> Result<Flow, Raise>;

    fn clone_box(&self) -> Box<dyn Continue>;
}

impl Clone for Box<dyn Continue> {
    fn clone(&self) -> Self {
        self.as_ref().clone_box()
    }
}

/// What becomes of a function's results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// As many of them as the count says to where the function was.
    Results(Count),
    /// The same for an iterator: nothing may yield across it.
    Iterator(Count),
    /// The first to a register of the caller.
    Store(u8),
    /// Whether the first is true decides if the caller's next instruction is skipped.
    Test {
        expected: bool,
    },
    /// The first is the last operand of what is still to be concatenated, up to this register.
    Concat(u8),
    Ignore,
    /// The first is the error that the call at this place of the list protects against.
    Handled(u32),
    /// A native function goes on with them.
    Continue,
}

impl Then {
    pub(crate) fn is_boundary(self) -> bool {
        !matches!(self, Self::Results(_))
    }
}

impl Thread {
    pub(crate) fn new(globals: Ref<Table>) -> Self {
        Self { globals, ..Self::default() }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.stack.len() * 16
    }

    /// Behind the last slot that any call uses.
    pub(crate) fn end(&self) -> usize {
        let last = self.frames.last().map_or(0, |frame| match &frame.body {
            Body::Lua { proto, .. } => frame.base + usize::from(proto.registers),
            Body::Native { arguments, .. } => frame.base + *arguments as usize,
        });
        last.max(self.top).min(self.stack.len())
    }

    /// Marks what the stack and the calls hold.
    pub(crate) fn walk(&self, heap: &mut Heap) {
        heap.mark_table(self.globals);
        self.stack[..self.end()].iter().for_each(|value| heap.mark(*value));
        self.open.iter().for_each(|(_, at)| heap.mark_upvalue(*at));
        for frame in &self.frames {
            match &frame.body {
                Body::Lua { closure, proto } => {
                    heap.mark(Value::Closure(*closure));
                    heap.mark_proto(proto);
                }
                Body::Native { native, .. } => heap.mark(Value::Native(*native)),
            }
        }
    }

    /// The call on a level as `error` and `getfenv` count them, 0 being the innermost; none for one that a tail call
    /// took the place of.
    pub(crate) fn level(&self, level: usize) -> Level<'_> {
        let mut left = level;
        for frame in self.frames.iter().rev() {
            if left == 0 {
                return Level::Frame(frame);
            }
            left -= 1;
            let lost = frame.tail_calls as usize;
            if left < lost {
                return Level::Lost;
            }
            left -= lost;
        }
        Level::None
    }
}

pub(crate) enum Level<'a> {
    Frame(&'a Frame),
    Lost,
    None,
}
