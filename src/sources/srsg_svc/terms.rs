//! SRSG-SVC's terms as the graph spells them.

use async_graphql::Enum;
use entities::terms;

/// Which kind of setting a situation is in the annual report.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::CrsvSetting")]
pub(crate) enum CrsvSetting {
    /// In conflict.
    Conflict,
    /// After conflict.
    PostConflict,
    /// Of concern otherwise.
    OtherSituationOfConcern,
}

/// What figures can be broken down by.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum CrsvDimension {
    /// Form.
    Form,
}

/// Forms of conflict-related sexual violence.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[graphql(remote = "terms::CrsvForm")]
pub(crate) enum CrsvForm {
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
    /// Any other form of comparable gravity.
    OtherOfComparableGravity,
}

/// How a listed party committed itself.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::CommitmentKind")]
pub(crate) enum CrsvCommitmentKind {
    /// A communiqué with the United Nations.
    JointCommunique,
    /// A framework of cooperation.
    FrameworkOfCooperation,
    /// An action plan.
    ActionPlan,
    /// An order of its command.
    CommandOrder,
    /// A communiqué of its own.
    UnilateralCommunique,
}
