//! JSON text, read strictly and without building anything: spans of values, nothing more.
//!
//! Text in, places in the text out. Text with values nested too deep is refused like text that is no
//! JSON; a number may have any size.
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
