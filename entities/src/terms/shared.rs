//! Terms that several mandates share.

use std::ops::RangeInclusive;

use sea_orm::{DeriveActiveEnum, EnumIter};

/// Level of sensitivity after ST/SGB/2007/6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum Classification {
    /// Unclassified.
    Unclassified,
    /// Confidential.
    Confidential,
    /// Strictly confidential.
    StrictlyConfidential,
}

/// The years that a period may lie in: what is outside is refused where it comes in, since it could
/// not be told.
pub const PERIOD_YEARS: RangeInclusive<i32> = 1945..=2100;

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum PeriodKind {
    /// Month.
    Month,
    /// Quarter.
    Quarter,
    /// Year.
    Year,
}

/// Whether a mandate has a mechanism for a situation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum Coverage {
    /// Covered.
    Covered,
    /// Partly covered.
    PartlyCovered,
    /// Outside mandate.
    OutsideMandate,
}

/// How sure a mandate is of its analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum Confidence {
    /// High.
    High,
    /// Moderate.
    Moderate,
    /// Low.
    Low,
    /// Not assessed.
    NotAssessed,
}

/// Where something is heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum Trend {
    /// Improving.
    Improving,
    /// Stable.
    Stable,
    /// Deteriorating.
    Deteriorating,
    /// Not assessed.
    NotAssessed,
}

/// Why a mandate cannot report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum GapKind {
    /// No access.
    NoAccess,
    /// No presence.
    NoPresence,
    /// No mechanism.
    NoMechanism,
    /// Input late.
    InputLate,
    /// Data delayed.
    DataDelayed,
    /// Resources.
    Resources,
}
