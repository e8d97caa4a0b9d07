//! The records that an answer over HTTP names: whether each exists for the caller, and its level, is asked of the
//! review before anything of the answer goes to another source.

use std::collections::BTreeSet;

use serde_json::Value;

/// Letters before the first `_` of an id, and characters after it.
const PREFIX: usize = 3;
const REST: usize = 16;

/// How many ids of one answer are looked up.
pub(super) const MOST: usize = 2_000;

/// The texts in an answer that look like ids of records, each once.
pub(super) fn ids_in(body: &[u8]) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    // An escape could stand for any character of an id.
    let has_escapes = body.windows(2).any(|pair| pair == b"\\u");
    if has_escapes {
        if let Ok(value) = serde_json::from_slice(body) {
            collect(&value, &mut ids);
        }
        return ids;
    }
    for quoted in body.split(|byte| *byte == b'"') {
        if looks_like_id(quoted) {
            ids.insert(String::from_utf8_lossy(quoted).into_owned());
        }
    }
    ids
}

fn collect(value: &Value, ids: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if looks_like_id(text.as_bytes()) => {
            ids.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, ids)),
        Value::Object(members) => members.values().for_each(|value| collect(value, ids)),
        _ => {}
    }
}

fn looks_like_id(text: &[u8]) -> bool {
    let is_rest = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.len() == PREFIX + 1 + REST
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
        assert_eq!(ids_in(plain), expected.into());
        let escaped = br#"{"data":{"a":"sit\u005fp5w1dsfq68gm6tj3"}}"#;
        assert_eq!(ids_in(escaped), ["sit_p5w1dsfq68gm6tj3".to_owned()].into());
    }
}
