//! A namespace looked at as a whole: how many keys of which types, how many bytes, and the commands that would delete it.
//!
//! How many keys are listed the index knows at once. Types and exact bytes are asked of every key, a slice at a time.
//! What is deleted is what is listed: a filter holds here, too.

use std::rc::Rc;

use playground_engine::{Engine, print};

use super::SLICE;
use super::index::KeyIndex;
use crate::state::keys::{Plan, SpaceView};
use crate::state::memory::Share;

/// Keys and bytes of a command line.
const KEYS_AT_ONCE: usize = 100;
const BYTES_AT_ONCE: usize = 16 * 1024;

/// The chosen namespace.
#[derive(Debug)]
pub struct Chosen {
    pub prefix: Rc<[u8]>,
    /// What was found when all had been asked.
    found: Vec<(&'static str, Share)>,
    is_counted: bool,
    /// The last key that was asked, what was found so far, and the operation at which it began.
    walk: Option<(Rc<[u8]>, Vec<(&'static str, Share)>)>,
    operation: Option<u64>,
    pub plan: Option<Rc<Plan>>,
    planned: u64,
    /// Other keys are listed than when it was looked at.
    pub is_outdated: bool,
}

impl Chosen {
    pub fn new(prefix: Rc<[u8]>) -> Self {
        Self {
            prefix,
            found: Vec::new(),
            is_counted: false,
            walk: None,
            operation: None,
            plan: None,
            planned: 0,
            is_outdated: false,
        }
    }

    /// Asks some keys more, if there is reason to; tells whether there is anything new.
    pub fn survey(&mut self, slice: usize, index: &KeyIndex, engine: &Engine) -> bool {
        let is_replanned = self.plan.is_some() && self.planned != index.operation;
        if is_replanned {
            self.prepare(true, index);
        }
        if self.walk.is_none() && self.operation == Some(index.operation) {
            return is_replanned;
        }
        let (first, _) = index.range(&self.prefix);
        let keys = index.here();
        let (from, mut found) = if let Some((last, found)) = self.walk.take() {
            let behind = |known: &super::Tracked| {
                if known.key <= last { std::cmp::Ordering::Less } else { std::cmp::Ordering::Greater }
            };
            (keys.find(behind).unwrap_or_else(|spot| spot), found)
        } else {
            self.operation = Some(index.operation);
            (first, Vec::new())
        };
        let inside = keys.iter_from(from).take_while(|known| known.key.starts_with(&self.prefix));
        let mut last = None;
        for known in inside.take(slice) {
            last = Some(&known.key);
            let Some(glance) = engine.glance(index.shown, &known.key).filter(|_| known.listed) else {
                continue;
            };
            let at = found.iter().position(|(kind, _)| *kind == glance.kind).unwrap_or_else(|| {
                found.push((glance.kind, Share::default()));
                found.len() - 1
            });
            if let Some((_, share)) = found.get_mut(at) {
                share.add(glance.memory as u64);
            }
        }
        let is_over = last.is_none_or(|last| {
            let (_, end) = index.range(&self.prefix);
            keys.find(|known| known.key.cmp(last)).is_ok_and(|at| {
                let mut rest = keys.iter_from(at).skip(1);
                keys.before(at) == keys.before(end)
                    || rest.next().is_none_or(|next| !next.key.starts_with(&self.prefix))
            })
        });
        if is_over {
            found.sort_by_key(|(_, share)| std::cmp::Reverse(share.bytes));
            (self.found, self.is_counted) = (found, true);
        } else if let Some(last) = last {
            self.walk = Some((last.clone(), found));
        }
        is_over || is_replanned
    }

    /// Other keys are listed: what was found and prepared holds no longer.
    pub fn begin_anew(&mut self, index: &KeyIndex, engine: &Engine) {
        (self.walk, self.operation, self.is_counted, self.is_outdated) = (None, None, false, false);
        if self.plan.is_some() {
            self.prepare(true, index);
        }
        self.survey(SLICE, index, engine);
    }

    pub fn view(&self, index: &KeyIndex) -> SpaceView {
        let sum = |sum: Share, (_, share): &(_, Share)| Share {
            keys: sum.keys + share.keys,
            bytes: sum.bytes + share.bytes,
        };
        let is_counted = self.is_counted && self.operation == Some(index.operation) && self.walk.is_none();
        let counted = self.found.iter().fold(Share::default(), sum);
        SpaceView {
            prefix: self.prefix.to_vec(),
            share: if is_counted { counted } else { index.extent(&self.prefix) },
            kinds: self.found.clone(),
            is_counted,
            plan: self.plan.clone(),
        }
    }

    /// Writes the commands that delete what is listed, or forgets them.
    pub fn prepare(&mut self, wanted: bool, index: &KeyIndex) {
        self.planned = index.operation;
        self.plan = wanted.then(|| Rc::new(plan(&self.prefix, index)));
    }
}

/// `UNLINK` and as many keys as a line should have, as often as it takes.
fn plan(prefix: &[u8], index: &KeyIndex) -> Plan {
    let (first, _) = index.range(prefix);
    let inside = index.here().iter_from(first).take_while(|known| known.key.starts_with(prefix));
    let mut plan = Plan::default();
    let (mut line, mut count) = (String::new(), 0);
    for known in inside.filter(|known| known.listed) {
        let word = word(&known.key);
        if count == KEYS_AT_ONCE || (count > 0 && line.len() + word.len() > BYTES_AT_ONCE) {
            plan.lines.push(std::mem::take(&mut line));
            count = 0;
        }
        if count == 0 {
            line.push_str("UNLINK");
        }
        line.push(' ');
        line.push_str(&word);
        count += 1;
        plan.keys += 1;
    }
    if count > 0 {
        plan.lines.push(line);
    }
    plan
}

/// A key as one types it: in quotes only where it needs them.
fn word(key: &[u8]) -> String {
    let plain = |byte: &u8| byte.is_ascii_graphic() && !b"\"'\\".contains(byte);
    match std::str::from_utf8(key) {
        Ok(text) if !key.is_empty() && key.iter().all(plain) => text.to_owned(),
        _ => print::quoted(key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use playground_engine::parse;

    #[test]
    fn a_key_is_typed_so_that_it_is_read_as_itself() {
        let keys: [&[u8]; 7] =
            [b"user:1", b"", b"a b", b"q\"'\\", b"\x00\xff\n", "ключ🙂".as_bytes(), b"[x]*?"];
        for key in keys {
            let line = format!("UNLINK {}", word(key));
            assert_eq!(parse::split_line(line.as_bytes()), Ok(vec![b"UNLINK".to_vec(), key.to_vec()]));
        }
        assert_eq!((word(b"user:1"), word(b"a b")), ("user:1".into(), "\"a b\"".into()));
    }
}
