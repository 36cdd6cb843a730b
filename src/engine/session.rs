//! One connection: what belongs to a client and not to the data.
//!
//! Sessions know nothing of sockets or terminals; whoever holds a [`SessionId`] speaks for it.

use std::collections::VecDeque;

use crate::acl::DEFAULT_USER;
use crate::command::CommandSpec;
use crate::digest::Digest;
use crate::keyspace::Surroundings;
use crate::output::Output;
use crate::reply::Reply;

/// Names a session for as long as it is connected; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub u64);

impl SessionId {
    /// The number as a reply shows it.
    pub fn shown(self) -> i64 {
        i64::try_from(self.0).unwrap_or(i64::MAX)
    }
}

/// Where a connection comes from, as whoever embeds the engine knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// `ip:port` of the client.
    pub address: String,
    /// `ip:port` it has reached.
    pub local: String,
}

impl Origin {
    /// Where there is no network, the port tells the session.
    pub fn made_up(id: SessionId) -> Self {
        Self { address: format!("127.0.0.1:{}", id.0), local: "127.0.0.1:6379".into() }
    }
}

/// Whether a client hears replies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hearing {
    #[default]
    All,
    /// All but that of the next command; it has just said so.
    AllButNext,
    /// Not that of the command which runs now.
    NotThis,
    Nothing,
}

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
    /// For the end of `CLIENT PAUSE`: its command has not begun.
    Pause,
    /// For its script, which takes long.
    Script,
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
    pub origin: Origin,
    /// Name and version of the library that the client is made with.
    pub library: [Vec<u8>; 2],
    /// When it was connected, on the virtual clock.
    pub created: u64,
    /// When it last sent or got something.
    pub last_interaction: u64,
    /// What it last sent, if there is such a command.
    pub last_command: Option<&'static CommandSpec>,
    pub hearing: Hearing,
    /// Not to be closed for the memory that clients take.
    pub no_evict: bool,
    /// Its look-ups are no use of a key.
    pub no_touch: bool,
    /// It sees what all others send.
    pub monitors: bool,
    /// Since `MULTI`.
    pub transaction: Option<Transaction>,
    /// How many commands the transaction has that `EXEC` is just carrying out.
    pub executing: Option<usize>,
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
    pub fn new(id: SessionId, origin: Option<Origin>, now: u64) -> Self {
        Self {
            id,
            db: 0,
            protocol: Protocol::default(),
            name: Vec::new(),
            user: DEFAULT_USER.to_vec(),
            authenticated: true,
            origin: origin.unwrap_or_else(|| Origin::made_up(id)),
            library: Default::default(),
            created: now,
            last_interaction: now,
            last_command: None,
            hearing: Hearing::default(),
            no_evict: false,
            no_touch: false,
            monitors: false,
            transaction: None,
            executing: None,
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

    /// Changes how much waits for the client, and with it what that takes.
    pub fn change_output(&mut self, around: &mut Surroundings, change: impl FnOnce(&mut Output)) {
        let before = self.output.allocated();
        change(&mut self.output);
        around.output_memory = around.output_memory + self.output.allocated() - before;
    }

    /// Whether the client hears more than messages.
    pub fn hears_replies(&self) -> bool {
        matches!(self.hearing, Hearing::All | Hearing::AllButNext)
    }

    /// What the client hears of a reply: all, or only the messages in it, which a transaction may have brought.
    pub fn heard(&self, reply: Reply) -> Reply {
        if self.hears_replies() {
            return reply;
        }
        match reply {
            Reply::Several(replies) | Reply::Array(replies) => {
                Reply::Several(replies.into_iter().filter(Reply::is_push).collect())
            }
            push if push.is_push() => push,
            _ => Reply::NOTHING,
        }
    }

    /// A command is over: what was said for one alone is so, too.
    pub fn command_over(&mut self) {
        self.hearing = match self.hearing {
            Hearing::AllButNext => Hearing::NotThis,
            Hearing::NotThis => Hearing::All,
            other => other,
        };
    }

    /// All that decides what happens next.
    pub fn digest(&self, digest: &mut Digest) {
        digest.number(self.id.0);
        digest.number(self.db as u64);
        digest.number(u64::from(self.protocol == Protocol::Resp3));
        digest.number(u64::from(self.closing));
        digest.bytes(&self.user);
        digest.number(u64::from(self.authenticated));
        digest.number(self.created);
        digest.number(self.last_interaction);
        digest.number(self.hearing as u64);
        digest.number(u64::from(self.no_touch) | u64::from(self.monitors) << 1);
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

    /// Where it comes from, as logs show it.
    pub fn address(&self) -> Vec<u8> {
        self.origin.address.clone().into_bytes()
    }
}
