//! The values that random commands are made of: few keys, so that commands meet each other's, and the edges of each
//! kind of number and string.
//!
//! What a real server on a real clock, or with 512 MB strings, cannot be asked in a fast test is left out here and in
//! [`super::generate::tame`], and said so there.

use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::select;

pub type Word = Vec<u8>;
pub type Words = BoxedStrategy<Vec<Word>>;

/// One word out of a list; shrinks to the first.
pub fn one_of(words: &'static [&'static [u8]]) -> BoxedStrategy<Word> {
    select(words).prop_map(<[u8]>::to_vec).boxed()
}

/// Each type mostly lives in keys of its own, and everything meets in the others.
pub fn key(group: playground_engine::command::Group) -> BoxedStrategy<Word> {
    use playground_engine::command::Group;
    const OWN: &[&[u8]] = &[
        b"s", b"s2", b"s3", b"z", b"z2", b"z3", b"h", b"h2", b"l", b"l2", b"e", b"e2", b"x", b"x2", b"b",
        b"p", b"g",
    ];
    let shared = one_of(&[b"k", b"", b"key:1", b"\xff\x00k"]);
    let own = match group {
        Group::String => one_of(&[b"s", b"s2", b"s3"]),
        Group::SortedSet => one_of(&[b"z", b"z2", b"z3"]),
        Group::Hash => one_of(&[b"h", b"h2", b"h3"]),
        Group::List => one_of(&[b"l", b"l2", b"l3"]),
        Group::Set => one_of(&[b"e", b"e2", b"e3"]),
        Group::Stream => one_of(&[b"x", b"x", b"x", b"x2", b"x3"]),
        Group::Bitmap => one_of(&[b"b", b"b2", b"b3"]),
        Group::HyperLogLog => one_of(&[b"p", b"p2", b"p3"]),
        Group::Geo => one_of(&[b"g", b"g2", b"g3"]),
        _ => {
            return prop_oneof![3 => one_of(OWN), 1 => shared, 1 => one_of(&[b"none"])].boxed();
        }
    };
    prop_oneof![14 => own, 4 => shared, 1 => one_of(OWN)].boxed()
}

/// Keys of the types that SORT takes, mostly.
pub fn sortable_key() -> BoxedStrategy<Word> {
    let sortable = one_of(&[b"l", b"l2", b"l3", b"e", b"e2", b"z", b"z2"]);
    prop_oneof![6 => sortable, 1 => key(playground_engine::command::Group::Generic)].boxed()
}

/// What SORT makes keys of; with the elements 2 and 3 there are some that exist.
pub fn key_pattern() -> BoxedStrategy<Word> {
    one_of(&[
        b"s*",
        b"h*->a",
        b"h*->7",
        b"#",
        b"nosort",
        b"*",
        b"l*",
        b"s*->",
        b"h*->name",
        b"h2*->b",
        b"k*",
        b"\0*",
        b"",
        b"**",
    ])
}

/// Strings of every encoding and odd content.
pub fn string() -> BoxedStrategy<Word> {
    let odd = one_of(&[
        b"",
        b"\x00\xff\r\n\"",
        b"exactly forty-four bytes, the last embstr one",
        b"forty-five bytes and so the first raw string..",
        b"a value of seventy bytes, which no listpack of a sorted set accepts....",
        b"9223372036854775807",
        b"-9223372036854775808",
        b"9223372036854775808",
        b"007",
        b" 1",
        b"+5",
        // HyperLogLogs: whole, empty and corrupted.
        b"HYLL\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00q\xa6\x84NW",
        b"HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80",
        b"HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x7f\xf0\xfd",
    ]);
    prop_oneof![5 => one_of(&[b"a", b"b", b"hello", b"Hello World", b"0", b"7", b"10000", b"-5", b"3.5"]), 2 => odd].boxed()
}

/// Members of sorted sets: few, so that they are found again; many where a set shall grow.
pub fn member() -> BoxedStrategy<Word> {
    let many = (0..200_u32).prop_map(|n| format!("m{n}").into_bytes());
    prop_oneof![6 => one_of(&[b"a", b"b", b"c", b"d", b"aa", b"B"]), 2 => many, 1 => string()].boxed()
}

/// Members of plain sets: half of them integers, of every width, so that a set of nothing else is not rare.
pub fn set_member() -> BoxedStrategy<Word> {
    let wide = one_of(&[
        b"32767",
        b"-32768",
        b"32768",
        b"2147483647",
        b"-2147483649",
        b"9223372036854775807",
        b"-9223372036854775808",
    ]);
    let integer = (-20..150_i32).prop_map(|n| n.to_string().into_bytes());
    let few = one_of(&[b"1", b"2", b"3", b"4", b"5"]);
    prop_oneof![12 => few, 6 => integer, 1 => wide, 5 => member()].boxed()
}

/// Fields of hashes, likewise.
pub fn field() -> BoxedStrategy<Word> {
    let many = (0..700_u32).prop_map(|n| format!("f{n}").into_bytes());
    prop_oneof![6 => one_of(&[b"a", b"b", b"c", b"d", b"7", b"name"]), 2 => many, 1 => string()].boxed()
}

/// Elements of lists: few, so that they are found again; some so long that a few fill a node, or one is too big for it.
pub fn element() -> BoxedStrategy<Word> {
    let long = prop_oneof![4 => 60..400_usize, 2 => 1000..5000_usize, 1 => 7000..9000_usize];
    let long = long.prop_map(|len| vec![b'x'; len]);
    prop_oneof![12 => one_of(&[b"a", b"b", b"c", b"d", b"1", b"2", b"3", b"-300", b"70000"]), 2 => long, 1 => string()].boxed()
}

/// Indexes that meet an element, mostly.
pub fn list_index() -> BoxedStrategy<Word> {
    let near = (-12..12_i32).prop_map(|index| index.to_string().into_bytes());
    prop_oneof![6 => near, 1 => integer()].boxed()
}

/// Seconds that a session would wait.
pub fn timeout() -> BoxedStrategy<Word> {
    let edge = one_of(&[
        b"9223372036854775",
        b"9223372036854774.5",
        b"9223372036854775807",
        b"1e300",
        b"1e5000",
        b"-1e5000",
        b"1e-5000",
        b"-0.0001",
        b"0x10",
        b"0.0001",
    ]);
    prop_oneof![6 => one_of(&[b"0", b"1", b"0.5", b"2.25"]), 2 => edge, 1 => double()].boxed()
}

/// Longitudes: few, so that the distances between all places are known not to hang on the processor. The last digit of
/// one distance in a thousand does.
pub fn longitude() -> BoxedStrategy<Word> {
    let edge = one_of(&[b"-180", b"180", b"181", b"-180.0001", b"inf", b"1e300", b"abc", b"nan", b""]);
    prop_oneof![12 => one_of(&[b"13.361389", b"15.087269", b"0", b"1"]), 1 => edge].boxed()
}

pub fn latitude() -> BoxedStrategy<Word> {
    let edge = one_of(&[b"-85.05112878", b"86", b"-90", b"abc", b""]);
    prop_oneof![12 => one_of(&[b"38.115556", b"37.502669", b"0", b"1", b"-1"]), 1 => edge].boxed()
}

/// Lengths in whatever unit comes behind.
pub fn length() -> BoxedStrategy<Word> {
    let edge = one_of(&[b"0.5", b"-1", b"-0", b"inf", b"1e300", b"5e-324", b"abc", b"nan"]);
    let some = one_of(&[b"0", b"1", b"100", b"200", b"3000", b"157270", b"200000", b"8000000", b"30000000"]);
    prop_oneof![12 => some, 1 => edge].boxed()
}

/// Whole numbers and words that are none. Offsets between 10^4 and 2^29 would fill the memory, so there are none.
pub fn integer() -> BoxedStrategy<Word> {
    let edge = one_of(&[
        b"2147483647",
        b"2147483648",
        b"4294967296",
        b"9223372036854775807",
        b"9223372036854775808",
        b"-9223372036854775808",
        b"-9223372036854775807",
        b"18446744073709551616",
    ]);
    let bad = one_of(&[b"", b"abc", b"1.5", b"01", b"+1", b" 1", b"-0", b"0x1", b"1e3"]);
    prop_oneof![8 => one_of(&[b"0", b"1", b"2", b"3", b"5", b"10", b"100", b"-1", b"-2", b"-5", b"-100"]), 2 => edge, 1 => bad].boxed()
}

/// Bits near the front, and numbers that are no offset.
pub fn bit_offset(command: &str) -> BoxedStrategy<Word> {
    let near = (0..600_u32).prop_map(|n| n.to_string().into_bytes());
    let wrong = one_of(&[b"-1", b"4294967296", b"9223372036854775808", b"abc", b"", b"1.5"]);
    // Of fields one may count the fields in front.
    let counted = one_of(&[b"#0", b"#1", b"#2", b"#7", b"#-1", b"#", b"#2305843009213693952"]);
    let fields = if command.starts_with("bitfield") { 3 } else { 0 };
    prop_oneof![8 => near, fields + 1 => counted, 1 => wrong].boxed()
}

pub fn bit() -> BoxedStrategy<Word> {
    prop_oneof![8 => one_of(&[b"0", b"1"]), 1 => one_of(&[b"2", b"-1", b"abc", b""])].boxed()
}

/// The types of bitfields.
pub fn field_type() -> BoxedStrategy<Word> {
    let width = (any::<bool>(), 1..65_u32).prop_map(|(signed, bits)| {
        let sign = if signed { 'i' } else { 'u' };
        format!("{sign}{bits}").into_bytes()
    });
    let edge = one_of(&[b"i64", b"u63", b"i1", b"u1"]);
    let wrong = one_of(&[b"i65", b"u0", b"u64", b"I8", b"u08", b"8", b"u", b""]);
    prop_oneof![4 => one_of(&[b"u8", b"i8", b"u16", b"i5"]), 4 => width, 2 => edge, 1 => wrong].boxed()
}

/// Without `SIMD`: to a wrong word behind it the real server answers twice.
pub fn pfdebug_word() -> BoxedStrategy<Word> {
    prop_oneof![
        8 => one_of(&[b"ENCODING", b"DECODE", b"TODENSE"]),
        1 => one_of(&[b"GETREG", b"junk", b""]),
    ]
    .boxed()
}

/// Lifetimes of restored keys, but for those that no 64 bits hold when the time is added: what then happens is up to the
/// compiler of the real server.
pub fn restored_lifetime() -> BoxedStrategy<Word> {
    let long = one_of(&[b"5000000", b"100000000", b"33177117420000"]);
    prop_oneof![6 => one_of(&[b"0"]), 2 => long, 1 => one_of(&[b"-1", b"abc", b"", b"1"])].boxed()
}

/// Databases: those that exist, and not.
pub fn database() -> BoxedStrategy<Word> {
    prop_oneof![8 => one_of(&[b"0", b"1", b"0", b"2"]), 1 => one_of(&[b"15", b"16", b"-1", b"abc"])].boxed()
}

/// As long as the shortest lifetimes are: some keys are gone before the next commands meet them.
pub const SHORT_LIFE: Duration = Duration::from_millis(2);

/// Lengths of time that outlast the test, are over soon or at once, or are none.
pub fn lifetime() -> BoxedStrategy<Word> {
    let long = one_of(&[b"5000000", b"100000000", b"7000000"]);
    let short = (1..=SHORT_LIFE.as_millis()).prop_map(|millis| millis.to_string().into_bytes());
    let edge = one_of(&[
        b"0",
        b"-1",
        b"-100",
        b"9223372036854775807",
        b"-9223372036854775808",
        b"9223372036854775",
        b"abc",
        b"1.5",
        b"",
    ]);
    prop_oneof![4 => long, 4 => short, 2 => edge].boxed()
}

/// Moments far ahead, past, or none. Seconds and milliseconds: a moment far ahead in the one is in the other, too.
pub fn moment() -> BoxedStrategy<Word> {
    let ahead = one_of(&[b"33177117420", b"33177117420000", b"33177117421"]);
    let edge = one_of(&[
        b"0",
        b"1",
        b"-1",
        b"1000",
        b"9223372036854775807",
        b"-9223372036854775808",
        b"9223372036854775",
        b"abc",
    ]);
    prop_oneof![5 => ahead, 2 => edge].boxed()
}

/// Floating-point numbers and what looks like them.
pub fn double() -> BoxedStrategy<Word> {
    let edge = one_of(&[
        b"inf",
        b"-inf",
        b"+inf",
        b"nan",
        b"-0",
        b"1e308",
        b"-1e308",
        b"5e-324",
        b"2.2250738585072014e-308",
        b"1e400",
        b"9007199254740993",
        b"123456789012345678",
        b"0.1",
        b"3.0e3",
        b"1e-7",
        b"1e21",
        b"0x10",
        b"1 ",
        b" 1",
        b"",
        b"abc",
        b"1.5.5",
    ]);
    let random = any::<i32>().prop_map(|n| (f64::from(n) / 1024.0).to_string().into_bytes());
    prop_oneof![6 => one_of(&[b"0", b"1", b"2", b"3", b"-1", b"1.5", b"-2.5", b"10"]), 2 => edge, 1 => random]
        .boxed()
}

/// The ends of ranges by rank, score and name, mostly of the kind that the command wants.
pub fn bound(command: &str) -> BoxedStrategy<Word> {
    let rank = one_of(&[b"0", b"-1", b"1", b"2", b"3", b"-2", b"10"]);
    let score = one_of(&[b"-inf", b"+inf", b"0", b"(1", b"(2", b"1.5", b"3", b"inf", b"(inf", b"(-inf"]);
    let name = one_of(&[b"-", b"+", b"[a", b"(a", b"[b", b"(c", b"[d", b"[", b"("]);
    let bad = one_of(&[b"", b"a", b"((1", b"nan", b"(", b"1 "]);
    let (ranks, scores, names) = match command {
        "zrangebylex" | "zrevrangebylex" | "zlexcount" | "zremrangebylex" => (1, 1, 16),
        "zrangebyscore" | "zrevrangebyscore" | "zcount" | "zremrangebyscore" => (2, 14, 1),
        _ => (12, 3, 3),
    };
    prop_oneof![ranks => rank, scores => score, names => name, 1 => bad].boxed()
}

/// The words of stream commands, by the argument's name: few groups, consumers and IDs, so that entries are found again.
pub fn of_stream(command: &str, argument: &str) -> Option<BoxedStrategy<Word>> {
    let few = one_of(&[b"0", b"1", b"2", b"3", b"5", b"10", b"20"]);
    Some(match argument {
        "group" => prop_oneof![14 => one_of(&[b"g1", b"g2"]), 1 => one_of(&[b"", b"g3", b"g\0x\r"])].boxed(),
        "consumer" => {
            prop_oneof![14 => one_of(&[b"c1", b"c2"]), 1 => one_of(&[b"", b"c3", b"a longer name"])].boxed()
        }
        "field" => prop_oneof![8 => one_of(&[b"a", b"b"]), 1 => string()].boxed(),
        "id" if command == "xadd" => {
            let later = (0..60_u32, 0..3_u32).prop_map(|(ms, seq)| format!("{ms}-{seq}").into_bytes());
            let next = one_of(&[b"1-*", b"2-*", b"3-*", b"5-*", b"5-*", b"8-*", b"300-*"]);
            prop_oneof![6 => later, 8 => next, 1 => stream_id()].boxed()
        }
        "id" if command == "xread" => prop_oneof![2 => one_of(&[b"$", b"+", b"0"]), 3 => stream_id()].boxed(),
        "id" if command == "xreadgroup" => prop_oneof![4 => one_of(&[b">"]), 2 => stream_id()].boxed(),
        // Behind whatever there may be, else it is refused.
        "last-id" => prop_oneof![2 => one_of(&[b"70-0", b"400-0", b"2000-1"]), 1 => stream_id()].boxed(),
        "id" | "lastid" | "max-deleted-id" => stream_id(),
        "threshold" => prop_oneof![few, integer(), stream_id()].boxed(),
        "start" => prop_oneof![4 => one_of(&[b"-", b"0", b"(1-1"]), 3 => stream_id()].boxed(),
        "end" => prop_oneof![4 => one_of(&[b"+", b"(5-3"]), 3 => stream_id()].boxed(),
        "entries-read" | "entries-added" | "count" => prop_oneof![4 => few, 1 => integer()].boxed(),
        "min-idle-time" | "ms" => {
            prop_oneof![4 => one_of(&[b"0", b"1", b"2", b"50", b"100000"]), 1 => integer()].boxed()
        }
        _ => return None,
    })
}

/// IDs as they are and as they may be written.
fn stream_id() -> BoxedStrategy<Word> {
    let small = (1..6_u32, 0..6_u32).prop_map(|(ms, seq)| format!("{ms}-{seq}").into_bytes());
    let likely = (0..4_u32).prop_map(|seq| format!("5-{seq}").into_bytes());
    let short = one_of(&[b"0", b"1", b"2", b"5", b"8", b"60", b"300", b"0-0", b"0-1"]);
    let special = one_of(&[b"-", b"+", b"$", b">", b"*", b"5-*", b"(2-0", b"(5", b"(1-1"]);
    let edge = one_of(&[
        b"18446744073709551615-18446744073709551615",
        b"18446744073709551615",
        b"18446744073709551614-18446744073709551615",
        b"(18446744073709551615-18446744073709551615",
        b"(0-0",
        b"-1",
        b"5-",
        b"abc",
        b"5-1-1",
        b"5--01",
        b" 5-+3",
        b"05-01",
        b"5-2\x00junk",
        b"(",
        b"(-",
        b"",
    ]);
    prop_oneof![12 => likely, 12 => small, 6 => short, 2 => special, 1 => edge].boxed()
}

/// Few channels, so that somebody listens; some are those on which the keyspace tells what happens.
pub fn channel() -> BoxedStrategy<Word> {
    let told = one_of(&[b"__keyspace@0__:l", b"__keyevent@0__:rpush", b"__keyevent@0__:del"]);
    prop_oneof![9 => one_of(&[b"a", b"b", b"c"]), 1 => told, 1 => one_of(&[b"", b"\x00\xff"])].boxed()
}

/// Glob patterns.
pub fn pattern() -> BoxedStrategy<Word> {
    one_of(&[b"*", b"s*", b"?", b"[sz]*", b"[^s]*", b"z[0-9]", b"\\k", b"key:*", b"", b"[a-", b"*a*", b"**"])
}

/// Words that belong nowhere in particular: options of other commands, and rubbish.
pub fn junk() -> BoxedStrategy<Word> {
    one_of(&[
        b"NX",
        b"XX",
        b"GT",
        b"LT",
        b"CH",
        b"INCR",
        b"EX",
        b"PX",
        b"EXAT",
        b"KEEPTTL",
        b"GET",
        b"LIMIT",
        b"WITHSCORES",
        b"WEIGHTS",
        b"AGGREGATE",
        b"COUNT",
        b"MATCH",
        b"REPLACE",
        b"junk",
        b"",
        b"-1",
        b"0",
        b"1",
        b"abc",
        b"1.5",
    ])
}
