//! Many replies as one text of JSON, which JavaScript parses faster than it could be handed the values one by one.
//!
//! JSON holds strings, numbers and arrays; a reply with anything else in it (bytes that are no UTF-8, integers beyond
//! 2^53, infinities, maps) makes the whole `None`, and [`crate::reply`] makes the values itself.

use std::fmt::Write as _;

use js_sys::JSON;
use playground_engine::number::double;
use playground_engine::{Protocol, Reply};
use wasm_bindgen::JsValue;

use crate::reply::is_safe;

pub fn reply(reply: &Reply, protocol: Protocol) -> Option<JsValue> {
    let mut text = String::new();
    write(reply, protocol, &mut text)?;
    JSON::parse(&text).ok()
}

pub fn replies(replies: &[(Reply, Protocol)]) -> Option<JsValue> {
    let mut text = String::new();
    let written = |(reply, protocol): &(Reply, Protocol), text: &mut String| write(reply, *protocol, text);
    array(replies.iter(), &mut text, written)?;
    JSON::parse(&text).ok()
}

/// `None` where JSON has no such value.
fn write(reply: &Reply, protocol: Protocol, out: &mut String) -> Option<()> {
    let resp3 = protocol == Protocol::Resp3;
    let nested = |item: &Reply, out: &mut String| write(item, protocol, out);
    match reply {
        Reply::Status(word) => string(&String::from_utf8_lossy(word), out),
        Reply::Bulk(bytes) | Reply::Verbatim(_, bytes) => string(std::str::from_utf8(bytes).ok()?, out),
        Reply::Integer(n) => write!(out, "{}", is_safe(*n).then_some(n)?).ok()?,
        Reply::Nil | Reply::NilArray => out.push_str("null"),
        Reply::Error(error) => {
            out.push_str("{\"error\":");
            string(&String::from_utf8_lossy(&error.message()), out);
            out.push('}');
        }
        Reply::Double(d) if !resp3 => string(&double::format(*d), out),
        Reply::Double(d) => write!(out, "{}", d.is_finite().then_some(d)?).ok()?,
        Reply::BigNumber(digits) if !resp3 => string(&String::from_utf8_lossy(digits), out),
        Reply::Boolean(b) if !resp3 => out.push(if *b { '1' } else { '0' }),
        Reply::Boolean(b) => out.push_str(if *b { "true" } else { "false" }),
        Reply::Array(items) | Reply::Set(items) => array(items.iter(), out, nested)?,
        Reply::Push(items) => array(items.iter(), out, nested)?,
        Reply::Attributed(_, reply) => nested(reply, out)?,
        Reply::Several(_) | Reply::BigNumber(_) => return None,
        Reply::In(own, reply) => write(reply, *own, out)?,
        Reply::Map(_) | Reply::Keyed(_) if resp3 => return None,
        Reply::Map(pairs) | Reply::Pairs(pairs) if !resp3 => {
            array(pairs.iter().flat_map(|(a, b)| [a, b]), out, nested)?;
        }
        Reply::Map(pairs) | Reply::Pairs(pairs) | Reply::Keyed(pairs) => {
            array(pairs.iter(), out, |(a, b), out| array([a, b].into_iter(), out, nested))?;
        }
    }
    Some(())
}

fn array<T>(
    items: impl Iterator<Item = T>,
    out: &mut String,
    mut item: impl FnMut(T, &mut String) -> Option<()>,
) -> Option<()> {
    out.push('[');
    for (index, element) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        item(element, out)?;
    }
    out.push(']');
    Some(())
}

/// In quotes, with what JSON must escape.
fn string(text: &str, out: &mut String) {
    let must_escape = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
    out.push('"');
    if text.bytes().any(must_escape) {
        for character in text.chars() {
            match character {
                '"' | '\\' => out.extend(['\\', character]),
                '\0'..='\x1F' => out.push_str(&format!("\\u{:04x}", u32::from(character))),
                _ => out.push(character),
            }
        }
    } else {
        out.push_str(text);
    }
    out.push('"');
}
