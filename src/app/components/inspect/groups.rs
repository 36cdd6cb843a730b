//! The groups that read a stream: how far each has come, its consumers, and what they have not acknowledged.

use playground_engine::picture::{ConsumerPicture, GroupPicture, Inside, PendingPicture};
use yew::prelude::*;

use super::TimedProps;
use super::command::{self, Slot};
use super::edit::{Form, Verb};
use super::roving::Roving;
use super::scene::{Scene, label, short_label};
use super::stream::id;
use crate::format;

#[component(Groups)]
pub fn groups(TimedProps { scene, picture, now }: &TimedProps) -> Html {
    let Inside::Stream(stream) = &picture.inside else { return Html::default() };
    let create = Verb {
        word: "XGROUP CREATE",
        slots: vec!["XGROUP".into(), "CREATE".into(), (&*scene.key).into(), Slot::Field(0), "0".into()],
    };
    let hidden = stream.group_count.saturating_sub(stream.groups.len());
    html! {
        <>
            <div class="ins-tools"><Form scene={scene.clone()} fields={vec!["Name of a group"]} verbs={vec![create]} /></div>
            if stream.groups.is_empty() {
                <p class="ins-gap">{ "No group reads this stream. A group shares the entries among its consumers, each entry to one." }</p>
            }
            { for stream.groups.iter().map(|one| group(scene, one, *now)) }
            if hidden > 0 { <p class="ins-gap">{ format!("and {}", format::counted(hidden, "more group", "more groups")) }</p> }
        </>
    }
}

fn group(scene: &Scene, group: &GroupPicture, now: u64) -> Html {
    let lag = group.lag.map_or_else(
        || "how many are left cannot be told".to_owned(),
        |lag| format!("{} still to be delivered", format::count(usize::try_from(lag).unwrap_or(0))),
    );
    let read = group.name.whole().map(|name| Verb {
        word: "XREADGROUP",
        slots: vec![
            "XREADGROUP".into(),
            "GROUP".into(),
            name.into(),
            Slot::Field(0),
            "COUNT".into(),
            "1".into(),
            "STREAMS".into(),
            (&*scene.key).into(),
            ">".into(),
        ],
    });
    html! {
        <section class="group" key={label(&group.name)} aria-label={format!("Group {}", short_label(&group.name))}>
            <h4 class="group__name"><bdi>{ short_label(&group.name) }</bdi></h4>
            <p class="group__state">{ format!("delivered up to {}, {lag}", id(group.last_id)) }</p>
            if let Some(read) = read { <Form scene={scene.clone()} fields={vec!["Consumer"]} verbs={vec![read]} /> }
            if !group.consumers.is_empty() {
                <table class="ins-table">
                    <thead><tr><th scope="col">{ "Consumer" }</th><th scope="col">{ "Pending" }</th><th scope="col">{ "Idle" }</th></tr></thead>
                    <tbody>{ for group.consumers.iter().map(|one| consumer(one, now)) }</tbody>
                </table>
                { more(group.consumer_count.saturating_sub(group.consumers.len()), "more consumer", "more consumers") }
            }
            if !group.pending.is_empty() {
                <Roving>
                    <table class="ins-table">
                        <caption class="ins-table__name">{ format!("{} delivered and not acknowledged", format::counted(group.pending_count, "entry", "entries")) }</caption>
                        <thead>
                            <tr>
                                <th scope="col">{ "Entry" }</th><th scope="col">{ "Consumer" }</th><th scope="col">{ "Idle" }</th>
                                <th scope="col">{ "Times" }</th><th scope="col"><span class="hidden">{ "Acknowledge" }</span></th>
                            </tr>
                        </thead>
                        <tbody>{ for group.pending.iter().map(|one| pending(scene, group, one, now)) }</tbody>
                    </table>
                </Roving>
                { more(group.pending_count.saturating_sub(group.pending.len()), "more entry", "more entries") }
            }
        </section>
    }
}

fn more(n: usize, one: &str, many: &str) -> Html {
    if n == 0 {
        return Html::default();
    }
    html! { <p class="ins-gap">{ format!("and {}", format::counted(n, one, many)) }</p> }
}

/// How long ago a moment was; clients may set such moments as they like.
fn ago(at: i64, now: u64) -> String {
    format::remaining(u64::try_from(at).map_or(0, |at| now.saturating_sub(at)))
}

fn consumer(consumer: &ConsumerPicture, now: u64) -> Html {
    let got = match consumer.active_at {
        Some(at) => format!("last got something {} ago", ago(at, now)),
        None => "has not got anything".to_owned(),
    };
    html! {
        <tr key={label(&consumer.name)} title={got}>
            <th scope="row"><bdi>{ short_label(&consumer.name) }</bdi></th>
            <td>{ format::count(consumer.pending) }</td>
            <td>{ ago(consumer.seen_at, now) }</td>
        </tr>
    }
}

fn pending(scene: &Scene, group: &GroupPicture, pending: &PendingPicture, now: u64) -> Html {
    let name = id(pending.id);
    let acknowledge = group.name.whole().map(|group| {
        let words: [&[u8]; 4] = [b"XACK", &scene.key, group, name.as_bytes()];
        html! {
            <button type="button" class="button" onclick={scene.runs::<MouseEvent>(&words)} title={command::line(words)}
                aria-label={format!("XACK {name}")}>{ "XACK" }</button>
        }
    });
    html! {
        <tr key={name.clone()}>
            <th scope="row">{ &name }</th>
            <td><bdi>{ short_label(&pending.consumer) }</bdi></td>
            <td>{ ago(pending.delivered_at, now) }</td>
            <td>{ pending.deliveries.to_string() }</td>
            <td>{ acknowledge }</td>
        </tr>
    }
}
