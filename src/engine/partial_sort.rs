//! Sorting a part of the places only.
//!
//! Where only some are wanted, as for `LIMIT` and `COUNT`, Redis takes a quicksort that goes on only into the parts that
//! meet the window. It is not stable: equal items end in an order that follows from the steps taken, so the steps are
//! the same here. The pivot is the middle item, or the median of three, or of three such medians; items that equal it
//! gather at both ends while the walk from both sides goes on, and are moved to the middle when it has met; fewer than
//! seven items are sorted by insertion. What the items are it does not know.

use std::cmp::Ordering;
use std::ops::Range;

/// Parts this long or longer are split further.
const SPLIT: usize = 7;
/// Parts longer than this have a pivot from nine items.
const LONG: usize = 40;

/// Puts each place of the window right.
pub fn sort<T>(items: &mut [T], window: &Range<usize>, compare: impl Fn(&T, &T) -> Ordering) {
    let wanted = |part: &Range<usize>| part.len() > 1 && part.start < window.end && window.start < part.end;
    let mut next = Some(0..items.len());
    let mut later = Vec::new();
    while let Some(part) = next {
        if let Some(slice) = items.get_mut(part.clone()) {
            if slice.len() < SPLIT {
                insertion_sort(slice, &compare);
            } else {
                let (below, above) = partition(slice, &compare);
                let sides = [part.start..part.start + below, part.end - above..part.end];
                later.extend(sides.into_iter().filter(wanted));
            }
        }
        next = later.pop();
    }
}

fn insertion_sort<T>(items: &mut [T], compare: &impl Fn(&T, &T) -> Ordering) {
    for end in 1..items.len() {
        let mut at = end;
        while at > 0 && compare(&items[at - 1], &items[at]).is_gt() {
            items.swap(at - 1, at);
            at -= 1;
        }
    }
}

/// Parts the items around a pivot and tells how many are below and above it.
fn partition<T>(items: &mut [T], compare: &impl Fn(&T, &T) -> Ordering) -> (usize, usize) {
    let len = items.len();
    let pivot = pivot(items, compare);
    items.swap(0, pivot);
    let (mut equal_low, mut low) = (1, 1);
    let (mut high, mut equal_high) = (len - 1, len - 1);
    loop {
        while low <= high {
            match compare(&items[low], &items[0]) {
                Ordering::Greater => break,
                Ordering::Equal => {
                    items.swap(equal_low, low);
                    equal_low += 1;
                }
                Ordering::Less => {}
            }
            low += 1;
        }
        while low <= high {
            match compare(&items[high], &items[0]) {
                Ordering::Less => break,
                Ordering::Equal => {
                    items.swap(high, equal_high);
                    equal_high -= 1;
                }
                Ordering::Greater => {}
            }
            high -= 1;
        }
        if low > high {
            break;
        }
        items.swap(low, high);
        low += 1;
        high -= 1;
    }
    let (below, above) = (low - equal_low, equal_high - high);
    exchange(items, 0, low, equal_low.min(below));
    exchange(items, low, len, above.min(len - 1 - equal_high));
    (below, above)
}

/// Exchanges `count` items from `start` on with those before `end`.
fn exchange<T>(items: &mut [T], start: usize, end: usize, count: usize) {
    for step in 0..count {
        items.swap(start + step, end - count + step);
    }
}

fn pivot<T>(items: &[T], compare: &impl Fn(&T, &T) -> Ordering) -> usize {
    let (len, middle) = (items.len(), items.len() / 2);
    if len <= SPLIT {
        return middle;
    }
    let median = |a, b, c| median(items, compare, [a, b, c]);
    if len <= LONG {
        return median(0, middle, len - 1);
    }
    let step = len / 8;
    median(
        median(0, step, 2 * step),
        median(middle - step, middle, middle + step),
        median(len - 1 - 2 * step, len - 1 - step, len - 1),
    )
}

fn median<T>(items: &[T], compare: &impl Fn(&T, &T) -> Ordering, [a, b, c]: [usize; 3]) -> usize {
    let less = |x: usize, y: usize| compare(&items[x], &items[y]).is_lt();
    if less(a, b) {
        match () {
            () if less(b, c) => b,
            () if less(a, c) => c,
            () => a,
        }
    } else {
        match () {
            () if less(c, b) => b,
            () if less(a, c) => a,
            () => c,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn every_window_holds_what_belongs_there() {
        let mut rng = Rng::seeded(5);
        for round in 0..2000 {
            let len = rng.below(200);
            let values = 1 + rng.below(if round % 2 == 0 { 5 } else { 1000 });
            let mut items: Vec<usize> = (0..len).map(|_| rng.below(values)).collect();
            let mut sorted = items.clone();
            sorted.sort_unstable();
            let start = rng.below(len + 1);
            let window = start..start + rng.below(len - start + 1);
            sort(&mut items, &window, Ord::cmp);
            assert_eq!(items[window.clone()], sorted[window]);
            items.sort_unstable();
            assert_eq!(items, sorted, "none is lost");
        }
    }
}
