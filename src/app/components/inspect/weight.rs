//! How a value is kept: its encoding in plain words, how far from converting, and where its bytes go.

use playground_engine::picture::{Limit, Measure, Part, Picture};
use yew::prelude::*;

use crate::format;

/// What an encoding is, in plain words.
pub fn encoding_words(encoding: &str) -> &'static str {
    match encoding {
        "int" => "a whole number in place of text",
        "embstr" => "text in one piece with its object",
        "raw" => "text in a piece of its own, which can grow",
        "listpack" => "all in one piece of memory, read from its start",
        "listpackex" => "one piece of memory, each field with its deadline",
        "intset" => "integers in order, found by halving",
        "hashtable" => "each found in one step, however many",
        "skiplist" => "in order by links of several levels, and found by name",
        "quicklist" => "a chain of listpacks",
        "stream" => "listpacks, found by ID in a tree",
        _ => "",
    }
}

/// The limits of the encoding, each with how much is used.
pub fn limits(picture: &Picture) -> Html {
    let kind = picture.summary.kind;
    html! {
        <div class="ins-limits">
            <p class="ins-limits__encoding">
                <b>{ picture.summary.encoding }</b>{ ": " }{ encoding_words(picture.summary.encoding) }
            </p>
            { for picture.limits.iter().map(|limit| meter(*limit, kind)) }
            if let Some(limit) = picture.limits.first() { <span class="ins-limits__next">{ format!("then {}", limit.next) }</span> }
        </div>
    }
}

fn meter(limit: Limit, kind: &str) -> Html {
    let (one, many) = format::parts(kind);
    let Limit { used, limit: most, next, .. } = limit;
    // Short beside the meter, whole for ears and as its title.
    let short = match limit.measure {
        Measure::Elements => many,
        Measure::Longest => "bytes, longest",
        Measure::Bytes => "bytes",
    };
    let what = match limit.measure {
        Measure::Elements if most == 1 => one.to_owned(),
        Measure::Elements => many.to_owned(),
        Measure::Longest => {
            format!("bytes in the longest {}", if kind == "hash" { "field or value" } else { one })
        }
        Measure::Bytes => "bytes".to_owned(),
    };
    let left = most.saturating_sub(used);
    let said = format!("{used} of {most} {what}; more becomes {next}");
    let title = limit.setting.map_or_else(|| said.clone(), |setting| format!("{said} ({setting})"));
    html! {
        <div class="conversion" data-near={(left.saturating_mul(8) <= most).to_string()} {title}>
            <meter class="conversion__meter" min="0" max={most.to_string()} value={used.to_string()} aria-label={said} />
            <span class="conversion__figure">{ format!("{used}/{most}") }</span>
            <span class="conversion__words">{ short }</span>
        </div>
    }
}

/// What bytes are for: in words, and in which of four tones.
fn words(part: Part) -> (&'static str, &'static str, &'static str) {
    match part {
        Part::Entry => ("key", "Entry", "the key's entry in the table of keys"),
        Part::Name => ("key", "Key name", "the name, as a string"),
        Part::Object => ("frame", "Object", "type, encoding, time of last use, and where the value is"),
        Part::Headers => ("frame", "Headers", "the value's own structures"),
        Part::Content => ("content", "Content", "what was stored, with marks of length"),
        Part::Spare => ("spare", "Spare", "room to grow without moving"),
        Part::Frame => ("spare", "Frame", "the string's header, its closing zero, rounding"),
        Part::Rounding => ("spare", "Rounding", "what the allocator rounds up"),
        Part::Slots => ("frame", "Slots", "places of the hash table, 8 bytes each"),
        Part::OldSlots => ("spare", "Old slots", "a table that entries are moving out of"),
        Part::Entries => ("frame", "Entries", "one for each element of the hash table, 24 bytes each"),
        Part::Members => ("content", "Members", "their names, as strings"),
        Part::Fields => ("content", "Fields and values", "as strings"),
        Part::Links => ("frame", "Links", "scores and links of the skip list"),
        Part::Nodes => ("frame", "Nodes", "40 bytes for each node of the list"),
        Part::Listpacks => ("content", "Listpacks", "the elements, many in one piece of memory"),
        Part::Tree => ("frame", "Tree", "the index by ID, as Redis estimates it"),
        Part::Groups => ("frame", "Groups", "groups and their consumers"),
        Part::Pending => ("frame", "Pending", "entries delivered and not acknowledged"),
    }
}

/// Where the bytes of MEMORY USAGE go: a bar, and behind it a table.
pub fn bytes(picture: &Picture) -> Html {
    let whole = picture.summary.memory;
    let mut before = 0.0;
    let bars = picture.shares.iter().map(|share| {
        let width = share.bytes as f64 / whole.max(1) as f64 * 1000.0;
        let x = before;
        before += width;
        let (tone, name, _) = words(share.part);
        html! {
            <rect class="ins-bytes__part" data-tone={tone} x={format!("{x:.2}")} y="0" width={format!("{width:.2}")} height="12">
                <title>{ format!("{name}: {} bytes", format::count(share.bytes)) }</title>
            </rect>
        }
    });
    html! {
        <details class="ins-bytes" data-kind={picture.summary.kind}>
            <summary class="ins-bytes__head">
                <span>{ "Where its " }{ format::counted(whole, "byte goes", "bytes go") }</span>
                <svg class="ins-bytes__bar" viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true" focusable="false">{ for bars }</svg>
            </summary>
            <div class="ins-bytes__body" tabindex="0" role="group" aria-label="Where the bytes go">
                <table class="ins-bytes__table">
                    <tbody>
                        { for picture.shares.iter().map(|share| {
                            let (tone, name, meaning) = words(share.part);
                            html! {
                                <tr>
                                    <th scope="row"><span class="ins-bytes__mark" data-tone={tone} aria-hidden="true" />{ name }</th>
                                    <td class="ins-bytes__figure">{ format::count(share.bytes) }</td>
                                    <td class="ins-bytes__meaning">{ meaning }</td>
                                </tr>
                            }
                        }) }
                        <tr class="ins-bytes__sum">
                            <th scope="row">{ "MEMORY USAGE" }</th>
                            <td class="ins-bytes__figure">{ format::count(whole) }</td>
                            <td class="ins-bytes__meaning">{ "with SAMPLES 0: every element counted" }</td>
                        </tr>
                    </tbody>
                </table>
                <p class="ins-note">{ not_counted(picture) }</p>
            </div>
        </details>
    }
}

/// What MEMORY USAGE leaves out.
fn not_counted(picture: &Picture) -> String {
    let (usage, allocated) = (picture.summary.memory, picture.allocated);
    let compared = if picture.summary.encoding == "int" && allocated < usage {
        "the number is one of those below 10,000 that all keys share, so its object takes no memory of its own"
    } else if picture.summary.kind == "stream" {
        "the command estimates each node of a tree at 244 bytes, whatever it takes"
    } else {
        "the command counts entries and headers as declared, not as the allocator rounds them up"
    };
    let expires =
        if picture.summary.expires_at.is_some() { ", and its entry in the table of deadlines" } else { "" };
    format!(
        "Allocated for the key: {} bytes; {compared}. Not counted by either: the key's slot in the table of keys{expires}.",
        format::count(allocated)
    )
}
