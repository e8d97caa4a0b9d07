//! What a client gets.

use bytes::Bytes;

use crate::error::ResponseError;

/// A field left out because the caller lacks a scope, once each however many objects it is on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Withheld {
    /// Response names from the root, without list indices.
    pub path: Vec<String>,
    /// What would be needed: one of these sets of scopes. Empty where being authenticated is all.
    pub scopes: Vec<Vec<String>>,
    /// One of these sets of policies as well, if there are any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<Vec<String>>,
}

/// What one fetch came to, for logs, metrics and the provenance of an answer.
#[derive(Clone, Debug)]
pub struct FetchReport {
    /// Name of the subgraph.
    pub subgraph: String,
    /// Index of the fetch in the plan.
    pub fetch: usize,
    /// Representations sent; zero for a root fetch.
    pub representations: usize,
    /// Whether the whole fetch failed.
    pub failed: bool,
}

/// An answer, not yet in bytes: the host decides on extensions and media type.
#[derive(Clone, Debug, Default)]
pub struct Response {
    /// The `data` as JSON text; `None` for a request error (no `data` key at all).
    pub data: Option<Bytes>,
    /// Errors in order of discovery.
    pub errors: Vec<ResponseError>,
    /// Fields the caller may not see.
    pub withheld: Vec<Withheld>,
    /// The fetches that ran.
    pub fetches: Vec<FetchReport>,
}
