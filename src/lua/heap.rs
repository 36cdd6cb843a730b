//! Everything that Lua values refer to, how much memory it is, and what of it can go.
//!
//! *Collection.* From the roots (which the interpreter marks) everything that can be reached gets a mark, by a list of
//! what is still to be walked and not by recursion; weak tables lose what has none; what has none is freed. It runs between
//! two instructions, when as much was allocated as was alive after the last time, so a native function never sees it.
//!
//! It knows nothing of instructions and calls.

use std::rc::Rc;

use crate::arena::Arena;
use crate::closure::{Closure, Native, Upvalue};
use crate::meta::Meta;
use crate::proto::Proto;
use crate::strings::Strings;
use crate::table::Table;
use crate::thread::Thread;
use crate::userdata::Userdata;
use crate::value::{Ref, Str, Value};

/// The memory of one interpreter.
#[derive(Clone, Debug)]
pub struct Heap {
    pub(crate) strings: Strings,
    pub(crate) tables: Arena<Table>,
    pub(crate) closures: Arena<Closure>,
    pub(crate) natives: Arena<Native>,
    pub(crate) threads: Arena<Thread>,
    pub(crate) userdata: Arena<Userdata>,
    pub(crate) upvalues: Arena<Upvalue>,
    protos: Arena<Rc<Proto>>,
    /// The names of metamethods, in the order of [`Meta`].
    meta_names: Vec<Str>,
    /// What all strings have as their metatable.
    pub(crate) string_metatable: Option<Ref<Table>>,
    bytes: usize,
    /// How many bytes there may be before it is worth to collect.
    threshold: usize,
    gray: Gray,
}

/// What has a mark and is still to be walked.
#[derive(Clone, Debug, Default)]
struct Gray {
    tables: Vec<Ref<Table>>,
    closures: Vec<Ref<Closure>>,
    natives: Vec<Ref<Native>>,
    threads: Vec<Ref<Thread>>,
    upvalues: Vec<Ref<Upvalue>>,
    protos: Vec<Rc<Proto>>,
    weak: Vec<Ref<Table>>,
}

/// Below so many bytes nothing is collected.
const SMALL: usize = 256 * 1024;
/// What a string is worth beside its bytes, and others, in 5.1 on 64 bits.
const STRING: usize = 25;
const CLOSURE: usize = 40;
const UPVALUE: usize = 40;
const THREAD: usize = 1_200;
const USERDATA: usize = 40;

impl Default for Heap {
    fn default() -> Self {
        Self::new()
    }
}

impl Heap {
    pub fn new() -> Self {
        let mut heap = Self {
            strings: Strings::new(),
            tables: Arena::default(),
            closures: Arena::default(),
            natives: Arena::default(),
            threads: Arena::default(),
            userdata: Arena::default(),
            upvalues: Arena::default(),
            protos: Arena::default(),
            meta_names: Vec::new(),
            string_metatable: None,
            bytes: 0,
            threshold: SMALL,
            gray: Gray::default(),
        };
        heap.meta_names = Meta::ALL.iter().map(|meta| heap.string(meta.name().as_bytes())).collect();
        heap
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn grow(&mut self, bytes: isize) {
        self.bytes = self.bytes.saturating_add_signed(bytes);
    }

    pub(crate) fn is_due(&self) -> bool {
        self.bytes > self.threshold
    }

    pub fn string(&mut self, bytes: &[u8]) -> Str {
        let (string, is_new) = self.strings.intern(bytes);
        if is_new {
            self.bytes += STRING + bytes.len();
        }
        string
    }

    pub fn string_owned(&mut self, bytes: Vec<u8>) -> Str {
        let length = bytes.len();
        let (string, is_new) = self.strings.intern_owned(bytes);
        if is_new {
            self.bytes += STRING + length;
        }
        string
    }

    pub fn str(&self, string: Str) -> &[u8] {
        self.strings.bytes(string)
    }

    pub fn table(&mut self, table: Table) -> Ref<Table> {
        self.bytes += table.bytes();
        Ref::new(self.tables.insert(table))
    }

    pub(crate) fn closure(&mut self, closure: Closure) -> Ref<Closure> {
        self.bytes += CLOSURE + 8 * closure.upvalues.len();
        Ref::new(self.closures.insert(closure))
    }

    pub(crate) fn native(&mut self, native: Native) -> Ref<Native> {
        self.bytes += CLOSURE + 16 * native.upvalues.len();
        Ref::new(self.natives.insert(native))
    }

    pub(crate) fn upvalue(&mut self, upvalue: Upvalue) -> Ref<Upvalue> {
        self.bytes += UPVALUE;
        Ref::new(self.upvalues.insert(upvalue))
    }

    pub(crate) fn thread(&mut self, thread: Thread) -> Ref<Thread> {
        self.bytes += THREAD;
        Ref::new(self.threads.insert(thread))
    }

    pub(crate) fn userdata(&mut self, userdata: Userdata) -> Ref<Userdata> {
        self.bytes += USERDATA;
        Ref::new(self.userdata.insert(userdata))
    }

    /// Takes a compiled function in, so that its constants live as long as it does.
    pub(crate) fn proto(&mut self, mut proto: Proto) -> Rc<Proto> {
        let index = self.protos.insert(Rc::default());
        proto.index = index;
        let proto = Rc::new(proto);
        *self.protos.get_mut(index) = Rc::clone(&proto);
        self.bytes += proto_bytes(&proto);
        proto
    }

    /// Sets a key of a table, which must be neither nil nor a NaN.
    #[inline]
    pub fn set(&mut self, table: Ref<Table>, key: Value, value: Value) {
        let grown = self.tables[table].set(key, value);
        self.grow(grown);
    }

    pub fn get(&self, table: Ref<Table>, key: Value) -> Value {
        self.tables[table].get(key)
    }

    /// What `#` answers of a table.
    pub fn border(&self, table: Ref<Table>) -> f64 {
        self.tables[table].border()
    }

    pub fn set_field(&mut self, table: Ref<Table>, name: &str, value: Value) {
        let name = self.string(name.as_bytes());
        self.set(table, Value::Str(name), value);
    }

    /// Lets no program change a table any more; its host still can.
    pub fn freeze(&mut self, table: Ref<Table>) {
        self.tables[table].is_frozen = true;
    }

    pub fn set_metatable(&mut self, table: Ref<Table>, metatable: Option<Ref<Table>>) {
        self.tables[table].metatable = metatable;
    }

    pub fn metatable_of(&self, value: Value) -> Option<Ref<Table>> {
        self.metatable(value)
    }

    /// The value of a name in a table, without metamethods; nil where that is no table.
    pub fn field(&mut self, value: Value, name: &str) -> Value {
        let Value::Table(table) = value else { return Value::Nil };
        let name = self.string(name.as_bytes());
        self.get(table, Value::Str(name))
    }

    /// The pairs of a table in the order of a walk.
    pub fn pairs(&self, table: Ref<Table>) -> impl Iterator<Item = (Value, Value)> + '_ {
        self.tables[table].pairs()
    }

    /// The metamethod of a metatable.
    #[inline]
    pub(crate) fn metamethod_in(&mut self, metatable: Option<Ref<Table>>, meta: Meta) -> Value {
        let Some(at) = metatable else { return Value::Nil };
        let name = self.meta_names[meta as usize];
        let table = &mut self.tables[at];
        let bit = meta.bit();
        if table.absent & bit != 0 {
            return Value::Nil;
        }
        let found = table.get_str(name);
        if found.is_nil() {
            table.absent |= bit;
        }
        found
    }

    pub(crate) fn metatable(&self, value: Value) -> Option<Ref<Table>> {
        match value {
            Value::Table(table) => self.tables[table].metatable,
            Value::Userdata(userdata) => self.userdata[userdata].metatable,
            Value::Str(_) => self.string_metatable,
            _ => None,
        }
    }

    pub(crate) fn metamethod(&mut self, value: Value, meta: Meta) -> Value {
        let metatable = self.metatable(value);
        self.metamethod_in(metatable, meta)
    }
}

fn proto_bytes(proto: &Proto) -> usize {
    120 + proto.code.len() * 12 + proto.constants.len() * 16 + proto.locals.len() * 16
}

/// Collection.
impl Heap {
    /// Gives a value its mark; what it refers to follows in [`Self::collect`].
    pub(crate) fn mark(&mut self, value: Value) {
        match value {
            Value::Str(string) => self.strings.mark(string),
            Value::Table(at) => self.mark_table(at),
            Value::Closure(at) => {
                if self.closures.mark(at.index()) {
                    self.gray.closures.push(at);
                }
            }
            Value::Native(at) => {
                if self.natives.mark(at.index()) {
                    self.gray.natives.push(at);
                }
            }
            Value::Thread(at) => {
                if self.threads.mark(at.index()) {
                    self.gray.threads.push(at);
                }
            }
            Value::Userdata(at) => {
                if self.userdata.mark(at.index())
                    && let Some(metatable) = self.userdata[at].metatable
                {
                    self.mark_table(metatable);
                }
            }
            Value::Nil | Value::Bool(_) | Value::Number(_) | Value::Light(_) => {}
        }
    }

    pub(crate) fn mark_table(&mut self, at: Ref<Table>) {
        if self.tables.mark(at.index()) {
            self.gray.tables.push(at);
        }
    }

    pub(crate) fn mark_upvalue(&mut self, at: Ref<Upvalue>) {
        if self.upvalues.mark(at.index()) {
            self.gray.upvalues.push(at);
        }
    }

    pub(crate) fn mark_proto(&mut self, proto: &Rc<Proto>) {
        if self.protos.mark(proto.index) {
            self.gray.protos.push(Rc::clone(proto));
        }
    }

    /// Walks from what is marked, and frees what was not reached.
    pub(crate) fn collect(&mut self) {
        for at in 0..self.meta_names.len() {
            self.strings.mark(self.meta_names[at]);
        }
        if let Some(metatable) = self.string_metatable {
            self.mark_table(metatable);
        }
        self.walk();
        self.clear_weak();
        self.sweep();
        self.threshold = (self.bytes * 2).max(SMALL);
    }

    /// Collects no more before so many bytes are in use.
    pub(crate) fn wait_until(&mut self, bytes: usize) {
        self.threshold = bytes;
    }

    /// Collects early enough for a limit to be told from garbage.
    pub(crate) fn limit_threshold(&mut self, limit: usize) {
        self.threshold = self.threshold.min(limit);
    }

    fn walk(&mut self) {
        loop {
            if let Some(at) = self.gray.tables.pop() {
                self.walk_table(at);
            } else if let Some(at) = self.gray.closures.pop() {
                let Closure { proto, upvalues, environment } = &self.closures[at];
                let (proto, upvalues, environment) = (Rc::clone(proto), upvalues.clone(), *environment);
                self.mark_proto(&proto);
                self.mark_table(environment);
                upvalues.iter().for_each(|at| self.mark_upvalue(*at));
            } else if let Some(at) = self.gray.natives.pop() {
                let Native { upvalues, environment, .. } = &self.natives[at];
                let (upvalues, environment) = (upvalues.clone(), *environment);
                self.mark_table(environment);
                upvalues.iter().for_each(|value| self.mark(*value));
            } else if let Some(at) = self.gray.upvalues.pop() {
                match self.upvalues[at] {
                    Upvalue::Closed(value) => self.mark(value),
                    // A thread whose variable is caught is kept by what catches it.
                    Upvalue::Open { thread, .. } => self.mark(Value::Thread(thread)),
                }
            } else if let Some(at) = self.gray.threads.pop() {
                // Out of the arena while it is walked, for walking marks others.
                let thread = std::mem::take(self.threads.get_mut(at.index()));
                thread.walk(self);
                *self.threads.get_mut(at.index()) = thread;
            } else if let Some(proto) = self.gray.protos.pop() {
                proto.constants.iter().for_each(|value| self.mark(*value));
                proto.locals.iter().for_each(|local| self.strings.mark(local.name));
                proto.upvalue_names.iter().for_each(|name| self.strings.mark(*name));
                proto.protos.iter().for_each(|proto| self.mark_proto(proto));
            } else {
                return;
            }
        }
    }

    fn walk_table(&mut self, at: Ref<Table>) {
        let metatable = self.tables[at].metatable;
        let mut weak = (false, false);
        if let Some(metatable) = metatable {
            self.mark_table(metatable);
            if let Value::Str(mode) = self.metamethod_in(Some(metatable), Meta::Mode) {
                let mode = self.str(mode);
                weak = (mode.contains(&b'k'), mode.contains(&b'v'));
            }
        }
        if weak.0 || weak.1 {
            self.gray.weak.push(at);
        }
        if weak == (true, true) {
            return;
        }
        // Out of the arena while it is walked, for walking marks others.
        let table = std::mem::take(&mut self.tables[at]);
        for (key, value) in table.held() {
            if !weak.0 {
                self.mark(key);
            }
            if !weak.1 {
                self.mark(value);
            }
        }
        self.tables[at] = table;
    }

    /// Takes out of weak tables what nothing else holds. Strings are values and stay.
    fn clear_weak(&mut self) {
        let weak = std::mem::take(&mut self.gray.weak);
        for at in &weak {
            for (key, value) in self.tables[*at].pairs().collect::<Vec<_>>() {
                for part in [key, value] {
                    if let Value::Str(string) = part {
                        self.strings.mark(string);
                    }
                }
            }
        }
        for at in weak {
            let mut table = std::mem::take(&mut self.tables[at]);
            table.forget(|value| !self.is_alive(value));
            self.tables[at] = table;
        }
    }

    fn is_alive(&self, value: Value) -> bool {
        match value {
            Value::Table(at) => self.tables.is_marked(at.index()),
            Value::Closure(at) => self.closures.is_marked(at.index()),
            Value::Native(at) => self.natives.is_marked(at.index()),
            Value::Thread(at) => self.threads.is_marked(at.index()),
            Value::Userdata(at) => self.userdata.is_marked(at.index()),
            Value::Str(string) => self.strings.is_marked(string),
            Value::Nil | Value::Bool(_) | Value::Number(_) | Value::Light(_) => true,
        }
    }

    fn sweep(&mut self) {
        let mut freed = 0;
        self.strings.sweep(|length| freed += STRING + length);
        self.tables.sweep(|_, table| freed += table.bytes());
        self.closures.sweep(|_, closure| freed += CLOSURE + 8 * closure.upvalues.len());
        self.natives.sweep(|_, native| freed += CLOSURE + 16 * native.upvalues.len());
        self.upvalues.sweep(|_, _| freed += UPVALUE);
        self.threads.sweep(|_, thread| freed += THREAD + thread.bytes());
        self.userdata.sweep(|_, _| freed += USERDATA);
        self.protos.sweep(|_, proto| freed += proto_bytes(&proto));
        self.bytes = self.bytes.saturating_sub(freed);
    }
}
