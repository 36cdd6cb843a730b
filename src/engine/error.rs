//! Every error the engine can answer, and the only place that knows how Redis words them.
//!
//! A variant names what went wrong; [`Error::message`] is the exact text of Redis 8.0, code first. Bytes from the
//! client are kept as bytes and made safe for the wire (no line breaks) when the text is written.

use crate::acl::{Denied, RuleError};
mod message;
mod text;

use text::join;

use crate::request::ProtocolError;

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// No such command; the command word and its first arguments are repeated to the client.
    UnknownCommand {
        name: Vec<u8>,
        args: Vec<Vec<u8>>,
    },
    UnknownSubcommand {
        container: &'static str,
        name: Vec<u8>,
    },
    /// A command of Redis 8.0 that the playground does not have.
    Unsupported {
        command: &'static str,
    },
    /// A setting of Redis 8.0 that the playground does not have.
    UnsupportedSetting {
        name: Vec<u8>,
    },
    /// The full name, `config|set` for a subcommand.
    WrongArity {
        command: &'static str,
    },
    /// A client of RESP2 that listens to channels can hardly do anything else.
    NotWhileListening {
        command: &'static str,
    },
    /// `EXEC` itself did not pass the gates, and took its transaction with it.
    ExecRefused {
        because: Box<Error>,
    },
    Syntax,
    WrongType,
    NotAnInteger,
    NotA32BitInteger,
    /// The lowest 64-bit integer, where one is wanted that has an opposite.
    NoOpposite,
    NotAFloat,
    NoSuchKey,
    DbIndexOutOfRange,
    InvalidFirstDbIndex,
    InvalidSecondDbIndex,
    InvalidCursor,
    InvalidExpireTime {
        command: &'static str,
    },
    ExpireNxIncompatible,
    ExpireGtLtIncompatible,
    UnsupportedOption {
        option: Vec<u8>,
    },
    UnknownArgument {
        argument: Vec<u8>,
    },
    SameObject,
    /// A key is there already.
    BusyKey,
    LfuNotSelected,
    LruNotTracked,
    /// A string would outgrow `proto-max-bulk-len`.
    StringTooLong,
    /// `maxmemory`, or the machine, or the browser tab, has no room left.
    OutOfMemory,
    UnknownSetting {
        name: Vec<u8>,
    },
    ConfigSet {
        name: Vec<u8>,
        reason: String,
    },
    /// An option of `HELLO` that is unknown, or lacks its words.
    HelloOption {
        option: Vec<u8>,
    },
    /// A kind of clients that there is not.
    UnknownClientType {
        name: Vec<u8>,
    },
    UnrecognizedOption {
        option: Vec<u8>,
    },
    NoSuchUser {
        name: Vec<u8>,
    },
    /// Something about a client that is shown in lists of words is not a word.
    ClientAttribute {
        name: Vec<u8>,
    },
    /// One client follows two prefixes of which one begins with the other.
    OverlappingPrefixes {
        prefix: Vec<u8>,
        other: Vec<u8>,
        /// The other one was followed before.
        existing: bool,
    },
    /// The bytes on the wire are no request.
    Protocol(ProtocolError),
    UnknownPfdebug {
        name: Vec<u8>,
    },
    /// Modules could be loaded only if a setting allowed it.
    ModulesNotAllowed,
    /// The client's own words.
    Said {
        text: Vec<u8>,
        /// It has answered something already, and counts no more.
        is_counted: bool,
    },
    /// No script has this SHA-1.
    NoScript,
    NoReplicas,
    /// A script runs, and nothing else does.
    BusyScript,
    BusyFunction,
    /// The latency monitor knows no such event.
    NoLatencySamples {
        event: Vec<u8>,
    },
    GetKeysInvalidCommand,
    GetKeysInvalidArguments,
    GetKeysNoKeys,
    OutOfRange,
    IndexOutOfRange,
    /// A count that may be zero is negative or no number.
    NotPositive,
    NumkeysNotPositive,
    CountNotPositive,
    NegativeLimit,
    NoInputKeys {
        command: &'static str,
    },
    /// An end of a range of scores.
    NotAScoreRange,
    /// An end of a range of members.
    NotALexRange,
    /// Infinities that cancel out.
    ScoreNotANumber,
    /// A longitude and a latitude, as text, that no place has.
    InvalidPlace {
        pair: String,
    },
    /// A search needs one of a few words; the command word is repeated to the client.
    ExactlyOneOf {
        choice: &'static str,
        command: Vec<u8>,
    },
    TimeoutNotAFloat,
    TimeoutNotAnInteger,
    TimeoutNegative,
    TimeoutOutOfRange,
    /// A stream, or a consumer group of it, that a command needs; Redis adds the place when entries are read.
    NoStreamGroup {
        key: Vec<u8>,
        group: Vec<u8>,
        reading: bool,
    },
    /// A stream that is there has no such consumer group.
    NoGroupForKey {
        key: Vec<u8>,
        group: Vec<u8>,
    },
    UnknownClaimOption {
        option: Vec<u8>,
    },
    /// Words behind a subcommand, named as it was written, that do not fit it.
    SubcommandSyntax {
        container: &'static str,
        name: Vec<u8>,
    },
    /// The client has to say who it is first.
    NoAuth,
    WrongPass,
    /// The user may not run a command.
    DeniedCommand {
        user: Vec<u8>,
        command: &'static str,
    },
    DeniedKey,
    DeniedChannel,
    /// What was allowed when it was queued is no longer when `EXEC` comes.
    DeniedAtExec(Denied),
    /// A rule of `ACL SETUSER` that was not taken.
    AclRule {
        rule: Vec<u8>,
        reason: RuleError,
    },
    /// A selector of `ACL SETUSER` that begins with this word and does not end.
    AclUnclosedSelector {
        start: Vec<u8>,
    },
    UnknownCategory {
        name: Vec<u8>,
    },
    UserNotFound {
        name: Vec<u8>,
    },
    CommandNotFound {
        name: Vec<u8>,
    },
    /// A message that belongs to one command alone, whole and with its code: `ERR …`. For wording that is shared,
    /// or that carries the client's bytes, there is a variant of its own.
    Fixed(&'static str),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.message()))
    }
}

impl std::error::Error for Error {}

/// That a user may not run a command: in a refusal, and what `ACL DRYRUN` says of it.
pub fn denied_command(user: &[u8], command: &str) -> Vec<u8> {
    join(&[b"User ", user, b" has no permissions to run the '", command.as_bytes(), b"' command"])
}

/// What `ACL DRYRUN` says of a key or channel that a user may not use.
pub fn denied_object(user: &[u8], object: &[u8], kind: &str) -> Vec<u8> {
    join(&[b"User ", user, b" has no permissions to access the '", object, b"' ", kind.as_bytes()])
}
