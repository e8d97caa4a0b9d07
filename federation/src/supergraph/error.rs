//! Why a text is not a supergraph.

/// Why a text is not a supergraph this engine can serve.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SupergraphError {
    /// Not GraphQL, or GraphQL that contradicts itself.
    #[error("the supergraph is not valid GraphQL: {0}")]
    Graphql(String),
    /// A subgraph's schema, which links federation and not join.
    #[error(
        "this schema is a subgraph's, not a supergraph; compose it with the others, and give what \
         composition makes"
    )]
    Subgraph,
    /// No `join__Graph` enum: an ordinary schema, or a subgraph.
    #[error(
        "this schema is not a supergraph: it has no enum `{0}` that lists subgraphs; give the \
         output of composition, not a subgraph's schema"
    )]
    NoSubgraphs(String),
    /// A feature that must be understood and is not.
    #[error(
        "the supergraph needs the feature `{url}` for {purpose}, which this gateway does not \
         support; compose it without that feature, or use a gateway that has it"
    )]
    UnsupportedFeature {
        /// The feature's address.
        url: String,
        /// `EXECUTION` or `SECURITY`.
        purpose: String,
    },
    /// A join directive that is invalid.
    #[error("`{coordinate}`: {problem}; compose the supergraph again")]
    Join {
        /// Where.
        coordinate: String,
        /// What is wrong.
        problem: String,
    },
    /// Nothing is left for clients.
    #[error("the schema shown to clients is not valid: {0}")]
    ApiSchema(String),
}

impl SupergraphError {
    pub(crate) fn join(coordinate: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Join {
            coordinate: coordinate.into(),
            problem: problem.into(),
        }
    }
}
