//! Replies as a client's program sees them: as a client library would give them, with `nil` for no value.
//!
//! An error is no value and its text, so that a program may look at it or not.

use playground_engine::Reply;
use playground_lua::{Heap, Table, Value};

/// The values that a command gives its program.
pub(crate) fn answer(heap: &mut Heap, reply: &Reply) -> Vec<Value> {
    match reply {
        Reply::Error(error) => {
            let text = Value::Str(heap.string(&error.message()));
            vec![Value::Nil, text]
        }
        reply => vec![value(heap, reply)],
    }
}

/// One value; an error inside of others is its text.
pub(crate) fn value(heap: &mut Heap, reply: &Reply) -> Value {
    match reply {
        Reply::Status(word) | Reply::BigNumber(word) => text(heap, word),
        Reply::Error(error) => text(heap, &error.message()),
        Reply::Integer(number) => Value::Number(*number as f64),
        Reply::Bulk(bytes) | Reply::Verbatim(_, bytes) => text(heap, bytes),
        Reply::Nil | Reply::NilArray => Value::Nil,
        Reply::Double(number) => text(heap, &playground_lua::number::print(*number)),
        Reply::Boolean(is) => Value::Number(f64::from(u8::from(*is))),
        Reply::Array(items) | Reply::Set(items) => list(heap, items.iter()),
        Reply::Push(items) => list(heap, items.iter()),
        Reply::Map(pairs) | Reply::Pairs(pairs) => {
            list(heap, pairs.iter().flat_map(|(name, value)| [name, value]))
        }
        Reply::Keyed(pairs) => {
            let table = heap.table(Table::default());
            for (at, (name, held)) in pairs.iter().enumerate() {
                let pair = list(heap, [name, held].into_iter());
                heap.set(table, Value::Number((at + 1) as f64), pair);
            }
            Value::Table(table)
        }
        Reply::Attributed(_, inner) | Reply::In(_, inner) => value(heap, inner),
        Reply::Several(replies) => replies.first().map_or(Value::Nil, |first| value(heap, first)),
    }
}

fn text(heap: &mut Heap, bytes: &[u8]) -> Value {
    Value::Str(heap.string(bytes))
}

/// What has no value is `false` in a list, so that the list has no holes.
fn list<'r>(heap: &mut Heap, items: impl Iterator<Item = &'r Reply>) -> Value {
    let table = heap.table(Table::default());
    for (at, item) in items.enumerate() {
        let item = match value(heap, item) {
            Value::Nil => Value::Bool(false),
            other => other,
        };
        heap.set(table, Value::Number((at + 1) as f64), item);
    }
    Value::Table(table)
}
