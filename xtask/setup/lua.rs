//! A real Lua 5.1 for the test that compares ours with it.

use super::program::Program;

pub const LUA: Program = Program {
    variable: "LUA",
    names: &["lua5.1", "lua51", "lua-5.1"],
    places: &[],
    debian_package: "lua5.1",
    called: "Lua 5.1",
};
