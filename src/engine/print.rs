//! Replies as `redis-cli` prints them on a terminal: the one printer for page, transcripts and native tool.
//!
//! Strings are quoted and escaped byte by byte, arrays numbered and indented. It prints what a client of the given
//! protocol would have received; it knows nothing of who reads it.

use crate::number::double;
use crate::reply::Reply;
use crate::session::Protocol;

/// The text for a client that speaks RESP2, each reply ending with a line break.
pub fn redis_cli(reply: &Reply) -> String {
    redis_cli_as(reply, Protocol::Resp2)
}

/// The text for a client of this protocol.
pub fn redis_cli_as(reply: &Reply, protocol: Protocol) -> String {
    let (reply, protocol) = reply.unpinned(protocol);
    if let Reply::Push(items) = reply
        && let (Protocol::Resp3, [Reply::Bulk(kind), Reply::Array(keys)]) = (protocol, &**items)
        && kind == b"invalidate"
    {
        return invalidation(keys);
    }
    let mut printer = Printer { out: String::new(), protocol };
    printer.print(reply, "");
    printer.out
}

/// The line on which redis-cli shows that keys it may have cached have changed: their names as they are, up to a zero.
fn invalidation(keys: &[Reply]) -> String {
    let name = |key: &Reply| match key {
        Reply::Bulk(bytes) => {
            let name = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
            format!("'{}'", String::from_utf8_lossy(name))
        }
        _ => String::new(),
    };
    format!("-> invalidate: {}\n", keys.iter().map(name).collect::<Vec<_>>().join(", "))
}

/// What redis-cli shows for a command line and its reply: it prints the text of some commands as it is.
pub fn answer(argv: &[Vec<u8>], reply: &Reply, protocol: Protocol) -> String {
    match reply {
        Reply::Bulk(text) | Reply::Verbatim(_, text) if prints_raw(argv) => {
            // Such a text ends its last line itself.
            let end = if text.is_empty() || text.ends_with(b"\n") { "" } else { "\n" };
            format!("{}{end}", String::from_utf8_lossy(text))
        }
        Reply::Error(error) if prints_raw(argv) => format!("{error}\n"),
        _ => redis_cli_as(reply, protocol),
    }
}

/// Whether redis-cli takes a command's answer for a text to be read, not for a value.
fn prints_raw(argv: &[Vec<u8>]) -> bool {
    const TEXTS: [&[&str]; 8] = [
        &["info"],
        &["lolwut"],
        &["client", "info"],
        &["client", "list"],
        &["latency", "doctor"],
        &["latency", "graph"],
        &["memory", "doctor"],
        &["memory", "malloc-stats"],
    ];
    TEXTS.iter().any(|words| {
        argv.len() >= words.len()
            && words.iter().zip(argv).all(|(word, arg)| arg.eq_ignore_ascii_case(word.as_bytes()))
    })
}

/// A string in redis-cli's quotes: printable ASCII as it is, everything else escaped.
pub fn quoted(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 2);
    out.push('"');
    for &byte in bytes {
        match byte {
            b'\\' | b'"' => {
                out.push('\\');
                out.push(char::from(byte));
            }
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x07 => out.push_str("\\a"),
            0x08 => out.push_str("\\b"),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push('"');
    out
}

struct Printer {
    out: String,
    protocol: Protocol,
}

impl Printer {
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// `prefix` is what already stands before this reply on its line, as blanks: what follow-up lines indent by.
    fn print(&mut self, reply: &Reply, prefix: &str) {
        let resp3 = self.protocol == Protocol::Resp3;
        match reply {
            Reply::Status(word) => self.line(&String::from_utf8_lossy(word)),
            Reply::Error(error) => {
                self.line(&format!("(error) {}", String::from_utf8_lossy(&error.message())));
            }
            Reply::Integer(n) => self.line(&format!("(integer) {n}")),
            Reply::Bulk(bytes) => self.line(&quoted(bytes)),
            Reply::Nil | Reply::NilArray => self.line("(nil)"),
            Reply::Double(d) if resp3 => self.line(&format!("(double) {}", double::format(*d))),
            Reply::Double(d) => self.line(&quoted(double::format(*d).as_bytes())),
            // redis-cli knows neither big numbers nor attributes: it gives up where they come.
            Reply::BigNumber(digits) if resp3 => {
                self.line(&format!("(big number) {}", String::from_utf8_lossy(digits)));
            }
            Reply::BigNumber(digits) => self.line(&quoted(digits)),
            Reply::Attributed(attributes, reply) => {
                if resp3 {
                    self.map(attributes, prefix, '|');
                    self.out.push_str(prefix);
                }
                self.print(reply, prefix);
            }
            Reply::Boolean(b) if resp3 => self.line(if *b { "(true)" } else { "(false)" }),
            Reply::Boolean(b) => self.line(&format!("(integer) {}", i64::from(*b))),
            Reply::Verbatim(_, text) if resp3 => self.line(&String::from_utf8_lossy(text)),
            Reply::Verbatim(_, text) => self.line(&quoted(text)),
            Reply::Several(replies) => replies.iter().for_each(|reply| self.print(reply, prefix)),
            Reply::In(own, reply) => {
                let protocol = std::mem::replace(&mut self.protocol, *own);
                self.print(reply, prefix);
                self.protocol = protocol;
            }
            Reply::Set(items) if resp3 => self.sequence(items, prefix, '~', "(empty set)"),
            Reply::Array(items) | Reply::Set(items) => self.sequence(items, prefix, ')', "(empty array)"),
            // redis-cli numbers a push as it does an array.
            Reply::Push(items) => self.sequence(items, prefix, ')', "(empty array)"),
            Reply::Map(pairs) | Reply::Keyed(pairs) if resp3 => self.map(pairs, prefix, '#'),
            Reply::Map(pairs) | Reply::Pairs(pairs) if !resp3 => {
                let items: Vec<_> = pairs.iter().flat_map(|(a, b)| [a.clone(), b.clone()]).collect();
                self.sequence(&items, prefix, ')', "(empty array)");
            }
            Reply::Map(pairs) | Reply::Pairs(pairs) | Reply::Keyed(pairs) => {
                let items: Vec<_> =
                    pairs.iter().map(|(a, b)| Reply::Array(vec![a.clone(), b.clone()])).collect();
                self.sequence(&items, prefix, ')', "(empty array)");
            }
        }
    }

    fn sequence(&mut self, items: &[Reply], prefix: &str, mark: char, empty: &str) {
        if items.is_empty() {
            return self.line(empty);
        }
        let width = items.len().to_string().len();
        let deeper = format!("{prefix}{}", " ".repeat(width + 2));
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push_str(prefix);
            }
            self.out.push_str(&format!("{:>width$}{mark} ", index + 1));
            self.print(item, &deeper);
        }
    }

    fn map(&mut self, pairs: &[(Reply, Reply)], prefix: &str, mark: char) {
        if pairs.is_empty() {
            return self.line("(empty hash)");
        }
        let width = pairs.len().to_string().len();
        let deeper = format!("{prefix}{}", " ".repeat(width + 2));
        for (index, (key, value)) in pairs.iter().enumerate() {
            if index > 0 {
                self.out.push_str(prefix);
            }
            self.out.push_str(&format!("{:>width$}{mark} ", index + 1));
            self.print(key, &deeper);
            // The value stands on its key's line, unless it takes several itself.
            self.out.pop();
            self.out.push_str(" => ");
            if has_several(value) {
                self.out.push('\n');
                self.out.push_str(&deeper);
            }
            self.print(value, &deeper);
        }
    }
}

fn has_several(reply: &Reply) -> bool {
    match reply {
        Reply::Array(items) | Reply::Set(items) => items.len() > 1,
        Reply::Push(items) => items.len() > 1,
        Reply::Map(pairs) | Reply::Pairs(pairs) | Reply::Keyed(pairs) => pairs.len() > 1,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_arrays_are_numbered_and_indented() {
        let inner = Reply::Array(vec![Reply::bulk("a"), Reply::Array(vec![])]);
        let items = (0..9).map(|_| Reply::Nil).chain([inner]).collect();
        let text = redis_cli(&Reply::Array(items));
        assert!(text.starts_with(" 1) (nil)\n"), "{text}");
        assert!(text.ends_with("10) 1) \"a\"\n    2) (empty array)\n"), "{text}");
    }

    #[test]
    fn bytes_are_escaped() {
        assert_eq!(quoted(b"a\"\\\n\x00\xff"), r#""a\"\\\n\x00\xff""#);
    }
}
