//! How each key is looked at: which face of its value, which part of it, and what is tried with it.
//!
//! A face is a way to draw a value. The fitting one is chosen from the picture that the engine gives, until the reader
//! chooses another; that is remembered by key while the page is open. What is in the key is never kept here.

use std::rc::Rc;

use playground_engine::picture::{Circle, Inside, Lens, Picture};
pub use playground_scenarios::see::Face;

use crate::json;

/// Bytes of a string that a face shows at once.
pub fn page_len(face: Face) -> usize {
    match face {
        Face::Hex => 512,
        Face::Bits => 64,
        _ => 4_096,
    }
}

/// The faces that a value has, and the fitting one.
pub fn faces(picture: &Picture) -> (Vec<Face>, Face) {
    match &picture.inside {
        Inside::String(string) => {
            let whole = string.from == 0 && string.bytes.len() == picture.summary.len;
            let json = whole && json::is_document(&string.bytes);
            let registers = string.registers.is_some();
            let number = string.number.is_some();
            let all = [
                (Face::Text, true),
                (Face::Json, json),
                (Face::Number, number),
                (Face::Hex, true),
                (Face::Bits, true),
                (Face::Registers, registers),
            ];
            let fitting = match () {
                () if registers => Face::Registers,
                () if number => Face::Number,
                () if json => Face::Json,
                () => Face::Text,
            };
            (all.into_iter().filter(|(_, has)| *has).map(|(face, _)| face).collect(), fitting)
        }
        Inside::List(list) if list.node_count > 0 => (vec![Face::Elements, Face::Nodes], Face::Elements),
        Inside::List(_) => (vec![Face::Elements], Face::Elements),
        Inside::Set(_) => (vec![Face::Members], Face::Members),
        Inside::Hash(_) => (vec![Face::Fields], Face::Fields),
        Inside::SortedSet(zset) => match &zset.places {
            None => (vec![Face::Ranking, Face::Line], Face::Ranking),
            Some(places) => {
                let fitting = if places.likely { Face::Places } else { Face::Ranking };
                (vec![Face::Ranking, Face::Line, Face::Places], fitting)
            }
        },
        Inside::Stream(_) => (vec![Face::Entries, Face::Moments, Face::Groups], Face::Entries),
    }
}

/// How one key is looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Glance {
    /// What the reader chose.
    pub face: Option<Face>,
    /// The first element shown, or byte of a string.
    pub from: usize,
    /// Where in a stream each page before this one ended, the newest first, and where this one begins.
    pub until: Vec<(u64, u64)>,
    pub circle: Option<Circle>,
    /// How many made elements it was given, to try how far off the estimate is.
    pub trial: Option<u32>,
}

/// Elements of a collection that are shown at once.
pub const PAGE: usize = 100;

impl Glance {
    /// What the engine is to be asked for.
    pub fn lens(&self) -> Lens {
        Lens {
            from: self.from,
            len: PAGE,
            until: self.until.last().copied(),
            circle: self.circle,
            ..Lens::default()
        }
    }

    /// The face to draw: what was chosen, if the value has it.
    pub fn shown(&self, (all, fitting): &(Vec<Face>, Face)) -> Face {
        self.face.filter(|face| all.contains(face)).unwrap_or(*fitting)
    }
}

/// What can happen to a glance.
#[derive(Clone, Debug, PartialEq)]
pub enum Turn {
    Face(Face),
    /// Go to an element, or a byte of a string.
    Page(usize),
    /// Go to the entries of a stream up to this one.
    Older((u64, u64)),
    Newer,
    Search(Option<Circle>),
    Trial(u32),
}

/// An action: a key, and how to look at it.
#[derive(Clone, Debug, PartialEq)]
pub struct InspectAction {
    pub key: Rc<[u8]>,
    pub turn: Turn,
}

/// More keys than anybody goes back to.
const REMEMBERED: usize = 200;

/// How keys are looked at, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Glances(Vec<(Rc<[u8]>, Glance)>);

impl Glances {
    pub fn of(&self, key: &[u8]) -> Glance {
        let found = self.0.iter().find(|(name, _)| **name == *key);
        found.map(|(_, glance)| glance.clone()).unwrap_or_default()
    }

    pub fn apply(&mut self, InspectAction { key, turn }: InspectAction) {
        let mut glance = self.of(&key);
        self.0.retain(|(name, _)| *name != key);
        match turn {
            Turn::Face(face) => {
                glance.face = Some(face);
                glance.from = 0;
            }
            Turn::Page(from) => glance.from = from,
            Turn::Older(id) => glance.until.push(id),
            Turn::Newer => {
                glance.until.pop();
            }
            Turn::Search(circle) => glance.circle = circle,
            Turn::Trial(elements) => glance.trial = Some(elements),
        }
        self.0.push((key, glance));
        if self.0.len() > REMEMBERED {
            self.0.remove(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use playground_engine::picture::{Numeric, StringPicture};
    use playground_engine::snapshot::KeyView;

    use super::*;

    fn string(bytes: &[u8], number: Option<Numeric>) -> Picture {
        let summary = KeyView {
            key: b"k".to_vec(),
            kind: "string",
            encoding: "raw",
            len: bytes.len(),
            memory: 0,
            expires_at: None,
            idle: 0,
        };
        let inside = StringPicture { from: 0, bytes: bytes.to_vec(), number, bits: None, registers: None };
        Picture {
            summary,
            shares: Vec::new(),
            allocated: 0,
            limits: Vec::new(),
            inside: Inside::String(Box::new(inside)),
        }
    }

    #[test]
    fn the_fitting_face_is_what_the_value_reads_as() {
        assert_eq!(faces(&string(b"hello", None)).1, Face::Text);
        assert_eq!(faces(&string(b"42", Some(Numeric::Integer(42)))).1, Face::Number);
        assert_eq!(faces(&string(br#"{"a":[1]}"#, None)).1, Face::Json);
        assert_eq!(faces(&string(br#"{"a":[1]"#, None)).1, Face::Text);
        let mut part = string(br#"{"a":[1]}"#, None);
        part.summary.len = 100;
        assert_eq!(faces(&part).1, Face::Text, "a part says nothing of the whole");
    }

    #[test]
    fn choices_are_kept_by_key_and_dropped_where_they_do_not_fit() {
        let (a, b): (Rc<[u8]>, Rc<[u8]>) = (b"a"[..].into(), b"b"[..].into());
        let mut glances = Glances::default();
        let turn = |key: &Rc<[u8]>, turn| InspectAction { key: key.clone(), turn };
        glances.apply(turn(&a, Turn::Page(300)));
        glances.apply(turn(&a, Turn::Face(Face::Hex)));
        glances.apply(turn(&b, Turn::Face(Face::Json)));
        assert_eq!((glances.of(&a).face, glances.of(&a).from), (Some(Face::Hex), 0));
        let offered = faces(&string(b"42", Some(Numeric::Integer(42))));
        assert_eq!(glances.of(&a).shown(&offered), Face::Hex);
        assert_eq!(glances.of(&b).shown(&offered), Face::Number, "it is no JSON any more");
        glances.apply(turn(&a, Turn::Older((5, 0))));
        assert_eq!(glances.of(&a).lens().until, Some((5, 0)));
        glances.apply(turn(&a, Turn::Newer));
        assert_eq!(glances.of(&a).lens().until, None);
        (0..500_u32).for_each(|n| glances.apply(turn(&n.to_be_bytes()[..].into(), Turn::Page(1))));
        assert_eq!(glances.0.len(), REMEMBERED);
    }
}
