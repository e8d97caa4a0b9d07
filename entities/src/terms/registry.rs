//! Terms of the registry of sources.

use sea_orm::{DeriveActiveEnum, EnumIter};

/// What answers at a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum SourceKind {
    /// A subgraph of federation.
    Federation,
    /// A GraphQL server that knows nothing of federation.
    Plain,
}

/// Whether a source still answers with what was registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum DriftState {
    /// It does.
    InStep,
    /// It answers with another schema.
    Drifted,
    /// It does not answer.
    Unreachable,
}

/// What made a supergraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum SupergraphCause {
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum CheckOutcome {
    /// Nothing stands against it.
    Passed,
    /// It breaks operations: publishing it needs a reason.
    Breaking,
    /// It cannot be published.
    Refused,
}

/// What was done to a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum SourceEventKind {
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
