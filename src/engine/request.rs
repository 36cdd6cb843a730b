//! Requests as bytes on the wire: the reading half of the protocol, for a server or a client library's socket.
//!
//! Sans-I/O: bytes are fed as they arrive, in pieces of any size, and whole commands come out. There are two forms: an
//! array of length-prefixed strings, and an inline line of words as a person types into telnet. What a client merely
//! announces is never allocated: memory follows the bytes that have come. Nothing here knows a command or a session.
//!
//! A broken request is a [`ProtocolError`]; what the client sent after it has no meaning any more, so the connection
//! is to be closed once the client has been told.

use crate::parse;

/// A line (inline request or length) may not be longer before its end comes.
const MAX_LINE: usize = 64 * 1024;
/// Strings an announced array gets room for in advance.
const ROOM: usize = 64;
/// What an argument costs besides its bytes.
const PER_ARGUMENT: usize = size_of::<Vec<u8>>();
/// An empty input buffer larger than this is given back.
const KEEP: usize = 16 * 1024;

/// Why a request cannot be understood; [`crate::Error::Protocol`] has the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProtocolError {
    /// The number of strings is no number, or too large.
    InvalidMultibulkLength,
    /// A string's length is no number, negative, or larger than `proto-max-bulk-len`.
    InvalidBulkLength,
    /// Something else stands where the length of a string should.
    ExpectedBulk {
        got: u8,
    },
    /// The line that says how many strings follow does not end.
    EndlessMultibulkLength,
    /// The line that says how long a string is does not end.
    EndlessBulkLength,
    /// The line of an inline request does not end.
    EndlessInline,
    UnbalancedQuotes,
}

/// A command line, the command word first; never empty.
pub type Argv = Vec<Vec<u8>>;

/// The requests of one connection.
#[derive(Clone, Debug, Default)]
pub struct RequestParser {
    input: Vec<u8>,
    /// Everything before this has been understood.
    at: usize,
    /// An array under way: the strings that are complete, and how many are to come.
    argv: Argv,
    missing: usize,
    /// A string under way.
    bulk: Option<Bulk>,
    /// Bytes held in `argv`.
    held: usize,
}

/// A string whose length is known.
#[derive(Clone, Debug)]
struct Bulk {
    bytes: Vec<u8>,
    len: usize,
}

impl RequestParser {
    /// Takes in what has arrived.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.input.drain(..self.at);
        self.at = 0;
        self.input.extend_from_slice(bytes);
    }

    /// The next whole command, or `None` until more bytes come. Empty lines and arrays are skipped, as in Redis.
    pub fn next_request(&mut self, max_bulk_len: u64) -> Result<Option<Argv>, ProtocolError> {
        while self.missing > 0 || self.at < self.input.len() {
            let whole = match self.rest().first() {
                _ if self.missing > 0 => self.strings(max_bulk_len)?,
                Some(b'*') => self.array_length()?,
                _ => self.inline()?,
            };
            if !whole {
                return Ok(None);
            }
            if self.missing == 0 && !self.argv.is_empty() {
                self.held = 0;
                return Ok(Some(std::mem::take(&mut self.argv)));
            }
        }
        self.release();
        Ok(None)
    }

    /// Bytes kept for requests that are not whole yet.
    pub fn pending(&self) -> usize {
        let bulk = self.bulk.as_ref().map_or(0, |bulk| bulk.bytes.len());
        self.input.len() - self.at + self.held + bulk
    }

    fn rest(&self) -> &[u8] {
        self.input.get(self.at..).unwrap_or_default()
    }

    /// Everything is understood: a connection that rests should not hold a large buffer.
    fn release(&mut self) {
        self.at = 0;
        self.input.clear();
        if self.input.capacity() > KEEP {
            self.input = Vec::new();
        }
    }

    /// `*3`: how many strings follow. `false` while the line is incomplete.
    fn array_length(&mut self) -> Result<bool, ProtocolError> {
        let Some((line, after)) = length_line(self.rest()) else {
            return self.wait_for_line(ProtocolError::EndlessMultibulkLength);
        };
        let count = length(line).filter(|count| *count <= i64::from(i32::MAX));
        let count = count.ok_or(ProtocolError::InvalidMultibulkLength)?;
        self.at += after;
        self.missing = usize::try_from(count).unwrap_or(0);
        self.argv.reserve(self.missing.min(ROOM));
        Ok(true)
    }

    /// The strings of an array, as far as they have come. `false` while some are missing.
    fn strings(&mut self, max_bulk_len: u64) -> Result<bool, ProtocolError> {
        while self.missing > 0 {
            let mut bulk = match self.bulk.take() {
                Some(bulk) => bulk,
                None => match self.bulk_length(max_bulk_len)? {
                    Some(bulk) => bulk,
                    None => return Ok(false),
                },
            };
            if !self.fill(&mut bulk) {
                self.bulk = Some(bulk);
                return Ok(false);
            }
            self.held += bulk.bytes.len() + PER_ARGUMENT;
            self.argv.push(bulk.bytes);
            self.missing -= 1;
        }
        Ok(true)
    }

    /// `$5`: how long the next string is.
    fn bulk_length(&mut self, max_bulk_len: u64) -> Result<Option<Bulk>, ProtocolError> {
        let Some((line, after)) = length_line(self.rest()) else {
            self.wait_for_line(ProtocolError::EndlessBulkLength)?;
            return Ok(None);
        };
        if let Some(got) = self.rest().first().copied().filter(|byte| *byte != b'$') {
            return Err(ProtocolError::ExpectedBulk { got });
        }
        let len = length(line).and_then(|len| u64::try_from(len).ok()).filter(|len| *len <= max_bulk_len);
        let len = len.and_then(|len| usize::try_from(len).ok()).ok_or(ProtocolError::InvalidBulkLength)?;
        self.at += after;
        let arrived = self.rest().len();
        Ok(Some(Bulk { bytes: Vec::with_capacity(len.min(arrived)), len }))
    }

    /// Moves what has come of a string into it; `true` when it and the two bytes after it, whatever they are, have.
    fn fill(&mut self, bulk: &mut Bulk) -> bool {
        let rest = self.input.get(self.at..).unwrap_or_default();
        let wanted = (bulk.len - bulk.bytes.len()).min(rest.len());
        bulk.bytes.extend_from_slice(&rest[..wanted]);
        self.at += wanted;
        let ended = rest.len() - wanted >= 2;
        if ended {
            self.at += 2;
        }
        ended
    }

    /// A line of words.
    fn inline(&mut self) -> Result<bool, ProtocolError> {
        let rest = self.input.get(self.at..).unwrap_or_default();
        let Some(end) = find(rest, b'\n') else {
            return self.wait_for_line(ProtocolError::EndlessInline);
        };
        let argv = parse::split_line(&rest[..end]).map_err(|_| ProtocolError::UnbalancedQuotes)?;
        self.argv = argv;
        self.at += end + 1;
        Ok(true)
    }

    /// More bytes may end the line, unless it is too long already.
    fn wait_for_line(&self, endless: ProtocolError) -> Result<bool, ProtocolError> {
        if self.rest().len() > MAX_LINE { Err(endless) } else { Ok(false) }
    }
}

/// A length between its type byte and a carriage return, and where the next line starts: Redis skips the byte after a
/// carriage return whatever it is.
fn length_line(rest: &[u8]) -> Option<(&[u8], usize)> {
    let end = find(rest, b'\r').filter(|end| end + 1 < rest.len())?;
    Some((rest.get(1..end).unwrap_or_default(), end + 2))
}

/// Where a line ends. Redis looks for it as C does, which is never past a zero byte.
fn find(rest: &[u8], end: u8) -> Option<usize> {
    rest.iter().position(|byte| *byte == end || *byte == 0).filter(|at| rest.get(*at) == Some(&end))
}

/// A decimal number as Redis reads lengths.
fn length(digits: &[u8]) -> Option<i64> {
    match digits {
        // Nearly every length there is.
        [digit @ b'0'..=b'9'] => Some(i64::from(digit - b'0')),
        _ => crate::number::parse_i64(digits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX_BULK: u64 = 512 * 1024 * 1024;

    /// All commands of some bytes, arriving in pieces of this size, and the error that ended them.
    fn parse(bytes: &[u8], piece: usize) -> (Vec<Vec<String>>, Option<ProtocolError>) {
        let (mut parser, mut commands) = (RequestParser::default(), Vec::new());
        for piece in bytes.chunks(piece) {
            parser.feed(piece);
            loop {
                match parser.next_request(MAX_BULK) {
                    Ok(Some(argv)) => {
                        commands.push(argv.iter().map(|arg| String::from_utf8_lossy(arg).into()).collect());
                    }
                    Ok(None) => break,
                    Err(error) => return (commands, Some(error)),
                }
            }
        }
        (commands, None)
    }

    #[test]
    fn pieces_of_any_size_make_the_same_commands() {
        let bytes = b"*2\r\n$4\r\nECHO\r\n$5\r\na\r\nbc\r\nPING \"x y\"\r\n\r\n*0\r\n*-1\r\n*1\r\n$4\r\nPING\r\n  PING\n*1\r\n$0\r\n\r\n";
        let expected: [&[&str]; 5] = [&["ECHO", "a\r\nbc"], &["PING", "x y"], &["PING"], &["PING"], &[""]];
        for piece in 1..=bytes.len() {
            let (commands, error) = parse(bytes, piece);
            assert_eq!(
                (commands.as_slice(), error),
                (
                    &expected.map(<[&str]>::to_vec).map(|c| c.iter().map(ToString::to_string).collect())[..],
                    None
                ),
                "{piece}"
            );
        }
    }

    #[test]
    fn what_is_broken_has_a_name() {
        use ProtocolError::*;
        let long = |start: &str| [start.as_bytes(), &vec![b'1'; MAX_LINE + 1]].concat();
        let cases = [
            (b"*x\r\n".to_vec(), InvalidMultibulkLength),
            (b"*2147483648\r\n".to_vec(), InvalidMultibulkLength),
            (b"*1\r\n$-1\r\n".to_vec(), InvalidBulkLength),
            (b"*1\r\n$536870913\r\n".to_vec(), InvalidBulkLength),
            (b"*1\r\nPING\r\n".to_vec(), ExpectedBulk { got: b'P' }),
            (b"GET \"a\r\n".to_vec(), UnbalancedQuotes),
            (long("*"), EndlessMultibulkLength),
            (long("*1\r\n$"), EndlessBulkLength),
            (long("A"), EndlessInline),
        ];
        for (bytes, expected) in cases {
            for piece in [1, 16, bytes.len()] {
                assert_eq!(parse(&bytes, piece).1, Some(expected), "{:?}", &bytes[..bytes.len().min(20)]);
            }
        }
    }

    #[test]
    fn an_announcement_takes_no_memory() {
        let mut parser = RequestParser::default();
        parser.feed(b"*2147483647\r\n$536870912\r\nabc");
        assert_eq!(parser.next_request(MAX_BULK), Ok(None));
        assert!(parser.argv.capacity() <= ROOM);
        assert!(parser.bulk.as_ref().is_some_and(|bulk| bulk.bytes.capacity() < 1024));
        assert_eq!(parser.pending(), 3);
    }

    #[test]
    fn a_line_ends_where_c_would_find_its_end() {
        assert_eq!(parse(b"PI\0NG\r\nPING\r\n", 100), (Vec::new(), None));
    }
}
