//! The functions that stand by themselves: `pairs`, `pcall`, `setmetatable` and their kin.

use std::ops::Range;

use crate::ctx::Ctx;
use crate::meta::Meta;
use crate::number;
use crate::table::{Table, UnknownKey};
use crate::thread::{Body, Continue, Level};
use crate::userdata::Userdata;
use crate::value::{Ref, Value};
use crate::vm::{Flow, Raise, Vm};

use super::load::{load, loadstring};
use super::register;

type Result<T> = std::result::Result<T, Raise>;

pub(super) fn open(vm: &mut Vm) {
    let globals = vm.globals;
    register(
        vm,
        globals,
        &[
            ("assert", assert),
            ("collectgarbage", collectgarbage),
            ("error", error),
            ("gcinfo", gcinfo),
            ("getfenv", getfenv),
            ("getmetatable", getmetatable),
            ("loadstring", loadstring),
            ("next", next),
            ("pcall", pcall),
            ("rawequal", rawequal),
            ("rawget", rawget),
            ("rawset", rawset),
            ("select", select),
            ("setfenv", setfenv),
            ("setmetatable", setmetatable),
            ("tonumber", tonumber),
            ("tostring", tostring),
            ("type", type_of),
            ("unpack", unpack),
            ("xpcall", xpcall),
        ],
    );
    vm.heap.set_field(globals, "_G", Value::Table(globals));
    let version = Value::Str(vm.heap.string(b"Lua 5.1"));
    vm.heap.set_field(globals, "_VERSION", version);
    let next = vm.native(next, &[]);
    let pairs = vm.native(pairs, &[next]);
    vm.heap.set_field(globals, "pairs", pairs);
    let step = vm.native(ipairs_step, &[]);
    let ipairs = vm.native(ipairs, &[step]);
    vm.heap.set_field(globals, "ipairs", ipairs);
    let known = vm.heap.table(Table::default());
    let protected = vm.native(pcall, &[]);
    let load = vm.native(load, &[protected]);
    vm.heap.set_field(globals, "load", load);
    let newproxy = vm.native(newproxy, &[Value::Table(known)]);
    vm.heap.set_field(globals, "newproxy", newproxy);
}

fn assert(ctx: &mut Ctx<'_>) -> Result<Flow> {
    if ctx.any(1)?.is_true() {
        for number in 1..=ctx.count() {
            ctx.push(ctx.arg(number));
        }
        return Ok(Flow::Return(ctx.count()));
    }
    let message = if ctx.arg(2).is_nil() { b"assertion failed!".to_vec() } else { ctx.bytes(2)?.to_vec() };
    Err(ctx.error_bytes(&message))
}

fn collectgarbage(ctx: &mut Ctx<'_>) -> Result<Flow> {
    const OPTIONS: [&str; 7] = ["stop", "restart", "collect", "count", "step", "setpause", "setstepmul"];
    let option = OPTIONS[ctx.option(1, &OPTIONS, Some(2))?];
    let argument = ctx.optional_int(2, 0)?;
    let result = match option {
        "count" => Value::Number(ctx.heap().bytes() as f64 / 1024.0),
        // Until it is more than there may be: then whatever is needed is done, and as in 5.1 that starts it again.
        "stop" | "restart" => {
            let until = if option == "stop" { ctx.vm.limits.memory } else { ctx.heap().bytes() };
            ctx.heap().wait_until(until);
            Value::Number(0.0)
        }
        "collect" | "step" => {
            ctx.vm.collect_for_pay();
            if option == "step" { Value::Bool(true) } else { Value::Number(0.0) }
        }
        // How much it hurries is for the host to say: what was set is given back.
        _ => Value::Number(if argument == 0 { 200.0 } else { argument as f64 }),
    };
    ctx.push(result);
    Ok(Flow::Return(1))
}

fn gcinfo(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let count = ctx.heap().bytes() / 1024;
    ctx.push(Value::Number(count as f64));
    Ok(Flow::Return(1))
}

fn error(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let level = ctx.optional_int(2, 1)?;
    let mut value = ctx.arg(1);
    if let Value::Number(number) = value {
        value = Value::Str(ctx.heap().string_owned(number::print(number)));
    }
    if let Value::Str(text) = value
        && level > 0
    {
        let text = [&ctx.vm.place(level as usize)[..], ctx.str(text)].concat();
        value = Value::Str(ctx.heap().string_owned(text));
    } else {
        value = ctx.arg(1);
    }
    Err(Raise::Error(value))
}

/// The function that `getfenv` and `setfenv` mean: one itself, or the one that is called on a level.
fn function_meant(ctx: &mut Ctx<'_>, default: Option<i64>) -> Result<Value> {
    let argument = ctx.arg(1);
    if argument.is_function() {
        return Ok(argument);
    }
    let level = match default {
        Some(default) => ctx.optional_int(1, default)?,
        None => ctx.int(1)?,
    };
    if level < 0 {
        return Err(ctx.arg_error(1, "level must be non-negative"));
    }
    match ctx.vm.thread.level(level as usize) {
        Level::Frame(frame) => Ok(match frame.body {
            Body::Lua { closure, .. } => Value::Closure(closure),
            Body::Native { native, .. } => Value::Native(native),
        }),
        Level::None => Err(ctx.arg_error(1, "invalid level")),
        Level::Lost => Err(ctx.error(&format!("no function environment for tail call at level {level}"))),
    }
}

fn getfenv(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let environment = match function_meant(ctx, Some(1))? {
        Value::Closure(closure) => ctx.vm.heap.closures[closure].environment,
        _ => ctx.vm.thread.globals,
    };
    ctx.push(Value::Table(environment));
    Ok(Flow::Return(1))
}

fn setfenv(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let environment = ctx.table(2)?;
    let is_number = ctx.vm.number_of(ctx.arg(1)).is_some();
    if is_number && ctx.number(1)? == 0.0 {
        ctx.vm.thread.globals = environment;
        return Ok(Flow::Return(0));
    }
    let function = function_meant(ctx, None)?;
    let Value::Closure(closure) = function else {
        return Err(ctx.error("'setfenv' cannot change environment of given object"));
    };
    ctx.vm.heap.closures[closure].environment = environment;
    ctx.push(function);
    Ok(Flow::Return(1))
}

fn getmetatable(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let value = ctx.any(1)?;
    let result = match ctx.heap().metatable(value) {
        None => Value::Nil,
        Some(metatable) => match ctx.heap().metamethod_in(Some(metatable), Meta::Metatable) {
            Value::Nil => Value::Table(metatable),
            other => other,
        },
    };
    ctx.push(result);
    Ok(Flow::Return(1))
}

fn setmetatable(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let table = ctx.table(1)?;
    let metatable = match ctx.arg(2) {
        Value::Table(metatable) => Some(metatable),
        Value::Nil if ctx.count() >= 2 => None,
        _ => return Err(ctx.arg_error(2, "nil or table expected")),
    };
    if !ctx.heap().metamethod(Value::Table(table), Meta::Metatable).is_nil() {
        return Err(ctx.error("cannot change a protected metatable"));
    }
    if ctx.heap().tables[table].is_frozen {
        return Err(ctx.vm.error("Attempt to modify a readonly table"));
    }
    ctx.heap().tables[table].metatable = metatable;
    ctx.push(ctx.arg(1));
    Ok(Flow::Return(1))
}

/// The pair of a table after a key. Many places without one take their time.
pub(super) fn step(
    ctx: &mut Ctx<'_>,
    table: Ref<Table>,
    key: Value,
) -> std::result::Result<Option<(Value, Value)>, UnknownKey> {
    let (pair, places) = ctx.vm.heap.tables[table].step(key)?;
    ctx.charge(places / 8);
    Ok(pair)
}

fn next(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let table = ctx.table(1)?;
    let key = ctx.arg(2);
    match step(ctx, table, key) {
        Ok(Some((key, value))) => {
            ctx.push(key);
            ctx.push(value);
            Ok(Flow::Return(2))
        }
        Ok(None) => {
            ctx.push(Value::Nil);
            Ok(Flow::Return(1))
        }
        Err(_) => Err(ctx.vm.error("invalid key to 'next'")),
    }
}

fn pairs(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let table = ctx.table(1)?;
    ctx.push(ctx.upvalue(0));
    ctx.push(Value::Table(table));
    ctx.push(Value::Nil);
    Ok(Flow::Return(3))
}

fn ipairs(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let table = ctx.table(1)?;
    ctx.push(ctx.upvalue(0));
    ctx.push(Value::Table(table));
    ctx.push(Value::Number(0.0));
    Ok(Flow::Return(3))
}

fn ipairs_step(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let index = ctx.int(2)? + 1;
    let table = ctx.table(1)?;
    let value = ctx.vm.heap.tables[table].get_number(index as f64);
    if value.is_nil() {
        return Ok(Flow::Return(0));
    }
    ctx.push(Value::Number(index as f64));
    ctx.push(value);
    Ok(Flow::Return(2))
}

fn pcall(ctx: &mut Ctx<'_>) -> Result<Flow> {
    ctx.any(1)?;
    for number in 1..=ctx.count() {
        ctx.push(ctx.arg(number));
    }
    Ok(Flow::Protect { arguments: ctx.count() - 1 })
}

fn xpcall(ctx: &mut Ctx<'_>) -> Result<Flow> {
    if ctx.count() < 2 {
        ctx.any(2)?;
    }
    ctx.push(ctx.arg(1));
    Ok(Flow::Handle)
}

fn rawequal(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let (a, b) = (ctx.any(1)?, ctx.any(2)?);
    ctx.push(Value::Bool(a.raw_equals(b)));
    Ok(Flow::Return(1))
}

fn rawget(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let table = ctx.table(1)?;
    let key = ctx.any(2)?;
    let value = ctx.vm.heap.tables[table].get(key);
    ctx.push(value);
    Ok(Flow::Return(1))
}

fn rawset(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let table = ctx.table(1)?;
    let (key, value) = (ctx.any(2)?, ctx.any(3)?);
    ctx.vm.check_key(table, key)?;
    ctx.heap().set(table, key, value);
    ctx.push(Value::Table(table));
    Ok(Flow::Return(1))
}

fn select(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let count = ctx.count() as i64;
    if let Value::Str(text) = ctx.arg(1)
        && ctx.str(text).starts_with(b"#")
    {
        ctx.push(Value::Number((count - 1) as f64));
        return Ok(Flow::Return(1));
    }
    let mut from = ctx.int(1)?;
    if from < 0 {
        from += count;
    } else if from > count {
        from = count;
    }
    if from < 1 {
        return Err(ctx.arg_error(1, "index out of range"));
    }
    for number in from + 1..=count {
        ctx.push(ctx.arg(number as usize));
    }
    Ok(Flow::Return((count - from) as usize))
}

fn tonumber(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let base = ctx.optional_int(2, 10)?;
    let result = if base == 10 {
        let value = ctx.any(1)?;
        ctx.vm.number_of(value)
    } else {
        let text = ctx.string(1)?;
        ctx.charge(ctx.str(text).len() / 8);
        if !(2..=36).contains(&base) {
            return Err(ctx.arg_error(2, "base out of range"));
        }
        whole_number(ctx.str(text), base as u32)
    };
    ctx.push(result.map_or(Value::Nil, Value::Number));
    Ok(Flow::Return(1))
}

/// A whole number as C's `strtoul` reads one.
fn whole_number(text: &[u8], base: u32) -> Option<f64> {
    // C's text ends at its first zero byte.
    let text = text.split(|byte| *byte == 0).next().unwrap_or_default();
    let text = number::trim(text);
    let (is_negative, mut digits) = match text.split_first()? {
        (b'-', rest) => (true, rest),
        (b'+', rest) => (false, rest),
        _ => (false, text),
    };
    if base == 16
        && let [b'0', b'x' | b'X', rest @ ..] = digits
        && rest.first().is_some_and(u8::is_ascii_hexdigit)
    {
        digits = rest;
    }
    if digits.is_empty() {
        return None;
    }
    let mut sum: Option<u64> = Some(0);
    for byte in digits {
        let digit = char::from(*byte).to_digit(base)?;
        sum = sum.and_then(|sum| sum.checked_mul(u64::from(base))?.checked_add(u64::from(digit)));
    }
    // What does not fit is the largest, without its sign; the sign of the rest wraps around.
    Some(match sum {
        None => u64::MAX as f64,
        Some(sum) if is_negative => sum.wrapping_neg() as f64,
        Some(sum) => sum as f64,
    })
}

fn tostring(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let value = ctx.any(1)?;
    let method = ctx.heap().metamethod(value, Meta::ToString);
    if method.is_nil() {
        let text = ctx.vm.text_of(value);
        ctx.push(text);
        return Ok(Flow::Return(1));
    }
    ctx.push(method);
    ctx.push(value);
    Ok(Flow::Call { arguments: 1, then: Box::new(First) })
}

/// Returns the first result of what was called.
#[derive(Clone, Debug)]
struct First;

impl Continue for First {
    fn resume(self: Box<Self>, ctx: &mut Ctx<'_>, results: Range<usize>) -> Result<Flow> {
        let value = if results.is_empty() { Value::Nil } else { ctx.slot(results.start) };
        ctx.push(value);
        Ok(Flow::Return(1))
    }

    fn clone_box(&self) -> Box<dyn Continue> {
        Box::new(self.clone())
    }
}

fn type_of(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let name = ctx.any(1)?.type_name();
    ctx.push_str(name.as_bytes());
    Ok(Flow::Return(1))
}

/// How many values `unpack` gives at most: what 5.1 has room for on its stack.
const UNPACKED: i64 = 8_000;

fn unpack(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let table = ctx.table(1)?;
    let first = ctx.optional_int(2, 1)?;
    let last = if ctx.arg(3).is_nil() { ctx.heap().tables[table].border() as i64 } else { ctx.int(3)? };
    if first > last {
        return Ok(Flow::Return(0));
    }
    let count = last - first + 1;
    if count + ctx.count() as i64 > UNPACKED {
        return Err(ctx.error("too many results to unpack"));
    }
    for index in first..=last {
        let value = ctx.vm.heap.tables[table].get_number(index as f64);
        ctx.push(value);
    }
    Ok(Flow::Return(count as usize))
}

fn newproxy(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let Value::Table(known) = ctx.upvalue(0) else { return Ok(Flow::Return(0)) };
    let argument = ctx.arg(1);
    let metatable: Option<Ref<Table>> = match argument {
        Value::Nil | Value::Bool(false) => None,
        Value::Bool(true) => {
            let metatable = ctx.heap().table(Table::default());
            ctx.heap().set(known, Value::Table(metatable), Value::Bool(true));
            Some(metatable)
        }
        _ => {
            let metatable = ctx.heap().metatable(argument);
            match metatable {
                Some(at) if ctx.vm.heap.tables[known].get(Value::Table(at)).is_true() => metatable,
                _ => return Err(ctx.arg_error(1, "boolean or proxy expected")),
            }
        }
    };
    let userdata = ctx.heap().userdata(Userdata { metatable });
    ctx.push(Value::Userdata(userdata));
    Ok(Flow::Return(1))
}

impl Vm {
    /// A value as `tostring` gives it where no metamethod does.
    pub(crate) fn text_of(&mut self, value: Value) -> Value {
        // There are no addresses: the place among others of its kind stands for one.
        let place = |kind: &str, at: usize| format!("{kind}: 0x{:08x}", at * 32 + 0x1000).into_bytes();
        let text = match value {
            Value::Nil => b"nil".to_vec(),
            Value::Bool(value) => value.to_string().into_bytes(),
            Value::Number(value) => number::print(value),
            Value::Str(_) => return value,
            Value::Table(at) => place("table", at.index()),
            Value::Closure(at) => place("function", at.index() * 2),
            Value::Native(at) => place("function: builtin", at.index() * 2 + 1),
            Value::Thread(at) => place("thread", at.index()),
            Value::Userdata(at) => place("userdata", at.index()),
            // As C prints an address that is none.
            Value::Light(0) => b"userdata: (nil)".to_vec(),
            Value::Light(number) => place("userdata", number as usize),
        };
        Value::Str(self.heap.string_owned(text))
    }
}
