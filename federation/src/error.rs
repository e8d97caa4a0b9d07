//! The errors of a request, and where they come from.

use serde::Serialize;

/// One step of a response path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum PathElement {
    /// A response name.
    Key(String),
    /// A list index.
    Index(usize),
}

/// A line and a column in the client's document, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Location {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
}

/// How a fetch failed as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SubgraphErrorKind {
    /// No answer, or an answer that says the subgraph cannot serve.
    Unavailable,
    /// No answer in time.
    Timeout,
    /// An answer that is not a GraphQL response of the shape asked for.
    Invalid,
}

/// A fetch that failed as a whole; it becomes errors in the answer and does not end the request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SubgraphError {
    /// How.
    pub kind: SubgraphErrorKind,
    /// A sentence that is safe to send to a client.
    pub message: String,
    /// Whether asking again may help.
    pub retryable: bool,
}

/// Where an error of the answer comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The request itself, with the published code, `GRAPHQL_VALIDATION_FAILED` for one.
    Request(&'static str),
    /// A fetch that failed as a whole.
    Fetch {
        /// Name of the subgraph.
        subgraph: String,
        /// How.
        kind: SubgraphErrorKind,
        /// Whether asking again may help.
        retryable: bool,
    },
    /// An error the subgraph itself reported for a field.
    Subgraph {
        /// Name of the subgraph.
        subgraph: String,
    },
    /// A value in a subgraph's answer that does not fit what was asked for.
    Misfit {
        /// Name of the subgraph.
        subgraph: String,
    },
    /// The engine, when it completes values: a null in a non-null place.
    Completion {
        /// Name of the subgraph that answered it, where it was one alone.
        subgraph: Option<String>,
    },
    /// The host does not let a subgraph be asked about an object.
    Refused {
        /// Name of the subgraph.
        subgraph: String,
    },
    /// A field the caller may not see; it is an error only where it is non-null.
    Withheld,
    /// An internal error of the gateway; the text is one fixed sentence.
    Internal,
}

/// An entry of `errors`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseError {
    /// Text safe to send.
    pub message: String,
    /// Places in the client's document.
    pub locations: Vec<Location>,
    /// Where in the answer; `None` for errors of the request as a whole.
    pub path: Option<Vec<PathElement>>,
    /// Where it comes from.
    pub origin: Origin,
    /// `extensions` as the subgraph gave them, or numbers that an error of the request is about.
    pub extensions: serde_json::Map<String, serde_json::Value>,
}

/// Codes of request errors.
pub mod code {
    /// The document is not GraphQL.
    pub const PARSE_FAILED: &str = "GRAPHQL_PARSE_FAILED";
    /// The document does not fit the schema.
    pub const VALIDATION_FAILED: &str = "GRAPHQL_VALIDATION_FAILED";
    /// No operation of that name, or several and no name.
    pub const OPERATION_RESOLUTION_FAILURE: &str = "OPERATION_RESOLUTION_FAILURE";
    /// A variable's value does not fit its type.
    pub const BAD_USER_INPUT: &str = "BAD_USER_INPUT";
    /// A mutation where only queries may run.
    pub const MUTATION_BY_GET: &str = "MUTATION_BY_GET";
    /// A subscription where only one answer can be given.
    pub const SUBSCRIPTION_NOT_SUPPORTED: &str = "SUBSCRIPTION_NOT_SUPPORTED";
    /// Introspection where it is switched off, or too deep.
    pub const INTROSPECTION_REFUSED: &str = "INTROSPECTION_REFUSED";
    /// The subgraphs cannot resolve what is asked for.
    pub const PLANNING_FAILED: &str = "QUERY_PLANNING_FAILED";
    /// Planning the operation would take too long.
    pub const PLAN_COMPLEXITY_EXCEEDED: &str = "QUERY_PLAN_COMPLEXITY_EXCEEDED";
    /// The operation is estimated to cost more than is allowed.
    pub const COST_TOO_HIGH: &str = "COST_ESTIMATED_TOO_EXPENSIVE";
    /// A list that requires exactly one slicing argument is given none, or several.
    pub const COST_UNKNOWN: &str = "COST_QUERY_PARSE_FAILURE";
    /// Planning was stopped, since no request waited for it any more.
    pub const PLANNING_CANCELLED: &str = "PLANNING_CANCELLED";
    /// The document is too long.
    pub const MAX_DOCUMENT_BYTES: &str = "MAX_DOCUMENT_BYTES_LIMIT";
    /// The document has too many tokens.
    pub const MAX_TOKENS: &str = "MAX_TOKENS_LIMIT";
    /// The operation is nested too deep.
    pub const MAX_DEPTH: &str = "MAX_DEPTH_LIMIT";
    /// The operation has too many aliases.
    pub const MAX_ALIASES: &str = "MAX_ALIASES_LIMIT";
    /// The operation has too many root fields.
    pub const MAX_ROOT_FIELDS: &str = "MAX_ROOT_FIELDS_LIMIT";
    /// The answer would hold too much.
    pub const MAX_ANSWER: &str = "MAX_ANSWER_LIMIT";
    /// The operation selects too much.
    pub const MAX_SELECTIONS: &str = "MAX_SELECTIONS_LIMIT";
}

impl ResponseError {
    /// An error of the request as a whole.
    pub fn request(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            locations: Vec::new(),
            path: None,
            origin: Origin::Request(code),
            extensions: serde_json::Map::new(),
        }
    }

    /// Adds a place in the client's document.
    #[must_use]
    pub fn at(mut self, line: usize, column: usize) -> Self {
        self.locations.push(Location { line, column });
        self
    }
}
