//! Glob-style patterns, as `KEYS`, `SCAN MATCH` and `CONFIG GET` know them: `*`, `?`, `[a-z]`, `[^x]` and `\`.
//!
//! Patterns come from outside. A star is retried from the last star only, so the cost stays within pattern × text
//! however many stars there are. Malformed classes behave as in Redis: an unclosed one ends with the pattern.

/// Whether the whole text matches the pattern.
pub fn matches(pattern: &[u8], text: &[u8]) -> bool {
    find(pattern, text, false)
}

/// Whether a pattern chooses a name where many are listed: there Redis takes a lone star for "all" before it starts.
pub fn chooses(pattern: &[u8], name: &[u8]) -> bool {
    pattern == b"*" || matches(pattern, name)
}

/// As [`matches`], not minding the case of ASCII letters.
pub fn matches_ignoring_case(pattern: &[u8], text: &[u8]) -> bool {
    find(pattern, text, true)
}

fn find(pattern: &[u8], text: &[u8], fold: bool) -> bool {
    if text.is_empty() {
        // Redis looks at no pattern for an empty text, not even at a star.
        return pattern.is_empty();
    }
    let (mut p, mut t) = (0, 0);
    // Where to go on after the last star: behind it in the pattern, and one further in the text each time.
    let mut retry: Option<(usize, usize)> = None;
    loop {
        if pattern.get(p) == Some(&b'*') {
            retry = Some((p + 1, t));
            p += 1;
            continue;
        }
        let step = match (pattern.get(p..), text.get(t)) {
            (None | Some([]), None) => return true,
            (Some(rest @ [_, ..]), Some(byte)) => single(rest, *byte, fold),
            _ => None,
        };
        if let Some(width) = step {
            p += width;
            t += 1;
        } else if let Some((after_star, from)) = retry {
            if from >= text.len() {
                return false;
            }
            retry = Some((after_star, from + 1));
            (p, t) = (after_star, from + 1);
        } else {
            return false;
        }
    }
}

/// Whether the first element of the pattern (not a star) takes this byte, and how long the element is.
fn single(pattern: &[u8], byte: u8, fold: bool) -> Option<usize> {
    let same = |a: u8| if fold { a.eq_ignore_ascii_case(&byte) } else { a == byte };
    match pattern {
        [b'?', ..] => Some(1),
        [b'[', class @ ..] => {
            let (hit, width) = in_class(class, byte, fold);
            hit.then_some(width + 1)
        }
        [b'\\', escaped, ..] => same(*escaped).then_some(2),
        [plain, ..] => same(*plain).then_some(1),
        [] => None,
    }
}

/// Whether a class (behind its `[`) holds the byte, and how long it is.
fn in_class(class: &[u8], byte: u8, fold: bool) -> (bool, usize) {
    let lower = |b: u8| if fold { b.to_ascii_lowercase() } else { b };
    let byte = lower(byte);
    let negated = class.first() == Some(&b'^');
    let mut at = usize::from(negated);
    let mut hit = false;
    loop {
        match class.get(at..).unwrap_or_default() {
            [] => break,
            [b'\\', escaped, ..] => {
                hit |= lower(*escaped) == byte;
                at += 2;
            }
            [b']', ..] => {
                at += 1;
                break;
            }
            [from, b'-', to, ..] => {
                let (from, to) = (lower(*from.min(to)), lower(*from.max(to)));
                hit |= (from..=to).contains(&byte);
                at += 3;
            }
            [plain, ..] => {
                hit |= lower(*plain) == byte;
                at += 1;
            }
        }
    }
    (hit != negated, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_redis() {
        let cases = [
            ("*", "", false),
            ("**", "", false),
            ("**", "x", true),
            ("h?llo", "hello", true),
            ("h*llo", "heeeello", true),
            ("h[ae]llo", "hallo", true),
            ("h[ae]llo", "hillo", false),
            ("h[^e]llo", "hallo", true),
            ("h[^e]llo", "hello", false),
            ("h[a-b]llo", "hbllo", true),
            ("h[b-a]llo", "hbllo", true),
            ("\\*", "*", true),
            ("\\*", "x", false),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxbyy", false),
            ("", "", true),
            ("", "x", false),
            ("[", "", false),
            ("[a", "a", true),
            ("a\\", "a\\", true),
            ("*?", "", false),
            ("**", "x", true),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(matches(pattern.as_bytes(), text.as_bytes()), expected, "{pattern} on {text}");
        }
        assert!(chooses(b"*", b"") && !chooses(b"**", b"") && chooses(b"a*", b"ab"));
        assert!(matches_ignoring_case(b"H[A-Z]*", b"hello"));
        assert!(!matches(b"H*", b"hello"));
    }

    #[test]
    fn many_stars_cost_little() {
        let text = vec![b'a'; 100_000];
        assert!(!matches([&b"a*".repeat(50)[..], b"b"].concat().as_slice(), &text));
    }
}
