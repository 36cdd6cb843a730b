//! The options of SORT.

use std::ops::Range;

use super::pattern::Pattern;
use crate::args::Args;
use crate::error::Error;
use crate::number;

/// What is asked for.
#[derive(Debug, Default)]
pub(super) struct Request {
    /// What each element is weighed by, if not by itself.
    pub by: Option<Pattern>,
    /// Nothing is sorted: `BY` was given a name in which no element can be put.
    pub keeps_order: bool,
    pub descending: bool,
    /// Weights are compared as bytes and not as numbers.
    pub alpha: bool,
    pub get: Vec<Pattern>,
    pub store: Option<Vec<u8>>,
    limit: Option<(i64, i64)>,
}

impl Request {
    /// The options in any order; of those given twice the last one counts. Whether other keys may be looked at is known.
    pub(super) fn parse(args: &mut Args, may_store: bool, may_look: bool) -> Result<Self, Error> {
        let mut request = Self::default();
        while !args.is_empty() {
            let left = args.remaining() - 1;
            if args.word("ASC") {
                request.descending = false;
            } else if args.word("DESC") {
                request.descending = true;
            } else if args.word("ALPHA") {
                request.alpha = true;
            } else if left >= 2 && args.word("LIMIT") {
                request.limit = Some((args.int()?, args.int()?));
            } else if may_store && left >= 1 && args.word("STORE") {
                request.store = Some(args.take()?);
            } else if left >= 1 && args.word("BY") {
                let pattern = Pattern::parse(&args.take()?);
                // Once asked for, it stays so whatever pattern follows.
                request.keeps_order |= pattern.is_constant();
                if !may_look && !pattern.is_constant() {
                    return Err(Error::Fixed(
                        "ERR BY option of SORT denied due to insufficient ACL permissions.",
                    ));
                }
                request.by = Some(pattern);
            } else if left >= 1 && args.word("GET") {
                if !may_look {
                    return Err(Error::Fixed(
                        "ERR GET option of SORT denied due to insufficient ACL permissions.",
                    ));
                }
                request.get.push(Pattern::parse(&args.take()?));
            } else {
                return Err(Error::Syntax);
            }
        }
        Ok(request)
    }

    /// As if nothing but the order of bytes had been asked for.
    pub(super) fn sort_by_bytes(&mut self) {
        self.keeps_order = false;
        self.alpha = true;
        self.by = None;
    }

    /// Which of so many elements in order are shown.
    pub(super) fn window(&self, len: usize) -> Range<usize> {
        let (offset, count) = self.limit.unwrap_or((0, -1));
        let start = number::to_count(offset).unwrap_or(0).min(len);
        let count = number::to_count(count).unwrap_or(usize::MAX);
        start..start.saturating_add(count).min(len)
    }

    /// The elements that are shown, of all of them.
    pub(super) fn cut(&self, mut elements: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        let window = self.window(elements.len());
        elements.truncate(window.end);
        elements.split_off(window.start)
    }
}
