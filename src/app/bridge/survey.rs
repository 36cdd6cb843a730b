//! The survey: what takes how much memory, by name and by type, found by walking over all keys of a database.
//!
//! Everything else on the page costs what is on the screen; this costs what is stored. So it is made only while somebody
//! looks at it, a slice at a time, and a pass over many keys takes several calls. It walks downwards, as `SCAN` does:
//! a key that stays is met, whatever is removed meanwhile. How often it is called is the ticker's business.

use std::collections::BTreeMap;
use std::rc::Rc;

use playground_engine::snapshot::KeyView;

use super::Bridge;
use crate::state::memory::{LIFETIMES, Large, Part, SEPARATOR, Scope, Share, Survey, Tile};

/// Keys looked at in one call: some milliseconds of a frame.
const SLICE: usize = 20_000;
/// Tiles of one picture, and keys in the list of the largest.
const TILES: usize = 40;
const LARGEST: usize = 10;
/// Different names that are told apart in one scope; keys of further ones count as the rest.
const NAMES: usize = 20_000;
/// Calls between the end of a pass and the start of the next.
const PAUSE: u8 = 2;

/// What decides whether another pass could find anything else.
type Occasion = (u64, u64, usize, Scope);

/// Where the survey is.
#[derive(Debug, Default)]
pub(super) struct Surveyor {
    pass: Option<Pass>,
    last: Option<Occasion>,
    pause: u8,
}

impl Bridge {
    /// Goes on with the survey of a scope, and gives the result when a pass is over.
    pub(super) fn survey(&mut self, scope: &Scope) -> Option<Rc<Survey>> {
        let occasion = (self.index.operation, self.world.engine.now(), self.db(), scope.clone());
        let mut pass = match self.surveyor.pass.take() {
            Some(pass) if pass.db == occasion.2 && pass.found.scope == *scope => pass,
            _ => self.begin(&occasion)?,
        };
        let from = pass.left.saturating_sub(SLICE);
        for view in self.world.engine.keys(pass.db, from, pass.left - from) {
            pass.meet(&view);
        }
        pass.left = from;
        if from > 0 {
            self.surveyor.pass = Some(pass);
            return None;
        }
        self.surveyor.pause = if pass.whole_in_one { 0 } else { PAUSE };
        Some(Rc::new(pass.end(occasion.0)))
    }

    /// A new pass, if there is reason for one.
    fn begin(&mut self, occasion: &Occasion) -> Option<Pass> {
        let last = self.surveyor.last.as_ref();
        if last == Some(occasion) {
            return None;
        }
        let same_place = last.is_some_and(|last| (last.2, &last.3) == (occasion.2, &occasion.3));
        if same_place && self.surveyor.pause > 0 {
            self.surveyor.pause -= 1;
            return None;
        }
        self.surveyor.last = Some(occasion.clone());
        let databases = self.world.engine.snapshot().databases;
        let keys = databases
            .iter()
            .find(|database| database.index == occasion.2)
            .map_or(0, |database| database.keys);
        let found = Survey { db: occasion.2, scope: occasion.3.clone(), ..Survey::default() };
        Some(Pass {
            db: occasion.2,
            left: keys,
            operation: occasion.0,
            now: occasion.1,
            whole_in_one: keys <= SLICE,
            found,
            inner: BTreeMap::new(),
            single: Largest::new(TILES),
            largest: Largest::new(LARGEST),
        })
    }
}

/// One walk over the keys of a database.
#[derive(Debug)]
struct Pass {
    db: usize,
    /// Keys before this position have not been met.
    left: usize,
    operation: u64,
    now: u64,
    whole_in_one: bool,
    found: Survey,
    /// Inner scopes: by the type's word, or by the next part of the name.
    inner: BTreeMap<Vec<u8>, Group>,
    /// Keys of the scope that belong to no inner one.
    single: Largest,
    largest: Largest,
}

impl Pass {
    fn meet(&mut self, view: &KeyView) {
        let bytes = view.memory as u64;
        self.found.whole.add(bytes);
        match view.expires_at.map(|at| at.saturating_sub(self.now)) {
            None => self.found.lasting.add(bytes),
            Some(left) => {
                let column = LIFETIMES.partition_point(|limit| *limit < left);
                if let Some(share) = self.found.lifetimes.get_mut(column) {
                    share.add(bytes);
                }
            }
        }
        self.largest.offer(&view.key, view.kind, bytes);
        let scope = &self.found.scope;
        if scope.kind.is_some_and(|kind| kind != view.kind) {
            return;
        }
        let Some(rest) = view.key.strip_prefix(scope.prefix.as_slice()) else { return };
        self.found.inside.add(bytes);
        let name = if scope.by_type && scope.kind.is_none() {
            view.kind.as_bytes()
        } else if let Some(end) = rest.iter().position(|byte| *byte == SEPARATOR) {
            rest.get(..=end).unwrap_or_default()
        } else {
            return self.single.offer(&view.key, view.kind, bytes);
        };
        if let Some(group) = self.inner.get_mut(name) {
            group.add(view.kind, bytes);
        } else if self.inner.len() < NAMES {
            let group = self.inner.entry(name.to_vec()).or_default();
            group.add(view.kind, bytes);
        }
    }

    fn end(self, operation: u64) -> Survey {
        let Self { mut found, inner, single, largest, .. } = self;
        let by_type = found.scope.by_type && found.scope.kind.is_none();
        let mut tiles: Vec<Tile> = inner
            .into_iter()
            .map(|(name, group)| {
                let (kind, is_mixed) = group.kind();
                let scope = if by_type {
                    Scope { kind, ..found.scope.clone() }
                } else {
                    Scope { prefix: [found.scope.prefix.as_slice(), &name].concat(), ..found.scope.clone() }
                };
                Tile { part: Part::Inner(scope), share: group.share, kind, is_mixed }
            })
            .collect();
        tiles.extend(single.keys.into_iter().map(|large| Tile {
            part: Part::Key(large.key),
            share: Share { keys: 1, bytes: large.bytes },
            kind: Some(large.kind),
            is_mixed: false,
        }));
        // Those that come in the order of their names keep it where they are of the same size.
        tiles.sort_by_key(|tile| std::cmp::Reverse(tile.share.bytes));
        let all = tiles.len() <= TILES
            && tiles.iter().map(|tile| tile.share.keys).sum::<usize>() == found.inside.keys;
        if !all {
            // The rest is a tile, too.
            tiles.truncate(TILES - 1);
        }
        let shown = tiles.iter().fold(Share::default(), |sum, Tile { share, .. }| Share {
            keys: sum.keys + share.keys,
            bytes: sum.bytes + share.bytes,
        });
        let rest = Share {
            keys: found.inside.keys.saturating_sub(shown.keys),
            bytes: found.inside.bytes.saturating_sub(shown.bytes),
        };
        if rest.keys > 0 {
            tiles.push(Tile { part: Part::Rest, share: rest, kind: None, is_mixed: true });
        }
        found.tiles = tiles;
        found.largest = largest.keys;
        found.is_estimate = operation != self.operation;
        found
    }
}

/// Keys of one inner scope.
#[derive(Debug, Default)]
struct Group {
    share: Share,
    kinds: Vec<(&'static str, u64)>,
}

impl Group {
    fn add(&mut self, kind: &'static str, bytes: u64) {
        self.share.add(bytes);
        match self.kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, sum)) => *sum += bytes,
            None => self.kinds.push((kind, bytes)),
        }
    }

    /// The type of most bytes, and whether there are others.
    fn kind(&self) -> (Option<&'static str>, bool) {
        let most = self.kinds.iter().max_by_key(|(_, bytes)| *bytes);
        (most.map(|(kind, _)| *kind), self.kinds.len() > 1)
    }
}

/// The largest of the keys that were offered, the largest first, those of one size by name.
#[derive(Debug)]
struct Largest {
    most: usize,
    keys: Vec<Large>,
}

impl Largest {
    fn new(most: usize) -> Self {
        Self { most, keys: Vec::with_capacity(most) }
    }

    fn offer(&mut self, key: &[u8], kind: &'static str, bytes: u64) {
        let before = |known: &Large| known.bytes > bytes || (known.bytes == bytes && *known.key < *key);
        if self.keys.len() == self.most {
            if self.keys.last().is_some_and(before) {
                return;
            }
            self.keys.pop();
        }
        let place = self.keys.partition_point(before);
        self.keys.insert(place, Large { key: key.into(), kind, bytes });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bridge::Intent;

    fn run(bridge: &mut Bridge, lines: &[&str]) {
        bridge.perform(Intent::Run(lines.iter().map(|line| (*line).to_owned()).collect()));
    }

    fn whole(bridge: &mut Bridge, scope: &Scope) -> Rc<Survey> {
        (0..100).find_map(|_| bridge.survey(scope)).expect("it ends")
    }

    fn names(survey: &Survey) -> Vec<(String, usize)> {
        let name = |tile: &Tile| match &tile.part {
            Part::Inner(scope) if scope.prefix.is_empty() => scope.kind.unwrap_or_default().to_owned(),
            Part::Inner(scope) => String::from_utf8_lossy(&scope.prefix).into_owned(),
            Part::Key(key) => String::from_utf8_lossy(key).into_owned(),
            Part::Rest => "rest".to_owned(),
        };
        survey.tiles.iter().map(|tile| (name(tile), tile.share.keys)).collect()
    }

    #[test]
    fn keys_are_gathered_by_the_parts_of_their_names_and_by_type() {
        let mut bridge = Bridge::default();
        run(
            &mut bridge,
            &["MSET user:1:name a user:2:name b plain c", "HSET user:1 f v g w", "SET soon x EX 30"],
        );
        let survey = whole(&mut bridge, &Scope::default());
        let mut found = names(&survey);
        found.sort();
        assert_eq!(found, [("plain".into(), 1), ("soon".into(), 1), ("user:".into(), 3)]);
        assert_eq!((survey.whole.keys, survey.lasting.keys, survey.lifetimes[1].keys), (5, 4, 1));
        assert_eq!(survey.largest.len(), 5);
        assert!(!survey.is_estimate);
        let user = survey.tiles.iter().find(|tile| tile.share.keys == 3).expect("there");
        assert!(user.is_mixed && user.share.bytes < survey.whole.bytes);
        let inner = whole(&mut bridge, &Scope { prefix: b"user:".to_vec(), ..Scope::default() });
        let mut found = names(&inner);
        found.sort();
        assert_eq!(found, [("user:1".into(), 1), ("user:1:".into(), 1), ("user:2:".into(), 1)]);
        assert_eq!(inner.inside, user.share);
        let mut found = names(&whole(&mut bridge, &Scope::whole(true)));
        found.sort();
        assert_eq!(found, [("hash".into(), 1), ("string".into(), 4)]);
        let strings = Scope { kind: Some("string"), ..Scope::whole(true) };
        assert_eq!(whole(&mut bridge, &strings).inside.keys, 4);
    }

    #[test]
    fn many_keys_take_several_calls_and_nothing_is_surveyed_twice_in_vain() {
        let mut bridge = Bridge::default();
        for from in 0..50 {
            let pairs: Vec<_> = (0..1_000).map(|n| format!("k:{:05} v", from * 1_000 + n)).collect();
            run(&mut bridge, &[&format!("MSET {}", pairs.join(" "))]);
        }
        let scope = Scope { prefix: b"k:".to_vec(), ..Scope::default() };
        assert_eq!((bridge.survey(&scope), bridge.survey(&scope)), (None, None));
        let survey = bridge.survey(&scope).expect("the third slice is the last");
        assert_eq!((survey.whole.keys, survey.tiles.len()), (50_000, TILES));
        assert_eq!(names(&survey)[TILES - 1], ("rest".into(), 50_000 - TILES + 1));
        assert_eq!(survey.tiles.iter().map(|tile| tile.share.bytes).sum::<u64>(), survey.whole.bytes);
        assert_eq!(names(&survey)[0].0, "k:00000", "of one size, by name");
        assert!((0..10).all(|_| bridge.survey(&scope).is_none()), "nothing has changed");
        run(&mut bridge, &["DEL k:00003"]);
        assert!((0..4).all(|_| bridge.survey(&scope).is_none()));
        run(&mut bridge, &["DEL k:00004"]);
        assert!(whole(&mut bridge, &scope).is_estimate);
    }

    #[test]
    fn looking_changes_nothing() {
        let mut bridge = Bridge::default();
        run(&mut bridge, &["SET a 1", "SET b 2 EX 5"]);
        let before = bridge.world.engine.digest();
        whole(&mut bridge, &Scope::default());
        assert_eq!(bridge.world.engine.digest(), before);
    }
}
