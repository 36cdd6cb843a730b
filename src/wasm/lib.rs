//! The JavaScript API: an engine as a class, for Node and for other people's pages.
//!
//! ```js
//! const playground = new Playground();
//! const session = playground.connect();
//! playground.call(session, ["SET", "greeting", "hello", "EX", 10]);   // "OK"
//! playground.advance(11_000);
//! playground.call(session, ["GET", "greeting"]);                      // null
//! ```
//!
//! This crate only carries values across: [`args`] into Rust, [`reply`] (with [`json`]), [`views`] and [`events`] into JavaScript, [`types`] their
//! TypeScript declarations. It holds no Redis semantics. Whatever a caller passes, the worst that comes back is a
//! `TypeError`; an error of Redis's is not thrown but returned, because in a playground it is an answer like any other.
//!
//! Methods take `&self`: reading arguments may run a caller's own code (a getter, a proxy), which may call us again, so
//! the engine is borrowed only once the arguments are read.

mod args;
mod events;
mod json;
mod reply;
mod types;
mod views;

use std::cell::RefCell;
use std::collections::VecDeque;

use js_sys::Array;
use playground_engine::{Engine, Event, Protocol, SessionId, parse, print};
use wasm_bindgen::prelude::*;

use reply::Texts;
use types::{
    Argument, Arrivals, Command, Commands, Connection, Inspected, KeyEvents, Keys, Line, Options, Outcome,
    Replies, Reply, State,
};

/// Events that nobody has asked for are kept up to this many, the newest.
const MAX_UNHEARD: usize = 10_000;

/// The version of this package.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// The version of Redis that it behaves as.
#[wasm_bindgen(js_name = redisVersion)]
pub fn redis_version() -> String {
    playground_engine::REDIS_VERSION.to_owned()
}

/// A Redis of your own, on a clock of its own: the same calls always give the same answers.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Playground {
    engine: RefCell<Engine>,
    texts: Texts,
    /// What `call` and `pipeline` did to keys, until `events` is asked.
    unheard: RefCell<VecDeque<Event>>,
}

#[wasm_bindgen]
impl Playground {
    /// An empty Redis.
    #[wasm_bindgen(constructor)]
    pub fn new(options: Option<Options>) -> Result<Playground, JsValue> {
        let (options, texts) = args::options(options.map(JsValue::from))?;
        Ok(Self { engine: RefCell::new(Engine::new(options)), texts, unheard: RefCell::default() })
    }

    // ---- sessions ------------------------------------------------------------------------------------------------

    /// Opens a connection; the number names it in the other methods.
    pub fn connect(&self) -> f64 {
        self.engine.borrow_mut().connect().0 as f64
    }

    /// Closes a connection.
    pub fn disconnect(&self, session: f64) -> Result<(), JsValue> {
        let session = args::session(session)?;
        self.engine.borrow_mut().disconnect(session);
        Ok(())
    }

    /// How a connection stands; `null` where there is none.
    pub fn session(&self, session: f64) -> Result<Connection, JsValue> {
        let session = args::session(session)?;
        views::session(self.engine.borrow().session(session))
    }

    /// What has arrived for a connection since this was last asked: late replies of commands that waited, and messages.
    pub fn receive(&self, session: f64) -> Result<Arrivals, JsValue> {
        let session = args::session(session)?;
        let mut engine = self.engine.borrow_mut();
        let protocol = protocol(&engine, session);
        let arrival = |reply: playground_engine::Reply| {
            let value = self.texts.reply(&reply, protocol);
            let is_push = reply.is_push();
            reply::arrival(&value, &print::redis_cli_as(&reply, protocol), is_push)
        };
        Ok(engine.take_outbox(session).into_iter().map(arrival).collect::<Array>().unchecked_into())
    }

    /// Ends a connection's waiting as its time-out would; nothing happens where it does not wait.
    #[wasm_bindgen(js_name = cancelWait)]
    pub fn cancel_wait(&self, session: f64) -> Result<KeyEvents, JsValue> {
        let session = args::session(session)?;
        let events = self.engine.borrow_mut().cancel_wait(session);
        self.tell(&events)
    }

    // ---- commands ------------------------------------------------------------------------------------------------

    /// Executes a command and gives its reply alone: the fast way. While the connection has to wait there is none, and
    /// `receive` has it later.
    pub fn call(&self, session: f64, command: &Command) -> Result<Reply, JsValue> {
        let session = args::session(session)?;
        let argv = args::command(command)?;
        Ok(self.reply(session, argv).unchecked_into())
    }

    /// Executes many commands in turn and gives their replies.
    pub fn pipeline(&self, session: f64, commands: &Commands) -> Result<Replies, JsValue> {
        let session = args::session(session)?;
        let commands = args::commands(commands)?;
        let mut engine = self.engine.borrow_mut();
        let execute = |argv| {
            let outcome = engine.execute(session, argv);
            self.keep(outcome.events);
            (outcome.reply, protocol(&engine, session))
        };
        let replies: Vec<_> = commands.into_iter().map(execute).collect();
        Ok(self.texts.replies(&replies).unchecked_into())
    }

    /// What `call` and `pipeline` did to keys since this was last asked, at most the newest 10,000 events.
    pub fn events(&self) -> Result<KeyEvents, JsValue> {
        let unheard = Vec::from(self.unheard.take());
        self.tell(&unheard)
    }

    /// Executes a command and gives its reply, as a value and as redis-cli prints it, and what happened to keys.
    pub fn execute(&self, session: f64, command: &Command) -> Result<Outcome, JsValue> {
        let session = args::session(session)?;
        let argv = args::command(command)?;
        self.outcome(session, &argv)
    }

    /// The same for a line as typed at redis-cli's prompt, with its quotes and escapes.
    #[wasm_bindgen(js_name = executeLine)]
    pub fn execute_line(&self, session: f64, line: &Line) -> Result<Outcome, JsValue> {
        let session = args::session(session)?;
        match parse::split_line(&args::text(line)?) {
            Ok(argv) if argv.is_empty() => Ok(reply::outcome(&JsValue::NULL, "", &Array::new())),
            Ok(argv) => self.outcome(session, &argv),
            Err(error) => {
                let text = error.to_string();
                Ok(reply::outcome(&reply::error(&text), &format!("{text}\n"), &Array::new()))
            }
        }
    }

    fn reply(&self, session: SessionId, argv: Vec<Vec<u8>>) -> JsValue {
        let mut engine = self.engine.borrow_mut();
        let outcome = engine.execute(session, argv);
        self.keep(outcome.events);
        self.texts.reply(&outcome.reply, protocol(&engine, session))
    }

    fn keep(&self, events: Vec<Event>) {
        if events.is_empty() {
            return;
        }
        let mut unheard = self.unheard.borrow_mut();
        unheard.extend(events);
        let surplus = unheard.len().saturating_sub(MAX_UNHEARD);
        unheard.drain(..surplus);
    }

    fn outcome(&self, session: SessionId, argv: &[Vec<u8>]) -> Result<Outcome, JsValue> {
        let mut engine = self.engine.borrow_mut();
        let outcome = engine.execute(session, argv.to_vec());
        let protocol = protocol(&engine, session);
        let value = self.texts.reply(&outcome.reply, protocol);
        let text = print::answer(argv, &outcome.reply, protocol);
        let events = events::events(&outcome.events, self.texts)?;
        Ok(reply::outcome(&value, &text, &events))
    }

    // ---- time ----------------------------------------------------------------------------------------------------

    /// Milliseconds since the Unix epoch, on this Redis's own clock.
    pub fn now(&self) -> f64 {
        self.engine.borrow().now() as f64
    }

    /// Lets milliseconds pass; keys expire on the way.
    pub fn advance(&self, milliseconds: f64) -> Result<KeyEvents, JsValue> {
        let by = args::duration(milliseconds)?;
        let events = self.engine.borrow_mut().advance(by);
        self.tell(&events)
    }

    /// Lets time pass until a key expires; nothing happens where none has a time to live.
    #[wasm_bindgen(js_name = advanceToNextExpiry)]
    pub fn advance_to_next_expiry(&self) -> Result<KeyEvents, JsValue> {
        let events = self.engine.borrow_mut().advance_to_next_expiry();
        self.tell(&events)
    }

    fn tell(&self, events: &[Event]) -> Result<KeyEvents, JsValue> {
        Ok(events::events(events, self.texts)?.unchecked_into())
    }

    // ---- looking in ----------------------------------------------------------------------------------------------

    /// The state at a glance. Looking never changes anything.
    pub fn snapshot(&self) -> Result<State, JsValue> {
        views::snapshot(&self.engine.borrow().snapshot())
    }

    /// Up to `limit` keys of a database, in the order of its table, from position `from` on.
    pub fn keys(&self, db: u32, from: u32, limit: u32) -> Result<Keys, JsValue> {
        let keys = self.engine.borrow().keys(db as usize, from as usize, limit as usize);
        views::keys(&keys, self.texts)
    }

    /// The inside of a key, cut to `limit` elements or bytes; `null` where there is no such key.
    pub fn inspect(&self, db: u32, key: &Argument, limit: u32) -> Result<Inspected, JsValue> {
        let key = args::argument(key)?;
        let inspection = self.engine.borrow().inspect(db as usize, &key, limit as usize);
        views::inspection(inspection.as_ref(), self.texts)
    }

    /// A fingerprint of the state: two runs with the same calls have the same.
    pub fn digest(&self) -> u64 {
        self.engine.borrow().digest()
    }
}

fn protocol(engine: &Engine, session: SessionId) -> Protocol {
    engine.session(session).map(|session| session.protocol).unwrap_or_default()
}
