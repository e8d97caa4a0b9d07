//! The records that an answer over HTTP names: whether each exists for the caller, and its level, is asked of the
//! review before anything of the answer goes to another source.

use std::collections::BTreeSet;

/// Letters before the first `_` of an id, and characters after it.
const PREFIX: usize = 3;
const REST: usize = 16;
const LENGTH: usize = PREFIX + 1 + REST;
/// Bytes of an escape.
const ESCAPE: usize = 6;

/// The texts in an answer that look like ids of records, each once. The strings of the text are read one by one, so
/// that nothing grows with the answer but what is found.
pub(super) fn ids_in(body: &[u8]) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let mut rest = body;
    while let Some(start) = rest.iter().position(|byte| *byte == b'"') {
        rest = &rest[start..];
        let Some(end) = end_of_string(rest) else {
            break;
        };
        let (quoted, after) = rest.split_at(end);
        if let Some(id) = id_in(quoted) {
            ids.insert(id);
        }
        rest = after;
    }
    ids
}

/// Where a string ends that begins with its quotation mark.
fn end_of_string(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// The id that a string with its quotation marks is. An escape may stand for any of its characters.
fn id_in(quoted: &[u8]) -> Option<String> {
    if quoted.len() < LENGTH + 2 || quoted.len() > ESCAPE * LENGTH + 2 {
        return None;
    }
    let text: String = serde_json::from_slice(quoted).ok()?;
    looks_like_id(text.as_bytes()).then_some(text)
}

fn looks_like_id(text: &[u8]) -> bool {
    let is_rest = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.len() == LENGTH
        && text[..PREFIX].iter().all(u8::is_ascii_lowercase)
        && text[PREFIX] == b'_'
        && text[PREFIX + 1..].iter().all(is_rest)
}

#[cfg(test)]
mod tests {
    use super::ids_in;

    #[test]
    fn ids_are_found_however_they_are_spelt() {
        let plain = br#"{"data":{"a":["sit_p5w1dsfq68gm6tj3","sit_short","Sit_p5w1dsfq68gm6tj3"],"b":{"id":"com_0000000000000000"}}}"#;
        let expected = ["com_0000000000000000", "sit_p5w1dsfq68gm6tj3"].map(str::to_owned);
        assert_eq!(ids_in(plain), expected.clone().into());
        let escaped = br#"{"data":{"a":"sit\u005fp5w1dsfq68gm6tj3"}}"#;
        assert_eq!(ids_in(escaped), ["sit_p5w1dsfq68gm6tj3".to_owned()].into());
        let quotes = br#"{"a\\\"":"sit_p5w1dsfq68gm6tj3","b":"\\","c":"com_0000000000000000","d":"\"sit_aaaaaaaaaaaaaaaa"}"#;
        assert_eq!(ids_in(quotes), expected.into());
        assert!(
            ids_in(br#""sit_p5w1dsfq68gm6tj3"#).is_empty(),
            "it does not end"
        );
    }
}
