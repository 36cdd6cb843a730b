//! One connection: what belongs to a client and not to the data.
//!
//! Sessions know nothing of sockets or terminals; whoever holds a [`SessionId`] speaks for it.

use crate::reply::Reply;

/// Names a session for as long as it is connected; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub u64);

/// Which RESP the client reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Protocol {
    #[default]
    Resp2,
    Resp3,
}

/// A connected client.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    /// The selected database.
    pub db: usize,
    pub protocol: Protocol,
    /// What the client calls itself.
    pub name: Vec<u8>,
    /// Pushes that wait to be taken by [`Engine::take_outbox`](crate::Engine::take_outbox).
    pub outbox: Vec<Reply>,
    /// The client said `QUIT`: whoever holds its connection closes it after the last reply.
    pub closing: bool,
}

impl Session {
    pub fn new(id: SessionId) -> Self {
        let (name, outbox) = (Vec::new(), Vec::new());
        Self { id, db: 0, protocol: Protocol::default(), name, outbox, closing: false }
    }
}
