//! What is planted, and how it is looked for in what was written.

use std::collections::{BTreeMap, BTreeSet};

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};

/// What every planted value begins with.
pub(super) const STEM: &str = "MARKER-";

/// The name of an operation: the one thing of a client's document that is written.
pub(super) const OPERATION: &str = "MayBeToldMARKER";

/// A planted value.
pub(super) fn mark(what: &str) -> String {
    format!("{STEM}{what}")
}

/// Something that was written: a file, an export, an answer to those who watch over the service.
pub(super) struct Written {
    pub(super) name: &'static str,
    pub(super) bytes: Vec<u8>,
    /// What it may hold, of all that is planted.
    pub(super) may_hold: Vec<String>,
}

impl Written {
    pub(super) fn new(name: &'static str, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            name,
            bytes: bytes.into(),
            may_hold: vec![OPERATION.to_owned()],
        }
    }
}

/// What must not be found.
pub(super) struct Search {
    needles: BTreeSet<Vec<u8>>,
}

impl Search {
    /// For whatever is planted, as it is and in the spellings that bytes are written in, and for
    /// secrets that have to be as they are.
    pub(super) fn new(secrets: &[String]) -> Self {
        let stem = STEM.trim_end_matches('-').to_lowercase();
        let mut needles = BTreeSet::from([stem.clone().into_bytes()]);
        for text in [STEM.to_owned(), STEM.to_lowercase()] {
            let hex = data_encoding::HEXLOWER.encode(text.as_bytes());
            needles.insert(hex.into_bytes());
            for before in 0..3 {
                let padded = [vec![0; before], text.clone().into_bytes()].concat();
                let whole = (before * 8).div_ceil(6)..padded.len() * 8 / 6;
                for base64 in [
                    BASE64_STANDARD.encode(&padded),
                    BASE64_URL_SAFE_NO_PAD.encode(&padded),
                ] {
                    needles.insert(base64[whole.clone()].to_lowercase().into_bytes());
                }
            }
        }
        for secret in secrets {
            assert!(secret.len() > 7, "`{secret}` may be found by chance");
            needles.insert(secret.to_lowercase().into_bytes());
        }
        Self { needles }
    }

    /// Where any of it stands, with what is around it, once for each kind of place.
    pub(super) fn find(&self, written: &Written) -> BTreeMap<String, String> {
        let mut bytes = written.bytes.clone();
        for text in &written.may_hold {
            bytes = without(&bytes, text.as_bytes());
        }
        let small = bytes.to_ascii_lowercase();
        let mut found = BTreeMap::new();
        let needles: Vec<_> = self.needles.iter().map(Vec::as_slice).collect();
        for at in places(&small, &needles) {
            let text = |before: usize, after: usize| {
                let around = at.saturating_sub(before)..(at + after).min(bytes.len());
                String::from_utf8_lossy(&bytes[around]).into_owned()
            };
            // Leaks of one kind differ by numbers alone.
            let mut kind = text(24, 40);
            kind.retain(|character| character.is_ascii_alphabetic());
            let told = || format!("{}: …{}…", written.name, text(200, 120));
            found.entry(kind).or_insert_with(told);
        }
        found
    }
}

/// Where any of some texts stands, in one pass.
fn places(bytes: &[u8], needles: &[&[u8]]) -> Vec<usize> {
    let mut begins = [false; 256];
    for needle in needles {
        begins[usize::from(needle[0])] = true;
    }
    let mut found = Vec::new();
    for (at, byte) in bytes.iter().enumerate() {
        let is_one = |needle: &&[u8]| bytes[at..].starts_with(needle);
        if begins[usize::from(*byte)] && needles.iter().any(is_one) {
            found.push(at);
        }
    }
    found
}

fn without(bytes: &[u8], text: &[u8]) -> Vec<u8> {
    let (mut left, mut after) = (Vec::with_capacity(bytes.len()), 0);
    for at in places(bytes, &[text]) {
        if at >= after {
            left.extend_from_slice(&bytes[after..at]);
            after = at + text.len();
        }
    }
    left.extend_from_slice(&bytes[after..]);
    left
}

/// The columns whose planted values stand in a text, as `table-column`.
pub(super) fn columns_in(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for rest in text.split(STEM).skip(1) {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
        let place = &rest[..end.unwrap_or(rest.len())];
        if let Some((column, number)) = place.rsplit_once('-')
            && number.bytes().all(|byte| byte.is_ascii_digit())
        {
            found.insert(column.to_owned());
        }
    }
    found
}

/// The search itself: in every spelling, and not in what may be there.
#[test]
fn what_is_planted_is_found_however_it_is_spelt() {
    let secret = "c2VjcmV0LXNlY3JldA".to_owned();
    let search = Search::new(std::slice::from_ref(&secret));
    let planted = mark("situations-title_en-7");
    let encoded = |text: &str| BASE64_STANDARD.encode(text);
    for text in [
        format!("a {planted} b"),
        planted.to_lowercase(),
        encoded(&planted),
        encoded(&format!("a{planted}")),
        encoded(&format!("ab{planted}")),
        data_encoding::HEXLOWER.encode(planted.as_bytes()),
        format!("key={secret}"),
    ] {
        let written = Written::new("a text", text.clone());
        assert!(!search.find(&written).is_empty(), "{text}");
    }
    for text in ["", "nothing", OPERATION] {
        assert!(search.find(&Written::new("a text", text)).is_empty());
    }
    let columns = columns_in(&format!("[\"{planted}\",\"{}\"]", mark("variable")));
    assert_eq!(columns, BTreeSet::from(["situations-title_en".to_owned()]));
}
