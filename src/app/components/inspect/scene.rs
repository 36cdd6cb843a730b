//! What every picture of a key is given: which key it is, how the reader looks at it, and where wishes go.

use std::rc::Rc;

use playground_engine::picture::Piece;
use yew::prelude::*;

use super::command;
use crate::bridge::Intent;
use crate::format;
use crate::state::Action;
use crate::state::inspect::{Glance, InspectAction, Turn};

/// A key in view.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    pub key: Rc<[u8]>,
    pub glance: Glance,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

impl Scene {
    /// Looks at the key in another way.
    pub fn turn(&self, turn: Turn) {
        self.dispatch.emit(Action::Inspect(InspectAction { key: self.key.clone(), turn }));
    }

    /// Runs one command in the terminal.
    pub fn run(&self, line: String) {
        self.bridge.emit(Intent::Run(vec![line]));
    }

    /// A callback that runs the command of these words.
    pub fn runs<E: 'static>(&self, words: &[&[u8]]) -> Callback<E> {
        let line = command::line(words);
        self.bridge.reform(move |_: E| Intent::Run(vec![line.clone()]))
    }
}

/// An element as text; one that is cut says so.
pub fn label(piece: &Piece) -> String {
    match piece.whole() {
        Some(whole) => format::name(whole),
        None => {
            format!("{}… ({} bytes)", format::text(&piece.bytes, true).0, format::count(piece.len))
        }
    }
}

/// The same, no longer than a label can hold.
pub fn short_label(piece: &Piece) -> String {
    match piece.whole() {
        Some(whole) => format::short_name(whole),
        None => format!("{}… ({} bytes)", format::short_name(&piece.bytes), format::count(piece.len)),
    }
}
