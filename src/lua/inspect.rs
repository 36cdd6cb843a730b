//! A program that stands still, as its host looks at it: which functions are being called, at which lines, and what their
//! variables hold.
//!
//! Looking changes nothing.

use crate::closure::Closure;
use crate::proto::Proto;
use crate::thread::{Body, Frame};
use crate::value::{Ref, Value};
use crate::vm::Vm;

/// A function that is being called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The name of its chunk as it was given, `=[C]` for one of the host's.
    pub source: Vec<u8>,
    /// Where it stands; none in a function of the host's.
    pub line: Option<u32>,
    /// What its caller calls it, where it has a name.
    pub name: Option<Vec<u8>>,
}

impl Vm {
    /// The calls that are open in the coroutine that runs, the innermost first.
    pub fn calls(&self) -> Vec<Call> {
        (0..self.thread.frames.len()).rev().filter_map(|at| self.call_at(at)).collect()
    }

    /// The function that failed, or who called it where that is one of the host's: what an error is laid to.
    pub fn culprit(&self) -> Option<Call> {
        let last = self.thread.frames.len().checked_sub(1)?;
        let is_native = matches!(self.thread.frames[last].body, Body::Native { .. });
        match last.checked_sub(1) {
            Some(caller) if is_native => self.call_at(caller),
            _ => self.call_at(last),
        }
    }

    fn call_at(&self, at: usize) -> Option<Call> {
        let frame = self.thread.frames.get(at)?;
        let name = self.function_name(at).and_then(|(_, name)| name);
        let name = name.map(|name| self.heap.str(name).to_vec());
        let (source, line) = match crate::errors::line_of(frame) {
            Some((source, line)) => (source.to_vec(), Some(line)),
            None => (b"=[C]".to_vec(), None),
        };
        Some(Call { source, line, name })
    }

    /// The line at which the innermost function in Lua stands.
    pub fn line(&self) -> Option<u32> {
        let (frame, _, _) = self.innermost_lua()?;
        crate::errors::line_of(frame).map(|(_, line)| line)
    }

    /// The line at which a coroutine stands that does not run now.
    pub fn line_in(&self, coroutine: Value) -> Option<u32> {
        let Value::Thread(thread) = coroutine else { return None };
        let frames = self.heap.threads[thread].frames.iter().rev();
        frames.filter_map(crate::errors::line_of).map(|(_, line)| line).next()
    }

    /// The line of the next instruction; none in a function of the host's.
    pub fn next_line(&self) -> Option<u32> {
        match self.thread.frames.last() {
            Some(Frame { at, body: Body::Lua { proto, .. }, .. }) => proto.lines.get(*at).copied(),
            _ => None,
        }
    }

    /// How many calls are open, in all coroutines that wait for each other.
    pub fn depth(&self) -> usize {
        let waiting = self.waiting.iter().map(|thread| self.heap.threads[*thread].frames.len());
        self.thread.frames.len() + waiting.sum::<usize>()
    }

    /// The innermost call that is of a function in Lua.
    fn innermost_lua(&self) -> Option<(&Frame, Ref<Closure>, &Proto)> {
        self.thread.frames.iter().rev().find_map(|frame| match &frame.body {
            Body::Lua { closure, proto } => Some((frame, *closure, &**proto)),
            Body::Native { .. } => None,
        })
    }

    /// The local variables of the innermost function in Lua, in the order in which they came to be.
    pub fn locals(&self) -> Vec<(Vec<u8>, Value)> {
        let Some((frame, _, proto)) = self.innermost_lua() else { return Vec::new() };
        let names = (1..=usize::from(proto.registers)).map_while(|number| proto.local_name(number, frame.at));
        let values = self.thread.stack.get(frame.base..).unwrap_or_default();
        let named = names.zip(values).map(|(name, value)| (self.heap.str(name).to_vec(), *value));
        // Without what the machine itself keeps for a loop.
        named.filter(|(name, _)| !name.starts_with(b"(")).collect()
    }

    /// The variables that it caught from the functions around it.
    pub fn upvalues(&self) -> Vec<(Vec<u8>, Value)> {
        let Some((_, closure, proto)) = self.innermost_lua() else { return Vec::new() };
        let caught = &self.heap.closures[closure].upvalues;
        let named = proto.upvalue_names.iter().zip(caught);
        named.map(|(name, at)| (self.heap.str(*name).to_vec(), self.upvalue(*at))).collect()
    }
}
