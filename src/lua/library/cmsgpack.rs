//! `cmsgpack`: MessagePack from values. Reading it is in [`super::cmsgpack_unpack`].
//!
//! Tables are written to a depth of 16 and deeper ones as nil, which is what ends a table that holds itself; so writing
//! may recurse. What C's version holds on its stack meanwhile is counted: many arguments leave little room.

use crate::ctx::Ctx;
use crate::table::Table;
use crate::value::{Ref, Value};
use crate::vm::{Flow, Raise, Vm};

use super::cmsgpack_unpack::{unpack, unpack_limit, unpack_one};
use super::output::{C_STACK, Output};
use super::register;

type Result<T> = std::result::Result<T, Raise>;

const MAX_NESTING: usize = 16;

pub(super) fn open(vm: &mut Vm) {
    let table = vm.heap.table(Table::default());
    register(
        vm,
        table,
        &[("pack", pack), ("unpack", unpack), ("unpack_one", unpack_one), ("unpack_limit", unpack_limit)],
    );
    let constants = [
        ("_NAME", "cmsgpack"),
        ("_VERSION", "lua-cmsgpack 0.4.0"),
        ("_COPYRIGHT", "Copyright (C) 2012, Salvatore Sanfilippo"),
        ("_DESCRIPTION", "MessagePack C implementation for Lua"),
    ];
    for (name, text) in constants {
        let text = Value::Str(vm.heap.string(text.as_bytes()));
        vm.heap.set_field(table, name, text);
    }
    let globals = vm.globals;
    vm.heap.set_field(globals, "cmsgpack", Value::Table(table));
}

/// Makes sure of room on C's stack.
pub(super) fn room(ctx: &mut Ctx<'_>, slots: usize, more: usize, who: &str) -> Result<()> {
    if slots + more > C_STACK { Err(ctx.error(&format!("stack overflow ({who})"))) } else { Ok(()) }
}

/// All arguments, one behind the other.
fn pack(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let count = ctx.count();
    if count == 0 {
        return Err(ctx.arg_error(0, "MessagePack pack needs input."));
    }
    if count * 2 > C_STACK {
        return Err(ctx.arg_error(0, "Too many arguments for MessagePack pack."));
    }
    let mut output = Output::default();
    for number in 1..=count {
        // The arguments, what became of those before, and this one.
        let slots = count + number;
        let value = ctx.arg(number);
        if let Err(raise) = write(&mut output, ctx, value, 0, slots) {
            output.charge(ctx);
            return Err(raise);
        }
    }
    output.finish(ctx)
}

/// Writes a value. `slots` are those in use on C's stack, the value's among them.
fn write(output: &mut Output, ctx: &mut Ctx<'_>, value: Value, level: usize, slots: usize) -> Result<()> {
    output.watch(ctx)?;
    match value {
        Value::Bool(value) => output.bytes.push(if value { 0xc3 } else { 0xc2 }),
        Value::Number(number) => write_number(number, &mut output.bytes),
        Value::Str(string) => {
            write_size(ctx.str(string).len(), &STRING, &mut output.bytes);
            output.string(ctx, string, |piece, to| to.extend_from_slice(piece))?;
        }
        Value::Table(table) if level < MAX_NESTING => write_table(output, ctx, table, level + 1, slots)?,
        _ => output.bytes.push(0xc0),
    }
    Ok(())
}

fn write_table(
    output: &mut Output,
    ctx: &mut Ctx<'_>,
    table: Ref<Table>,
    level: usize,
    slots: usize,
) -> Result<()> {
    room(ctx, slots, 2, "in function table_is_an_array")?;
    output.walk(ctx, table)?;
    if let Some(length) = list_length(&ctx.vm.heap.tables[table]) {
        write_size(length, &LIST, &mut output.bytes);
        for position in 1..=length {
            let value = ctx.vm.heap.tables[table].get_number(position as f64);
            write(output, ctx, value, level, slots + 1)?;
        }
        return Ok(());
    }
    room(ctx, slots, 3, "in function mp_encode_lua_table_as_map")?;
    output.walk(ctx, table)?;
    let count = ctx.vm.heap.tables[table].pairs().count();
    write_size(count, &MAP, &mut output.bytes);
    let mut last = Value::Nil;
    while let Ok(Some((key, value))) = ctx.vm.heap.tables[table].next(last) {
        write(output, ctx, key, level, slots + 3)?;
        write(output, ctx, value, level, slots + 2)?;
        last = key;
    }
    Ok(())
}

/// The length of a table whose keys are just the positions up to there.
fn list_length(table: &Table) -> Option<usize> {
    let (mut count, mut longest) = (0, 0.0);
    for (key, _) in table.pairs() {
        match key {
            Value::Number(number) if number > 0.0 && f64::from(number as i32) == number => {
                longest = f64::max(longest, number);
                count += 1;
            }
            _ => return None,
        }
    }
    (longest == count as f64).then_some(count)
}

fn write_number(number: f64, to: &mut Vec<u8>) {
    let whole = crate::ctx::to_integer(number);
    if whole as f64 == number {
        return write_whole(whole, to);
    }
    let short = number as f32;
    if f64::from(short) == number {
        to.push(0xca);
        to.extend_from_slice(&short.to_be_bytes());
    } else {
        to.push(0xcb);
        to.extend_from_slice(&number.to_be_bytes());
    }
}

/// In as few bytes as it fits.
fn write_whole(whole: i64, to: &mut Vec<u8>) {
    let (code, size) = match whole {
        -0x20..=0x7f => return to.push(whole as u8),
        0x80..=0xff => (0xcc, 1),
        0x100..=0xffff => (0xcd, 2),
        0x1_0000..=0xffff_ffff => (0xce, 4),
        0x1_0000_0000.. => (0xcf, 8),
        -0x80..=-0x21 => (0xd0, 1),
        -0x8000..=-0x81 => (0xd1, 2),
        -0x8000_0000..=-0x8001 => (0xd2, 4),
        ..-0x8000_0000 => (0xd3, 8),
    };
    to.push(code);
    to.extend_from_slice(whole.to_be_bytes().get(8 - size..).unwrap_or_default());
}

/// How the size of a kind of things is written.
struct Sizes {
    /// The first byte has it within, up to so much.
    within: u8,
    most: usize,
    /// The first byte where the size follows in one, two or four bytes.
    one: Option<u8>,
    two: u8,
    four: u8,
}

const STRING: Sizes = Sizes { within: 0xa0, most: 31, one: Some(0xd9), two: 0xda, four: 0xdb };
const LIST: Sizes = Sizes { within: 0x90, most: 15, one: None, two: 0xdc, four: 0xdd };
const MAP: Sizes = Sizes { within: 0x80, most: 15, one: None, two: 0xde, four: 0xdf };

fn write_size(size: usize, kind: &Sizes, to: &mut Vec<u8>) {
    match (size, kind.one) {
        (size, _) if size <= kind.most => to.push(kind.within | size as u8),
        (0..=0xff, Some(code)) => to.extend_from_slice(&[code, size as u8]),
        (0..=0xffff, _) => {
            to.push(kind.two);
            to.extend_from_slice(&(size as u16).to_be_bytes());
        }
        _ => {
            to.push(kind.four);
            to.extend_from_slice(&(size as u32).to_be_bytes());
        }
    }
}
