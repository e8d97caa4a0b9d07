//! `registry_sources`: a source that registered.

use sea_orm::entity::prelude::*;

use crate::terms::DriftState;

/// A source that registered.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registry_sources")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Its name in the supergraph.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// Code of the entity that may change it.
    #[sea_orm(column_type = "Text")]
    pub entity: String,
    /// Code of the entity that it is offered to.
    #[sea_orm(column_type = "Text", nullable)]
    pub offered_to: Option<String>,
    /// Since which supergraph it has had what it declares, as JSON; empty where that is not known.
    #[sea_orm(column_type = "Text")]
    pub history: String,
    /// When its first version was published.
    pub registered_at: DateTimeUtc,
    /// Whether it still answers with what was registered.
    pub drift: Option<DriftState>,
    /// What differs.
    #[sea_orm(column_type = "Text", nullable)]
    pub drift_detail: Option<String>,
    /// When that was looked at.
    pub drift_checked_at: Option<DateTimeUtc>,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
