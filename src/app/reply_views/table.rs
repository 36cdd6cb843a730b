//! A reply as rows and columns, by its shape.

use std::borrow::Cow;

use playground_engine::Reply;

use super::{bare, in_line};

/// More columns than this are no table.
const COLUMNS: usize = 12;
/// Rows by which the columns of uneven rows are found.
const PROBED: usize = 200;

/// Rows and columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub head: Vec<String>,
    /// As many as were asked for.
    pub rows: Vec<Vec<String>>,
    /// How many there are.
    pub total: usize,
}

/// A reply as a table of at most so many rows; none where it is a single value.
pub fn table(reply: &Reply, limit: usize) -> Option<Table> {
    let reply = bare(reply);
    match reply {
        Reply::Map(pairs) if !pairs.is_empty() => Some(of_pairs(["Field", "Value"], pairs, limit)),
        Reply::Pairs(pairs) if !pairs.is_empty() => {
            let scored = pairs.iter().all(|(_, second)| matches!(bare(second), Reply::Double(_)));
            Some(of_pairs(if scored { ["Member", "Score"] } else { ["First", "Second"] }, pairs, limit))
        }
        Reply::Keyed(pairs) if !pairs.is_empty() => Some(of_keyed(pairs, limit)),
        Reply::Array(items) | Reply::Set(items) if !items.is_empty() => Some(of_items(items, limit)),
        Reply::Push(items) if !items.is_empty() => Some(of_items(items, limit)),
        _ => None,
    }
}

fn of_pairs(head: [&str; 2], pairs: &[(Reply, Reply)], limit: usize) -> Table {
    let rows = pairs.iter().take(limit).map(|(a, b)| vec![in_line(a), in_line(b)]).collect();
    Table { head: head.map(str::to_owned).to_vec(), rows, total: pairs.len() }
}

/// Each key with the rows of what stands under it.
fn of_keyed(pairs: &[(Reply, Reply)], limit: usize) -> Table {
    let inner: Vec<_> = pairs.iter().map(|(key, value)| (in_line(key), table(value, limit))).collect();
    let mut first: Vec<String> = Vec::new();
    for (_, table) in &inner {
        for name in table.iter().flat_map(|table| &table.head) {
            if !first.contains(name) {
                first.push(name.clone());
            }
        }
    }
    first.truncate(COLUMNS - 1);
    let total = inner.iter().map(|(_, table)| table.as_ref().map_or(1, |table| table.total)).sum();
    let mut rows = Vec::new();
    for (key, table) in inner {
        for row in table.iter().flat_map(|table| &table.rows) {
            let place =
                |name: &String| table.iter().flat_map(|table| &table.head).position(|own| own == name);
            let cells =
                first.iter().map(|name| place(name).and_then(|at| row.get(at).cloned()).unwrap_or_default());
            rows.push(std::iter::once(key.clone()).chain(cells).collect());
        }
    }
    rows.truncate(limit);
    Table { head: std::iter::once("Key".to_owned()).chain(first).collect(), rows, total }
}

fn of_items(items: &[Reply], limit: usize) -> Table {
    entries(items, limit)
        .or_else(|| records(items, limit))
        .or_else(|| tuples(items, limit))
        .unwrap_or_else(|| flat(items, limit))
}

fn elements(reply: &Reply) -> Option<&[Reply]> {
    match bare(reply) {
        Reply::Array(items) | Reply::Set(items) => Some(items),
        Reply::Push(items) => Some(items),
        _ => None,
    }
}

/// The fields of a map, or of the flat array of names and values that stands for one.
fn fields(reply: &Reply) -> Option<Vec<(Cow<'_, str>, &Reply)>> {
    let name = |reply| Cow::Owned(in_line(reply));
    match bare(reply) {
        Reply::Map(pairs) | Reply::Pairs(pairs) => {
            Some(pairs.iter().map(|(key, value)| (name(key), value)).collect())
        }
        Reply::Array(items) if items.len().is_multiple_of(2) => {
            let (pairs, _) = items.as_chunks::<2>();
            Some(pairs.iter().map(|[key, value]| (name(key), value)).collect())
        }
        _ => None,
    }
}

/// Entries of a stream: an ID, and fields with their values.
fn entries(items: &[Reply], limit: usize) -> Option<Table> {
    let entry = |item| match elements(item)? {
        [id, content] if is_id(id) => Some((in_line(id), fields(content)?)),
        _ => None,
    };
    let probed: Option<Vec<_>> = items.iter().take(PROBED).map(entry).collect();
    let names = names(probed?.iter().map(|(_, fields)| fields.as_slice()), COLUMNS - 1);
    let total = items.len();
    let shown = items.iter().take(limit).filter_map(entry);
    let Some(names) = names else {
        // Too many different fields for columns.
        let row = |(id, fields): (String, Vec<(Cow<'_, str>, &Reply)>)| {
            let told: Vec<_> =
                fields.iter().map(|(name, value)| format!("{name}: {}", in_line(value))).collect();
            vec![id, told.join(", ")]
        };
        return Some(Table {
            head: vec!["ID".into(), "Fields".into()],
            rows: shown.map(row).collect(),
            total,
        });
    };
    let rows =
        shown.map(|(id, fields)| std::iter::once(id).chain(cells(&names, &fields)).collect()).collect();
    Some(Table { head: std::iter::once("ID".to_owned()).chain(names).collect(), rows, total })
}

/// Whether it is written as the ID of an entry: `1700000000000-0`.
fn is_id(reply: &Reply) -> bool {
    let Reply::Bulk(bytes) = bare(reply) else { return false };
    let is_number = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    let mut parts = bytes.splitn(2, |byte| *byte == b'-');
    parts.next().is_some_and(is_number) && parts.next().is_some_and(is_number)
}

/// Maps, one below the other, as `XINFO GROUPS` answers.
fn records(items: &[Reply], limit: usize) -> Option<Table> {
    let record = |item| match bare(item) {
        Reply::Map(_) => fields(item),
        _ => None,
    };
    let probed: Option<Vec<_>> = items.iter().take(PROBED).map(record).collect();
    let names = names(probed?.iter().map(Vec::as_slice), COLUMNS)?;
    let rows =
        items.iter().take(limit).filter_map(record).map(|fields| cells(&names, &fields).collect()).collect();
    Some(Table { head: names, rows, total: items.len() })
}

/// All names of fields, in the order in which they come; none where there are too many.
fn names<'f>(
    rows: impl Iterator<Item = &'f [(Cow<'f, str>, &'f Reply)]>,
    most: usize,
) -> Option<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in rows.flatten() {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_string());
        }
        if names.len() > most {
            return None;
        }
    }
    Some(names)
}

fn cells<'f>(
    names: &'f [String],
    fields: &'f [(Cow<'f, str>, &'f Reply)],
) -> impl Iterator<Item = String> + 'f {
    names.iter().map(|name| {
        let field = fields.iter().find(|(own, _)| own == name);
        field.map(|(_, value)| in_line(value)).unwrap_or_default()
    })
}

/// Arrays, one below the other; some of them may be missing.
fn tuples(items: &[Reply], limit: usize) -> Option<Table> {
    let row = |item: &Reply| match bare(item) {
        Reply::Nil | Reply::NilArray => Some(vec!["(nil)".to_owned()]),
        item => Some(elements(item)?.iter().take(COLUMNS).map(in_line).collect()),
    };
    if items.iter().take(PROBED).all(|item| elements(item).is_none()) {
        return None;
    }
    let probed: Option<Vec<_>> = items.iter().take(PROBED).map(row).collect();
    let width = probed?.iter().map(Vec::len).max().unwrap_or_default();
    let numbered =
        |(at, item)| Some(std::iter::once(format!("{}", at + 1)).chain(row(item)?).collect::<Vec<_>>());
    let rows = items.iter().enumerate().take(limit).filter_map(numbered).collect();
    let head = std::iter::once("#".to_owned()).chain((1..=width).map(|column| column.to_string())).collect();
    Some(Table { head, rows, total: items.len() })
}

fn flat(items: &[Reply], limit: usize) -> Table {
    let rows =
        items.iter().enumerate().take(limit).map(|(at, item)| vec![(at + 1).to_string(), in_line(item)]);
    Table { head: vec!["#".into(), "Value".into()], rows: rows.collect(), total: items.len() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use playground_engine::{Engine, Options, parse};

    fn told(lines: &[&str]) -> String {
        let mut engine = Engine::new(Options::default());
        let session = engine.connect();
        let mut reply = Reply::OK;
        for line in lines {
            reply = engine.execute(session, parse::split_line(line.as_bytes()).expect("well-formed")).reply;
        }
        let Some(table) = table(&reply, 10) else { return "no table".into() };
        let rows = std::iter::once(table.head).chain(table.rows).map(|row| row.join("|"));
        rows.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn every_shape_has_its_table() {
        assert_eq!(told(&["HSET h a 1 b \"x y\"", "HGETALL h"]), "Field|Value\na|1\nb|x y");
        assert_eq!(told(&["ZADD z 1.5 a 2 b", "ZRANGE z 0 -1 WITHSCORES"]), "Member|Score\na|1.5\nb|2");
        assert_eq!(told(&["CONFIG GET maxmemory-samples"]), "Field|Value\nmaxmemory-samples|5");
        assert_eq!(
            told(&["XADD s 1-1 a 1", "XADD s 1-2 a 2 b 3", "XRANGE s - +"]),
            "ID|a|b\n1-1|1|\n1-2|2|3"
        );
        assert_eq!(told(&["XADD s 1-1 a 1", "XREAD STREAMS s 0"]), "Key|ID|a\ns|1-1|1");
        assert!(
            told(&["XGROUP CREATE s g $ MKSTREAM", "XINFO GROUPS s"]).starts_with("name|consumers|pending|")
        );
        assert_eq!(told(&["MSET a 1 b \"\\xff\"", "MGET a none b"]), "#|Value\n1|1\n2|(nil)\n3|\"\\xff\"");
        assert!(told(&["GEOADD g 13 38 p", "GEOPOS g p none"]).starts_with("#|1|2\n1|12.9999"));
        assert_eq!(told(&["PING"]), "no table");
        assert_eq!(told(&["KEYS *"]), "no table");
    }

    #[test]
    fn no_more_rows_than_asked_for_are_made() {
        let reply = Reply::Array(vec![Reply::Integer(1); 1_000]);
        let table = table(&reply, 5).expect("a table");
        assert_eq!((table.rows.len(), table.total), (5, 1_000));
    }
}
