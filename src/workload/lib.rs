//! Clients that are not there: programs that issue real commands to an engine, on its virtual clock.
//!
//! A [`Plan`] is text, as it stands in a lesson: which clients there are, how many or how often they come, what each does
//! (a few lines of Lua in which every command of Redis is a function), a modelled database behind them, what fails and
//! when, which sliders there are and which charts. A [`Workload`] plays it: each client has a session of its own, a
//! command takes the time that the engine's cost model says, the server serves one after the other, and the network takes
//! its time, too. What it measures becomes the points of [charts](chart).
//!
//! A [`Race`] has clients whose moves somebody chooses: one command each, in any order.
//!
//! ```
//! use playground_engine::Engine;
//! use playground_workload::{Plan, Workload};
//!
//! let plan = Plan::parse("clients visitor: 100 a second\n  INCR('visits')\n", 0).unwrap();
//! let mut engine = Engine::default();
//! let mut workload = Workload::new(plan.into(), &mut engine).unwrap();
//! workload.advance(&mut engine, 10_000);
//! assert!((900.0..1_100.0).contains(&workload.metrics().total("visitor.done")));
//! ```
//!
//! Deterministic by the seed, no I/O, no threads, no clock but the engine's: who embeds it says how far to go.
//!
//! Map: [`source`] reads a [`plan`]; [`programs`] runs clients' Lua, which asks by [`wait`]ing; [`simulation`] is the order of
//! events, [`database`] what stands behind, [`metrics`] what is counted, [`chart`] what is drawn of it, [`claims`] whether it
//! is as the text says; [`race`].

// A plan may come from anywhere, and a panic takes the page down.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable))]

pub mod chart;
pub mod claims;
mod clients;
mod convert;
mod database;
mod fault;
mod metrics;
mod plan;
mod programs;
mod race;
mod simulation;
mod source;
#[cfg(test)]
mod tests;
mod wait;

pub use fault::Fault;
pub use metrics::{Metrics, Stretch};
pub use plan::{Amount, Chart, Claim, Coming, Group, Plan, Program, Slider};
pub use race::{Move, Order, Outcome, Race, RacePlan, Runner};
pub use simulation::{Advanced, Point, Workload};
