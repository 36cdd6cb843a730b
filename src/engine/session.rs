//! One connection: what belongs to a client and not to the data.
//!
//! Sessions know nothing of sockets or terminals; whoever holds a [`SessionId`] speaks for it.

use std::collections::VecDeque;

use crate::acl::DEFAULT_USER;
use crate::command::CommandSpec;
use crate::digest::Digest;
use crate::output::Output;
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

/// A command line whose command has been found.
#[derive(Clone, Debug)]
pub struct Request {
    pub argv: Vec<Vec<u8>>,
    pub spec: &'static CommandSpec,
    /// The position of the first argument, behind the command and perhaps its subcommand.
    pub first_arg: usize,
}

/// What a session gathers between `MULTI` and `EXEC`.
#[derive(Clone, Debug, Default)]
pub struct Transaction {
    pub queue: Vec<Request>,
    /// A command was refused on its way into the queue, so that `EXEC` will refuse them all.
    pub aborted: bool,
}

/// Why a session waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// For a value of a type at one of these keys of a database.
    Keys {
        db: usize,
        keys: Vec<Vec<u8>>,
        /// The word of `TYPE`.
        kind: &'static str,
        /// Also until one of the keys is gone, since what is waited for goes with it.
        or_gone: bool,
    },
    /// For replicas or a disk, which never answer here.
    Acknowledgement,
}

/// A session that waits.
#[derive(Clone, Debug)]
pub struct Blocked {
    pub cause: Cause,
    /// Its place in every queue it stands in: who came first is served first.
    pub ticket: u64,
    /// When it gives up.
    pub deadline: Option<u64>,
    /// What it answers when it gives up.
    pub in_vain: Reply,
    /// What is tried again when there may be something.
    pub request: Request,
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
    /// Who speaks here, as far as access control is concerned.
    pub user: Vec<u8>,
    /// The client has said who it is, or did not have to.
    pub authenticated: bool,
    /// Since `MULTI`.
    pub transaction: Option<Transaction>,
    pub blocked: Option<Blocked>,
    /// Commands that came while it was waiting, to be executed afterwards.
    pub backlog: VecDeque<Vec<Vec<u8>>>,
    /// What waits to be taken by [`Engine::take_outbox`](crate::Engine::take_outbox): late replies and pushes.
    pub outbox: Vec<Reply>,
    /// How much of it there is, and of what could not be sent yet.
    pub output: Output,
    /// The client said `QUIT`: whoever holds its connection closes it after the last reply.
    pub closing: bool,
}

impl Session {
    pub fn new(id: SessionId) -> Self {
        Self {
            id,
            db: 0,
            protocol: Protocol::default(),
            name: Vec::new(),
            user: DEFAULT_USER.to_vec(),
            authenticated: true,
            transaction: None,
            blocked: None,
            backlog: VecDeque::new(),
            outbox: Vec::new(),
            output: Output::default(),
            closing: false,
        }
    }

    /// Whether it waits for something and executes nothing meanwhile.
    pub fn is_blocked(&self) -> bool {
        self.blocked.is_some()
    }

    /// All that decides what happens next.
    pub fn digest(&self, digest: &mut Digest) {
        digest.number(self.id.0);
        digest.number(self.db as u64);
        digest.number(u64::from(self.protocol == Protocol::Resp3));
        digest.number(u64::from(self.closing));
        digest.bytes(&self.user);
        digest.number(u64::from(self.authenticated));
        if let Some(transaction) = &self.transaction {
            digest.number(u64::from(transaction.aborted));
            transaction.queue.iter().flat_map(|request| &request.argv).for_each(|word| digest.bytes(word));
        }
        if let Some(blocked) = &self.blocked {
            digest.number(blocked.ticket);
            digest.number(blocked.deadline.unwrap_or_default());
            blocked.request.argv.iter().for_each(|word| digest.bytes(word));
        }
        self.backlog.iter().flatten().for_each(|word| digest.bytes(word));
        self.output.state().into_iter().for_each(|number| digest.number(number));
    }

    /// Where it comes from, as logs show it: there is no network, so that the port tells the session.
    pub fn address(&self) -> Vec<u8> {
        format!("127.0.0.1:{}", self.id.0).into_bytes()
    }
}
