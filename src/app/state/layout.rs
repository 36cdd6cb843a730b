//! What is open, and in which colours.

/// The three zones of the page; a phone shows one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Zone {
    Learn,
    #[default]
    Do,
    See,
}

impl Zone {
    pub const ALL: [Self; 3] = [Self::Learn, Self::Do, Self::See];

    pub fn word(self) -> &'static str {
        match self {
            Self::Learn => "Learn",
            Self::Do => "Do",
            Self::See => "See",
        }
    }

    /// As an attribute for style sheets.
    pub fn token(self) -> &'static str {
        match self {
            Self::Learn => "learn",
            Self::Do => "do",
            Self::See => "see",
        }
    }
}

/// The pictures of what is inside, of which one is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Picture {
    #[default]
    Keyspace,
    Memory,
    Eviction,
    Lab,
}

impl Picture {
    pub const ALL: [Self; 4] = [Self::Keyspace, Self::Memory, Self::Eviction, Self::Lab];

    pub fn word(self) -> &'static str {
        match self {
            Self::Keyspace => "Keyspace",
            Self::Memory => "Memory",
            Self::Eviction => "Eviction",
            Self::Lab => "Policy lab",
        }
    }

    /// As part of an element's name.
    pub fn token(self) -> &'static str {
        match self {
            Self::Keyspace => "keyspace",
            Self::Memory => "memory",
            Self::Eviction => "eviction",
            Self::Lab => "lab",
        }
    }
}

/// The colours that the reader chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

impl Theme {
    pub fn token(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn from_token(token: &str) -> Option<Self> {
        [Self::Light, Self::Dark].into_iter().find(|theme| theme.token() == token)
    }

    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Light => Self::Dark,
            Self::Dark => Self::Light,
        }
    }
}

/// What is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    pub zone: Zone,
    pub picture: Picture,
    /// Whether the lesson lies over the page, where there is no room beside it.
    pub drawer: bool,
    /// `None`: as the reader's system says.
    pub theme: Option<Theme>,
}
