//! Figures and names as people read them: sizes, times to live, dates, key names.
//!
//! Every number on the page is written here, so that the same figure looks the same everywhere. What Redis itself says
//! is printed by the engine and never here.

use playground_engine::number::double;
use playground_engine::{Standing, print};

/// A key or member as text: itself where it is readable, in redis-cli's quotes where it is not. Text that begins with a
/// quote is quoted too, so that no two names look the same.
pub fn name(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if is_plain(text) && !text.chars().any(is_unprintable) => text.to_owned(),
        _ => print::quoted(bytes),
    }
}

/// The value of a string, or as much as there is of a longer one: as [`name`], but with its line breaks and tabs.
/// Also tells how many of the bytes are shown: a letter that the cut went through is not.
pub fn text(bytes: &[u8], is_cut: bool) -> (String, usize) {
    let whole = match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) if is_cut && error.error_len().is_none() => {
            bytes.get(..error.valid_up_to()).and_then(|whole| std::str::from_utf8(whole).ok())
        }
        Err(_) => None,
    };
    let breaks = |c| matches!(c, '\n' | '\t');
    match whole.filter(|text| is_plain(text) && !text.chars().any(|c| is_unprintable(c) && !breaks(c))) {
        Some(text) => (text.to_owned(), text.len()),
        None => (print::quoted(bytes), bytes.len()),
    }
}

/// Whether it can stand without quotes and not be taken for something in quotes.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && !text.starts_with('"')
}

/// Control characters, and those that would reorder the text around them.
pub fn is_unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// [`name`] cut to what a label can hold; the full one belongs in a title.
pub fn short_name(bytes: &[u8]) -> String {
    const LONGEST: usize = 120;
    let whole = name(bytes);
    match whole.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", whole.get(..end).unwrap_or_default()),
        None => whole,
    }
}

/// A score as Redis writes it.
pub fn score(score: f64) -> String {
    double::format(score)
}

/// `112 B`, `1.2 KB`, `3.4 MB`.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["KB", "MB", "GB", "TB", "PB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1024.0;
    let mut units = UNITS.iter();
    let mut unit = units.next().copied().unwrap_or_default();
    for larger in units {
        // Four digits before the point would be wider than what comes before and after.
        if value < 999.95 {
            break;
        }
        value /= 1024.0;
        unit = larger;
    }
    format!("{value:.1} {unit}")
}

/// What an eviction made free; it may have taken something.
pub fn freed(bytes: i64) -> String {
    format!("{} {}", size(bytes.unsigned_abs()), if bytes < 0 { "taken" } else { "freed" })
}

/// A change of size, with its sign: `+56 B`, `−1.2 KB`.
pub fn change(bytes: i64) -> String {
    format!("{}{}", if bytes < 0 { "−" } else { "+" }, size(bytes.unsigned_abs()))
}

/// How long ago, for a narrow column: `12 s`, `5 m`, `3 h`, `2 d`.
pub fn ago(seconds: u64) -> String {
    match seconds.saturating_mul(SECOND) {
        ms @ 0..MINUTE => format!("{} s", ms / SECOND),
        ms @ MINUTE..HOUR => format!("{} m", ms / MINUTE),
        ms @ HOUR..DAY => format!("{} h", ms / HOUR),
        ms => format!("{} d", ms / DAY),
    }
}

/// With thin groups of three: `12 345`.
pub fn count(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{202F}');
        }
        out.push(digit);
    }
    out
}

/// [`count`] for a narrow column: whole up to five digits, then `123 k`, `4.5 M`.
pub fn short_count(n: usize) -> String {
    match n {
        0..100_000 => count(n),
        100_000..1_000_000 => format!("{} k", n / 1_000),
        // Cut and not rounded: a million less one is not a million.
        _ => format!("{}.{} M", n / 1_000_000, n % 1_000_000 / 100_000),
    }
}

/// `1 key`, `2 keys`.
pub fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// What a type is made of, one and many.
pub fn parts(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "string" => ("byte", "bytes"),
        "hash" => ("field", "fields"),
        "set" | "zset" => ("member", "members"),
        "stream" => ("entry", "entries"),
        _ => ("element", "elements"),
    }
}

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// What is left of a time, at most two units: `8.2 s`, `4 m 05 s`, `3 h 10 m`, `12 d 4 h`.
pub fn remaining(ms: u64) -> String {
    match ms {
        0..MINUTE => format!("{}.{} s", ms / SECOND, ms % SECOND / 100),
        MINUTE..HOUR => format!("{} m {:02} s", ms / MINUTE, ms % MINUTE / SECOND),
        HOUR..DAY => format!("{} h {:02} m", ms / HOUR, ms % HOUR / MINUTE),
        _ => format!("{} d {} h", count((ms / DAY) as usize), ms % DAY / HOUR),
    }
}

/// How a key stood when it was evicted at a moment.
pub fn standing(standing: Standing, at: u64) -> String {
    match standing {
        Standing::Idle(seconds) => format!("idle {}", duration(seconds.saturating_mul(1000))),
        Standing::Counter(counter) => format!("use counter {counter}"),
        Standing::Deadline(deadline) => format!("{} to live", remaining(deadline.saturating_sub(at))),
        Standing::Chance => "by chance".to_owned(),
    }
}

/// A length of time that somebody chose: `250 ms`, `10 s`, `1 m`, `1 h 30 m`.
pub fn duration(ms: u64) -> String {
    let parts = [
        (ms / DAY, "d"),
        (ms % DAY / HOUR, "h"),
        (ms % HOUR / MINUTE, "m"),
        (ms % MINUTE / SECOND, "s"),
        (ms % SECOND, "ms"),
    ];
    let words: Vec<String> = parts
        .iter()
        .filter(|(n, _)| *n > 0)
        .take(2)
        .map(|(n, unit)| format!("{} {unit}", count(*n as usize)))
        .collect();
    if words.is_empty() { "0 s".to_owned() } else { words.join(" ") }
}

/// A moment in UTC, as `(2026-01-01, 00:00:12)`.
pub fn date_time(ms: u64) -> (String, String) {
    let (year, month, day) = civil(ms / DAY);
    let rest = ms % DAY;
    let date = format!("{year:04}-{month:02}-{day:02}");
    let time = format!("{:02}:{:02}:{:02}", rest / HOUR, rest % HOUR / MINUTE, rest % MINUTE / SECOND);
    (date, time)
}

/// The time of day alone.
pub fn time(ms: u64) -> String {
    date_time(ms).1
}

/// Reads what a date-time field holds, `2026-01-01T00:00` with or without seconds, as UTC.
pub fn parse_date_time(text: &str) -> Option<u64> {
    let (date, time) = text.split_once('T')?;
    let numbers = |text: &str, mark: char| -> Option<Vec<u64>> {
        text.split(mark).map(|part| part.parse().ok()).collect()
    };
    let time = time.split('.').next()?;
    let ([year, month, day], time) = (numbers(date, '-')?.try_into().ok()?, numbers(time, ':')?);
    let (hour, minute, second) = match time[..] {
        [hour, minute] => (hour, minute, 0),
        [hour, minute, second] => (hour, minute, second),
        _ => return None,
    };
    let valid = (1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    if !valid || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some(days(year, month, day) * DAY + hour * HOUR + minute * MINUTE + second * SECOND)
}

/// The date of a day since 1970. Years are counted from March, so that the leap day is the last one, in eras of 400
/// years, after which the calendar repeats.
fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

/// The other way round.
fn days(year: u64, month: u64, day: u64) -> u64 {
    let year = year - u64::from(month <= 2);
    let from_march = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * from_march + 2) / 5 + day - 1;
    let (era, year_of_era) = (year / 400, year % 400);
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_readable_and_harmless() {
        assert_eq!(name("clé:é🙂".as_bytes()), "clé:é🙂");
        assert_eq!(name(b""), "\"\"");
        assert_eq!(name(b"a\nb\xff"), r#""a\nb\xff""#);
        assert_eq!(name("\u{202E}x".as_bytes()), r#""\xe2\x80\xaex""#);
        assert_eq!(short_name(&[b'k'; 500]).chars().count(), 121);
    }

    #[test]
    fn what_is_in_quotes_is_told_from_what_begins_with_one() {
        assert_eq!(name(b"\"\""), r#""\"\"""#);
        assert_ne!(name(b"\x01"), name(br#""\x01""#));
    }

    #[test]
    fn a_value_is_cut_between_letters_and_only_there() {
        let long = "aé".as_bytes();
        assert_eq!(text(&long[..2], true), ("a".into(), 1));
        assert_eq!(text(&long[..2], false), (r#""a\xc3""#.into(), 2), "bytes that are no text");
        assert_eq!(text(b"one\n\ttwo", false), ("one\n\ttwo".into(), 8));
        assert_eq!(text(b"", false), (r#""""#.into(), 0));
        assert_eq!(text(b"\0\xff", true), (r#""\x00\xff""#.into(), 2));
        assert_eq!(text("\u{202E}x".as_bytes(), false).0, r#""\xe2\x80\xaex""#);
    }

    #[test]
    fn figures_have_units() {
        assert_eq!(
            (size(112), size(1536), size(5 << 20)),
            ("112 B".into(), "1.5 KB".into(), "5.0 MB".into())
        );
        assert_eq!((freed(1536), freed(-832)), ("1.5 KB freed".into(), "832 B taken".into()));
        assert_eq!(count(1_234_567), "1\u{202F}234\u{202F}567");
        assert_eq!(
            [99_999, 999_999, 1_000_000, 536_870_912].map(short_count),
            ["99\u{202F}999", "999 k", "1.0 M", "536.8 M"]
        );
        assert_eq!(remaining(8_250), "8.2 s");
        assert_eq!(remaining(245_000), "4 m 05 s");
        assert_eq!(remaining(3 * DAY + 4 * HOUR), "3 d 4 h");
        assert_eq!(
            (duration(10_000), duration(90_000), duration(250)),
            ("10 s".into(), "1 m 30 s".into(), "250 ms".into())
        );
    }

    #[test]
    fn dates_are_utc_and_read_back() {
        let start = 1_767_225_600_000;
        assert_eq!(date_time(start + 12_345), ("2026-01-01".into(), "00:00:12".into()));
        assert_eq!(parse_date_time("2026-01-01T00:00"), Some(start));
        assert_eq!(parse_date_time("2026-01-01T00:00:12.5"), Some(start + 12_000));
        for moment in [0, 951_782_400_000, 1_709_164_800_000, 253_402_300_799_000] {
            let (date, time) = date_time(moment);
            assert_eq!(parse_date_time(&format!("{date}T{time}")), Some(moment), "{date} {time}");
        }
        for bad in ["", "2026-01-01", "2026-13-01T00:00", "2026-01-01T25:00", "x-y-zTa:b"] {
            assert_eq!(parse_date_time(bad), None, "{bad}");
        }
    }
}
