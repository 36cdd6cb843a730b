//! Transactions: MULTI, EXEC, DISCARD, and WATCH, which lets EXEC refuse if a key was touched.
//!
//! Between MULTI and EXEC the gates put commands in the session's queue. EXEC runs them one after another; one that fails
//! there does not keep the others from being carried out.

use std::collections::VecDeque;

use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::{self, Context};
use crate::error::Error;
use crate::guard;
use crate::mail;
use crate::measure;
use crate::reply::Reply;
use crate::session::{Protocol, Request, Transaction};

const STEERS: CommandSpec = CommandSpec {
    group: Group::Transactions,
    flags: Flags::NOSCRIPT
        .union(Flags::LOADING)
        .union(Flags::STALE)
        .union(Flags::FAST)
        .union(Flags::ALLOW_BUSY),
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "discard",
        since: "2.0.0",
        summary: "Throws away the commands queued since MULTI, and ends all watches.",
        complexity: "O(N), N being the queued commands",
        example: "> MULTI\nOK\n> SET greeting hello\nQUEUED\n> DISCARD\nOK\n> EXISTS greeting\n(integer) 0",
        run: Some(discard),
        ..STEERS
    },
    CommandSpec {
        name: "exec",
        group: Group::Transactions,
        since: "1.2.0",
        flags: Flags::NOSCRIPT.union(Flags::LOADING).union(Flags::STALE).union(Flags::SKIP_SLOWLOG),
        summary: "Runs the commands queued since MULTI, unless a watched key was touched.",
        complexity: "What the queued commands cost",
        example: "> MULTI\nOK\n> INCR visits\nQUEUED\n> INCR visits\nQUEUED\n> EXEC\n1) (integer) 1\n2) (integer) 2",
        run: Some(exec),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "multi",
        since: "1.2.0",
        summary: "Begins a transaction: the commands that follow are queued until EXEC.",
        example: "> MULTI\nOK\n> SET stock 5\nQUEUED\n> DECR stock\nQUEUED\n> EXEC\n1) OK\n2) (integer) 4",
        run: Some(multi),
        ..STEERS
    },
    CommandSpec {
        name: "unwatch",
        since: "2.2.0",
        summary: "Ends all watches of this connection.",
        example: "> WATCH stock\nOK\n> UNWATCH\nOK",
        run: Some(unwatch),
        ..STEERS
    },
    CommandSpec {
        name: "watch",
        since: "2.2.0",
        arity: -2,
        keys: &[KeySpec::range(1, -1, 1, KeyFlags::RO)],
        summary: "Watches keys: if one is touched before EXEC, the transaction is not carried out.",
        complexity: "O(1) for each key",
        syntax: "key:key#0*",
        example: "> SET stock 5\nOK\n> WATCH stock\nOK\n> SET stock 4\nOK\n> MULTI\nOK\n> DECR stock\nQUEUED\n\
            > EXEC\n(nil)",
        run: Some(watch),
        ..STEERS
    },
];

fn multi(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    if context.session.transaction.is_some() {
        return Err(Error::Fixed("ERR MULTI calls can not be nested"));
    }
    context.session.transaction = Some(Transaction::default());
    Ok(Reply::OK)
}

fn discard(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    if context.session.transaction.take().is_none() {
        return Err(Error::Fixed("ERR DISCARD without MULTI"));
    }
    context.around.watched.unwatch(context.session.id);
    Ok(Reply::OK)
}

fn exec(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    let Some(transaction) = context.session.transaction.take() else {
        return Err(Error::Fixed("ERR EXEC without MULTI"));
    };
    let overtaken = is_overtaken(context);
    context.around.watched.unwatch(context.session.id);
    if transaction.aborted {
        return Err(Error::Fixed("EXECABORT Transaction discarded because of previous errors."));
    }
    if overtaken {
        return Ok(Reply::NilArray);
    }
    let commands = transaction.queue.len();
    let execution = Execution {
        spec: context.spec,
        commands,
        queue: transaction.queue.into_iter().collect(),
        replies: Vec::with_capacity(commands),
        mailed: context.around.mail.len(),
        protocol: context.session.protocol,
    };
    Ok(go_on(context, Box::new(execution)))
}

/// A transaction that is being carried out.
#[derive(Clone, Debug)]
pub struct Execution {
    /// `EXEC`.
    pub spec: &'static CommandSpec,
    /// How many commands it has.
    commands: usize,
    /// Those that are left.
    queue: VecDeque<Request>,
    replies: Vec<Reply>,
    /// How much mail there was before it began.
    mailed: usize,
    /// What the session spoke before the command that runs.
    protocol: Protocol,
}

impl Execution {
    /// A command has answered.
    pub fn add(&mut self, reply: Reply, context: &Context<'_>) {
        if context.session.protocol != self.protocol {
            for earlier in &mut self.replies {
                Reply::pin(earlier, self.protocol);
            }
        }
        self.replies.append(&mut one_by_one(reply));
    }
}

/// Carries out what is left of a transaction. It stops behind a script that takes long, and goes on with its reply.
pub fn go_on(context: &mut Context<'_>, mut execution: Box<Execution>) -> Reply {
    context.in_transaction = true;
    context.session.executing = Some(execution.commands);
    while let Some(request) = execution.queue.pop_front() {
        execution.protocol = context.session.protocol;
        let place = context.around.mail.len();
        let reply = run(context, request);
        mail::write_out(place, context.sessions, Some(context.session), context.around);
        if let Some(script) = context.around.scripts.running.as_mut() {
            context.in_transaction = false;
            script.execution = Some(execution);
            return Reply::NOTHING;
        }
        execution.add(reply, context);
    }
    context.in_transaction = false;
    context.session.executing = None;
    context.spec = execution.spec;
    let Execution { mut replies, commands, mailed, .. } = *execution;
    // Some commands give several replies, but Redis counts commands: clients take what is over for something else.
    if replies.len() > commands {
        let (id, hears) = (context.session.id, context.session.hears_replies());
        let surplus = replies.split_off(commands).into_iter().filter(|reply| hears || reply.is_push());
        let surplus = surplus.map(|reply| (id, reply.into()));
        let mailed = mailed.min(context.around.mail.len());
        context.around.mail.splice(mailed..mailed, surplus);
    }
    Reply::Array(replies)
}

fn one_by_one(reply: Reply) -> Vec<Reply> {
    match reply {
        Reply::Several(replies) => replies,
        reply => vec![reply],
    }
}

fn run(context: &mut Context<'_>, request: Request) -> Reply {
    match guard::still_permitted(context, request.spec, &request.argv) {
        Ok(()) => dispatch::call(context, request),
        Err(error) => {
            measure::count_error(context.around, &error);
            error.into()
        }
    }
}

/// Whether a watched key was touched, or has come past its deadline without anybody meeting it.
fn is_overtaken(context: &Context<'_>) -> bool {
    let (watched, id, now) = (&context.around.watched, context.session.id, context.now());
    watched.is_touched(id) || watched.living(id).any(|(db, key)| context.keyspace.is_expired(*db, key, now))
}

fn watch(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    if context.session.transaction.is_some() {
        return Err(Error::Fixed("ERR WATCH inside MULTI is not allowed"));
    }
    let (id, db, now) = (context.session.id, context.session.db, context.now());
    for key in args.rest() {
        let expired = context.keyspace.is_expired(db, &key, now);
        context.around.watched.watch(id, db, &key, expired);
    }
    Ok(Reply::OK)
}

fn unwatch(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    context.around.watched.unwatch(context.session.id);
    Ok(Reply::OK)
}
