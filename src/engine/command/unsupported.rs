//! Commands of Redis 8.0 that the playground does not have yet.
//!
//! They are declared so that using one gives a clear error and COMMANDS.md can list it. Adding a command means removing
//! its row here; a test sees to that.

/// A declared gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// `container|sub` for a subcommand.
    pub name: &'static str,
    /// Redis's word for the group.
    pub group: &'static str,
    /// The Redis version that brought it.
    pub since: &'static str,
    /// Its ACL categories, with blanks between.
    pub acl: &'static str,
    /// Where it makes no sense here: why.
    pub why: Option<&'static str>,
}

const fn gap(group: &'static str, name: &'static str, since: &'static str, acl: &'static str) -> Unsupported {
    Unsupported { name, group, since, acl, why: None }
}

/// A gap that stays one.
const fn never(
    group: &'static str,
    name: &'static str,
    since: &'static str,
    acl: &'static str,
    why: &'static str,
) -> Unsupported {
    Unsupported { name, group, since, acl, why: Some(why) }
}

const NO_DISK: &str = "a page has no disk";
const ALONE: &str = "a page reaches no other server";

/// By group and name.
#[rustfmt::skip]
pub const UNSUPPORTED: &[Unsupported] = &[
    never("generic", "migrate", "2.6.0", "keyspace write slow dangerous", ALONE),
    gap("module", "vadd", "8.0.0", ""),
    gap("module", "vcard", "8.0.0", ""),
    gap("module", "vdim", "8.0.0", ""),
    gap("module", "vemb", "8.0.0", ""),
    gap("module", "vgetattr", "8.0.0", ""),
    gap("module", "vinfo", "8.0.0", ""),
    gap("module", "vismember", "8.0.0", ""),
    gap("module", "vlinks", "8.0.0", ""),
    gap("module", "vrandmember", "8.0.0", ""),
    gap("module", "vrem", "8.0.0", ""),
    gap("module", "vsetattr", "8.0.0", ""),
    gap("module", "vsim", "8.0.0", ""),
    never("server", "bgrewriteaof", "1.0.0", "admin slow dangerous", NO_DISK),
    never("server", "bgsave", "1.0.0", "admin slow dangerous", NO_DISK),
    never("server", "memory|malloc-stats", "4.0.0", "slow", "there is no allocator to ask"),
    never("server", "psync", "2.8.0", "admin slow dangerous", ALONE),
    never("server", "replconf", "3.0.0", "admin slow dangerous", ALONE),
    never("server", "save", "1.0.0", "admin slow dangerous", NO_DISK),
    never("server", "shutdown", "1.0.0", "admin slow dangerous", "there is no server to stop"),
    never("server", "sync", "1.0.0", "admin slow dangerous", ALONE),
];
