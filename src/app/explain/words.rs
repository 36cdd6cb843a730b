//! What is said about each error. Every error is in this match: a new one does not compile until somebody has thought
//! about it. Those that say all there is to say are listed as plain.

use playground_engine::Error;

/// What to say about an error.
pub(super) enum Words<'e> {
    /// Its own words are enough.
    Plain,
    Said(&'static str),
    /// With the command's syntax.
    WithUsage(&'static str),
    /// With a line to go on with.
    Offering(&'static str, &'static str),
    UnknownCommand,
    UnknownSubcommand(&'e str),
    Unsupported(&'e str),
    Arity(&'e str),
    Syntax,
    WrongType,
    /// What was wanted.
    Number(&'static str),
    NoGroup {
        key: &'e [u8],
        group: &'e [u8],
    },
}

use Words::{Arity, NoGroup, Number, Offering, Plain, Said, Syntax, WithUsage};

pub(super) fn words(error: &Error) -> Words<'_> {
    match error {
        Error::UnknownCommand { .. } => Words::UnknownCommand,
        Error::UnknownSubcommand { container, .. } | Error::SubcommandSyntax { container, .. } => {
            Words::UnknownSubcommand(container)
        }
        Error::Unsupported { command } => Words::Unsupported(command),
        Error::WrongArity { command } => Arity(command),
        Error::Syntax
        | Error::UnsupportedOption { .. }
        | Error::UnknownArgument { .. }
        | Error::UnrecognizedOption { .. }
        | Error::UnknownClaimOption { .. }
        | Error::HelloOption { .. } => Syntax,
        Error::WrongType => Words::WrongType,
        Error::NotAnInteger | Error::NotA32BitInteger | Error::NoOpposite => Number("a whole number"),
        Error::NotAFloat => Number("a number"),
        Error::NoStreamGroup { key, group, .. } | Error::NoGroupForKey { key, group } => {
            NoGroup { key, group }
        }
        Error::ExecRefused { .. } => exec_aborted(),
        Error::Fixed(text) => fixed(text),
        other => said(other),
    }
}

fn exec_aborted<'e>() -> Words<'e> {
    Offering(
        "A command was refused while it was being queued, so EXEC ran none of them. Begin again:",
        "MULTI",
    )
}

/// Errors that need nothing of the line that met them.
fn said(error: &Error) -> Words<'_> {
    match error {
        Error::NoSuchKey => Said("The key has to be there before this command; EXISTS tells whether it is."),
        Error::BusyKey => Said("There is a key of that name already. Delete it first, or add REPLACE."),
        Error::InvalidExpireTime { .. } => WithUsage(
            "A time to live has to be greater than 0, and its end must fit the calendar. TTL shows what is left.",
        ),
        Error::ExpireNxIncompatible | Error::ExpireGtLtIncompatible => {
            WithUsage("These conditions exclude each other: give one of them.")
        }
        Error::OutOfMemory => Offering(
            "As much memory is in use as maxmemory allows, and the policy finds nothing to evict. Delete keys, raise the \
            limit, or choose a policy that may evict more. Which one is it?",
            "CONFIG GET maxmemory*",
        ),
        Error::NoAuth => Offering("This session has not said who it is. Log in with the password:", "AUTH "),
        Error::WrongPass => Said(
            "No user with this name has this password, or the user is switched off. ACL WHOAMI tells who you are.",
        ),
        Error::DeniedCommand { .. } | Error::DeniedKey | Error::DeniedChannel | Error::DeniedAtExec(_) => {
            Offering(
                "Access control does not let this user do that. An administrator may allow it with ACL SETUSER; this tells who \
            you are:",
                "ACL WHOAMI",
            )
        }
        Error::NotWhileListening { .. } => Offering(
            "A session of RESP2 that listens to channels hears messages and does nothing else. Stop listening, or use \
            another session:",
            "UNSUBSCRIBE",
        ),
        Error::DbIndexOutOfRange | Error::InvalidFirstDbIndex | Error::InvalidSecondDbIndex => {
            Said("Databases are numbered from 0 to 15.")
        }
        Error::InvalidCursor => {
            Said("A scan begins with the cursor 0 and goes on with the one that it answered last.")
        }
        Error::NumkeysNotPositive => WithUsage("The number before the keys says how many keys follow."),
        Error::CountNotPositive | Error::NotPositive => WithUsage("A count here has to be greater than 0."),
        Error::OutOfRange | Error::IndexOutOfRange => {
            WithUsage("The number is outside of what there is, or of what the command can work with.")
        }
        Error::NegativeLimit => WithUsage("How many to skip and how many to give cannot be negative."),
        Error::NoInputKeys { .. } => {
            WithUsage("The command combines keys: name at least one, behind how many there are.")
        }
        Error::NotAScoreRange => {
            WithUsage("The ends of a range of scores are numbers: 1, (1 to leave 1 out, -inf and +inf.")
        }
        Error::NotALexRange => WithUsage(
            "The ends of a range of names begin with [ (with it) or ( (without it), or are - and +.",
        ),
        Error::ScoreNotANumber => Said("Infinity and minus infinity cancel out, and no number is left."),
        Error::InvalidPlace { .. } => {
            WithUsage("Longitude comes first, from -180 to 180; then latitude, from -85.05 to 85.05.")
        }
        Error::TimeoutNotAFloat
        | Error::TimeoutNotAnInteger
        | Error::TimeoutNegative
        | Error::TimeoutOutOfRange => WithUsage("The time to wait is in seconds; 0 waits for ever."),
        Error::ExactlyOneOf { .. } => {
            WithUsage("These words exclude each other, and one of them has to be there.")
        }
        Error::SameObject => Said("Source and destination are the same; name another key or database."),
        Error::StringTooLong => {
            Said("A string can be 512 MB long (proto-max-bulk-len), and this one would be longer.")
        }
        Error::LfuNotSelected => Offering(
            "How often keys are used is counted only under a policy that evicts the least often used:",
            "CONFIG SET maxmemory-policy allkeys-lfu",
        ),
        Error::LruNotTracked => Offering(
            "Under an LFU policy Redis counts uses and does not note when a key was used last. The counter is:",
            "OBJECT FREQ ",
        ),
        Error::UnknownSetting { .. } => {
            Offering("There is no setting of that name. These are all:", "CONFIG GET *")
        }
        Error::ConfigSet { .. } => {
            Said("The setting does not take this value, and none of the line's settings was changed.")
        }
        Error::UnknownCategory { .. } => {
            Offering("There is no such category of commands. These are all:", "ACL CAT")
        }
        Error::NoSuchUser { .. } | Error::UserNotFound { .. } => {
            Offering("There is no such user. These are all:", "ACL LIST")
        }
        Error::CommandNotFound { .. } => Said("There is no command of that name; HELP lists what there is."),
        Error::GetKeysInvalidCommand | Error::GetKeysInvalidArguments | Error::GetKeysNoKeys => {
            Said("Behind it comes a whole command line, whose keys are then told.")
        }
        Error::AclRule { .. } | Error::AclUnclosedSelector { .. } => Said(
            "Rules are words such as on, >password, ~pattern of keys, &pattern of channels, +command, -command, +@category.",
        ),
        Error::UnknownClientType { .. } => Said("Kinds of clients are normal, master, replica and pubsub."),
        Error::ClientAttribute { .. } => Said("Write it in one word: letters, digits, - and _."),
        Error::OverlappingPrefixes { .. } => {
            Said("A key must not fall under two prefixes of one client. Keep the shorter one.")
        }
        Error::NoLatencySamples { .. } => Offering(
            "Nothing slow has been noted for that event yet. This lists what there is:",
            "LATENCY LATEST",
        ),
        Error::NoScript => Said(
            "The server has no script of this SHA-1, or has forgotten it. Send the text once: SCRIPT LOAD, or EVAL.",
        ),
        Error::BusyScript => Offering(
            "A script has run for longer than busy-reply-threshold. Wait for its end, or stop it if it has written nothing:",
            "SCRIPT KILL",
        ),
        Error::BusyFunction => Offering(
            "A function has run for longer than busy-reply-threshold. Wait for its end, or stop it if it has written nothing:",
            "FUNCTION KILL",
        ),
        Error::NoReplicas => Offering(
            "Writing needs replicas here, as a setting says, and there are none:",
            "CONFIG SET min-replicas-to-write 0",
        ),
        // They say all there is to say, or are the reader's own words.
        Error::UnsupportedSetting { .. }
        | Error::Protocol(_)
        | Error::UnknownPfdebug { .. }
        | Error::ModulesNotAllowed
        | Error::Said { .. }
        // What is said about these depends on the line, and is chosen above.
        | Error::UnknownCommand { .. }
        | Error::UnknownSubcommand { .. }
        | Error::SubcommandSyntax { .. }
        | Error::Unsupported { .. }
        | Error::WrongArity { .. }
        | Error::Syntax
        | Error::UnsupportedOption { .. }
        | Error::UnknownArgument { .. }
        | Error::UnrecognizedOption { .. }
        | Error::UnknownClaimOption { .. }
        | Error::HelloOption { .. }
        | Error::WrongType
        | Error::NotAnInteger
        | Error::NotA32BitInteger
        | Error::NoOpposite
        | Error::NotAFloat
        | Error::NoStreamGroup { .. }
        | Error::NoGroupForKey { .. }
        | Error::ExecRefused { .. }
        | Error::Fixed(_) => Plain,
    }
}

/// Messages that belong to one command alone: by their beginning, what is said about them. Any other is about an
/// argument, which its own words name; the command's syntax helps.
fn fixed(text: &str) -> Words<'static> {
    const SAID: [(&str, &str, &str); 15] = [
        ("EXEC without MULTI", "EXEC runs what was queued since MULTI, and there was none.", "MULTI"),
        ("DISCARD without MULTI", "DISCARD drops what was queued since MULTI, and there was none.", "MULTI"),
        ("MULTI calls", "A transaction is open already: queue commands, then EXEC or DISCARD.", "EXEC"),
        (
            "WATCH inside",
            "WATCH comes before MULTI: it has to look at keys before the transaction reads them.",
            "DISCARD",
        ),
        (
            "Command not allowed inside a tr",
            "This command cannot wait in a queue. Leave the transaction first.",
            "DISCARD",
        ),
        (
            "The ID specified in XADD is eq",
            "IDs of a stream only grow, and this one does not. With * Redis chooses the next one.",
            "",
        ),
        (
            "The ID specified in XADD must",
            "The first ID that a stream can have is 0-1. With * Redis chooses one.",
            "",
        ),
        (
            "Invalid stream ID",
            "An ID is milliseconds-number, such as 1700000000000-0; * , $ , > , - and + have meanings of their own.",
            "",
        ),
        ("hash value is not", "The field holds text that is no number. HGET shows it.", ""),
        (
            "increment or decrement would",
            "Counters are 64-bit whole numbers, and this one would become larger than that.",
            "",
        ),
        (
            "decrement would",
            "Counters are 64-bit whole numbers, and this one would become smaller than that.",
            "",
        ),
        ("increment would produce", "The sum is no number that Redis can keep.", ""),
        (
            "Number of keys can't",
            "The number before the keys is greater than the number of words behind it.",
            "",
        ),
        ("The `numfields`", "The number before the fields has to be the number of fields behind it.", ""),
        (
            "DUMP payload",
            "What RESTORE gets must be exactly what DUMP gave, in quotes with all its escapes.",
            "",
        ),
    ];
    let bare = text.strip_prefix("ERR ").unwrap_or(text);
    if text.starts_with("EXECABORT") {
        return exec_aborted();
    }
    if text.starts_with("BUSYGROUP") {
        return Said("The group is there already, and was left as it is: go on and read with XREADGROUP.");
    }
    if text.starts_with("WRONGTYPE") {
        return Said("The key holds a string that PFADD did not make. Use another key for counting.");
    }
    if text.starts_with("UNBLOCKED") {
        return Said("Another session ended the waiting with CLIENT UNBLOCK.");
    }
    if text.starts_with("NOPROTO") {
        return WithUsage("Protocols are 2 and 3.");
    }
    if bare.starts_with("syntax error") {
        return Syntax;
    }
    match SAID.iter().find(|(begin, ..)| bare.starts_with(begin)) {
        Some((_, words, "")) => WithUsage(words),
        Some((_, words, offer)) => Offering(words, offer),
        None if bare.contains("not an integer") => Number("a whole number"),
        None if bare.contains("not a float") => Number("a number"),
        // The playground's own limits.
        None if bare.contains("playground") || bare.contains("session is closed") => Plain,
        None => WithUsage("One of the arguments is not what the command takes:"),
    }
}
