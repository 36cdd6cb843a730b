//! SORT and `SORT_RO`: the elements of a list, a set or a sorted set in an order that the client chooses.
//!
//! The command is a small query: load the elements, look up what to weigh each by, put them in order, and look up what
//! to show of each. [`request`] reads the options, [`pattern`] makes names of keys out of elements, [`order`] compares and
//! sorts; the steps are joined here.

mod order;
mod pattern;
mod request;

use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::guard;
use crate::keyspace::{Db, Edit};
use crate::reply::Reply;
use crate::value::list::{End, Fill};
use crate::value::listpack::Entry;
use crate::value::set::Member;
use crate::value::{List, Set, SortedSet, ValueType};
use order::Item;
use request::Request;

const SORT: CommandSpec = CommandSpec {
    group: Group::Generic,
    arity: -2,
    acl: &["set", "sortedset", "list", "dangerous"],
    complexity: "O(N+M*log(M)), N being the elements and M those shown; without sorting O(N)",
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "sort",
        flags: Flags::WRITE.union(Flags::DENYOOM).union(Flags::MOVABLEKEYS),
        keys: &[
            KeySpec::one(1, KeyFlags::READ),
            KeySpec::unknown(KeyFlags::READ),
            KeySpec::unknown(KeyFlags::STORE),
        ],
        find_keys: Some(keys),
        summary: "Shows or stores the elements of a list, set or sorted set in order: their own, or that of other keys.",
        syntax: "key:key#0 [by-pattern\"pattern\":pattern=BY#1] [limit{offset:integer count:integer}=LIMIT] \
            [get-pattern\"pattern\":pattern=GET#1*+] [order(asc=ASC | desc=DESC)] [sorting=ALPHA] \
            [destination:key=STORE#2]",
        example: "> RPUSH ids 2 3 1\n(integer) 3\n> SORT ids DESC\n1) \"3\"\n2) \"2\"\n3) \"1\"\n\
            > MSET age:1 40 age:2 60 age:3 50\nOK\n> SORT ids BY age:* GET # GET age:* LIMIT 0 2\n1) \"1\"\n2) \"40\"\n\
            3) \"3\"\n4) \"50\"",
        run: Some(|context, args| sort(context, args, true)),
        ..SORT
    },
    CommandSpec {
        name: "sort_ro",
        since: "7.0.0",
        flags: Flags::READONLY.union(Flags::MOVABLEKEYS),
        keys: &[KeySpec::one(1, KeyFlags::READ), KeySpec::unknown(KeyFlags::READ)],
        find_keys: Some(source),
        summary: "Shows the elements of a list, set or sorted set in order; it cannot store them.",
        syntax: "key:key#0 [by-pattern\"pattern\":pattern=BY#1] [limit{offset:integer count:integer}=LIMIT] \
            [get-pattern\"pattern\":pattern=GET#1*+] [order(asc=ASC | desc=DESC)] [sorting=ALPHA]",
        example: "> RPUSH names tom ann zoe\n(integer) 3\n> SORT_RO names ALPHA LIMIT 0 2\n1) \"ann\"\n2) \"tom\"",
        run: Some(|context, args| sort(context, args, false)),
        ..SORT
    },
];

/// The key that is sorted.
fn source(_: &[Vec<u8>]) -> Option<Vec<(usize, KeyFlags)>> {
    Some(vec![(1, KeyFlags::READ)])
}

/// The key that is sorted and the last one that is stored to.
fn keys(argv: &[Vec<u8>]) -> Option<Vec<(usize, KeyFlags)>> {
    let mut stored = None;
    let mut at = 2;
    while let Some(word) = argv.get(at) {
        let is = |name: &[u8]| word.eq_ignore_ascii_case(name);
        if is(b"STORE") && at + 1 < argv.len() {
            stored = Some(at + 1);
        }
        at += match () {
            () if is(b"LIMIT") => 3,
            () if is(b"BY") || is(b"GET") || is(b"STORE") => 2,
            () => 1,
        };
    }
    let stored = stored.map(|at| (at, KeyFlags::STORE));
    Some([(1, KeyFlags::READ)].into_iter().chain(stored).collect())
}

fn sort(context: &mut Context<'_>, args: &mut Args, may_store: bool) -> CommandResult {
    let may_look = guard::may_read_any_key(context, args.line());
    let key = args.take()?;
    let mut request = Request::parse(args, may_store, may_look)?;
    let fill = context.around.config.list_max_listpack_size;
    let is_from_script = context.in_script;
    let mut db = context.db()?;
    let elements = load(&mut db, &key, &mut request, is_from_script)?;
    let shown = order(&mut db, elements, &request)?;
    let output = output(&mut db, shown, &request);
    match request.store {
        Some(destination) => Ok(store(&mut db, destination, &output, fill)),
        None => Ok(Reply::Array(output.into_iter().map(Reply::bulk_or_nil).collect())),
    }
}

/// The elements to be put in order; those to be shown, where they have an order that is to be kept.
fn load(
    db: &mut Db<'_>,
    key: &[u8],
    request: &mut Request,
    is_from_script: bool,
) -> Result<Vec<Vec<u8>>, Error> {
    if db.read_value(key).and_then(SortedSet::of).is_some_and(SortedSet::is_packed) {
        // Redis looks only into the big encoding, and leaves the set in it.
        db.edit(key, |set: &mut SortedSet, around| {
            set.enlarge(set.len(), &mut around.rng);
            Edit::unchanged(())
        })?;
    }
    let Some(value) = db.peek(key) else { return Ok(Vec::new()) };
    if let Some(list) = List::of(value) {
        return Ok(from_list(list, request));
    }
    if let Some(set) = SortedSet::of(value) {
        return Ok(from_sorted_set(set, request));
    }
    let set = Set::of(value).ok_or(Error::WrongType)?;
    if request.keeps_order && (request.store.is_some() || is_from_script) {
        // A set has no order to be kept, and what is stored, or a script goes by, must not depend on chance.
        request.sort_by_bytes();
    }
    let elements = set.iter().map(Member::to_vec).collect();
    Ok(if request.keeps_order { request.cut(elements) } else { elements })
}

fn from_list(list: &List, request: &Request) -> Vec<Vec<u8>> {
    if !request.keeps_order {
        return list.iter().map(Entry::to_vec).collect();
    }
    let window = request.window(list.len());
    let (from, start) = match window.is_empty() {
        true => return Vec::new(),
        false if request.descending => (End::Tail, list.len() - 1 - window.start),
        false => (End::Head, window.start),
    };
    list.iter_at(start, from).take(window.len()).map(Entry::to_vec).collect()
}

fn from_sorted_set(set: &SortedSet, request: &Request) -> Vec<Vec<u8>> {
    if !request.keeps_order {
        return set.iter().map(|(member, _)| member.into_owned()).collect();
    }
    let window = request.window(set.len());
    if request.descending {
        let ranks = set.len() - window.end..set.len() - window.start;
        return set.range(ranks).rev().map(|(member, _)| member.into_owned()).collect();
    }
    set.range(window).map(|(member, _)| member.into_owned()).collect()
}

/// Weighs the elements, puts them in order and cuts them to those that are shown.
fn order(db: &mut Db<'_>, elements: Vec<Vec<u8>>, request: &Request) -> Result<Vec<Vec<u8>>, Error> {
    if request.keeps_order {
        return Ok(elements);
    }
    let mut items = Vec::with_capacity(elements.len());
    let mut all_numbers = true;
    for element in elements {
        let item = Item::weigh(db, element, request);
        all_numbers &= item.is_some();
        items.extend(item);
    }
    if !all_numbers {
        return Err(Error::Fixed("ERR One or more scores can't be converted into double"));
    }
    let window = request.window(items.len());
    order::sort(&mut items, window, request);
    Ok(request.cut(items.into_iter().map(Item::into_element).collect()))
}

/// What is shown of the elements: themselves, or what the patterns lead to.
fn output(db: &mut Db<'_>, elements: Vec<Vec<u8>>, request: &Request) -> Vec<Option<Vec<u8>>> {
    if request.get.is_empty() {
        return elements.into_iter().map(Some).collect();
    }
    let mut output = Vec::with_capacity(elements.len().saturating_mul(request.get.len()));
    for element in &elements {
        output.extend(request.get.iter().map(|pattern| pattern.look_up(db, element)));
    }
    output
}

/// Makes a list of the output; what was not there is an empty element.
fn store(db: &mut Db<'_>, destination: Vec<u8>, output: &[Option<Vec<u8>>], fill: Fill) -> Reply {
    let mut list = List::big(fill);
    for element in output {
        list.push(End::Tail, element.as_deref().unwrap_or_default());
    }
    list.settle(fill);
    Reply::count(db.store(destination, list, "sortstore"))
}
