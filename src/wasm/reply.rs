//! From the engine's replies to JavaScript's values, as a client that speaks the session's protocol would get them.
//!
//! This is the hot path. A few values are made directly; many at once cross as one text of JSON, because a crossing
//! costs more than what is carried.

use js_sys::{Array, BigInt, Map, Object, Uint8Array};
use playground_engine::number::double;
use playground_engine::{Protocol, Reply};
use wasm_bindgen::{JsCast, JsValue};

use crate::args::MAX_SAFE_INTEGER;
use crate::json;
use crate::types::{Arrival, Outcome, ReplyError};

/// From this many values on, one text of JSON is faster.
const MANY: usize = 8;

thread_local! {
    /// The most frequent reply of all.
    static OK: JsValue = JsValue::from_str("OK");
}

/// How bytes appear in JavaScript.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Texts {
    /// Strings where they are valid UTF-8; other bytes stay bytes, so that nothing is lost.
    #[default]
    Strings,
    /// Always `Uint8Array`s.
    Bytes,
}

impl Texts {
    /// Bytes of a key or value.
    pub fn bytes(self, bytes: &[u8]) -> JsValue {
        match (self, std::str::from_utf8(bytes)) {
            (Self::Strings, Ok(text)) => JsValue::from_str(text),
            _ => Uint8Array::from(bytes).into(),
        }
    }

    /// A reply for a session that speaks this protocol.
    pub fn reply(self, reply: &Reply, protocol: Protocol) -> JsValue {
        let together = match reply {
            Reply::Array(items) | Reply::Set(items) => items.len() >= MANY && self == Self::Strings,
            Reply::Pairs(pairs) => pairs.len() >= MANY && self == Self::Strings,
            _ => false,
        };
        let parsed = if together { json::reply(reply, protocol) } else { None };
        parsed.unwrap_or_else(|| self.value(reply, protocol))
    }

    /// The replies of a pipeline, each with the protocol it is answered in.
    pub fn replies(self, replies: &[(Reply, Protocol)]) -> JsValue {
        let together = replies.len() >= MANY && self == Self::Strings;
        let parsed = if together { json::replies(replies) } else { None };
        let directly =
            || replies.iter().map(|(reply, protocol)| self.reply(reply, *protocol)).collect::<Array>().into();
        parsed.unwrap_or_else(directly)
    }

    fn value(self, reply: &Reply, protocol: Protocol) -> JsValue {
        let resp3 = protocol == Protocol::Resp3;
        match reply {
            Reply::Status(word) if **word == *b"OK" => OK.with(JsValue::clone),
            Reply::Status(word) => JsValue::from_str(&String::from_utf8_lossy(word)),
            Reply::Error(failure) => error(&String::from_utf8_lossy(&failure.message())),
            Reply::Integer(n) => integer(*n),
            Reply::Bulk(bytes) | Reply::Verbatim(_, bytes) => self.bytes(bytes),
            Reply::Nil | Reply::NilArray => JsValue::NULL,
            Reply::Double(d) if resp3 => JsValue::from_f64(*d),
            Reply::Double(d) => self.bytes(double::format(*d).as_bytes()),
            Reply::BigNumber(digits) if resp3 => big_number(&String::from_utf8_lossy(digits)),
            Reply::BigNumber(digits) => self.bytes(digits),
            Reply::Attributed(_, reply) => self.reply(reply, protocol),
            Reply::Boolean(b) if resp3 => JsValue::from_bool(*b),
            Reply::Boolean(b) => integer(i64::from(*b)),
            Reply::Array(items) | Reply::Set(items) => self.array(items.len(), items.iter(), protocol),
            Reply::Push(items) => self.array(items.len(), items.iter(), protocol),
            // No reply, as while the session waits.
            Reply::Several(replies) if replies.is_empty() => JsValue::UNDEFINED,
            Reply::Several(replies) => self.array(replies.len(), replies.iter(), protocol),
            Reply::In(own, reply) => self.reply(reply, *own),
            Reply::Map(pairs) | Reply::Keyed(pairs) if resp3 => {
                let map = Map::new();
                for (key, value) in pairs {
                    map.set(&self.reply(key, protocol), &self.reply(value, protocol));
                }
                map.into()
            }
            Reply::Map(pairs) | Reply::Pairs(pairs) if !resp3 => {
                self.array(pairs.len() * 2, pairs.iter().flat_map(|(a, b)| [a, b]), protocol)
            }
            Reply::Map(pairs) | Reply::Pairs(pairs) | Reply::Keyed(pairs) => {
                let pair = |(a, b): &(Reply, Reply)| self.array(2, [a, b].into_iter(), protocol);
                pairs.iter().map(pair).collect::<Array>().into()
            }
        }
    }

    fn array<'r>(self, len: usize, items: impl Iterator<Item = &'r Reply>, protocol: Protocol) -> JsValue {
        let array = Array::new_with_length(len as u32);
        for (index, item) in items.enumerate() {
            array.set(index as u32, self.reply(item, protocol));
        }
        array.into()
    }
}

/// Whether a JavaScript number holds every digit.
pub fn is_safe(n: i64) -> bool {
    n.unsigned_abs() <= MAX_SAFE_INTEGER as u64
}

fn big_number(digits: &str) -> JsValue {
    let text = JsValue::from_str(digits);
    BigInt::new(&text).map_or(text, JsValue::from)
}

/// A number where every digit survives, else a bigint.
fn integer(n: i64) -> JsValue {
    if is_safe(n) { JsValue::from_f64(n as f64) } else { JsValue::from(n) }
}

pub fn error(message: &str) -> JsValue {
    let error: ReplyError = Object::new().unchecked_into();
    error.set_error(message);
    error.into()
}

pub fn arrival(reply: &JsValue, text: &str, is_push: bool) -> Arrival {
    let arrival: Arrival = Object::new().unchecked_into();
    arrival.set_reply(reply);
    arrival.set_text(text);
    arrival.set_push(is_push);
    arrival
}

pub fn outcome(reply: &JsValue, text: &str, events: &JsValue) -> Outcome {
    let outcome: Outcome = Object::new().unchecked_into();
    outcome.set_reply(reply);
    outcome.set_text(text);
    outcome.set_events(events);
    outcome
}
