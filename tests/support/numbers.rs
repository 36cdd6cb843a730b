//! The numbers and addresses of clients, as a transcript writes them and as a real server has them.
//!
//! The engine numbers its sessions from 1 in the order in which they come, and makes addresses of those numbers. A real
//! server goes on counting, and its clients have ports. What a command says of a client is translated on its way there,
//! and what an answer says on its way back, where a word or a value is known to mean a client.

use crate::resp::Value;

/// The clients that have come since the case began, the first of them number 1: number and port on the real server. They
/// keep their numbers when they are gone.
#[derive(Debug, Default)]
pub struct Numbers {
    known: Vec<(u64, u16)>,
}

impl Numbers {
    pub fn add(&mut self, id: u64, port: u16) {
        self.known.push((id, port));
    }

    /// A command as the real server is to get it.
    pub fn there(&self, argv: &[Vec<u8>]) -> Vec<Vec<u8>> {
        let is =
            |at: usize, word: &str| argv.get(at).is_some_and(|arg| arg.eq_ignore_ascii_case(word.as_bytes()));
        let means_a_client = |at: usize| match () {
            () if is(1, "UNBLOCK") => at == 2,
            () if is(1, "LIST") => at > 2 && is(2, "ID"),
            () if is(1, "KILL") => is(at - 1, "ID") || is(at - 1, "ADDR") || at == 2,
            () if is(1, "TRACKING") => is(at - 1, "REDIRECT"),
            () => false,
        };
        let word = |(at, word): (usize, &Vec<u8>)| {
            let known =
                (is(0, "CLIENT") && at > 1 && means_a_client(at)).then(|| self.word_there(word)).flatten();
            known.unwrap_or_else(|| word.clone())
        };
        argv.iter().enumerate().map(word).collect()
    }

    fn word_there(&self, word: &[u8]) -> Option<Vec<u8>> {
        let word = std::str::from_utf8(word).ok()?;
        let (host, number) =
            word.rsplit_once(':').map_or((None, word), |(host, number)| (Some(host), number));
        let (id, port) = self.known.get(number.parse::<usize>().ok()?.checked_sub(1)?)?;
        Some(host.map_or_else(|| id.to_string(), |host| format!("{host}:{port}")).into_bytes())
    }

    /// The answer to a command as the transcript has it.
    pub fn back(&self, argv: &[Vec<u8>], answer: Value) -> Value {
        let words: Vec<String> =
            argv.iter().take(2).map(|word| String::from_utf8_lossy(word).to_uppercase()).collect();
        match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["CLIENT", "ID" | "GETREDIR" | "TRACKINGINFO"] => self.all_back(answer),
            _ => answer,
        }
    }

    /// What has arrived without having been asked for.
    pub fn arrived(&self, value: Value) -> Value {
        let tells = value.elements().first().is_some_and(|kind| kind.bytes() == b"tracking-redir-broken");
        if tells { self.all_back(value) } else { value }
    }

    fn all_back(&self, value: Value) -> Value {
        let all = |values: Vec<Value>| values.into_iter().map(|value| self.all_back(value)).collect();
        match value {
            Value::Integer(n) => Value::Integer(self.number_back(n)),
            Value::Array(values) => Value::Array(all(values)),
            Value::Push(values) => Value::Push(all(values)),
            Value::Map(pairs) => {
                Value::Map(pairs.into_iter().map(|(key, value)| (key, self.all_back(value))).collect())
            }
            other => other,
        }
    }

    fn number_back(&self, n: i64) -> i64 {
        let place = self.known.iter().position(|(id, _)| i64::try_from(*id) == Ok(n));
        place.and_then(|place| i64::try_from(place + 1).ok()).unwrap_or(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_are_translated_both_ways() {
        let mut numbers = Numbers::default();
        numbers.add(70, 5000);
        numbers.add(72, 5001);
        let there = |line: &str| {
            let argv: Vec<Vec<u8>> = line.split(' ').map(|word| word.as_bytes().to_vec()).collect();
            String::from_utf8_lossy(&numbers.there(&argv).join(&b' ')).into_owned()
        };
        assert_eq!(there("CLIENT UNBLOCK 2 ERROR"), "CLIENT UNBLOCK 72 ERROR");
        assert_eq!(there("CLIENT KILL 127.0.0.1:1"), "CLIENT KILL 127.0.0.1:5000");
        assert_eq!(
            there("CLIENT KILL ID 1 MAXAGE 2 ADDR 1.2.3.4:9"),
            "CLIENT KILL ID 70 MAXAGE 2 ADDR 1.2.3.4:9"
        );
        assert_eq!(there("client tracking on redirect 2"), "client tracking on redirect 72");
        assert_eq!(there("CLIENT LIST ID 1 2 3"), "CLIENT LIST ID 70 72 3");
        assert_eq!(there("SET 1 2"), "SET 1 2");
        let id = ["CLIENT", "ID"].map(|word| word.as_bytes().to_vec());
        assert_eq!(numbers.back(&id, Value::Integer(72)), Value::Integer(2));
        assert_eq!(numbers.back(&[b"LLEN".to_vec()], Value::Integer(72)), Value::Integer(72));
    }
}
