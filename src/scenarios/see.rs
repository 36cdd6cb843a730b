//! Which picture belongs beside a step: one of Redis, or the value of a key, drawn in one of several ways.
//!
//! It knows the pictures by name only; whether a value can be drawn so is known where it is drawn.

/// The picture that belongs beside a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum See {
    /// What is inside of a key, drawn as the author wants it.
    Key {
        name: Vec<u8>,
        face: Option<Face>,
    },
    Keyspace,
    Memory,
    Eviction,
    PolicyLab,
}

/// What stands between the name of a key and that of a face.
const AS: &str = " as ";

impl See {
    /// Reads `key NAME`, `key NAME as FACE`, or the name of a picture; the error is a reason without a line.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text {
            "keyspace" => Ok(Self::Keyspace),
            "memory" => Ok(Self::Memory),
            "eviction" => Ok(Self::Eviction),
            "policy lab" => Ok(Self::PolicyLab),
            _ => match text.strip_prefix("key ").map(str::trim) {
                Some(key) if !key.is_empty() => Self::key(key),
                _ => Err(format!(
                    "{text:?} is no picture; there are key NAME, keyspace, memory, eviction, policy lab"
                )),
            },
        }
    }

    fn key(text: &str) -> Result<Self, String> {
        let Some((name, word)) = text.rsplit_once(AS) else {
            return Ok(Self::Key { name: text.into(), face: None });
        };
        let face = Face::ALL.into_iter().find(|face| face.word().eq_ignore_ascii_case(word.trim()));
        let Some(face) = face else {
            let known = Face::ALL.map(|face| face.word().to_lowercase()).join(", ");
            return Err(format!("{word:?} is no way to draw a value; there are {known}"));
        };
        Ok(Self::Key { name: name.trim_end().into(), face: Some(face) })
    }
}

/// A way to draw a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    Text,
    Json,
    Number,
    Hex,
    Bits,
    Registers,
    Elements,
    Nodes,
    Members,
    Fields,
    Ranking,
    Line,
    Places,
    Entries,
    Moments,
    Groups,
}

impl Face {
    pub const ALL: [Self; 16] = [
        Self::Text,
        Self::Json,
        Self::Number,
        Self::Hex,
        Self::Bits,
        Self::Registers,
        Self::Elements,
        Self::Nodes,
        Self::Members,
        Self::Fields,
        Self::Ranking,
        Self::Line,
        Self::Places,
        Self::Entries,
        Self::Moments,
        Self::Groups,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Json => "JSON",
            Self::Number => "Number",
            Self::Hex => "Hex",
            Self::Bits => "Bitmap",
            Self::Registers => "HyperLogLog",
            Self::Elements => "Elements",
            Self::Nodes => "Nodes",
            Self::Members => "Members",
            Self::Fields => "Fields",
            Self::Ranking => "Ranking",
            Self::Line => "Number line",
            Self::Places => "Map",
            Self::Entries => "Entries",
            Self::Moments => "Time line",
            Self::Groups => "Groups",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_drawn_as_the_author_wants_it() {
        let key = |name: &str, face| Ok(See::Key { name: name.into(), face });
        assert_eq!(See::parse("key jobs"), key("jobs", None));
        assert_eq!(See::parse("key jobs as groups"), key("jobs", Some(Face::Groups)));
        assert_eq!(See::parse("key known as us as Number line"), key("known as us", Some(Face::Line)));
        let why = See::parse("key known as us").expect_err("no face");
        assert!(why.starts_with("\"us\" is no way to draw a value; there are text, json, number,"), "{why}");
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        assert_eq!(See::parse("policy lab"), Ok(See::PolicyLab));
        for text in ["the moon", "key", "key  "] {
            assert!(See::parse(text).expect_err("no picture").contains("is no picture; there are key NAME"));
        }
    }
}
