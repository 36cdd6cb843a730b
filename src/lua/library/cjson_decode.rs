//! `cjson.decode`: a value from JSON text.
//!
//! *Structure.* Lists and objects that are open are in a list, so text of any depth ends in the depth error and not at the
//! end of the host's stack. While they are open C's version holds values on a stack of limited size (one for a list, two for
//! an object): a program that raises `decode_max_depth` meets that limit, in the same error. The tokens are read by
//! [`super::cjson_token`].

use crate::ctx::Ctx;
use crate::table::Table;
use crate::value::{Ref, Str, Value};
use crate::vm::{Flow, Raise};

use super::cjson::{NULL, Setting};
use super::cjson_token::{Reader, Token};
use super::output::{C_STACK, clear_way};

type Result<T> = std::result::Result<T, Raise>;

/// A structure that is being read.
#[derive(Clone, Copy, Debug)]
enum Open {
    /// The position of the value that comes.
    List { table: Ref<Table>, position: f64 },
    /// The key of the value that comes.
    Object { table: Ref<Table>, key: Str },
}

#[derive(Debug)]
struct Decoder<'a> {
    reader: Reader<'a>,
    open: Vec<Open>,
    /// How many values C would have on its stack.
    slots: usize,
    max_depth: usize,
}

pub(super) fn decode(ctx: &mut Ctx<'_>) -> Result<Flow> {
    if ctx.count() != 1 {
        return Err(ctx.arg_error(1, "expected 1 argument"));
    }
    let text = ctx.bytes(1)?.to_vec();
    ctx.charge(text.len() / 16);
    if let [0, _, ..] | [_, 0, ..] = text[..] {
        return Err(ctx.error("JSON parser does not support UTF-16 or UTF-32"));
    }
    let reads_invalid = Setting::DecodeInvalid.get(ctx)? != 0;
    let max_depth = Setting::DecodeMaxDepth.get(ctx)? as usize;
    clear_way(ctx);
    let mut decoder =
        Decoder { reader: Reader::new(&text, reads_invalid), open: Vec::new(), slots: 1, max_depth };
    let value = decoder.all(ctx)?;
    ctx.push(value);
    Ok(Flow::Return(1))
}

impl Decoder<'_> {
    fn all(&mut self, ctx: &mut Ctx<'_>) -> Result<Value> {
        let mut token = self.reader.next();
        loop {
            ctx.check_memory()?;
            let mut value = match token {
                Token::String => Value::Str(ctx.heap().string(&self.reader.string)),
                Token::Number(number) => Value::Number(number),
                Token::Boolean(value) => Value::Bool(value),
                Token::Null => NULL,
                Token::ObjectBegin => {
                    let table = self.descend(ctx, 3)?;
                    token = self.reader.next();
                    if token != Token::ObjectEnd {
                        let key = self.key(ctx, token)?;
                        self.slots += 2;
                        self.open.push(Open::Object { table, key });
                        token = self.reader.next();
                        continue;
                    }
                    Value::Table(table)
                }
                Token::ArrayBegin => {
                    let table = self.descend(ctx, 2)?;
                    token = self.reader.next();
                    if token != Token::ArrayEnd {
                        self.slots += 1;
                        self.open.push(Open::List { table, position: 1.0 });
                        continue;
                    }
                    Value::Table(table)
                }
                other => return Err(self.unexpected(ctx, "value", other)),
            };
            // A value is complete, and with it maybe what it is the last of.
            loop {
                let Some(open) = self.open.last_mut() else {
                    token = self.reader.next();
                    return if token == Token::End {
                        Ok(value)
                    } else {
                        Err(self.unexpected(ctx, "the end", token))
                    };
                };
                match open {
                    Open::List { table, position } => {
                        let table = *table;
                        ctx.heap().set(table, Value::Number(*position), value);
                        *position += 1.0;
                        token = self.reader.next();
                        match token {
                            Token::ArrayEnd => {
                                self.slots -= 1;
                                value = Value::Table(table);
                            }
                            Token::Comma => {
                                token = self.reader.next();
                                break;
                            }
                            other => return Err(self.unexpected(ctx, "comma or array end", other)),
                        }
                    }
                    Open::Object { table, key } => {
                        let table = *table;
                        ctx.heap().set(table, Value::Str(*key), value);
                        token = self.reader.next();
                        match token {
                            Token::ObjectEnd => {
                                self.slots -= 2;
                                value = Value::Table(table);
                            }
                            Token::Comma => {
                                token = self.reader.next();
                                let new = self.key(ctx, token)?;
                                if let Some(Open::Object { key, .. }) = self.open.last_mut() {
                                    *key = new;
                                }
                                token = self.reader.next();
                                break;
                            }
                            other => return Err(self.unexpected(ctx, "comma or object end", other)),
                        }
                    }
                }
                self.open.pop();
            }
        }
    }

    /// A table for a structure that begins, where it may be so deep.
    fn descend(&mut self, ctx: &mut Ctx<'_>, slots: usize) -> Result<Ref<Table>> {
        let depth = self.open.len() + 1;
        if depth > self.max_depth || self.slots + slots > C_STACK {
            let at = self.reader.at();
            return Err(
                ctx.error(&format!("Found too many nested data structures ({depth}) at character {at}"))
            );
        }
        Ok(ctx.heap().table(Table::default()))
    }

    /// A key, from its token on, and the colon behind it.
    fn key(&mut self, ctx: &mut Ctx<'_>, token: Token) -> Result<Str> {
        if token != Token::String {
            return Err(self.unexpected(ctx, "object key string", token));
        }
        let key = ctx.heap().string(&self.reader.string);
        match self.reader.next() {
            Token::Colon => Ok(key),
            other => Err(self.unexpected(ctx, "colon", other)),
        }
    }

    fn unexpected(&self, ctx: &mut Ctx<'_>, expected: &str, found: Token) -> Raise {
        let (found, place) = (found.name(), self.reader.start + 1);
        ctx.error(&format!("Expected {expected} but found {found} at character {place}"))
    }
}
