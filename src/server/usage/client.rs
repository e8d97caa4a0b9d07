//! Which client sent an operation: as its token says, and as it says itself.

use axum::http::HeaderMap;

use crate::{auth::Principal, registry::store::Client};

/// Headers for the name and the version, the first that is there counts.
const NAMES: [&str; 2] = ["graphql-client-name", "apollographql-client-name"];
const VERSIONS: [&str; 2] = ["graphql-client-version", "apollographql-client-version"];
/// Bytes that are kept of either.
const MOST_BYTES: usize = 64;

impl Client {
    /// The sender of a request. Names count only with a token; a value that is not plain text is
    /// ignored.
    pub fn of(principal: &Principal, headers: &HeaderMap) -> Self {
        match &principal.entity {
            Some(entity) => Self {
                entity: entity.clone(),
                name: find(headers, NAMES),
                version: find(headers, VERSIONS),
            },
            None => Self::anonymous(),
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
