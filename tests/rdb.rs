//! Dumps across the border: values of every type and encoding that the engine dumps come back in a real Redis as they
//! were, and the other way round. Where the order in a dump is not up to a hash table, both dump the very same bytes.

use playground_engine::{Engine, Options, Protocol, SessionId};
use playground_tests::oracle::{self, Oracle};
use playground_tests::resp::{Connection, Value};

type Argv = Vec<Vec<u8>>;

const VALUES: u32 = 400;
/// So far ahead that no run of this test sees it pass.
const FAR: u64 = 33_177_117_420_000;

#[test]
fn dumps_restore_on_the_other_side() {
    let Some(oracle) = oracle::start_or_skip("the test of dumps") else { return };
    let mut sides = Sides::new(&oracle);
    for seed in 0..VALUES {
        let lines = Draw(seed.wrapping_mul(2_654_435_761) | 1).value(seed % 8);
        sides.compare(&lines).unwrap_or_else(|why| panic!("value {seed}: {why}\n{}", shown(&lines)));
    }
}

/// The engine and the real server.
struct Sides {
    engine: Engine,
    session: SessionId,
    server: Connection,
}

impl Sides {
    fn new(oracle: &Oracle) -> Self {
        let mut engine = Engine::new(Options::default());
        let session = engine.connect();
        Self { engine, session, server: oracle.connect() }
    }

    fn engine(&mut self, argv: Argv) -> Value {
        Value::of_reply(&self.engine.execute(self.session, argv).reply, Protocol::Resp2)
    }

    fn server(&mut self, argv: &Argv) -> Value {
        self.server.call(argv).expect("the oracle answers")
    }

    /// Makes the same value on both sides and carries its dump over, and back.
    fn compare(&mut self, lines: &[Argv]) -> Result<(), String> {
        self.engine(words(&["FLUSHALL"]));
        self.server(&words(&["FLUSHALL"]));
        for argv in lines {
            let (engine, server) = (self.engine(argv.clone()), self.server(argv));
            same(&engine, &server, "the making")?;
        }
        let ask = words(&["DUMP", "k"]);
        let (ours, theirs) = (self.engine(ask.clone()), self.server(&ask));
        let encoding = self.server(&words(&["OBJECT", "ENCODING", "k"]));
        same(&self.engine(words(&["OBJECT", "ENCODING", "k"])), &encoding, "the encoding")?;
        if encoding.bytes() != b"hashtable" {
            same(&ours, &theirs, "the dump")?;
        }
        // Ours there.
        same(&self.server(&restore("ours", ours.bytes())), &Value::Status(b"OK".to_vec()), "RESTORE there")?;
        self.digests_agree("ours")?;
        // Theirs here, and dumped again.
        same(&self.engine(restore("r", theirs.bytes())), &Value::Status(b"OK".to_vec()), "RESTORE here")?;
        let again = self.engine(words(&["DUMP", "r"]));
        self.server(&restore("again", again.bytes()));
        self.digests_agree("again")?;
        for question in ["TYPE", "OBJECT ENCODING"] {
            let ask = |key: &str| words(&question.split(' ').chain([key]).collect::<Vec<_>>());
            let (here, there) = (self.engine(ask("r")), self.server(&ask("ours")));
            same(&here, &there, question)?;
        }
        Ok(())
    }

    /// The real server sees no difference between the value and what came back.
    fn digests_agree(&mut self, copy: &str) -> Result<(), String> {
        let digests = self.server(&words(&["DEBUG", "DIGEST-VALUE", "k", copy]));
        match digests.elements() {
            [one, other] => same(one, other, "the digest"),
            _ => Err(format!("no digests: {digests:?}")),
        }
    }
}

fn restore(key: &str, dump: &[u8]) -> Argv {
    vec![b"RESTORE".to_vec(), key.into(), b"0".to_vec(), dump.to_vec()]
}

fn same(engine: &Value, server: &Value, what: &str) -> Result<(), String> {
    if engine == server { Ok(()) } else { Err(format!("{what}:\n{engine:?}\n{server:?}")) }
}

fn words(words: &[&str]) -> Argv {
    words.iter().map(|word| word.as_bytes().to_vec()).collect()
}

fn shown(lines: &[Argv]) -> String {
    let line =
        |argv: &Argv| argv.iter().map(|word| word.escape_ascii().to_string()).collect::<Vec<_>>().join(" ");
    lines.iter().map(line).collect::<Vec<_>>().join("\n").chars().take(2_000).collect()
}

/// Random values out of a small generator.
struct Draw(u32);

impl Draw {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) % bound
    }

    fn choose<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u32) as usize]
    }

    /// Strings of every form that a dump has for them.
    fn text(&mut self) -> Vec<u8> {
        let length = self.choose(&[0, 1, 5, 20, 21, 45, 63, 64, 70, 300]);
        match self.below(6) {
            0 => (i64::from(self.below(600)) - 300).to_string().into(),
            1 => (i64::from(self.below(1 << 20)) * i64::from(self.below(1 << 20)) - (1 << 30))
                .to_string()
                .into(),
            2 => (0..length).map(|_| b'a' + self.below(3) as u8).collect(),
            3 => (0..length).map(|_| self.below(256) as u8).collect(),
            4 => b"hello world ".repeat(self.below(9) as usize),
            _ => self
                .choose(&[&b"007"[..], b"-0", b"2147483648", b"-2147483649", b"9223372036854775807"])
                .to_vec(),
        }
    }

    /// Lines that make the key `k`.
    fn value(&mut self, kind: u32) -> Vec<Argv> {
        let size = self.choose(&[1, 2, 5, 20, 130, 200, 600]);
        match kind {
            0 => {
                let set = self.line(&["SET", "k"], 1, |draw, line| line.push(draw.text()));
                let append = self.line(&["APPEND", "k"], 1, |draw, line| line.push(draw.text()));
                if self.below(2) == 0 { vec![set] } else { vec![set, append] }
            }
            1 => vec![self.line(&["RPUSH", "k"], size, |draw, line| line.push(draw.text()))],
            2 => vec![self.line(&["SADD", "k"], size, |draw, line| line.push(draw.text()))],
            3 => {
                vec![self.line(&["SADD", "k"], size, |draw, line| {
                    line.push(draw.below(1 << 24).to_string().into());
                })]
            }
            4 => vec![self.line(&["ZADD", "k"], size, |draw, line| {
                let (whole, part) = (draw.below(1_000), draw.choose(&["", ".5", ".1", "e200"]));
                line.extend([format!("{whole}{part}").into_bytes(), draw.text()]);
            })],
            5 => vec![self.line(&["HSET", "k"], size, |draw, line| line.extend([draw.text(), draw.text()]))],
            6 => self.hash_with_deadlines(size),
            _ => self.stream(size.min(200)),
        }
    }

    fn line(&mut self, head: &[&str], times: u32, mut add: impl FnMut(&mut Self, &mut Argv)) -> Argv {
        let mut line = words(head);
        for _ in 0..times {
            add(self, &mut line);
        }
        line
    }

    fn hash_with_deadlines(&mut self, size: u32) -> Vec<Argv> {
        let mut field = 0;
        let mut lines = vec![self.line(&["HSET", "k"], size, |draw, line| {
            line.extend([format!("f{field}").into_bytes(), draw.text()]);
            field += 1;
        })];
        for _ in 0..self.below(5) {
            let (at, field) = (FAR + u64::from(self.below(20_000)), self.below(size));
            lines.push(words(&["HPEXPIREAT", "k", &at.to_string(), "FIELDS", "1", &format!("f{field}")]));
        }
        lines
    }

    fn stream(&mut self, size: u32) -> Vec<Argv> {
        let mut lines = Vec::new();
        for entry in 0..size {
            let id = format!("{}-{}", entry / 3 + 1, entry % 3 + 1);
            let fields = self.below(2) + 1;
            lines.push(self.line(&["XADD", "k", &id], fields, |draw, line| {
                line.extend([draw.choose(&["a", "b"]).as_bytes().to_vec(), draw.text()]);
            }));
        }
        for _ in 0..self.below(4) {
            lines.push(words(&["XDEL", "k", &format!("{}-1", self.below(size / 3 + 1) + 1)]));
        }
        for group in 0..self.below(3) {
            let start = self.choose(&["0", "$", "2-0"]);
            lines.push(words(&["XGROUP", "CREATE", "k", &format!("g{group}"), start, "ENTRIESREAD", "5"]));
        }
        lines
    }
}
