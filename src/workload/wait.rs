//! What a client's program waits for: it says so and stops there until it is answered.

use playground_lua::{Ctx, Flow, Heap, Raise, Value};

/// What a program has asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Wait {
    /// The answer to one command.
    Call(Vec<Vec<u8>>),
    /// The answers to several that are sent together.
    Pipeline(Vec<Vec<Vec<u8>>>),
    /// The modelled database.
    Query,
    /// So many microseconds.
    Sleep(u64),
    /// A message, for so many microseconds at most.
    Receive(Option<u64>),
}

/// What is given first to who resumed the program, to tell a wait from a return; no program can make such a value.
const CALL: u32 = 0xC0_01;
const PIPELINE: u32 = 0xC0_02;
const QUERY: u32 = 0xC0_03;
const SLEEP: u32 = 0xC0_04;
const RECEIVE: u32 = 0xC0_05;

type Result<T> = std::result::Result<T, Raise>;

fn wait(ctx: &mut Ctx<'_>, kind: u32) -> Flow {
    let arguments: Vec<Value> = ctx.args().to_vec();
    ctx.push(Value::Light(kind));
    for value in &arguments {
        ctx.push(*value);
    }
    Flow::Yield(arguments.len() + 1)
}

/// A command: its name is the function's own value.
pub(crate) fn call(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let arguments: Vec<Value> = ctx.args().to_vec();
    if let Some(other) = arguments.iter().find(|value| !matches!(value, Value::Str(_) | Value::Number(_))) {
        let why = format!("a command takes text and numbers, not a {}", other.type_name());
        return Err(ctx.error(&why));
    }
    let name = ctx.upvalue(0);
    ctx.push(Value::Light(CALL));
    ctx.push(name);
    for value in &arguments {
        ctx.push(*value);
    }
    Ok(Flow::Yield(arguments.len() + 2))
}

pub(crate) fn pipeline(ctx: &mut Ctx<'_>) -> Result<Flow> {
    ctx.table(1)?;
    let arguments = ctx.args().to_vec();
    if let Err(why) = commands(ctx.heap(), &arguments) {
        return Err(ctx.error(&why));
    }
    Ok(wait(ctx, PIPELINE))
}

pub(crate) fn query(ctx: &mut Ctx<'_>) -> Result<Flow> {
    Ok(wait(ctx, QUERY))
}

pub(crate) fn sleep(ctx: &mut Ctx<'_>) -> Result<Flow> {
    ctx.number(1)?;
    Ok(wait(ctx, SLEEP))
}

pub(crate) fn receive(ctx: &mut Ctx<'_>) -> Result<Flow> {
    ctx.optional_number(1, 0.0)?;
    Ok(wait(ctx, RECEIVE))
}

/// The longest that a program may sleep.
const LONGEST_MS: f64 = 1e10;

/// And the shortest, in microseconds: what takes no time would never end.
const SHORTEST: f64 = 10.0;
/// Commands of one pipeline.
const MOST_LINES: usize = 10_000;

fn micros(ms: f64) -> u64 {
    // What is no number is the shortest.
    let ms = if ms.is_nan() { 0.0 } else { ms };
    (ms * 1000.0).clamp(SHORTEST, LONGEST_MS * 1000.0) as u64
}

/// Reads what a program gave to who resumed it; `None` where it has returned. The error is a reason.
pub(crate) fn read(heap: &Heap, given: &[Value]) -> Option<std::result::Result<Wait, String>> {
    let (Value::Light(kind), arguments) = given.split_first().map(|(first, rest)| (*first, rest))? else {
        return None;
    };
    let number = |at: usize| match arguments.get(at) {
        Some(Value::Number(number)) => Some(*number),
        Some(Value::Str(text)) => playground_lua::number::parse(heap.str(*text)),
        _ => None,
    };
    Some(match kind {
        CALL => words(heap, arguments).map(Wait::Call),
        PIPELINE => commands(heap, arguments).map(Wait::Pipeline),
        QUERY => Ok(Wait::Query),
        SLEEP => Ok(Wait::Sleep(micros(number(0).unwrap_or_default()))),
        RECEIVE => Ok(Wait::Receive(number(0).map(micros))),
        _ => return None,
    })
}

/// The words of a command line.
fn words(heap: &Heap, values: &[Value]) -> std::result::Result<Vec<Vec<u8>>, String> {
    let word = |value: &Value| match value {
        Value::Str(text) => Ok(heap.str(*text).to_vec()),
        Value::Number(number) => Ok(playground_lua::number::print(*number)),
        other => Err(format!("a command takes text and numbers, not a {}", other.type_name())),
    };
    values.iter().map(word).collect()
}

/// Several command lines, as a table of tables.
fn commands(heap: &Heap, values: &[Value]) -> std::result::Result<Vec<Vec<Vec<u8>>>, String> {
    let Some(Value::Table(list)) = values.first() else { return Err("pipeline takes a table".to_owned()) };
    let items = |table| {
        let mut items = Vec::new();
        loop {
            match heap.get(table, Value::Number((items.len() + 1) as f64)) {
                Value::Nil => return items,
                item => items.push(item),
            }
        }
    };
    let line = |item: Value| match item {
        Value::Table(line) => words(heap, &items(line)),
        _ => Err("pipeline takes a table of commands, as {{'SET', 'k', 1}, {'GET', 'k'}}".to_owned()),
    };
    let lines = items(*list);
    if lines.len() > MOST_LINES {
        return Err(format!("a pipeline has {MOST_LINES} commands at most"));
    }
    lines.into_iter().map(line).collect()
}
