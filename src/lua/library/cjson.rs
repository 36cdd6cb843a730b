//! `cjson`: JSON text from values and back.
//!
//! This file has the module itself and its settings, which are all that its functions share: a list of numbers that hangs
//! on each of them, so that a module that `new` makes has settings of its own. How values are written is in
//! [`super::cjson_encode`], how text is read in [`super::cjson_decode`].

use crate::ctx::Ctx;
use crate::table::Table;
use crate::value::{Ref, Value};
use crate::vm::{Abort, Flow, NativeFn, Raise, Vm};

use super::cjson_decode::decode;
use super::cjson_encode::encode;

type Result<T> = std::result::Result<T, Raise>;

/// JSON's null: a value that is not nil, so that a table can hold it.
pub(super) const NULL: Value = Value::Light(0);

const FUNCTIONS: [(&str, NativeFn); 10] = [
    ("encode", encode),
    ("decode", decode),
    ("encode_sparse_array", encode_sparse_array),
    ("encode_max_depth", |ctx| set_number(ctx, Setting::EncodeMaxDepth, i32::MAX)),
    ("decode_max_depth", |ctx| set_number(ctx, Setting::DecodeMaxDepth, i32::MAX)),
    ("encode_number_precision", |ctx| set_number(ctx, Setting::EncodePrecision, 14)),
    ("encode_keep_buffer", |ctx| set_word(ctx, Setting::EncodeKeepBuffer, &SWITCH)),
    ("encode_invalid_numbers", |ctx| set_word(ctx, Setting::EncodeInvalid, &["off", "on", "null"])),
    ("decode_invalid_numbers", |ctx| set_word(ctx, Setting::DecodeInvalid, &SWITCH)),
    ("new", new),
];

pub(super) fn open(vm: &mut Vm) {
    let module = module(vm);
    let globals = vm.globals;
    vm.heap.set_field(globals, "cjson", Value::Table(module));
}

fn module(vm: &mut Vm) -> Ref<Table> {
    let table = vm.heap.table(Table::default());
    let settings = vm.heap.table(Table::with_sizes(DEFAULTS.len(), 0));
    for (setting, value) in DEFAULTS {
        vm.heap.set(settings, setting.key(), Value::Number(value));
    }
    for (name, run) in FUNCTIONS {
        let function = vm.native(run, &[Value::Table(settings)]);
        vm.heap.set_field(table, name, function);
    }
    vm.heap.set_field(table, "null", NULL);
    let name = Value::Str(vm.heap.string(b"cjson"));
    vm.heap.set_field(table, "_NAME", name);
    let version = Value::Str(vm.heap.string(b"2.1.0"));
    vm.heap.set_field(table, "_VERSION", version);
    table
}

fn new(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let module = module(ctx.vm);
    ctx.charge(100);
    ctx.push(Value::Table(module));
    Ok(Flow::Return(1))
}

/// Which setting: its place in the list.
#[derive(Clone, Copy, Debug)]
pub(super) enum Setting {
    /// Whether a list with many holes is written as an object; an error where not.
    SparseConvert = 1,
    /// How many times longer than its values are a list must be to be such; 0 for never.
    SparseRatio,
    /// Up to which length none is.
    SparseSafe,
    EncodeMaxDepth,
    DecodeMaxDepth,
    EncodePrecision,
    /// Has no effect that a script could see.
    EncodeKeepBuffer,
    /// Of infinities and NaN: 0 for an error, 1 for their names, 2 for null.
    EncodeInvalid,
    /// Whether they, hexadecimal numbers and such are read.
    DecodeInvalid,
}

const DEFAULTS: [(Setting, f64); 9] = [
    (Setting::SparseConvert, 0.0),
    (Setting::SparseRatio, 2.0),
    (Setting::SparseSafe, 10.0),
    (Setting::EncodeMaxDepth, 1_000.0),
    (Setting::DecodeMaxDepth, 1_000.0),
    (Setting::EncodePrecision, 14.0),
    (Setting::EncodeKeepBuffer, 1.0),
    (Setting::EncodeInvalid, 0.0),
    (Setting::DecodeInvalid, 1.0),
];

impl Setting {
    fn key(self) -> Value {
        Value::Number(f64::from(self as u8))
    }

    /// The setting of the module that the running function is of.
    pub fn get(self, ctx: &Ctx<'_>) -> Result<i32> {
        match ctx.vm.heap.tables[settings(ctx)?].get(self.key()) {
            Value::Number(number) => Ok(number as i32),
            _ => Err(Raise::Abort(Abort::Internal)),
        }
    }

    fn set(self, ctx: &mut Ctx<'_>, value: i32) -> Result<()> {
        let settings = settings(ctx)?;
        ctx.heap().set(settings, self.key(), Value::Number(f64::from(value)));
        Ok(())
    }
}

fn settings(ctx: &Ctx<'_>) -> Result<Ref<Table>> {
    match ctx.upvalue(0) {
        Value::Table(settings) => Ok(settings),
        _ => Err(Raise::Abort(Abort::Internal)),
    }
}

const SWITCH: [&str; 2] = ["off", "on"];

fn at_most_arguments(ctx: &mut Ctx<'_>, count: usize) -> Result<()> {
    if ctx.count() > count { Err(ctx.arg_error(count + 1, "found too many arguments")) } else { Ok(()) }
}

/// Takes a setting from an argument, where there is one, and pushes what it is now.
fn number_option(ctx: &mut Ctx<'_>, number: usize, setting: Setting, least: i32, most: i32) -> Result<()> {
    if !ctx.arg(number).is_nil() {
        let value = ctx.integer(number)? as i32;
        if !(least..=most).contains(&value) {
            // Whichever argument it is.
            return Err(ctx.arg_error(1, &format!("expected integer between {least} and {most}")));
        }
        setting.set(ctx, value)?;
    }
    let value = setting.get(ctx)?;
    ctx.push(Value::Number(f64::from(value)));
    Ok(())
}

/// The same for a setting that is one of several words, or true or false for the first two of them.
fn word_option(ctx: &mut Ctx<'_>, number: usize, setting: Setting, words: &[&str]) -> Result<()> {
    match ctx.arg(number) {
        Value::Nil => {}
        Value::Bool(is_on) => setting.set(ctx, i32::from(is_on))?,
        _ => {
            let word = ctx.option(number, words, None)?;
            setting.set(ctx, word as i32)?;
        }
    }
    match setting.get(ctx)? {
        value @ (0 | 1) => ctx.push(Value::Bool(value == 1)),
        value => ctx.push_str(words.get(value as usize).unwrap_or(&"").as_bytes()),
    }
    Ok(())
}

fn set_number(ctx: &mut Ctx<'_>, setting: Setting, most: i32) -> Result<Flow> {
    at_most_arguments(ctx, 1)?;
    number_option(ctx, 1, setting, 1, most)?;
    Ok(Flow::Return(1))
}

fn set_word(ctx: &mut Ctx<'_>, setting: Setting, words: &[&str]) -> Result<Flow> {
    at_most_arguments(ctx, 1)?;
    word_option(ctx, 1, setting, words)?;
    Ok(Flow::Return(1))
}

fn encode_sparse_array(ctx: &mut Ctx<'_>) -> Result<Flow> {
    at_most_arguments(ctx, 3)?;
    word_option(ctx, 1, Setting::SparseConvert, &SWITCH)?;
    number_option(ctx, 2, Setting::SparseRatio, 0, i32::MAX)?;
    number_option(ctx, 3, Setting::SparseSafe, 0, i32::MAX)?;
    Ok(Flow::Return(3))
}
