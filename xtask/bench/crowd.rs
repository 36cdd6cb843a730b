//! Many connections at once, as a crowd of listeners and as a crowd that waits: what a message to all of them costs, what
//! it costs to serve them, and what one that does nothing keeps in memory.
//!
//! Answers have a known length, so that reading them costs the measuring side as little as possible.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::servers::{Pair, Server};

/// The real server takes 10,000 connections, and one is needed to speak to them.
const LISTENERS: usize = 9_990;
const WAITING: usize = 1_000;
const ROUNDS: usize = 21;
const MESSAGE: &str = "hello, all of you out there";

/// Measures both servers and prints a line for each figure.
pub fn compare(servers: &Pair<'_>) -> Result<()> {
    let ours = measure(&servers.start_ours()?)?;
    let theirs = measure(&servers.start_theirs()?)?;
    let label = format!("{LISTENERS} listeners, {WAITING} waiting");
    println!("{label:<44} {:>12} {:>12} {:>7}", "playground", "Redis", "ratio");
    for ((what, ours), (_, theirs)) in ours.iter().zip(&theirs) {
        println!("{what:<44} {ours:>12.1} {theirs:>12.1} {:>7.2}", ours / theirs);
    }
    Ok(())
}

type Figures = Vec<(&'static str, f64)>;

fn measure(server: &Server) -> Result<Figures> {
    let mut speaker = Line::open(server)?;
    let before = server.resident()?;
    let mut crowd = (0..LISTENERS).map(|_| Line::open(server)).collect::<Result<Vec<_>>>()?;
    for line in &mut crowd {
        line.ask("SUBSCRIBE news", "*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n".len())?;
    }
    let each = server.resident()?.saturating_sub(before) as f64 / LISTENERS as f64;
    let (mut answered, mut heard) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        speaker.say(&["PUBLISH", "news", MESSAGE])?;
        speaker.hear(format!(":{LISTENERS}\r\n").len())?;
        answered.push(start.elapsed());
        let message = format!("*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n${}\r\n{MESSAGE}\r\n", MESSAGE.len());
        for line in &mut crowd {
            line.hear(message.len())?;
        }
        heard.push(start.elapsed());
    }
    drop(crowd);
    let mut waiting = (0..WAITING).map(|_| Line::open(server)).collect::<Result<Vec<_>>>()?;
    let mut served = Vec::new();
    for _ in 0..ROUNDS {
        for line in &mut waiting {
            line.say(&["BLPOP", "queue", "0"])?;
        }
        // A round trip of another command, so that all of them are known to wait.
        speaker.ask("ECHO x", "$1\r\nx\r\n".len())?;
        std::thread::sleep(Duration::from_millis(50));
        let push: Vec<&str> = ["RPUSH", "queue"].into_iter().chain([MESSAGE; WAITING]).collect();
        let start = Instant::now();
        speaker.say(&push)?;
        speaker.hear(format!(":{WAITING}\r\n").len())?;
        let element = format!("*2\r\n$5\r\nqueue\r\n${}\r\n{MESSAGE}\r\n", MESSAGE.len());
        for line in &mut waiting {
            line.hear(element.len())?;
        }
        served.push(start.elapsed());
    }
    Ok(vec![
        ("a listener in memory, bytes", each),
        ("PUBLISH until its answer, milliseconds", median(answered)),
        ("PUBLISH until all have heard, milliseconds", median(heard)),
        ("RPUSH until all who wait are served, ms", median(served)),
    ])
}

/// Milliseconds.
fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
}

/// A connection without buffers.
struct Line {
    stream: TcpStream,
}

impl Line {
    fn open(server: &Server) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", server.port))
            .context("connecting, which needs an open file for each connection (`ulimit -n`)")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self { stream })
    }

    fn say(&mut self, words: &[&str]) -> Result<()> {
        let mut wire = format!("*{}\r\n", words.len());
        for word in words {
            wire += &format!("${}\r\n{word}\r\n", word.len());
        }
        Ok(self.stream.write_all(wire.as_bytes())?)
    }

    /// Waits for an answer of this many bytes.
    fn hear(&mut self, bytes: usize) -> Result<()> {
        let mut answer = vec![0; bytes];
        Ok(self.stream.read_exact(&mut answer)?)
    }

    fn ask(&mut self, line: &str, bytes: usize) -> Result<()> {
        self.say(&line.split(' ').collect::<Vec<_>>())?;
        self.hear(bytes)
    }
}
