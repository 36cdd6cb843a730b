//! What the reader typed into the policy lab, and the plan that it comes to, or what is wrong with it, field by field.
//!
//! Texts are read by the lab's own rules. The page adds bounds of its own: what is played must not fill the browser.

use std::rc::Rc;

use playground_lab::{Plan, Room, Workload, parse_bytes};

/// What can be typed or chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Pattern,
    /// How much more popular the popular are.
    Skew,
    /// How many keys a loop goes round; empty for all.
    Round,
    HotKeys,
    HotRequests,
    HotEvery,
    /// Patterns with their shares, as the lab writes them.
    Mix,
    Keys,
    Requests,
    Rate,
    Sizes,
    Lifetimes,
    Maxmemory,
    Samples,
    Seed,
}

/// How many fields there are.
const FIELDS: usize = Field::Seed as usize + 1;

impl Field {
    pub const ALL: [Self; FIELDS] = [
        Self::Pattern,
        Self::Skew,
        Self::Round,
        Self::HotKeys,
        Self::HotRequests,
        Self::HotEvery,
        Self::Mix,
        Self::Keys,
        Self::Requests,
        Self::Rate,
        Self::Sizes,
        Self::Lifetimes,
        Self::Maxmemory,
        Self::Samples,
        Self::Seed,
    ];

    /// As part of an element's name.
    pub fn token(self) -> &'static str {
        self.about().0
    }

    pub fn label(self) -> &'static str {
        self.about().1
    }

    /// What could be typed.
    pub fn example(self) -> &'static str {
        self.about().2
    }

    fn about(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Pattern => ("pattern", "Access pattern", "zipf"),
            Self::Skew => ("skew", "Skew (exponent)", "0.99; 0 makes all alike"),
            Self::Round => ("round", "Keys in the loop", "6000; empty for all keys"),
            Self::HotKeys => ("hot-keys", "Share of hot keys", "0.1"),
            Self::HotRequests => ("hot-requests", "Share of requests to them", "0.9"),
            Self::HotEvery => ("hot-every", "Moves after requests", "20000"),
            Self::Mix => ("mix", "Patterns with their shares", "0.8*zipf:0.99,0.2*scan"),
            Self::Keys => ("keys", "Keys that come again", "20000"),
            Self::Requests => ("requests", "Requests", "60000"),
            Self::Rate => ("rate", "Requests a second", "1000"),
            Self::Sizes => ("value-size", "Value size", "100, 64-4kb or 0.9*100,0.1*10kb"),
            Self::Lifetimes => ("ttl", "Time to live (TTL)", "30s, 10s-60s, or 0.5:10s for half of the keys"),
            Self::Maxmemory => ("maxmemory", "Limit (maxmemory)", "3mb in all, or +2mb for data"),
            Self::Samples => ("samples", "Samples", "5"),
            Self::Seed => ("seed", "Seed", "1"),
        }
    }
}

/// The patterns by their names, with what each means.
pub const PATTERNS: [(&str, &str); 6] = [
    ("zipf", "a popular few (zipf)"),
    ("uniform", "every key alike (uniform)"),
    ("scan", "keys that never come again (scan)"),
    ("loop", "round and round (loop)"),
    ("hotspot", "a hot share that moves (hotspot)"),
    ("mix", "a mix of these"),
];

/// All that is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form([Rc<str>; FIELDS]);

impl Default for Form {
    fn default() -> Self {
        let text = |field| match field {
            Field::Pattern => "zipf",
            Field::Skew => "0.99",
            Field::Round | Field::Lifetimes => "",
            Field::HotKeys => "0.1",
            Field::HotRequests => "0.9",
            Field::Mix => "0.5*zipf:0.99,0.5*scan",
            Field::Keys | Field::HotEvery => "20000",
            Field::Requests => "60000",
            Field::Rate => "1000",
            Field::Sizes => "100-1kb",
            Field::Maxmemory => "+2mb",
            Field::Samples => "5",
            Field::Seed => "1",
        };
        Self(Field::ALL.map(|field| text(field).into()))
    }
}

/// What is wrong with a field.
pub type Wrong = (Field, String);

const MOST_KEYS: u64 = 1_000_000;
const MOST_REQUESTS: u64 = 10_000_000;
const MOST_RATE: u64 = 1_000_000;
/// A value is made and copied once for each policy, in one go.
const MOST_VALUE: u64 = 1 << 20;
/// For each policy; there are ten.
pub const MOST_ROOM: u64 = 32 << 20;
const MOST_SAMPLES: u64 = 64;

impl Form {
    pub fn get(&self, field: Field) -> &str {
        self.0.get(field as usize).map_or("", |text| text)
    }

    pub fn set(&mut self, field: Field, text: &str) {
        if let Some(place) = self.0.get_mut(field as usize) {
            *place = text.into();
        }
    }

    /// Whether the field has a say, the pattern being what it is.
    pub fn uses(&self, field: Field) -> bool {
        let pattern = self.get(Field::Pattern);
        match field {
            Field::Skew => pattern == "zipf",
            Field::Round => pattern == "loop",
            Field::HotKeys | Field::HotRequests | Field::HotEvery => pattern == "hotspot",
            Field::Mix => pattern == "mix",
            _ => true,
        }
    }

    /// What is to be played, or all that is wrong.
    pub fn plan(&self) -> Result<Plan, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let (mut plan, mut workload) = (Plan::default(), Workload::default());
        for (field, pattern) in self.patterns() {
            put(&mut wrong, field, &mut workload.pattern, pattern.parse());
        }
        let number = |field, most| number(self.get(field).trim(), most);
        put(&mut wrong, Field::Keys, &mut workload.keys, number(Field::Keys, MOST_KEYS));
        put(&mut wrong, Field::Requests, &mut workload.requests, number(Field::Requests, MOST_REQUESTS));
        put(&mut wrong, Field::Rate, &mut workload.rate, number(Field::Rate, MOST_RATE));
        put(&mut wrong, Field::Sizes, &mut workload.sizes, self.get(Field::Sizes).trim().parse());
        if workload.sizes.largest() > MOST_VALUE {
            let why = format!("Here a value may have {MOST_VALUE} bytes (1mb) at most.");
            put(&mut wrong, Field::Sizes, &mut (), Err(why));
        }
        let lifetimes = self.get(Field::Lifetimes).trim();
        if !lifetimes.is_empty() {
            put(&mut wrong, Field::Lifetimes, &mut workload.lifetimes, lifetimes.parse());
        }
        put(&mut wrong, Field::Maxmemory, &mut plan.maxmemory, room(self.get(Field::Maxmemory).trim()));
        let mut samples = 0;
        put(&mut wrong, Field::Samples, &mut samples, number(Field::Samples, MOST_SAMPLES));
        plan.samples = samples as usize;
        let seed = self.get(Field::Seed).trim();
        let read = seed.parse().map_err(|_| format!("`{seed}` is no whole number."));
        put(&mut wrong, Field::Seed, &mut workload.seed, read);
        if wrong.is_empty()
            && let Err(fault) = workload.check()
        {
            wrong.push((self.field_of(fault.part), sentence(&fault.why)));
        }
        (plan.seed, plan.workload) = (workload.seed, workload);
        if wrong.is_empty() { Ok(plan) } else { Err(wrong) }
    }

    /// The pattern as the lab reads it, each of its numbers tried alone; the whole comes last.
    fn patterns(&self) -> Vec<(Field, String)> {
        let of = |field| self.get(field).trim();
        match of(Field::Pattern) {
            "zipf" => vec![(Field::Skew, format!("zipf:{}", of(Field::Skew)))],
            "loop" if of(Field::Round).is_empty() => vec![(Field::Round, "loop".to_owned())],
            "loop" => vec![(Field::Round, format!("loop:{}", of(Field::Round)))],
            "hotspot" => {
                let (keys, requests, every) =
                    (of(Field::HotKeys), of(Field::HotRequests), of(Field::HotEvery));
                let parts = [
                    (Field::HotKeys, format!("hotspot:{keys}")),
                    (Field::HotRequests, format!("hotspot:0:{requests}")),
                    (Field::HotEvery, format!("hotspot:0:0:{every}")),
                ];
                let whole = format!("hotspot:{keys}:{requests}:{every}");
                let sound = parts.iter().all(|(_, part)| part.parse::<playground_lab::Pattern>().is_ok());
                if sound { vec![(Field::Pattern, whole)] } else { parts.into() }
            }
            "mix" => vec![(Field::Mix, format!("mix:{}", of(Field::Mix)))],
            name => vec![(Field::Pattern, name.to_owned())],
        }
    }

    /// The field that the lab means by its name for a part of a plan.
    pub fn field_of(&self, part: &str) -> Field {
        let asked = |field: &Field| field.token() == part;
        match Field::ALL.into_iter().find(asked) {
            Some(Field::Pattern) | None => {
                let parameters = [Field::Skew, Field::Round, Field::HotKeys, Field::Mix];
                parameters.into_iter().find(|field| self.uses(*field)).unwrap_or(Field::Pattern)
            }
            Some(field) => field,
        }
    }
}

fn put<T>(wrong: &mut Vec<Wrong>, field: Field, place: &mut T, read: Result<T, String>) {
    match read {
        Ok(value) => *place = value,
        Err(why) => wrong.push((field, format!("{} Try {}.", sentence(&why), field.example()))),
    }
}

/// A reason, as a sentence.
pub fn sentence(why: &str) -> String {
    let mut letters = why.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    let end = if why.ends_with('.') { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

fn number(text: &str, most: u64) -> Result<u64, String> {
    let digits: String = text.chars().filter(|c| !matches!(c, '_' | ' ' | '\u{202F}')).collect();
    match digits.parse() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        Ok(_) => Err(format!("`{text}` is not between 1 and {most}")),
        Err(_) => Err(format!("`{text}` is no whole number")),
    }
}

fn room(text: &str) -> Result<Room, String> {
    let (bytes, room) = match text.strip_prefix('+') {
        Some(text) => (parse_bytes(text)?, Room::AboveEmpty as fn(u64) -> Room),
        None => (parse_bytes(text)?, Room::Total as fn(u64) -> Room),
    };
    match bytes {
        0 => Err("without a limit nothing is evicted, and all policies are alike".to_owned()),
        bytes if bytes > MOST_ROOM => {
            Err("ten servers at once fit into the browser with 32mb each, no more".to_owned())
        }
        bytes => Ok(room(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(changes: &[(Field, &str)]) -> Form {
        let mut form = Form::default();
        for (field, text) in changes {
            form.set(*field, text);
        }
        form
    }

    #[test]
    fn what_is_typed_becomes_a_plan() {
        let form = with(&[
            (Field::Pattern, "hotspot"),
            (Field::HotKeys, "0.2"),
            (Field::HotEvery, "500"),
            (Field::Keys, " 1 000 "),
            (Field::Lifetimes, "0.5:1s-2s"),
            (Field::Maxmemory, "3mb"),
            (Field::Samples, "10"),
            (Field::Seed, "7"),
        ]);
        let plan = form.plan().expect("a plan");
        assert_eq!(plan.workload.pattern.to_string(), "hotspot:0.2:0.9:500");
        assert_eq!((plan.workload.keys, plan.workload.requests, plan.workload.rate), (1000, 60_000, 1000));
        assert_eq!(plan.workload.lifetimes.to_string(), "0.5:1000ms-2000ms");
        assert_eq!((plan.maxmemory, plan.samples), (Room::Total(3 << 20), 10));
        assert_eq!((plan.seed, plan.workload.seed), (7, 7));
        for (name, _) in PATTERNS {
            assert!(with(&[(Field::Pattern, name)]).plan().is_ok(), "{name}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_at_its_field() {
        for (changes, field, why) in [
            (&[(Field::Skew, "x")][..], Field::Skew, "`x` is no number. Try 0.99"),
            (&[(Field::Pattern, "loop"), (Field::Round, "0")], Field::Round, "`0` is not between 1"),
            (&[(Field::Pattern, "loop"), (Field::Round, "30000")], Field::Round, "A loop over 30000 keys"),
            (
                &[(Field::Pattern, "hotspot"), (Field::HotRequests, "2")],
                Field::HotRequests,
                "`2` is not between",
            ),
            (&[(Field::Pattern, "hotspot"), (Field::HotEvery, "")], Field::HotEvery, "`` is no whole number"),
            (&[(Field::Pattern, "mix"), (Field::Mix, "zipf")], Field::Mix, "`zipf` has no weight"),
            (&[(Field::Pattern, "gauss")], Field::Pattern, "There is no pattern `gauss`"),
            (&[(Field::Keys, "many")], Field::Keys, "`many` is no whole number. Try 20000."),
            (&[(Field::Requests, "99999999")], Field::Requests, "`99999999` is not between 1 and 10000000"),
            (&[(Field::Rate, "-1")], Field::Rate, "`-1` is no whole number"),
            (&[(Field::Sizes, "2mb")], Field::Sizes, "Here a value may have 1048576 bytes"),
            (&[(Field::Sizes, "9q")], Field::Sizes, "`9q` is no number of bytes"),
            (&[(Field::Lifetimes, "5w")], Field::Lifetimes, "`5w` is no duration"),
            (&[(Field::Maxmemory, "0")], Field::Maxmemory, "Without a limit nothing is evicted"),
            (&[(Field::Maxmemory, "+1gb")], Field::Maxmemory, "Ten servers at once"),
            (&[(Field::Samples, "65")], Field::Samples, "`65` is not between 1 and 64"),
            (&[(Field::Seed, "1.5")], Field::Seed, "`1.5` is no whole number."),
        ] {
            let wrong = with(changes).plan().expect_err("it is wrong");
            assert_eq!(wrong.len(), 1, "{wrong:?}");
            assert!(wrong[0].0 == field && wrong[0].1.starts_with(why), "{wrong:?}, not {why}");
        }
        let several = with(&[(Field::Keys, ""), (Field::Seed, "")]).plan().expect_err("two are wrong");
        assert_eq!(several.iter().map(|(field, _)| *field).collect::<Vec<_>>(), [Field::Keys, Field::Seed]);
    }

    #[test]
    fn fields_of_other_patterns_have_no_say() {
        assert!(with(&[(Field::Pattern, "scan"), (Field::Skew, "x"), (Field::Mix, "")]).plan().is_ok());
    }

    #[test]
    fn every_field_has_its_place() {
        for (place, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!(field as usize, place);
        }
    }
}
