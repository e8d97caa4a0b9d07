//! The current supergraph and the transports to its sources.

mod bearer;
mod beyond;
mod body;
mod breaker;
mod caller;
mod cause;
mod classified;
mod client;
mod composition;
mod embedded;
mod exchange;
mod exposure;
mod fault;
mod fields;
mod graph;
mod http;
mod introspection;
mod joint;
mod large_numbers;
mod list;
mod live;
mod misfits;
mod named;
mod offload;
mod outgoing;
mod own;
mod plain;
mod private_names;
mod probe;
mod probing;
mod record_ids;
mod reload;
mod sources;
mod translation;
mod tree;
mod type_names;
mod warm_up;

use std::time::Duration;

pub use federation::{
    error::{
        Origin as ErrorOrigin, PathElement, ResponseError, SubgraphError, SubgraphErrorKind, code,
    },
    gateway::ParsedOperation,
    operation::OperationKind,
    request::{Request, read_variables},
    response::{Response, Withheld},
    supergraph::SupergraphError,
};

pub(crate) use body::BodyError;
pub use breaker::BreakerState;
pub use caller::{Caller, FetchStatus, SourceFetch};
pub(crate) use cause::innermost;
pub use classified::{ClassifiedRecords, Consent};
pub use client::client_builder;
pub(crate) use client::{Question, SDL_QUERY, ask, sdl_of};
pub use composition::Composition;
pub use embedded::Embedded;
pub(crate) use exposure::SOURCE;
pub use fault::{Fault, SourceFault};
pub use graph::{Graph, GraphError};
pub use http::{HttpOptions, HttpSource, SourceState};
pub use joint::{JointParts, compose_joint, inputs, joint_graph};
pub use list::{CompositionError, is_subgraph_list};
pub use live::Live;
pub use offload::{Preparing, preparing};
pub use outgoing::{Outgoing, OutgoingError, ServedSource};
pub use plain::plain_graph;
pub use probing::probe_sources;
pub use record_ids::RecordsReached;
pub use reload::{Origin, Reload, ReloadError};
pub use sources::{Connection, Route, Sources};
pub use translation::Names;
pub use warm_up::{PlanInputs, WarmUp};

/// Bounds a fetch in time.
async fn within<T>(
    timeout: Duration,
    source: &str,
    asking: impl Future<Output = Result<T, SubgraphError>>,
) -> Result<T, SubgraphError> {
    tokio::time::timeout(timeout, asking)
        .await
        .map_err(|_| too_late(source, timeout))
        .flatten()
}

/// A source that did not answer in its time.
fn too_late(source: &str, timeout: Duration) -> SubgraphError {
    SubgraphError {
        kind: SubgraphErrorKind::Timeout,
        message: format!(
            "The source `{source}` did not answer within {} ms.",
            timeout.as_millis()
        ),
        retryable: true,
    }
}
