//! One client's connection: bytes in, commands executed, bytes out.
//!
//! Requests of one batch are executed together and their replies sent with one write. Replies that a client does not
//! fetch are kept only up to a limit: beyond it no further command of that client is executed and nothing is read from
//! it, so that its own system makes it wait. Knows nothing of other connections or of time.

use std::io::{ErrorKind, Read as _, Write as _};

use mio::net::TcpStream;
use playground_engine::request::RequestParser;
use playground_engine::session::Session;
use playground_engine::{Engine, Error, Reply, SessionId, resp};

/// Unsent replies beyond this stop the client's commands.
const MAX_UNSENT: usize = 4 * 1024 * 1024;
/// A request that grows beyond this before it is whole ends the connection: Redis's `client-query-buffer-limit`.
const MAX_REQUEST: usize = 1024 * 1024 * 1024;
/// Reads in one turn, so that others get theirs.
const READS_A_TURN: usize = 8;
/// Bytes thrown away when closing, so that the last reply is not overtaken by a reset.
const DISCARDED_READS: usize = 64;
/// An empty buffer of replies larger than this is given back.
const KEEP: usize = 64 * 1024;

/// How a turn ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Nothing to do until the socket is announced.
    Resting,
    /// There is more; no event will say so.
    More,
    /// The connection is to be dropped.
    Over,
}

/// Whether replies could be sent.
enum Sent {
    All,
    /// The client does not read.
    Some,
    Lost,
}

#[derive(Debug)]
pub struct Connection {
    socket: TcpStream,
    session: SessionId,
    requests: RequestParser,
    /// Replies, of which the first `sent` bytes are gone.
    replies: Vec<u8>,
    sent: usize,
    /// No more requests are taken; the connection ends when the replies are sent.
    closing: bool,
}

impl Connection {
    pub fn new(socket: TcpStream, session: SessionId) -> Self {
        let requests = RequestParser::default();
        Self { socket, session, requests, replies: Vec::new(), sent: 0, closing: false }
    }

    pub fn session(&self) -> SessionId {
        self.session
    }

    /// Does what there is to do, but not for long. `buffer` is room to read into.
    pub fn turn(&mut self, engine: &mut Engine, buffer: &mut [u8]) -> Turn {
        for _ in 0..READS_A_TURN {
            let waiting = self.execute(engine);
            match self.send_for(engine) {
                Sent::Lost => return Turn::Over,
                Sent::All if self.closing => return self.hang_up(buffer),
                Sent::All if waiting => continue,
                Sent::Some if waiting || self.closing => return Turn::Resting,
                Sent::All | Sent::Some => {}
            }
            match self.socket.read(buffer) {
                Ok(0) => return Turn::Over,
                Ok(n) => self.requests.feed(buffer.get(..n).unwrap_or_default()),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Turn::Resting,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Turn::Over,
            }
        }
        Turn::More
    }

    /// Passes on what others' commands, or time, have brought its session. There is nothing to read that would not have
    /// been announced, so that a message to many costs one call of the system for each.
    pub fn bring(&mut self, engine: &mut Engine, buffer: &mut [u8]) -> Turn {
        self.receive(engine);
        if self.requests.pending() > 0 {
            return self.turn(engine, buffer);
        }
        match self.send_for(engine) {
            Sent::Lost => Turn::Over,
            Sent::All if self.closing => self.hang_up(buffer),
            Sent::All | Sent::Some => Turn::Resting,
        }
    }

    /// Takes over what others' commands, or time, have brought its session.
    fn receive(&mut self, engine: &mut Engine) {
        if engine.session(self.session).is_none() {
            // It was closed by another client, or for its silence: what is unsent is lost with it.
            self.replies.clear();
            self.sent = 0;
            self.closing = true;
        }
        for reply in engine.take_outbox(self.session) {
            self.write(engine, &reply);
        }
        // Another session's command may have closed this one.
        self.closing |= engine.session(self.session).is_none();
    }

    /// Executes the whole requests there are; `true` where it stopped because too many replies are unsent. While the
    /// session waits, its requests wait with it.
    fn execute(&mut self, engine: &mut Engine) -> bool {
        while !self.closing && !engine.session(self.session).is_some_and(Session::is_blocked) {
            if self.replies.len() - self.sent > MAX_UNSENT {
                return true;
            }
            match self.requests.next_request(engine.config().proto_max_bulk_len) {
                Ok(Some(argv)) => self.answer(engine, argv),
                Ok(None) => {
                    self.closing = self.requests.pending() > MAX_REQUEST;
                    return false;
                }
                Err(error) => {
                    self.write(engine, &Error::Protocol(error).into());
                    self.closing = true;
                }
            }
        }
        false
    }

    fn answer(&mut self, engine: &mut Engine, argv: Vec<Vec<u8>>) {
        let reply = engine.execute(self.session, argv).reply;
        if is_http(&reply) {
            self.closing = true;
        } else {
            self.write(engine, &reply);
            if engine.session(self.session).is_some_and(|session| !session.outbox.is_empty()) {
                self.receive(engine);
            }
        }
    }

    fn write(&mut self, engine: &Engine, reply: &Reply) {
        if let Some(session) = engine.session(self.session) {
            resp::write(reply, session.protocol, &mut self.replies);
            self.closing = session.closing;
        }
    }

    /// Sends what it can, and tells the engine what is left: it closes a session that does not fetch what it is sent, and
    /// one that others end.
    fn send_for(&mut self, engine: &mut Engine) -> Sent {
        let sent = self.send();
        engine.set_unsent(self.session, self.replies.len() - self.sent);
        if engine.session(self.session).is_some() { sent } else { Sent::Lost }
    }

    fn send(&mut self) -> Sent {
        while let Some(unsent) = self.replies.get(self.sent..).filter(|unsent| !unsent.is_empty()) {
            match self.socket.write(unsent) {
                Ok(0) => return Sent::Lost,
                Ok(n) => self.sent += n,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.replies.drain(..self.sent);
                    self.sent = 0;
                    return Sent::Some;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Sent::Lost,
            }
        }
        self.replies.clear();
        self.sent = 0;
        if self.replies.capacity() > KEEP {
            self.replies = Vec::new();
        }
        Sent::All
    }

    /// Closing a socket with unread input resets the connection, and the client may lose our last words.
    fn hang_up(&mut self, buffer: &mut [u8]) -> Turn {
        for _ in 0..DISCARDED_READS {
            match self.socket.read(buffer) {
                Ok(n) if n > 0 => {}
                _ => break,
            }
        }
        Turn::Over
    }
}

/// A browser that was tricked into sending a request here says `POST` and `Host:` as a line of its own. Redis hangs up
/// without a word, before the rest of the request is taken for commands.
fn is_http(reply: &Reply) -> bool {
    let Reply::Error(Error::UnknownCommand { name, .. }) = reply else { return false };
    name.eq_ignore_ascii_case(b"post") || name.eq_ignore_ascii_case(b"host:")
}
