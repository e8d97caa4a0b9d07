//! SHA-256, to compare texts by.

use aws_lc_rs::digest::{Context, SHA256};
use data_encoding::HEXLOWER;

/// SHA-256 over texts, in hexadecimal; where one ends and the next begins counts.
pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut context = Context::new(&SHA256);
    for text in texts {
        context.update(text.as_bytes());
        context.update(&[0xff]);
    }
    HEXLOWER.encode(context.finish().as_ref())
}
