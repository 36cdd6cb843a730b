//! CLIENT TRACKING and what belongs to it: a client caches what it reads and wants to be told when that changes.

use std::collections::BTreeSet;

use super::{COMMON, on_or_off};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::session::SessionId;
use crate::tracking::{Follower, Mode};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "client|caching",
        since: "6.0.0",
        arity: 3,
        summary: "Says whether the keys that the next command reads are to be tracked.",
        syntax: "mode(yes=YES | no=NO)",
        example: "> CLIENT TRACKING ON OPTIN\nOK\n> CLIENT CACHING YES\nOK\n> GET greeting\n(nil)",
        run: Some(caching),
        ..COMMON
    },
    CommandSpec {
        name: "client|getredir",
        since: "6.0.0",
        summary: "Shows which connection gets the invalidations of this one: 0 for itself, -1 where there are none.",
        example: "> CLIENT GETREDIR\n(integer) -1\n> CLIENT TRACKING ON\nOK\n> CLIENT GETREDIR\n(integer) 0",
        run: Some(getredir),
        ..COMMON
    },
    CommandSpec {
        name: "client|tracking",
        since: "6.0.0",
        arity: -3,
        summary: "Has this connection told when keys change that it has read, or that begin with a prefix.",
        complexity: "O(N) for N prefixes",
        syntax: "status(on=ON | off=OFF) [client-id:integer=REDIRECT] [prefix:string=PREFIX*+] [bcast=BCAST] \
            [optin=OPTIN] [optout=OPTOUT] [noloop=NOLOOP]",
        example: "> CLIENT TRACKING ON BCAST PREFIX user: PREFIX shop:\nOK\n> CLIENT TRACKING OFF\nOK",
        run: Some(tracking),
        ..COMMON
    },
    CommandSpec {
        name: "client|trackinginfo",
        since: "6.2.0",
        summary: "Shows how this connection is told of changed keys.",
        example: "> CLIENT TRACKING ON NOLOOP\nOK\n> CLIENT TRACKINGINFO\n1) \"flags\"\n2) 1) \"on\"\n\
            \x20\x20\x202) \"noloop\"\n3) \"redirect\"\n4) (integer) 0\n5) \"prefixes\"\n6) (empty array)",
        run: Some(trackinginfo),
        ..COMMON
    },
];

/// The options of CLIENT TRACKING as they were written.
#[derive(Default)]
struct Options {
    redirect: Option<SessionId>,
    prefixes: Vec<Vec<u8>>,
    broadcast: bool,
    opt_in: bool,
    opt_out: bool,
    noloop: bool,
}

impl Options {
    fn parse(context: &Context<'_>, args: &mut Args) -> Result<Self, Error> {
        let mut options = Self::default();
        while !args.is_empty() {
            let more = args.remaining() > 1;
            if more && args.word("REDIRECT") {
                options.redirect = Some(redirection(context, args, options.redirect)?);
            } else if args.word("BCAST") {
                options.broadcast = true;
            } else if args.word("OPTIN") {
                options.opt_in = true;
            } else if args.word("OPTOUT") {
                options.opt_out = true;
            } else if args.word("NOLOOP") {
                options.noloop = true;
            } else if more && args.word("PREFIX") {
                options.prefixes.push(args.take()?);
            } else {
                return Err(Error::Syntax);
            }
        }
        Ok(options)
    }

    /// Whether they fit each other and what the session does already, in Redis's order.
    fn check(&self, before: Option<&Follower>) -> Result<(), Error> {
        let mode = before.map(|follower| follower.mode);
        let fault = match () {
            () if !self.broadcast && !self.prefixes.is_empty() => {
                "ERR PREFIX option requires BCAST mode to be enabled"
            }
            () if mode.is_some_and(|mode| (mode == Mode::Broadcast) != self.broadcast) => {
                "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then \
                re-enabling it with a different mode."
            }
            () if self.broadcast && (self.opt_in || self.opt_out) => {
                "ERR OPTIN and OPTOUT are not compatible with BCAST"
            }
            () if self.opt_in && self.opt_out => "ERR You can't specify both OPTIN mode and OPTOUT mode",
            () if (self.opt_in && mode == Some(Mode::OptOut))
                || (self.opt_out && mode == Some(Mode::OptIn)) =>
            {
                "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then \
                re-enabling it with a different mode."
            }
            () => return self.check_prefixes(before),
        };
        Err(Error::Fixed(fault))
    }

    /// A change would be told twice to a client with two prefixes of which one begins with the other.
    fn check_prefixes(&self, before: Option<&Follower>) -> Result<(), Error> {
        let overlap = |a: &[u8], b: &[u8]| a.starts_with(b) || b.starts_with(a);
        for (position, prefix) in self.prefixes.iter().enumerate() {
            let existing =
                before.into_iter().flat_map(|follower| &follower.prefixes).map(|other| (other, true));
            let provided = self.prefixes.iter().skip(position + 1).map(|other| (other, false));
            if let Some((other, existing)) =
                existing.chain(provided).find(|(other, _)| overlap(prefix, other))
            {
                return Err(Error::OverlappingPrefixes {
                    prefix: prefix.clone(),
                    other: other.clone(),
                    existing,
                });
            }
        }
        Ok(())
    }

    fn into_follower(self) -> Follower {
        let mode = match () {
            () if self.broadcast => Mode::Broadcast,
            () if self.opt_in => Mode::OptIn,
            () if self.opt_out => Mode::OptOut,
            () => Mode::Default,
        };
        let mut prefixes: BTreeSet<Vec<u8>> = self.prefixes.into_iter().collect();
        if self.broadcast && prefixes.is_empty() {
            prefixes.insert(Vec::new());
        }
        Follower { mode, noloop: self.noloop, redirect: self.redirect, prefixes, ..Follower::default() }
    }
}

fn redirection(
    context: &Context<'_>,
    args: &mut Args,
    before: Option<SessionId>,
) -> Result<SessionId, Error> {
    if before.is_some() {
        return Err(Error::Fixed("ERR A client can only redirect to a single other client"));
    }
    let id = u64::try_from(args.int()?).ok().map(SessionId);
    let there = id.filter(|id| context.session(*id).is_some());
    there.ok_or(Error::Fixed("ERR The client ID you want redirect to does not exist"))
}

fn tracking(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let status = args.take()?;
    let options = Options::parse(context, args)?;
    let (id, around) = (context.session.id, &mut *context.around);
    if on_or_off(&mut Args::new(vec![status], 0))? {
        options.check(around.tracking.follower(id))?;
        around.tracking.follow(id, options.into_follower());
    } else {
        around.tracking.unfollow(id);
    }
    Ok(Reply::OK)
}

fn caching(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let Some(follower) = context.around.tracking.follower_mut(context.session.id) else {
        return Err(Error::Fixed(
            "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled",
        ));
    };
    let (wanted, otherwise) = match () {
        () if args.word("YES") => {
            (Mode::OptIn, "ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.")
        }
        () if args.word("NO") => {
            (Mode::OptOut, "ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.")
        }
        () => return Err(Error::Syntax),
    };
    if follower.mode != wanted {
        return Err(Error::Fixed(otherwise));
    }
    follower.caching = true;
    Ok(Reply::OK)
}

fn getredir(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    Ok(Reply::Integer(context.around.tracking.redirection(context.session.id)))
}

fn trackinginfo(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    let (tracking, id) = (&context.around.tracking, context.session.id);
    let follower = tracking.follower(id);
    let flags = follower.map_or_else(|| vec!["off"], flags);
    let prefixes = follower.into_iter().flat_map(|follower| &follower.prefixes);
    let fields = [
        ("flags", Reply::Set(flags.into_iter().map(Reply::bulk).collect())),
        ("redirect", Reply::Integer(tracking.redirection(id))),
        ("prefixes", Reply::Array(prefixes.cloned().map(Reply::Bulk).collect())),
    ];
    Ok(Reply::Map(fields.into_iter().map(|(name, value)| (Reply::bulk(name), value)).collect()))
}

fn flags(follower: &Follower) -> Vec<&'static str> {
    let words = [
        ("on", true),
        ("bcast", follower.mode == Mode::Broadcast),
        ("optin", follower.mode == Mode::OptIn),
        ("caching-yes", follower.mode == Mode::OptIn && follower.caching),
        ("optout", follower.mode == Mode::OptOut),
        ("caching-no", follower.mode == Mode::OptOut && follower.caching),
        ("noloop", follower.noloop),
        ("broken_redirect", follower.broken),
    ];
    words.into_iter().filter(|(_, is)| *is).map(|(word, _)| word).collect()
}
