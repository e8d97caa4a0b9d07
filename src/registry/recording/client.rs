//! Which client sent an operation, as it says itself.

use axum::http::HeaderMap;
use indexmap::IndexMap;

/// Headers for the name and the version, the first that is there counts.
const NAMES: [&str; 2] = ["graphql-client-name", "apollographql-client-name"];
const VERSIONS: [&str; 2] = ["graphql-client-version", "apollographql-client-version"];
/// Bytes that are kept of either.
const MOST_BYTES: usize = 64;
/// Clients told apart of one operation between two times of storing.
const MOST_CLIENTS: usize = 50;

/// What a client calls itself; empty where it does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Client {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Client {
    /// Reads the headers of a request. What is not plain text is taken for nothing.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        Self {
            name: find(headers, NAMES),
            version: find(headers, VERSIONS),
        }
    }

    /// The key it is counted under: its own as long as there are not too many.
    pub(super) fn key_among(self, known: &IndexMap<(String, String), i64>) -> (String, String) {
        let own = (self.name, self.version);
        if known.len() < MOST_CLIENTS || known.contains_key(&own) {
            own
        } else {
            ("(others)".to_owned(), String::new())
        }
    }
}

fn find(headers: &HeaderMap, names: [&str; 2]) -> String {
    let value = names
        .iter()
        .find_map(|name| headers.get(*name)?.to_str().ok());
    let is_plain = |letter: &char| letter.is_ascii_alphanumeric() || " ._-/+@:".contains(*letter);
    value
        .unwrap_or_default()
        .chars()
        .filter(is_plain)
        .take(MOST_BYTES)
        .collect()
}
