//! The cluster group: a server alone says that it belongs to no cluster, whatever it is asked.

use super::spec::{CommandResult, CommandSpec, Deprecated, Flags, Group};
use crate::args::Args;
use crate::dispatch::Context;
use crate::error::Error;

const LOOKS: Flags = Flags::STALE;
const ANY_TIME: Flags = Flags::LOADING.union(Flags::STALE);
const ADMIN: Flags = Flags::ADMIN.union(Flags::STALE);
const CHANGES: Flags = ADMIN.union(Flags::NO_ASYNC_LOADING);
const RESETS: Flags = ADMIN.union(Flags::NOSCRIPT);
const UNSURE: &[&str] = &["nondeterministic_output"];

/// What all of them share.
const DISABLED: CommandSpec =
    CommandSpec { group: Group::Cluster, since: "3.0.0", arity: 2, run: Some(disabled), ..CommandSpec::BASE };

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "asking",
        since: "3.0.0",
        arity: 1,
        flags: Flags::FAST,
        acl: &["connection"],
        summary: "Lets the next command use a slot that is being moved here.",
        example: "> ASKING\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster",
        arity: -2,
        summary: "Manages a cluster of servers.",
        complexity: "That of the subcommand",
        run: None,
        subcommands: SUBCOMMANDS,
        ..DISABLED
    },
    CommandSpec {
        name: "readonly",
        since: "3.0.0",
        arity: 1,
        flags: ANY_TIME.union(Flags::FAST),
        acl: &["connection"],
        summary: "Lets this connection read from a replica.",
        example: "> READONLY\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "readwrite",
        since: "3.0.0",
        arity: 1,
        flags: ANY_TIME.union(Flags::FAST),
        acl: &["connection"],
        summary: "Ends READONLY.",
        example: "> READWRITE\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
];

const SUBCOMMANDS: &[CommandSpec] = &[
    CommandSpec {
        name: "cluster|addslots",
        since: "3.0.0",
        arity: -3,
        flags: CHANGES,
        summary: "Gives this node slots.",
        syntax: "slot:integer*",
        example: "> CLUSTER ADDSLOTS 1\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|addslotsrange",
        since: "7.0.0",
        arity: -4,
        flags: CHANGES,
        summary: "Gives this node ranges of slots.",
        syntax: "range{start-slot:integer end-slot:integer}*",
        example: "> CLUSTER ADDSLOTSRANGE 1 2\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|bumpepoch",
        since: "3.0.0",
        arity: 2,
        flags: CHANGES,
        tips: UNSURE,
        summary: "Raises the cluster's configuration epoch.",
        example: "> CLUSTER BUMPEPOCH\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|count-failure-reports",
        since: "3.0.0",
        arity: 3,
        flags: ADMIN,
        tips: UNSURE,
        summary: "Counts the reports that a node has failed.",
        syntax: "node-id",
        example: "> CLUSTER COUNT-FAILURE-REPORTS a\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|countkeysinslot",
        since: "3.0.0",
        arity: 3,
        flags: LOOKS,
        summary: "Counts the keys of a slot.",
        syntax: "slot:integer",
        example: "> CLUSTER COUNTKEYSINSLOT 1\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|delslots",
        since: "3.0.0",
        arity: -3,
        flags: CHANGES,
        summary: "Takes slots from this node.",
        syntax: "slot:integer*",
        example: "> CLUSTER DELSLOTS 1\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|delslotsrange",
        since: "7.0.0",
        arity: -4,
        flags: CHANGES,
        summary: "Takes ranges of slots from this node.",
        syntax: "range{start-slot:integer end-slot:integer}*",
        example: "> CLUSTER DELSLOTSRANGE 1 2\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|failover",
        since: "3.0.0",
        arity: -2,
        flags: CHANGES,
        summary: "Has a replica take the place of its master.",
        syntax: "[options(force=FORCE | takeover=TAKEOVER)]",
        example: "> CLUSTER FAILOVER FORCE\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|flushslots",
        since: "3.0.0",
        arity: 2,
        flags: CHANGES,
        summary: "Takes all slots from this node.",
        example: "> CLUSTER FLUSHSLOTS\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|forget",
        since: "3.0.0",
        arity: 3,
        flags: CHANGES,
        summary: "Removes a node from the table of nodes.",
        syntax: "node-id",
        example: "> CLUSTER FORGET a\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|getkeysinslot",
        since: "3.0.0",
        arity: 4,
        flags: LOOKS,
        tips: UNSURE,
        summary: "Lists keys of a slot.",
        syntax: "slot:integer count:integer",
        example: "> CLUSTER GETKEYSINSLOT 1 10\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|help",
        since: "5.0.0",
        arity: 2,
        flags: ANY_TIME,
        summary: "Lists the subcommands.",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|info",
        since: "3.0.0",
        arity: 2,
        flags: LOOKS,
        tips: UNSURE,
        summary: "Figures of the cluster.",
        example: "> CLUSTER INFO\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|keyslot",
        since: "3.0.0",
        arity: 3,
        flags: LOOKS,
        summary: "The slot of a key.",
        syntax: "key",
        example: "> CLUSTER KEYSLOT a\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|links",
        since: "7.0.0",
        arity: 2,
        flags: LOOKS,
        tips: UNSURE,
        summary: "The connections between nodes.",
        example: "> CLUSTER LINKS\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|meet",
        since: "3.0.0",
        arity: -4,
        flags: CHANGES,
        summary: "Introduces another node.",
        syntax: "ip port:integer [cluster-bus-port:integer@4.0.0]",
        example: "> CLUSTER MEET 127.0.0.1 6379\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|myid",
        since: "3.0.0",
        arity: 2,
        flags: LOOKS,
        summary: "This node's ID.",
        example: "> CLUSTER MYID\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|myshardid",
        since: "7.2.0",
        arity: 2,
        flags: LOOKS,
        tips: UNSURE,
        summary: "The ID of this node's shard.",
        example: "> CLUSTER MYSHARDID\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|nodes",
        since: "3.0.0",
        arity: 2,
        flags: LOOKS,
        tips: UNSURE,
        summary: "The nodes of the cluster.",
        example: "> CLUSTER NODES\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|replicas",
        since: "5.0.0",
        arity: 3,
        flags: ADMIN,
        tips: UNSURE,
        summary: "The replicas of a master.",
        syntax: "node-id",
        example: "> CLUSTER REPLICAS a\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|replicate",
        since: "3.0.0",
        arity: 3,
        flags: CHANGES,
        summary: "Makes this node a replica of another.",
        syntax: "node-id",
        example: "> CLUSTER REPLICATE a\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|reset",
        since: "3.0.0",
        arity: -2,
        flags: RESETS,
        summary: "Has this node leave the cluster.",
        syntax: "[reset-type(hard=HARD | soft=SOFT)]",
        example: "> CLUSTER RESET\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|saveconfig",
        since: "3.0.0",
        arity: 2,
        flags: CHANGES,
        summary: "Writes the cluster's configuration to disk.",
        example: "> CLUSTER SAVECONFIG\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|set-config-epoch",
        since: "3.0.0",
        arity: 3,
        flags: CHANGES,
        summary: "Sets the configuration epoch of a new node.",
        syntax: "config-epoch:integer",
        example: "> CLUSTER SET-CONFIG-EPOCH 1\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|setslot",
        since: "3.0.0",
        arity: -4,
        flags: CHANGES,
        summary: "Says who has a slot, or where it moves.",
        syntax: "slot:integer subcommand(importing\"node-id\":string=IMPORTING | migrating\"node-id\":string=MIGRATING | node\"node-id\":string=NODE | stable=STABLE)",
        example: "> CLUSTER SETSLOT 1 STABLE\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|shards",
        since: "7.0.0",
        arity: 2,
        flags: ANY_TIME,
        tips: UNSURE,
        summary: "The shards of the cluster with their slots and nodes.",
        example: "> CLUSTER SHARDS\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|slaves",
        since: "3.0.0",
        deprecated: Some(Deprecated { since: "5.0.0", replaced_by: "`CLUSTER REPLICAS`" }),
        arity: 3,
        flags: ADMIN,
        tips: UNSURE,
        summary: "The replicas of a master.",
        syntax: "node-id",
        example: "> CLUSTER SLAVES a\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
    CommandSpec {
        name: "cluster|slots",
        since: "3.0.0",
        deprecated: Some(Deprecated { since: "7.0.0", replaced_by: "`CLUSTER SHARDS`" }),
        arity: 2,
        flags: ANY_TIME,
        tips: UNSURE,
        summary: "The slots with their nodes.",
        example: "> CLUSTER SLOTS\n(error) ERR This instance has cluster support disabled",
        ..DISABLED
    },
];

fn disabled(_: &mut Context<'_>, _: &mut Args) -> CommandResult {
    Err(Error::Fixed("ERR This instance has cluster support disabled"))
}
