//! How the bridge helps whoever types: which keys there are, what an error is about, and what the client itself answers.
//!
//! It only looks: no key expires by it, and none counts as used.

use std::rc::Rc;

use playground_engine::Reply;

use super::Bridge;
use crate::complete::{KnownKey, Wanted};
use crate::explain::{self, Aside};
use crate::help;
use crate::state::Action;
use crate::state::assist::{AssistAction, Known};
use crate::state::sessions::TabId;

/// Keys offered at most, and how many are looked at for those of the fitting type.
const OFFERED: usize = 50;
const LOOKED_AT: usize = 400;

/// What somebody who types wants to know.
#[derive(Clone, Debug)]
pub enum AssistIntent {
    /// The keys that complete a line in a session.
    Keys(TabId, Wanted),
}

impl Bridge {
    pub(super) fn assist(&self, intent: AssistIntent) -> Vec<Action> {
        match intent {
            AssistIntent::Keys(tab, wanted) => {
                let keys = self.keys_for(tab, &wanted);
                vec![Action::Assist(AssistAction::Known(Known { asked: Some((tab, wanted)), keys }))]
            }
        }
    }

    /// By name, those of the wanted type first.
    fn keys_for(&self, tab: TabId, wanted: &Wanted) -> Vec<KnownKey> {
        let db = self.db_of(tab);
        let beginning = self.index.beginning_with(db, &wanted.prefix);
        let now = self.world.engine.now();
        let there = beginning.take(LOOKED_AT).filter_map(|known| {
            let summary = self.world.engine.inspect(db, &known.key, 0)?.summary;
            let is_there = summary.expires_at.is_none_or(|at| at > now);
            is_there.then(|| KnownKey { name: known.key.clone(), kind: summary.kind })
        });
        let (mut fitting, others): (Vec<_>, Vec<_>) =
            there.partition(|key| wanted.kind.is_none_or(|kind| kind == key.kind));
        fitting.extend(others);
        fitting.truncate(OFFERED);
        fitting
    }

    /// What there is to say about an answer.
    pub(super) fn explained(&self, tab: TabId, argv: &[Vec<u8>], reply: &Reply) -> Option<Rc<Aside>> {
        let error = match reply {
            Reply::Error(error) => error,
            Reply::Array(replies) if argv.first().is_some_and(|name| name.eq_ignore_ascii_case(b"exec")) => {
                return explain::failed_within(replies).map(Rc::new);
            }
            _ => return None,
        };
        let db = self.db_of(tab);
        let kind = |key: &[u8]| self.world.engine.inspect(db, key, 0).map(|found| found.summary.kind);
        explain::explain(error, argv, &kind).map(Rc::new)
    }
}

/// What the client answers to `HELP` and the words behind it.
pub(super) fn helped(topic: &[Vec<u8>]) -> (String, Option<Rc<Aside>>) {
    let help::Help { text, examples } = help::answer(topic);
    let aside = Aside { text: "Try it:".to_owned(), offers: examples, is_example: true, ..Aside::default() };
    (text, (!aside.offers.is_empty()).then(|| Rc::new(aside)))
}
