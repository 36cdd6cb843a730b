//! Functions as values: a prototype with what it caught from around it, or one of the host's own.
//!
//! It knows nothing of calling them.

use std::rc::Rc;

use crate::proto::Proto;
use crate::table::Table;
use crate::thread::Thread;
use crate::value::{Ref, Value};
use crate::vm::NativeFn;

/// A Lua function.
#[derive(Clone, Debug)]
pub struct Closure {
    pub(crate) proto: Rc<Proto>,
    pub(crate) upvalues: Box<[Ref<Upvalue>]>,
    /// Where its global names are looked up.
    pub(crate) environment: Ref<Table>,
}

impl Default for Closure {
    fn default() -> Self {
        Self { proto: Rc::default(), upvalues: Box::default(), environment: Ref::new(0) }
    }
}

/// A variable of an outer function: on its stack while that runs, by itself after.
#[derive(Clone, Copy, Debug)]
pub enum Upvalue {
    Open { thread: Ref<Thread>, slot: usize },
    Closed(Value),
}

impl Default for Upvalue {
    fn default() -> Self {
        Self::Closed(Value::Nil)
    }
}

/// A function of the host's, with the values it keeps between its calls.
#[derive(Clone, Debug)]
pub struct Native {
    pub(crate) run: NativeFn,
    pub(crate) upvalues: Box<[Value]>,
    pub(crate) environment: Ref<Table>,
}

impl Default for Native {
    fn default() -> Self {
        Self { run: |_| Ok(crate::vm::Flow::Return(0)), upvalues: Box::default(), environment: Ref::new(0) }
    }
}
