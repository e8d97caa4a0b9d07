//! Errors for an answer that is not of the shape asked for: as a failure of the whole fetch, or as
//! the origin of an error at one place.

use crate::{
    error::{Origin, SubgraphError, SubgraphErrorKind},
    query_plan::Fetch,
};

/// An answer that is not of the shape asked for.
pub(crate) fn invalid(fetch: &Fetch, why: &str) -> SubgraphError {
    SubgraphError {
        kind: SubgraphErrorKind::Invalid,
        message: format!("The answer of subgraph `{}` {why}.", fetch.subgraph_name),
        retryable: false,
    }
}

/// The origin of a misfit.
pub(crate) fn misfit_origin(fetch: &Fetch) -> Origin {
    Origin::Misfit {
        subgraph: fetch.subgraph_name.to_string(),
    }
}
