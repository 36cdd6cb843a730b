//! What a picture shows of a list: a window and both ends, the first nodes, and where the bytes go.

use super::quick::{FRAME, LIST, Node};
use super::{Encoding, End, List};
use crate::config::Config;
use crate::picture::{Inside, Lens, Limit, ListPicture, Measure, NodePicture, Part, Piece, Share};
use crate::value::Structure;
use crate::value::alloc::OBJECT;
use crate::value::share;

/// Elements shown of the tail of a long list, and nodes of it.
const TAIL: usize = 10;
const NODES: usize = 200;

pub fn shares(list: &List) -> Vec<Share> {
    match &list.encoding {
        Encoding::Packed(pack) => {
            let [headers, content, rounding] = share::of_listpack(pack.byte_len());
            share::parts([(Part::Object, OBJECT), headers, content, rounding])
        }
        Encoding::Quick(quick) => share::parts_of(
            list.memory(),
            [
                (Part::Object, OBJECT),
                (Part::Headers, LIST),
                (Part::Nodes, FRAME * quick.nodes().len()),
                (Part::Listpacks, quick.bytes()),
            ],
        ),
    }
}

/// A list is limited by elements or by bytes, as the setting says.
pub fn limits(list: &List, config: &Config) -> Vec<Limit> {
    let Encoding::Packed(pack) = &list.encoding else { return Vec::new() };
    let (setting, next) = (Some("list-max-listpack-size"), "quicklist");
    let (bytes, count) = config.list_max_listpack_size.both();
    let bytes = Limit { measure: Measure::Bytes, used: pack.byte_len(), limit: bytes, setting, next };
    let count =
        count.map(|limit| Limit { measure: Measure::Elements, used: pack.len(), limit, setting, next });
    count.into_iter().chain([bytes]).collect()
}

/// Finding the window costs a walk over the nodes before it, as `LINDEX` does.
pub fn look(list: &List, lens: &Lens) -> Inside {
    let len = list.len();
    let from = lens.from.min(len);
    let elements: Vec<_> =
        list.iter_at(from, End::Head).take(lens.len).map(|element| Piece::from(&*element.text())).collect();
    let beyond = len - from - elements.len();
    let mut tail: Vec<_> = list
        .iter_from(End::Tail)
        .take(TAIL.min(beyond))
        .map(|element| Piece::from(&*element.text()))
        .collect();
    tail.reverse();
    let (nodes, node_count) = match &list.encoding {
        Encoding::Packed(_) => (Vec::new(), 0),
        Encoding::Quick(quick) => {
            let node = |node: &Node| NodePicture {
                elements: node.len(),
                bytes: node.byte_len(),
                plain: matches!(node, Node::Plain(_)),
            };
            (quick.nodes().iter().take(NODES).map(node).collect(), quick.nodes().len())
        }
    };
    Inside::List(ListPicture { from, elements, tail, nodes, node_count })
}
