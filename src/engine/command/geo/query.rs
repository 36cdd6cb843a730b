//! What a search is asked for: read from the arguments of GEOSEARCH, GEOSEARCHSTORE and the GEORADIUS family.
//!
//! The words may come in any order, and the first that is wrong is the error; so a member is looked up at once, in the
//! set that is searched.

use super::{place, unit};
use crate::args::Args;
use crate::error::Error;
use crate::number::{double, to_count};
use crate::value::SortedSet;
use crate::value::geo::Place;
use crate::value::geo::search::{Form, Shape};

/// Which words a command knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// Where and how far come as words; nothing is stored.
    Search,
    /// The same, and the result is stored.
    SearchStore,
    /// Where and how far have come already; the result may be stored.
    Radius,
    /// The same, and nothing is stored.
    RadiusRead,
}

impl Words {
    fn is_search(self) -> bool {
        matches!(self, Self::Search | Self::SearchStore)
    }
}

/// Where a search is around.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Middle {
    Place(Place),
    /// `None` for a member of a set that is not there.
    Member(Option<Place>),
}

impl Middle {
    /// Around a member of the set that is searched.
    pub fn member(member: &[u8], set: Option<&SortedSet>) -> Result<Self, Error> {
        let Some(set) = set else { return Ok(Self::Member(None)) };
        let score = set.score(member).ok_or(Error::Fixed("ERR could not decode requested zset member"))?;
        Ok(Self::Member(Some(Place::of_score(score))))
    }

    pub fn place(self) -> Option<Place> {
        match self {
            Self::Place(place) => Some(place),
            Self::Member(place) => place,
        }
    }
}

/// A result's place in the keyspace, and what its scores are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    pub destination: Vec<u8>,
    pub distances: bool,
}

/// A whole search.
#[derive(Clone, Debug, Default)]
pub struct Query {
    pub middle: Option<Middle>,
    pub shape: Option<Shape>,
    pub nearest_first: Option<bool>,
    pub count: Option<usize>,
    /// Whether the first that are found will do.
    pub any: bool,
    pub with_place: bool,
    pub with_distance: bool,
    pub with_hash: bool,
    pub store: Option<Store>,
}

impl Query {
    /// Takes all words that are left.
    pub fn parse(mut self, args: &mut Args, words: Words, set: Option<&SortedSet>) -> Result<Self, Error> {
        while !args.is_empty() {
            let known = self.take_option(args, words)? || (words.is_search() && self.take_area(args, set)?);
            if !known {
                return Err(Error::Syntax);
            }
        }
        self.check(args, words)?;
        Ok(self)
    }

    fn take_option(&mut self, args: &mut Args, words: Words) -> Result<bool, Error> {
        let more = args.remaining() > 1;
        match () {
            () if args.word("WITHDIST") => self.with_distance = true,
            () if args.word("WITHHASH") => self.with_hash = true,
            () if args.word("WITHCOORD") => self.with_place = true,
            () if args.word("ANY") => self.any = true,
            () if args.word("ASC") => self.nearest_first = Some(true),
            () if args.word("DESC") => self.nearest_first = Some(false),
            () if more && args.word("COUNT") => {
                let count = to_count(args.int()?).filter(|count| *count > 0);
                self.count = Some(count.ok_or(Error::Fixed("ERR COUNT must be > 0"))?);
            }
            () if more && words == Words::Radius && args.word("STORE") => {
                self.store = Some(Store { destination: args.take()?, distances: false });
            }
            () if more && words == Words::Radius && args.word("STOREDIST") => {
                self.store = Some(Store { destination: args.take()?, distances: true });
            }
            () if words == Words::SearchStore && args.word("STOREDIST") => {
                if let Some(store) = &mut self.store {
                    store.distances = true;
                }
            }
            () => return Ok(false),
        }
        Ok(true)
    }

    /// Where to search: around a place or a member, within a circle or a box; one of each.
    fn take_area(&mut self, args: &mut Args, set: Option<&SortedSet>) -> Result<bool, Error> {
        let behind = args.remaining() - 1;
        let form = self.shape.map(|shape| shape.form);
        match () {
            () if behind >= 1
                && !matches!(self.middle, Some(Middle::Place(_)))
                && args.word("FROMMEMBER") =>
            {
                self.middle = Some(Middle::member(&args.take()?, set)?);
            }
            () if behind >= 2
                && !matches!(self.middle, Some(Middle::Member(_)))
                && args.word("FROMLONLAT") =>
            {
                self.middle = Some(Middle::Place(place(args)?));
            }
            () if behind >= 2 && !matches!(form, Some(Form::Box { .. })) && args.word("BYRADIUS") => {
                self.shape = Some(circle(args)?);
            }
            () if behind >= 3 && !matches!(form, Some(Form::Circle { .. })) && args.word("BYBOX") => {
                self.shape = Some(rectangle(args)?);
            }
            () => return Ok(false),
        }
        Ok(true)
    }

    /// What does not go together, and what is missing.
    fn check(&self, args: &Args, words: Words) -> Result<(), Error> {
        if self.store.is_some() && (self.with_distance || self.with_hash || self.with_place) {
            return Err(Error::Fixed(if words == Words::SearchStore {
                "ERR GEOSEARCHSTORE is not compatible with WITHDIST, WITHHASH and WITHCOORD options"
            } else {
                "ERR STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options"
            }));
        }
        let missing = match (self.middle, self.shape) {
            _ if !words.is_search() => None,
            (None, _) => Some("FROMMEMBER or FROMLONLAT"),
            (_, None) => Some("BYRADIUS and BYBOX"),
            _ => None,
        };
        if let Some(choice) = missing {
            return Err(Error::ExactlyOneOf { choice, command: args.command_word().to_vec() });
        }
        if self.any && self.count.is_none() {
            return Err(Error::Fixed("ERR the ANY argument requires COUNT argument"));
        }
        Ok(())
    }
}

/// A radius and its unit.
pub fn circle(args: &mut Args) -> Result<Shape, Error> {
    let radius = length(args, "ERR need numeric radius")?;
    if radius < 0.0 {
        return Err(Error::Fixed("ERR radius cannot be negative"));
    }
    Ok(Shape { form: Form::Circle { radius }, unit: unit(args)? })
}

/// A width, a height and their unit.
fn rectangle(args: &mut Args) -> Result<Shape, Error> {
    let width = length(args, "ERR need numeric width")?;
    let height = length(args, "ERR need numeric height")?;
    if width < 0.0 || height < 0.0 {
        return Err(Error::Fixed("ERR height or width cannot be negative"));
    }
    Ok(Shape { form: Form::Box { width, height }, unit: unit(args)? })
}

fn length(args: &mut Args, error: &'static str) -> Result<f64, Error> {
    double::parse_score(&args.take()?).ok_or(Error::Fixed(error))
}
