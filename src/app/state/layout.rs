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

/// Which zones are hidden.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hidden([bool; Zone::ALL.len()]);

impl Hidden {
    pub fn has(self, zone: Zone) -> bool {
        Zone::ALL.iter().zip(self.0).any(|(one, hidden)| *one == zone && hidden)
    }

    /// Hides a zone or shows it again; the last one on the screen is not hidden.
    #[must_use]
    pub fn toggled(self, zone: Zone) -> Self {
        let mut next = self;
        for (hidden, one) in next.0.iter_mut().zip(Zone::ALL) {
            *hidden ^= one == zone;
        }
        if next.0.iter().all(|hidden| *hidden) { self } else { next }
    }

    /// As an attribute for style sheets: the hidden ones' names.
    pub fn tokens(self) -> String {
        let hidden = Zone::ALL.into_iter().filter(|zone| self.has(*zone));
        hidden.map(Zone::token).collect::<Vec<_>>().join(" ")
    }

    pub fn from_tokens(tokens: &str) -> Self {
        let named = |zone: &Zone| tokens.split(' ').any(|token| token == zone.token());
        Zone::ALL.into_iter().filter(named).fold(Self::default(), Self::toggled)
    }
}

/// What is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    pub zone: Zone,
    pub picture: Picture,
    /// Zones that the reader has hidden; one stays. A phone shows one at a time, whatever is hidden elsewhere.
    pub hidden: Hidden,
    /// Whether the list of shortcuts is open.
    pub shortcuts: bool,
    /// Whether the lesson lies over the page, where there is no room beside it.
    pub drawer: bool,
    /// `None`: as the reader's system says.
    pub theme: Option<Theme>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_hidden_and_shown_but_never_all_hidden() {
        let hidden = Hidden::default().toggled(Zone::Learn).toggled(Zone::See);
        assert_eq!(hidden.tokens(), "learn see");
        assert_eq!(hidden.toggled(Zone::Do), hidden);
        assert_eq!(hidden.toggled(Zone::See).tokens(), "learn");
        assert_eq!(Hidden::from_tokens("see nonsense learn"), hidden);
        assert_eq!(Hidden::from_tokens("learn do see").tokens(), "learn do");
    }
}
