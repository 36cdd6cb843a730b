//! From one coroutine to another and back: whose stack and whose calls are those that the machine works on.
//!
//! It knows nothing of instructions.

use crate::thread::{Body, Frame, State, Status, Thread};
use crate::value::{Ref, Value};
use crate::vm::{Abort, Raise, Vm};

impl Vm {
    /// Goes over to a coroutine; the one that ran waits.
    pub(crate) fn switch_to(&mut self, thread: Ref<Thread>) {
        let next = std::mem::take(&mut self.heap.threads[thread]);
        let mut previous = std::mem::replace(&mut self.thread, next);
        previous.status = Status::Normal;
        self.thread.status = Status::Running;
        let current = std::mem::replace(&mut self.current, thread);
        self.heap.threads[current] = previous;
        self.waiting.push(current);
    }

    /// Goes back to who resumed the coroutine that runs, which is left with a status.
    pub(crate) fn switch_back(&mut self, status: Status) -> Result<(), Raise> {
        let Some(resumer) = self.waiting.pop() else { return Err(Raise::Abort(Abort::Internal)) };
        let next = std::mem::take(&mut self.heap.threads[resumer]);
        let mut left = std::mem::replace(&mut self.thread, next);
        left.status = status;
        if status == Status::Dead {
            self.heap.grow(-((left.stack.len() * 16) as isize));
            left = Thread { status, globals: left.globals, ..Thread::default() };
        }
        self.thread.status = Status::Running;
        let current = std::mem::replace(&mut self.current, resumer);
        self.heap.threads[current] = left;
        Ok(())
    }

    /// The coroutine's function has returned: its results are those of `resume`.
    pub(crate) fn return_to_resumer(&mut self) -> Result<(), Raise> {
        let results = self.thread.stack[..self.thread.top].to_vec();
        self.switch_back(Status::Dead)?;
        self.finish_resume(true, &results)
    }

    /// Ends a native function that resumed a coroutine, with what came of that.
    pub(crate) fn finish_resume(&mut self, is_good: bool, values: &[Value]) -> Result<(), Raise> {
        let Some(Frame {
            base,
            body: Body::Native { arguments, state: State::Resuming { is_wrapped }, .. },
            ..
        }) = self.thread.frames.last()
        else {
            return Err(Raise::Abort(Abort::Internal));
        };
        self.thread.top = base + *arguments as usize;
        if *is_wrapped {
            if !is_good {
                let error = values.first().copied().unwrap_or_default();
                return Err(Raise::Error(self.error_of_wrapped(error)));
            }
        } else {
            self.push(Value::Bool(is_good));
        }
        let first = self.thread.top - usize::from(!self.is_wrapped_now());
        self.push_all(values);
        let count = self.thread.top - first;
        self.return_native(count)
    }

    fn is_wrapped_now(&self) -> bool {
        matches!(
            self.thread.frames.last(),
            Some(Frame { body: Body::Native { state: State::Resuming { is_wrapped: true }, .. }, .. })
        )
    }

    /// An error that leaves a coroutine through `wrap` gets the place of its call in front, where it is text.
    fn error_of_wrapped(&mut self, error: Value) -> Value {
        let Value::Str(text) = error else { return error };
        let place = self.place(1);
        let message = [&place[..], self.heap.str(text)].concat();
        Value::Str(self.heap.string_owned(message))
    }
}
