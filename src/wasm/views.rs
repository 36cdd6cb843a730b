//! The engine's views (snapshot, keys, a value's inside, events) as plain JavaScript objects.
//!
//! The structures here are the objects of the declarations in [`crate::types`], field by field; serde-wasm-bindgen
//! writes them. They are looked at a few times a second at most, so plainness is worth more than speed.

use js_sys::Array;
use playground_engine::Protocol;
use playground_engine::session::Session;
use playground_engine::snapshot::{EntryView, GroupView, Inspection, KeyView, Snapshot, ValueView};
use serde::Serialize;
use serde_wasm_bindgen::{Serializer, preserve};
use wasm_bindgen::{JsCast, JsValue};

use crate::reply::Texts;
use crate::types::{Connection, Inspected, Keys, State};

/// Missing values are `null`, which JSON and TypeScript's strict checks both like better than `undefined`.
pub(crate) fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let serializer = Serializer::new().serialize_missing_as_null(true).serialize_maps_as_objects(true);
    Ok(value.serialize(&serializer)?)
}

/// JavaScript's numbers are doubles: moments and sizes stay far below where that loses a digit.
pub(crate) fn number(n: u64) -> f64 {
    n as f64
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StateObject {
    now: f64,
    used_memory: f64,
    databases: Vec<DatabaseObject>,
    next_expiry: Option<f64>,
    expired_lazily: f64,
    expired_actively: f64,
    evicted: f64,
}

#[derive(Serialize)]
struct SessionObject {
    db: usize,
    protocol: u8,
    queued: Option<usize>,
    waiting: Option<WaitingObject>,
    closing: bool,
}

#[derive(Serialize)]
struct WaitingObject {
    until: Option<f64>,
}

pub fn session(session: Option<&Session>) -> Result<Connection, JsValue> {
    let object = session.map(|session| SessionObject {
        db: session.db,
        protocol: if session.protocol == Protocol::Resp3 { 3 } else { 2 },
        queued: session.transaction.as_ref().map(|transaction| transaction.queue.len()),
        waiting: session
            .blocked
            .as_ref()
            .map(|blocked| WaitingObject { until: blocked.deadline.map(number) }),
        closing: session.closing,
    });
    Ok(to_js(&object)?.unchecked_into())
}

#[derive(Serialize)]
struct DatabaseObject {
    index: usize,
    keys: usize,
    volatile: usize,
}

pub fn snapshot(view: &Snapshot) -> Result<State, JsValue> {
    let databases = view.databases.iter();
    let object = StateObject {
        now: number(view.now),
        used_memory: number(view.used_memory),
        databases: databases
            .map(|database| DatabaseObject {
                index: database.index,
                keys: database.keys,
                volatile: database.volatile,
            })
            .collect(),
        next_expiry: view.next_expiry.map(number),
        expired_lazily: number(view.expired_lazily),
        expired_actively: number(view.expired_actively),
        evicted: number(view.evicted),
    };
    Ok(to_js(&object)?.unchecked_into())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KeyObject {
    #[serde(with = "preserve")]
    key: JsValue,
    #[serde(rename = "type")]
    kind: &'static str,
    encoding: &'static str,
    length: usize,
    memory: usize,
    expires_at: Option<f64>,
    idle: f64,
}

fn key(view: &KeyView, texts: Texts) -> KeyObject {
    KeyObject {
        key: texts.bytes(&view.key),
        kind: view.kind,
        encoding: view.encoding,
        length: view.len,
        memory: view.memory,
        expires_at: view.expires_at.map(number),
        idle: number(view.idle),
    }
}

pub fn keys(views: &[KeyView], texts: Texts) -> Result<Keys, JsValue> {
    let objects: Vec<_> = views.iter().map(|view| key(view, texts)).collect();
    Ok(to_js(&objects)?.unchecked_into())
}

#[derive(Serialize)]
struct InspectionObject {
    #[serde(flatten)]
    key: KeyObject,
    value: ValueObject,
    conversion: Option<ConversionObject>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum ValueObject {
    String {
        #[serde(with = "preserve")]
        bytes: JsValue,
    },
    Set {
        #[serde(with = "preserve")]
        members: JsValue,
        #[serde(rename = "integerBits")]
        integer_bits: Option<usize>,
    },
    List {
        #[serde(with = "preserve")]
        elements: JsValue,
    },
    Zset {
        members: Vec<MemberObject>,
    },
    Hash {
        fields: Vec<FieldObject>,
    },
    Stream {
        entries: Vec<EntryObject>,
        groups: Vec<GroupObject>,
    },
}

#[derive(Serialize)]
struct EntryObject {
    id: String,
    #[serde(with = "preserve")]
    fields: JsValue,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GroupObject {
    #[serde(with = "preserve")]
    name: JsValue,
    last_id: String,
    pending: usize,
    consumers: Vec<ConsumerObject>,
}

#[derive(Serialize)]
struct ConsumerObject {
    #[serde(with = "preserve")]
    name: JsValue,
    pending: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FieldObject {
    #[serde(with = "preserve")]
    field: JsValue,
    #[serde(with = "preserve")]
    value: JsValue,
    expires_at: Option<f64>,
}

#[derive(Serialize)]
struct MemberObject {
    #[serde(with = "preserve")]
    member: JsValue,
    score: f64,
}

#[derive(Serialize)]
struct ConversionObject {
    entries: usize,
    limit: usize,
}

pub fn inspection(view: Option<&Inspection>, texts: Texts) -> Result<Inspected, JsValue> {
    let object = view.map(|view| InspectionObject {
        key: key(&view.summary, texts),
        value: value(&view.value, texts),
        conversion: view.conversion.map(|c| ConversionObject { entries: c.entries, limit: c.limit }),
    });
    Ok(to_js(&object)?.unchecked_into())
}

fn value(view: &ValueView, texts: Texts) -> ValueObject {
    match view {
        ValueView::String { bytes } => ValueObject::String { bytes: texts.bytes(bytes) },
        ValueView::Set { members, integer_bits } => {
            let members: Array = members.iter().map(|member| texts.bytes(member)).collect();
            ValueObject::Set { members: members.into(), integer_bits: *integer_bits }
        }
        ValueView::List { elements } => {
            let elements: Array = elements.iter().map(|element| texts.bytes(element)).collect();
            ValueObject::List { elements: elements.into() }
        }
        ValueView::SortedSet { members } => {
            let member = |(member, score): &(Vec<u8>, f64)| MemberObject {
                member: texts.bytes(member),
                score: *score,
            };
            ValueObject::Zset { members: members.iter().map(member).collect() }
        }
        ValueView::Hash { fields } => {
            let field = |(field, value, expires_at): &(Vec<u8>, Vec<u8>, Option<u64>)| FieldObject {
                field: texts.bytes(field),
                value: texts.bytes(value),
                expires_at: expires_at.map(number),
            };
            ValueObject::Hash { fields: fields.iter().map(field).collect() }
        }
        ValueView::Stream { entries, groups } => ValueObject::Stream {
            entries: entries.iter().map(|view| entry(view, texts)).collect(),
            groups: groups.iter().map(|view| group(view, texts)).collect(),
        },
    }
}

fn entry(view: &EntryView, texts: Texts) -> EntryObject {
    let pair = |(field, value): &(Vec<u8>, Vec<u8>)| Array::of2(&texts.bytes(field), &texts.bytes(value));
    EntryObject { id: view.id.clone(), fields: view.fields.iter().map(pair).collect::<Array>().into() }
}

fn group(view: &GroupView, texts: Texts) -> GroupObject {
    let consumer =
        |(name, pending): &(Vec<u8>, usize)| ConsumerObject { name: texts.bytes(name), pending: *pending };
    GroupObject {
        name: texts.bytes(&view.name),
        last_id: view.last_id.clone(),
        pending: view.pending,
        consumers: view.consumers.iter().map(consumer).collect(),
    }
}
