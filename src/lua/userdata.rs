//! What `newproxy` makes: nothing but an identity and a metatable.

use crate::table::Table;
use crate::value::Ref;

/// A value without contents.
#[derive(Clone, Copy, Debug, Default)]
pub struct Userdata {
    pub(crate) metatable: Option<Ref<Table>>,
}
