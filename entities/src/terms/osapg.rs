//! Terms of the Framework of Analysis for Atrocity Crimes.

use sea_orm::{DeriveActiveEnum, EnumIter};

/// Which crimes a risk factor bears on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum RiskScope {
    /// Common.
    Common,
    /// Genocide.
    Genocide,
    /// Crimes against humanity.
    CrimesAgainstHumanity,
    /// War crimes.
    WarCrimes,
}

/// Whether an indicator was observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum Presence {
    /// Present.
    Present,
    /// Partial.
    Partial,
    /// Not observed.
    NotObserved,
    /// No information.
    NoInformation,
}
