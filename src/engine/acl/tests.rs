//! Rules as they are taken and shown, and what they allow.

use super::commands;
use super::log::{GROUPED_FOR, Incident, Log, Reason};
use super::*;
use crate::command;

/// A user made by these rules, as it is shown.
fn shown(rules: &str) -> String {
    let user = made(rules).unwrap_or_else(|error| panic!("{error}"));
    String::from_utf8(user.text()).unwrap()
}

fn made(rules: &str) -> Result<User, Error> {
    let mut acl = Acl::new(&Config::default());
    let rules = rules.split(' ').map(|rule| rule.as_bytes().to_vec()).collect();
    acl.set_user(b"ann", rules, false)?;
    Ok(acl.user(b"ann").unwrap().clone())
}

fn refused(rules: &str) -> String {
    made(rules).unwrap_err().to_string()
}

fn check(user: &User, line: &str) -> Result<(), Denied> {
    let argv: Vec<Vec<u8>> = line.split(' ').map(|word| word.as_bytes().to_vec()).collect();
    let spec = crate::dispatch::resolve(&argv).unwrap().spec;
    user.check(spec, &argv)
}

#[test]
fn a_rule_takes_the_place_of_those_for_the_same_and_its_parts() {
    assert_eq!(shown("+@all -config|get +config"), "off sanitize-payload resetchannels +@all +config");
    assert_eq!(
        shown("-@read +get -@read -get +@READ"),
        "off sanitize-payload resetchannels -@all -get +@read"
    );
    assert_eq!(shown("+@all +select|0 -select"), "off sanitize-payload resetchannels +@all -select");
    assert_eq!(shown("-get +@all -@all"), "off sanitize-payload resetchannels -@all");
}

#[test]
fn patterns_of_keys_add_up() {
    assert_eq!(shown("%R~x %W~x %rw~y %W~z"), "off sanitize-payload ~x ~y %W~z resetchannels -@all");
    assert_eq!(shown("~x allkeys &c &c"), "off sanitize-payload ~* resetchannels &c -@all");
    assert!(refused("allkeys ~x").contains("after the * pattern (or the 'allkeys' flag)"));
    for wrong in ["%RR~x", "%x", "%~x", "%"] {
        assert!(refused(wrong).ends_with(": Syntax error"), "{wrong}");
    }
}

#[test]
fn selectors_are_put_together_from_words() {
    assert_eq!(
        shown("(+get ~x) ( +set ~y )"),
        "off sanitize-payload resetchannels -@all (~x resetchannels -@all +get) (~y resetchannels -@all +set)"
    );
    assert_eq!(refused("(+get ~x"), "ERR Unmatched parenthesis in acl selector starting at '(+get'.");
    assert_eq!(refused("(on)"), "ERR Error in ACL SETUSER modifier '(on)': Syntax error");
}

#[test]
fn passwords_are_known_by_their_hash() {
    let hash = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
    assert_eq!(shown(">a"), format!("off sanitize-payload #{hash} resetchannels -@all"));
    assert_eq!(
        shown(&format!(">a #{hash} >b <b nopass on")),
        "on nopass sanitize-payload resetchannels -@all"
    );
    let user = made(&format!("on #{hash}")).unwrap();
    assert!(user.lets_in(b"a") && !user.lets_in(b"b"));
    assert!(!made(&format!("off #{hash}")).unwrap().lets_in(b"a"));
    for wrong in ["#A978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bbc", "#", "#abc"] {
        assert!(refused(wrong).contains("must be exactly 64 characters"), "{wrong}");
    }
    assert!(refused("<a").ends_with("does not exist"));
}

#[test]
fn the_refusal_that_got_furthest_is_told() {
    let user = made("+get ~a (+mget ~b) (+mget ~b ~c)").unwrap();
    assert_eq!(check(&user, "get a"), Ok(()));
    assert_eq!(check(&user, "get b"), Err(Denied::Key(1)));
    assert_eq!(check(&user, "mget b c"), Ok(()));
    assert_eq!(check(&user, "mget b c d"), Err(Denied::Key(3)));
    assert_eq!(check(&user, "set a 1"), Err(Denied::Command));
}

#[test]
fn reading_and_writing_are_told_apart() {
    let user = made("allcommands %R~r %W~w").unwrap();
    assert_eq!(check(&user, "copy r w"), Ok(()));
    assert_eq!(check(&user, "copy r r2"), Err(Denied::Key(2)));
    assert_eq!(check(&user, "set w 1"), Ok(()));
    assert_eq!(check(&user, "set w 1 get"), Err(Denied::Key(1)));
    // Whether there is such a key is nobody's secret.
    assert_eq!(check(&user, "exists w"), Ok(()));
}

#[test]
fn a_first_argument_may_be_allowed_alone() {
    let user = made("+select|0").unwrap();
    assert_eq!(check(&user, "select 0"), Ok(()));
    assert_eq!(check(&user, "select 1"), Err(Denied::Command));
    assert!(refused("+config|get|x").contains("first-arg of a subcommand"));
    assert!(refused("-select|0").contains("Unknown command or category"));
}

#[test]
fn a_new_engine_restricts_nobody() {
    let mut acl = Acl::new(&Config::default());
    assert!(acl.is_open());
    acl.set_user(b"ann", Vec::new(), false).unwrap();
    assert!(!acl.is_open());
    assert!(acl.delete_user(b"ann"));
    assert!(acl.is_open());
    acl.set_default_password(b"secret");
    assert!(!acl.is_open() && !acl.default_is_open());
    acl.set_default_password(b"");
    assert!(acl.is_open());
}

#[test]
fn a_refused_rule_changes_nothing() {
    let mut acl = Acl::new(&Config::default());
    assert!(acl.set_user(b"ann", vec![b"on".to_vec(), b"nonsense".to_vec()], false).is_err());
    assert!(acl.user(b"ann").is_none());
}

#[test]
fn every_command_can_be_named() {
    for spec in command::all() {
        assert!(commands::table().id(spec.name).is_some());
        assert!(spec.subcommands.iter().all(|sub| commands::table().id(sub.name).is_some()));
    }
}

#[test]
fn the_log_counts_what_is_the_same_within_a_minute() {
    let incident = |user: &str| Incident {
        reason: Reason::Key,
        place: crate::acl::log::Place::Client,
        object: b"k".to_vec(),
        user: user.into(),
        client: Vec::new(),
    };
    let mut log = Log::default();
    log.add(incident("ann"), 0, 2);
    log.add(incident("bob"), 1, 2);
    log.add(incident("ann"), GROUPED_FOR, 2);
    let counts = |log: &Log| log.entries().map(|entry| (entry.id, entry.count)).collect::<Vec<_>>();
    assert_eq!(counts(&log), [(0, 2), (1, 1)]);
    log.add(incident("ann"), 2 * GROUPED_FOR + 1, 2);
    assert_eq!(counts(&log), [(2, 1), (0, 2)]);
}
