//! Texts that officers write: their length, and that they hold nothing that no record has.

use super::super::state::Refusal;
use crate::records::never;

/// A text of at least one character and at most so many.
pub(crate) fn checked(field: &'static str, text: &str, most: usize) -> Result<String, Refusal> {
    let text = text.trim();
    let length = text.chars().count();
    if length > 0 && !text.chars().any(char::is_alphanumeric) {
        return Err(Refusal::invalid(
            field,
            format!("`{field}` holds no letter and no digit."),
        ));
    }
    if length == 0 || length > most {
        return Err(Refusal::invalid(
            field,
            format!("`{field}` has 1 to {most} characters; this has {length}."),
        ));
    }
    // PostgreSQL has no such text.
    if text.contains('\0') {
        return Err(Refusal::invalid(
            field,
            format!("`{field}` holds the character U+0000; take it out."),
        ));
    }
    let found = never::in_text(text);
    if let Some(looks) = never::looks_like(&found) {
        let mends = never::mends(&found);
        return Err(Refusal::invalid(
            field,
            format!("`{field}` {looks}; {mends}."),
        ));
    }
    Ok(text.to_owned())
}

/// The same of a text that may be missing.
pub(crate) fn checked_if_any(
    field: &'static str,
    text: Option<&str>,
    most: usize,
) -> Result<Option<String>, Refusal> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    text.map(|text| checked(field, text, most)).transpose()
}
