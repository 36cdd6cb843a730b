//! The members of a set, one beside the other: there is no first and no last. Of integers it says how wide each is kept.

use std::rc::Rc;

use yew::prelude::*;

use crate::format;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub members: Rc<[Vec<u8>]>,
    /// Bits of each, in a set of integers alone.
    pub integer_bits: Option<usize>,
}

#[component(Members)]
pub fn members(props: &Props) -> Html {
    html! {
        <>
            if let Some(bits) = props.integer_bits {
                <p class="value__note">{ format!("Integers in order, {bits} bits each: as wide as the widest ever needed.") }</p>
            }
            <ul class="members">
                { for props.members.iter().map(|member| {
                    let name = format::short_name(member);
                    html! { <li class="member" key={format::name(member)} title={name.clone()}><bdi>{ name }</bdi></li> }
                }) }
            </ul>
        </>
    }
}
