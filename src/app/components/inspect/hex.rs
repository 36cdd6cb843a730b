//! A string as bytes: offset, hexadecimal, and what of it is ASCII; eight in a row, so that a phone has room for them.
//! Each is edited in place, by SETRANGE.

use playground_engine::picture::Inside;
use yew::prelude::*;

use super::PictureProps;
use super::command::Slot;
use super::edit::Editable;
use super::pager::pager;
use super::roving::Roving;
use crate::state::inspect::{Face, page_len};

const ROW: usize = 8;

#[component(Hex)]
pub fn hex(PictureProps { scene, picture }: &PictureProps) -> Html {
    let Inside::String(string) = &picture.inside else { return Html::default() };
    let page = string.bytes.get(..page_len(Face::Hex)).unwrap_or(&string.bytes);
    if page.is_empty() {
        return html! { <p class="ins-note">{ "No bytes: the string is empty." }</p> };
    }
    let byte = |(at, byte): (usize, &u8)| {
        let (digits, at) = (format!("{byte:02x}"), at.to_string());
        let slots = vec!["SETRANGE".into(), (&*scene.key).into(), at.as_str().into(), Slot::Field(0)];
        html! { <Editable scene={scene.clone()} shown={digits.clone()} text={digits} label={format!("Byte {at}")} {slots} hex={true} /> }
    };
    let row = |(at, bytes): (usize, &[u8])| {
        let first = string.from + at * ROW;
        html! {
            <tr>
                <th scope="row">{ format!("{first:08x}") }</th>
                <td class="ins-hex__bytes">{ for (first..).zip(bytes).map(byte) }</td>
                <td class="ins-hex__text">{ ascii(bytes) }</td>
            </tr>
        }
    };
    html! {
        <>
            <Roving>
                <table class="ins-hex">
                    <thead><tr><th scope="col">{ "Offset" }</th><th scope="col">{ "Bytes" }</th><th scope="col">{ "ASCII" }</th></tr></thead>
                    <tbody>{ for page.chunks(ROW).enumerate().map(row) }</tbody>
                </table>
            </Roving>
            { pager(scene, string.from, page.len(), page_len(Face::Hex), picture.summary.len, "bytes") }
        </>
    }
}

/// Printable bytes as they are, a point for any other.
fn ascii(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| if matches!(byte, b' '..=b'~') { char::from(*byte) } else { '.' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ascii_is_shown_as_text() {
        assert_eq!(ascii(b"a \0\xff~\n"), "a ..~.");
    }
}
