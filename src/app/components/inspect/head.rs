//! The head of the inspector: the key's name, what it is, and what is done with a key as a whole.

use playground_engine::picture::Picture;
use yew::prelude::*;

use super::edit::Editable;
use super::scene::Scene;
use crate::bridge::Intent;
use crate::components::icon::Icon;
use crate::components::type_badge::TypeBadge;
use crate::format;

/// The name, which is renamed in place, and the ways out.
pub fn head(scene: &Scene, picture: Option<&Picture>) -> Html {
    let close = scene.bridge.reform(|_: MouseEvent| Intent::Select(None));
    let name = format::short_name(&scene.key);
    html! {
        <header class="inspector__head">
            <h3 class="inspector__name" title={name.clone()}>
                if picture.is_some() {
                    <Editable key={format::name(&scene.key)} scene={scene.clone()} shown={name} text={format::name(&scene.key)} label="Name of the key"
                        slots={vec!["RENAME".into(), (&*scene.key).into(), super::command::Slot::Field(0)]} />
                } else {
                    <bdi>{ name }</bdi>
                }
            </h3>
            if let Some(found) = picture {
                <TypeBadge kind={found.summary.kind} />
                <button type="button" class="button button--quiet ins-head__delete" onclick={scene.runs::<MouseEvent>(&[b"DEL", &scene.key])}
                    title={super::command::line([b"DEL", &*scene.key])}>{ "Delete" }</button>
            }
            <button class="button button--quiet button--icon" onclick={close} title="Close: follow what changes" aria-label="Close">
                { Icon::Cross.draw() }
            </button>
        </header>
    }
}

/// What the key is, in figures.
pub fn facts(scene: &Scene, picture: &Picture, now: u64) -> Html {
    let summary = &picture.summary;
    let (one, many) = format::parts(summary.kind);
    let lives = summary.expires_at.is_some();
    let left = summary.expires_at.map(|at| at.saturating_sub(now));
    let ttl = left.map_or_else(|| "none".to_owned(), format::remaining);
    let seconds = left.map_or_else(String::new, |left| left.div_ceil(1000).to_string());
    let slots = vec!["EXPIRE".into(), (&*scene.key).into(), super::command::Slot::Field(0)];
    html! {
        <dl class="facts">
            <div class="facts__pair"><dt>{ "Encoding" }</dt><dd>{ summary.encoding }</dd></div>
            <div class="facts__pair"><dt>{ "Size" }</dt><dd>{ format::counted(summary.len, one, many) }</dd></div>
            <div class="facts__pair"><dt>{ "Memory" }</dt><dd>{ format!("{} bytes", format::count(summary.memory)) }</dd></div>
            <div class="facts__pair">
                <dt>{ "Time to live" }</dt>
                <dd class="ins-ttl">
                    <Editable scene={scene.clone()} shown={ttl} text={seconds} label="Seconds to live" {slots} />
                    if lives {
                        <button type="button" class="button button--quiet ins-ttl__keep" onclick={scene.runs::<MouseEvent>(&[b"PERSIST", &scene.key])}
                            title={super::command::line([b"PERSIST", &*scene.key])}>{ "Persist" }</button>
                    }
                </dd>
            </div>
        </dl>
    }
}
