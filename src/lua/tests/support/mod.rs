//! What the interpreter's tests share.

use playground_lua::{Value, Vm, number};

/// A value as text on one line.
pub fn text(vm: &mut Vm, value: Value) -> String {
    let bytes = match value {
        Value::Str(string) => vm.heap().str(string).to_vec(),
        Value::Number(value) => number::print(value),
        Value::Bool(value) => value.to_string().into_bytes(),
        other => other.type_name().as_bytes().to_vec(),
    };
    let shown =
        |byte: u8| if (32..127).contains(&byte) { char::from(byte).into() } else { format!("\\x{byte:02x}") };
    bytes.into_iter().map(shown).collect()
}

/// What a function returned, value by value.
pub fn results(vm: &mut Vm) -> Vec<String> {
    let results = vm.results().to_vec();
    results.into_iter().map(|value| text(vm, value)).collect()
}
