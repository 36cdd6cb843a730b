//! Reads a plan from text, as it stands in a lesson.
//!
//! ```text
//! seed: 7
//! lasts: 60s
//! slider rate: 200 from 10 to 1000, Requests a second
//! switch lock: off, A lock around the query
//! network: 1ms
//! database: 40ms to 60ms, 20 at once
//! probe depth: LLEN jobs
//! chart Hit ratio: percent(hits, misses)
//! fault: every 10s kill worker for 2s
//! expect: with lock on after 30s total(database.queries) <= 3
//! setup:
//!   SET product:1 tea
//! clients visitor: rate a second
//!   local page = GET('product:1')
//! clients worker: 3
//!   BRPOP('jobs', 0)
//! ```
//!
//! A line that begins with a letter says something; lines that are set in belong to the one above. What is not understood is
//! refused with its line.

use playground_engine::command;
use playground_engine::command::spec::Flags;
use playground_engine::parse;

use crate::chart::Term;
use crate::fault::Fault;
use crate::plan::{
    Amount, Chart, Claim, Coming, Comparison, DatabasePlan, Death, Group, Plan, Probe, Program, Slider,
};
use crate::programs::Programs;

type Result<T> = std::result::Result<T, Fault>;

/// A plan may come from anywhere; no lesson has more.
const MOST_GROUPS: usize = 20;

/// A line with those that are set in below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    /// Counted from 1.
    pub line: usize,
    pub word: String,
    /// What stands between the word and the colon.
    pub name: String,
    pub rest: String,
    /// Without what all its lines are set in by.
    pub body: String,
    pub body_line: usize,
}

impl Section {
    pub fn fault(&self, why: impl Into<String>) -> Fault {
        Fault::new(self.line, why)
    }

    fn has_body(&self) -> bool {
        !self.body.trim().is_empty()
    }
}

/// Cuts a text into its sections. `first_line` is how many lines stand before it.
pub(crate) fn sections(text: &str, first_line: usize) -> Result<Vec<Section>> {
    let mut found: Vec<Section> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let number = first_line + at + 1;
        let is_set_in = line.starts_with([' ', '\t']);
        if line.trim().is_empty() || is_set_in {
            if let Some(last) = found.last_mut() {
                if last.body.is_empty() {
                    last.body_line = number;
                }
                last.body.push_str(line);
                last.body.push('\n');
            } else if is_set_in {
                return Err(Fault::new(number, "nothing stands above what is set in here"));
            }
            continue;
        }
        if line.starts_with('#') {
            continue;
        }
        let Some((head, rest)) = line.split_once(':') else {
            return Err(Fault::new(number, format!("{line:?} is not a line of the form WORD: VALUE")));
        };
        let (word, name) = head.trim().split_once(' ').unwrap_or((head.trim(), ""));
        let (word, name, rest) = (word.to_owned(), name.trim().to_owned(), rest.trim().to_owned());
        found.push(Section { line: number, word, name, rest, body: String::new(), body_line: number + 1 });
    }
    for section in &mut found {
        section.body.truncate(section.body.trim_end().len());
    }
    Ok(found)
}

/// What programs and sliders are called.
pub(crate) fn is_name(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// `250ms`, `10s`, `5m`, `1h` in milliseconds.
pub(crate) fn milliseconds(text: &str) -> Option<f64> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor = [("ms", 1.0), ("s", 1e3), ("m", 6e4), ("h", 3.6e6)];
    let factor = factor.into_iter().find(|(name, _)| *name == unit)?.1;
    number.parse::<f64>().ok().map(|number| number * factor).filter(|ms| *ms <= 1e9)
}

impl Plan {
    /// `first_line` is how many lines stand before the text; errors count from there.
    pub fn parse(text: &str, first_line: usize) -> Result<Self> {
        let sections = sections(text, first_line)?;
        let mut plan = Self { seed: 1, text: text.to_owned(), first_line, ..Self::default() };
        // Sliders may be named before they are described.
        for section in &sections {
            plan.slider(section)?;
        }
        for section in &sections {
            plan.group(section)?;
        }
        for section in &sections {
            plan.take(section)?;
        }
        let Some(first) = sections.first() else {
            return Err(Fault::new(first_line + 1, "a workload has clients at least"));
        };
        if plan.groups.is_empty() {
            return Err(
                first.fault("a workload has clients at least: clients NAME: 10 a second, or clients NAME: 3")
            );
        }
        if let Some(one_more) = plan.groups.get(MOST_GROUPS) {
            let why = format!("there are more than {MOST_GROUPS} groups of clients");
            return Err(Fault::new(one_more.program.line, why));
        }
        let named: Vec<_> = plan.groups.iter().map(|group| (group.name.as_str(), &group.program)).collect();
        Programs::new(&named)?;
        Ok(plan)
    }

    fn slider(&mut self, section: &Section) -> Result<()> {
        let is_switch = match section.word.as_str() {
            "slider" => false,
            "switch" => true,
            _ => return Ok(()),
        };
        let (values, label) = section.rest.split_once(',').ok_or_else(|| {
            section.fault("a slider is written slider NAME: VALUE from LEAST to MOST, LABEL; a switch switch NAME: on, LABEL")
        })?;
        let words: Vec<&str> = values.split_whitespace().collect();
        let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
        let found = match words[..] {
            ["on"] if is_switch => Some((1.0, 0.0, 1.0)),
            ["off"] if is_switch => Some((0.0, 0.0, 1.0)),
            [value, "from", least, "to", most] if !is_switch => number(value)
                .zip(number(least).zip(number(most)))
                .map(|(value, (least, most))| (value, least, most)),
            _ => None,
        };
        let Some((value, least, most)) =
            found.filter(|(value, least, most)| least <= value && value <= most && least < most)
        else {
            return Err(section.fault(format!(
                "{values:?} is no value of a slider: VALUE from LEAST to MOST, or on or off for a switch"
            )));
        };
        let name = section.name.clone();
        if !is_name(&name) || self.sliders.iter().any(|slider| slider.name == name) {
            return Err(section.fault("a slider has a name of letters and digits that no other has"));
        }
        self.sliders.push(Slider { name, label: label.trim().to_owned(), value, least, most, is_switch });
        Ok(())
    }

    fn group(&mut self, section: &Section) -> Result<()> {
        if section.word != "clients" {
            return Ok(());
        }
        let name = section.name.clone();
        if !is_name(&name) || self.groups.iter().any(|group| group.name == name) {
            return Err(section.fault("clients have a name of letters and digits that no others have"));
        }
        let coming = match section.rest.strip_suffix("a second").map(str::trim) {
            Some(rate) => Coming::Arriving(self.amount(section, rate)?),
            None => Coming::There(self.amount(section, &section.rest)?),
        };
        if !section.has_body() {
            return Err(section.fault("what these clients do is missing: lines of Lua, set in below"));
        }
        let program = Program { text: section.body.clone(), line: section.body_line };
        self.groups.push(Group { name, coming, program });
        Ok(())
    }

    /// A number, or the name of a slider.
    fn amount(&self, section: &Section, text: &str) -> Result<Amount> {
        if let Some(at) = self.sliders.iter().position(|slider| slider.name == text) {
            return Ok(Amount::Slider(at));
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() && number >= 0.0 => Ok(Amount::Fixed(number)),
            _ => Err(section.fault(format!("{text:?} is neither a number nor a slider"))),
        }
    }

    /// A time, or the name of a slider of milliseconds.
    fn time(&self, section: &Section, text: &str) -> Result<Amount> {
        match milliseconds(text.trim()) {
            Some(ms) => Ok(Amount::Fixed(ms)),
            None => self.amount(section, text.trim()),
        }
    }

    fn take(&mut self, section: &Section) -> Result<()> {
        let Section { word, rest, .. } = section;
        match word.as_str() {
            "slider" | "switch" | "clients" => return Ok(()),
            "setup" => {
                for (at, line) in section.body.lines().enumerate().filter(|(_, line)| !line.trim().is_empty())
                {
                    let argv = parse::split_line(line.trim().as_bytes());
                    let argv = argv.map_err(|_| {
                        Fault::new(section.body_line + at, "this line has a quote without its end")
                    })?;
                    self.setup.push(argv);
                }
                return Ok(());
            }
            "seed" => {
                self.seed = rest.parse().map_err(|_| section.fault("seed is a whole number"))?;
            }
            "lasts" => {
                let ms = milliseconds(rest).filter(|ms| *ms >= 1.0);
                let ms = ms.ok_or_else(|| section.fault("lasts is a time, such as 60s"))?;
                self.lasts = Some(ms as u64);
            }
            "network" => self.network = Some(self.time(section, rest)?),
            "database" => self.database = self.database(section)?,
            "probe" => {
                let probe = Self::probe(section)?;
                self.probes.push(probe);
            }
            "chart" => {
                let terms =
                    split_terms(rest).into_iter().map(Term::parse).collect::<std::result::Result<_, _>>();
                let terms = terms.map_err(|why| section.fault(why))?;
                self.charts.push(Chart { title: section.name.clone(), terms });
            }
            "fault" => {
                let death = self.death(section)?;
                self.deaths.push(death);
            }
            "expect" => {
                let claim = self.claim(section)?;
                self.claims.push(claim);
            }
            _ => {
                return Err(section.fault(format!(
                    "{word:?} is not known; there are seed, lasts, slider, switch, network, database, probe, chart, \
                     fault, expect, setup, clients"
                )));
            }
        }
        if section.has_body() {
            return Err(section.fault(format!("nothing is set in below {word}")));
        }
        Ok(())
    }

    fn database(&self, section: &Section) -> Result<DatabasePlan> {
        let shape = || section.fault("a database is written database: 40ms to 60ms, 20 at once");
        let (times, at_once) = section.rest.split_once(',').ok_or_else(shape)?;
        let at_once = at_once.trim().strip_suffix("at once").ok_or_else(shape)?;
        let (least, most) = times.split_once(" to ").unwrap_or((times, times));
        Ok(DatabasePlan {
            least: self.time(section, least)?,
            most: self.time(section, most)?,
            at_once: self.amount(section, at_once.trim())?,
        })
    }

    /// A command that only reads.
    fn probe(section: &Section) -> Result<Probe> {
        let argv = parse::split_line(section.rest.as_bytes()).unwrap_or_default();
        let spec = argv.first().and_then(|word| command::find(word));
        let sub = spec.and_then(|spec| argv.get(1).and_then(|word| spec.subcommand(word)));
        let reads = sub.or(spec).is_some_and(|spec| spec.flags.contains(Flags::READONLY));
        if !reads || !is_name(&section.name) {
            return Err(
                section.fault("a probe is written probe NAME: COMMAND, with a command that only reads")
            );
        }
        Ok(Probe { name: section.name.clone(), argv })
    }

    fn death(&self, section: &Section) -> Result<Death> {
        let shape =
            || section.fault("a fault is written fault: at 10s kill GROUP, or every 10s kill GROUP for 2s");
        let words: Vec<&str> = section.rest.split_whitespace().collect();
        let (when, time, group, back) = match words[..] {
            [when, time, "kill", group] => (when, time, group, None),
            [when, time, "kill", group, "for", back] => (when, time, group, Some(back)),
            _ => return Err(shape()),
        };
        let ms = |text: &str| milliseconds(text).map(|ms| ms as u64).ok_or_else(shape);
        let first = ms(time)?;
        let every = match when {
            "at" => None,
            "every" if first > 0 => Some(first),
            _ => return Err(shape()),
        };
        let found = self.groups.iter().position(|known| known.name == group);
        let group = found.ok_or_else(|| section.fault(format!("there are no clients called {group}")))?;
        Ok(Death { group, first, every, back_after: back.map(ms).transpose()? })
    }

    fn claim(&self, section: &Section) -> Result<Claim> {
        let shape = || {
            section.fault("what is expected is written expect: with SLIDER VALUE after 30s FIGURE >= NUMBER, the first part if need be")
        };
        let (with, rest) = match section.rest.strip_prefix("with ") {
            Some(rest) => rest.split_once(" after ").ok_or_else(shape)?,
            None => ("", section.rest.strip_prefix("after ").ok_or_else(shape)?),
        };
        let (after, rest) = rest.split_once(' ').ok_or_else(shape)?;
        let after = milliseconds(after).ok_or_else(shape)? as u64;
        let end = rest.find(')').ok_or_else(shape)?;
        let (term, rest) = rest.split_at(end + 1);
        let term = Term::parse(term).map_err(|why| section.fault(why))?;
        let rest = rest.trim();
        let found = Comparison::ALL.into_iter().find_map(|(sign, comparison)| {
            Some((comparison, rest.strip_prefix(sign)?.trim().parse::<f64>().ok()?))
        });
        let (comparison, number) = found.ok_or_else(shape)?;
        let mut sliders = Vec::new();
        for pair in with.split(',').filter(|pair| !pair.trim().is_empty()) {
            let (name, value) = pair.trim().split_once(' ').ok_or_else(shape)?;
            let at = self.sliders.iter().position(|slider| slider.name == name).ok_or_else(shape)?;
            let value = match value.trim() {
                "on" => 1.0,
                "off" => 0.0,
                number => number.parse().map_err(|_| shape())?,
            };
            sliders.push((at, value));
        }
        let (line, text) = (section.line, section.rest.clone());
        Ok(Claim { line, text, with: sliders, after, term, comparison, number })
    }
}

/// Commas between figures, and not those inside of one.
fn split_terms(text: &str) -> Vec<&str> {
    text.split_inclusive(')')
        .map(|term| term.trim_start_matches([',', ' ']))
        .filter(|term| !term.is_empty())
        .collect()
}
