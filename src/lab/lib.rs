//! The policy lab: which eviction policy suits this access pattern?
//!
//! A [`Plan`] says which keys are asked for, how large values are, how long they live and how much room there is. The
//! [`Lab`] plays it as a cache in front of something slow: `GET`, and on a miss `SET`. Each policy has an engine of its
//! own and all get the same requests at the same virtual moments, so that what differs in the [`Report`] is the choice
//! of victims alone. The figures are the engines' own counters.
//!
//! ```
//! use playground_lab::{Lab, Pattern, Plan, Workload};
//!
//! let workload = Workload { pattern: Pattern::Zipf { exponent: 0.99 }, requests: 10_000, ..Workload::default() };
//! let mut lab = Lab::new(Plan { workload, ..Plan::default() }).unwrap();
//! while !lab.step(1_000).is_over() {}
//! assert_eq!(lab.report().policies[0].hits + lab.report().policies[0].misses, 10_000);
//! ```
//!
//! No I/O, no threads, no clock: who embeds the lab decides when it goes on, and may stop it between two steps.
//!
//! Map: [`workload`] is who asks for what and when, made of a [`pattern`] (or a recorded [`trace`]), [`sizes`] and
//! [`lifetimes`]; [`lab`] plays; [`report`] is what came of it, [`table`] and [`csv`] the same for people and for programs.

// A plan may come from anywhere, and a panic takes the page down.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable))]

pub mod arithmetic;
pub mod csv;
pub mod fault;
pub mod lab;
pub mod lifetimes;
mod number;
pub mod pattern;
pub mod report;
mod run;
pub mod sizes;
pub mod table;
#[cfg(test)]
mod tests;
pub mod trace;
pub mod workload;
mod zipf;

pub use fault::Fault;
pub use lab::{Lab, Plan, Progress, Room};
pub use lifetimes::Lifetimes;
pub use number::parse_bytes;
pub use pattern::Pattern;
pub use report::{Point, PolicyReport, Report};
pub use sizes::Sizes;
pub use trace::Trace;
pub use workload::{Request, Requests, Workload};
pub use zipf::Zipf;
