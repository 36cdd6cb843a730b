//! The list of keys through the bridge: filters, orders, trees, and that what is kept step by step is what a pass gives.

use super::*;
use crate::bridge::Intent;
use crate::state::keys::SpaceView;

fn run(bridge: &mut Bridge, line: &str) {
    bridge.perform(Intent::Run(vec![line.to_owned()]));
}

fn wish(bridge: &mut Bridge, intent: KeysIntent) -> Listing {
    bridge.perform(Intent::Keys(intent));
    bridge.listing()
}

fn arrange(bridge: &mut Bridge, arrangement: Arrangement) -> Vec<String> {
    shown(&wish(bridge, KeysIntent::Arrange(arrangement)))
}

/// Rows as text: a namespace with its keys, by how deep they are.
fn shown(listing: &Listing) -> Vec<String> {
    let show = |line: &Line| {
        let name = String::from_utf8_lossy(line.name().get(line.from..).unwrap_or_default()).into_owned();
        let keys = match &line.entry {
            Entry::Space(space) => format!(" {}", space.share.keys),
            Entry::Key(_) => String::new(),
        };
        format!("{}{name}{keys}", " ".repeat(line.depth))
    };
    listing.lines.iter().map(show).collect()
}

fn filtered(pattern: &str) -> Filter {
    Filter { pattern: pattern.into(), ..Filter::default() }
}

fn tree() -> Arrangement {
    Arrangement { tree: true, ..Arrangement::default() }
}

fn space(listing: &Listing) -> SpaceView {
    listing.space.as_deref().cloned().expect("a namespace is chosen")
}

#[test]
fn keys_are_filtered_by_pattern_type_encoding_and_time_to_live() {
    let mut bridge = Bridge::default();
    for line in ["MSET user:1 a user:2 12 other b", "HSET user:3 f v", "ZADD board 1 a", "EXPIRE user:1 60"] {
        run(&mut bridge, line);
    }
    let mut list = |filter: Filter| arrange(&mut bridge, Arrangement::default().filtered(filter));
    assert_eq!(list(filtered("user:*")), ["user:1", "user:2", "user:3"]);
    assert_eq!(list(filtered("er")), ["other", "user:1", "user:2", "user:3"]);
    assert_eq!(list(filtered("user:[12]")), ["user:1", "user:2"]);
    assert_eq!(list(Filter { kinds: vec!["hash", "zset"], ..Filter::default() }), ["board", "user:3"]);
    assert_eq!(list(Filter { encoding: Some("int"), ..Filter::default() }), ["user:2"]);
    assert_eq!(list(Filter { volatile: Some(true), ..Filter::default() }), ["user:1"]);
    assert_eq!(list(Filter { volatile: Some(false), ..filtered("user") }), ["user:2", "user:3"]);
    assert_eq!(list(filtered("none")), [""; 0]);
    // A filter holds for what comes, changes and goes.
    list(Filter { volatile: Some(true), ..Filter::default() });
    run(&mut bridge, "EXPIRE other 5");
    run(&mut bridge, "PERSIST user:1");
    assert_eq!(shown(&bridge.listing()), ["other"]);
    bridge.perform(Intent::Step(6_000));
    assert_eq!((shown(&bridge.listing()), bridge.listing().total), (vec![], 0));
}

#[test]
fn keys_are_ordered_by_memory_time_to_live_and_idle_time() {
    let mut bridge = Bridge::default();
    for line in [
        "SET a xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx EX 50",
        "SET b 1 EX 10",
        "SET c xxxxxxxxxxxxxxxxxxxxxxxx",
    ] {
        run(&mut bridge, line);
        bridge.perform(Intent::Step(1_000));
    }
    let plain = Arrangement::default();
    assert_eq!(arrange(&mut bridge, plain.by(Order::Memory)), ["a", "c", "b"]);
    assert_eq!(arrange(&mut bridge, plain.by(Order::TimeToLive)), ["b", "a", "c"]);
    assert_eq!(arrange(&mut bridge, plain.by(Order::Idle)), ["a", "b", "c"]);
    assert_eq!(arrange(&mut bridge, Arrangement { falling: true, ..plain }), ["c", "b", "a"]);
    // Reading is told to nobody; the order is put right when the list is refreshed.
    arrange(&mut bridge, Arrangement::default().by(Order::Idle));
    run(&mut bridge, "GET a");
    assert_eq!(shown(&bridge.listing()), ["a", "b", "c"]);
    assert_eq!(shown(&wish(&mut bridge, KeysIntent::Refresh)), ["b", "c", "a"]);
    assert!(bridge.perform(Intent::Keys(KeysIntent::Refresh)).is_empty(), "nothing has happened since");
}

#[test]
fn names_make_a_tree_by_the_delimiters_that_one_chooses() {
    let mut bridge = Bridge::default();
    run(&mut bridge, "MSET user:1:name a user:1:age 3 user:2:name b user c log/a/b d log.x e user: f");
    assert_eq!(arrange(&mut bridge, tree()), ["log.x", "log/a/b", "user", "user: 4"]);
    let open = |prefix: &[u8]| KeysIntent::Toggle(prefix.into());
    let rows = shown(&wish(&mut bridge, open(b"user:")));
    assert_eq!(rows, ["log.x", "log/a/b", "user", "user: 4", " ", " 1: 2", " 2: 1"]);
    wish(&mut bridge, open(b"user:1:"));
    run(&mut bridge, "SET user:3:x 1");
    let rows = shown(&bridge.listing());
    assert_eq!(
        rows,
        ["log.x", "log/a/b", "user", "user: 5", " ", " 1: 2", "  age", "  name", " 2: 1", " 3: 1"]
    );
    run(&mut bridge, "DEL user:2:name user:1:age user:1:name");
    assert_eq!(shown(&bridge.listing()), ["log.x", "log/a/b", "user", "user: 2", " ", " 3: 1"]);
    assert_eq!(
        arrange(&mut bridge, tree().divided_by("/.")),
        ["log. 1", "log/ 1", "user", "user:", "user:3:x"]
    );
    let falling = Arrangement { falling: true, ..tree() };
    assert_eq!(arrange(&mut bridge, falling), ["user: 2", " 3: 1", " ", "user", "log/a/b", "log.x"]);
}

#[test]
fn a_namespace_is_ordered_by_what_its_keys_are_together() {
    let mut bridge = Bridge::default();
    run(&mut bridge, "MSET a:1 1 a:2 2 a:3 3 single xxxxxxxxxxxxxxxxxxxxxxxxxxx b:1 1");
    run(&mut bridge, "EXPIRE b:1 5");
    run(&mut bridge, "EXPIRE a:3 9");
    assert_eq!(arrange(&mut bridge, tree().by(Order::Memory)), ["a: 3", "single", "b: 1"]);
    assert_eq!(arrange(&mut bridge, tree().by(Order::TimeToLive)), ["b: 1", "a: 3", "single"]);
    let listing = bridge.listing();
    let Some(Entry::Space(first)) = listing.lines.first().map(|line| &line.entry) else {
        panic!("a namespace")
    };
    let size = bridge.world.engine.glance(0, b"b:1").expect("there").memory as u64;
    assert_eq!((first.share.keys, first.share.bytes), (1, size));
}

fn places(lines: &[Line]) -> Vec<(usize, usize)> {
    lines.iter().map(|line| line.among).collect()
}

/// Which each row is of those that are in the same namespace, by meeting all of them.
fn counted(lines: &[Line]) -> Vec<(usize, usize)> {
    let around = |line: &Line| line.name().get(..line.from).unwrap_or_default().to_vec();
    let beside = |at: usize| {
        let own = lines.get(at).map(around);
        lines.iter().enumerate().filter(move |(_, line)| Some(around(line)) == own).map(|(at, _)| at)
    };
    (0..lines.len()).map(|at| (beside(at).filter(|other| *other <= at).count(), beside(at).count())).collect()
}

#[test]
fn typed_letters_lead_to_the_next_row_that_begins_so() {
    let mut bridge = Bridge::default();
    run(&mut bridge, "MSET user:ann 1 user:bob 1 Usage 1 queue 1 unit 1");
    let chosen = |bridge: &mut Bridge, begins: &str, another: bool| {
        let find = KeysIntent::Find { begins: begins.into(), another };
        bridge.perform(Intent::Keys(find));
        let listing = bridge.listing();
        let at = listing.selected_at.expect("chosen");
        (String::from_utf8_lossy(listing.lines[at].name()).into_owned(), listing.revealed.1 == at)
    };
    let found = |name: &str| (name.to_owned(), true);
    // Flat: the whole name counts; rows are Usage, queue, unit, user:ann, user:bob, and unit came last.
    assert_eq!(chosen(&mut bridge, "u", true), found("user:ann"), "the row after the one that is chosen");
    assert_eq!(chosen(&mut bridge, "us", false), found("user:ann"));
    assert_eq!(chosen(&mut bridge, "us", false), found("user:ann"), "it still begins so");
    assert_eq!(chosen(&mut bridge, "u", true), found("user:bob"));
    assert_eq!(chosen(&mut bridge, "u", true), found("Usage"), "from the top again");
    arrange(&mut bridge, Arrangement { falling: true, ..Arrangement::default() });
    assert_eq!(chosen(&mut bridge, "u", true), found("user:bob"), "Usage is the last row");
    assert_eq!(chosen(&mut bridge, "u", true), found("user:ann"));
    // A tree: each row's own part counts.
    arrange(&mut bridge, tree());
    assert_eq!(chosen(&mut bridge, "us", true), found("Usage"), "what is chosen has no row here");
    assert_eq!(chosen(&mut bridge, "us", true), found("user:"));
    wish(&mut bridge, KeysIntent::Toggle(b"user:"[..].into()));
    assert_eq!(chosen(&mut bridge, "b", true), found("user:bob"));
    let none = KeysIntent::Find { begins: "zzz".into(), another: false };
    assert!(bridge.perform(Intent::Keys(none)).is_empty(), "and what is chosen stays");
}

/// Whatever happens key by key, the rows are those that one pass makes, and each row is found at its place.
#[test]
fn rows_kept_step_by_step_are_those_of_one_pass() {
    let mut arrangements = vec![Arrangement::default()];
    for order in Order::ALL {
        for falling in [false, true] {
            arrangements.push(Arrangement { falling, ..Arrangement::default().by(order) });
            arrangements.push(Arrangement { falling, ..tree().divided_by(":/").by(order) });
        }
    }
    for arrangement in arrangements {
        let mut bridge = Bridge::default();
        bridge.perform(Intent::Window { first: 0, len: 5_000 });
        let filter = Filter { volatile: Some(false), ..Filter::default() };
        arrange(&mut bridge, arrangement.filtered(filter));
        for prefix in [&b"a:"[..], b"a:1:", b"b/", b"c:2/"] {
            wish(&mut bridge, KeysIntent::Toggle(prefix.into()));
        }
        let mut seed = 7_u64;
        let mut next = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        for _ in 0..600 {
            let (a, b, c) =
                (["a:", "b/", "c:", ""][next(4) as usize], next(4), [":x", "/y", "", "z"][next(4) as usize]);
            let key = format!("{a}{b}{c}");
            let line = match next(6) {
                0 | 1 => format!("SET {key} {}", "v".repeat(next(60) as usize + 1)),
                2 => format!("DEL {key}"),
                3 => format!("EXPIRE {key} 1000"),
                4 => format!("PERSIST {key}"),
                _ => format!("RENAME {key} a:{b}:new"),
            };
            run(&mut bridge, &line);
            bridge.perform(Intent::Step(250));
            let listing = bridge.listing();
            assert_eq!(listing.total, listing.lines.len(), "{arrangement:?}");
            for (at, line) in listing.lines.iter().enumerate().filter(|(_, line)| line.key().is_some()) {
                assert_eq!(bridge.list.key_at(line.name(), &bridge.index), Some(at), "{arrangement:?}");
            }
            assert_eq!(places(&listing.lines), counted(&listing.lines), "{arrangement:?}");
        }
        // What is on the screen says the same wherever it begins.
        let all = counted(&bridge.listing().lines);
        for first in 0..all.len().saturating_sub(5) {
            bridge.perform(Intent::Window { first, len: 5 });
            assert_eq!(places(&bridge.listing().lines), all[first..first + 5], "{arrangement:?}");
        }
        bridge.perform(Intent::Window { first: 0, len: 5_000 });
        let mut kept = shown(&bridge.listing());
        bridge.list.is_stale = true;
        bridge.put_in_order();
        let mut anew = shown(&bridge.listing());
        if arrangement.order != Order::Name {
            // Rows keep their places until the list is put in order.
            (kept, anew) = {
                kept.sort();
                anew.sort();
                (kept, anew)
            };
        }
        assert_eq!(kept, anew, "{arrangement:?}");
        assert!(!kept.is_empty());
    }
}

#[test]
fn a_tree_is_walked_in_and_out() {
    let mut bridge = Bridge::default();
    run(&mut bridge, "MSET a:1 x a:2 x b x");
    arrange(&mut bridge, tree());
    bridge.perform(Intent::SelectAt(0));
    assert_eq!(space(&bridge.listing()).prefix, b"a:");
    let listing = wish(&mut bridge, KeysIntent::In);
    assert_eq!(
        (shown(&listing), listing.selected_at),
        (vec!["a: 2".into(), " 1".into(), " 2".into(), "b".into()], Some(0))
    );
    let listing = wish(&mut bridge, KeysIntent::In);
    assert_eq!((bridge.selected.as_deref(), listing.selected_at), (Some(&b"a:1"[..]), Some(1)));
    let listing = wish(&mut bridge, KeysIntent::Out);
    assert_eq!((space(&listing).prefix.as_slice(), listing.selected_at), (&b"a:"[..], Some(0)));
    let listing = wish(&mut bridge, KeysIntent::Out);
    assert_eq!(shown(&listing), ["a: 2", "b"]);
    bridge.perform(Intent::SelectAt(1));
    assert!(wish(&mut bridge, KeysIntent::Out).space.is_none(), "there is nothing around it");
}

#[test]
fn a_namespace_is_counted_and_deleted_by_commands_that_are_seen_first() {
    let mut bridge = Bridge::default();
    let pairs: Vec<_> = (0..250).map(|n| format!("job:{n:03} v")).collect();
    run(&mut bridge, &format!("MSET \"job:a b\" v other v {}", pairs.join(" ")));
    run(&mut bridge, "LPUSH job:list a b c");
    arrange(&mut bridge, tree());
    wish(&mut bridge, KeysIntent::Choose(b"job:"[..].into()));
    let found = space(&bridge.listing());
    let exact =
        |key: &str| bridge.world.engine.glance(0, key.as_bytes()).map_or(0, |glance| glance.memory as u64);
    let strings = (0..250).map(|n| exact(&format!("job:{n:03}"))).sum::<u64>() + exact("job:a b");
    assert!(found.is_counted);
    assert_eq!((found.share.keys, found.share.bytes), (252, strings + exact("job:list")));
    let kinds: Vec<_> = found.kinds.iter().map(|(kind, share)| (*kind, share.keys)).collect();
    assert_eq!(kinds, [("string", 251), ("list", 1)]);
    let plan = space(&wish(&mut bridge, KeysIntent::Plan(true))).plan.expect("prepared");
    assert_eq!((plan.keys, plan.lines.len()), (252, 3));
    assert!(
        plan.lines[0].starts_with("UNLINK job:000 job:001 ")
            && plan.lines[2].ends_with(" \"job:a b\" job:list")
    );
    let actions = bridge.perform(Intent::Keys(KeysIntent::Delete));
    let ran = actions.iter().find_map(|action| match action {
        Action::Ran(_, exchanges) => {
            Some(exchanges.iter().map(|exchange| exchange.line.to_string()).collect())
        }
        _ => None,
    });
    assert_eq!(ran.unwrap_or_else(Vec::new), plan.lines, "what was shown is what is run");
    let listing = bridge.listing();
    assert_eq!((shown(&listing), listing.space.is_none()), (vec!["other".into()], true));
}

#[test]
fn a_filter_holds_for_a_namespace_too() {
    let mut bridge = Bridge::default();
    run(&mut bridge, "MSET job:1 v job:2 v job:3 v");
    run(&mut bridge, "EXPIRE job:2 100");
    arrange(&mut bridge, tree().filtered(Filter { volatile: Some(true), ..Filter::default() }));
    wish(&mut bridge, KeysIntent::Choose(b"job:"[..].into()));
    let found = space(&wish(&mut bridge, KeysIntent::Plan(true)));
    assert_eq!(
        (found.share.keys, found.plan.expect("prepared").lines.clone()),
        (1, vec!["UNLINK job:2".to_owned()])
    );
}

#[test]
fn a_key_is_shown_whatever_hides_it() {
    let mut bridge = Bridge::default();
    let pairs: Vec<_> = (0..500).map(|n| format!("k:{n:03} v")).collect();
    run(&mut bridge, &format!("MSET {}", pairs.join(" ")));
    arrange(&mut bridge, tree().filtered(filtered("nothing like it")));
    let before = bridge.listing().revealed.0;
    let listing = wish(&mut bridge, KeysIntent::Reveal(b"k:300"[..].into()));
    assert_eq!((listing.selected_at, listing.total), (Some(301), 501));
    assert!(
        listing.revealed.0 > before
            && listing.revealed.1 == 301
            && (listing.first..listing.first + listing.lines.len()).contains(&301)
    );
}

#[test]
fn keys_made_untold_are_listed() {
    let mut bridge = Bridge::default();
    run(&mut bridge, "DEBUG POPULATE 3");
    assert_eq!(shown(&bridge.listing()), ["key:0", "key:1", "key:2"]);
    run(&mut bridge, "SELECT 1");
    run(&mut bridge, "DEBUG POPULATE 2 other");
    assert_eq!(shown(&bridge.listing()), ["other:0", "other:1"]);
    run(&mut bridge, "FLUSHALL");
    run(&mut bridge, "SELECT 0");
    assert_eq!(shown(&bridge.listing()), [""; 0]);
}

/// Prints what the list costs with many keys: `cargo test --release -p playground-app what_it_costs -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn what_it_costs() {
    for keys in [100_000, 1_000_000] {
        let mut bridge = Bridge::default();
        let fill = |bridge: &mut Bridge| run(bridge, &format!("DEBUG POPULATE {keys} user"));
        report(keys, "fill", 1, || fill(&mut bridge));
        let wishes = [
            ("flat by name", Arrangement::default()),
            ("flat by name, *9*", Arrangement::default().filtered(filtered("*9*"))),
            ("flat by memory", Arrangement::default().by(Order::Memory)),
            ("tree, all in one", tree()),
            ("tree by memory, open", tree().by(Order::Memory)),
            ("tree of many", tree().divided_by("123456789:")),
        ];
        for (name, arrangement) in wishes {
            bridge.list.open =
                if name.ends_with("open") { [b"user:"[..].into()].into() } else { BTreeSet::new() };
            report(keys, &format!("{name}: arrange"), 1, || {
                arrange(&mut bridge, arrangement.clone());
            });
            let mut n = 0;
            report(keys, &format!("{name}: SET new"), 500, || {
                n += 1;
                run(&mut bridge, &format!("SET user:{}x{n} v", n * 7_919 % keys));
            });
            report(keys, &format!("{name}: SET known"), 500, || {
                n += 1;
                run(&mut bridge, &format!("SET user:{} {n}", n * 7_919 % keys));
            });
            report(keys, &format!("{name}: refresh"), 1, || {
                wish(&mut bridge, KeysIntent::Refresh);
            });
        }
    }
}

fn report(keys: usize, what: &str, times: u32, mut act: impl FnMut()) {
    let started = std::time::Instant::now();
    (0..times).for_each(|_| act());
    println!("{keys:>9} keys  {what:<32} {:>10.1?}", started.elapsed() / times);
}
