//! What the sets of data are made of: random commands, the same in every run with a seed. Each makes ten thousand keys or
//! more, or as many elements; many are changed and some deleted on the way.

use playground_engine::rng::Rng;

pub type Argv = Vec<Vec<u8>>;

/// A name, and the commands that make it.
pub type Dataset = (&'static str, Vec<Argv>);

const KEYS: usize = 10_000;

/// Random commands, one after the other.
struct Maker {
    rng: Rng,
    commands: Vec<Argv>,
}

impl Maker {
    fn line(&mut self, line: &str) {
        self.commands.push(line.split(' ').map(|word| word.as_bytes().to_vec()).collect());
    }

    fn below(&mut self, bound: usize) -> usize {
        self.rng.below(bound)
    }

    /// Letters and digits, at least so many and fewer than so many.
    fn text(&mut self, least: usize, below: usize) -> String {
        let len = least + self.below(below - least);
        (0..len).map(|_| char::from(b"abcdefghijklmnopqrstuvwxyz0123456789"[self.below(36)])).collect()
    }

    fn chance(&mut self, in_hundred: usize) -> bool {
        self.below(100) < in_hundred
    }
}

pub fn datasets(seed: u64) -> Vec<Dataset> {
    let makers: [(&'static str, fn(&mut Maker)); 20] = [
        ("integers", integers),
        ("short strings", short_strings),
        ("long strings", long_strings),
        ("strings with TTL", with_deadlines),
        ("strings edited", edited),
        ("many deleted", deleted),
        ("small hashes", small_hashes),
        ("big hashes", big_hashes),
        ("hashes, field TTL", field_deadlines),
        ("big hashes, field TTL", big_field_deadlines),
        ("intsets", intsets),
        ("small sets", small_sets),
        ("big sets", big_sets),
        ("small sorted sets", small_sorted_sets),
        ("big sorted sets", big_sorted_sets),
        ("lists", lists),
        ("many streams", many_streams),
        ("long streams, groups", groups),
        ("HyperLogLogs, bitmaps", registers),
        ("a bit of everything", everything),
    ];
    let make = |(name, make): (&'static str, fn(&mut Maker))| {
        let mut maker = Maker { rng: Rng::seeded(seed), commands: Vec::new() };
        make(&mut maker);
        (name, maker.commands)
    };
    makers.into_iter().map(make).collect()
}

fn integers(make: &mut Maker) {
    for key in 0..2 * KEYS {
        let number = make.below(20_000);
        make.line(&format!("SET n:{key} {number}"));
    }
    for key in 0..KEYS {
        make.line(&format!("INCRBY n:{key} 7000"));
    }
}

fn short_strings(make: &mut Maker) {
    for key in 0..2 * KEYS {
        let text = make.text(1, 44);
        make.line(&format!("SET session:{key} {text}"));
    }
}

fn long_strings(make: &mut Maker) {
    for key in 0..KEYS {
        let text = make.text(30, 700);
        make.line(&format!("SET page:{key} {text}"));
    }
}

fn with_deadlines(make: &mut Maker) {
    for key in 0..2 * KEYS {
        let text = make.text(5, 30);
        match make.below(4) {
            0 => make.line(&format!("SET k:{key} {text}")),
            1 => make.line(&format!("SET k:{key} {key} EX 90000")),
            _ => make.line(&format!("SET k:{key} {text} PX 987654321")),
        }
    }
    for _ in 0..KEYS {
        let key = make.below(2 * KEYS);
        match make.below(5) {
            0 => make.line(&format!("PERSIST k:{key}")),
            1 => make.line(&format!("EXPIRE k:{key} 70000")),
            2 => make.line(&format!("DEL k:{key}")),
            3 => make.line(&format!("GETEX k:{key} PERSIST")),
            _ => make.line(&format!("SET k:{key} new KEEPTTL")),
        }
    }
}

fn edited(make: &mut Maker) {
    for _ in 0..3 * KEYS {
        let (key, text, at) = (make.below(KEYS), make.text(1, 60), make.below(300));
        match make.below(4) {
            0 => make.line(&format!("SET k:{key} {text}")),
            1 => make.line(&format!("SETRANGE k:{key} {at} {text}")),
            _ => make.line(&format!("APPEND k:{key} {text}")),
        }
    }
}

fn deleted(make: &mut Maker) {
    for key in 0..9 * KEYS {
        make.line(&format!("SET k:{key} 1 EX {}", 10_000 + key));
    }
    for key in 0..8 * KEYS {
        make.line(&format!("DEL k:{key}"));
    }
    for key in 0..KEYS / 2 {
        let text = make.text(1, 80);
        make.line(&format!("SET new:{key} {text}"));
    }
}

fn small_hashes(make: &mut Maker) {
    for _ in 0..6 * KEYS {
        let (key, field, text) = (make.below(KEYS), make.below(20), make.text(1, 40));
        match make.below(8) {
            0 => make.line(&format!("HDEL user:{key} field{field}")),
            1 => make.line(&format!("HINCRBY user:{key} visits{field} 12345")),
            _ => make.line(&format!("HSET user:{key} field{field} {text}")),
        }
    }
}

fn big_hashes(make: &mut Maker) {
    for _ in 0..6 * KEYS {
        let (key, field, text) = (make.below(60), make.below(900), make.text(1, 80));
        match make.below(5) {
            0 => make.line(&format!("HDEL h:{key} field:{field}")),
            _ => make.line(&format!("HSET h:{key} field:{field} {text}")),
        }
    }
}

fn field_deadlines(make: &mut Maker) {
    for key in 0..KEYS {
        let text = make.text(1, 20);
        make.line(&format!("HSET h:{key} name {text} token {key} x y"));
        if make.chance(70) {
            let seconds = 50_000 + make.below(9_000);
            make.line(&format!("HEXPIRE h:{key} {seconds} FIELDS 1 token"));
        }
    }
}

fn big_field_deadlines(make: &mut Maker) {
    for _ in 0..2 * KEYS {
        let (key, field, text) = (make.below(40), make.below(700), make.text(1, 30));
        make.line(&format!("HSET h:{key} field:{field} {text}"));
        let millis = 90_000_000 + make.below(90_000_000);
        match make.below(5) {
            0 => make.line(&format!("HPERSIST h:{key} FIELDS 1 field:{field}")),
            1 | 2 => make.line(&format!("HPEXPIRE h:{key} {millis} FIELDS 1 field:{field}")),
            3 => make.line(&format!("HEXPIRE h:{key} 90000 FIELDS 1 field:{field}")),
            _ => {}
        }
    }
}

fn intsets(make: &mut Maker) {
    for _ in 0..6 * KEYS {
        let (key, small) = (make.below(KEYS), make.below(30_000));
        let number = if make.chance(3) { small * 1_000_000 } else { small };
        make.line(&format!("SADD ids:{key} {number} {}", small / 7));
        if make.chance(20) {
            make.line(&format!("SREM ids:{key} {number}"));
        }
    }
}

fn small_sets(make: &mut Maker) {
    for _ in 0..4 * KEYS {
        let (key, a, b) = (make.below(KEYS), make.text(1, 30), make.below(50));
        make.line(&format!("SADD tags:{key} {a} {b} tag{b}"));
        if make.chance(20) {
            make.line(&format!("SREM tags:{key} tag{b}"));
        }
    }
}

fn big_sets(make: &mut Maker) {
    for _ in 0..8 * KEYS {
        let key = make.below(60);
        // Sets of all sizes.
        let member = make.below(100 + 30 * key);
        match make.below(4) {
            0 => make.line(&format!("SREM s:{key} member:{member}")),
            _ => make.line(&format!("SADD s:{key} member:{member}")),
        }
    }
}

fn small_sorted_sets(make: &mut Maker) {
    for _ in 0..5 * KEYS {
        let (key, score, member) = (make.below(KEYS), make.below(100_000), make.below(300));
        match make.below(8) {
            0 => make.line(&format!("ZREM z:{key} player:{member}")),
            1 => make.line(&format!("ZADD z:{key} {score}.5 player:{member}")),
            _ => make.line(&format!("ZADD z:{key} {score} player:{member}")),
        }
    }
}

fn big_sorted_sets(make: &mut Maker) {
    for _ in 0..6 * KEYS {
        let key = make.below(40);
        let (score, member) = (make.below(100_000), make.below(100 + 60 * key));
        match make.below(5) {
            0 => make.line(&format!("ZREM z:{key} player:{member}")),
            _ => make.line(&format!("ZADD z:{key} {score} player:{member}")),
        }
    }
}

fn lists(make: &mut Maker) {
    for _ in 0..5 * KEYS {
        // Half of it goes into a few long lists.
        let key = if make.chance(50) { make.below(20) } else { make.below(KEYS) };
        let (a, b) = (make.text(1, 60), make.below(100_000));
        match make.below(7) {
            0 => make.line(&format!("LPOP l:{key}")),
            1 => make.line(&format!("LPUSH l:{key} {b}")),
            2 => make.line(&format!("LINSERT l:{key} BEFORE {} {a}", b % 100)),
            _ => make.line(&format!("RPUSH l:{key} {a} {b} {}", b % 100)),
        }
    }
}

fn many_streams(make: &mut Maker) {
    for time in 0..2 * KEYS {
        let (key, text) = (make.below(2_000), make.text(1, 30));
        make.line(&format!(
            "XADD s:{key} {}-0 temperature {} place {text}",
            1_700_000_000_000 + time,
            time % 40
        ));
    }
}

fn groups(make: &mut Maker) {
    for stream in 0..5 {
        make.line(&format!("XADD s:{stream} 1-1 a b"));
        for group in ["billing", "mail"] {
            make.line(&format!("XGROUP CREATE s:{stream} {group} 0"));
        }
    }
    let mut time = 1_700_000_000_000_u64;
    for _ in 0..3 * KEYS {
        time += make.below(40) as u64;
        let (stream, consumer, text) = (make.below(5), make.below(12), make.text(1, 50));
        let (id, group) = (format!("{time}-{}", make.commands.len()), ["billing", "mail"][make.below(2)]);
        match make.below(12) {
            0 => make
                .line(&format!("XREADGROUP GROUP {group} worker-{consumer} COUNT 20 STREAMS s:{stream} >")),
            1 => make.line(&format!("XAUTOCLAIM s:{stream} {group} worker-{consumer} 0 0 COUNT 5")),
            2 => make.line(&format!("XTRIM s:{stream} MAXLEN ~ 4000")),
            _ => make.line(&format!("XADD s:{stream} {id} order {text} amount {consumer}")),
        }
    }
}

fn registers(make: &mut Maker) {
    for _ in 0..2 * KEYS {
        let (key, a, b) = (make.below(2_000), make.below(1_000_000), make.below(1_000_000));
        match make.below(4) {
            0 => make.line(&format!("SETBIT bits:{key} {} 1", a % 5_000)),
            1 => make.line(&format!("BITFIELD fields:{key} SET u16 #{} {}", a % 60, b % 60_000)),
            _ => make.line(&format!("PFADD visitors:{key} {a} {b}")),
        }
    }
    for key in 0..30 {
        for _ in 0..40 {
            let elements: Vec<String> = (0..50).map(|_| make.text(4, 9)).collect();
            make.line(&format!("PFADD dense:{key} {}", elements.join(" ")));
        }
    }
}

fn everything(make: &mut Maker) {
    for _ in 0..8 * KEYS {
        let (key, a, b, text) = (make.below(12_000), make.below(1_000), make.below(40), make.text(1, 120));
        let kind = key % 10;
        match make.below(20) {
            0 => make.line(&format!("DEL k:{key}")),
            1 => make.line(&format!("EXPIRE k:{key} 80000")),
            2 => make.line(&format!("PERSIST k:{key}")),
            3 => make.line(&format!("COPY k:{key} k:{} REPLACE", (key + 10 * (a + 1)) % 12_000)),
            4 => make.line(&format!("UNLINK k:{key}")),
            5 => make.line(&format!("SELECT {}", a % 3)),
            _ => match kind {
                0 => make.line(&format!("SET k:{key} {text}")),
                1 => make.line(&format!("SET k:{key} {a} EX 99999")),
                2 => make.line(&format!("HSET k:{key} {b} {text} other {a}")),
                3 => make.line(&format!("SADD k:{key} {a} {b}")),
                4 => make.line(&format!("SADD k:{key} {a} m{b} {text}")),
                5 => make.line(&format!("ZADD k:{key} {a} m{b}")),
                6 => make.line(&format!("RPUSH k:{key} {text} {a}")),
                7 => make.line(&format!("LPUSH k:{} {text} {a}", key % 100 / 10 * 10 + 7)),
                8 => make.line(&format!("XADD k:{} * a {text}", key % 1000 / 10 * 10 + 8)),
                _ => make.line(&format!("ZADD k:{} {a} member:{a}:{b}", key % 300 / 10 * 10 + 9)),
            },
        }
    }
}
