//! What the tests that span crates share: a real Redis to compare with, a RESP client, and the files to replay.
//!
//! Tests only: this is where I/O, time and processes are allowed, so that the engine needs none.

pub mod clients;
pub mod commands_md;
pub mod determinism;
pub mod files;
pub mod lessons_md;
pub mod line;
mod numbers;
pub mod oracle;
pub mod policies;
pub mod reading_time;
pub mod record;
pub mod resp;
pub mod server_target;
mod shift;
