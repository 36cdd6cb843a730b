//! Plays one random sequence against engine and oracle and finds the first difference.
//!
//! A real clock cannot be stopped, but Redis itself stops it inside a transaction. So stretches of commands are sent as
//! `MULTI`, `TIME`, …, `EXEC`, the engine's clock is put to the `TIME` that came back, and every reply that depends on
//! the moment must then be the same to the millisecond: nothing here needs a tolerance. Lines that the gates refuse
//! (unknown, wrong number of arguments) would abort the transaction and are sent between stretches.

use std::thread;
use std::time::Duration;

use playground_engine::command::Group;
use playground_engine::{Engine, Options, Protocol, Reply, SessionId, dispatch, print};
use playground_tests::oracle::Oracle;
use playground_tests::resp::{Connection, Value};

use super::acl;
use super::certain::certain;
use super::compare;
use super::generate::{Argv, Sequence};
use super::pools;
use super::sizes::{self, Tally};
use super::state::{self, Clocks};

/// Both sides, ready for one sequence after another.
#[derive(Debug)]
pub struct Arena {
    /// One connection for each protocol.
    resp2: Connection,
    resp3: Connection,
    reset: Vec<Argv>,
}

/// Where the two sides part.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The line it happened at, or what was compared at the end.
    pub at: String,
    pub engine: Value,
    pub server: Value,
}

/// What a sequence did.
#[derive(Debug, Default)]
pub struct Record {
    /// Each line's command, if known, and whether it was carried out without an error.
    pub lines: Vec<(Argv, Option<&'static str>, bool)>,
    /// Keys that a command met after their time.
    pub expired: u64,
    /// Keys that were measured.
    pub sizes: Tally,
}

impl Difference {
    /// One that shows when the command is over.
    fn after(self, argv: &Argv) -> Self {
        Self { at: format!("{}, then {}", line_of(argv), self.at), ..self }
    }
}

impl Arena {
    pub fn new(oracle: &Oracle) -> Self {
        let mut resp3 = oracle.connect();
        resp3.call(&["HELLO", "3"]).expect("the oracle speaks RESP3");
        Self { resp2: oracle.connect(), resp3, reset: reset_commands() }
    }

    pub fn play(&mut self, sequence: &Sequence) -> Result<Record, Difference> {
        let (server, protocol) = if sequence.resp3 {
            (&mut self.resp3, Protocol::Resp3)
        } else {
            (&mut self.resp2, Protocol::Resp2)
        };
        server.pipeline(&self.reset).expect("the oracle answers");
        let start = moment(&server.call(&["TIME"]).expect("the oracle answers"));
        let mut side = Side::new(start, protocol);
        let mut record = Record::default();
        for stretch in stretches(&certain(&sequence.commands, start)) {
            let answers = send(server, &stretch).expect("the oracle answers");
            if let Some(moment) = answers.moment {
                side.advance_to(moment);
            }
            for (argv, Answer { reply, sizes }) in stretch.commands.iter().zip(answers.replies) {
                record.lines.push(side.compare(argv, reply)?);
                for (key, size) in sizes {
                    let found = sizes::compare(&mut side.engine, side.session, &key, size, side.has_scripts);
                    record.sizes.add(found.map_err(|difference| difference.after(argv))?);
                }
            }
        }
        record.expired = side.engine.snapshot().expired_lazily;
        // Whatever was to live for moments is gone after this, and the state holds still.
        thread::sleep(pools::SHORT_LIFE + pools::SHORT_LIFE);
        side.advance_to(moment(&server.call(&["TIME"]).expect("the oracle answers")));
        state::compare(server, &mut side.engine, protocol, Clocks::Together)?;
        Ok(record)
    }
}

/// Empties the server and puts back what a sequence can have changed.
pub fn reset_commands() -> Vec<Argv> {
    let words = |words: &[&str]| words.iter().map(|word| word.as_bytes().to_vec()).collect::<Argv>();
    let defaults = playground_engine::config::Config::default();
    let settable = playground_engine::config::SETTINGS.iter().filter(|setting| setting.set.is_some());
    let settings = settable.map(|setting| words(&["CONFIG", "SET", setting.name, &(setting.get)(&defaults)]));
    let head = [
        words(&["DEBUG", "SET-ACTIVE-EXPIRE", "0"]),
        words(&["FLUSHALL"]),
        words(&["ACL", "DELUSER"]).into_iter().chain(acl::USERS.iter().map(|name| name.to_vec())).collect(),
        words(&["SELECT", "0"]),
        words(&["CONFIG", "RESETSTAT"]),
        words(&["SCRIPT", "FLUSH", "SYNC"]),
        // No libraries take the place of all: FUNCTION FLUSH may stop the server, see `generate`.
        [&b"FUNCTION"[..], b"RESTORE", b"\x0c\x00\x96\xedh\x80\xf5U<\x93", b"FLUSH"]
            .map(<[u8]>::to_vec)
            .to_vec(),
    ];
    head.into_iter().chain(settings).collect()
}

/// The engine's side.
#[derive(Debug)]
struct Side {
    engine: Engine,
    session: SessionId,
    protocol: Protocol,
    /// A script or a function has been run.
    has_scripts: bool,
}

impl Side {
    fn new(start: u64, protocol: Protocol) -> Self {
        let mut engine = Engine::new(Options { start, record_events: false, ..Options::default() });
        // Keys go when they are met: when else a cycle comes by is up to each side's own timer.
        engine.set_active_expire(false);
        let session = engine.connect();
        Self { engine, session, protocol, has_scripts: false }
    }

    fn advance_to(&mut self, moment: u64) {
        self.engine.advance(Duration::from_millis(moment.saturating_sub(self.engine.now())));
    }

    fn compare(
        &mut self,
        argv: &Argv,
        server: Value,
    ) -> Result<(Argv, Option<&'static str>, bool), Difference> {
        let reply = transact(&mut self.engine, self.session, argv);
        let engine = Value::of_reply(&reply, self.protocol);
        let spec = dispatch::resolve(argv).ok().map(|resolved| resolved.spec);
        let name = spec.map(|spec| spec.name);
        self.has_scripts |= spec.is_some_and(|spec| spec.group == Group::Scripting);
        let agree =
            compare::agree(name.unwrap_or_default(), &engine, &server, |drawn| self.holds(argv, drawn));
        let is_of_scripts = self.has_scripts
            && name == Some("memory|usage")
            && sizes::are_near_with_scripts(&self.engine, self.session, argv, &engine, &server);
        if !agree && !is_of_scripts {
            return Err(Difference { at: line_of(argv), engine, server });
        }
        Ok((argv.clone(), name, !engine.is_error()))
    }

    /// Whether what the server drew at random is there to be drawn: a key, or members of the key that was named.
    fn holds(&self, argv: &Argv, drawn: &Value) -> bool {
        let mut engine = self.engine.clone();
        let mut ask = |argv: &[&[u8]]| {
            let reply = engine.execute(self.session, argv.iter().map(|word| word.to_vec()).collect()).reply;
            Value::of_reply(&reply, Protocol::Resp2)
        };
        let draws =
            |command: &str| argv.first().is_some_and(|name| name.eq_ignore_ascii_case(command.as_bytes()));
        let (of_a_set, of_a_hash) = (draws("SRANDMEMBER"), draws("HRANDFIELD"));
        let mut has = |key: &[u8], member: &[u8]| {
            if of_a_set {
                ask(&[b"SISMEMBER", key, member]) == Value::Integer(1)
            } else if of_a_hash {
                ask(&[b"HEXISTS", key, member]) == Value::Integer(1)
            } else {
                ask(&[b"ZSCORE", key, member]) != Value::Nil
            }
        };
        match (argv.get(1), drawn) {
            (_, Value::Nil) => true,
            (None, key) => ask(&[b"EXISTS", key.bytes()]) == Value::Integer(1),
            (Some(key), Value::Bulk(member)) => has(key, member),
            (Some(key), many) => {
                // In RESP2 scores or values stand between the members: a reply with them has every other one.
                let with_scores =
                    argv.len() > 3 && many.elements().iter().all(|one| one.elements().is_empty());
                let members = many.elements().iter().step_by(if with_scores { 2 } else { 1 });
                members.map(|one| one.elements().first().unwrap_or(one)).all(|one| has(key, one.bytes()))
            }
        }
    }
}

/// Has the engine carry out a command as the real server does here: inside a transaction, where nothing waits. Each gets
/// one of its own, so that what is drawn at random can be looked for before the next.
pub fn transact(engine: &mut Engine, session: SessionId, argv: &Argv) -> Reply {
    let mut execute = |argv: Argv| engine.execute(session, argv).reply;
    execute(vec![b"MULTI".to_vec()]);
    let queued = execute(argv.clone());
    match execute(vec![b"EXEC".to_vec()]) {
        Reply::Array(mut replies) if replies.len() == 1 => replies.remove(0),
        _ => queued,
    }
}

/// Commands that are sent together: in a transaction, or one that no transaction would take.
struct Stretch {
    commands: Vec<Argv>,
    transaction: bool,
}

fn stretches(commands: &[Argv]) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    for argv in commands {
        let transaction = dispatch::resolve(argv).is_ok();
        match found.last_mut() {
            Some(last) if last.transaction && transaction => last.commands.push(argv.clone()),
            _ => found.push(Stretch { commands: vec![argv.clone()], transaction }),
        }
    }
    found
}

struct Answers {
    moment: Option<u64>,
    replies: Vec<Answer>,
}

/// What a command brought.
struct Answer {
    reply: Value,
    /// The keys it named, measured when it was over.
    sizes: Vec<(Vec<u8>, Value)>,
}

/// Takes the answers of lines and of the measurements behind each of them apart.
fn answers_of(commands: &[Argv], replies: Vec<Value>) -> Vec<Answer> {
    let mut replies = replies.into_iter();
    let mut next = || replies.next().unwrap_or(Value::Nil);
    let one = |argv: &Argv| {
        let reply = next();
        let sizes = sizes::keys_of(argv).into_iter().map(|key| (key, next())).collect();
        Answer { reply, sizes }
    };
    commands.iter().map(one).collect()
}

fn send(server: &mut Connection, stretch: &Stretch) -> std::io::Result<Answers> {
    if !stretch.transaction {
        let replies = server.pipeline(&stretch.commands)?.into_iter();
        let replies = replies.map(|reply| Answer { reply, sizes: Vec::new() }).collect();
        return Ok(Answers { moment: None, replies });
    }
    let word = |word: &str| vec![word.as_bytes().to_vec()];
    let mut wire = vec![word("MULTI"), word("TIME")];
    for argv in &stretch.commands {
        wire.push(argv.clone());
        wire.extend(sizes::keys_of(argv).iter().map(|key| sizes::question(key)));
    }
    wire.push(word("EXEC"));
    let mut acknowledged = server.pipeline(&wire)?;
    if let Some(Value::Array(mut results)) = acknowledged.pop() {
        let time = results.remove(0);
        return Ok(Answers { moment: Some(moment(&time)), replies: answers_of(&stretch.commands, results) });
    }
    // A line was refused that the engine's gates would take: its answer is the refusal, and shows as a difference.
    let replies = answers_of(&stretch.commands, acknowledged.split_off(2)).into_iter();
    let replies = replies.map(|answer| Answer { sizes: Vec::new(), ..answer }).collect();
    Ok(Answers { moment: None, replies })
}

/// Milliseconds, of an answer to TIME.
pub fn moment(time: &Value) -> u64 {
    let part = |index: usize| {
        let bytes = time.elements().get(index).map(Value::bytes).unwrap_or_default();
        String::from_utf8_lossy(bytes).parse::<u64>().unwrap_or(0)
    };
    part(0) * 1000 + part(1) / 1000
}

/// A command line as one would type it.
pub fn line_of(argv: &[Vec<u8>]) -> String {
    let plain = |word: &&Vec<u8>| {
        !word.is_empty() && word.iter().all(|b| b.is_ascii_graphic() && !b"\"'\\".contains(b))
    };
    let shown = |word: &Vec<u8>| {
        if plain(&word) { String::from_utf8_lossy(word).into_owned() } else { print::quoted(word) }
    };
    argv.iter().map(shown).collect::<Vec<_>>().join(" ")
}

/// A reply as redis-cli prints it.
pub fn printed(value: &Value) -> String {
    print::redis_cli(&value.clone().into_reply())
}
