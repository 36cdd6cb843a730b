//! CLIENT KILL: closes connections, one by its address or all that a filter leaves.

use super::ADMIN;
use super::list::ClientType;
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::number;
use crate::reply::Reply;
use crate::session::{Session, SessionId};

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "client|kill",
    since: "2.4.0",
    arity: -3,
    summary: "Closes connections: one by its address, or all that fit the filters.",
    complexity: "O(N) for N connections",
    syntax: "filter(old-format\"ip:port\" | new-format([client-id:integer=ID@2.8.12] | [client-type(normal=NORMAL | \
        master=MASTER@3.2.0 | slave=SLAVE | replica=REPLICA@5.0.0 | pubsub=PUBSUB)=TYPE@2.8.12] | \
        [username:string=USER] | [addr\"ip:port\":string=ADDR] | [laddr\"ip:port\":string=LADDR@6.2.0] | \
        [skipme(yes=YES | no=NO)=SKIPME] | [maxage:integer=MAXAGE@7.4.0])*)",
    example: "> CLIENT KILL TYPE pubsub\n(integer) 0\n> CLIENT KILL 192.0.2.1:1\n(error) ERR No such client",
    run: Some(kill),
    ..ADMIN
}];

/// Whom to close: those whom every filter that was given lets pass.
#[derive(Default)]
struct Filter {
    id: Option<SessionId>,
    kind: Option<ClientType>,
    address: Option<Vec<u8>>,
    user: Option<Vec<u8>>,
    local: Option<Vec<u8>>,
    /// Seconds.
    age: Option<u64>,
    /// Nor the connection that asks.
    skip_me: bool,
}

impl Filter {
    fn parse(context: &Context<'_>, args: &mut Args) -> Result<Self, Error> {
        let mut filter = Self { skip_me: true, ..Self::default() };
        while args.remaining() > 1 {
            if args.word("ID") {
                filter.id = Some(SessionId(positive(args, "ERR client-id should be greater than 0")?));
            } else if args.word("MAXAGE") {
                filter.age = Some(max_age(args)?);
            } else if args.word("TYPE") {
                filter.kind = Some(ClientType::named(args.take()?)?);
            } else if args.word("ADDR") {
                filter.address = Some(args.take()?);
            } else if args.word("LADDR") {
                filter.local = Some(args.take()?);
            } else if args.word("USER") {
                filter.user = Some(user(context, args)?);
            } else if args.word("SKIPME") {
                filter.skip_me = yes_or_no(args)?;
            } else {
                return Err(Error::Syntax);
            }
        }
        args.finish()?;
        Ok(filter)
    }

    fn passes(&self, session: &Session, context: &Context<'_>) -> bool {
        let around = &context.around;
        let is =
            |wanted: &Option<Vec<u8>>, is: &str| wanted.as_ref().is_none_or(|wanted| wanted == is.as_bytes());
        let age = (context.now() / 1000).saturating_sub(session.created / 1000);
        is(&self.address, &session.origin.address)
            && is(&self.local, &session.origin.local)
            && self.user.as_ref().is_none_or(|user| *user == session.user)
            && self.kind.is_none_or(|kind| kind == ClientType::of(session, around))
            && self.id.is_none_or(|id| id == session.id)
            && self.age.is_none_or(|least| age >= least)
            && !(self.skip_me && session.id == context.session.id)
    }
}

fn positive(args: &mut Args, error: &'static str) -> Result<u64, Error> {
    let number = number::parse_i64(&args.take()?).and_then(|number| u64::try_from(number).ok());
    number.filter(|number| *number > 0).ok_or(Error::Fixed(error))
}

fn max_age(args: &mut Args) -> Result<u64, Error> {
    if args.peek().and_then(number::parse_i64).is_none() {
        return Err(Error::Fixed("ERR maxage is not an integer or out of range"));
    }
    positive(args, "ERR maxage should be greater than 0")
}

fn user(context: &Context<'_>, args: &mut Args) -> Result<Vec<u8>, Error> {
    let name = args.take()?;
    if context.around.acl.user(&name).is_some() { Ok(name) } else { Err(Error::NoSuchUser { name }) }
}

fn yes_or_no(args: &mut Args) -> Result<bool, Error> {
    match () {
        () if args.word("YES") => Ok(true),
        () if args.word("NO") => Ok(false),
        () => Err(Error::Syntax),
    }
}

fn kill(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    if args.remaining() == 1 {
        let filter = Filter { address: Some(args.take()?), ..Filter::default() };
        return match close(context, &filter) {
            0 => Err(Error::Fixed("ERR No such client")),
            _ => Ok(Reply::OK),
        };
    }
    let filter = Filter::parse(context, args)?;
    Ok(Reply::count(close(context, &filter)))
}

/// Closes all that the filter lets pass; the connection that asks gets its reply first.
fn close(context: &mut Context<'_>, filter: &Filter) -> usize {
    let passing = context.sessions.iter().filter(|session| filter.passes(session, context));
    let others: Vec<SessionId> = passing.map(|session| session.id).collect();
    for id in &others {
        context.sessions.kill(*id, context.around);
    }
    let own = filter.passes(context.session, context);
    context.session.closing |= own;
    others.len() + usize::from(own)
}
