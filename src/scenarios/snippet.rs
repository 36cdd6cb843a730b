//! Code for a client library: what a lesson shows beside the commands themselves.
//!
//! Knows none of these libraries but their names.

/// A client library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Client {
    RedisPy,
    NodeRedis,
    Jedis,
    GoRedis,
    RedisRs,
}

impl Client {
    pub const ALL: [Self; 5] = [Self::RedisPy, Self::NodeRedis, Self::Jedis, Self::GoRedis, Self::RedisRs];

    /// The name of the library, in small letters as lessons write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::RedisPy => "redis-py",
            Self::NodeRedis => "node-redis",
            Self::Jedis => "jedis",
            Self::GoRedis => "go-redis",
            Self::RedisRs => "redis-rs",
        }
    }

    /// The language that it is for, as fences name it.
    pub fn language(self) -> &'static str {
        match self {
            Self::RedisPy => "python",
            Self::NodeRedis => "javascript",
            Self::Jedis => "java",
            Self::GoRedis => "go",
            Self::RedisRs => "rust",
        }
    }

    /// Which one a fence is for: its language and the library's name, as in `python redis-py`.
    pub(crate) fn of_fence(info: &str) -> Option<Result<Self, String>> {
        let (language, name) = info.split_once(' ')?;
        let found = Self::ALL.into_iter().find(|client| client.name() == name.trim());
        Some(match found {
            Some(client) if client.language() == language => Ok(client),
            Some(client) => Err(format!("{name} is written in {}", client.language())),
            None => {
                let known = Self::ALL.map(|client| format!("{} {}", client.language(), client.name()));
                Err(format!("no client library is called {name}; there are {}", known.join(", ")))
            }
        })
    }
}

/// Code for one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    pub client: Client,
    pub text: String,
}
