//! ACL: who may do what, seen and changed. What users and rules are, [`crate::acl`] knows.

mod log;
mod look;
mod users;

use crate::command::help;
use crate::command::spec::{CommandSpec, Flags, Group};

/// What the subcommands share that only need a connection.
const ANYBODY: CommandSpec = CommandSpec {
    group: Group::Server,
    since: "6.0.0",
    arity: 2,
    flags: Flags::NOSCRIPT.union(Flags::LOADING).union(Flags::STALE),
    ..CommandSpec::BASE
};
/// What the subcommands share that tell about others.
const ADMIN: CommandSpec = CommandSpec { flags: ANYBODY.flags.union(Flags::ADMIN), ..ANYBODY };
const EVERYWHERE: &[&str] = &["request_policy:all_nodes", "response_policy:all_succeeded"];

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "acl",
    group: Group::Server,
    since: "6.0.0",
    arity: -2,
    summary: "Says who may run which commands, on which keys and channels.",
    complexity: "That of the subcommand",
    subcommands: &[
        CommandSpec {
            name: "acl|cat",
            arity: -2,
            summary: "Lists the categories of commands, or the commands of one.",
            complexity: "O(1), as there are so many and no more",
            syntax: "[category]",
            example: "> ACL CAT nothing\n(error) ERR Unknown category 'nothing'",
            run: Some(look::cat),
            ..ANYBODY
        },
        CommandSpec {
            name: "acl|deluser",
            arity: -3,
            tips: EVERYWHERE,
            summary: "Removes users and closes their connections.",
            complexity: "O(1) for each user, and the number of connections",
            syntax: "username*",
            example: "> ACL SETUSER ann on >secret\nOK\n> ACL DELUSER ann nobody\n(integer) 1",
            run: Some(users::deluser),
            ..ADMIN
        },
        CommandSpec {
            name: "acl|dryrun",
            since: "7.0.0",
            arity: -4,
            summary: "Tells whether a user may run a command line, without running it.",
            syntax: "username command [arg*]",
            example: "> ACL SETUSER ann +get ~ann:*\nOK\n> ACL DRYRUN ann GET ann:1\nOK\n\
                > ACL DRYRUN ann GET bob:1\n\"User ann has no permissions to access the 'bob:1' key\"",
            run: Some(look::dryrun),
            ..ADMIN
        },
        CommandSpec {
            name: "acl|genpass",
            arity: -2,
            summary: "Makes up a password: 256 random bits, or as many as given, in hexadecimal.",
            syntax: "[bits:integer]",
            example: "> ACL GENPASS 0\n(error) ERR ACL GENPASS argument must be the number of bits for the output \
                password, a positive number up to 4096",
            run: Some(look::genpass),
            ..ANYBODY
        },
        CommandSpec {
            name: "acl|getuser",
            arity: 3,
            summary: "Shows what is known of a user: passwords as hashes, and all rules.",
            complexity: "O(N) for N passwords, patterns and rules",
            syntax: "username",
            example: "> ACL SETUSER ann on nopass +get ~ann:*\nOK\n> ACL GETUSER ann\n 1) \"flags\"\n \
                2) 1) \"on\"\n    2) \"nopass\"\n    3) \"sanitize-payload\"\n 3) \"passwords\"\n 4) (empty array)\n \
                5) \"commands\"\n 6) \"-@all +get\"\n 7) \"keys\"\n 8) \"~ann:*\"\n 9) \"channels\"\n10) \"\"\n\
                11) \"selectors\"\n12) (empty array)",
            run: Some(users::getuser),
            ..ADMIN
        },
        CommandSpec {
            name: "acl|help",
            flags: Flags::LOADING.union(Flags::STALE),
            summary: "Lists the subcommands.",
            run: Some(help::subcommands),
            ..ANYBODY
        },
        CommandSpec {
            name: "acl|list",
            summary: "Shows each user as the rules that make it.",
            complexity: "O(N) for N users",
            example: "> ACL LIST\n1) \"user default on nopass sanitize-payload ~* &* +@all\"",
            run: Some(users::list),
            ..ADMIN
        },
        CommandSpec {
            name: "acl|load",
            summary: "Reads the users from a file, of which there is none here.",
            complexity: "O(N) for N users",
            example: FILE_EXAMPLE_LOAD,
            run: Some(look::file),
            ..ADMIN
        },
        CommandSpec {
            name: "acl|log",
            arity: -2,
            summary: "Shows what was refused to whom lately, or forgets it.",
            complexity: "O(N) for N entries",
            syntax: "[operation(count:integer | reset=RESET)]",
            example: "> ACL LOG RESET\nOK\n> ACL LOG\n(empty array)",
            run: Some(log::log),
            ..ADMIN
        },
        CommandSpec {
            name: "acl|save",
            tips: EVERYWHERE,
            summary: "Writes the users to a file, of which there is none here.",
            complexity: "O(N) for N users",
            example: FILE_EXAMPLE_SAVE,
            run: Some(look::file),
            ..ADMIN
        },
        CommandSpec {
            name: "acl|setuser",
            arity: -3,
            tips: EVERYWHERE,
            summary: "Makes a user or changes it, by rules taken in order: all of them, or none if one is refused.",
            complexity: "O(N) for N rules",
            syntax: "username [rule*]",
            example: "> ACL SETUSER ann on nopass ~ann:* &news +@read -keys\nOK\n> ACL LIST\n\
                1) \"user ann on nopass sanitize-payload ~ann:* resetchannels &news -@all +@read -keys\"\n\
                2) \"user default on nopass sanitize-payload ~* &* +@all\"",
            run: Some(users::setuser),
            ..ADMIN
        },
        CommandSpec {
            name: "acl|users",
            summary: "Lists the names of the users.",
            complexity: "O(N) for N users",
            example: "> ACL SETUSER ann\nOK\n> ACL USERS\n1) \"ann\"\n2) \"default\"",
            run: Some(users::names),
            ..ADMIN
        },
        CommandSpec {
            name: "acl|whoami",
            summary: "Tells which user this connection is.",
            example: "> ACL WHOAMI\n\"default\"",
            run: Some(look::whoami),
            ..ANYBODY
        },
    ],
    ..CommandSpec::BASE
}];

const FILE_EXAMPLE_LOAD: &str =
    "> ACL LOAD now\n(error) ERR wrong number of arguments for 'acl|load' command";
const FILE_EXAMPLE_SAVE: &str =
    "> ACL SAVE now\n(error) ERR wrong number of arguments for 'acl|save' command";
