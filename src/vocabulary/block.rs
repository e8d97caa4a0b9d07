//! The frame of a mandate's block: the same for each mandate, defined in one place.

use async_graphql::{Enum, SimpleObject};
use entities::{entity_block, terms};

use super::{
    scalars::{Date, DateTime},
    stored_text::StoredText,
};

/// `OUTSIDE_MANDATE`: this mandate has no mechanism here. Not a gap, not a nil return, not a failure.
/// `NOT_STATED`: whether it has one is not said, so a missing input is a gap.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// The mechanism covers the situation.
    Covered,
    /// It covers a part of it.
    PartlyCovered,
    /// There is no mechanism here.
    OutsideMandate,
    /// Nothing that could be shown says which; figures and inputs may be there all the same.
    NotStated,
}

impl From<terms::Coverage> for Coverage {
    fn from(recorded: terms::Coverage) -> Self {
        match recorded {
            terms::Coverage::Covered => Self::Covered,
            terms::Coverage::PartlyCovered => Self::PartlyCovered,
            terms::Coverage::OutsideMandate => Self::OutsideMandate,
        }
    }
}

/// How far an entity's input is. A nil return is information, a missing input is a gap.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::InputStatus")]
pub enum InputStatus {
    /// Nothing came: a gap.
    NotReceived,
    /// The entity says that it has nothing to report.
    NilReturn,
    /// The entity says that an earlier input still holds.
    NoChange,
    /// Begun, not handed in.
    Draft,
    /// Handed in.
    Submitted,
    /// Cleared for the review.
    Cleared,
    /// Taken back.
    Withdrawn,
}

/// How sure the mandate is of its analysis.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::Confidence")]
pub enum Confidence {
    /// Several independent sources agree.
    High,
    /// Credible, not fully corroborated.
    Moderate,
    /// Fragmentary.
    Low,
    /// Nobody assessed it.
    NotAssessed,
}

/// Where something is heading.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::Trend")]
pub enum Trend {
    /// For the better.
    Improving,
    /// Neither.
    Stable,
    /// For the worse.
    Deteriorating,
    /// Nobody assessed it.
    NotAssessed,
}

/// Why a mandate cannot report.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::GapKind")]
pub enum GapKind {
    /// Access is denied.
    NoAccess,
    /// Nobody is there.
    NoPresence,
    /// No mechanism is set up.
    NoMechanism,
    /// The input is late.
    InputLate,
    /// The data are late.
    DataDelayed,
    /// Means are lacking.
    Resources,
}

/// Why a mandate cannot report, since when, and what else there is to say.
#[derive(SimpleObject, Clone, Debug, PartialEq, Eq)]
#[graphql(shareable, tag = "unclassified")]
pub struct ReportingGap {
    /// Why.
    pub kind: GapKind,
    /// Since when.
    pub since: Option<Date>,
    /// What else there is to say.
    pub note: Option<StoredText>,
}

/// What every block says, read for one situation.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Code of the mandate.
    pub entity: &'static str,
    /// Whether the mandate has a mechanism here.
    pub coverage: Coverage,
    /// What a reader has to know.
    pub caveats: Vec<StoredText>,
    /// What the caller needs clearance for.
    pub row: Option<entity_block::Model>,
    /// How far the input for the present cycle is, where one is asked for.
    pub input_status: Option<InputStatus>,
}

/// Whether others than its entity are told how far an input is: it was cleared, or there is nothing to
/// clear. One that was cleared and then withdrawn was seen by all.
pub const fn is_told_to_all(status: terms::InputStatus, was_cleared: bool) -> bool {
    use terms::InputStatus::{
        Cleared, Draft, NilReturn, NoChange, NotReceived, Submitted, Withdrawn,
    };
    match status {
        Cleared | NilReturn | NoChange | NotReceived => true,
        Withdrawn => was_cleared,
        Draft | Submitted => false,
    }
}

impl Frame {
    /// Takes note that an input is asked for, and of its status where it has a record. Nothing is asked
    /// for outside the mandate.
    pub(super) fn note(&mut self, recorded: Option<terms::InputStatus>) {
        if self.coverage == Coverage::OutsideMandate {
            return;
        }
        self.input_status = recorded
            .map(InputStatus::from)
            .or(self.input_status)
            .or(Some(InputStatus::NotReceived));
    }

    /// The gap, where there is one.
    pub fn reporting_gap(&self) -> Option<ReportingGap> {
        let row = self.row.as_ref()?;
        Some(ReportingGap {
            kind: row.gap_kind?.into(),
            since: row.gap_since.map(Date),
            note: row.gap_note.as_deref().map(Into::into),
        })
    }

    /// What time the block is true of.
    pub fn as_of(&self) -> Option<DateTime> {
        self.row.as_ref().map(|row| DateTime(row.as_of))
    }
}
