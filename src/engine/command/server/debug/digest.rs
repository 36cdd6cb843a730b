//! DEBUG DIGEST and DEBUG DIGEST-VALUE: a fingerprint of all data, or of single values, that is the same on every server
//! that holds the same.
//!
//! Each part is taken in by its SHA-1. Where order matters, what there is so far is hashed again with each part; where it
//! does not, in sets and hashes and among keys, parts are only xored. Nothing here counts as a use of a key, and a key
//! past its deadline is still a part of the data while it lies there.

use sha1::{Digest as _, Sha1};

use crate::args::Args;
use crate::command::spec::CommandResult;
use crate::dispatch::Context;
use crate::keyspace::{Database, Entry};
use crate::number::double;
use crate::reply::Reply;
use crate::value::stream::StreamId;
use crate::value::{Hash, Set, SortedSet, Stream, Value};

#[derive(Clone, Copy, Default)]
struct Fingerprint([u8; 20]);

impl Fingerprint {
    /// Takes in a part that has no place in an order.
    fn xor(&mut self, part: &[u8]) {
        let hash: [u8; 20] = Sha1::digest(part).into();
        for (byte, other) in self.0.iter_mut().zip(hash) {
            *byte ^= other;
        }
    }

    /// Takes in the next part.
    fn mix(&mut self, part: &[u8]) {
        self.xor(part);
        self.0 = Sha1::digest(self.0).into();
    }

    /// The fingerprint of parts in their order.
    fn of(parts: &[&[u8]]) -> Self {
        let mut all = Self::default();
        for part in parts {
            all.mix(part);
        }
        all
    }

    fn reply(self) -> Reply {
        let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
        let digits = self.0.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
        Reply::status_of(digits.collect::<String>())
    }
}

pub fn all(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    let mut all = Fingerprint::default();
    for (index, database) in context.keyspace.databases().iter().enumerate() {
        if database.is_empty() {
            continue;
        }
        all.mix(&(index as u32).to_be_bytes());
        for (key, entry) in database.iter() {
            let mut pair = Fingerprint::of(&[key]);
            take_in(&mut pair, database, entry);
            all.xor(&pair.0);
        }
    }
    Ok(all.reply())
}

/// One for each key, that of nothing where there is none.
pub fn values(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let database = context.keyspace.databases().get(context.session.db);
    let one = |key: Vec<u8>| {
        let mut value = Fingerprint::default();
        if let Some((database, entry)) = database.and_then(|database| Some((database, database.get(&key)?))) {
            take_in(&mut value, database, entry);
        }
        value.reply()
    };
    Ok(Reply::Array(args.rest().into_iter().map(one).collect()))
}

/// The number that Redis has for a type.
fn number(value: &Value) -> u32 {
    match value {
        Value::String(_) => 0,
        Value::List(_) => 1,
        Value::Set(_) => 2,
        Value::SortedSet(_) => 3,
        Value::Hash(_) => 4,
        Value::Stream(_) => 6,
    }
}

/// A value, and that it expires; not when.
fn take_in(digest: &mut Fingerprint, database: &Database, entry: &Entry) {
    digest.mix(&number(&entry.value).to_be_bytes());
    match &entry.value {
        Value::String(string) => digest.mix(&string.bytes()),
        Value::List(list) => list.iter().for_each(|element| digest.mix(&element.text())),
        Value::Set(set) => self::set(digest, set),
        Value::SortedSet(set) => sorted_set(digest, set),
        Value::Hash(hash) => self::hash(digest, hash),
        Value::Stream(stream) => self::stream(digest, stream),
    }
    if database.deadline(entry).is_some() {
        digest.xor(b"!!expire!!");
    }
}

fn set(digest: &mut Fingerprint, set: &Set) {
    set.iter().for_each(|member| digest.xor(&member.text()));
}

fn sorted_set(digest: &mut Fingerprint, set: &SortedSet) {
    for (member, score) in set {
        digest.xor(&Fingerprint::of(&[&member, double::shortest(score).as_bytes()]).0);
    }
}

fn hash(digest: &mut Fingerprint, hash: &Hash) {
    for (field, content) in hash.iter() {
        let mut pair = Fingerprint::of(&[&field, &content.value]);
        if content.expires_at.is_some() {
            pair.xor(b"!!hexpire!!");
        }
        digest.xor(&pair.0);
    }
}

/// The entries; groups are no part of it.
fn stream(digest: &mut Fingerprint, stream: &Stream) {
    for entry in stream.entries().range(StreamId::MIN, StreamId::MAX) {
        let StreamId { ms, seq } = entry.id();
        digest.mix(format!("{ms}.{seq}").as_bytes());
        for (field, value) in entry.fields() {
            digest.mix(&field);
            digest.mix(&value);
        }
    }
}
