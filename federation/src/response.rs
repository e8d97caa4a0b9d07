//! A response: data as JSON text, errors, and what was withheld; and for the host, what was
//! fetched.

use std::{collections::BTreeSet, sync::Arc};

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::{
    cost::Estimate,
    error::{Origin, ResponseError, SubgraphErrorKind},
};

/// A field that is withheld because the caller lacks a scope or policy; listed once, however many
/// objects it is on.
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

/// A field that not every caller may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestrictedField {
    /// Its coordinate: `Type.field`.
    pub coordinate: String,
    /// All scopes that its requirements name, those of its type and its parent's type included.
    pub scopes: BTreeSet<String>,
    /// The subgraphs that have it.
    pub subgraphs: Vec<Arc<str>>,
}

impl RestrictedField {
    /// About how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        let scopes = self.scopes.iter().map(|scope| scope.len() + 48);
        self.coordinate.len() + scopes.sum::<usize>() + 16 * self.subgraphs.len() + 96
    }
}

/// The result of one fetch, for logs, metrics and the provenance of an answer.
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
    /// The restricted fields that the operation reads; none of what was withheld.
    pub restricted: Arc<[RestrictedField]>,
    /// The fetches that ran.
    pub fetches: Vec<FetchReport>,
    /// The steps of reading answers, asking for entities and writing. They are linear in the length
    /// of the answers, except that an entity is copied to each object with its key.
    pub work: u64,
    /// What the operation is estimated to cost, where the request asks or a bound is set; also of one
    /// that is refused for it.
    pub cost: Option<Estimate>,
}

impl Response {
    /// The whole response as JSON text. A host with its own codes or extensions uses the parts
    /// instead.
    pub fn to_json(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.data.as_ref().map_or(0, Bytes::len) + 64);
        out.push(b'{');
        if !self.errors.is_empty() {
            let errors: Vec<Value> = self.errors.iter().map(ResponseError::to_value).collect();
            out.extend_from_slice(format!("\"errors\":{}", Value::Array(errors)).as_bytes());
        }
        if let Some(data) = &self.data {
            if !self.errors.is_empty() {
                out.push(b',');
            }
            out.extend_from_slice(b"\"data\":");
            out.extend_from_slice(data);
        }
        out.push(b'}');
        out
    }
}

impl ResponseError {
    /// An entry of `errors`, with a code in its extensions.
    pub fn to_value(&self) -> Value {
        let is_internal = self.origin == Origin::Internal;
        let message = if is_internal {
            "The gateway has failed."
        } else {
            &self.message
        };
        let mut entry = Map::new();
        entry.insert("message".into(), message.into());
        if !self.locations.is_empty() {
            entry.insert("locations".into(), json!(self.locations));
        }
        if let Some(path) = &self.path {
            entry.insert("path".into(), json!(path));
        }
        let mut extensions = self.extensions.clone();
        let (code, service) = match &self.origin {
            Origin::Request(code) => (*code, None),
            Origin::Fetch { subgraph, kind, .. } => (fetch_code(*kind), Some(subgraph)),
            Origin::Misfit { subgraph } => (fetch_code(SubgraphErrorKind::Invalid), Some(subgraph)),
            Origin::Subgraph { subgraph } => ("DOWNSTREAM_SERVICE_ERROR", Some(subgraph)),
            Origin::Completion { subgraph } => ("RESPONSE_VALIDATION_FAILED", subgraph.as_ref()),
            Origin::Refused { subgraph } => ("REPRESENTATION_REFUSED", Some(subgraph)),
            Origin::Withheld => ("UNAUTHORIZED_FIELD_OR_TYPE", None),
            Origin::Internal => ("INTERNAL_SERVER_ERROR", None),
        };
        if !extensions.contains_key("code") {
            extensions.insert("code".into(), code.into());
        }
        if let Some(service) = service {
            extensions.insert("service".into(), service.as_str().into());
        }
        entry.insert("extensions".into(), extensions.into());
        entry.into()
    }
}

fn fetch_code(kind: SubgraphErrorKind) -> &'static str {
    match kind {
        SubgraphErrorKind::Unavailable => "SUBGRAPH_UNAVAILABLE",
        SubgraphErrorKind::Timeout => "SUBGRAPH_TIMEOUT",
        SubgraphErrorKind::Invalid => "SUBGRAPH_INVALID",
    }
}
