//! How the client's bytes get into an error's text: as C strings, cut to a length, and on one line.
//!
//! Knows no error but what the wire itself can get wrong.

use crate::parse::c_text;
use crate::request::ProtocolError;

pub fn protocol_error(error: ProtocolError) -> Vec<u8> {
    let text: &[u8] = match error {
        ProtocolError::InvalidMultibulkLength => b"invalid multibulk length",
        ProtocolError::InvalidBulkLength => b"invalid bulk length",
        ProtocolError::ExpectedBulk { got } => return join(&[b"expected '$', got '", &[got], b"'"]),
        ProtocolError::EndlessMultibulkLength => b"too big mbulk count string",
        ProtocolError::EndlessBulkLength => b"too big bulk count string",
        ProtocolError::EndlessInline => b"too big inline request",
        ProtocolError::UnbalancedQuotes => b"unbalanced quotes in request",
    };
    text.to_vec()
}

/// Redis repeats at most 128 bytes of the command word, and of its arguments as many as fit in about 128 more.
pub fn unknown_command(name: &[u8], args: &[Vec<u8>]) -> Vec<u8> {
    const LIMIT: usize = 128;
    let mut list = Vec::new();
    for arg in args {
        if list.len() >= LIMIT {
            break;
        }
        let room = LIMIT - list.len();
        list.push(b'\'');
        list.extend_from_slice(shown(arg, room));
        list.extend_from_slice(b"' ");
    }
    join(&[b"ERR unknown command '", shown(name, LIMIT), b"', with args beginning with: ", &list])
}

/// At most so many bytes of a text.
pub fn shown(bytes: &[u8], limit: usize) -> &[u8] {
    let text = c_text(bytes);
    text.get(..limit).unwrap_or(text)
}

pub fn join(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

/// An error is one line on the wire, whatever bytes the client sent.
pub fn one_line(mut text: Vec<u8>) -> Vec<u8> {
    while text.last().is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
        text.pop();
    }
    for byte in &mut text {
        if matches!(byte, b'\r' | b'\n') {
            *byte = b' ';
        }
    }
    text
}
