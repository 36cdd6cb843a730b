//! Numbers as a plan writes them: counts, shares, bytes (`64`, `4kb`), durations (`250ms`, `10s`, `5m`), and lists with
//! weights (`0.9*A,0.1*B`). What cannot be read gives a reason that quotes it.

/// A whole number within bounds; `_` may part its digits.
pub fn count(text: &str, least: u64, most: u64) -> Result<u64, String> {
    let digits: String = text.chars().filter(|c| *c != '_').collect();
    let number = digits.parse::<u64>().map_err(|_| format!("`{text}` is no whole number"))?;
    within(number, least, most, text)
}

/// A number within bounds.
pub fn real(text: &str, least: f64, most: f64) -> Result<f64, String> {
    let number = text.parse::<f64>().map_err(|_| format!("`{text}` is no number"))?;
    within(number, least, most, text)
}

fn within<N: Copy + PartialOrd + std::fmt::Display>(
    number: N,
    least: N,
    most: N,
    text: &str,
) -> Result<N, String> {
    if number >= least && number <= most {
        Ok(number)
    } else {
        Err(format!("`{text}` is not between {least} and {most}"))
    }
}

/// Bytes, with the units that `maxmemory` knows: `k` is 1000, `kb` 1024.
pub fn parse_bytes(text: &str) -> Result<u64, String> {
    let (digits, unit) = split_unit(text);
    let scale: u64 = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" => 1000,
        "kb" => 1024,
        "m" => 1_000_000,
        "mb" => 1024 * 1024,
        "g" => 1_000_000_000,
        "gb" => 1024 * 1024 * 1024,
        _ => return Err(format!("`{text}` is no number of bytes: the units are b, k, kb, m, mb, g and gb")),
    };
    let number = digits.parse::<u64>().map_err(|_| format!("`{text}` is no number of bytes"))?;
    number.checked_mul(scale).ok_or_else(|| format!("`{text}` is too much"))
}

/// Milliseconds; a number without a unit is seconds.
pub fn millis(text: &str) -> Result<u64, String> {
    let (digits, unit) = split_unit(text);
    let scale: u64 = match unit {
        "ms" => 1,
        "" | "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err(format!("`{text}` is no duration: the units are ms, s, m, h and d")),
    };
    let number = digits.parse::<u64>().map_err(|_| format!("`{text}` is no duration"))?;
    number.checked_mul(scale).ok_or_else(|| format!("`{text}` is too long"))
}

fn split_unit(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

/// `A-B`, or `A` for both, each read by `read`.
pub fn range(text: &str, read: impl Fn(&str) -> Result<u64, String>) -> Result<(u64, u64), String> {
    let (least, most) = text.split_once('-').unwrap_or((text, text));
    let (least, most) = (read(least)?, read(most)?);
    if least > most { Err(format!("`{text}` ends before it begins")) } else { Ok((least, most)) }
}

/// `WEIGHT*PART,WEIGHT*PART…`: the parts with their shares of the whole, each read by `read`.
pub fn weighted<T>(text: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<Vec<(f64, T)>, String> {
    const MOST_PARTS: usize = 16;
    const MOST_WEIGHT: f64 = 1e6;
    let mut parts = Vec::new();
    for part in text.split(',') {
        if parts.len() == MOST_PARTS {
            return Err(format!("there are more than {MOST_PARTS} parts"));
        }
        let (weight, part) =
            part.split_once('*').ok_or_else(|| format!("`{part}` has no weight, as in `0.5*{part}`"))?;
        parts.push((real(weight, 0.0, MOST_WEIGHT)?, read(part)?));
    }
    let all: f64 = parts.iter().map(|(weight, _)| weight).sum();
    if all <= 0.0 {
        return Err("all weights are 0".into());
    }
    Ok(parts.into_iter().map(|(weight, part)| (weight / all, part)).collect())
}

/// Even over a range, ends included, from an even 64-bit number: the same on machines of 32 and of 64 bits.
pub fn between(least: u64, most: u64, drawn: u64) -> u64 {
    let width = u128::from(most - least) + 1;
    least + ((u128::from(drawn) * width) >> 64) as u64
}

/// The part at a point of `[0, 1)`, of parts whose shares make 1.
pub fn at<T>(parts: &[(f64, T)], point: f64) -> Option<&T> {
    place(parts, point).and_then(|place| parts.get(place)).map(|(_, part)| part)
}

/// Its place.
pub fn place<T>(parts: &[(f64, T)], point: f64) -> Option<usize> {
    let mut end = 0.0;
    let found = parts.iter().position(|(share, _)| {
        end += share;
        point < end
    });
    // Shares that make a little less than 1 leave the rest to the last that has any.
    found.or_else(|| parts.iter().rposition(|(share, _)| *share > 0.0))
}
