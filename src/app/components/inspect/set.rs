//! The members of a set, one beside the other: there is no first and no last. Of integers it says how wide each is kept.

use playground_engine::picture::{Inside, Piece};
use yew::prelude::*;

use super::PictureProps;
use super::command::Slot;
use super::edit::{Form, Verb, remove};
use super::pager::pager;
use super::roving::Roving;
use super::scene::{Scene, label, short_label};
use crate::state::inspect::PAGE;

#[component(Members)]
pub fn members(PictureProps { scene, picture }: &PictureProps) -> Html {
    let Inside::Set(set) = &picture.inside else { return Html::default() };
    let add = Verb { word: "SADD", slots: vec!["SADD".into(), (&*scene.key).into(), Slot::Field(0)] };
    let kept = match (picture.summary.encoding, set.integer_bits) {
        (_, Some(bits)) => {
            format!("Integers in order, {bits} bits each: as wide as the widest ever needed.")
        }
        ("listpack", None) => {
            "One after the other as they came: to find one is to read from the start.".to_owned()
        }
        _ => "In no order: each is found by its hash, in one step.".to_owned(),
    };
    html! {
        <>
            <div class="ins-tools"><Form scene={scene.clone()} fields={vec!["New member"]} verbs={vec![add]} /></div>
            <p class="value__note">{ kept }</p>
            <Roving><ul class="members" data-kept={picture.summary.encoding}>{ for set.members.iter().map(|one| member(scene, one)) }</ul></Roving>
            { pager(scene, set.from, set.members.len(), PAGE, picture.summary.len, "members") }
        </>
    }
}

fn member(scene: &Scene, member: &Piece) -> Html {
    let name = short_label(member);
    html! {
        <li class="member" key={label(member)} title={name.clone()}>
            <bdi class="member__name">{ &name }</bdi>
            if let Some(whole) = member.whole() { { remove(scene, &[b"SREM", &scene.key, whole], &format!("Remove {name}")) } }
        </li>
    }
}
