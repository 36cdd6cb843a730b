//! The small encodings of a hash: one listpack with fields and values in turn.
//!
//! Once deadlines were asked for, each field has a third entry, its deadline or 0, and the fields stand in the order of
//! their deadlines, those without one at the end. Redis then says `listpackex`. The listpack belongs to somebody else:
//! here is how it is read and edited.

use std::borrow::Cow;

use super::{Content, Lifetime};
use crate::value::listpack::{Listpack, Position};

/// A small hash to read.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    pub listpack: &'a Listpack,
    /// Whether deadlines stand in the listpack.
    pub expiring: bool,
}

/// A small hash to write to.
#[derive(Debug)]
pub struct Edit<'a> {
    pub listpack: &'a mut Listpack,
    pub expiring: bool,
}

/// The entries of one field.
struct Place {
    field: Position,
    value: Position,
    expires_at: Option<u64>,
}

impl<'a> View<'a> {
    /// Entries a field takes.
    fn width(self) -> usize {
        if self.expiring { 3 } else { 2 }
    }

    pub fn len(self) -> usize {
        self.listpack.len() / self.width()
    }

    fn find(self, field: &[u8]) -> Option<Place> {
        let field = self.listpack.find(field, self.width())?;
        self.place(field)
    }

    /// The place of a field whose first entry is known.
    fn place(self, field: Position) -> Option<Place> {
        let value = self.listpack.next(field)?;
        let expires_at = if self.expiring { self.deadline(self.listpack.next(value)?) } else { None };
        Some(Place { field, value, expires_at })
    }

    fn deadline(self, position: Position) -> Option<u64> {
        let at = self.listpack.get(position).as_int()?;
        u64::try_from(at).ok().filter(|at| *at > 0)
    }

    /// The first entry of the field behind this one.
    fn after(self, place: &Place) -> Option<Position> {
        let next = self.listpack.next(place.value)?;
        if self.expiring { self.listpack.next(next) } else { Some(next) }
    }

    fn content(self, place: &Place) -> Content<'a> {
        Content { value: self.listpack.get(place.value).text(), expires_at: place.expires_at }
    }

    pub fn get(self, field: &[u8]) -> Option<Content<'a>> {
        self.find(field).map(|place| self.content(&place))
    }

    fn places(self) -> impl Iterator<Item = Place> + use<'a> {
        let first = self.listpack.first().and_then(|first| self.place(first));
        std::iter::successors(first, move |place| self.place(self.after(place)?))
    }

    pub fn iter(self) -> impl Iterator<Item = (Cow<'a, [u8]>, Content<'a>)> + use<'a> {
        self.places().map(move |place| (self.listpack.get(place.field).text(), self.content(&place)))
    }

    /// The fields at these places.
    pub fn pick(self, places: &[usize]) -> Vec<(Cow<'a, [u8]>, Cow<'a, [u8]>)> {
        let all: Vec<Place> = self.places().collect();
        let found = places.iter().filter_map(|place| all.get(*place));
        found
            .map(|Place { field, value, .. }| {
                (self.listpack.get(*field).text(), self.listpack.get(*value).text())
            })
            .collect()
    }

    /// The first field's, since they stand in the order of their deadlines.
    pub fn earliest(self) -> Option<u64> {
        self.listpack.first().and_then(|first| self.place(first)).and_then(|place| place.expires_at)
    }

    /// A listpack with a place for a deadline behind each value.
    pub fn widened(self) -> Listpack {
        let mut wider = Listpack::default();
        for (index, entry) in self.listpack.iter().enumerate() {
            wider.push_back(&entry.text());
            if index % 2 == 1 {
                wider.push_back(b"0");
            }
        }
        wider
    }
}

impl Edit<'_> {
    fn view(&self) -> View<'_> {
        View { listpack: self.listpack, expiring: self.expiring }
    }

    /// Sets a field; whether it was there.
    pub fn set(&mut self, field: &[u8], value: &[u8], lifetime: Lifetime) -> bool {
        let Some(place) = self.view().find(field) else {
            self.insert(field, value, None);
            return false;
        };
        if lifetime == Lifetime::Clear && place.expires_at.is_some() {
            self.remove_at(place.field);
            self.insert(field, value, None);
        } else {
            self.listpack.replace(place.value, value);
        }
        true
    }

    /// Adds a field that is not there: before the first one that expires no earlier, or at the end.
    pub(super) fn insert(&mut self, field: &[u8], value: &[u8], expires_at: Option<u64>) {
        let before = expires_at.and_then(|at| {
            let later = |place: &Place| place.expires_at.is_none_or(|other| other >= at);
            self.view().places().find(later).map(|place| place.field)
        });
        // Each entry goes before the same one, which the ones before it push back.
        let mut place = before;
        let deadline = expires_at.unwrap_or(0).to_string();
        let entries = [field, value, deadline.as_bytes()];
        for entry in entries.into_iter().take(self.view().width()) {
            place = self.add(place, entry);
        }
    }

    /// Adds an entry before a place, or at the end, and gives the place it was put before.
    fn add(&mut self, before: Option<Position>, entry: &[u8]) -> Option<Position> {
        let added = self.listpack.insert_before(before, entry);
        before.and_then(|_| self.listpack.next(added))
    }

    pub fn remove(&mut self, field: &[u8]) -> bool {
        let found = self.view().find(field);
        if let Some(place) = &found {
            self.remove_at(place.field);
        }
        found.is_some()
    }

    fn remove_at(&mut self, field: Position) {
        let width = self.view().width();
        self.listpack.remove_run(field, width);
    }

    /// Gives a field a deadline or takes it away, which moves it to another place.
    pub fn set_deadline(&mut self, field: &[u8], at: Option<u64>) {
        if let Some(place) = self.view().find(field) {
            let value = self.listpack.get(place.value).to_vec();
            self.remove_at(place.field);
            self.insert(field, &value, at);
        }
    }

    /// Removes up to `most` fields whose time has come. Redis counts the very millisecond of the deadline to that time
    /// here, and nowhere else.
    pub fn expire(&mut self, now: u64, most: usize) -> usize {
        let due = |place: &Place| place.expires_at.is_some_and(|at| at <= now);
        let removed = self.view().places().take(most).take_while(due).count();
        let width = self.view().width();
        self.listpack.remove_range(0, removed * width);
        removed
    }
}
