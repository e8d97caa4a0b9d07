//! Terms of the Monitoring and Reporting Mechanism on children.

use sea_orm::{DeriveActiveEnum, EnumIter};

/// The six grave violations that are monitored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum GraveViolation {
    /// Killing or maiming.
    KillingOrMaiming,
    /// Recruitment or use.
    RecruitmentOrUse,
    /// Attack on school or hospital.
    AttackOnSchoolOrHospital,
    /// Sexual violence.
    SexualViolence,
    /// Abduction.
    Abduction,
    /// Denial of humanitarian access.
    DenialOfHumanitarianAccess,
}

/// The five violations that can trigger a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum ListingTrigger {
    /// Killing or maiming.
    KillingOrMaiming,
    /// Recruitment or use.
    RecruitmentOrUse,
    /// Attack on school or hospital.
    AttackOnSchoolOrHospital,
    /// Sexual violence.
    SexualViolence,
    /// Abduction.
    Abduction,
}

/// Annex of the annual report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum CaacAnnex {
    /// I.
    I,
    /// Ii.
    Ii,
}

/// Section of an annex.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum AnnexSection {
    /// A.
    A,
    /// B.
    B,
}

/// How far a listed party's action plan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum ActionPlanStatus {
    /// None.
    None,
    /// In negotiation.
    InNegotiation,
    /// Signed.
    Signed,
    /// In implementation.
    InImplementation,
    /// Completed.
    Completed,
    /// Lapsed.
    Lapsed,
}
