//! Lists out of dumps.

use super::super::reader::Reader;
use super::super::{PACKED_NODE, PLAIN_NODE};
use crate::config::Config;
use crate::value::list::{End, List, Node};
use crate::value::listpack::Listpack;

/// One element after another.
pub fn elements(from: &mut Reader<'_>, config: &Config) -> Option<List> {
    let mut list = List::big(config.list_max_listpack_size);
    for _ in 0..from.count(1)? {
        list.push(End::Tail, &from.string()?);
    }
    settled(list, config)
}

/// One ziplist. It stays a quicklist of one node, however short.
pub fn ziplist(from: &mut Reader<'_>, config: &Config) -> Option<List> {
    let node = Node::Packed(super::ziplist(from)?);
    filled(List::from_nodes(config.list_max_listpack_size, [node]))
}

/// One ziplist after another.
pub fn ziplists(from: &mut Reader<'_>, config: &Config) -> Option<List> {
    gather(from, config, |from| super::ziplist(from).map(Node::Packed))
}

/// Listpacks, and single elements too big for one.
pub fn nodes(from: &mut Reader<'_>, config: &Config) -> Option<List> {
    gather(from, config, |from| {
        let form = from.length()?;
        let bytes = from.string().filter(|bytes| !bytes.is_empty())?;
        match form {
            PLAIN_NODE => Some(Node::Plain(bytes.into())),
            PACKED_NODE => Listpack::from_bytes(bytes).map(Node::Packed),
            _ => None,
        }
    })
}

fn gather(
    from: &mut Reader<'_>,
    config: &Config,
    mut node: impl FnMut(&mut Reader<'_>) -> Option<Node>,
) -> Option<List> {
    let count = from.count(1)?;
    let nodes = (0..count).map(|_| node(from)).collect::<Option<Vec<_>>>()?;
    settled(List::from_nodes(config.list_max_listpack_size, nodes), config)
}

fn settled(mut list: List, config: &Config) -> Option<List> {
    list.settle(config.list_max_listpack_size);
    filled(list)
}

fn filled(list: List) -> Option<List> {
    (!list.is_empty()).then_some(list)
}
