//! `situations`: a situation of concern: what everything else is about.

use sea_orm::entity::prelude::*;

/// A situation of concern: what everything else is about.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "situations")]
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
    /// Title in English.
    #[sea_orm(column_type = "Text")]
    pub title_en: String,
    /// Title in French.
    #[sea_orm(column_type = "Text", nullable)]
    pub title_fr: Option<String>,
    /// Title in Spanish.
    #[sea_orm(column_type = "Text", nullable)]
    pub title_es: Option<String>,
    /// Title in Arabic.
    #[sea_orm(column_type = "Text", nullable)]
    pub title_ar: Option<String>,
    /// Title in Russian.
    #[sea_orm(column_type = "Text", nullable)]
    pub title_ru: Option<String>,
    /// Title in Chinese.
    #[sea_orm(column_type = "Text", nullable)]
    pub title_zh: Option<String>,
    /// When it began.
    pub since: Option<Date>,
    /// When anything public about it last changed.
    pub updated_at: DateTimeUtc,
    /// Whether it is invented.
    pub is_example: bool,
    /// Whether its being under review is public.
    pub is_public: bool,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
