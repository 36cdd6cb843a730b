//! A string as bytes: offset, hexadecimal, and what of it is ASCII; eight in a row, so that a phone has room for them.

use playground_engine::picture::Inside;
use yew::prelude::*;

use super::PictureProps;
use super::pager::pager;
use crate::state::inspect::Face;

const ROW: usize = 8;

#[component(Hex)]
pub fn hex(PictureProps { scene, picture }: &PictureProps) -> Html {
    let Inside::String(string) = &picture.inside else { return Html::default() };
    let page = string.bytes.get(..Face::Hex.page()).unwrap_or(&string.bytes);
    if page.is_empty() {
        return html! { <p class="ins-note">{ "No bytes: the string is empty." }</p> };
    }
    let row = |(at, bytes): (usize, &[u8])| {
        let digits: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        html! {
            <tr>
                <th scope="row">{ format!("{:08x}", string.from + at * ROW) }</th>
                <td>{ digits.join(" ") }</td>
                <td class="ins-hex__text">{ ascii(bytes) }</td>
            </tr>
        }
    };
    html! {
        <>
            <table class="ins-hex">
                <thead><tr><th scope="col">{ "Offset" }</th><th scope="col">{ "Bytes" }</th><th scope="col">{ "ASCII" }</th></tr></thead>
                <tbody>{ for page.chunks(ROW).enumerate().map(row) }</tbody>
            </table>
            { pager(scene, string.from, page.len(), Face::Hex.page(), picture.summary.len, "bytes") }
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
