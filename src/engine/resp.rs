//! Replies as bytes on the wire, in RESP2 or RESP3.
//!
//! Sans-I/O: bytes are added to a buffer, the caller sends them. Reading requests is the server's business.

use std::io::Write as _;

use crate::number::double;
use crate::reply::Reply;
use crate::session::Protocol;

/// Writes a reply for a client of this protocol.
pub fn write(reply: &Reply, protocol: Protocol, out: &mut Vec<u8>) {
    let resp3 = protocol == Protocol::Resp3;
    match reply {
        Reply::Status(word) => line(out, b'+', word),
        Reply::Error(error) => line(out, b'-', &error.message()),
        Reply::Integer(n) => number(out, b':', *n),
        Reply::Bulk(bytes) => bulk(out, bytes),
        Reply::Nil | Reply::NilArray if resp3 => out.extend_from_slice(b"_\r\n"),
        Reply::Nil => out.extend_from_slice(b"$-1\r\n"),
        Reply::NilArray => out.extend_from_slice(b"*-1\r\n"),
        Reply::Double(d) if resp3 => line(out, b',', double::format(*d).as_bytes()),
        Reply::Double(d) => bulk(out, double::format(*d).as_bytes()),
        Reply::BigNumber(digits) if resp3 => line(out, b'(', digits),
        Reply::BigNumber(digits) => bulk(out, digits),
        Reply::Boolean(b) if resp3 => line(out, b'#', if *b { b"t" } else { b"f" }),
        Reply::Boolean(b) => number(out, b':', i64::from(*b)),
        Reply::Verbatim(format, text) if resp3 => {
            number(out, b'=', text.len() as i64 + 4);
            out.extend_from_slice(format);
            out.push(b':');
            out.extend_from_slice(text);
            out.extend_from_slice(b"\r\n");
        }
        Reply::Verbatim(_, text) => bulk(out, text),
        Reply::Attributed(attributes, reply) => {
            if resp3 {
                number(out, b'|', attributes.len() as i64);
                flat(out, attributes, protocol);
            }
            write(reply, protocol, out);
        }
        Reply::Several(replies) => replies.iter().for_each(|reply| write(reply, protocol, out)),
        Reply::In(own, reply) => write(reply, *own, out),
        Reply::Array(items) => sequence(out, b'*', items, protocol),
        Reply::Set(items) => sequence(out, if resp3 { b'~' } else { b'*' }, items, protocol),
        Reply::Push(items) => sequence(out, if resp3 { b'>' } else { b'*' }, items, protocol),
        Reply::Map(pairs) | Reply::Keyed(pairs) if resp3 => {
            number(out, b'%', pairs.len() as i64);
            flat(out, pairs, protocol);
        }
        Reply::Map(pairs) | Reply::Pairs(pairs) if !resp3 => {
            number(out, b'*', pairs.len() as i64 * 2);
            flat(out, pairs, protocol);
        }
        Reply::Map(pairs) | Reply::Pairs(pairs) | Reply::Keyed(pairs) => {
            number(out, b'*', pairs.len() as i64);
            for (a, b) in pairs {
                out.extend_from_slice(b"*2\r\n");
                write(a, protocol, out);
                write(b, protocol, out);
            }
        }
    }
}

/// How many bytes [`write`] would write.
pub fn size(reply: &Reply, protocol: Protocol) -> u64 {
    let all = |items: &[Reply]| items.iter().map(|item| size(item, protocol)).sum::<u64>();
    match reply {
        Reply::Bulk(bytes) => header(bytes.len()) + bytes.len() as u64 + 2,
        Reply::Array(items) | Reply::Set(items) => header(items.len()) + all(items),
        Reply::Push(items) => header(items.len()) + all(items),
        Reply::Several(items) => all(items),
        Reply::In(own, reply) => size(reply, *own),
        // What is left is short.
        other => {
            let mut out = Vec::new();
            write(other, protocol, &mut out);
            out.len() as u64
        }
    }
}

/// The size of a line with a kind and a length.
fn header(length: usize) -> u64 {
    u64::from(length.checked_ilog10().unwrap_or_default()) + 4
}

fn line(out: &mut Vec<u8>, kind: u8, text: &[u8]) {
    out.push(kind);
    out.extend_from_slice(text);
    out.extend_from_slice(b"\r\n");
}

fn number(out: &mut Vec<u8>, kind: u8, n: i64) {
    out.push(kind);
    // Writing to a Vec cannot fail.
    let _ = write!(out, "{n}\r\n");
}

fn bulk(out: &mut Vec<u8>, bytes: &[u8]) {
    number(out, b'$', bytes.len() as i64);
    out.extend_from_slice(bytes);
    out.extend_from_slice(b"\r\n");
}

fn sequence(out: &mut Vec<u8>, kind: u8, items: &[Reply], protocol: Protocol) {
    number(out, kind, items.len() as i64);
    for item in items {
        write(item, protocol, out);
    }
}

fn flat(out: &mut Vec<u8>, pairs: &[(Reply, Reply)], protocol: Protocol) {
    for (a, b) in pairs {
        write(a, protocol, out);
        write(b, protocol, out);
    }
}
