//! `table`: lists.
//!
//! Sorting is quicksort as 5.1 does it, so that the order of equal elements and what a comparator is asked are its own;
//! its place is kept in data, so that the comparator may be any function.

use std::ops::Range;

use crate::ctx::Ctx;
use crate::number;
use crate::table::Table;
use crate::thread::Continue;
use crate::value::{Ref, Value};
use crate::vm::{Flow, Raise, Vm};

use super::base::step;
use super::library;
use super::sort::sort;

type Result<T> = std::result::Result<T, Raise>;

pub(super) fn open(vm: &mut Vm) {
    library(
        vm,
        "table",
        &[
            ("concat", concat),
            ("foreach", foreach),
            ("foreachi", foreachi),
            ("getn", getn),
            ("insert", insert),
            ("maxn", maxn),
            ("remove", remove),
            ("setn", setn),
            ("sort", sort),
        ],
    );
}

pub(super) fn length(ctx: &Ctx<'_>, table: Ref<Table>) -> i64 {
    ctx.vm.heap.tables[table].border() as i64
}

pub(super) fn element(ctx: &Ctx<'_>, table: Ref<Table>, index: i64) -> Value {
    ctx.vm.heap.tables[table].get_number(index as f64)
}

pub(super) fn set_element(ctx: &mut Ctx<'_>, table: Ref<Table>, index: i64, value: Value) -> Result<()> {
    let key = Value::Number(index as f64);
    ctx.vm.check_key(table, key)?;
    ctx.heap().set(table, key, value);
    Ok(())
}

fn concat(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let separator = if ctx.arg(2).is_nil() { Vec::new() } else { ctx.bytes(2)?.to_vec() };
    let table = ctx.table(1)?;
    let first = ctx.optional_int(3, 1)?;
    let last = if ctx.arg(4).is_nil() { length(ctx, table) } else { ctx.int(4)? };
    let places = last.saturating_sub(first).max(0).min(length(ctx, table));
    ctx.charge(places as usize);
    let mut text = Vec::new();
    for index in first..=last {
        match element(ctx, table, index) {
            Value::Str(string) => text.extend_from_slice(ctx.str(string)),
            Value::Number(value) => text.extend_from_slice(&number::print(value)),
            other => {
                let kind = other.type_name();
                return Err(
                    ctx.error(&format!("invalid value ({kind}) at index {index} in table for 'concat'"))
                );
            }
        }
        if index < last {
            text.extend_from_slice(&separator);
        }
        ctx.make_room(text.len())?;
    }
    ctx.charge(text.len() / 64);
    let text = ctx.heap().string_owned(text);
    ctx.push(Value::Str(text));
    Ok(Flow::Return(1))
}

fn insert(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let table = ctx.table(1)?;
    let mut end = length(ctx, table) + 1;
    let (position, value) = match ctx.count() {
        2 => (end, ctx.arg(2)),
        3 => {
            let position = ctx.int(2)?;
            end = end.max(position);
            ctx.charge((end - position).max(0) as usize);
            if end - position <= length(ctx, table) + FEW {
                for index in (position..end).rev() {
                    let value = element(ctx, table, index);
                    set_element(ctx, table, index + 1, value)?;
                }
            } else {
                shift_far(ctx, table, position..end)?;
            }
            (position, ctx.arg(3))
        }
        _ => return Err(ctx.error("wrong number of arguments to 'insert'")),
    };
    set_element(ctx, table, position, value)?;
    Ok(Flow::Return(0))
}

/// So many places without anything are not worth a thought.
const FEW: i64 = 1_024;

/// Moves elements up by one, most of which are not there: 5.1 tries each of up to 2^32 places.
fn shift_far(ctx: &mut Ctx<'_>, table: Ref<Table>, places: Range<i64>) -> Result<()> {
    let mut there: Vec<i64> = ctx
        .heap()
        .pairs(table)
        .filter_map(|(key, _)| match key {
            Value::Number(number) if number.fract() == 0.0 => Some(number as i64),
            _ => None,
        })
        .filter(|index| places.contains(index))
        .collect();
    there.sort_unstable();
    for index in there.into_iter().rev() {
        let value = element(ctx, table, index);
        set_element(ctx, table, index + 1, value)?;
        set_element(ctx, table, index, Value::Nil)?;
    }
    Ok(())
}

fn remove(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let table = ctx.table(1)?;
    let end = length(ctx, table);
    let position = ctx.optional_int(2, end)?;
    if !(1..=end).contains(&position) {
        return Ok(Flow::Return(0));
    }
    let removed = element(ctx, table, position);
    for index in position..end {
        let next = element(ctx, table, index + 1);
        set_element(ctx, table, index, next)?;
    }
    ctx.charge((end - position) as usize);
    set_element(ctx, table, end, Value::Nil)?;
    ctx.push(removed);
    Ok(Flow::Return(1))
}

fn getn(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let table = ctx.table(1)?;
    let length = length(ctx, table);
    ctx.push(Value::Number(length as f64));
    Ok(Flow::Return(1))
}

fn setn(ctx: &mut Ctx<'_>) -> Result<Flow> {
    ctx.table(1)?;
    Err(ctx.error("'setn' is obsolete"))
}

fn maxn(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let table = ctx.table(1)?;
    let places = ctx.vm.heap.tables[table].held().count();
    ctx.charge(places / 8);
    let numbers = ctx.vm.heap.tables[table].pairs().filter_map(|(key, _)| match key {
        Value::Number(number) => Some(number),
        _ => None,
    });
    let most = numbers.fold(0.0, f64::max);
    ctx.push(Value::Number(most));
    Ok(Flow::Return(1))
}

/// `foreach` and `foreachi`: where in the table they are.
#[derive(Clone, Debug)]
enum Each {
    Key(Value),
    Index { next: i64, last: i64 },
}

fn foreach(ctx: &mut Ctx<'_>) -> Result<Flow> {
    ctx.table(1)?;
    ctx.function(2)?;
    each(ctx, &Each::Key(Value::Nil))
}

fn foreachi(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let table = ctx.table(1)?;
    ctx.function(2)?;
    let last = length(ctx, table);
    each(ctx, &Each::Index { next: 1, last })
}

/// Calls the function for what comes next.
fn each(ctx: &mut Ctx<'_>, at: &Each) -> Result<Flow> {
    let table = ctx.table(1)?;
    let (key, value, then) = match *at {
        Each::Key(key) => match step(ctx, table, key) {
            Ok(Some((key, value))) => (key, value, Each::Key(key)),
            Ok(None) => return Ok(Flow::Return(0)),
            Err(_) => return Err(ctx.vm.error("invalid key to 'next'")),
        },
        Each::Index { next, last } => {
            if next > last {
                return Ok(Flow::Return(0));
            }
            (Value::Number(next as f64), element(ctx, table, next), Each::Index { next: next + 1, last })
        }
    };
    ctx.push(ctx.arg(2));
    ctx.push(key);
    ctx.push(value);
    Ok(Flow::Call { arguments: 2, then: Box::new(then) })
}

impl Continue for Each {
    fn resume(self: Box<Self>, ctx: &mut Ctx<'_>, results: Range<usize>) -> Result<Flow> {
        let result = if results.is_empty() { Value::Nil } else { ctx.slot(results.start) };
        ctx.clear();
        if result.is_nil() {
            return each(ctx, &self);
        }
        ctx.push(result);
        Ok(Flow::Return(1))
    }

    fn clone_box(&self) -> Box<dyn Continue> {
        Box::new(self.clone())
    }
}
