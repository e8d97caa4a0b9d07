//! Reads JSON text strictly, without building values: it yields the spans of values.
//!
//! In: text. Out: spans. Text with values nested too deep is refused like text that is not JSON; a
//! number may have any size.
//!
//! Grammar: <https://www.rfc-editor.org/rfc/rfc8259>

mod reader;
mod scan;
mod span;

pub(crate) use reader::{Reader, decode, decode_name};
pub(crate) use scan::Scan;
pub(crate) use span::{Invalid, Span};

#[cfg(test)]
mod tests;
