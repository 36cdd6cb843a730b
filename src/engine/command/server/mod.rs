//! The server group: databases as a whole, settings, figures, time, and the commands' own description.

mod acl;
mod config;
mod databases;
mod debug;
mod docs;
mod info;
mod introspection;
mod latency;
mod lolwut;
mod memory;
mod module;
mod monitor;
mod replication;
mod slowlog;

use super::join;
use super::spec::CommandSpec;

const PARTS: &[&[CommandSpec]] = &[
    acl::SPECS,
    introspection::SPECS,
    config::SPECS,
    databases::SPECS,
    info::SPECS,
    memory::SPECS,
    slowlog::SPECS,
    latency::SPECS,
    module::SPECS,
    replication::SPECS,
    lolwut::SPECS,
    debug::SPECS,
    monitor::SPECS,
];
pub const SPECS: &[CommandSpec] = &join::<{ super::total(PARTS) }>(PARTS);
