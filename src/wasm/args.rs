//! From JavaScript's values to the engine's: arguments as bytes, options, durations.
//!
//! JavaScript callers pass anything; what is not understood becomes a `TypeError` that says what was expected, and
//! nothing is guessed. Every read that may run the caller's own code is one that catches its exceptions.

use std::time::Duration;

use js_sys::{Array, BigInt, Date, Number, Reflect, TypeError, Uint8Array};
use playground_engine::{Options, SessionId};
use wasm_bindgen::prelude::*;

use crate::reply::Texts;

/// The largest integer that every JavaScript number up to it is exact for.
pub const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Array, js_name = from)]
    fn copy(array: &JsValue) -> Result<Array, JsValue>;
}

fn type_error(message: &str) -> JsValue {
    TypeError::new(message).into()
}

/// One command: an array that is not empty.
pub fn command(value: &JsValue) -> Result<Vec<Vec<u8>>, JsValue> {
    let argv = elements(value, "a command", argument)?;
    if argv.is_empty() { Err(type_error("a command needs at least its name")) } else { Ok(argv) }
}

pub fn commands(value: &JsValue) -> Result<Vec<Vec<Vec<u8>>>, JsValue> {
    elements(value, "a pipeline", command)
}

fn elements<T>(
    value: &JsValue,
    what: &str,
    element: impl Fn(&JsValue) -> Result<T, JsValue>,
) -> Result<Vec<T>, JsValue> {
    if !Array::is_array(value) {
        return Err(type_error(&format!("{what} must be an array")));
    }
    // Only here may the caller's code run; the elements of the copy are plain, and cheap to get.
    let copy = copy(value)?;
    (0..copy.length()).map(|index| element(&copy.get(index))).collect()
}

/// One argument as the bytes that a client would send.
pub fn argument(value: &JsValue) -> Result<Vec<u8>, JsValue> {
    if let Some(text) = value.as_string() {
        return Ok(text.into_bytes());
    }
    if let Some(bytes) = value.dyn_ref::<Uint8Array>() {
        return Ok(bytes.to_vec());
    }
    if let Some(number) = value.as_f64() {
        return decimal(number);
    }
    match value.dyn_ref::<BigInt>() {
        Some(number) => Ok(String::from(number.to_string(10)?).into_bytes()),
        None => Err(type_error("an argument must be a string, a Uint8Array, a number or a bigint")),
    }
}

/// As JavaScript prints a number.
fn decimal(number: f64) -> Result<Vec<u8>, JsValue> {
    if number.fract() == 0.0 && number.abs() <= MAX_SAFE_INTEGER {
        return Ok((number as i64).to_string().into_bytes());
    }
    Ok(String::from(Number::from(number).to_string_with_radix(10)?).into_bytes())
}

/// A line of text, as a string or as bytes.
pub fn text(value: &JsValue) -> Result<Vec<u8>, JsValue> {
    if let Some(text) = value.as_string() {
        return Ok(text.into_bytes());
    }
    let bytes = value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec);
    bytes.ok_or_else(|| type_error("a line must be a string or a Uint8Array"))
}

pub fn session(number: f64) -> Result<SessionId, JsValue> {
    whole(number).map(SessionId).ok_or_else(|| type_error("a session is a number that connect() gave"))
}

pub fn duration(milliseconds: f64) -> Result<Duration, JsValue> {
    let milliseconds = if milliseconds >= 0.0 { whole(milliseconds.floor()) } else { None };
    let milliseconds =
        milliseconds.ok_or_else(|| type_error("time advances by milliseconds, not backwards"))?;
    Ok(Duration::from_millis(milliseconds))
}

fn whole(number: f64) -> Option<u64> {
    let fits = (0.0..=MAX_SAFE_INTEGER).contains(&number) && number.fract() == 0.0;
    fits.then_some(number as u64)
}

/// The options of a new playground, and how its replies are to look.
pub fn options(given: Option<JsValue>) -> Result<(Options, Texts), JsValue> {
    let mut options = Options::default();
    let Some(given) = given else { return Ok((options, Texts::default())) };
    if !given.is_object() {
        return Err(type_error("the options must be an object"));
    }
    let get = |name: &str| -> Result<Option<JsValue>, JsValue> {
        let value = Reflect::get(&given, &name.into())?;
        Ok((!value.is_undefined()).then_some(value))
    };
    if let Some(value) = get("seed")? {
        options.seed =
            seed(&value).ok_or_else(|| type_error("seed must be a whole number of at most 64 bits"))?;
    }
    if let Some(value) = get("start")? {
        options.start =
            moment(&value).ok_or_else(|| type_error("start must be a date, or its milliseconds"))?;
    }
    if let Some(value) = get("events")? {
        options.record_events = flag(&value, "events")?;
    }
    let bytes = get("bytes")?.map(|value| flag(&value, "bytes")).transpose()?;
    let texts = if bytes == Some(true) { Texts::Bytes } else { Texts::Strings };
    Ok((options, texts))
}

fn seed(value: &JsValue) -> Option<u64> {
    if value.is_bigint() {
        return u64::try_from(value.clone()).ok();
    }
    value.as_f64().and_then(whole)
}

fn moment(value: &JsValue) -> Option<u64> {
    let milliseconds = match value.dyn_ref::<Date>() {
        Some(date) => Some(date.get_time()),
        None => value.as_f64(),
    };
    milliseconds.and_then(whole)
}

fn flag(value: &JsValue, name: &str) -> Result<bool, JsValue> {
    value.as_bool().ok_or_else(|| type_error(&format!("{name} must be true or false")))
}
