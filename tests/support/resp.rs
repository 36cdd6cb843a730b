//! A small blocking RESP client that keeps a reply exactly as it came over the wire.
//!
//! It reads RESP2 and RESP3 and interprets nothing, so that two servers can be compared type by type. It knows nothing of
//! the engine beyond turning its replies into the same values, through the engine's own wire format.

use std::fmt;
use std::io::{self, BufRead, BufReader, Error, ErrorKind, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use playground_engine::{Protocol, Reply, resp};

/// A reply as it stands on the wire.
#[derive(Clone, PartialEq)]
pub enum Value {
    Status(Vec<u8>),
    Error(Vec<u8>),
    Integer(i64),
    Bulk(Vec<u8>),
    Nil,
    NilArray,
    Array(Vec<Value>),
    Map(Vec<(Value, Value)>),
    Set(Vec<Value>),
    Push(Vec<Value>),
    Double(f64),
    Boolean(bool),
    BigNumber(Vec<u8>),
    Verbatim([u8; 3], Vec<u8>),
    Attributed(Vec<(Value, Value)>, Box<Value>),
}

impl Value {
    /// What a client would read if the engine answered it over the wire.
    pub fn of_reply(reply: &Reply, protocol: Protocol) -> Self {
        let mut wire = Vec::new();
        resp::write(reply, protocol, &mut wire);
        read_value(&mut &wire[..]).expect("the engine writes well-formed RESP")
    }

    /// The value for a printer, which does not tell a server's replies from the engine's.
    pub fn into_reply(self) -> Reply {
        let all = |values: Vec<Value>| values.into_iter().map(Value::into_reply).collect::<Vec<_>>();
        match self {
            Self::Status(text) => Reply::Status(text.into()),
            Self::Error(text) => Reply::Error(playground_engine::Error::Fixed(lossy(&text).leak())),
            Self::Integer(n) => Reply::Integer(n),
            Self::Bulk(bytes) => Reply::Bulk(bytes),
            Self::BigNumber(digits) => Reply::BigNumber(digits.into()),
            Self::Nil => Reply::Nil,
            Self::NilArray => Reply::NilArray,
            Self::Array(values) => Reply::Array(all(values)),
            Self::Map(pairs) => Reply::Map(in_pairs(pairs)),
            Self::Attributed(pairs, value) => {
                Reply::Attributed(in_pairs(pairs), Box::new(value.into_reply()))
            }
            Self::Set(values) => Reply::Set(all(values)),
            Self::Push(values) => Reply::push(all(values)),
            Self::Double(n) => Reply::Double(n),
            Self::Boolean(yes) => Reply::Boolean(yes),
            Self::Verbatim(format, bytes) => Reply::Verbatim(format, bytes),
        }
    }

    pub fn is_error(&self) -> bool {
        matches!(self, Self::Error(_))
    }

    /// The elements of an array, set or push; none for anything else.
    pub fn elements(&self) -> &[Value] {
        match self {
            Self::Array(values) | Self::Set(values) | Self::Push(values) => values,
            _ => &[],
        }
    }

    /// The bytes of a string of any kind; none for anything else.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Status(bytes) | Self::Error(bytes) | Self::Bulk(bytes) | Self::Verbatim(_, bytes) => bytes,
            _ => &[],
        }
    }

    pub fn integer(&self) -> Option<i64> {
        if let Self::Integer(n) = self { Some(*n) } else { None }
    }
}

/// Bytes as text with escapes: a difference has to be read by somebody.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(text) => write!(f, "+{}", text.escape_ascii()),
            Self::Error(text) => write!(f, "-{}", text.escape_ascii()),
            Self::Integer(n) => write!(f, ":{n}"),
            Self::Bulk(text) => write!(f, "\"{}\"", text.escape_ascii()),
            Self::Nil => write!(f, "nil"),
            Self::NilArray => write!(f, "nil array"),
            Self::Array(values) => f.debug_list().entries(values).finish(),
            Self::Map(pairs) => f.debug_map().entries(pairs.iter().map(|(key, value)| (key, value))).finish(),
            Self::Set(values) => f.debug_set().entries(values).finish(),
            Self::Push(values) => write!(f, "push {values:?}"),
            Self::Double(n) => write!(f, ",{n:?}"),
            Self::Boolean(yes) => write!(f, "#{yes}"),
            Self::BigNumber(text) => write!(f, "({}", text.escape_ascii()),
            Self::Attributed(pairs, value) => write!(f, "|{pairs:?} {value:?}"),
            Self::Verbatim(format, text) => write!(f, "={}:{}", format.escape_ascii(), text.escape_ascii()),
        }
    }
}

fn in_pairs(pairs: Vec<(Value, Value)>) -> Vec<(Reply, Reply)> {
    pairs.into_iter().map(|(key, value)| (key.into_reply(), value.into_reply())).collect()
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Reads one value of RESP2 or RESP3.
pub fn read_value(from: &mut impl BufRead) -> io::Result<Value> {
    let line = read_line(from)?;
    let (&kind, rest) = line.split_first().ok_or_else(|| malformed("an empty line"))?;
    match kind {
        b'+' => Ok(Value::Status(rest.to_vec())),
        b'-' => Ok(Value::Error(rest.to_vec())),
        b':' => Ok(Value::Integer(number(rest)?)),
        b'$' => Ok(read_bulk(from, rest)?.map_or(Value::Nil, Value::Bulk)),
        b'=' => verbatim(&read_bulk(from, rest)?.unwrap_or_default()),
        b'*' => Ok(read_many(from, rest)?.map_or(Value::NilArray, Value::Array)),
        b'~' => Ok(Value::Set(read_many(from, rest)?.unwrap_or_default())),
        b'>' => Ok(Value::Push(read_many(from, rest)?.unwrap_or_default())),
        b'%' => Ok(Value::Map(read_pairs(from, rest)?)),
        b'|' => Ok(Value::Attributed(read_pairs(from, rest)?, Box::new(read_value(from)?))),
        b',' => lossy(rest).parse().map(Value::Double).map_err(|_| malformed("a bad double")),
        b'#' => Ok(Value::Boolean(rest == b"t")),
        b'(' => Ok(Value::BigNumber(rest.to_vec())),
        b'_' => Ok(Value::Nil),
        _ => Err(malformed(&format!("an unknown type {:?}", char::from(kind)))),
    }
}

fn read_line(from: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    from.read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Err(Error::new(ErrorKind::UnexpectedEof, "the server closed the connection"));
    }
    if !line.ends_with(b"\n") {
        return Err(Error::new(ErrorKind::UnexpectedEof, "the line has no end yet"));
    }
    line.strip_suffix(b"\r\n").map(<[u8]>::to_vec).ok_or_else(|| malformed("a line without CRLF"))
}

fn read_bulk(from: &mut impl BufRead, length: &[u8]) -> io::Result<Option<Vec<u8>>> {
    let Ok(length) = usize::try_from(number(length)?) else { return Ok(None) };
    let mut bytes = vec![0; length + 2];
    from.read_exact(&mut bytes)?;
    bytes.truncate(length);
    Ok(Some(bytes))
}

fn read_pairs(from: &mut impl BufRead, count: &[u8]) -> io::Result<Vec<(Value, Value)>> {
    (0..number(count)?).map(|_| Ok((read_value(from)?, read_value(from)?))).collect()
}

fn read_many(from: &mut impl BufRead, length: &[u8]) -> io::Result<Option<Vec<Value>>> {
    let Ok(length) = usize::try_from(number(length)?) else { return Ok(None) };
    (0..length).map(|_| read_value(from)).collect::<io::Result<_>>().map(Some)
}

fn verbatim(bytes: &[u8]) -> io::Result<Value> {
    match bytes {
        [a, b, c, b':', text @ ..] => Ok(Value::Verbatim([*a, *b, *c], text.to_vec())),
        _ => Err(malformed("a verbatim string without its format")),
    }
}

fn number(bytes: &[u8]) -> io::Result<i64> {
    lossy(bytes).parse().map_err(|_| malformed("a bad number"))
}

fn malformed(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, format!("the reply is no RESP: {what}"))
}

/// A command as an array of bulk strings.
pub fn encode<A: AsRef<[u8]>>(argv: &[A]) -> Vec<u8> {
    let mut wire = format!("*{}\r\n", argv.len()).into_bytes();
    for arg in argv {
        wire.extend_from_slice(format!("${}\r\n", arg.as_ref().len()).as_bytes());
        wire.extend_from_slice(arg.as_ref());
        wire.extend_from_slice(b"\r\n");
    }
    wire
}

/// One connection to a server.
#[derive(Debug)]
pub struct Connection {
    reader: BufReader<TcpStream>,
}

impl Connection {
    pub fn open(address: impl ToSocketAddrs) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self { reader: BufReader::new(stream) })
    }

    /// Sends a command and waits for its reply.
    pub fn call<A: AsRef<[u8]>>(&mut self, argv: &[A]) -> io::Result<Value> {
        self.send_raw(&encode(argv))?;
        self.read()
    }

    /// Sends many commands at once, then reads as many replies.
    pub fn pipeline<A: AsRef<[u8]>>(&mut self, commands: &[Vec<A>]) -> io::Result<Vec<Value>> {
        let wire: Vec<u8> = commands.iter().flat_map(|argv| encode(argv)).collect();
        self.send_raw(&wire)?;
        commands.iter().map(|_| self.read()).collect()
    }

    /// Sends bytes as they are, well-formed or not.
    pub fn send_raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.reader.get_mut().write_all(bytes)
    }

    pub fn read(&mut self) -> io::Result<Value> {
        read_value(&mut self.reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_read() {
        let wire = b"*9\r\n+OK\r\n-ERR x\r\n:-7\r\n$2\r\n\r\n\r\n$-1\r\n*-1\r\n%1\r\n+a\r\n,1.5\r\n=7\r\ntxt:abc\r\n~2\r\n#t\r\n_\r\n";
        let value = read_value(&mut &wire[..]).expect("well-formed");
        let expected = Value::Array(vec![
            Value::Status(b"OK".to_vec()),
            Value::Error(b"ERR x".to_vec()),
            Value::Integer(-7),
            Value::Bulk(b"\r\n".to_vec()),
            Value::Nil,
            Value::NilArray,
            Value::Map(vec![(Value::Status(b"a".to_vec()), Value::Double(1.5))]),
            Value::Verbatim(*b"txt", b"abc".to_vec()),
            Value::Set(vec![Value::Boolean(true), Value::Nil]),
        ]);
        assert_eq!(value, expected);
    }

    #[test]
    fn a_broken_reply_is_an_error() {
        for wire in [&b""[..], b"+OK\n", b"$5\r\nab\r\n", b"?\r\n", b":x\r\n", b"*2\r\n:1\r\n", b"\r\n"] {
            assert!(read_value(&mut &wire[..]).is_err(), "{wire:?}");
        }
    }
}
