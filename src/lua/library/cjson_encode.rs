//! `cjson.encode`: a value as JSON text.
//!
//! *Walk.* Tables that are open are in a list, so a value of any depth ends in the depth error and not at the end of the
//! host's stack. While tables are open C's version holds values on a stack of limited size (one for a list, two for an
//! object): a program that raises `encode_max_depth` meets that limit, in the same error.

use crate::ctx::Ctx;
use crate::number;
use crate::table::Table;
use crate::value::{Ref, Value};
use crate::vm::{Flow, Raise};

use super::cjson::{NULL, Setting};
use super::output::{C_STACK, Output};

type Result<T> = std::result::Result<T, Raise>;

/// A table that is being written.
#[derive(Clone, Copy, Debug)]
enum Open {
    /// The next position.
    List { table: Ref<Table>, next: i32, length: i32 },
    /// The last key; nil before the first.
    Object { table: Ref<Table>, key: Value },
}

#[derive(Debug)]
struct Encoder {
    output: Output,
    open: Vec<Open>,
    /// How many values C would have on its stack.
    slots: usize,
    sparse_convert: bool,
    sparse_ratio: i32,
    sparse_safe: i32,
    max_depth: usize,
    precision: usize,
    invalid: i32,
}

pub(super) fn encode(ctx: &mut Ctx<'_>) -> Result<Flow> {
    if ctx.count() != 1 {
        return Err(ctx.arg_error(1, "expected 1 argument"));
    }
    let mut encoder = Encoder {
        output: Output::default(),
        open: Vec::new(),
        slots: 1,
        sparse_convert: Setting::SparseConvert.get(ctx)? != 0,
        sparse_ratio: Setting::SparseRatio.get(ctx)?,
        sparse_safe: Setting::SparseSafe.get(ctx)?,
        max_depth: Setting::EncodeMaxDepth.get(ctx)? as usize,
        precision: Setting::EncodePrecision.get(ctx)? as usize,
        invalid: Setting::EncodeInvalid.get(ctx)?,
    };
    let value = ctx.arg(1);
    let result = encoder.all(ctx, value);
    match result {
        Ok(()) => encoder.output.finish(ctx),
        Err(raise) => {
            // Failing late is no cheaper than succeeding.
            encoder.output.charge(ctx);
            Err(raise)
        }
    }
}

/// An error about a value that JSON has no place for.
fn refuse(ctx: &mut Ctx<'_>, value: Value, reason: &str) -> Raise {
    ctx.error(&format!("Cannot serialise {}: {reason}", value.type_name()))
}

impl Encoder {
    fn all(&mut self, ctx: &mut Ctx<'_>, value: Value) -> Result<()> {
        self.value(ctx, value)?;
        while let Some(open) = self.open.last_mut() {
            self.output.watch(ctx)?;
            match open {
                Open::List { table, next, length } => {
                    if *next > *length {
                        self.close(b']');
                        continue;
                    }
                    if *next > 1 {
                        self.output.bytes.push(b',');
                    }
                    let value = ctx.vm.heap.tables[*table].get_number(f64::from(*next));
                    // The longest list is of as many values as there are such numbers.
                    *next = next.saturating_add(1);
                    self.value(ctx, value)?;
                }
                Open::Object { table, key } => {
                    let Ok(Some((new, value))) = ctx.vm.heap.tables[*table].next(*key) else {
                        self.close(b'}');
                        continue;
                    };
                    if !key.is_nil() {
                        self.output.bytes.push(b',');
                    }
                    *key = new;
                    self.key(ctx, new)?;
                    self.value(ctx, value)?;
                }
            }
        }
        Ok(())
    }

    fn close(&mut self, bracket: u8) {
        self.output.bytes.push(bracket);
        match self.open.pop() {
            Some(Open::List { .. }) => self.slots -= 1,
            Some(Open::Object { .. }) => self.slots -= 2,
            None => {}
        }
    }

    fn value(&mut self, ctx: &mut Ctx<'_>, value: Value) -> Result<()> {
        match value {
            Value::Nil => self.output.bytes.extend_from_slice(b"null"),
            Value::Bool(true) => self.output.bytes.extend_from_slice(b"true"),
            Value::Bool(false) => self.output.bytes.extend_from_slice(b"false"),
            Value::Number(number) => self.number(ctx, number)?,
            Value::Str(string) => {
                self.output.bytes.push(b'"');
                self.output.string(ctx, string, escape)?;
                self.output.bytes.push(b'"');
            }
            Value::Table(table) => self.table(ctx, table)?,
            _ if value.raw_equals(NULL) => self.output.bytes.extend_from_slice(b"null"),
            _ => return Err(refuse(ctx, value, "type not supported")),
        }
        Ok(())
    }

    fn key(&mut self, ctx: &mut Ctx<'_>, key: Value) -> Result<()> {
        self.output.bytes.push(b'"');
        match key {
            Value::Number(number) => self.number(ctx, number)?,
            Value::Str(string) => self.output.string(ctx, string, escape)?,
            _ => return Err(refuse(ctx, key, "table key must be a number or string")),
        }
        self.output.bytes.extend_from_slice(b"\":");
        Ok(())
    }

    fn number(&mut self, ctx: &mut Ctx<'_>, number: f64) -> Result<()> {
        if !number.is_finite() {
            match self.invalid {
                0 => return Err(refuse(ctx, Value::Number(number), "must not be NaN or Inf")),
                // No sign, which the general way would give it.
                1 if number.is_nan() => self.output.bytes.extend_from_slice(b"nan"),
                1 => number::general(number, self.precision, false, false, &mut self.output.bytes),
                _ => self.output.bytes.extend_from_slice(b"null"),
            }
        } else if self.precision == 14 {
            self.output.bytes.extend_from_slice(&number::print(number));
        } else {
            number::general(number, self.precision, false, false, &mut self.output.bytes);
        }
        Ok(())
    }

    fn table(&mut self, ctx: &mut Ctx<'_>, table: Ref<Table>) -> Result<()> {
        let depth = self.open.len() + 1;
        if depth > self.max_depth || self.slots + 3 > C_STACK {
            return Err(ctx.error(&format!("Cannot serialise, excessive nesting ({depth})")));
        }
        self.output.walk(ctx, table)?;
        if let Some(length) = self.length(ctx, table)? {
            self.output.bytes.push(b'[');
            self.slots += 1;
            self.open.push(Open::List { table, next: 1, length });
        } else {
            self.output.walk(ctx, table)?;
            self.output.bytes.push(b'{');
            self.slots += 2;
            self.open.push(Open::Object { table, key: Value::Nil });
        }
        Ok(())
    }

    /// The length of a table that is a list: none where it has other keys than positions, or no keys.
    fn length(&self, ctx: &mut Ctx<'_>, table: Ref<Table>) -> Result<Option<i32>> {
        let (mut longest, mut count) = (0_i32, 0_i32);
        for (key, _) in ctx.vm.heap.tables[table].pairs() {
            match key {
                Value::Number(number) if number >= 1.0 && number.floor() == number => {
                    if number > f64::from(longest) {
                        longest = to_c_int(number);
                    }
                    count = count.wrapping_add(1);
                }
                _ => return Ok(None),
            }
        }
        let is_sparse = self.sparse_ratio > 0
            && longest > count.wrapping_mul(self.sparse_ratio)
            && longest > self.sparse_safe;
        if !is_sparse {
            return Ok((longest > 0).then_some(longest));
        }
        if self.sparse_convert {
            return Ok(None);
        }
        Err(refuse(ctx, Value::Table(table), "excessively sparse array"))
    }
}

/// What the processor makes of a number that is to be 32 bits: the smallest of them, where it does not fit. So a table with
/// a position that large is an object.
fn to_c_int(number: f64) -> i32 {
    if number <= f64::from(i32::MAX) { number as i32 } else { i32::MIN }
}

/// Text as it stands between quotes.
fn escape(text: &[u8], to: &mut Vec<u8>) {
    for byte in text {
        let short = match byte {
            b'"' | b'\\' | b'/' => *byte,
            0x08 => b'b',
            b'\t' => b't',
            b'\n' => b'n',
            0x0c => b'f',
            b'\r' => b'r',
            0..0x20 | 0x7f => {
                to.extend_from_slice(format!("\\u{byte:04x}").as_bytes());
                continue;
            }
            _ => {
                to.push(*byte);
                continue;
            }
        };
        to.push(b'\\');
        to.push(short);
    }
}
