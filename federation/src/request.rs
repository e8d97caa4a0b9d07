//! What a client asks.

use apollo_compiler::response::JsonMap;
use indexmap::IndexSet;

/// A GraphQL request as decoded by the host.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The document's text.
    pub query: String,
    /// Which operation of the document to run; needed where it holds several.
    pub operation_name: Option<String>,
    /// Raw variable values, not yet coerced.
    pub variables: JsonMap,
    /// Whether a mutation may run: false for a GET.
    pub may_mutate: bool,
    /// Labels of progressive override that the host has switched on for this request.
    pub labels: IndexSet<String>,
    /// A number from 0 to 100, drawn by the host for each request: labels `percent(x)` with a
    /// greater x are on.
    pub percentile: f64,
}
