//! The review's terms as the graph spells them.

use async_graphql::Enum;
use entities::terms;

/// The six official languages.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::Language")]
pub(crate) enum Language {
    /// English.
    En,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Arabic.
    Ar,
    /// Russian.
    Ru,
    /// Chinese.
    Zh,
}

/// How a situation stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::SituationStatus")]
pub(crate) enum SituationStatus {
    /// It is beginning.
    Emerging,
    /// It goes on.
    Ongoing,
    /// It is easing.
    Easing,
    /// It is over.
    Closed,
}

/// How grave a named role holds a situation to be; never computed.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[graphql(remote = "terms::ConcernLevel")]
pub(crate) enum ConcernLevel {
    /// To be watched.
    Watch,
    /// More than usual.
    Elevated,
    /// High.
    High,
    /// The gravest.
    Critical,
}

/// What situations are ordered by.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SituationOrder {
    /// By title in English.
    Title,
    /// The latest to begin first.
    SinceDesc,
    /// The last to change first.
    UpdatedDesc,
}

/// What an area is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::AreaKind")]
pub(crate) enum AreaKind {
    /// A country or territory.
    CountryOrTerritory,
    /// A first-level division of one.
    #[graphql(name = "ADMIN1")]
    Admin1,
    /// A region of several.
    Region,
}

/// Whether a party is a State's or not; it gives no legal status.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::PartyKind")]
pub(crate) enum PartyKind {
    /// Forces of a State.
    State,
    /// Any other.
    NonState,
}

/// Which meeting a cycle leads up to.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[graphql(remote = "terms::CycleKind")]
pub(crate) enum CycleKind {
    /// The monthly review.
    Monthly,
    /// The quarterly review of a region.
    QuarterlyRegional,
    /// A review out of turn.
    Extraordinary,
}

/// How far a cycle is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::CycleState")]
pub(crate) enum CycleState {
    /// It has not begun.
    Planned,
    /// Inputs are awaited.
    InputOpen,
    /// Inputs are closed.
    InputClosed,
    /// Inputs are joined.
    Consolidated,
    /// The meeting is on.
    InSession,
    /// Decisions are taken.
    Decided,
    /// Actions are followed up.
    FollowUp,
    /// It is over.
    Closed,
}

/// How far an agenda item is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::ItemState")]
pub(crate) enum ItemState {
    /// Proposed.
    Proposed,
    /// On the agenda.
    Accepted,
    /// Put off.
    Deferred,
    /// Not taken up.
    Declined,
    /// Discussed.
    Discussed,
    /// Decided.
    Decided,
    /// Taken back by who proposed it.
    Withdrawn,
}

/// What kind of input an entity hands in.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::InputKind")]
pub(crate) enum InputKind {
    /// It says something.
    Report,
    /// The entity looked, and there is nothing to report.
    NilReturn,
    /// An earlier input still holds.
    NoChange,
}

/// What agenda items are ordered by.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ReviewItemOrder {
    /// By place on the agenda; those without one come last.
    Agenda,
    /// The gravest first.
    ConcernDesc,
    /// By title of the situation in English.
    Title,
}

/// What the meeting asks for; it recommends where the power lies elsewhere.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::DecisionKind")]
pub(crate) enum DecisionKind {
    /// Go on watching.
    Monitor,
    /// Take it to the quarterly regional review.
    RaiseToQuarterly,
    /// Alert the Deputy Secretary-General.
    AlertDsg,
    /// Brief Member States.
    BriefMemberStates,
    /// Recommend a briefing of the Security Council.
    BriefSecurityCouncil,
    /// Advise the Resident or Humanitarian Coordinator.
    AdviseRcHc,
    /// Recommend a deployment.
    Deploy,
    /// Speak publicly.
    PublicStatement,
    /// Ask for information.
    RequestInformation,
    /// Do nothing.
    NoAction,
}

/// How far an action is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::ActionState")]
pub(crate) enum ActionState {
    /// Not begun.
    Open,
    /// Begun.
    InProgress,
    /// Done.
    Done,
    /// Given up.
    Cancelled,
}

/// What happened to a record.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::ChangeKind")]
pub(crate) enum ChangeKind {
    /// It is new.
    Added,
    /// It was corrected: a revision was added.
    Corrected,
    /// It was verified after its period.
    LateVerified,
    /// It was taken back.
    Withdrawn,
    /// A status changed.
    StatusChanged,
}
