//! LOLWUT: a picture, and the version below it.
//!
//! Each row of the triangle follows from the one above: a place is filled where just one of its two upper neighbours is
//! (Pascal's triangle, odd numbers only). The same picture each time.

use crate::REDIS_VERSION;
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::reply::Reply;

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "lolwut",
    group: Group::Server,
    since: "5.0.0",
    arity: -1,
    flags: Flags::READONLY.union(Flags::FAST),
    summary: "Draws a picture and tells the version.",
    syntax: "[version:integer=VERSION]",
    example: "> LOLWUT VERSION x\nERR value is not an integer or out of range",
    run: Some(lolwut),
    ..CommandSpec::BASE
}];

const ROWS: u32 = 16;

fn lolwut(_: &mut Context<'_>, args: &mut Args) -> CommandResult {
    // Each version of Redis has a picture; here there is one for all.
    if args.remaining() >= 2 && args.word("VERSION") {
        args.int()?;
    }
    let mut text = picture();
    text.push_str(&format!("\nThe odd numbers of Pascal's triangle. Redis ver. {REDIS_VERSION}\n"));
    Ok(Reply::Verbatim(*b"txt", text.into_bytes()))
}

fn picture() -> String {
    let row = |row: u32| {
        let indent = " ".repeat((ROWS - 1 - row) as usize);
        // The number at a place is odd where its bits are all among the row's.
        let dots: Vec<&str> = (0..=row).map(|place| if place & !row == 0 { "*" } else { " " }).collect();
        format!("{indent}{}\n", dots.join(" ").trim_end())
    };
    (0..ROWS).map(row).collect()
}
