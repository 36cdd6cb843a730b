//! Lua 5.1 as Redis has it.
//!
//! An interpreter of its own because nothing well kept fits a web page: C's does not build for
//! `wasm32-unknown-unknown`, and of those in Rust each lacks something that a script can see or a hostile one can use (an
//! endless loop or a doubling string that takes the host down, deep recursion that ends it, closures in loops, patterns).
//!
//! It is safe Rust without dependencies and knows nothing of Redis, of the web or of wall clocks. What makes it different
//! from others is who is in charge: [`Vm::run`] runs for so many instructions and comes back, whatever the program does.
//! Nothing in it recurses on the host's stack by as much as the program likes; memory, the length of a string and the
//! steps of a pattern have limits that the program cannot catch.
//!
//! Map: [`lexer`] and [`compiler`] make a [`proto`] of [`op`]s; [`execute`] runs them, [`operate`] and [`call`] what they
//! ask for, [`budget`] is what they may use; a [`thread`] is a coroutine; [`heap`] holds [`table`]s, [`strings`] and all
//! else; [`library`] is the libraries; [`errors`] and [`names`] say what went wrong as 5.1 says it; [`inspect`] and
//! [`describe`] are for who looks at a program that stands still.

// A script may be anything, and a panic takes the page down.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable))]

mod arena;
mod budget;
mod call;
mod closure;
mod compiler;
mod ctx;
mod describe;
mod errors;
mod execute;
mod heap;
mod inspect;
mod lexer;
mod library;
mod meta;
mod names;
pub mod number;
mod op;
mod operate;
mod proto;
mod strings;
mod switch;
mod table;
mod thread;
mod token;
mod userdata;
mod value;
mod vm;

pub use ctx::{Ctx, to_integer};
pub use heap::Heap;
pub use inspect::Call;
pub use lexer::SyntaxError;
pub use library::math::Random;
pub use table::Table;
pub use thread::Continue;
pub use value::{Ref, Str, Value};
pub use vm::{Abort, Flow, Hooks, Limits, NativeFn, Raise, Signal, Vm};
