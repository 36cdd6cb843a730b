//! What blocking commands share: the time they may wait, and the point where they would.
//!
//! A blocking command first serves what is there, just as its plain sibling does. Where there is nothing, it ends in
//! [`wait`], the one place that will know how a session waits.

use super::spec::CommandResult;
use crate::dispatch::Context;
use crate::error::Error;
use crate::number::{self, Extended};

/// Until when a session would wait: absolute milliseconds, or for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    pub until: Option<u64>,
}

/// A number of seconds, which may have decimals; zero is for ever.
pub fn seconds(context: &Context<'_>, text: &[u8]) -> Result<Patience, Error> {
    patience(context, Extended::parse(text).ok_or(Error::TimeoutNotAFloat)?.thousandfold())
}

/// A whole number of milliseconds; zero is for ever.
pub fn milliseconds(context: &Context<'_>, text: &[u8]) -> Result<Patience, Error> {
    patience(context, number::parse_i64(text).ok_or(Error::TimeoutNotAnInteger)?.into())
}

fn patience(context: &Context<'_>, millis: i128) -> Result<Patience, Error> {
    if millis < 0 {
        return Err(Error::TimeoutNegative);
    }
    let until = millis.saturating_add(context.now().into());
    if i64::try_from(until).is_err() {
        return Err(Error::TimeoutOutOfRange);
    }
    Ok(Patience { until: if millis == 0 { None } else { u64::try_from(until).ok() } })
}

/// Nothing can be served at once, so the session would wait. It cannot yet, and says so.
pub fn wait(context: &Context<'_>, _: Patience) -> CommandResult {
    Err(Error::CannotWait { command: context.name() })
}
