//! The TypeScript declarations of everything that crosses the border, and the Rust names of those types.
//!
//! wasm-bindgen declares the class by itself; what its methods take and give is written here by hand, so that nothing
//! is `any`. A change here is a change of the published API.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const DECLARATIONS: &'static str = r#"
/** A word of a command: text, bytes, or a number that is sent as text. */
export type Argument = string | Uint8Array | number | bigint;

/** Bytes that Redis holds: a string where they are valid UTF-8, else the bytes. With `bytes: true`, always the bytes. */
export type Bytes = string | Uint8Array;

/** An error as Redis words it, code first: `WRONGTYPE Operation against …`. */
export interface ReplyError {
  error: string;
}

/**
 * A reply as JavaScript has it. Integers beyond 2^53 are bigints. What RESP3 (after `HELLO 3`) adds: doubles are
 * numbers, maps are `Map`s, booleans are booleans, big numbers are
 * bigints; attributes are left out. `undefined` is no reply: the connection waits.
 */
export type Reply = Bytes | number | bigint | boolean | null | ReplyError | Reply[] | Map<Reply, Reply> | undefined;

export interface Options {
  /** Seeds everything that is drawn at random; 0 by default. */
  seed?: number | bigint;
  /** Where the clock starts, in milliseconds since the Unix epoch; the beginning of 2026 by default. */
  start?: number | Date;
  /** Never turn replies and keys into strings; false by default. */
  bytes?: boolean;
  /** Tell what happens to keys; true by default. Without it everything is a little faster. */
  events?: boolean;
}

/** What came of a command. */
export interface Outcome {
  reply: Reply;
  /** As redis-cli prints it, each line ended by a line break. */
  text: string;
  events: KeyEvent[];
}

/** Something that arrived at a connection by itself. */
export interface Arrival {
  reply: Reply;
  /** As redis-cli prints it. */
  text: string;
  /** A message; else the late reply of a command that waited. */
  push: boolean;
}

/** How a connection stands. */
export interface Session {
  db: number;
  protocol: 2 | 3;
  /** Since MULTI: how many commands are queued. */
  queued: number | null;
  /** What it waits for. */
  waiting: Waiting | null;
  /** After QUIT, or when it was closed by somebody: it is to be disconnected. */
  closing: boolean;
}

export interface Waiting {
  /** When it gives up, on the playground's clock; `null` for never. */
  until: number | null;
}

/** Something that happened to a key. */
export interface KeyEvent {
  /** Milliseconds since the Unix epoch, on the playground's clock. */
  at: number;
  db: number;
  /** `null` for what happened to a whole database, as by FLUSHDB. */
  key: Bytes | null;
  /** As in Redis's keyspace notifications: `set`, `zadd`, `expired` … */
  name: string;
  expired: Expired | null;
  evicted: Evicted | null;
}

/** Why a key was evicted. */
export interface Evicted {
  /** The word of `maxmemory-policy`. */
  policy: string;
  standing: Standing;
  /** Bytes that its going made free; below zero where a hash table became sparse by it: the smaller one is made beside it. */
  freed: number;
  /** Whom it was compared with: nobody under a random policy, and untold where very many keys go at once. */
  compared: Compared | null;
}

/** How a key stands when one to evict is wanted: by what the policy compares; all are `null` where chance decides. */
export interface Standing {
  /** Seconds since its last use, or its last change. */
  idle: number | null;
  /** The logarithmic counter of its uses. */
  counter: number | null;
  /** When it would expire, in milliseconds since the Unix epoch. */
  deadline: number | null;
}

export interface Candidate {
  db: number;
  key: Bytes;
  standing: Standing;
}

export interface Compared {
  /** The keys drawn at random. */
  sampled: Candidate[];
  /** The pool of candidates before these were offered to it, and after the victim was taken out: the next victim last. */
  before: Candidate[];
  after: Candidate[];
}

export interface Expired {
  /** `lazily`: a command met the key after its time; `actively`: the background cycle found it. */
  how: "lazily" | "actively";
  /** Milliseconds from its time to its end. */
  late: number;
}

export interface Snapshot {
  now: number;
  /** Bytes in use, as INFO tells them. */
  usedMemory: number;
  /** Those that hold keys. */
  databases: DatabaseInfo[];
  /** The earliest time at which a key, or a field of a hash, is to expire; past, while nobody has met it. */
  nextExpiry: number | null;
  expiredLazily: number;
  expiredActively: number;
  evicted: number;
}

export interface DatabaseInfo {
  index: number;
  keys: number;
  /** How many of the keys have a time to live. */
  volatile: number;
}

export interface KeyInfo {
  key: Bytes;
  /** The word of TYPE. */
  type: string;
  /** The word of OBJECT ENCODING. */
  encoding: string;
  /** Elements of a collection, bytes of a string. */
  length: number;
  /** Bytes, as MEMORY USAGE counts them. */
  memory: number;
  expiresAt: number | null;
  /** Seconds since somebody used it. */
  idle: number;
}

export interface Inspection extends KeyInfo {
  value: ValueInfo;
  /** How far a compact encoding is from its limit. */
  conversion: { entries: number; limit: number } | null;
}

export type ValueInfo =
  | { kind: "string"; bytes: Bytes }
  /** `integerBits` for a set of integers alone: 16, 32 or 64 bits each. */
  | { kind: "set"; members: Bytes[]; integerBits: number | null }
  | { kind: "list"; elements: Bytes[] }
  | { kind: "zset"; members: { member: Bytes; score: number }[] }
  | { kind: "hash"; fields: HashField[] }
  /** The newest entries, the last first; consumers with what is pending for each. */
  | { kind: "stream"; entries: { id: string; fields: [Bytes, Bytes][] }[]; groups: StreamGroup[] };

export interface StreamGroup {
  name: Bytes;
  lastId: string;
  pending: number;
  consumers: { name: Bytes; pending: number }[];
}

export interface HashField {
  field: Bytes;
  value: Bytes;
  /** When the field expires; past, while nobody has met it. */
  expiresAt: number | null;
}
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "Options")]
    pub type Options;
    #[wasm_bindgen(typescript_type = "Argument")]
    pub type Argument;
    #[wasm_bindgen(typescript_type = "readonly Argument[]")]
    pub type Command;
    #[wasm_bindgen(typescript_type = "readonly (readonly Argument[])[]")]
    pub type Commands;
    #[wasm_bindgen(typescript_type = "string | Uint8Array")]
    pub type Line;
    #[wasm_bindgen(typescript_type = "Reply")]
    pub type Reply;
    #[wasm_bindgen(typescript_type = "Reply[]")]
    pub type Replies;
    #[wasm_bindgen(typescript_type = "KeyEvent[]")]
    pub type KeyEvents;
    #[wasm_bindgen(typescript_type = "Snapshot")]
    pub type State;
    #[wasm_bindgen(typescript_type = "KeyInfo[]")]
    pub type Keys;
    #[wasm_bindgen(typescript_type = "Inspection | null")]
    pub type Inspected;

    #[wasm_bindgen(typescript_type = "Session | null")]
    pub type Connection;
    #[wasm_bindgen(typescript_type = "Arrival[]")]
    pub type Arrivals;

    #[wasm_bindgen(typescript_type = "Arrival")]
    pub type Arrival;
    #[wasm_bindgen(method, setter)]
    pub fn set_reply(this: &Arrival, reply: &JsValue);
    #[wasm_bindgen(method, setter)]
    pub fn set_text(this: &Arrival, text: &str);
    #[wasm_bindgen(method, setter)]
    pub fn set_push(this: &Arrival, push: bool);

    /// Set by name, which is much faster than by reflection.
    #[wasm_bindgen(typescript_type = "Outcome")]
    pub type Outcome;
    #[wasm_bindgen(method, setter)]
    pub fn set_reply(this: &Outcome, reply: &JsValue);
    #[wasm_bindgen(method, setter)]
    pub fn set_text(this: &Outcome, text: &str);
    #[wasm_bindgen(method, setter)]
    pub fn set_events(this: &Outcome, events: &JsValue);

    #[wasm_bindgen(typescript_type = "ReplyError")]
    pub type ReplyError;
    #[wasm_bindgen(method, setter)]
    pub fn set_error(this: &ReplyError, error: &str);
}
