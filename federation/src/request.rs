//! What a client asks.

use apollo_compiler::response::JsonMap;

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
}
