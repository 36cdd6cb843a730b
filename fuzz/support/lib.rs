//! What the fuzz targets share: programs made of a fuzzer's bytes, and a player that carries out pieces of one.
//!
//! It judges nothing: what must hold is for the targets to say.

pub mod grammar;
pub mod play;
mod words;
