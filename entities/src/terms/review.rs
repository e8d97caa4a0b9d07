//! Terms of the review cycle.

use sea_orm::{DeriveActiveEnum, EnumIter};

/// Which meeting a cycle leads up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum CycleKind {
    /// Monthly.
    Monthly,
    /// Quarterly regional.
    QuarterlyRegional,
    /// Extraordinary.
    Extraordinary,
}

/// How far a cycle is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum CycleState {
    /// Planned.
    Planned,
    /// Input open.
    InputOpen,
    /// Input closed.
    InputClosed,
    /// Consolidated.
    Consolidated,
    /// In session.
    InSession,
    /// Decided.
    Decided,
    /// Follow up.
    FollowUp,
    /// Closed.
    Closed,
}

/// How far an agenda item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum ItemState {
    /// Proposed.
    Proposed,
    /// Accepted.
    Accepted,
    /// Deferred.
    Deferred,
    /// Declined.
    Declined,
    /// Withdrawn.
    Withdrawn,
    /// Discussed.
    Discussed,
    /// Decided.
    Decided,
}

/// How far an entity's input is; a nil return is information, a missing input is a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum InputStatus {
    /// Not received.
    NotReceived,
    /// Nil return.
    NilReturn,
    /// No change.
    NoChange,
    /// Draft.
    Draft,
    /// Submitted.
    Submitted,
    /// Cleared.
    Cleared,
    /// Withdrawn.
    Withdrawn,
}

/// What kind of input an entity hands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum InputKind {
    /// Report.
    Report,
    /// Nil return.
    NilReturn,
    /// No change.
    NoChange,
}

/// What a meeting asks for; it recommends where the power lies elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum DecisionKind {
    /// Monitor.
    Monitor,
    /// Raise to quarterly.
    RaiseToQuarterly,
    /// Alert dsg.
    AlertDsg,
    /// Brief member states.
    BriefMemberStates,
    /// Brief security council.
    BriefSecurityCouncil,
    /// Advise rc hc.
    AdviseRcHc,
    /// Deploy.
    Deploy,
    /// Public statement.
    PublicStatement,
    /// Request information.
    RequestInformation,
    /// No action.
    NoAction,
}

/// How far an action is; overdue is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum ActionState {
    /// Open.
    Open,
    /// In progress.
    InProgress,
    /// Done.
    Done,
    /// Cancelled.
    Cancelled,
}

/// What happened to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum ChangeKind {
    /// Added.
    Added,
    /// Corrected.
    Corrected,
    /// Late verified.
    LateVerified,
    /// Withdrawn.
    Withdrawn,
    /// Status changed.
    StatusChanged,
}
