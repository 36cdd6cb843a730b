//! Workloads to begin with, each with a plain sentence; and one that is made after the data of the page.

use super::form::{Field, Form, MOST_ROOM};
use crate::state::memory::{LIFETIMES, Survey};

/// A workload that is there to choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preset {
    #[default]
    WebCache,
    NightlyScan,
    Sessions,
    Trends,
    Loop,
    Even,
    /// After the keys of the page.
    Page,
    /// What the reader typed.
    Own,
}

impl Preset {
    pub const ALL: [Self; 8] = [
        Self::WebCache,
        Self::NightlyScan,
        Self::Sessions,
        Self::Trends,
        Self::Loop,
        Self::Even,
        Self::Page,
        Self::Own,
    ];

    pub fn token(self) -> &'static str {
        self.about().0
    }

    pub fn name(self) -> &'static str {
        self.about().1
    }

    pub fn sentence(self) -> &'static str {
        self.about().2
    }

    pub fn from_token(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.token() == token)
    }

    fn about(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::WebCache => {
                ("web", "Web cache", "A popular few pages get most of the requests; about one in seven fits.")
            }
            Self::NightlyScan => (
                "scan",
                "Nightly scan",
                "Readers ask for the popular few while a report reads as many keys, each once.",
            ),
            Self::Sessions => (
                "sessions",
                "Sessions with TTL",
                "Every key lives for 10 to 60 seconds; not all fit meanwhile.",
            ),
            Self::Trends => {
                ("trends", "Trends", "A tenth of the keys is hot, another tenth after every 15 000 requests.")
            }
            Self::Loop => ("loop", "Loop", "The same 6 000 keys, round and round; two thirds of them fit."),
            Self::Even => (
                "even",
                "Every key alike",
                "No key is more popular than another: there is nothing to learn from.",
            ),
            Self::Page => (
                "page",
                "Like this page's data",
                "As many keys, as large and as long-lived as in the database shown; who asks for them is assumed.",
            ),
            Self::Own => ("own", "My own", "As you set it below."),
        }
    }

    /// What it types; nothing where it depends on more.
    pub fn form(self) -> Option<Form> {
        let changes: &[(Field, &str)] = match self {
            Self::WebCache => &[],
            Self::NightlyScan => &[(Field::Pattern, "mix"), (Field::Mix, "0.5*zipf:0.99,0.5*scan")],
            Self::Sessions => &[
                (Field::Skew, "0.8"),
                (Field::Sizes, "200-600"),
                (Field::Lifetimes, "10s-60s"),
                (Field::Maxmemory, "+1mb"),
            ],
            Self::Trends => &[
                (Field::Pattern, "hotspot"),
                (Field::HotEvery, "15000"),
                (Field::Sizes, "100"),
                (Field::Maxmemory, "+600kb"),
            ],
            Self::Loop => &[
                (Field::Pattern, "loop"),
                (Field::Keys, "6000"),
                (Field::Sizes, "100"),
                (Field::Maxmemory, "+800kb"),
            ],
            Self::Even => &[
                (Field::Pattern, "uniform"),
                (Field::Keys, "10000"),
                (Field::Sizes, "100"),
                (Field::Maxmemory, "+800kb"),
            ],
            Self::Page | Self::Own => return None,
        };
        let mut form = Form::default();
        for (field, text) in changes {
            form.set(*field, text);
        }
        Some(form)
    }
}

/// What `MEMORY USAGE` counts for a string besides its value, about.
const AROUND_VALUE: u64 = 64;
const MOST_VALUE: u64 = 1 << 20;
const MOST_KEYS: u64 = 1_000_000;
const LEAST_ROOM: u64 = 64 << 10;

/// A workload after what the survey found; nothing where there are no keys. With a limit set, that limit; else room for
/// half of the data. What is too much for the browser is made smaller, keys and room alike.
pub fn like_page(survey: &Survey, maxmemory: u64, used: u64, samples: usize) -> Option<Form> {
    let keys = survey.whole.keys as u64;
    let mean = survey.whole.bytes.checked_div(keys)?;
    let value = mean.saturating_sub(AROUND_VALUE).clamp(1, MOST_VALUE);
    let empty = used.saturating_sub(survey.whole.bytes);
    let data = if maxmemory > empty { maxmemory - empty } else { survey.whole.bytes / 2 };
    let shrink = (data.div_ceil(MOST_ROOM)).max(keys.div_ceil(MOST_KEYS)).max(1);
    let mut form = Form::default();
    form.set(Field::Keys, &(keys / shrink).max(1).to_string());
    form.set(Field::Sizes, &value.to_string());
    form.set(Field::Maxmemory, &format!("+{}", (data / shrink).clamp(LEAST_ROOM, MOST_ROOM)));
    form.set(Field::Samples, &samples.to_string());
    let mortal: usize = survey.lifetimes.iter().map(|share| share.keys).sum();
    if mortal > 0 {
        let share = mortal as f64 / (mortal + survey.lasting.keys) as f64;
        let mut passed = 0;
        let median = survey.lifetimes.iter().position(|column| {
            passed += column.keys;
            passed * 2 >= mortal
        });
        let longest = LIFETIMES.last().copied().unwrap_or_default();
        let millis = median.and_then(|at| LIFETIMES.get(at)).copied().unwrap_or(longest);
        form.set(Field::Lifetimes, &format!("{share:.2}:{}s", millis / 1000));
    }
    Some(form)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::memory::Share;

    #[test]
    fn every_preset_can_be_played_and_says_what_it_is() {
        for preset in Preset::ALL {
            assert_eq!(Preset::from_token(preset.token()), Some(preset));
            assert!(preset.sentence().ends_with('.'));
            if let Some(form) = preset.form() {
                assert!(form.plan().is_ok(), "{preset:?}");
            }
        }
    }

    #[test]
    fn a_workload_is_made_after_the_data() {
        let mut survey = Survey { whole: Share { keys: 200, bytes: 200 * 164 }, ..Survey::default() };
        survey.lasting.keys = 50;
        survey.lifetimes[1].keys = 150;
        let form = like_page(&survey, 0, 1_000_000, 7).expect("there are keys");
        let of = |field| form.get(field);
        assert_eq!([of(Field::Keys), of(Field::Sizes), of(Field::Samples)], ["200", "100", "7"]);
        assert_eq!([of(Field::Maxmemory), of(Field::Lifetimes)], ["+65536", "0.75:60s"]);
        assert!(form.plan().is_ok());
        assert_eq!(like_page(&Survey::default(), 0, 0, 5), None);
    }

    #[test]
    fn what_is_too_much_is_made_smaller() {
        let whole = Share { keys: 4_000_000, bytes: 640_000_000 };
        let form =
            like_page(&Survey { whole, ..Survey::default() }, 0, 641_000_000, 5).expect("there are keys");
        assert!(form.plan().is_ok(), "{form:?}");
        assert_eq!(form.get(Field::Keys), "400000");
    }
}
