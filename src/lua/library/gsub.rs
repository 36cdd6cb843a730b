//! `string.gsub`: what matches is replaced by a text, by what a table has for it, or by what a function makes of it.
//!
//! A function is called from the interpreter's loop, and this goes on with its result: where it stands is kept in data.
//! Text that is ready lies on the stack meanwhile, where the heap counts it.
//!
//! How a pattern matches it must not know.

use std::ops::Range;

use crate::ctx::Ctx;
use crate::meta::Meta;
use crate::number;
use crate::thread::Continue;
use crate::value::{Str, Value};
use crate::vm::{Flow, Raise};

use super::buffer::{Buffer, make_room};
use super::pattern::{Matcher, Text};
use super::string::{add_capture, matcher, push_capture, push_captures, raise};

type Result<T> = std::result::Result<T, Raise>;

/// Text of so many bytes goes to the stack before something is called.
const PIECE: usize = 1_024;
/// How many tables one lookup may be sent through.
const LOOP: usize = 100;

/// Where `gsub` stands.
#[derive(Clone, Debug)]
struct Gsub {
    matcher: Matcher,
    subject: Str,
    pattern: Str,
    /// With `^` in front it matches at the beginning or not at all.
    is_anchored: bool,
    /// Everything before this is done.
    at: usize,
    is_over: bool,
    count: i64,
    most: i64,
    /// The match that is being replaced.
    whole: Range<usize>,
    text: Buffer,
    /// The slots with text that is ready.
    pieces: Range<usize>,
}

pub(super) fn gsub(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let (subject, pattern) = (ctx.string(1)?, ctx.string(2)?);
    let length = ctx.str(subject).len();
    let most = if ctx.arg(4).is_nil() { length as i64 + 1 } else { ctx.int(4)? };
    match ctx.arg(3) {
        Value::Str(_) | Value::Table(_) | Value::Closure(_) | Value::Native(_) => {}
        Value::Number(_) => {
            ctx.string(3)?;
        }
        _ => return Err(ctx.arg_error(3, "string/function/table expected")),
    }
    let state = Gsub {
        matcher: matcher(ctx),
        subject,
        pattern,
        is_anchored: ctx.str(pattern).first() == Some(&b'^'),
        at: 0,
        is_over: false,
        count: 0,
        most,
        whole: 0..0,
        text: Buffer::new(ctx, length)?,
        pieces: 0..0,
    };
    Box::new(state).go_on(ctx)
}

impl Gsub {
    /// Replaces until something has to be called for it.
    fn go_on(mut self: Box<Self>, ctx: &mut Ctx<'_>) -> Result<Flow> {
        let before = self.matcher.steps;
        let arguments = self.replace_all(ctx);
        ctx.charge((self.matcher.steps - before) as usize);
        match arguments? {
            Some(arguments) => Ok(Flow::Call { arguments, then: self }),
            None => self.finish(ctx),
        }
    }

    /// With how many arguments a function is to be called, which was pushed; nothing where all is done.
    fn replace_all(&mut self, ctx: &mut Ctx<'_>) -> Result<Option<usize>> {
        while self.count < self.most && !self.is_over {
            let text = Text { subject: ctx.str(self.subject), pattern: ctx.str(self.pattern) };
            let end = match self.matcher.match_at(text, self.at, usize::from(self.is_anchored)) {
                Ok(end) => end,
                Err(fault) => return Err(raise(ctx, fault)),
            };
            if let Some(end) = end {
                self.count += 1;
                self.whole = self.at..end;
                if let Some(arguments) = self.replace(ctx)? {
                    return Ok(Some(arguments));
                }
            }
            self.advance(ctx, end)?;
        }
        Ok(None)
    }

    /// Goes on behind what was matched, or one byte further where that was nothing.
    fn advance(&mut self, ctx: &Ctx<'_>, end: Option<usize>) -> Result<()> {
        match end {
            Some(end) if end > self.at => self.at = end,
            _ => match ctx.str(self.subject).get(self.at) {
                Some(byte) => {
                    self.text.add(&[*byte])?;
                    self.at += 1;
                }
                None => self.is_over = true,
            },
        }
        self.is_over |= self.is_anchored;
        Ok(())
    }

    fn replace(&mut self, ctx: &mut Ctx<'_>) -> Result<Option<usize>> {
        match ctx.arg(3) {
            Value::Str(replacement) => self.fill_in(ctx, replacement).map(|()| None),
            table @ Value::Table(_) => {
                // As a slot that is free again at once.
                let top = ctx.vm.thread.top;
                push_capture(ctx, &self.matcher, self.subject, 0, &self.whole)?;
                let key = ctx.slot(top);
                match lookup(ctx, table, key)? {
                    Lookup::Value(value) => {
                        ctx.vm.thread.top = top;
                        self.put(ctx, value)?;
                        Ok(None)
                    }
                    Lookup::Method { method, object } => {
                        ctx.vm.thread.top = top;
                        self.set_aside(ctx);
                        ctx.push(method);
                        ctx.push(object);
                        ctx.push(key);
                        Ok(Some(2))
                    }
                }
            }
            function => {
                self.set_aside(ctx);
                ctx.push(function);
                push_captures(ctx, &self.matcher, self.subject, &self.whole).map(Some)
            }
        }
    }

    /// A replacement that is text, where `%1` stands for a capture.
    fn fill_in(&mut self, ctx: &mut Ctx<'_>, replacement: Str) -> Result<()> {
        let mut at = 0;
        while at < ctx.str(replacement).len() {
            if let Err(fault) = self.matcher.spend(1) {
                return Err(raise(ctx, fault));
            }
            let rest = ctx.str(replacement).get(at..).unwrap_or_default();
            let plain = rest.iter().position(|byte| *byte == b'%').unwrap_or(rest.len());
            if plain > 0 {
                self.text.add(&rest[..plain])?;
                at += plain;
                continue;
            }
            // Behind the last byte there is a zero byte, as in C.
            let sign = rest.get(1).copied().unwrap_or(0);
            at += 2;
            match sign {
                b'0' => {
                    let whole = ctx.str(self.subject).get(self.whole.clone()).unwrap_or_default();
                    self.text.add(whole)?;
                }
                b'1'..=b'9' => {
                    let number = usize::from(sign - b'1');
                    add_capture(ctx, &self.matcher, self.subject, number, &self.whole, &mut self.text)?;
                }
                _ => self.text.add(&[sign])?,
            }
        }
        Ok(())
    }

    /// What a function or a table gave: with `nil` or `false` all stays as it was.
    fn put(&mut self, ctx: &mut Ctx<'_>, value: Value) -> Result<()> {
        match value {
            Value::Nil | Value::Bool(false) => {
                let whole = ctx.str(self.subject).get(self.whole.clone()).unwrap_or_default();
                self.text.add(whole)
            }
            Value::Str(string) => self.text.add(ctx.str(string)),
            Value::Number(value) => self.text.add(&number::print(value)),
            other => Err(ctx.error(&format!("invalid replacement value (a {})", other.type_name()))),
        }
    }

    /// Text that is ready goes to the stack before something is called.
    fn set_aside(&mut self, ctx: &mut Ctx<'_>) {
        if self.text.len() < PIECE {
            return;
        }
        let slot = ctx.vm.thread.top;
        self.text.flush(ctx);
        if self.pieces.is_empty() {
            self.pieces = slot..slot;
        }
        self.pieces.end = slot + 1;
    }

    fn finish(mut self: Box<Self>, ctx: &mut Ctx<'_>) -> Result<Flow> {
        let rest = ctx.str(self.subject).get(self.at..).unwrap_or_default();
        self.text.add(rest)?;
        if self.pieces.is_empty() {
            self.text.finish(ctx);
        } else {
            self.text.flush(ctx);
            self.pieces.end += 1;
            self.join(ctx)?;
        }
        ctx.push(Value::Number(self.count as f64));
        Ok(Flow::Return(2))
    }

    /// Makes one string of the pieces on the stack.
    fn join(&self, ctx: &mut Ctx<'_>) -> Result<()> {
        let length = |value: Value, ctx: &Ctx<'_>| match value {
            Value::Str(piece) => ctx.str(piece).len(),
            _ => 0,
        };
        let total = self.pieces.clone().map(|slot| length(ctx.slot(slot), ctx)).sum();
        make_room(ctx, total)?;
        let mut joined = Vec::with_capacity(total);
        for slot in self.pieces.clone() {
            if let Value::Str(piece) = ctx.slot(slot) {
                joined.extend_from_slice(ctx.str(piece));
            }
        }
        let joined = ctx.heap().string_owned(joined);
        ctx.push(Value::Str(joined));
        Ok(())
    }
}

impl Continue for Gsub {
    fn resume(mut self: Box<Self>, ctx: &mut Ctx<'_>, results: Range<usize>) -> Result<Flow> {
        let value = if results.is_empty() { Value::Nil } else { ctx.slot(results.start) };
        // What was set aside lies below.
        ctx.vm.thread.top = results.start;
        self.text.look_around(ctx);
        self.put(ctx, value)?;
        let end = self.whole.end;
        self.advance(ctx, Some(end))?;
        self.go_on(ctx)
    }

    fn clone_box(&self) -> Box<dyn Continue> {
        Box::new(self.clone())
    }
}

/// What a table has for a key.
enum Lookup {
    Value(Value),
    /// That is for a function to say.
    Method {
        method: Value,
        object: Value,
    },
}

fn lookup(ctx: &mut Ctx<'_>, mut object: Value, key: Value) -> Result<Lookup> {
    for _ in 0..LOOP {
        if let Value::Table(table) = object {
            let value = ctx.vm.heap.tables[table].get(key);
            if !value.is_nil() {
                return Ok(Lookup::Value(value));
            }
        }
        let method = ctx.heap().metamethod(object, Meta::Index);
        match (object, method) {
            (Value::Table(_), Value::Nil) => return Ok(Lookup::Value(Value::Nil)),
            (_, Value::Nil) => return Err(ctx.vm.type_error(object, None, "index")),
            _ if method.is_function() => return Ok(Lookup::Method { method, object }),
            _ => object = method,
        }
    }
    Err(ctx.vm.error("loop in gettable"))
}
