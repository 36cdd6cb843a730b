//! Replies as values of Lua, and values of Lua as replies.
//!
//! Both depend on the protocol that the script has chosen by `redis.setresp`: with RESP2 it sees maps as lists and doubles
//! as text, as a client would. It knows no command.

use playground_lua::{Heap, Ref, Table, Value};

use crate::error::Error;
use crate::number::double;
use crate::parse::c_text;
use crate::reply::Reply;
use crate::session::Protocol;

/// Tables may be nested so deep in a result; Redis allows 7,995. Whatever looks at a reply later (its making, printing,
/// writing and dropping) goes down by recursion, and in WebAssembly a stack of a megabyte ends at some 2,080 levels, maps
/// being the worst: this is less than half of that.
const DEEPEST: usize = 1_000;
/// What all of a result may take: the bytes of its texts, the values around them, and how far each is indented where it is
/// printed. A table that contains itself twice would double with each level.
const LARGEST: usize = 128 << 20;
const VALUE: usize = 64;
const INDENT: usize = 4;

/// What a script sees of a reply.
pub fn to_lua(heap: &mut Heap, reply: &Reply, protocol: Protocol) -> Value {
    let resp3 = protocol == Protocol::Resp3;
    match reply {
        Reply::Status(word) => tagged_text(heap, "ok", word),
        Reply::Error(error) => error_table(heap, &error.message(), true),
        Reply::Integer(number) => Value::Number(*number as f64),
        Reply::Nil | Reply::NilArray if resp3 => Value::Nil,
        Reply::Nil | Reply::NilArray => Value::Bool(false),
        Reply::Double(number) if resp3 => tagged(heap, "double", Value::Number(*number)),
        Reply::Double(number) => text(heap, double::format(*number).as_bytes()),
        Reply::BigNumber(digits) if resp3 => tagged_text(heap, "big_number", digits),
        Reply::BigNumber(digits) => text(heap, digits),
        Reply::Boolean(value) if resp3 => Value::Bool(*value),
        Reply::Boolean(value) => Value::Number(f64::from(u8::from(*value))),
        Reply::Verbatim(format, bytes) if resp3 => {
            let inner = heap.table(Table::default());
            for (name, bytes) in [("format", &format[..]), ("string", bytes)] {
                let value = text(heap, bytes);
                heap.set_field(inner, name, value);
            }
            tagged(heap, "verbatim_string", Value::Table(inner))
        }
        Reply::Bulk(bytes) | Reply::Verbatim(_, bytes) => text(heap, bytes),
        Reply::Push(items) => list(heap, items, protocol),
        Reply::Set(items) if resp3 => {
            let members = heap.table(Table::default());
            for item in items {
                let member = to_lua(heap, item, protocol);
                set(heap, members, member, Value::Bool(true));
            }
            tagged(heap, "set", Value::Table(members))
        }
        Reply::Array(items) | Reply::Set(items) => list(heap, items, protocol),
        Reply::Map(pairs) | Reply::Keyed(pairs) if resp3 => {
            let fields = heap.table(Table::default());
            for (key, value) in pairs {
                let (key, value) = (to_lua(heap, key, protocol), to_lua(heap, value, protocol));
                set(heap, fields, key, value);
            }
            tagged(heap, "map", Value::Table(fields))
        }
        Reply::Map(pairs) | Reply::Pairs(pairs) if !resp3 => {
            let items: Vec<Value> =
                pairs.iter().flat_map(|(a, b)| [a, b]).map(|item| to_lua(heap, item, protocol)).collect();
            sequence(heap, &items)
        }
        Reply::Map(pairs) | Reply::Pairs(pairs) | Reply::Keyed(pairs) => {
            let items: Vec<Value> = pairs
                .iter()
                .map(|(a, b)| {
                    let both = [to_lua(heap, a, protocol), to_lua(heap, b, protocol)];
                    sequence(heap, &both)
                })
                .collect();
            sequence(heap, &items)
        }
        // What is said about a reply is kept from scripts.
        Reply::Attributed(_, reply) => to_lua(heap, reply, protocol),
        Reply::Several(replies) => replies.first().map_or(Value::Nil, |reply| to_lua(heap, reply, protocol)),
        Reply::In(own, reply) => to_lua(heap, reply, *own),
    }
}

fn text(heap: &mut Heap, bytes: &[u8]) -> Value {
    Value::Str(heap.string(bytes))
}

fn tagged(heap: &mut Heap, name: &str, value: Value) -> Value {
    let table = heap.table(Table::default());
    heap.set_field(table, name, value);
    Value::Table(table)
}

fn tagged_text(heap: &mut Heap, name: &str, bytes: &[u8]) -> Value {
    let value = text(heap, bytes);
    tagged(heap, name, value)
}

fn list(heap: &mut Heap, items: &[Reply], protocol: Protocol) -> Value {
    let items: Vec<Value> = items.iter().map(|item| to_lua(heap, item, protocol)).collect();
    sequence(heap, &items)
}

/// Several values as a table. As Redis does, it is begun empty and grows with each, which is what `#` goes by.
pub fn sequence(heap: &mut Heap, items: &[Value]) -> Value {
    let table = heap.table(Table::default());
    for (at, item) in items.iter().enumerate() {
        heap.set(table, Value::Number((at + 1) as f64), *item);
    }
    Value::Table(table)
}

/// What cannot be a key is left out.
fn set(heap: &mut Heap, table: Ref<Table>, key: Value, value: Value) {
    if !key.is_nil() && !matches!(key, Value::Number(number) if number.is_nan()) {
        heap.set(table, key, value);
    }
}

/// An error as scripts know it. One that answered a command has been counted with that.
pub fn error_table(heap: &mut Heap, message: &[u8], is_counted: bool) -> Value {
    let table = heap.table(Table::default());
    let message = text(heap, message);
    heap.set_field(table, "err", message);
    if is_counted {
        heap.set_field(table, "ignore_error_stats_update", Value::Bool(true));
    }
    Value::Table(table)
}

/// A text on one line.
fn one_line(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|byte| if matches!(byte, b'\r' | b'\n') { b' ' } else { *byte }).collect()
}

/// The bytes of a text, or of a number as text.
fn bytes(heap: &Heap, value: Value) -> Option<Vec<u8>> {
    match value {
        Value::Str(text) => Some(heap.str(text).to_vec()),
        Value::Number(number) => Some(playground_lua::number::print(number)),
        _ => None,
    }
}

/// What a script's error is, where a table is one.
pub fn error_of(heap: &mut Heap, table: Value) -> Option<Error> {
    let message = heap.field(table, "err");
    let text = bytes(heap, message)?;
    let is_counted = heap.field(table, "ignore_error_stats_update").is_true();
    Some(Error::Said { text: c_text(&text).to_vec(), is_counted })
}

/// Turns results of scripts into replies.
#[derive(Debug)]
pub struct Results<'a> {
    pub heap: &'a mut Heap,
    /// What the script has chosen.
    pub protocol: Protocol,
    /// Errors inside of others' replies: each counts.
    pub errors: Vec<Error>,
    /// What may be added yet.
    room: usize,
}

impl<'a> Results<'a> {
    pub fn new(heap: &'a mut Heap, protocol: Protocol) -> Self {
        Self { heap, protocol, errors: Vec::new(), room: LARGEST }
    }

    pub fn reply(&mut self, value: Value) -> Reply {
        let reply = self.at_depth(value, 0);
        if self.room > 0 {
            return reply;
        }
        self.errors.clear();
        Error::Fixed("ERR the Redis playground has stopped the script: its result is longer than 128 MB")
            .into()
    }

    fn at_depth(&mut self, value: Value, depth: usize) -> Reply {
        if depth > DEEPEST {
            let error = Error::Fixed("ERR reached lua stack limit");
            self.errors.push(error.clone());
            return error.into();
        }
        let length = if let Value::Str(text) = value { self.heap.str(text).len() } else { 0 };
        self.room = self.room.saturating_sub(VALUE + INDENT * depth + length);
        if self.room == 0 {
            return Reply::Nil;
        }
        let reply = match value {
            Value::Str(text) => Reply::bulk(self.heap.str(text)),
            Value::Number(number) => Reply::Integer(playground_lua::to_integer(number)),
            Value::Bool(value) if self.protocol == Protocol::Resp3 => Reply::Boolean(value),
            Value::Bool(true) => Reply::Integer(1),
            Value::Table(table) => self.of_table(table, depth),
            // `false`, too, is no value.
            _ => Reply::Nil,
        };
        if let (Reply::Error(error), true) = (&reply, depth > 0) {
            self.errors.push(error.clone());
        }
        reply
    }

    fn of_table(&mut self, table: Ref<Table>, depth: usize) -> Reply {
        let object = Value::Table(table);
        if let Some(error) = self.own_text(table, "err").and_then(|_| error_of(self.heap, object)) {
            return error.into();
        }
        if let Some(word) = self.own_text(table, "ok") {
            return Reply::Status(one_line(c_text(&word)).into());
        }
        if let Value::Number(number) = self.heap.field(object, "double") {
            return Reply::Double(number);
        }
        if let Some(digits) = self.own_text(table, "big_number") {
            return Reply::BigNumber(one_line(&digits).into());
        }
        let verbatim = self.heap.field(object, "verbatim_string");
        if let Value::Table(_) = verbatim
            && let (Value::Str(string), Value::Str(format)) =
                (self.heap.field(verbatim, "string"), self.heap.field(verbatim, "format"))
        {
            let mut letters = *b"   ";
            for (letter, byte) in letters.iter_mut().zip(c_text(self.heap.str(format))) {
                *letter = *byte;
            }
            return Reply::Verbatim(letters, self.heap.str(string).to_vec());
        }
        if let Value::Table(fields) = self.heap.field(object, "map") {
            let pairs: Vec<(Value, Value)> = self.heap.pairs(fields).collect();
            let pairs = pairs
                .into_iter()
                .map(|(key, value)| (self.at_depth(key, depth + 1), self.at_depth(value, depth + 1)));
            return Reply::Map(pairs.collect());
        }
        if let Value::Table(members) = self.heap.field(object, "set") {
            let members: Vec<(Value, Value)> = self.heap.pairs(members).collect();
            return Reply::Set(members.into_iter().map(|(key, _)| self.at_depth(key, depth + 1)).collect());
        }
        let mut items = Vec::new();
        loop {
            match self.heap.get(table, Value::Number((items.len() + 1) as f64)) {
                _ if self.room == 0 => return Reply::Nil,
                Value::Nil => return Reply::Array(items),
                item => items.push(self.at_depth(item, depth + 1)),
            }
        }
    }

    /// The text in a field of a table.
    fn own_text(&mut self, table: Ref<Table>, name: &str) -> Option<Vec<u8>> {
        match self.heap.field(Value::Table(table), name) {
            Value::Str(text) => Some(self.heap.str(text).to_vec()),
            _ => None,
        }
    }
}
