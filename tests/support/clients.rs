//! What a real server does with its clients at the moment, as `CLIENT LIST` tells: who waits, and who is yet to be sent
//! something.
//!
//! Asked for over a connection of its own, which leaves no trace in the others.

use std::collections::BTreeMap;
use std::io;
use std::time::{Duration, Instant};

use crate::line::Line;
use crate::resp::{Connection, Value};

/// Questions after which the server must have met everything that was sent before the first: what has arrived together
/// is met in the same turn of its event loop, and answered at the end of it.
const TURNS: usize = 2;
/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A client as the server sees it.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    /// It waits for a key, for replicas, or for a pause to end.
    pub blocked: bool,
    pub id: u64,
    /// It has sent something that has not been carried out, or something waits to be sent to it.
    busy: bool,
}

/// All clients by the port of their own side.
pub fn list(control: &mut Connection) -> io::Result<BTreeMap<u16, Client>> {
    let mut answer = control.call(&["CLIENT", "LIST"])?;
    // One that monitors is shown what others do, besides.
    while matches!(answer, Value::Status(_)) {
        answer = control.read()?;
    }
    let text = String::from_utf8_lossy(answer.bytes()).into_owned();
    let clients: BTreeMap<_, _> = text.lines().filter_map(client).collect();
    if clients.is_empty() { Err(io::Error::other(format!("CLIENT LIST: {answer:?}"))) } else { Ok(clients) }
}

fn client(line: &str) -> Option<(u16, Client)> {
    let fields: BTreeMap<&str, &str> = line.split(' ').filter_map(|field| field.split_once('=')).collect();
    let port = fields.get("addr")?.rsplit(':').next()?.parse().ok()?;
    let blocked = fields.get("flags")?.contains('b');
    let some = |name: &str| fields.get(name).is_some_and(|n| *n != "0");
    let id = fields.get("id")?.parse().ok()?;
    Some((port, Client { blocked, id, busy: some("obl") || some("oll") || some("qbuf") && !blocked }))
}

/// Waits until the server has carried out what was sent over these lines and they have heard all that came of it. Tells
/// which ports belong to clients that wait.
pub fn settle<'l>(
    control: &mut Connection,
    lines: impl Iterator<Item = &'l mut Line>,
) -> io::Result<BTreeMap<u16, Client>> {
    let mut lines: Vec<&mut Line> = lines.collect();
    let deadline = Instant::now() + PATIENCE;
    for turn in 1.. {
        let clients = list(control)?;
        let mut busy = turn < TURNS;
        for line in &mut lines {
            line.listen(Duration::ZERO)?;
            // Not in the list: the server has not met it yet, or has hung up.
            busy |= !line.is_closed() && clients.get(&line.port()).is_none_or(|client| client.busy);
        }
        if !busy {
            return Ok(clients);
        }
        if Instant::now() > deadline {
            break;
        }
    }
    Err(io::Error::other("the server does not come to rest"))
}
