//! The kinds of leaves.

/// Which JSON a leaf may be (lists of them included).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LeafKind {
    /// A JSON integer in 32 bits.
    Int,
    /// A JSON number.
    Float,
    /// A JSON string.
    String,
    /// A JSON true or false.
    Boolean,
    /// A JSON string or integer.
    Id,
    /// A JSON string: an enum value.
    Enum,
    /// Any JSON: custom scalars.
    Any,
}
