//! Terms of the arrangements on conflict-related sexual violence.

use sea_orm::{DeriveActiveEnum, EnumIter};

/// Which kind of setting a situation is in the annual report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum CrsvSetting {
    /// Conflict.
    Conflict,
    /// Post conflict.
    PostConflict,
    /// Other situation of concern.
    OtherSituationOfConcern,
}

/// Forms of conflict-related sexual violence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum CrsvForm {
    /// Rape.
    Rape,
    /// Sexual slavery.
    SexualSlavery,
    /// Forced prostitution.
    ForcedProstitution,
    /// Forced pregnancy.
    ForcedPregnancy,
    /// Forced abortion.
    ForcedAbortion,
    /// Enforced sterilization.
    EnforcedSterilization,
    /// Forced marriage.
    ForcedMarriage,
    /// Trafficking for sexual violence or exploitation.
    TraffickingForSexualViolenceOrExploitation,
    /// Other of comparable gravity.
    OtherOfComparableGravity,
}

/// How a listed party committed itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum CommitmentKind {
    /// Joint communique.
    JointCommunique,
    /// Framework of cooperation.
    FrameworkOfCooperation,
    /// Action plan.
    ActionPlan,
    /// Command order.
    CommandOrder,
    /// Unilateral communique.
    UnilateralCommunique,
}
