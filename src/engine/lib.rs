//! A deterministic Redis engine: commands in, replies and events out.
//!
//! The engine owns databases, a virtual clock and a seeded random source, and touches nothing else: no wall clock, no
//! ambient randomness, no I/O, no web. The same input always gives the same run, natively and in WebAssembly.
//!
//! ```
//! use playground_engine::{Engine, Options, print, parse};
//!
//! let mut engine = Engine::new(Options::default());
//! let session = engine.connect();
//! let argv = parse::split_line(b"SET greeting \"hello\" EX 10").unwrap();
//! let outcome = engine.execute(session, argv);
//! assert_eq!(print::redis_cli(&outcome.reply), "OK\n");
//! ```
//!
//! Map: [`engine`] is the front door; [`dispatch`] holds the gates every command passes; [`command`] the commands, one
//! file a group, each beside its [`CommandSpec`](command::spec::CommandSpec); [`keyspace`] is the only door to keys;
//! [`value`] the data structures behind them.

// Input is hostile and a panic takes the page down: nothing here may give up.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable))]

pub mod acl;
pub mod args;
pub mod clock;
mod closing;
pub mod command;
pub mod config;
pub mod cost;
pub mod digest;
pub mod dispatch;
pub mod engine;
pub mod error;
pub mod event;
pub mod glob;
pub mod guard;
pub mod keyspace;
pub mod latency;
mod mail;
mod measure;
pub mod memory;
mod monitor;
pub mod notify;
pub mod number;
pub mod output;
pub mod parse;
mod partial_sort;
pub mod pause;
pub mod picture;
pub mod print;
pub mod pubsub;
pub mod rdb;
pub mod reply;
pub mod request;
pub mod resp;
pub mod rng;
pub mod scripting;
pub mod session;
pub mod sessions;
pub mod slowlog;
pub mod snapshot;
pub mod stats;
pub mod tracking;
pub mod value;

pub use engine::{CallView, Debugger, Engine, Options, Outcome, ScriptView, Step, Variable};
pub use error::Error;
pub use event::{Event, EventKind, Eviction, Expiry, Standing};
pub use reply::Reply;
pub use session::{Protocol, SessionId};

/// The version of Redis the engine behaves as.
pub const REDIS_VERSION: &str = "8.0.2";
