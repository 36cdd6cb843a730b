//! `os`: of it only `clock`, on the host's virtual clock.

use crate::ctx::Ctx;
use crate::value::Value;
use crate::vm::{Flow, Raise, Vm};

use super::library;

pub(super) fn open(vm: &mut Vm) {
    library(vm, "os", &[("clock", clock)]);
}

fn clock(ctx: &mut Ctx<'_>) -> Result<Flow, Raise> {
    let seconds = ctx.vm.seconds;
    ctx.push(Value::Number(seconds));
    Ok(Flow::Return(1))
}
