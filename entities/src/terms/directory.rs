//! Terms of the directory: areas, parties, languages.

use sea_orm::{DeriveActiveEnum, EnumIter};

/// What an area is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum AreaKind {
    /// Country or territory.
    CountryOrTerritory,
    /// Admin 1.
    Admin1,
    /// Region.
    Region,
}

/// Whether a party is a State's or not; it gives no legal status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum PartyKind {
    /// State.
    State,
    /// Non state.
    NonState,
}

/// The six official languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum Language {
    /// En.
    En,
    /// Fr.
    Fr,
    /// Es.
    Es,
    /// Ar.
    Ar,
    /// Ru.
    Ru,
    /// Zh.
    Zh,
}

/// How a situation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum SituationStatus {
    /// Emerging.
    Emerging,
    /// Ongoing.
    Ongoing,
    /// Easing.
    Easing,
    /// Closed.
    Closed,
}

/// How grave a named role holds a situation to be; never computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum ConcernLevel {
    /// Watch.
    Watch,
    /// Elevated.
    Elevated,
    /// High.
    High,
    /// Critical.
    Critical,
}
