//! The registry's terms as the graph spells them.

use async_graphql::Enum;
use entities::terms;

/// What answers at a source.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::SourceKind")]
pub(crate) enum SourceKind {
    /// A subgraph of federation.
    Federation,
    /// A GraphQL server that knows nothing of federation.
    Plain,
}

/// Whether a source still answers with what was registered.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::DriftState")]
pub(crate) enum DriftState {
    /// It does.
    InStep,
    /// It answers with another schema.
    Drifted,
    /// It does not answer.
    Unreachable,
}

/// What made a supergraph.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::SupergraphCause")]
pub(crate) enum SupergraphCause {
    /// The service started with other embedded sources.
    Start,
    /// A version of a source was published.
    Publish,
    /// A source was retired.
    Retire,
    /// An earlier supergraph was returned to.
    Rollback,
    /// Sources were taken out that read what they may not.
    Expel,
}

/// What a check came to.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::CheckOutcome")]
pub(crate) enum CheckOutcome {
    /// Nothing stands against it.
    Passed,
    /// It breaks operations: publishing it needs a reason.
    Breaking,
    /// It cannot be published.
    Refused,
}

/// What was done to a source.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::SourceEventKind")]
pub(crate) enum SourceEventKind {
    /// A version was published.
    Published,
    /// It was retired.
    Retired,
    /// It was taken out, because it reads what it may not or depended on one that did.
    Expelled,
    /// It was offered to another entity.
    Offered,
    /// The offer was taken back, or declined.
    OfferCancelled,
    /// Another entity answers for it.
    Transferred,
    /// Another of its versions, or none, is served again.
    RolledBack,
    /// It may read a classified field of another entity.
    ConsentGranted,
    /// It may no longer do so.
    ConsentWithdrawn,
}

impl SourceEventKind {
    /// Whether it happened to a consent.
    pub(super) fn is_of_consent(self) -> bool {
        matches!(self, Self::ConsentGranted | Self::ConsentWithdrawn)
    }
}

/// How much a change weighs for clients.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChangeClass {
    /// An operation that was valid may no longer be.
    Breaking,
    /// A client may meet what it did not expect.
    Dangerous,
    /// No client can notice.
    Safe,
}
