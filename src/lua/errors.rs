//! The interpreter's own errors, in 5.1's words and with the place where they came about.
//!
//! It knows nothing of who catches them.

use crate::names;
use crate::proto::short_source;
use crate::thread::{Body, Frame, Level};
use crate::value::Value;
use crate::vm::{Raise, Vm};

impl Vm {
    /// `source:line: ` of the call on a level; nothing where that is no Lua function.
    pub(crate) fn place(&self, level: usize) -> Vec<u8> {
        match self.thread.level(level) {
            Level::Frame(frame) => place_of(frame),
            _ => Vec::new(),
        }
    }

    fn raise_text(&mut self, text: Vec<u8>) -> Raise {
        Raise::Error(Value::Str(self.heap.string_owned(text)))
    }

    /// An error of what is being run, at its line.
    pub(crate) fn error(&mut self, message: &str) -> Raise {
        let text = [&self.place(0)[..], message.as_bytes()].concat();
        self.raise_text(text)
    }

    /// An error of a native function, at the line of who called it.
    pub(crate) fn error_in_caller(&mut self, message: &str) -> Raise {
        self.error_bytes_in_caller(message.as_bytes())
    }

    pub(crate) fn error_bytes_in_caller(&mut self, message: &[u8]) -> Raise {
        let text = [&self.place(1)[..], message].concat();
        self.raise_text(text)
    }

    fn error_bytes(&mut self, message: &[u8]) -> Raise {
        let text = [&self.place(0)[..], message].concat();
        self.raise_text(text)
    }

    /// The name of what a register of the running function holds, as an error tells it.
    fn name_of(&self, register: Option<u8>) -> Option<(&'static str, Vec<u8>)> {
        let Frame { body: Body::Lua { proto, .. }, at, .. } = self.thread.frames.last()? else { return None };
        let (kind, name) = names::variable(proto, at.checked_sub(1)?, register?)?;
        Some((kind, name.map_or_else(|| b"?".to_vec(), |name| self.heap.str(name).to_vec())))
    }

    /// What cannot be done with a value; the register it is in, where it is in one.
    pub(crate) fn type_error(&mut self, value: Value, register: Option<u8>, doing: &str) -> Raise {
        let kind = value.type_name();
        let text = match self.name_of(register) {
            Some((variable, name)) => [
                format!("attempt to {doing} {variable} '").as_bytes(),
                &name,
                format!("' (a {kind} value)").as_bytes(),
            ]
            .concat(),
            None => format!("attempt to {doing} a {kind} value").into_bytes(),
        };
        self.error_bytes(&text)
    }

    /// The same for the value in a slot of the stack.
    pub(crate) fn type_error_at(&mut self, slot: usize, doing: &str) -> Raise {
        let register = match self.thread.frames.last() {
            Some(Frame { base, body: Body::Lua { .. }, .. }) => {
                slot.checked_sub(*base).and_then(|register| u8::try_from(register).ok())
            }
            _ => None,
        };
        self.type_error(self.thread.stack[slot], register, doing)
    }

    pub(crate) fn compare_error(&mut self, a: Value, b: Value) -> Raise {
        let (a, b) = (a.type_name(), b.type_name());
        // By their third letter, as 5.1 tells types apart here: a string and a thread are both "string values".
        let message = if a.as_bytes()[2] == b.as_bytes()[2] {
            format!("attempt to compare two {a} values")
        } else {
            format!("attempt to compare {a} with {b}")
        };
        self.error(&message)
    }
}

/// `source:line: ` of a call.
pub(crate) fn place_of(frame: &Frame) -> Vec<u8> {
    match line_of(frame) {
        Some((source, line)) => [&short_source(source)[..], format!(":{line}: ").as_bytes()].concat(),
        None => Vec::new(),
    }
}

/// The chunk and the line of a call, where it is of a Lua function.
pub(crate) fn line_of(frame: &Frame) -> Option<(&[u8], u32)> {
    let Body::Lua { proto, .. } = &frame.body else { return None };
    let line = proto.lines.get(frame.at.saturating_sub(1)).copied().unwrap_or(0);
    Some((&proto.source, line))
}
