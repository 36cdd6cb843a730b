//! The geo group: places as members of a sorted set, found by where they lie.
//!
//! A file a concern: adding, looking up, searching, and the older commands that search. What several of them share is
//! here: units and how numbers are written.

mod add;
mod legacy;
mod lookup;
mod query;
mod search;

use super::join;
use super::spec::{CommandSpec, KeyFlags, KeySpec};
use crate::args::Args;
use crate::error::Error;
use crate::number::double;
use crate::reply::Reply;
use crate::value::geo::{Place, processor_integer};

const PARTS: &[&[CommandSpec]] = &[add::SPECS, lookup::SPECS, search::SPECS, legacy::SPECS];
pub const SPECS: &[CommandSpec] = &join::<{ super::total(PARTS) }>(PARTS);

/// The key right behind the command word, whose places are shown.
const READ_KEY: &[KeySpec] = &[KeySpec::one(1, KeyFlags::READ)];

/// The metres of a unit.
fn unit(args: &mut Args) -> Result<f64, Error> {
    match args.take()?.to_ascii_lowercase().as_slice() {
        b"m" => Ok(1.0),
        b"km" => Ok(1000.0),
        b"ft" => Ok(0.3048),
        b"mi" => Ok(1609.34),
        _ => Err(Error::Fixed("ERR unsupported unit provided. please use M, KM, FT, MI")),
    }
}

/// A longitude and a latitude.
fn place(args: &mut Args) -> Result<Place, Error> {
    let mut degrees = || double::parse_score(&args.take()?).ok_or(Error::NotAFloat);
    let (longitude, latitude) = (degrees()?, degrees()?);
    Place::new(longitude, latitude)
        .ok_or_else(|| Error::InvalidPlace { pair: format!("{longitude:.6},{latitude:.6}") })
}

fn place_reply(place: Place) -> Reply {
    Reply::Array(vec![Reply::Double(place.longitude), Reply::Double(place.latitude)])
}

/// A distance with four decimals, in either protocol.
fn distance_reply(distance: f64) -> Reply {
    const DECIMALS: usize = 4;
    let scaled = processor_integer((distance * 10_000.0).round_ties_even());
    let digits = format!("{:0width$}", scaled.unsigned_abs(), width = DECIMALS + 1);
    let (whole, fraction) = digits.split_at(digits.len() - DECIMALS);
    let sign = if scaled < 0 { "-" } else { "" };
    Reply::bulk(format!("{sign}{whole}.{fraction}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each recorded from Redis 8.0.
    #[test]
    fn distances_have_four_decimals() {
        for (distance, text) in
            [(0.0, "0.0000"), (0.00016, "0.0002"), (166_274.151_56, "166274.1516"), (2e7, "20000000.0000")]
        {
            assert_eq!(distance_reply(distance), Reply::bulk(text), "{distance}");
        }
    }
}
