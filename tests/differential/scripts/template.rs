//! Texts with gaps, `<A>` for an expression and so on, and strategies to fill them. It does not know what it fills in.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;

pub type Text = BoxedStrategy<String>;
/// How often each is chosen, and the text.
pub type Templates = &'static [(u32, &'static str)];

/// One of these texts; shrinks to the first.
pub fn one_text(texts: &'static [&'static str]) -> Text {
    select(texts).prop_map(str::to_owned).boxed()
}

/// One of the templates, with each of its gaps filled.
pub fn filled(templates: Templates, gaps: &[(&'static str, Text)]) -> Text {
    let one = |(weight, template): &(u32, &'static str)| (*weight, fill(template, gaps));
    Union::new_weighted(templates.iter().map(one).collect()).boxed()
}

fn fill(template: &'static str, gaps: &[(&'static str, Text)]) -> Text {
    let Some((gap, text)) = gaps.iter().find(|(gap, _)| template.contains(gap)) else {
        return Just(template.to_owned()).boxed();
    };
    let mut pieces = template.split(gap);
    let first = pieces.next().unwrap_or_default();
    let mut all = fill(first, gaps);
    for piece in pieces {
        all = (all, text.clone(), fill(piece, gaps))
            .prop_map(|(before, inside, behind)| [before, inside, behind].concat())
            .boxed();
    }
    all
}

/// Bytes as a string of Lua.
pub fn quoted(bytes: &[u8]) -> String {
    let byte = |byte: &u8| match byte {
        b'\'' | b'\\' => format!("\\{}", char::from(*byte)),
        b' '..=b'~' => char::from(*byte).to_string(),
        _ => format!("\\{byte:03}"),
    };
    format!("'{}'", bytes.iter().map(byte).collect::<String>())
}
