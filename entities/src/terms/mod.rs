//! Controlled terms: what an enumerated column can hold, spelt as in the graph.

mod directory;
mod ohchr;
mod osapg;
mod registry;
mod review;
mod shared;
mod srsg_caac;
mod srsg_svc;

pub use directory::{AreaKind, ConcernLevel, Language, PartyKind, SituationStatus};
pub use ohchr::{
    AgeGroup, CasualtyCause, CommunicationKind, Mechanism, PresenceKind, ReportingLine, Sex,
    VictimStatus,
};
pub use osapg::{Presence, RiskScope};
pub use registry::{CheckOutcome, DriftState, SourceEventKind, SourceKind, SupergraphCause};
pub use review::{
    ActionState, ChangeKind, CycleKind, CycleState, DecisionKind, InputKind, InputStatus, ItemState,
};
pub use shared::{Classification, Confidence, Coverage, GapKind, PERIOD_YEARS, PeriodKind, Trend};
pub use srsg_caac::{ActionPlanStatus, AnnexSection, CaacAnnex, GraveViolation, ListingTrigger};
pub use srsg_svc::{CommitmentKind, CrsvForm, CrsvSetting};
