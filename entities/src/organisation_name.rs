//! `organisation_names`: a name of a body, from a day on, in one language.

use sea_orm::entity::prelude::*;

use crate::terms::Language;

/// A name of a body, from a day on, in one language.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation_names")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Natural key, as files of records spell it.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// The body.
    pub organisation_id: i64,
    /// First day of the name.
    pub valid_from: Date,
    /// Language of the name.
    pub language: Language,
    /// The name.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Its abbreviation.
    #[sea_orm(column_type = "Text")]
    pub abbreviation: String,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The body.
    #[sea_orm(
        belongs_to = "super::organisation::Entity",
        from = "Column::OrganisationId",
        to = "super::organisation::Column::Id"
    )]
    Organisation,
}

impl ActiveModelBehavior for ActiveModel {}
