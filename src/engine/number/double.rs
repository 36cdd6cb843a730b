//! Doubles as Redis writes them.

/// The text of a double in a reply.
pub fn format(value: f64) -> String {
    value.to_string()
}
