//! The shapes of COMMAND INFO and COMMAND DOCS, made from a spec.

use crate::command::spec::{BeginSearch, CommandSpec, FindKeys, KeySpec};
use crate::command::syntax::{self, Argument, Kind};
use crate::reply::Reply;

/// One command as COMMAND INFO shows it.
pub fn info(spec: &CommandSpec) -> Reply {
    let (first, last, step) = legacy_range(spec.keys);
    Reply::Array(vec![
        Reply::bulk(spec.name),
        Reply::Integer(spec.arity.into()),
        Reply::Set(spec.flags.words().map(Reply::status).collect()),
        Reply::Integer(first.into()),
        Reply::Integer(last.into()),
        Reply::Integer(step.into()),
        Reply::Set(spec.acl_categories().into_iter().map(|c| Reply::status_of(format!("@{c}"))).collect()),
        Reply::Set(spec.tips.iter().copied().map(Reply::bulk).collect()),
        Reply::Set(spec.keys.iter().map(key_spec).collect()),
        // The real server calls an empty list of subcommands a set, and a full one an array.
        match spec.subcommands {
            [] => Reply::Set(Vec::new()),
            subcommands => Reply::Array(subcommands.iter().map(info).collect()),
        },
    ])
}

/// First key, last key and step, from the time before key specs: those that a range can tell, joined where they touch.
fn legacy_range(specs: &[KeySpec]) -> (i32, i32, i32) {
    let mut whole: Option<(i32, i32, i32)> = None;
    for spec in specs {
        let (BeginSearch::Index(begin), FindKeys::Range { last, step, .. }) = (spec.begin, spec.find) else {
            continue;
        };
        let last = if last >= 0 { begin + last } else { last };
        whole = match whole {
            None => Some((begin, last, step)),
            Some((first, end, 1)) if step == 1 && end >= 0 && begin == end + 1 => Some((first, last, 1)),
            other => other,
        };
    }
    whole.unwrap_or((0, 0, 0))
}

fn key_spec(spec: &KeySpec) -> Reply {
    let begin = match spec.begin {
        BeginSearch::Index(index) => search("index", vec![("index", number(index))]),
        BeginSearch::Keyword { word, from } => {
            search("keyword", vec![("keyword", Reply::bulk(word)), ("startfrom", number(from))])
        }
        BeginSearch::Unknown => search("unknown", Vec::new()),
    };
    let find = match spec.find {
        FindKeys::Range { last, step, limit } => search(
            "range",
            vec![("lastkey", number(last)), ("keystep", number(step)), ("limit", number(limit))],
        ),
        FindKeys::KeyNum { count_at, first, step } => search(
            "keynum",
            vec![("keynumidx", number(count_at)), ("firstkey", number(first)), ("keystep", number(step))],
        ),
        FindKeys::Unknown => search("unknown", Vec::new()),
    };
    map(vec![
        ("flags", Reply::Set(spec.flags.words().map(Reply::status).collect())),
        ("begin_search", begin),
        ("find_keys", find),
    ])
}

fn search(kind: &str, fields: Vec<(&str, Reply)>) -> Reply {
    map(vec![("type", Reply::bulk(kind)), ("spec", map(fields))])
}

fn number(number: i32) -> Reply {
    Reply::Integer(number.into())
}

/// One command as COMMAND DOCS shows it.
pub fn docs(spec: &CommandSpec) -> Reply {
    let mut fields = vec![
        ("summary", Reply::bulk(spec.summary)),
        ("since", Reply::bulk(spec.since)),
        ("group", Reply::bulk(spec.group.word())),
        ("complexity", Reply::bulk(spec.complexity)),
    ];
    if let Some(deprecated) = spec.deprecated {
        fields.extend([
            ("doc_flags", Reply::Set(vec![Reply::status("deprecated")])),
            ("deprecated_since", Reply::bulk(deprecated.since)),
            ("replaced_by", Reply::bulk(deprecated.replaced_by)),
        ]);
    }
    let arguments = syntax::parse(spec.syntax).unwrap_or_default();
    if !arguments.is_empty() {
        fields.push(("arguments", Reply::Array(arguments.iter().map(argument).collect())));
    }
    if !spec.subcommands.is_empty() {
        let subcommands = spec.subcommands.iter().map(|sub| (Reply::bulk(sub.name), docs(sub)));
        fields.push(("subcommands", Reply::Map(subcommands.collect())));
    }
    map(fields)
}

fn argument(argument: &Argument) -> Reply {
    let text = |text: &String| Reply::bulk(text.as_str());
    let mut fields = vec![("name", text(&argument.name)), ("type", Reply::bulk(argument.kind.word()))];
    if !matches!(argument.kind, Kind::OneOf(_) | Kind::Block(_)) {
        fields.push(("display_text", text(argument.display.as_ref().unwrap_or(&argument.name))));
    }
    if let Some(index) = argument.key_spec {
        fields.push(("key_spec_index", Reply::count(index)));
    }
    if let Some(token) = &argument.token {
        fields.push(("token", text(token)));
    }
    if let Some(since) = &argument.since {
        fields.push(("since", text(since)));
    }
    let flags = [
        (argument.optional, "optional"),
        (argument.multiple, "multiple"),
        (argument.multiple_token, "multiple_token"),
    ];
    let flags: Vec<_> =
        flags.into_iter().filter(|(on, _)| *on).map(|(_, word)| Reply::status(word)).collect();
    if !flags.is_empty() {
        fields.push(("flags", Reply::Set(flags)));
    }
    if let Kind::OneOf(parts) | Kind::Block(parts) = &argument.kind {
        fields.push(("arguments", Reply::Array(parts.iter().map(self::argument).collect())));
    }
    map(fields)
}

fn map(fields: Vec<(&str, Reply)>) -> Reply {
    Reply::Map(fields.into_iter().map(|(name, value)| (Reply::bulk(name), value)).collect())
}
