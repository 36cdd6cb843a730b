//! A client just good enough to measure with: it sends lines as requests, many at a time, and counts the answers.
//!
//! Replies are passed over, not read, so that the client costs as little as possible; an error among them ends the
//! measurement, since refusing is quicker than doing. Knows nothing of commands.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use anyhow::{Context, Result, bail};

/// One connection.
#[derive(Debug)]
pub struct Client {
    stream: TcpStream,
    replies: BufReader<TcpStream>,
    line: Vec<u8>,
}

impl Client {
    pub fn connect(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).context("connecting to a server to measure")?;
        stream.set_nodelay(true)?;
        let replies = BufReader::with_capacity(1 << 16, stream.try_clone()?);
        Ok(Self { stream, replies, line: Vec::new() })
    }

    /// Sends lines of words, each a command, so many at a time, and waits for all answers.
    pub fn send(&mut self, lines: impl IntoIterator<Item = String>, at_a_time: usize) -> Result<()> {
        let mut wire = Vec::new();
        let mut waiting = 0;
        for line in lines {
            encode(&line.split(' ').collect::<Vec<_>>(), &mut wire);
            waiting += 1;
            if waiting == at_a_time {
                self.flush(&mut wire, waiting)?;
                waiting = 0;
            }
        }
        self.flush(&mut wire, waiting)
    }

    /// Sends one command, whose words may be anything, and waits for its answer.
    pub fn ask(&mut self, words: &[&str]) -> Result<()> {
        let mut wire = Vec::new();
        encode(words, &mut wire);
        self.flush(&mut wire, 1)
    }

    /// A figure of `INFO`.
    pub fn figure(&mut self, name: &str) -> Result<u64> {
        self.stream.write_all(b"*2\r\n$4\r\nINFO\r\n$3\r\nall\r\n")?;
        self.line.clear();
        self.replies.read_until(b'\n', &mut self.line)?;
        let header = String::from_utf8_lossy(&self.line);
        let length: usize =
            header.trim().trim_start_matches('$').parse().context("INFO answers with text")?;
        let mut text = vec![0; length + 2];
        self.replies.read_exact(&mut text)?;
        let text = String::from_utf8_lossy(&text);
        let figure = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        figure.and_then(|figure| figure.trim().parse().ok()).with_context(|| format!("INFO has no {name}"))
    }

    fn flush(&mut self, wire: &mut Vec<u8>, replies: usize) -> Result<()> {
        self.stream.write_all(wire)?;
        wire.clear();
        for _ in 0..replies {
            self.pass_over()?;
        }
        Ok(())
    }

    /// Reads past one reply and everything in it.
    fn pass_over(&mut self) -> Result<()> {
        let mut left: usize = 1;
        while left > 0 {
            left -= 1;
            self.line.clear();
            self.replies.read_until(b'\n', &mut self.line)?;
            let text = String::from_utf8_lossy(&self.line);
            let length =
                || text.get(1..).and_then(|text| text.trim().parse::<i64>().ok()).unwrap_or_default();
            match text.as_bytes().first() {
                Some(b'+' | b':') => {}
                Some(b'$') => {
                    // A nil has a length of -1 and nothing behind it.
                    let bytes = u64::try_from(length()).map_or(0, |length| length + 2);
                    std::io::copy(&mut (&mut self.replies).take(bytes), &mut std::io::sink())?;
                }
                Some(b'*') => left += length().max(0) as usize,
                Some(b'-') => bail!("the server answered {}", text.trim()),
                _ => bail!("the server ended the connection"),
            }
        }
        Ok(())
    }
}

fn encode(words: &[&str], wire: &mut Vec<u8>) {
    wire.extend_from_slice(format!("*{}\r\n", words.len()).as_bytes());
    for word in words {
        wire.extend_from_slice(format!("${}\r\n{word}\r\n", word.len()).as_bytes());
    }
}
