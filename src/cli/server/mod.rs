//! A Redis server over TCP: many connections, one engine, one thread.
//!
//! The loop waits until sockets are ready or a tick of the engine is due, moves the engine's clock by the real time that
//! has passed, and gives each ready connection a turn. Readiness is edge-triggered: a connection that stops before its
//! socket is drained (turns are short, so that one busy client cannot keep the others waiting) is remembered and gets
//! its next turn without being announced again.
//!
//! The server knows sockets and time; what a request is, [`RequestParser`](playground_engine::request::RequestParser)
//! knows, and what a command does, the engine.

mod clock;
mod connection;

use std::collections::HashMap;
use std::io::{self, ErrorKind, Write as _};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use anyhow::{Context as _, Result};
use mio::net::TcpListener;
use mio::{Events, Interest, Poll, Token};
use playground_engine::session::Origin;
use playground_engine::{Engine, Protocol, SessionId, resp};

use clock::RealTime;
use connection::{Connection, Turn};

/// What the server listens on and starts from.
#[derive(Clone, Debug)]
pub struct Options {
    pub bind: IpAddr,
    /// 0 takes a free one.
    pub port: u16,
    /// Seeds the engine's random source; the time of day without it.
    pub seed: Option<u64>,
}

const LISTENER: Token = Token(usize::MAX);
/// How much is read from a socket at once.
const READ_AT_ONCE: usize = 64 * 1024;

/// Serves until the process is ended.
pub fn run(options: &Options) -> Result<()> {
    let address = SocketAddr::new(options.bind, options.port);
    let mut server =
        Server::bind(address, options.seed).with_context(|| format!("cannot listen on {address}"))?;
    println!("Redis playground listens on {}; Ctrl-C ends it.", server.listener.local_addr()?);
    loop {
        server.step()?;
    }
}

struct Server {
    engine: Engine,
    time: RealTime,
    poll: Poll,
    events: Events,
    listener: TcpListener,
    /// Connections at their token; free places are listed in `free`.
    connections: Vec<Option<Connection>>,
    free: Vec<usize>,
    /// Which connection speaks for a session.
    owners: HashMap<SessionId, usize>,
    /// Clients may be waiting to be accepted.
    knocking: bool,
    /// Connections that have more to do although no event will say so.
    busy: Vec<usize>,
    buffer: Box<[u8]>,
}

impl Server {
    fn bind(address: SocketAddr, seed: Option<u64>) -> Result<Self> {
        let now = RealTime::time_of_day();
        let options = playground_engine::Options {
            seed: seed.unwrap_or(now),
            start: now,
            record_events: false,
            ..playground_engine::Options::default()
        };
        let poll = Poll::new()?;
        let mut listener = TcpListener::bind(address)?;
        poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
        Ok(Self {
            engine: Engine::new(options),
            time: RealTime::start(),
            poll,
            events: Events::with_capacity(1024),
            listener,
            connections: Vec::new(),
            free: Vec::new(),
            owners: HashMap::new(),
            knocking: false,
            busy: Vec::new(),
            buffer: vec![0; READ_AT_ONCE].into_boxed_slice(),
        })
    }

    /// Waits for something to happen and sees to it.
    fn step(&mut self) -> Result<()> {
        let tick = Duration::from_millis(self.engine.tick_period());
        let timeout = self.engine.next_timeout().map_or(u64::MAX, |at| at.saturating_sub(self.engine.now()));
        let patience = tick.min(Duration::from_millis(timeout));
        // Who has sent more than was read is served at once, and a script that runs has all the time there is.
        let hurries = !self.busy.is_empty() || self.engine.running_script().is_some();
        let patience = if hurries { Duration::ZERO } else { patience };
        match self.poll.poll(&mut self.events, Some(patience)) {
            Err(error) if error.kind() != ErrorKind::Interrupted => {
                return Err(error).context("cannot wait for sockets");
            }
            _ => {}
        }
        if let Some(elapsed) = self.time.take_elapsed() {
            self.engine.advance(elapsed);
        }
        let mut ready = std::mem::take(&mut self.busy);
        for event in &self.events {
            match event.token() {
                LISTENER => self.knocking = true,
                Token(index) => ready.push(index),
            }
        }
        self.hand_out();
        for index in ready {
            self.serve(index);
            self.hand_out();
        }
        if self.knocking {
            self.accept();
        }
        Ok(())
    }

    fn serve(&mut self, index: usize) {
        let Some(Some(connection)) = self.connections.get_mut(index) else { return };
        let turn = connection.turn(&mut self.engine, &mut self.buffer);
        self.after(turn, index);
    }

    fn after(&mut self, turn: Turn, index: usize) {
        match turn {
            Turn::Resting => {}
            Turn::More => self.busy.push(index),
            Turn::Over => self.close(index),
        }
    }

    /// Brings sessions what others' commands, or time, had for them; those who waited may go on.
    fn hand_out(&mut self) {
        loop {
            let receivers = self.engine.take_with_mail();
            if receivers.is_empty() {
                return;
            }
            for id in receivers {
                let Some(index) = self.owners.get(&id).copied() else { continue };
                if let Some(Some(connection)) = self.connections.get_mut(index) {
                    let turn = connection.bring(&mut self.engine, &mut self.buffer);
                    self.after(turn, index);
                }
            }
        }
    }

    fn close(&mut self, index: usize) {
        if let Some(connection) = self.connections.get_mut(index).and_then(Option::take) {
            self.owners.remove(&connection.session());
            self.engine.disconnect(connection.session());
            self.free.push(index);
        }
    }

    fn accept(&mut self) {
        loop {
            match self.listener.accept() {
                Ok((socket, _)) => self.admit(socket),
                Err(error) if is_passing(&error) => {}
                Err(error) => {
                    // Anything else is most likely a lack of descriptors: those who are connected are served on, and
                    // the next step tries again, for the listener is not announced twice.
                    self.knocking = error.kind() != ErrorKind::WouldBlock;
                    return;
                }
            }
        }
    }

    fn admit(&mut self, mut socket: mio::net::TcpStream) {
        let index = self.free.pop().unwrap_or_else(|| {
            self.connections.push(None);
            self.connections.len() - 1
        });
        let interest = Interest::READABLE | Interest::WRITABLE;
        // Small replies are sent at once; where that cannot be had, they are only later.
        let _ = socket.set_nodelay(true);
        if self.poll.registry().register(&mut socket, Token(index), interest).is_err() {
            self.free.push(index);
            return;
        }
        let session = match self.engine.connect_from(origin(&socket)) {
            Ok(session) => session,
            Err(error) => {
                // The client is told if it can be told at once.
                let mut words = Vec::new();
                resp::write(&error.into(), Protocol::Resp2, &mut words);
                let _ = socket.write(&words);
                self.free.push(index);
                return;
            }
        };
        if let Some(place) = self.connections.get_mut(index) {
            *place = Some(Connection::new(socket, session));
            self.owners.insert(session, index);
        }
    }
}

/// Both ends of a connection, as CLIENT LIST shows them.
fn origin(socket: &mio::net::TcpStream) -> Origin {
    let shown = |address: io::Result<SocketAddr>| {
        address.map_or_else(|_| "?:0".into(), |address| address.to_string())
    };
    Origin { address: shown(socket.peer_addr()), local: shown(socket.local_addr()) }
}

/// Errors of one connection that never came to be, not of the listener.
fn is_passing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted
            | ErrorKind::ConnectionReset
            | ErrorKind::Interrupted
            | ErrorKind::ConnectionRefused
    )
}
