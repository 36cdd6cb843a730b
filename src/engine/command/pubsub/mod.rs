//! The pub/sub group: messages to whoever listens at the moment, kept for nobody.
//!
//! A file a concern: subscribing, publishing, and looking at who listens. Who hears what, [`crate::pubsub`] knows;
//! messages travel with the mail, so that one's own comes behind the reply.

mod look;
mod publish;
mod subscribe;

use super::join;
use super::spec::CommandSpec;

const PARTS: &[&[CommandSpec]] = &[subscribe::SPECS, publish::SPECS, look::SPECS];
pub const SPECS: &[CommandSpec] = &join::<{ super::total(PARTS) }>(PARTS);
