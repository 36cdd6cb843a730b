//! Reading MessagePack: `cmsgpack.unpack` and its kin.
//!
//! *Structure.* Lists and maps that are open are in a list, so input of any depth ends in an error and not at the end of
//! the host's stack. There is no limit of depth but the one of C's stack, which results that were read before fill, too.

use crate::ctx::Ctx;
use crate::heap::Heap;
use crate::table::Table;
use crate::value::{Ref, Str, Value};
use crate::vm::{Flow, Raise};

use super::cmsgpack::room;
use super::output::clear_way;
use super::structure::widen;

type Result<T> = std::result::Result<T, Raise>;

pub(super) fn unpack(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let slots = ctx.count();
    read_several(ctx, 0, 0, slots)
}

pub(super) fn unpack_one(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let offset = ctx.optional_integer(2, 0)?;
    read_several(ctx, 1, offset, 1)
}

pub(super) fn unpack_limit(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let limit = ctx.integer(2)?;
    let offset = ctx.optional_integer(3, 0)?;
    read_several(ctx, limit, offset, 1)
}

/// Reads so many values from an offset on, and gives where it came to in front of them: -1 at the end. Where neither limit
/// nor offset is set it reads them all, and gives nothing else.
fn read_several(ctx: &mut Ctx<'_>, limit: i64, offset: i64, slots: usize) -> Result<Flow> {
    let text = ctx.string(1)?;
    let length = ctx.str(text).len();
    if offset < 0 || limit < 0 {
        let (offset, length) = (offset as i32, length as i32);
        return Err(
            ctx.error(&format!("Invalid request to unpack with offset of {offset} and limit of {length}."))
        );
    }
    if offset as u64 > length as u64 {
        let offset = offset as i32;
        return Err(ctx.error(&format!("Start offset {offset} greater than input length {length}.")));
    }
    let reads_all = limit == 0 && offset == 0;
    let limit = if reads_all { i64::from(i32::MAX) } else { limit };
    let mut reader = Reader { text, length, at: offset as usize, slots };
    let mut values = Vec::new();
    clear_way(ctx);
    let result = reader.values(ctx, limit, &mut values);
    ctx.charge((reader.at - offset as usize) / 16);
    result?;
    let mut count = values.len();
    if !reads_all {
        room(ctx, reader.slots, 1, "in function mp_unpack_full")?;
        let end = if reader.at == length { -1.0 } else { reader.at as f64 };
        ctx.push(Value::Number(end));
        count += 1;
    }
    for value in values {
        ctx.push(value);
    }
    Ok(Flow::Return(count))
}

/// What is wrong with the input.
enum Problem {
    End,
    Format,
}

/// A structure that is being read: how many values, or pairs, still come.
#[derive(Clone, Copy, Debug)]
enum Open {
    List {
        table: Ref<Table>,
        position: f64,
        left: u32,
    },
    /// The key, where it is the value that comes.
    Map {
        table: Ref<Table>,
        key: Option<Value>,
        left: u32,
    },
}

/// What begins at a place.
enum Item {
    Value(Value),
    List(u32),
    Map(u32),
}

struct Reader {
    text: Str,
    length: usize,
    at: usize,
    /// How many values C would have on its stack.
    slots: usize,
}

impl Reader {
    fn take<'a>(&mut self, heap: &'a Heap, count: usize) -> std::result::Result<&'a [u8], Problem> {
        let end = self.at.checked_add(count).ok_or(Problem::End)?;
        let bytes = heap.str(self.text).get(self.at..end).ok_or(Problem::End)?;
        self.at = end;
        Ok(bytes)
    }

    /// A number of so many bytes, the highest first.
    fn unsigned(&mut self, heap: &Heap, size: usize) -> std::result::Result<u64, Problem> {
        Ok(self.take(heap, size)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn signed(&mut self, heap: &Heap, size: usize) -> std::result::Result<Item, Problem> {
        let unused = 64 - 8 * size as u32;
        Ok(whole((self.unsigned(heap, size)? << unused) as i64 >> unused))
    }

    fn string(&mut self, heap: &mut Heap, length: usize) -> std::result::Result<Item, Problem> {
        let bytes = self.take(heap, length)?.to_vec();
        Ok(Item::Value(Value::Str(heap.string_owned(bytes))))
    }

    fn item(&mut self, heap: &mut Heap) -> std::result::Result<Item, Problem> {
        let code = self.take(heap, 1)?.first().copied().unwrap_or(0);
        Ok(match code {
            0..=0x7f => whole(i64::from(code)),
            0x80..=0x8f => Item::Map(u32::from(code & 0xf)),
            0x90..=0x9f => Item::List(u32::from(code & 0xf)),
            0xa0..=0xbf => self.string(heap, usize::from(code & 0x1f))?,
            0xc0 => Item::Value(Value::Nil),
            0xc2 => Item::Value(Value::Bool(false)),
            0xc3 => Item::Value(Value::Bool(true)),
            0xca => {
                let bits = self.unsigned(heap, 4)? as u32;
                Item::Value(Value::Number(widen(bits)))
            }
            0xcb => Item::Value(Value::Number(f64::from_bits(self.unsigned(heap, 8)?))),
            // One of eight bytes comes out negative where its highest bit is set.
            0xcc..=0xcf => whole(self.unsigned(heap, 1 << (code - 0xcc))? as i64),
            0xd0..=0xd3 => self.signed(heap, 1 << (code - 0xd0))?,
            0xd9..=0xdb => {
                let length = self.unsigned(heap, 1 << (code - 0xd9))?;
                self.string(heap, length as usize)?
            }
            0xe0..=0xff => whole(i64::from(code as i8)),
            0xdc | 0xdd => Item::List(self.unsigned(heap, 2 << (code - 0xdc))? as u32),
            0xde | 0xdf => Item::Map(self.unsigned(heap, 2 << (code - 0xde))? as u32),
            _ => return Err(Problem::Format),
        })
    }

    /// The next item, told as an error where there is none.
    fn next(&mut self, ctx: &mut Ctx<'_>) -> Result<Item> {
        const WHO: &str = "too many return values at once; use unpack_one or unpack_limit instead.";
        if self.at >= self.length {
            return Err(tell(ctx, &Problem::End));
        }
        room(ctx, self.slots, 1, WHO)?;
        ctx.check_memory()?;
        self.item(ctx.heap()).map_err(|problem| tell(ctx, &problem))
    }

    /// Whole values, one behind the other, up to so many.
    fn values(&mut self, ctx: &mut Ctx<'_>, limit: i64, to: &mut Vec<Value>) -> Result<()> {
        while self.at < self.length && (to.len() as i64) < limit {
            to.push(self.value(ctx)?);
            self.slots += 1;
        }
        Ok(())
    }

    /// A whole value.
    fn value(&mut self, ctx: &mut Ctx<'_>) -> Result<Value> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            let mut value = match self.next(ctx)? {
                Item::List(count) => {
                    let table = ctx.heap().table(Table::default());
                    room(ctx, self.slots + 1, 1, "in function mp_decode_to_lua_array")?;
                    self.slots += 2;
                    open.push(Open::List { table, position: 1.0, left: count });
                    None
                }
                Item::Map(count) => {
                    let table = ctx.heap().table(Table::default());
                    self.slots += 1;
                    open.push(Open::Map { table, key: None, left: count });
                    None
                }
                Item::Value(value) => Some(value),
            };
            // A value that is complete goes where it belongs; what is complete by that is one, too.
            loop {
                let Some(last) = open.last_mut() else { return Ok(value.unwrap_or_default()) };
                if let Some(value) = value.take() {
                    self.put(ctx, last, value)?;
                }
                let (Open::List { table, left, .. } | Open::Map { table, left, .. }) = *last;
                if left > 0 {
                    break;
                }
                self.slots -= if matches!(last, Open::List { .. }) { 2 } else { 1 };
                value = Some(Value::Table(table));
                open.pop();
            }
        }
    }

    fn put(&mut self, ctx: &mut Ctx<'_>, open: &mut Open, value: Value) -> Result<()> {
        match open {
            Open::List { table, position, left } => {
                ctx.heap().set(*table, Value::Number(*position), value);
                *position += 1.0;
                *left -= 1;
            }
            Open::Map { table, key, left } => match key.take() {
                None => {
                    *key = Some(value);
                    self.slots += 1;
                }
                Some(key) => {
                    ctx.vm.check_key(*table, key)?;
                    ctx.heap().set(*table, key, value);
                    *left -= 1;
                    self.slots -= 1;
                }
            },
        }
        Ok(())
    }
}

fn tell(ctx: &mut Ctx<'_>, problem: &Problem) -> Raise {
    ctx.error(match problem {
        Problem::End => "Missing bytes in input.",
        Problem::Format => "Bad data format in input.",
    })
}

fn whole(number: i64) -> Item {
    Item::Value(Value::Number(number as f64))
}
