//! Which client sent an operation: as its token says, and as it says itself.

use axum::http::HeaderMap;
use indexmap::IndexMap;

use crate::{auth::Principal, registry::store::Client};

/// Headers for the name and the version, the first that is there counts.
const NAMES: [&str; 2] = ["graphql-client-name", "apollographql-client-name"];
const VERSIONS: [&str; 2] = ["graphql-client-version", "apollographql-client-version"];
/// Bytes that are kept of either.
const MOST_BYTES: usize = 64;
/// Clients of one entity told apart of one operation between two times of storing.
const MOST_CLIENTS: usize = 20;
/// Stands for all callers without a token, whatever they call themselves.
const ANONYMOUS: &str = "(anonymous)";
/// Stands for further clients.
const OTHERS: &str = "(others)";

impl Client {
    /// Whoever sent a request. Names count where a token says whose they are; what is not plain text
    /// is taken for nothing.
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

    /// All callers without a token.
    pub fn anonymous() -> Self {
        Self {
            entity: String::new(),
            name: ANONYMOUS.to_owned(),
            version: String::new(),
        }
    }

    /// Whom it is counted as: itself as long as its entity has not too many.
    pub(super) fn among(self, known: &IndexMap<Self, i64>) -> Self {
        let of_entity = known.keys().filter(|each| each.entity == self.entity);
        if known.contains_key(&self) || of_entity.count() < MOST_CLIENTS {
            return self;
        }
        Self {
            name: OTHERS.to_owned(),
            version: String::new(),
            ..self
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
