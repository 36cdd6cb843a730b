//! A value as people are shown it who look into a program: short, and as it would be written in Lua.
//!
//! No metamethod is asked, and nothing is changed.

use crate::heap::Heap;
use crate::number;
use crate::value::Value;

/// So many pairs of a table are shown.
const PAIRS: usize = 12;
/// Tables in one another are shown so far.
const DEPTH: usize = 3;
/// So many bytes of a text.
const BYTES: usize = 120;

impl Heap {
    /// A value in a few words.
    pub fn describe(&self, value: Value) -> String {
        let mut out = String::new();
        self.write(value, DEPTH, &mut out);
        out
    }

    fn write(&self, value: Value, depth: usize, out: &mut String) {
        match value {
            Value::Nil => out.push_str("nil"),
            Value::Bool(value) => out.push_str(if value { "true" } else { "false" }),
            Value::Number(number) => out.push_str(&String::from_utf8_lossy(&number::print(number))),
            Value::Str(text) => write_text(self.str(text), out),
            Value::Table(_) if depth == 0 => out.push_str("{…}"),
            Value::Table(table) => {
                out.push('{');
                let mut expected = 1.0;
                for (at, (key, value)) in self.pairs(table).enumerate() {
                    if at > 0 {
                        out.push_str(", ");
                    }
                    if at == PAIRS {
                        out.push('…');
                        break;
                    }
                    if matches!(key, Value::Number(number) if number == expected) {
                        expected += 1.0;
                    } else {
                        self.write_key(key, depth, out);
                        out.push_str(" = ");
                    }
                    self.write(value, depth - 1, out);
                }
                out.push('}');
            }
            other => out.push_str(other.type_name()),
        }
    }

    fn write_key(&self, key: Value, depth: usize, out: &mut String) {
        match key {
            Value::Str(text) if is_name(self.str(text)) => {
                out.push_str(&String::from_utf8_lossy(self.str(text)));
            }
            other => {
                out.push('[');
                self.write(other, depth - 1, out);
                out.push(']');
            }
        }
    }
}

fn is_name(text: &[u8]) -> bool {
    text.first().is_some_and(|first| !first.is_ascii_digit())
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

fn write_text(text: &[u8], out: &mut String) {
    out.push('"');
    for chunk in text.get(..BYTES).unwrap_or(text).utf8_chunks() {
        for letter in chunk.valid().chars() {
            match letter {
                '"' | '\\' => out.extend(['\\', letter]),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                control if control.is_control() => out.push_str(&format!("\\{}", control as u32)),
                other => out.push(other),
            }
        }
        for byte in chunk.invalid() {
            out.push_str(&format!("\\{byte}"));
        }
    }
    if text.len() > BYTES {
        out.push('…');
    }
    out.push('"');
}
