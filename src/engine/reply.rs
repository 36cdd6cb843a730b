//! What a command answers, before anyone has chosen how to write it down.
//!
//! One type for RESP2 and RESP3: a reply keeps its richest meaning (a map, a double, pairs) and the writers
//! ([`crate::resp`] for the wire, [`crate::print`] for people) flatten it for a client that speaks RESP2.

use std::borrow::Cow;
use std::sync::Arc;

use crate::error::Error;
use crate::session::Protocol;

/// A reply of any RESP type.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// A short word of success, such as `OK`; scripts may say any bytes.
    Status(Cow<'static, [u8]>),
    Error(Error),
    Integer(i64),
    Bulk(Vec<u8>),
    /// No value: RESP2's null bulk string.
    Nil,
    /// No array: RESP2 tells it apart from [`Reply::Nil`], RESP3 does not.
    NilArray,
    Array(Vec<Reply>),
    /// Key and value in turn: a flat array in RESP2.
    Map(Vec<(Reply, Reply)>),
    /// Two-element arrays in RESP3, one flat array in RESP2, as `ZRANGE … WITHSCORES` answers.
    Pairs(Vec<(Reply, Reply)>),
    /// By key: a map in RESP3, an array of two-element arrays in RESP2, as `XREAD` answers.
    Keyed(Vec<(Reply, Reply)>),
    /// An unordered collection: an array in RESP2.
    Set(Vec<Reply>),
    /// A bulk string in RESP2.
    Double(f64),
    /// An integer of any length, by its digits (scripts may say any bytes): a bulk string in RESP2.
    BigNumber(Cow<'static, [u8]>),
    /// An integer 0 or 1 in RESP2.
    Boolean(bool),
    /// Text with a three-letter format: a bulk string in RESP2.
    Verbatim([u8; 3], Vec<u8>),
    /// Out-of-band data: an array in RESP2. Many may receive the same.
    Push(Arc<[Reply]>),
    /// A reply about which something more is said, key and value in turn: that is left out in RESP2.
    Attributed(Vec<(Reply, Reply)>, Box<Reply>),
    /// Several replies one after another, as `SUBSCRIBE` to several channels gives them, or none.
    Several(Vec<Reply>),
    /// Made while its client spoke this protocol, and to be written in it, whatever the client speaks by then.
    In(Protocol, Box<Reply>),
}

impl Reply {
    pub const OK: Self = Self::Status(Cow::Borrowed(b"OK"));
    /// No reply: the session waits, or wants none.
    pub const NOTHING: Self = Self::Several(Vec::new());

    /// A status that is one of a fixed set of words.
    pub const fn status(word: &'static str) -> Self {
        Self::Status(Cow::Borrowed(word.as_bytes()))
    }

    /// A status that is a text.
    pub fn status_of(text: impl Into<String>) -> Self {
        Self::Status(Cow::Owned(text.into().into_bytes()))
    }

    pub fn bulk(bytes: impl Into<Vec<u8>>) -> Self {
        Self::Bulk(bytes.into())
    }

    pub fn push(items: impl Into<Arc<[Reply]>>) -> Self {
        Self::Push(items.into())
    }

    /// A count; collections never outgrow `i64`.
    pub fn count(n: usize) -> Self {
        Self::Integer(i64::try_from(n).unwrap_or(i64::MAX))
    }

    /// `1` or `0`, as Redis has always answered yes and no.
    pub fn flag(yes: bool) -> Self {
        Self::Integer(i64::from(yes))
    }

    /// The value, or nil where there is none.
    pub fn bulk_or_nil(bytes: Option<Vec<u8>>) -> Self {
        bytes.map_or(Self::Nil, Self::Bulk)
    }

    pub fn is_error(&self) -> bool {
        matches!(self, Self::Error(_))
    }

    /// Whether it comes without having been asked for.
    pub fn is_push(&self) -> bool {
        match self {
            Self::In(_, reply) => reply.is_push(),
            reply => matches!(reply, Self::Push(_)),
        }
    }

    /// Fixes the protocol it is written in, where that matters and is not fixed yet.
    pub fn pin(&mut self, protocol: Protocol) {
        let alike = matches!(
            self,
            Self::Status(_) | Self::Error(_) | Self::Integer(_) | Self::Bulk(_) | Self::In(..)
        );
        if !alike {
            let reply = std::mem::replace(self, Self::NOTHING);
            *self = Self::In(protocol, Box::new(reply));
        }
    }

    /// What is to be written, and in which protocol, for a client that speaks this one.
    pub fn unpinned(&self, protocol: Protocol) -> (&Self, Protocol) {
        match self {
            Self::In(own, reply) => (reply, *own),
            reply => (reply, protocol),
        }
    }
}

impl From<Error> for Reply {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<Result<Reply, Error>> for Reply {
    fn from(result: Result<Reply, Error>) -> Self {
        result.unwrap_or_else(Self::Error)
    }
}
