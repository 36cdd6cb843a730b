//! The older commands for ranges, each a ZRANGE with some of its options built in.

use super::READ_KEY;
use super::range::{By, Preset, range};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Deprecated, Flags, Group};
use crate::dispatch::Context;

const READ: CommandSpec = CommandSpec {
    group: Group::SortedSet,
    arity: -4,
    flags: Flags::READONLY,
    keys: READ_KEY,
    complexity: "O(log(N)+M), N being the members in the sorted set and M those listed",
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "zrangebylex",
        since: "2.8.9",
        deprecated: Some(Deprecated { since: "6.2.0", replaced_by: "`ZRANGE` with `BYLEX`" }),
        summary: "Lists the members between two in byte order, where all scores are equal.",
        syntax: "key:key#0 min max [limit{offset:integer count:integer}=LIMIT]",
        example: "> ZADD words 0 apple 0 banana 0 cherry\n(integer) 3\n> ZRANGEBYLEX words [apple (cherry\n\
            1) \"apple\"\n2) \"banana\"",
        run: Some(|context, args| preset(context, args, By::Member, false)),
        ..READ
    },
    CommandSpec {
        name: "zrangebyscore",
        since: "1.0.5",
        deprecated: Some(Deprecated { since: "6.2.0", replaced_by: "`ZRANGE` with `BYSCORE`" }),
        summary: "Lists the members whose scores lie in a range, from the lowest up.",
        syntax: "key:key#0 min:double max:double [withscores=WITHSCORES@2.0.0] \
            [limit{offset:integer count:integer}=LIMIT]",
        example: "> ZADD board 100 alice 80 bob 60 carol\n(integer) 3\n> ZRANGEBYSCORE board 60 (100\n\
            1) \"carol\"\n2) \"bob\"",
        run: Some(|context, args| preset(context, args, By::Score, false)),
        ..READ
    },
    CommandSpec {
        name: "zrevrange",
        since: "1.2.0",
        deprecated: Some(Deprecated { since: "6.2.0", replaced_by: "`ZRANGE` with `REV`" }),
        summary: "Lists the members in a range of ranks, the highest score first.",
        syntax: "key:key#0 start:integer stop:integer [withscores=WITHSCORES]",
        example: "> ZADD board 100 alice 80 bob 60 carol\n(integer) 3\n> ZREVRANGE board 0 1\n1) \"alice\"\n2) \"bob\"",
        run: Some(|context, args| preset(context, args, By::Rank, true)),
        ..READ
    },
    CommandSpec {
        name: "zrevrangebylex",
        since: "2.8.9",
        deprecated: Some(Deprecated { since: "6.2.0", replaced_by: "`ZRANGE` with `REV` and `BYLEX`" }),
        summary: "Lists the members between two in reverse byte order, where all scores are equal.",
        syntax: "key:key#0 max min [limit{offset:integer count:integer}=LIMIT]",
        example: "> ZADD words 0 apple 0 banana 0 cherry\n(integer) 3\n> ZREVRANGEBYLEX words + [b\n\
            1) \"cherry\"\n2) \"banana\"",
        run: Some(|context, args| preset(context, args, By::Member, true)),
        ..READ
    },
    CommandSpec {
        name: "zrevrangebyscore",
        since: "2.2.0",
        deprecated: Some(Deprecated { since: "6.2.0", replaced_by: "`ZRANGE` with `REV` and `BYSCORE`" }),
        summary: "Lists the members whose scores lie in a range, from the highest down.",
        syntax: "key:key#0 max:double min:double [withscores=WITHSCORES] \
            [limit{offset:integer count:integer}=LIMIT]",
        example: "> ZADD board 100 alice 80 bob 60 carol\n(integer) 3\n> ZREVRANGEBYSCORE board +inf 80 WITHSCORES\n\
            1) \"alice\"\n2) \"100\"\n3) \"bob\"\n4) \"80\"",
        run: Some(|context, args| preset(context, args, By::Score, true)),
        ..READ
    },
];

fn preset(context: &mut Context<'_>, args: &mut Args, by: By, reverse: bool) -> CommandResult {
    range(context, args, Preset { by: Some(by), reverse: Some(reverse) })
}
