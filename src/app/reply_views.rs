//! A reply in other forms than redis-cli's: as a table, as JSON, as the bytes on the wire.
//!
//! Pure: a reply in, text or cells out, no more of it than was asked for. What a shape stands for is told by the reply's
//! own types and not by the command, so nothing here knows one. Whether a text is JSON is asked of whoever can tell.

use playground_engine::number::double;
use playground_engine::{Protocol, Reply, print, resp};

use crate::format;

mod table;

pub use table::{Table, table};

/// How an answer is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReplyView {
    #[default]
    Cli,
    Table,
    Json,
    Resp,
}

impl ReplyView {
    pub const ALL: [Self; 4] = [Self::Cli, Self::Table, Self::Json, Self::Resp];

    pub fn token(self) -> &'static str {
        match self {
            Self::Cli => "cli",
            Self::Table => "table",
            Self::Json => "json",
            Self::Resp => "resp",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Cli => "redis-cli",
            Self::Table => "Table",
            Self::Json => "JSON",
            Self::Resp => "Raw RESP",
        }
    }

    pub fn from_token(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.token() == token)
    }

    /// Whether a reply has something to show in it.
    pub fn suits(self, reply: &Reply) -> bool {
        match self {
            Self::Cli | Self::Resp => true,
            Self::Table => table(reply, 0).is_some(),
            Self::Json => holds_json(reply, &mut 200),
        }
    }
}

/// The reply itself, without what says how it is to be written.
fn bare(reply: &Reply) -> &Reply {
    match reply {
        Reply::In(_, reply) | Reply::Attributed(_, reply) => bare(reply),
        reply => reply,
    }
}

/// What a reply takes in memory, about.
pub fn weight(reply: &Reply) -> usize {
    let all = |items: &[Reply]| items.iter().map(weight).sum::<usize>();
    let pairs = |pairs: &[(Reply, Reply)]| pairs.iter().map(|(a, b)| weight(a) + weight(b)).sum::<usize>();
    size_of::<Reply>()
        + match reply {
            Reply::Bulk(bytes) | Reply::Verbatim(_, bytes) => bytes.len(),
            Reply::Status(word) | Reply::BigNumber(word) => word.len(),
            Reply::Array(items) | Reply::Set(items) | Reply::Several(items) => all(items),
            Reply::Push(items) => all(items),
            Reply::Map(items) | Reply::Pairs(items) | Reply::Keyed(items) => pairs(items),
            Reply::Attributed(attributes, reply) => pairs(attributes) + weight(reply),
            Reply::In(_, reply) => weight(reply),
            _ => 0,
        }
}

// ---- the wire --------------------------------------------------------------------------------------------------------

/// Replies larger than this are not written out.
const WIRE: u64 = 4 << 20;

/// The bytes as the server sends them: a line each where the protocol ends one, which stays visible as `\r\n`.
pub fn wire(reply: &Reply, protocol: Protocol) -> String {
    let size = resp::size(reply, protocol);
    if size > WIRE {
        return format!("({} on the wire: too much to show)\n", format::size(size));
    }
    let mut bytes = Vec::new();
    resp::write(reply, protocol, &mut bytes);
    let mut out = String::with_capacity(bytes.len() * 5 / 4);
    let mut rest = bytes.as_slice();
    while let Some(end) = rest.windows(2).position(|pair| pair == b"\r\n") {
        escape(rest.get(..end).unwrap_or_default(), &mut out);
        out.push_str("\\r\\n\n");
        rest = rest.get(end + 2..).unwrap_or_default();
    }
    escape(rest, &mut out);
    out
}

/// Readable text as it is, everything else escaped.
fn escape(bytes: &[u8], out: &mut String) {
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                c if format::is_unprintable(c) => {
                    let mut buffer = [0; 4];
                    c.encode_utf8(&mut buffer)
                        .bytes()
                        .for_each(|byte| out.push_str(&format!("\\x{byte:02x}")));
                }
                c => out.push(c),
            }
        }
        chunk.invalid().iter().for_each(|byte| out.push_str(&format!("\\x{byte:02x}")));
    }
}

// ---- JSON ------------------------------------------------------------------------------------------------------------

/// Longer texts are not laid out.
const LONGEST_JSON: usize = 1 << 20;

fn text_of(reply: &Reply) -> Option<&str> {
    match bare(reply) {
        Reply::Bulk(bytes) | Reply::Verbatim(_, bytes) => std::str::from_utf8(bytes).ok(),
        _ => None,
    }
}

/// Whether some text in it looks like an object or an array, among as many as are left to look at.
fn holds_json(reply: &Reply, left: &mut usize) -> bool {
    if *left == 0 {
        return false;
    }
    *left -= 1;
    if let Some(text) = text_of(reply) {
        return looks_like_json(text);
    }
    match bare(reply) {
        Reply::Array(items) | Reply::Set(items) | Reply::Several(items) => {
            items.iter().any(|item| holds_json(item, left))
        }
        Reply::Push(items) => items.iter().any(|item| holds_json(item, left)),
        Reply::Map(pairs) | Reply::Pairs(pairs) | Reply::Keyed(pairs) => {
            pairs.iter().any(|(a, b)| holds_json(a, left) || holds_json(b, left))
        }
        _ => false,
    }
}

fn looks_like_json(text: &str) -> bool {
    let text = text.trim();
    text.len() <= LONGEST_JSON
        && ((text.starts_with('{') && text.ends_with('}')) || (text.starts_with('[') && text.ends_with(']')))
}

/// The reply with each text that is JSON laid out; the others as redis-cli shows them.
pub fn json(reply: &Reply, protocol: Protocol, is_json: &dyn Fn(&str) -> bool) -> String {
    let mut out = String::new();
    json_into(reply, protocol, is_json, "", &mut out);
    out
}

fn json_into(
    reply: &Reply,
    protocol: Protocol,
    is_json: &dyn Fn(&str) -> bool,
    indent: &str,
    out: &mut String,
) {
    let mut sequence = |items: &mut dyn Iterator<Item = (String, &Reply)>| {
        for (at, (label, item)) in items.enumerate() {
            if at > 0 {
                out.push_str(indent);
            }
            out.push_str(&label);
            let deeper = format!("{indent}{}", " ".repeat(label.chars().count().min(24)));
            json_into(item, protocol, is_json, &deeper, out);
        }
    };
    let numbered = |items: &[Reply]| items.len().to_string().len();
    match bare(reply) {
        Reply::Array(items) | Reply::Set(items) if !items.is_empty() => {
            let width = numbered(items);
            sequence(&mut items.iter().enumerate().map(|(at, item)| (format!("{:>width$}) ", at + 1), item)));
        }
        Reply::Push(items) if !items.is_empty() => {
            sequence(&mut items.iter().enumerate().map(|(at, item)| (format!("{}) ", at + 1), item)));
        }
        Reply::Map(pairs) | Reply::Pairs(pairs) | Reply::Keyed(pairs) if !pairs.is_empty() => {
            let label = |reply: &Reply| match bare(reply) {
                Reply::Bulk(bytes) => format!("{}: ", format::short_name(bytes)),
                other => format!("{}: ", print::redis_cli(other).trim_end()),
            };
            sequence(&mut pairs.iter().map(|(key, value)| (label(key), value)));
        }
        other => {
            let laid_out = text_of(other).filter(|text| looks_like_json(text) && is_json(text));
            match laid_out {
                Some(text) => out.push_str(&laid_out_json(text, indent)),
                None => out.push_str(print::redis_cli_as(other, protocol).trim_end()),
            }
            out.push('\n');
        }
    }
}

/// Valid JSON with a line for each member; numbers, escapes and the order of members stay as they are.
fn laid_out_json(text: &str, indent: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    let mut chars = text.trim().chars().peekable();
    let newline = |depth: usize, out: &mut String| {
        out.push('\n');
        out.push_str(indent);
        out.push_str(&"  ".repeat(depth.min(40)));
    };
    while let Some(c) = chars.next() {
        if in_string {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => in_string = false,
                _ => {}
            }
            if format::is_unprintable(c) {
                out.push_str(&format!("\\u{:04x}", c as u32));
            } else {
                out.push(c);
            }
            continue;
        }
        match c {
            '"' => {
                in_string = true;
                out.push(c);
            }
            '{' | '[' => {
                out.push(c);
                while chars.next_if(|c| c.is_whitespace()).is_some() {}
                if let Some(end) = chars.next_if(|c| matches!(c, '}' | ']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    newline(depth, &mut out);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                newline(depth, &mut out);
                out.push(c);
            }
            ',' => {
                out.push(c);
                newline(depth, &mut out);
            }
            ':' => out.push_str(": "),
            c if c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

/// A reply in one line, for a cell.
fn in_line(reply: &Reply) -> String {
    const LONGEST: usize = 20;
    let join = |items: &mut dyn Iterator<Item = String>, count: usize| {
        let shown: Vec<String> = items.take(LONGEST).collect();
        let more = if count > LONGEST { ", …" } else { "" };
        format!("[{}{more}]", shown.join(", "))
    };
    match bare(reply) {
        Reply::Bulk(bytes) | Reply::Verbatim(_, bytes) => format::short_name(bytes),
        Reply::Status(word) | Reply::BigNumber(word) => String::from_utf8_lossy(word).into_owned(),
        Reply::Integer(n) => n.to_string(),
        Reply::Double(d) => double::format(*d),
        Reply::Boolean(yes) => if *yes { "true" } else { "false" }.to_owned(),
        Reply::Nil | Reply::NilArray => "(nil)".to_owned(),
        Reply::Error(error) => error.to_string(),
        Reply::Array(items) | Reply::Set(items) | Reply::Several(items) => {
            join(&mut items.iter().map(in_line), items.len())
        }
        Reply::Push(items) => join(&mut items.iter().map(in_line), items.len()),
        Reply::Map(pairs) | Reply::Pairs(pairs) | Reply::Keyed(pairs) => {
            join(&mut pairs.iter().map(|(a, b)| format!("{}: {}", in_line(a), in_line(b))), pairs.len())
        }
        Reply::In(..) | Reply::Attributed(..) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_is_readable_and_shows_where_lines_end() {
        let reply = Reply::Array(vec![
            Reply::bulk("é\n"),
            Reply::Integer(3),
            Reply::Nil,
            Reply::Bulk(vec![0, 255, b'\r', b'\n']),
        ]);
        assert_eq!(
            wire(&reply, Protocol::Resp2),
            "*4\\r\\n\n$3\\r\\n\né\\n\\r\\n\n:3\\r\\n\n$-1\\r\\n\n$4\\r\\n\n\\x00\\xff\\r\\n\n\\r\\n\n"
        );
        assert!(wire(&reply, Protocol::Resp3).contains("_\\r\\n"));
        assert_eq!(
            wire(&Reply::In(Protocol::Resp3, Box::new(Reply::Double(1.5))), Protocol::Resp2),
            ",1.5\\r\\n\n"
        );
        assert!(wire(&Reply::Bulk(vec![b'x'; 5 << 20]), Protocol::Resp2).contains("5.0 MB"));
    }

    #[test]
    fn json_is_laid_out_and_changed_in_nothing_else() {
        let text = r#"{"a":[1,2.50,12345678901234567890],"b":{},"s":"x:{,\"y","e":[ ] }"#;
        let laid = json(&Reply::bulk(text), Protocol::Resp2, &|_| true);
        let wanted = "{\n  \"a\": [\n    1,\n    2.50,\n    12345678901234567890\n  ],\n  \"b\": {},\n  \
            \"s\": \"x:{,\\\"y\",\n  \"e\": []\n}\n";
        assert_eq!(laid, wanted);
        let strip = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        assert_eq!(strip(&laid), strip(text));
    }

    #[test]
    fn texts_that_are_no_json_stay_as_they_are() {
        let reply = Reply::Array(vec![Reply::bulk("[1]"), Reply::bulk("[x]"), Reply::Integer(1)]);
        assert_eq!(
            json(&reply, Protocol::Resp2, &|text| text == "[1]"),
            "1) [\n     1\n   ]\n2) \"[x]\"\n3) (integer) 1\n"
        );
        let map = Reply::Map(vec![(Reply::bulk("f"), Reply::bulk("{}"))]);
        assert_eq!(json(&map, Protocol::Resp2, &|_| true), "f: {}\n");
        assert!(ReplyView::Json.suits(&reply) && !ReplyView::Json.suits(&Reply::OK));
    }

    #[test]
    fn a_reply_weighs_at_least_its_bytes() {
        assert!(weight(&Reply::Array(vec![Reply::Bulk(vec![0; 1000]); 3])) >= 3000);
        assert!(weight(&Reply::Array(vec![Reply::Nil; 1000])) >= 1000 * size_of::<Reply>());
    }
}
