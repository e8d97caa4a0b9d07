//! SHA-256, to tell texts apart.

use std::fmt::Write;

use aws_lc_rs::digest::{Context, SHA256};

/// SHA-256 over texts, in hexadecimal; where one ends and the next begins counts.
pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut context = Context::new(&SHA256);
    for text in texts {
        context.update(text.as_bytes());
        context.update(&[0xff]);
    }
    let mut written = String::with_capacity(64);
    for byte in context.finish().as_ref() {
        let _ = write!(written, "{byte:02x}");
    }
    written
}
