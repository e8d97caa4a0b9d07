//! The results of reading JSON text: the span of a value, or why and where the text is not JSON.

/// Why text is not JSON, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Invalid {
    /// What was wanted there.
    pub(crate) expected: &'static str,
    /// Byte offset.
    pub(crate) at: usize,
}

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// First byte.
    pub(crate) start: usize,
    /// Behind the last byte.
    pub(crate) end: usize,
    /// Whether every string in it is Unicode: a lone surrogate can be written in JSON, yet many
    /// clients fail on the whole text that holds one.
    pub(crate) is_unicode: bool,
}
