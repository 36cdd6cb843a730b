//! The words of every error, exactly as Redis 8.0 sends them.
//!
//! It knows nothing of when an error comes about.

use super::text::{join, one_line, protocol_error, shown, unknown_command};
use super::{Error, denied_command};
use crate::acl::{Denied, RuleError};
use crate::parse::c_text;

impl Error {
    /// The text as Redis sends it, without the leading `-` and the line's end.
    pub fn message(&self) -> Vec<u8> {
        let text = match self {
            Self::UnknownCommand { name, args } => return one_line(unknown_command(name, args)),
            Self::UnknownSubcommand { container, name } => {
                let shown = shown(name, 128);
                return one_line(join(&[
                    b"ERR unknown subcommand '",
                    shown,
                    b"'. Try ",
                    container.to_ascii_uppercase().as_bytes(),
                    b" HELP.",
                ]));
            }
            Self::SubcommandSyntax { container, name } => {
                return one_line(join(&[
                    b"ERR unknown subcommand or wrong number of arguments for '",
                    shown(name, 128),
                    b"'. Try ",
                    container.to_ascii_uppercase().as_bytes(),
                    b" HELP.",
                ]));
            }
            Self::NoStreamGroup { key, group, reading } => {
                let place: &[u8] = if *reading { b" in XREADGROUP with GROUP option" } else { b"" };
                return one_line(join(&[
                    b"NOGROUP No such key '",
                    c_text(key),
                    b"' or consumer group '",
                    c_text(group),
                    b"'",
                    place,
                ]));
            }
            Self::NoGroupForKey { key, group } => {
                return one_line(join(&[
                    b"NOGROUP No such consumer group '",
                    c_text(group),
                    b"' for key name '",
                    c_text(key),
                    b"'",
                ]));
            }
            Self::UnknownClaimOption { option } => {
                return one_line(join(&[b"ERR Unrecognized XCLAIM option '", c_text(option), b"'"]));
            }
            Self::UnsupportedOption { option } => {
                return one_line(join(&[b"ERR Unsupported option ", c_text(option)]));
            }
            Self::UnknownPfdebug { name } => {
                return one_line(join(&[b"ERR Unknown PFDEBUG subcommand '", c_text(name), b"'"]));
            }
            Self::Said { text, .. } => return one_line(text.clone()),
            Self::NoLatencySamples { event } => {
                return one_line(join(&[b"ERR No samples available for event '", c_text(event), b"'"]));
            }
            Self::UnknownArgument { argument } => {
                return one_line(join(&[b"ERR unknown argument: ", c_text(argument)]));
            }
            Self::HelloOption { option } => {
                return one_line(join(&[b"ERR Syntax error in HELLO option '", c_text(option), b"'"]));
            }
            Self::UnknownClientType { name } => {
                return one_line(join(&[b"ERR Unknown client type '", c_text(name), b"'"]));
            }
            Self::UnrecognizedOption { option } => {
                return one_line(join(&[b"ERR Unrecognized option '", c_text(option), b"'"]));
            }
            Self::ClientAttribute { name } => {
                let fault = b" cannot contain spaces, newlines or special characters.";
                return one_line(join(&[b"ERR ", c_text(name), fault]));
            }
            Self::NoSuchUser { name } => {
                return one_line(join(&[b"ERR No such user '", c_text(name), b"'"]));
            }
            Self::OverlappingPrefixes { prefix, other, existing } => {
                let which: &[u8] = if *existing { b"an existing" } else { b"another provided" };
                return one_line(join(&[
                    b"ERR Prefix '",
                    c_text(prefix),
                    b"' overlaps with ",
                    which,
                    b" prefix '",
                    c_text(other),
                    b"'. Prefixes for a single client must not overlap.",
                ]));
            }
            Self::UnknownSetting { name } => {
                return one_line(join(&[
                    b"ERR Unknown option or number of arguments for CONFIG SET - '",
                    c_text(name),
                    b"'",
                ]));
            }
            Self::UnsupportedSetting { name } => {
                return one_line(join(&[
                    b"ERR setting '",
                    name,
                    b"' is not supported by the Redis playground",
                ]));
            }
            Self::ConfigSet { name, reason } => {
                return one_line(join(&[
                    b"ERR CONFIG SET failed (possibly related to argument '",
                    c_text(name),
                    b"') - ",
                    reason.as_bytes(),
                ]));
            }
            Self::ExactlyOneOf { choice, command } => {
                return one_line(join(&[
                    b"ERR exactly one of ",
                    choice.as_bytes(),
                    b" can be specified for ",
                    c_text(command),
                ]));
            }
            Self::ExecRefused { because } => {
                let because = because.message();
                let because = because.strip_prefix(b"ERR ").unwrap_or(&because);
                return join(&[b"EXECABORT Transaction discarded because of: ", because]);
            }
            Self::DeniedCommand { user, command } => {
                return one_line(join(&[b"NOPERM ", &denied_command(user, command)]));
            }
            Self::AclRule { rule, reason } => {
                return one_line(join(&[
                    b"ERR Error in ACL SETUSER modifier '",
                    c_text(rule),
                    b"': ",
                    rule_error(*reason).as_bytes(),
                ]));
            }
            Self::AclUnclosedSelector { start } => {
                return one_line(join(&[
                    b"ERR Unmatched parenthesis in acl selector starting at '",
                    c_text(start),
                    b"'.",
                ]));
            }
            Self::UnknownCategory { name } => {
                return one_line(join(&[b"ERR Unknown category '", shown(name, 128), b"'"]));
            }
            Self::UserNotFound { name } => {
                return one_line(join(&[b"ERR User '", c_text(name), b"' not found"]));
            }
            Self::CommandNotFound { name } => {
                return one_line(join(&[b"ERR Command '", c_text(name), b"' not found"]));
            }
            Self::Protocol(error) => {
                return one_line(join(&[b"ERR Protocol error: ", &protocol_error(*error)]));
            }
            Self::Unsupported { command } => {
                format!("ERR command '{command}' is not supported by the Redis playground")
            }
            Self::WrongArity { command } => format!("ERR wrong number of arguments for '{command}' command"),
            Self::NotWhileListening { command } => format!(
                "ERR Can't execute '{command}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are \
                allowed in this context"
            ),
            Self::InvalidExpireTime { command } => format!("ERR invalid expire time in '{command}' command"),
            Self::Syntax => "ERR syntax error".into(),
            Self::WrongType => "WRONGTYPE Operation against a key holding the wrong kind of value".into(),
            Self::ModulesNotAllowed => {
                "ERR MODULE command not allowed. If the enable-module-command option is set to \"local\", you can \
                run it from a local connection, otherwise you need to set this option in the configuration file, \
                and then restart the server."
                    .into()
            }
            Self::NotAnInteger => "ERR value is not an integer or out of range".into(),
            Self::NotA32BitInteger => {
                "ERR value is out of range, value must between -2147483648 and 2147483647".into()
            }
            Self::NoOpposite => {
                "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807"
                    .into()
            }
            Self::NotAFloat => "ERR value is not a valid float".into(),
            Self::NoSuchKey => "ERR no such key".into(),
            Self::DbIndexOutOfRange => "ERR DB index is out of range".into(),
            Self::InvalidFirstDbIndex => "ERR invalid first DB index".into(),
            Self::InvalidSecondDbIndex => "ERR invalid second DB index".into(),
            Self::InvalidCursor => "ERR invalid cursor".into(),
            Self::ExpireNxIncompatible => {
                "ERR NX and XX, GT or LT options at the same time are not compatible".into()
            }
            Self::ExpireGtLtIncompatible => {
                "ERR GT and LT options at the same time are not compatible".into()
            }
            Self::BusyKey => "BUSYKEY Target key name already exists.".into(),
            Self::SameObject => "ERR source and destination objects are the same".into(),
            Self::LfuNotSelected => {
                "ERR An LFU maxmemory policy is not selected, access frequency not tracked. \
                Please note that when switching between policies at runtime LRU and LFU data will take \
                some time to adjust."
                    .into()
            }
            Self::LruNotTracked => {
                "ERR An LFU maxmemory policy is selected, idle time not tracked. Please note \
                that when switching between policies at runtime LRU and LFU data will take some time to \
                adjust."
                    .into()
            }
            Self::StringTooLong => "ERR string exceeds maximum allowed size (proto-max-bulk-len)".into(),
            Self::OutOfMemory => "OOM command not allowed when used memory > 'maxmemory'.".into(),
            Self::GetKeysInvalidCommand => "ERR Invalid command specified".into(),
            Self::GetKeysInvalidArguments => "ERR Invalid number of arguments specified for command".into(),
            Self::GetKeysNoKeys => "ERR The command has no key arguments".into(),
            Self::OutOfRange => "ERR value is out of range".into(),
            Self::IndexOutOfRange => "ERR index out of range".into(),
            Self::NotPositive => "ERR value is out of range, must be positive".into(),
            Self::NumkeysNotPositive => "ERR numkeys should be greater than 0".into(),
            Self::CountNotPositive => "ERR count should be greater than 0".into(),
            Self::NegativeLimit => "ERR LIMIT can't be negative".into(),
            Self::NoInputKeys { command } => {
                format!("ERR at least 1 input key is needed for '{command}' command")
            }
            Self::InvalidPlace { pair } => format!("ERR invalid longitude,latitude pair {pair}"),
            Self::NotAScoreRange => "ERR min or max is not a float".into(),
            Self::NotALexRange => "ERR min or max not valid string range item".into(),
            Self::TimeoutNotAFloat => "ERR timeout is not a float or out of range".into(),
            Self::TimeoutNotAnInteger => "ERR timeout is not an integer or out of range".into(),
            Self::TimeoutNegative => "ERR timeout is negative".into(),
            Self::TimeoutOutOfRange => "ERR timeout is out of range".into(),
            Self::ScoreNotANumber => "ERR resulting score is not a number (NaN)".into(),
            Self::BusyScript => {
                "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.".into()
            }
            Self::BusyFunction => {
                "BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.".into()
            }
            Self::NoReplicas => "NOREPLICAS Not enough good replicas to write.".into(),
            Self::NoScript => "NOSCRIPT No matching script. Please use EVAL.".into(),
            Self::NoAuth => "NOAUTH Authentication required.".into(),
            Self::WrongPass => "WRONGPASS invalid username-password pair or user is disabled.".into(),
            Self::DeniedKey => "NOPERM No permissions to access a key".into(),
            Self::DeniedChannel => "NOPERM No permissions to access a channel".into(),
            Self::DeniedAtExec(denied) => {
                let reason = match denied {
                    Denied::Command => "no permission to execute the command or subcommand",
                    Denied::Key(_) => "no permission to touch the specified keys",
                    Denied::Channel(_) => {
                        "no permission to access one of the channels used as arguments to the command"
                    }
                };
                format!(
                    "NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC \
                    call. This command is no longer allowed for the following reason: {reason}"
                )
            }
            Self::Fixed(text) => (*text).into(),
        };
        text.into_bytes()
    }
}

fn rule_error(reason: RuleError) -> &'static str {
    match reason {
        RuleError::Unknown => "Unknown command or category name in ACL",
        RuleError::Syntax => "Syntax error",
        RuleError::AfterAllKeys => {
            "Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not have any \
            effect. Try 'resetkeys' to start with an empty list of patterns"
        }
        RuleError::AfterAllChannels => {
            "Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does not have any \
            effect. Try 'resetchannels' to start with an empty list of channels"
        }
        RuleError::NoSuchPassword => "The password you are trying to remove from the user does not exist",
        RuleError::PasswordHash => {
            "The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters"
        }
        RuleError::FirstArgOfSubcommand => "Allowing first-arg of a subcommand is not supported",
    }
}
