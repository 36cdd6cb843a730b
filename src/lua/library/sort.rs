//! `table.sort`: quicksort with the median of three, in the steps of 5.1.
//!
//! Each step is one comparison. Where the comparator is a function the sort stops and goes on with its answer, so that
//! nothing is nested, whatever the comparator does. Of two parts the smaller is sorted first, so what waits is as much as
//! the logarithm of the list.

use std::ops::Range;

use crate::ctx::Ctx;
use crate::meta::Meta;
use crate::table::Table;
use crate::thread::Continue;
use crate::value::{Ref, Value};
use crate::vm::{Flow, Raise};

use super::table::{element, length, set_element};

type Result<T> = std::result::Result<T, Raise>;

pub(super) fn sort(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let table = ctx.table(1)?;
    let up = length(ctx, table);
    if ctx.count() >= 2 && !ctx.arg(2).is_nil() {
        ctx.function(2)?;
    }
    let mut sort = Box::new(Sort {
        table,
        waiting: Vec::new(),
        low: 1,
        up,
        i: 0,
        j: 0,
        pivot: Value::Nil,
        step: Step::Ends,
        left: Value::Nil,
        right: Value::Nil,
    });
    if !sort.begin() {
        return Ok(Flow::Return(0));
    }
    sort.next_comparison(ctx);
    sort.run(ctx, None)
}

/// What is being compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// The last and the first.
    Ends,
    /// The middle and the first.
    MiddleAndLow,
    /// The last and the middle.
    UpAndMiddle,
    /// From below, those less than the pivot are passed over.
    FromBelow,
    /// From above, those that the pivot is less than.
    FromAbove,
}

/// A sort that is under way.
#[derive(Clone, Debug)]
struct Sort {
    table: Ref<Table>,
    /// Parts that are still to be sorted.
    waiting: Vec<(i64, i64)>,
    low: i64,
    up: i64,
    i: i64,
    j: i64,
    pivot: Value,
    step: Step,
    /// The question is whether this one is less …
    left: Value,
    /// … than this one.
    right: Value,
}

impl Sort {
    /// Makes sure that there is a part with at least two elements. Tells whether there is.
    fn begin(&mut self) -> bool {
        while self.low >= self.up {
            let Some((low, up)) = self.waiting.pop() else { return false };
            (self.low, self.up) = (low, up);
        }
        self.step = Step::Ends;
        true
    }

    fn at(&self, ctx: &Ctx<'_>, index: i64) -> Value {
        element(ctx, self.table, index)
    }

    fn set(&self, ctx: &mut Ctx<'_>, index: i64, value: Value) -> Result<()> {
        set_element(ctx, self.table, index, value)
    }

    /// Reads the two elements that the step compares.
    fn next_comparison(&mut self, ctx: &Ctx<'_>) {
        let middle = i64::midpoint(self.low, self.up);
        (self.left, self.right) = match self.step {
            Step::Ends => (self.at(ctx, self.up), self.at(ctx, self.low)),
            Step::MiddleAndLow => (self.at(ctx, middle), self.at(ctx, self.low)),
            Step::UpAndMiddle => (self.at(ctx, self.up), self.at(ctx, middle)),
            Step::FromBelow => (self.at(ctx, self.i), self.pivot),
            Step::FromAbove => (self.pivot, self.at(ctx, self.j)),
        };
    }

    /// Goes on until a function is to be asked, or all is sorted.
    fn run(mut self: Box<Self>, ctx: &mut Ctx<'_>, mut answer: Option<bool>) -> Result<Flow> {
        loop {
            let is_less = match answer.take() {
                Some(answer) => answer,
                None => match self.compare(ctx)? {
                    Some(answer) => answer,
                    None => return Ok(Flow::Call { arguments: 2, then: self }),
                },
            };
            ctx.charge(1);
            if !self.go_on(ctx, is_less)? {
                return Ok(Flow::Return(0));
            }
            self.next_comparison(ctx);
        }
    }

    /// The answer, where no function is needed for it; else what is to be called has been pushed.
    fn compare(&self, ctx: &mut Ctx<'_>) -> Result<Option<bool>> {
        let (left, right) = (self.left, self.right);
        let mut function = ctx.arg(2);
        if function.is_nil() {
            match (left, right) {
                (Value::Number(left), Value::Number(right)) => return Ok(Some(left < right)),
                (Value::Str(left), Value::Str(right)) => return Ok(Some(ctx.str(left) < ctx.str(right))),
                _ => {}
            }
            function = ctx.vm.order_metamethod(Meta::Lt, left, right);
            if function.is_nil() {
                return Err(ctx.vm.compare_error(left, right));
            }
        }
        ctx.clear();
        // The first three are there only to be kept: whatever the function does to the table, these are compared.
        for value in [self.pivot, left, right, function, left, right] {
            ctx.push(value);
        }
        Ok(None)
    }

    /// Does what the answer asks for. Tells whether there is more to compare.
    fn go_on(&mut self, ctx: &mut Ctx<'_>, is_less: bool) -> Result<bool> {
        let (left, right) = (self.left, self.right);
        let middle = i64::midpoint(self.low, self.up);
        match self.step {
            Step::Ends => {
                if is_less {
                    self.set(ctx, self.low, left)?;
                    self.set(ctx, self.up, right)?;
                }
                if self.up - self.low == 1 {
                    return Ok(self.end_part());
                }
                self.step = Step::MiddleAndLow;
            }
            Step::MiddleAndLow if !is_less => self.step = Step::UpAndMiddle,
            Step::MiddleAndLow => {
                self.set(ctx, middle, right)?;
                self.set(ctx, self.low, left)?;
                return self.partition(ctx, middle);
            }
            Step::UpAndMiddle => {
                if is_less {
                    self.set(ctx, middle, left)?;
                    self.set(ctx, self.up, right)?;
                }
                return self.partition(ctx, middle);
            }
            Step::FromBelow if is_less => {
                if self.i > self.up {
                    return Err(ctx.error("invalid order function for sorting"));
                }
                self.i += 1;
            }
            Step::FromBelow => {
                self.j -= 1;
                self.step = Step::FromAbove;
            }
            Step::FromAbove if is_less => {
                if self.j < self.low {
                    return Err(ctx.error("invalid order function for sorting"));
                }
                self.j -= 1;
            }
            Step::FromAbove => {
                if self.j < self.i {
                    return self.split(ctx);
                }
                let (low, high) = (self.at(ctx, self.i), self.at(ctx, self.j));
                self.set(ctx, self.i, high)?;
                self.set(ctx, self.j, low)?;
                self.i += 1;
                self.step = Step::FromBelow;
            }
        }
        Ok(true)
    }

    /// The part is sorted: on to one that waits.
    fn end_part(&mut self) -> bool {
        self.low = self.up;
        self.begin()
    }

    /// Three elements are in order; the one in the middle is what the others are parted by.
    fn partition(&mut self, ctx: &mut Ctx<'_>, middle: i64) -> Result<bool> {
        if self.up - self.low == 2 {
            return Ok(self.end_part());
        }
        self.pivot = self.at(ctx, middle);
        let last = self.at(ctx, self.up - 1);
        self.set(ctx, middle, last)?;
        self.set(ctx, self.up - 1, self.pivot)?;
        self.i = self.low + 1;
        self.j = self.up - 1;
        self.step = Step::FromBelow;
        Ok(true)
    }

    /// The pivot goes to its place, and what is on either side of it is a part of its own.
    fn split(&mut self, ctx: &mut Ctx<'_>) -> Result<bool> {
        let (pivot, middle) = (self.at(ctx, self.up - 1), self.at(ctx, self.i));
        self.set(ctx, self.up - 1, middle)?;
        self.set(ctx, self.i, pivot)?;
        let (below, above) = ((self.low, self.i - 1), (self.i + 1, self.up));
        let (smaller, larger) =
            if self.i - self.low < self.up - self.i { (below, above) } else { (above, below) };
        self.waiting.push(larger);
        (self.low, self.up) = smaller;
        Ok(self.begin())
    }
}

impl Continue for Sort {
    fn resume(self: Box<Self>, ctx: &mut Ctx<'_>, results: Range<usize>) -> Result<Flow> {
        let is_less = !results.is_empty() && ctx.slot(results.start).is_true();
        ctx.clear();
        self.run(ctx, Some(is_less))
    }

    fn clone_box(&self) -> Box<dyn Continue> {
        Box::new(self.clone())
    }
}
