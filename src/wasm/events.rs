//! What happened to keys, as plain objects.

use js_sys::Array;
use playground_engine::event::Candidate;
use playground_engine::{Event, EventKind, Eviction, Expiry, Standing};
use serde::Serialize;
use serde_wasm_bindgen::preserve;
use wasm_bindgen::JsValue;

use crate::reply::Texts;
use crate::views::{number, to_js};

#[derive(Serialize)]
struct EventObject {
    at: f64,
    db: usize,
    #[serde(with = "preserve")]
    key: JsValue,
    name: &'static str,
    expired: Option<ExpiredObject>,
    evicted: Option<EvictedObject>,
}

#[derive(Serialize)]
struct ExpiredObject {
    how: &'static str,
    late: f64,
}

/// How a key stood: one of the three is there, or none where chance alone decides.
#[derive(Serialize)]
struct StandingObject {
    idle: Option<f64>,
    counter: Option<u8>,
    deadline: Option<f64>,
}

#[derive(Serialize)]
struct CandidateObject {
    db: usize,
    #[serde(with = "preserve")]
    key: JsValue,
    standing: StandingObject,
}

#[derive(Serialize)]
struct ComparedObject {
    sampled: Vec<CandidateObject>,
    before: Vec<CandidateObject>,
    after: Vec<CandidateObject>,
}

#[derive(Serialize)]
struct EvictedObject {
    policy: &'static str,
    standing: StandingObject,
    freed: f64,
    compared: Option<ComparedObject>,
}

fn standing(standing: Standing) -> StandingObject {
    let none = StandingObject { idle: None, counter: None, deadline: None };
    match standing {
        Standing::Idle(seconds) => StandingObject { idle: Some(number(seconds)), ..none },
        Standing::Counter(counter) => StandingObject { counter: Some(counter), ..none },
        Standing::Deadline(at) => StandingObject { deadline: Some(number(at)), ..none },
        Standing::Chance => none,
    }
}

fn evicted(why: &Eviction, texts: Texts) -> EvictedObject {
    let candidate = |candidate: &Candidate| CandidateObject {
        db: candidate.db,
        key: texts.bytes(&candidate.key),
        standing: standing(candidate.standing),
    };
    let all = |candidates: &[Candidate]| candidates.iter().map(candidate).collect();
    EvictedObject {
        policy: why.policy,
        standing: standing(why.standing),
        freed: why.bytes as f64,
        compared: why.compared.as_ref().map(|compared| ComparedObject {
            sampled: all(&compared.sampled),
            before: all(&compared.before),
            after: all(&compared.after),
        }),
    }
}

pub fn events(events: &[Event], texts: Texts) -> Result<Array, JsValue> {
    let objects = events.iter().map(|event| to_js(&event_object(event, texts)));
    objects.collect()
}

fn event_object(event: &Event, texts: Texts) -> EventObject {
    let of_a_key = !matches!(event.kind, EventKind::Database { .. });
    let expired = match event.kind {
        EventKind::Expired { how: Expiry::Lazy, late_ms } => Some(("lazily", late_ms)),
        EventKind::Expired { how: Expiry::Active, late_ms } => Some(("actively", late_ms)),
        _ => None,
    };
    let why = if let EventKind::Evicted(why) = &event.kind { Some(why) } else { None };
    EventObject {
        at: number(event.at),
        db: event.db,
        key: if of_a_key { texts.bytes(&event.key) } else { JsValue::NULL },
        name: event.name(),
        expired: expired.map(|(how, late)| ExpiredObject { how, late: number(late) }),
        evicted: why.map(|why| evicted(why, texts)),
    }
}
