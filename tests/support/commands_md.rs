//! COMMANDS.md, made from the command table: what there is, and what is declared missing.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use playground_engine::command::{self, CommandSpec, UNSUPPORTED, syntax};

/// Redis's groups, in the order of its documentation, with their titles.
const GROUPS: [(&str, &str); 17] = [
    ("generic", "Generic"),
    ("string", "String"),
    ("hash", "Hash"),
    ("list", "List"),
    ("set", "Set"),
    ("sorted-set", "Sorted set"),
    ("stream", "Stream"),
    ("bitmap", "Bitmap"),
    ("hyperloglog", "HyperLogLog"),
    ("geo", "Geo"),
    ("pubsub", "Pub/Sub"),
    ("transactions", "Transactions"),
    ("scripting", "Scripting"),
    ("connection", "Connection"),
    ("server", "Server"),
    ("cluster", "Cluster"),
    ("module", "Vector set"),
];

/// A row: the line to type, the version, and what it does if it is supported.
struct Row {
    name: String,
    since: &'static str,
    summary: Option<&'static str>,
    /// Where it is not supported, and never will be: why.
    why: Option<&'static str>,
}

/// The whole file.
pub fn render() -> String {
    let mut groups = rows();
    let supported = groups.values().flatten().filter(|row| row.summary.is_some()).count();
    let all: usize = groups.values().map(Vec::len).sum();
    let mut out = format!(
        "# Commands\n\nEvery command and subcommand of Redis 8.0: {supported} of {all} are supported. A command that is \
         not supported answers with an\nerror that says so. This file is written by `cargo xtask generate`; do not edit it.\n"
    );
    let stray = groups.keys().find(|group| GROUPS.iter().all(|(known, _)| known != *group));
    assert_eq!(stray, None, "a group without a title");
    let present: Vec<_> = GROUPS.into_iter().filter(|(group, _)| groups.contains_key(group)).collect();
    for (group, title) in present {
        let mut rows = groups.remove(group).unwrap_or_default();
        rows.sort_by(|a, b| a.name.cmp(&b.name));
        section(&mut out, title, &rows);
    }
    out
}

fn section(out: &mut String, title: &str, rows: &[Row]) {
    let supported = rows.iter().filter(|row| row.summary.is_some()).count();
    // Writing to a String cannot fail.
    let _ = write!(out, "\n## {title}\n\n{supported} of {}\n\n", rows.len());
    out.push_str("| command | since | |\n| --- | --- | --- |\n");
    for Row { name, since, summary, why } in rows {
        let name = name.replace('|', "\\|");
        let gap = || why.map_or_else(|| "not supported".to_owned(), |why| format!("not supported: {why}"));
        let text = summary.map_or_else(gap, ToOwned::to_owned);
        let _ = writeln!(out, "| `{name}` | {since} | {text} |");
    }
}

/// All rows by group.
fn rows() -> BTreeMap<&'static str, Vec<Row>> {
    let mut groups: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    for spec in command::every() {
        let row = Row { name: line(spec), since: spec.since, summary: Some(spec.summary), why: None };
        groups.entry(spec.group.word()).or_default().push(row);
    }
    for gap in UNSUPPORTED {
        let name = gap.name.to_ascii_uppercase().replace('|', " ");
        groups.entry(gap.group).or_default().push(Row {
            name,
            since: gap.since,
            summary: None,
            why: gap.why,
        });
    }
    groups
}

fn line(spec: &CommandSpec) -> String {
    let arguments = syntax::parse(spec.syntax).unwrap_or_default();
    let name = spec.name.to_ascii_uppercase().replace('|', " ");
    format!("{name} {}", syntax::usage(&arguments)).trim_end().to_owned()
}
