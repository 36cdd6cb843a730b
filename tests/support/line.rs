//! A connection that is listened to without waiting: what a client hears that nobody has answered yet.
//!
//! [`Connection`](crate::resp::Connection) waits for the reply to each question. Here replies may be late, or be
//! messages that nobody asked for, and the server may hang up. It knows nothing of what they mean.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use crate::resp::{Value, encode, read_value};

/// A connection and what has come over it.
#[derive(Debug)]
pub struct Line {
    stream: TcpStream,
    port: u16,
    /// The beginning of a value that has not arrived whole.
    unread: Vec<u8>,
    closed: bool,
    /// What has arrived and nobody has taken.
    pub heard: Vec<Value>,
}

impl Line {
    pub fn open(address: impl ToSocketAddrs) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        let port = stream.local_addr()?.port();
        Ok(Self { stream, port, unread: Vec::new(), closed: false, heard: Vec::new() })
    }

    /// This side's, which tells the server's clients apart.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The server has hung up.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    pub fn send<A: AsRef<[u8]>>(&mut self, argv: &[A]) -> io::Result<()> {
        self.stream.set_nonblocking(false)?;
        self.stream.write_all(&encode(argv))
    }

    /// Takes in what has arrived; where nothing has, waits for something, but not longer than told.
    pub fn listen(&mut self, patience: Duration) -> io::Result<()> {
        let wait = !patience.is_zero();
        self.stream.set_nonblocking(!wait)?;
        if wait {
            self.stream.set_read_timeout(Some(patience))?;
        }
        let before = self.unread.len();
        let mut chunk = [0; 16 * 1024];
        while !self.closed {
            match self.stream.read(&mut chunk) {
                Ok(0) => self.closed = true,
                Ok(length) => self.unread.extend_from_slice(&chunk[..length]),
                Err(why) if why.kind() == ErrorKind::ConnectionReset => self.closed = true,
                Err(why) if why.kind() == ErrorKind::Interrupted => continue,
                Err(why) if matches!(why.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => break,
                Err(why) => return Err(why),
            }
            self.stream.set_nonblocking(true)?;
        }
        if self.unread.len() > before { self.understand() } else { Ok(()) }
    }

    /// Moves whole values out of the bytes.
    fn understand(&mut self) -> io::Result<()> {
        let mut rest = &self.unread[..];
        while !rest.is_empty() {
            let mut ahead = rest;
            match read_value(&mut ahead) {
                Ok(value) => self.heard.push(value),
                Err(why) if why.kind() == ErrorKind::UnexpectedEof => break,
                Err(why) => return Err(why),
            }
            rest = ahead;
        }
        let taken = self.unread.len() - rest.len();
        self.unread.drain(..taken);
        Ok(())
    }
}
