//! `registry_supergraph_members`: a version of a source in a supergraph.

use sea_orm::entity::prelude::*;

/// A version of a source in a supergraph.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registry_supergraph_members")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Number of the supergraph and key of the version.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// The supergraph.
    pub supergraph_id: i64,
    /// The version.
    pub version_id: i64,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The supergraph.
    #[sea_orm(
        belongs_to = "super::registry_supergraph::Entity",
        from = "Column::SupergraphId",
        to = "super::registry_supergraph::Column::Id"
    )]
    Supergraph,
    /// The version.
    #[sea_orm(
        belongs_to = "super::registry_source_version::Entity",
        from = "Column::VersionId",
        to = "super::registry_source_version::Column::Id"
    )]
    Version,
}

impl ActiveModelBehavior for ActiveModel {}
