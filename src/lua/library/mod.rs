//! The libraries of 5.1, and those that Redis adds.
//!
//! Each is a table of functions in a file of its own. What touches the world outside (files, processes, the environment)
//! is not there.

mod base;
mod bit;
mod buffer;
mod cjson;
mod cjson_decode;
mod cjson_encode;
mod cjson_token;
mod cmsgpack;
mod cmsgpack_unpack;
mod coroutine;
mod format;
mod gsub;
mod load;
pub(crate) mod math;
mod os;
mod output;
mod pattern;
mod sort;
mod string;
mod structure;
mod table;

use crate::table::Table;
use crate::value::{Ref, Value};
use crate::vm::{NativeFn, Vm};

/// Opens all libraries in the globals of an interpreter.
pub(crate) fn open(vm: &mut Vm) {
    base::open(vm);
    bit::open(vm);
    cjson::open(vm);
    cmsgpack::open(vm);
    coroutine::open(vm);
    math::open(vm);
    os::open(vm);
    string::open(vm);
    structure::open(vm);
    table::open(vm);
}

/// A library: a table of functions under a global name.
fn library(vm: &mut Vm, name: &str, functions: &[(&str, NativeFn)]) -> Ref<Table> {
    // As large as C makes it: the order of a walk follows from that.
    let table = vm.heap.table(Table::with_sizes(0, functions.len()));
    let globals = vm.globals;
    vm.heap.set_field(globals, name, Value::Table(table));
    register(vm, table, functions);
    table
}

fn register(vm: &mut Vm, table: Ref<Table>, functions: &[(&str, NativeFn)]) {
    for (name, run) in functions {
        let function = vm.native(*run, &[]);
        vm.heap.set_field(table, name, function);
    }
}
