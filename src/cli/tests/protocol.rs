//! What the server answers to bytes that are no proper request: as recorded from Redis 8.0, byte for byte.
//!
//! The same table is held against a real server where there is one, so that what is recorded cannot drift.

mod native;

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use native::Server;
use playground_tests::oracle;

/// What becomes of the connection after the reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    Open,
    Closed,
}
use Then::{Closed, Open};

const PONG: &[u8] = b"+PONG\r\n";
const MULTIBULK: &[u8] = b"-ERR Protocol error: invalid multibulk length\r\n";
const BULK: &[u8] = b"-ERR Protocol error: invalid bulk length\r\n";
const QUOTES: &[u8] = b"-ERR Protocol error: unbalanced quotes in request\r\n";
const NO_NAME: &[u8] = b"-ERR unknown command '', with args beginning with: \r\n";

/// Sent, answered, and then.
const RECORDED: &[(&[u8], &[u8], Then)] = &[
    (b"*1\r\n$4\r\nPING\r\n", PONG, Open),
    (b"PING\r\n", PONG, Open),
    (b"PING\n", PONG, Open),
    (b"PING\r\r\n", PONG, Open),
    (b"  PING  \r\n", PONG, Open),
    (b"\x0b\x0cPING\r\n", PONG, Open),
    (b"\"\\x50ING\"\r\n", PONG, Open),
    (b"\r\n\r\nPING\r\n", PONG, Open),
    (b"\t\r\nPING\r\n", PONG, Open),
    (b"*0\r\nPING\r\n", PONG, Open),
    (b"*-10\r\nPING\r\n", PONG, Open),
    (b"\"\"\r\n", NO_NAME, Open),
    (b"*1\r\n$0\r\n\r\n", NO_NAME, Open),
    (b"PING \"\r\"\r\n", b"$1\r\n\r\r\n", Open),
    (b"\xff\xfe\r\n", b"-ERR unknown command '\xff\xfe', with args beginning with: \r\n", Open),
    // The bytes where line ends should be are skipped, whatever they are.
    (b"*1\r\n$4\r\nPINGxx*1\r\n$4\r\nPING\r\n", b"+PONG\r\n+PONG\r\n", Open),
    (b"*1\rX$4\rXPINGYY", PONG, Open),
    (b"*1\r\n$4\r\nPING\r\nPING\r\n*1\r\n$4\r\nPING\r\n", b"+PONG\r\n+PONG\r\n+PONG\r\n", Open),
    // What is incomplete waits, however much it announces.
    (b"*1000000\r\n", b"", Open),
    (b"*2147483647\r\n", b"", Open),
    (b"*1\r\n$536870912\r\n", b"", Open),
    (b"*1\r\n$1000\r\nabc", b"", Open),
    // Lines are searched as C strings: a zero byte hides what follows.
    (b"PI\x00NG\r\nPING\r\n", b"", Open),
    (b"*1\r\n\x00\r\n", b"", Open),
    (b"*abc\r\nPING\r\n", MULTIBULK, Closed),
    (b"PING\r\n*x\r\nPING\r\n", b"+PONG\r\n-ERR Protocol error: invalid multibulk length\r\n", Closed),
    (b"*\r\n", MULTIBULK, Closed),
    (b"* 1\r\n", MULTIBULK, Closed),
    (b"*+1\r\n", MULTIBULK, Closed),
    (b"*01\r\n", MULTIBULK, Closed),
    (b"*-0\r\n", MULTIBULK, Closed),
    (b"*1\n$4\r\nPING\r\n", MULTIBULK, Closed),
    (b"*2147483648\r\n", MULTIBULK, Closed),
    (b"*9223372036854775808\r\n", MULTIBULK, Closed),
    (b"*1\r\n$-1\r\n", BULK, Closed),
    (b"*1\r\n$-0\r\n\r\n", BULK, Closed),
    (b"*1\r\n$04\r\nPING\r\n", BULK, Closed),
    (b"*1\r\n$abc\r\n", BULK, Closed),
    (b"*1\r\n$\r\n", BULK, Closed),
    (b"*1\r\n$536870913\r\n", BULK, Closed),
    (b"*1\r\n$99999999999999999999\r\n", BULK, Closed),
    (b"*1\r\nPING\r\n", b"-ERR Protocol error: expected '$', got 'P'\r\n", Closed),
    (b"*1\r\n:4\r\n", b"-ERR Protocol error: expected '$', got ':'\r\n", Closed),
    (b"*1\r\n\r\n", b"-ERR Protocol error: expected '$', got ' '\r\n", Closed),
    (b"*1\r\n\xff\r\n", b"-ERR Protocol error: expected '$', got '\xff'\r\n", Closed),
    (b"*1\r\n\\\r\n", b"-ERR Protocol error: expected '$', got '\\'\r\n", Closed),
    (b"*2\r\n$4\r\nECHO\r\n*1\r\n", b"-ERR Protocol error: expected '$', got '*'\r\n", Closed),
    (b"SET \"a\r\n", QUOTES, Closed),
    (b"SET 'a\r\n", QUOTES, Closed),
    (b"SET \"a\"b\r\n", QUOTES, Closed),
    (b"ECHO \"a\nb\"\r\n", QUOTES, Closed),
    (b"QUIT\r\nPING\r\n", b"+OK\r\n", Closed),
    (b"*1\r\n$4\r\nQUIT\r\n*1\r\n$4\r\nPING\r\n", b"+OK\r\n", Closed),
    // Somebody tricked a browser into talking to Redis.
    (b"POST / HTTP/1.1\r\nHost: x\r\n\r\nPING\r\n", b"", Closed),
    (b"Host: x\r\nPING\r\n", b"", Closed),
];

/// Lines that do not end, too long to write down.
fn endless() -> Vec<(Vec<u8>, &'static [u8], Then)> {
    const LIMIT: usize = 64 * 1024;
    let long =
        |start: &str, len: usize, end: &str| [start.as_bytes(), &vec![b'1'; len], end.as_bytes()].concat();
    vec![
        (long("", LIMIT, ""), b"", Open),
        (long("", LIMIT + 1, ""), b"-ERR Protocol error: too big inline request\r\n", Closed),
        (long("*", LIMIT, ""), b"-ERR Protocol error: too big mbulk count string\r\n", Closed),
        (long("*1\r\n$", LIMIT, ""), b"-ERR Protocol error: too big bulk count string\r\n", Closed),
    ]
}

/// Sends the bytes and gives what comes back: patiently as long as something is due, then for a moment more.
fn converse(address: (&str, u16), bytes: &[u8], due: usize, then: Then) -> (Vec<u8>, Then) {
    const PATIENCE: Duration = Duration::from_secs(20);
    const MOMENT: Duration = Duration::from_millis(100);
    let mut socket = TcpStream::connect(address).expect("the server accepts connections");
    // A server that closes before all is sent is one of the outcomes.
    socket.write_all(bytes).ok();
    let (mut answer, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let wait = if answer.len() < due || then == Closed { PATIENCE } else { MOMENT };
        socket.set_read_timeout(Some(wait)).expect("a timeout can be set");
        match socket.read(&mut piece) {
            Ok(0) => return (answer, Closed),
            Ok(n) => answer.extend_from_slice(&piece[..n]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return (answer, Open);
            }
            Err(_) => return (answer, Closed),
        }
    }
}

fn holds(address: (&'static str, u16)) {
    let recorded = RECORDED.iter().map(|(sent, answer, then)| (sent.to_vec(), *answer, *then));
    let cases: Vec<_> = recorded.chain(endless()).collect();
    for part in cases.chunks(16) {
        std::thread::scope(|scope| {
            for (sent, answer, then) in part {
                scope.spawn(move || {
                    let (got, so) = converse(address, sent, answer.len(), *then);
                    let shown = sent[..sent.len().min(80)].escape_ascii();
                    assert_eq!(
                        (got.escape_ascii().to_string(), so),
                        (answer.escape_ascii().to_string(), *then),
                        "{shown}"
                    );
                });
            }
        });
    }
}

#[test]
fn broken_requests_are_answered_as_recorded() {
    holds(Server::start().address());
}

#[test]
fn the_real_server_answers_the_same() {
    if let Some(oracle) = oracle::start_or_skip("the_real_server_answers_the_same") {
        holds(oracle.address());
    }
}

/// Bytes that look like anything, from a fixed seed.
fn junk(len: usize, seed: u64) -> Vec<u8> {
    const ALPHABET: &[u8] = b"*$:-+\r\n\r\n\"' 0123456789abGETSPIN\\x\0\xff";
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ALPHABET[(state >> 33) as usize % ALPHABET.len()]
    };
    (0..len).map(|_| next()).collect()
}

#[test]
fn nothing_a_client_sends_ends_the_server() {
    let server = Server::start();
    let mut hostile = vec![
        b"*2147483647\r\n$536870912\r\n".to_vec(),
        b"*1\r\n$5\r\nab".to_vec(),
        b"*3\r\n$3\r\nSET".to_vec(),
        b"*1\r\n".repeat(10_000),
        b"[".repeat(10_000),
        b"*1000000000\r\n".to_vec(),
        [b"*100000\r\n".to_vec(), b"$0\r\n\r\n".repeat(100_000)].concat(),
        vec![0; 100_000],
        vec![0xFF; 100_000],
    ];
    hostile.extend((0..200).map(|seed| junk(2000, seed)));
    for bytes in &hostile {
        let mut socket = TcpStream::connect(server.address()).expect("the server lives");
        socket.write_all(bytes).ok();
        socket.shutdown(Shutdown::Write).ok();
    }
    assert_eq!(server.connect().call(&["ECHO", "alive"]).expect("the server lives").bytes(), b"alive");
}

#[test]
fn requests_may_come_a_byte_at_a_time() {
    let server = Server::start();
    let mut socket = TcpStream::connect(server.address()).expect("the server accepts connections");
    socket.set_nodelay(true).expect("an option of any socket");
    for byte in b"*2\r\n$4\r\nECHO\r\n$3\r\nabc\r\n PING \r\n" {
        socket.write_all(&[*byte]).expect("the connection is open");
        std::thread::sleep(Duration::from_millis(1));
    }
    let mut answer = [0; 16];
    socket.read_exact(&mut answer).expect("both are answered");
    assert_eq!(&answer, b"$3\r\nabc\r\n+PONG\r\n");
}

#[test]
fn announcements_take_no_memory() {
    let server = Server::start();
    server.connect();
    let Some(before) = server.memory() else { return };
    let greedy: Vec<_> = (0..50)
        .map(|_| {
            let mut socket = TcpStream::connect(server.address()).expect("the server accepts connections");
            socket.write_all(b"*2147483647\r\n$536870912\r\nabc").expect("the connection is open");
            socket
        })
        .collect();
    server.connect().call(&["PING"]).expect("the server lives");
    let grown = server.memory().unwrap_or(0).saturating_sub(before);
    assert!(
        grown < 16 * 1024 * 1024,
        "{} clients announced much and the server took {grown} bytes",
        greedy.len()
    );
}

#[test]
fn a_client_that_does_not_read_is_not_served_without_end() {
    let server = Server::start();
    let mut setter = server.connect();
    setter.call(&["SET", "big", &"x".repeat(100_000)]).expect("a value is stored");
    let mut socket = TcpStream::connect(server.address()).expect("the server accepts connections");
    socket.set_write_timeout(Some(Duration::from_millis(500))).expect("a timeout can be set");
    // Ten gigabytes of replies are asked for; the server must stop reading long before.
    let request = b"*2\r\n$3\r\nGET\r\n$3\r\nbig\r\n".repeat(1000);
    let stopped = (0..100).any(|_| socket.write_all(&request).is_err());
    setter.call(&["PING"]).expect("others are served meanwhile");
    if let Some(memory) = server.memory() {
        assert!(memory < 100 * 1024 * 1024, "{memory} bytes (the client was stopped: {stopped})");
    }
    // What was accepted is answered once the client reads.
    let mut answer = vec![0; 2_000_000];
    socket.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout can be set");
    socket.read_exact(&mut answer).expect("replies come");
    assert!(answer.starts_with(b"$100000\r\nxxx"));
}

#[test]
fn many_clients_at_once() {
    let server = Server::start();
    let mut clients: Vec<_> = (0..200).map(|_| server.connect()).collect();
    for round in 0..5 {
        for client in &mut clients {
            client
                .send_raw(format!("INCR shared\r\nECHO {round}\r\n").as_bytes())
                .expect("the connection is open");
        }
        for client in &mut clients {
            assert!(client.read().expect("an answer").integer().is_some());
            assert_eq!(client.read().expect("an answer").bytes(), round.to_string().as_bytes());
        }
    }
    assert_eq!(clients[0].call(&["GET", "shared"]).expect("an answer").bytes(), b"1000");
    let sessions = |clients: &mut Vec<playground_tests::resp::Connection>| {
        let info = clients[0].call(&["INFO", "clients"]).expect("an answer");
        String::from_utf8_lossy(info.bytes()).contains("connected_clients:1\r\n")
    };
    clients.truncate(1);
    let freed = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        sessions(&mut clients)
    });
    assert!(freed, "closed connections free their sessions");
}

#[cfg(unix)]
#[test]
fn a_server_without_descriptors_serves_those_it_has() {
    let server = Server::start_with_descriptors(40);
    let mut first = server.connect();
    let crowd: Vec<_> = (0..100).map(|_| TcpStream::connect(server.address())).collect();
    for _ in 0..3 {
        first.call(&["PING"]).expect("who is connected is served");
    }
    drop(crowd);
    assert_eq!(server.connect().call(&["ECHO", "next"]).expect("there is room again").bytes(), b"next");
}

#[test]
fn a_killed_client_finds_its_connection_closed() {
    let server = Server::start();
    let (mut admin, mut victim) = (server.connect(), server.connect());
    let id = victim.call(&["CLIENT", "ID"]).expect("an answer").integer().expect("a number").to_string();
    victim.send_raw(b"BLPOP nothing 0\r\n").expect("the connection is open");
    let mut killed = || admin.call(&["CLIENT", "KILL", "ID", &id]).expect("an answer").integer();
    assert_eq!(killed(), Some(1));
    assert!(victim.read().is_err(), "its socket is closed");
    assert_eq!(killed(), Some(0));
    admin.call(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no"]).expect("the answer comes first");
    assert!(admin.read().is_err());
    server.connect().call(&["PING"]).expect("the server lives");
}

#[test]
fn there_is_room_for_maxclients() {
    let server = Server::start();
    let mut first = server.connect();
    first.call(&["CONFIG", "SET", "maxclients", "2"]).expect("an answer");
    let second = server.connect();
    let mut third = TcpStream::connect(server.address()).expect("the server accepts connections");
    let mut words = String::new();
    third.read_to_string(&mut words).expect("words and the end");
    assert_eq!(words, "-ERR max number of clients reached\r\n");
    drop(second);
    let room = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        let mut next = TcpStream::connect(server.address()).expect("the server accepts connections");
        next.write_all(b"PING\r\n").is_ok() && next.read_exact(&mut [0; 7]).is_ok() && {
            next.write_all(b"PING\r\n").is_ok() && next.read(&mut [0; 1]).is_ok_and(|read| read == 1)
        }
    });
    assert!(room, "who leaves makes room");
}

#[test]
fn silent_clients_are_closed_after_the_timeout() {
    let server = Server::start();
    let (mut busy, mut silent) = (server.connect(), server.connect());
    silent.call(&["PING"]).expect("an answer");
    busy.call(&["CONFIG", "SET", "timeout", "1"]).expect("an answer");
    let closed = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        let listed = busy.call(&["CLIENT", "LIST"]).expect("who speaks is not silent");
        String::from_utf8_lossy(listed.bytes()).lines().count() == 1
    });
    assert!(closed);
    assert!(silent.read().is_err(), "its socket is closed");
}
