//! The list of keys as the reader wants it: filtered, ordered, flat or as a tree, and the window of it on the screen.
//!
//! [`index`] keeps the names in step with the engine; [`lines`] are the rows where these are not just the names in order;
//! [`space`] looks at a namespace as a whole. A command costs what it changes. Another filter, order or division costs one
//! pass over all keys. What changes untold (idle times) or often (bytes) is looked at again a slice at a time, and then the
//! list is put in order again: rows keep their places in between.

mod chunked;
mod index;
#[cfg(test)]
mod index_tests;
mod lines;
mod space;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::rc::Rc;

use playground_engine::Engine;

use self::lines::{Lines, Place, Ways};
use super::Bridge;
use crate::state::Action;
use crate::state::keys::{Arrangement, Entry, Filter, KeysIntent, Line, Listing, Order, Space};
use crate::state::view::Row;
pub(super) use index::KeyIndex;
use index::{Moved, Sieve, Tracked};
use space::Chosen;

/// Keys looked at again in one call.
const SLICE: usize = 20_000;

/// How the list stands.
#[derive(Debug, Default)]
pub(super) struct KeyList {
    arrangement: Rc<Arrangement>,
    /// The namespaces that were opened.
    open: BTreeSet<Rc<[u8]>>,
    /// None where the list is just the names in order, which the index has.
    lines: Option<Lines>,
    /// It must be arranged before anybody looks.
    is_stale: bool,
    /// Where looking again is, and what there was when it began.
    sweep: Option<usize>,
    seen: Option<(u64, u64)>,
    pub(super) space: Option<Chosen>,
    kinds: Rc<[(&'static str, &'static str)]>,
    /// How often the list was told to scroll, and where to.
    revealed: (u64, usize),
}

impl KeyList {
    /// What the index noticed.
    pub fn follow(&mut self, moved: &[Moved], index: &KeyIndex) {
        for step in moved {
            match (step, &mut self.lines) {
                (Moved::All, _) => self.is_stale = true,
                (_, None) => {}
                (Moved::Came { key, value }, Some(lines)) => lines.came(key, *value, &self.open),
                (Moved::Gone { key, value }, Some(lines)) => lines.gone(key, *value, index),
            }
        }
        if index.classes.len() != self.kinds.len() {
            self.kinds = index.classes.as_slice().into();
        }
    }

    /// All keys may be others.
    pub fn begin_anew(&mut self, index: &KeyIndex) {
        (self.is_stale, self.sweep, self.seen) = (true, None, None);
        self.kinds = index.classes.as_slice().into();
        if let Some(chosen) = &mut self.space {
            chosen.is_outdated = true;
        }
    }

    fn arrange(&mut self, index: &mut KeyIndex) {
        self.is_stale = false;
        index.sift();
        let Arrangement { tree, order, .. } = *self.arrangement;
        let is_plain = order == Order::Name && !tree;
        let ways = Ways::new(&self.arrangement);
        self.lines = (!is_plain).then(|| Lines::arrange(index, ways, &self.open));
    }

    fn scroll_to(&mut self, at: usize) {
        self.revealed = (self.revealed.0 + 1, at);
    }

    fn total(&self, index: &KeyIndex) -> usize {
        self.lines.as_ref().map_or_else(|| index.here().sum().keys, |lines| lines.places.len())
    }

    /// The row at a place.
    fn place(&self, at: usize, index: &KeyIndex) -> Option<Place> {
        if let Some(lines) = &self.lines {
            return lines.places.get(lines.places.nth(at)?).cloned();
        }
        let keys = index.here();
        let known = keys.get(keys.nth(self.upwards(at, 1, index)?)?)?;
        Some(Place::key(known.key.clone(), known.value))
    }

    /// The place in rising order of the last of some rows.
    fn upwards(&self, at: usize, len: usize, index: &KeyIndex) -> Option<usize> {
        if self.arrangement.falling { self.total(index).checked_sub(at + len) } else { Some(at) }
    }

    /// Rows from a place on.
    fn places(&self, first: usize, len: usize, index: &KeyIndex) -> Vec<Place> {
        if let Some(lines) = &self.lines {
            let from = lines.places.nth(first);
            return from
                .map_or_else(Vec::new, |spot| lines.places.iter_from(spot).take(len).cloned().collect());
        }
        let keys = index.here();
        let len = len.min(self.total(index).saturating_sub(first));
        let from = self.upwards(first, len, index).and_then(|at| keys.nth(at));
        let known = from.into_iter().flat_map(|spot| keys.iter_from(spot));
        let listed = known.filter(|known| known.listed).take(len);
        let mut places: Vec<_> = listed.map(|known| Place::key(known.key.clone(), known.value)).collect();
        if self.arrangement.falling {
            places.reverse();
        }
        places
    }

    /// Where a key has its row.
    pub fn key_at(&self, key: &[u8], index: &KeyIndex) -> Option<usize> {
        let known = index.get(key).filter(|known| known.listed)?;
        if let Some(lines) = &self.lines {
            return lines.at(&Place::key(known.key.clone(), known.value));
        }
        let keys = index.here();
        let before = keys.before(keys.find(|other| (*other.key).cmp(key)).ok()?).keys;
        self.upwards(before, 1, index)
    }

    /// The first row from a place on, and then from the top, whose own part of the name begins so.
    fn find(&self, begins: &[u8], start: usize, index: &KeyIndex) -> Option<usize> {
        let fits = |name: &[u8], from: usize| {
            let part = name.get(from..).and_then(|own| own.get(..begins.len()));
            part.is_some_and(|part| part.eq_ignore_ascii_case(begins))
        };
        let total = self.total(index);
        let behind = |at: &usize| (at + total).saturating_sub(start) % total.max(1);
        let Some(lines) = &self.lines else {
            let listed = index.here().iter().filter(|known| known.listed).enumerate();
            let found = listed.filter(|(_, known)| fits(&known.key, 0));
            return found.filter_map(|(at, _)| self.upwards(at, 1, index)).min_by_key(behind);
        };
        let found = lines.places.iter().enumerate();
        let found = found.filter(|(_, place)| fits(&place.name, lines.ways().position(place).1));
        found.map(|(at, _)| at).min_by_key(behind)
    }

    fn selected_at(&self, key: Option<&[u8]>, index: &KeyIndex) -> Option<usize> {
        match &self.space {
            Some(chosen) => self.lines.as_ref()?.space(&chosen.prefix),
            None => self.key_at(key?, index),
        }
    }

    /// The namespace around what has that name.
    fn around(&self, name: &[u8]) -> Option<Rc<[u8]>> {
        let spaces = self.lines.as_ref()?.ways().spaces(name);
        spaces.filter(|space| space.len() < name.len() || self.space.is_none()).last().map(Into::into)
    }

    fn listing(&self, bridge: &Bridge) -> Listing {
        let index = &bridge.index;
        let total = self.total(index);
        let (first, len) = bridge.window;
        let first = first.min(total.saturating_sub(len));
        let places = self.places(first, len, index);
        Listing {
            arrangement: self.arrangement.clone(),
            kinds: self.kinds.clone(),
            listed: index.here().sum(),
            total,
            first,
            lines: self.lines(&places, first, total, bridge),
            selected_at: self.selected_at(bridge.selected.as_deref(), index),
            space: self.space.as_ref().map(|chosen| Rc::new(chosen.view(index))),
            revealed: self.revealed,
        }
    }

    /// The rows from a place on. Which one is among those beside it is asked once for each depth, and counted on.
    fn lines(&self, places: &[Place], first: usize, total: usize, bridge: &Bridge) -> Vec<Line> {
        let mut counts: Vec<Option<(usize, usize)>> = Vec::new();
        let line = |(at, place): (usize, &Place)| {
            let Some(lines) = self.lines.as_ref().filter(|_| self.arrangement.tree) else {
                return self.line(place, (0, 0), (at + 1, total), bridge);
            };
            let (depth, from) = lines.ways().position(place);
            counts.resize(depth + 1, None);
            let among = match counts.pop().flatten() {
                Some((before, of)) => Some((before + 1, of)),
                None => lines.among(place, at, from, &self.open),
            };
            counts.push(among);
            self.line(place, (depth, from), among.unwrap_or_default(), bridge)
        };
        (first..).zip(places).filter_map(line).collect()
    }

    fn line(
        &self,
        place: &Place,
        (depth, from): (usize, usize),
        among: (usize, usize),
        bridge: &Bridge,
    ) -> Option<Line> {
        let index = &bridge.index;
        let entry = if place.is_space {
            Entry::Space(Rc::new(Space {
                prefix: place.name.clone(),
                share: index.extent(&place.name),
                is_open: self.open.contains(&place.name),
                changed: index.delta(&place.name).map(|delta| (index.operation, delta)),
            }))
        } else {
            Entry::Key(Rc::new(row(index.get(&place.name)?, index, &bridge.world.engine)?))
        };
        Some(Line { depth, from, among, entry })
    }
}

fn row(tracked: &Tracked, index: &KeyIndex, engine: &Engine) -> Option<Row> {
    let summary = engine.inspect(index.shown, &tracked.key, 0)?.summary;
    let changed = (tracked.changed == index.operation && index.operation > 0).then_some(tracked.changed);
    Some(Row {
        summary,
        lifetime: tracked.lifetime(),
        changed: changed.filter(|_| !tracked.fresh),
        fresh: tracked.fresh && changed.is_some(),
        delta: changed.map(|operation| (operation, tracked.delta)),
    })
}

impl Bridge {
    /// Does what the reader wants of the list; tells whether there is anything else to see by it.
    pub(super) fn keys(&mut self, intent: KeysIntent, actions: &mut Vec<Action>) -> bool {
        match intent {
            KeysIntent::Arrange(arrangement) => self.rearrange(arrangement),
            KeysIntent::Refresh => return self.refresh(),
            KeysIntent::Toggle(prefix) => self.toggle(&prefix),
            KeysIntent::In => self.go_in(),
            KeysIntent::Out => self.go_out(),
            KeysIntent::Choose(prefix) => self.choose(prefix),
            KeysIntent::Find { begins, another } => return self.find(begins.as_bytes(), another),
            KeysIntent::Reveal(key) => self.reveal(&key),
            KeysIntent::Plan(wanted) => {
                if let Some(chosen) = &mut self.list.space {
                    chosen.prepare(wanted, &self.index);
                }
            }
            KeysIntent::Delete => {
                let plan = self.list.space.as_mut().and_then(|chosen| chosen.plan.take());
                if let Some(plan) = plan {
                    let lines = Rc::unwrap_or_clone(plan).lines;
                    self.run(self.shown(), lines, None, actions);
                }
            }
        }
        true
    }

    /// Before anybody looks: the list of the database that is shown, of all its keys, in order.
    pub(super) fn put_in_order(&mut self) {
        if self.index.is_behind(&self.world.engine) {
            // Some commands fill a database and tell nobody (DEBUG POPULATE).
            self.index.catch_up(&self.world.engine);
            self.list.follow(&[Moved::All], &self.index);
            self.check();
        }
        let db = self.db();
        if self.index.shown != db {
            self.index.shown = db;
            self.list.space = None;
            self.list.is_stale = true;
        }
        if self.list.is_stale {
            self.list.arrange(&mut self.index);
            if let Some(chosen) = self.list.space.as_mut().filter(|chosen| chosen.is_outdated) {
                chosen.begin_anew(&self.index, &self.world.engine);
            }
        }
        if self.list.space.as_ref().is_some_and(|chosen| self.index.extent(&chosen.prefix).keys == 0) {
            self.list.space = None;
        }
    }

    pub(super) fn listing(&self) -> Listing {
        self.list.listing(self)
    }

    /// The row at a place is chosen, a key or a namespace.
    pub(super) fn select_at(&mut self, at: usize) {
        let Some(place) = self.list.place(at, &self.index) else { return };
        if place.is_space {
            return self.choose(place.name);
        }
        self.select(Some(place.name));
    }

    pub(super) fn select(&mut self, key: Option<Rc<[u8]>>) {
        self.pinned = key.is_some();
        self.selected = key;
        self.list.space = None;
    }

    fn rearrange(&mut self, arrangement: Arrangement) {
        let Arrangement { filter, order, .. } = &arrangement;
        self.index.sieve = Sieve::new(filter, *order);
        let is_divided = arrangement.tree && arrangement.delimiters == self.list.arrangement.delimiters;
        if !is_divided {
            self.list.space = None;
        }
        if let Some(chosen) = &mut self.list.space {
            chosen.is_outdated = true;
        }
        self.list.arrangement = Rc::new(arrangement);
        self.list.is_stale = true;
        // What it is ordered by may have changed untold.
        (self.list.sweep, self.list.seen) = (None, None);
        if self.list.arrangement.order == Order::Idle {
            self.index.refresh(0, usize::MAX, &self.world.engine);
        }
        self.window.0 = 0;
        self.list.scroll_to(0);
    }

    /// A slice of what has to be looked at again.
    fn refresh(&mut self) -> bool {
        let news = (self.index.operation, self.world.engine.stats().commands);
        let is_chosen = match &mut self.list.space {
            Some(chosen) => chosen.survey(SLICE, &self.index, &self.world.engine),
            None => false,
        };
        let Arrangement { order, tree, .. } = *self.list.arrangement;
        if order == Order::Name && !tree {
            return is_chosen;
        }
        if self.list.sweep.is_none() {
            if self.list.seen == Some(news) {
                return is_chosen;
            }
            self.list.seen = Some(news);
        }
        let from = self.list.sweep.unwrap_or_default();
        self.list.sweep = self.index.refresh(from, SLICE, &self.world.engine);
        let is_over = self.list.sweep.is_none();
        self.list.is_stale |= is_over && order != Order::Name;
        is_over || is_chosen
    }

    fn toggle(&mut self, prefix: &Rc<[u8]>) {
        if !self.list.open.remove(prefix) {
            self.list.open.insert(prefix.clone());
        }
        self.list.is_stale = true;
    }

    fn choose(&mut self, prefix: Rc<[u8]>) {
        if self.list.space.as_ref().is_some_and(|chosen| chosen.prefix == prefix) {
            return;
        }
        let mut chosen = Chosen::new(prefix);
        chosen.survey(SLICE, &self.index, &self.world.engine);
        self.list.space = Some(chosen);
        self.pinned = true;
    }

    fn go_in(&mut self) {
        let Some(prefix) = self.list.space.as_ref().map(|chosen| chosen.prefix.clone()) else { return };
        if !self.list.open.contains(&prefix) {
            return self.toggle(&prefix);
        }
        if let Some(at) = self.list.lines.as_ref().and_then(|lines| lines.space(&prefix)) {
            self.select_at(at + 1);
            self.list.scroll_to(at + 1);
        }
    }

    fn go_out(&mut self) {
        let space = self.list.space.as_ref().map(|chosen| chosen.prefix.clone());
        if let Some(prefix) = space.as_ref().filter(|prefix| self.list.open.contains(*prefix)) {
            return self.toggle(prefix);
        }
        let Some(name) = space.or_else(|| self.selected.clone()) else { return };
        if let Some(around) = self.list.around(&name) {
            self.choose(around);
            if let Some(at) = self.list.selected_at(None, &self.index) {
                self.list.scroll_to(at);
            }
        }
    }

    /// Chooses the next row whose own part of the name begins so; tells whether there is one.
    fn find(&mut self, begins: &[u8], another: bool) -> bool {
        let chosen = self.list.selected_at(self.selected.as_deref(), &self.index);
        let start = chosen.map_or(0, |at| at + usize::from(another));
        let found = self.list.find(begins, start, &self.index);
        if let Some(at) = found {
            self.select_at(at);
            self.list.scroll_to(at);
        }
        found.is_some()
    }

    /// Chooses a key and shows its row, whatever hides it.
    fn reveal(&mut self, key: &Rc<[u8]>) {
        if self.index.get(key).is_some_and(|known| !known.listed) {
            let arrangement = self.list.arrangement.filtered(Filter::default());
            self.rearrange(arrangement);
        }
        if self.list.arrangement.tree {
            let ways = Ways::new(&self.list.arrangement);
            self.list.open.extend(ways.spaces(key).map(Rc::from));
            self.list.is_stale = true;
        }
        self.select(Some(key.clone()));
        self.put_in_order();
        if let Some(at) = self.list.key_at(key, &self.index) {
            self.window.0 = at.saturating_sub(self.window.1 / 2);
            self.list.scroll_to(at);
        }
    }
}
