//! The order of SORT: what an element weighs, and how weights compare.

use std::cmp::Ordering;
use std::ops::Range;

use super::request::Request;
use crate::keyspace::Db;
use crate::number::double;
use crate::parse::c_text;
use crate::partial_sort;

/// An element and its weight.
#[derive(Debug)]
pub(super) struct Item {
    element: Vec<u8>,
    /// For the order of numbers. What cannot be looked up weighs nothing.
    score: f64,
    /// For the order of bytes, where something else than the element is looked at.
    text: Option<Vec<u8>>,
}

impl Item {
    /// Looks up what the element weighs; `None` where a number is wanted and it is none.
    pub(super) fn weigh(db: &mut Db<'_>, element: Vec<u8>, request: &Request) -> Option<Self> {
        let weight = request.by.as_ref().map(|pattern| pattern.look_up(db, &element));
        if request.alpha {
            return Some(Self { element, score: 0.0, text: weight.flatten() });
        }
        let score = match &weight {
            Some(None) => 0.0,
            Some(Some(text)) => double::parse_bound(text)?,
            None => double::parse_bound(&element)?,
        };
        Some(Self { element, score, text: None })
    }

    pub(super) fn into_element(self) -> Vec<u8> {
        self.element
    }
}

/// Puts the items of a window of all places in order; those outside of it may be left in any.
pub(super) fn sort(items: &mut [Item], wanted: Range<usize>, request: &Request) {
    let compare = |a: &Item, b: &Item| {
        let order = compare(a, b, request);
        if request.descending { order.reverse() } else { order }
    };
    // Redis sorts a part in its own way, in which equal items change places; the whole in C's, in which they do not.
    if request.by.is_some() && wanted != (0..items.len()) {
        partial_sort::sort(items, &wanted, compare);
    } else {
        items.sort_by(compare);
    }
}

fn compare(a: &Item, b: &Item, request: &Request) -> Ordering {
    if !request.alpha {
        let scores = a.score.partial_cmp(&b.score).unwrap_or(Ordering::Equal);
        return scores.then_with(|| a.element.cmp(&b.element));
    }
    let texts = if request.by.is_some() {
        (a.text.as_deref(), b.text.as_deref())
    } else {
        (Some(a.element.as_slice()), Some(b.element.as_slice()))
    };
    match texts {
        // What is stored is compared to the last byte; what is shown, as C compares texts: up to a NUL byte.
        (Some(a), Some(b)) if request.store.is_none() => c_text(a).cmp(c_text(b)),
        (a, b) => a.cmp(&b),
    }
}
