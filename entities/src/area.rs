//! `areas`: an area: a country or territory, a first-level division, a region.

use sea_orm::entity::prelude::*;

use crate::terms::AreaKind;

/// An area: a country or territory, a first-level division, a region.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "areas")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Natural key, as files of records spell it.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// Identifier in the graph.
    #[sea_orm(column_type = "Text")]
    pub public_id: String,
    /// What it is.
    pub kind: AreaKind,
    /// M49 code, three digits, where one is assigned.
    #[sea_orm(column_type = "Text", nullable)]
    pub m49: Option<String>,
    /// ISO 3166-1 alpha-3 code, where one is assigned.
    #[sea_orm(column_type = "Text", nullable)]
    pub iso3: Option<String>,
    /// P-code, where one is assigned.
    #[sea_orm(column_type = "Text", nullable)]
    pub pcode: Option<String>,
    /// The area it lies in.
    pub parent_id: Option<i64>,
    /// Name in English.
    #[sea_orm(column_type = "Text")]
    pub name_en: String,
    /// Name in French.
    #[sea_orm(column_type = "Text", nullable)]
    pub name_fr: Option<String>,
    /// Name in Spanish.
    #[sea_orm(column_type = "Text", nullable)]
    pub name_es: Option<String>,
    /// Name in Arabic.
    #[sea_orm(column_type = "Text", nullable)]
    pub name_ar: Option<String>,
    /// Name in Russian.
    #[sea_orm(column_type = "Text", nullable)]
    pub name_ru: Option<String>,
    /// Name in Chinese.
    #[sea_orm(column_type = "Text", nullable)]
    pub name_zh: Option<String>,
    /// What has to be said about its designation.
    #[sea_orm(column_type = "Text", nullable)]
    pub designation_note: Option<String>,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The area it lies in.
    #[sea_orm(belongs_to = "Entity", from = "Column::ParentId", to = "Column::Id")]
    Parent,
}

impl ActiveModelBehavior for ActiveModel {}
