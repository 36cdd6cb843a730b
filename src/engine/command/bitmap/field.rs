//! Fields: integers of any width at any bit of a string. BITFIELD and `BITFIELD_RO`.

use super::{Change, edit, offset};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::number;
use crate::reply::Reply;
use crate::value::StringValue;
use crate::value::bits::{Field, Overflow};

pub const SPECS: &[CommandSpec] = &[BITFIELD, BITFIELD_RO];

const WRITE: KeyFlags = KeyFlags::RW.union(KeyFlags::ACCESS).union(KeyFlags::UPDATE);

const BITFIELD: CommandSpec = CommandSpec {
    name: "bitfield",
    group: Group::Bitmap,
    since: "3.2.0",
    arity: -2,
    flags: Flags::WRITE.union(Flags::DENYOOM),
    keys: &[KeySpec::one(1, WRITE.union(KeyFlags::VARIABLE_FLAGS))],
    variable_flags: Some(key_flags),
    summary: "Reads, writes and adds to integers of any width that are packed into a string.",
    complexity: "O(1) for each operation",
    syntax: "key:key#0 [operation(get-block{encoding offset:integer}=GET | \
        write{[overflow-block(wrap=WRAP | sat=SAT | fail=FAIL)=OVERFLOW] \
        write-operation(set-block{encoding offset:integer value:integer}=SET | \
        incrby-block{encoding offset:integer increment:integer}=INCRBY)})*]",
    example: "> BITFIELD stats SET u8 0 200 INCRBY u8 #1 10\n1) (integer) 0\n2) (integer) 10\n\
        > BITFIELD stats OVERFLOW SAT INCRBY u8 0 100 GET u8 8\n1) (integer) 255\n2) (integer) 10",
    run: Some(|context, args| bitfield(context, args, true)),
    ..CommandSpec::BASE
};

const BITFIELD_RO: CommandSpec = CommandSpec {
    name: "bitfield_ro",
    group: Group::Bitmap,
    since: "6.0.0",
    arity: -2,
    flags: Flags::READONLY.union(Flags::FAST),
    keys: &[KeySpec::one(1, KeyFlags::READ)],
    summary: "Reads integers of any width that are packed into a string.",
    complexity: "O(1) for each operation",
    syntax: "key:key#0 [get-block{encoding offset:integer}=GET*+]",
    example: "> SET pair \"\\x01\\xff\"\nOK\n> BITFIELD_RO pair GET u8 0 GET i8 8\n1) (integer) 1\n2) (integer) -1",
    run: Some(|context, args| bitfield(context, args, false)),
    ..CommandSpec::BASE
};

/// `BITFIELD` only reads where all its operations do.
fn key_flags(argv: &[Vec<u8>]) -> KeyFlags {
    let mut words = argv.get(2..).unwrap_or_default();
    while let Some((word, after)) = words.split_first() {
        let operands = match () {
            () if word.eq_ignore_ascii_case(b"GET") => 2,
            () if word.eq_ignore_ascii_case(b"OVERFLOW") => 1,
            () => return WRITE,
        };
        let Some(rest) = after.get(operands..) else { return WRITE };
        words = rest;
    }
    KeyFlags::READ
}

/// What is done to one field.
#[derive(Clone, Copy, Debug)]
enum Action {
    Get,
    Set(i64, Overflow),
    Add(i64, Overflow),
}

/// One operation of the command line.
#[derive(Clone, Copy, Debug)]
struct Step {
    field: Field,
    offset: u64,
    action: Action,
}

impl Step {
    fn writes(&self) -> bool {
        !matches!(self.action, Action::Get)
    }

    fn last_bit(&self) -> u64 {
        self.offset.saturating_add(u64::from(self.field.bits()) - 1)
    }

    /// Carries the operation out; whether it wrote another integer than was there, and whether it wrote at all.
    fn run(&self, bytes: &mut [u8]) -> Done {
        let before = self.field.read(bytes, self.offset);
        let (after, answer) = match self.action {
            Action::Get => return Done { answer: Some(before), wrote: false, altered: false },
            Action::Set(value, overflow) => {
                let after = self.field.fit(value, overflow);
                (after, after.map(|_| before))
            }
            Action::Add(increment, overflow) => {
                let after = self.field.sum(before, increment, overflow);
                (after, after)
            }
        };
        if let Some(after) = after {
            self.field.write(bytes, self.offset, after);
        }
        Done { answer, wrote: after.is_some(), altered: after.is_some_and(|after| after != before) }
    }
}

/// What an operation came to.
struct Done {
    /// `None` where the result did not fit and was to fail.
    answer: Option<i64>,
    wrote: bool,
    altered: bool,
}

fn bitfield(context: &mut Context<'_>, args: &mut Args, may_write: bool) -> CommandResult {
    let key = args.take()?;
    let steps = steps(context, args)?;
    let Some(last) = steps.iter().filter(|step| step.writes()).map(Step::last_bit).max() else {
        return read(context, &key, &steps);
    };
    if !may_write {
        return Err(Error::Fixed("ERR BITFIELD_RO only supports the GET subcommand"));
    }
    let answers = edit(context, key, last, |bytes, grown| {
        let done: Vec<Done> = steps.iter().map(|step| step.run(bytes)).collect();
        let altered = done.iter().any(|done| done.altered || (grown && done.wrote));
        let answers = done.into_iter().map(|done| done.answer.map_or(Reply::Nil, Reply::Integer));
        Change { result: answers.collect(), altered }
    })?;
    Ok(Reply::Array(answers))
}

fn read(context: &mut Context<'_>, key: &[u8], steps: &[Step]) -> CommandResult {
    let mut db = context.db()?;
    let value = db.read::<StringValue>(key)?.map(StringValue::bytes).unwrap_or_default();
    let answers = steps.iter().map(|step| Reply::Integer(step.field.read(&value, step.offset)));
    Ok(Reply::Array(answers.collect()))
}

/// All operations; `OVERFLOW` holds for those behind it.
fn steps(context: &Context<'_>, args: &mut Args) -> Result<Vec<Step>, Error> {
    let mut overflow = Overflow::Wrap;
    let mut steps = Vec::new();
    while let Some(operands) = args.remaining().checked_sub(1) {
        match () {
            () if operands >= 2 && args.word("GET") => {
                let (field, offset) = place(context, args)?;
                steps.push(Step { field, offset, action: Action::Get });
            }
            () if operands >= 3 && args.word("SET") => {
                let (field, offset) = place(context, args)?;
                steps.push(Step { field, offset, action: Action::Set(args.int()?, overflow) });
            }
            () if operands >= 3 && args.word("INCRBY") => {
                let (field, offset) = place(context, args)?;
                steps.push(Step { field, offset, action: Action::Add(args.int()?, overflow) });
            }
            () if operands >= 1 && args.word("OVERFLOW") => overflow = policy(args)?,
            () => return Err(Error::Syntax),
        }
    }
    Ok(steps)
}

fn policy(args: &mut Args) -> Result<Overflow, Error> {
    Ok(match () {
        () if args.word("WRAP") => Overflow::Wrap,
        () if args.word("SAT") => Overflow::Saturate,
        () if args.word("FAIL") => Overflow::Fail,
        () => return Err(Error::Fixed("ERR Invalid OVERFLOW type specified")),
    })
}

/// The type of a field, such as `i16` or `u8`, and the bit where it begins.
fn place(context: &Context<'_>, args: &mut Args) -> Result<(Field, u64), Error> {
    const NOT_A_TYPE: Error = Error::Fixed(
        "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.",
    );
    let (signed, bits) = match args.take()?.as_slice() {
        [b'i', bits @ ..] => (true, number::parse_i64(bits)),
        [b'u', bits @ ..] => (false, number::parse_i64(bits)),
        _ => return Err(NOT_A_TYPE),
    };
    let field = bits.and_then(|bits| Field::new(signed, bits)).ok_or(NOT_A_TYPE)?;
    Ok((field, offset(context, &args.take()?, Some(field.bits()))?))
}
