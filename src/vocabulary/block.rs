//! The frame of a mandate's block: the same for each mandate, told in one place.

use async_graphql::{Enum, SimpleObject};
use entities::{entity_block, terms};

use super::scalars::{Date, DateTime};

/// `OUTSIDE_MANDATE`: this mandate has no mechanism here. Not a gap, not a nil return, not a failure.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::Coverage")]
pub enum Coverage {
    /// The mechanism covers the situation.
    Covered,
    /// It covers a part of it.
    PartlyCovered,
    /// There is no mechanism here.
    OutsideMandate,
}

/// How far an entity's input is. A nil return is information, a missing input is a gap.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::InputStatus")]
pub enum InputStatus {
    /// Nothing came: a gap.
    NotReceived,
    /// The entity says that it has nothing to report.
    NilReturn,
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
    pub note: Option<String>,
}

/// What every block says, read for one situation.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Code of the mandate.
    pub entity: &'static str,
    /// Whether the mandate has a mechanism here.
    pub coverage: Coverage,
    /// What a reader has to know.
    pub caveats: Vec<String>,
    /// What the caller needs clearance for.
    pub row: Option<entity_block::Model>,
    /// How far the input for the present cycle is.
    pub input_status: Option<InputStatus>,
}

impl Frame {
    /// The gap, where there is one.
    pub fn reporting_gap(&self) -> Option<ReportingGap> {
        let row = self.row.as_ref()?;
        Some(ReportingGap {
            kind: row.gap_kind?.into(),
            since: row.gap_since.map(Date),
            note: row.gap_note.clone(),
        })
    }

    /// What time the block is true of.
    pub fn as_of(&self) -> Option<DateTime> {
        self.row.as_ref().map(|row| DateTime(row.as_of))
    }
}

/// Makes a mandate's block: its frame, the interface it implements, and no more.
///
/// A resolver of its own stands in a `#[ComplexObject]` beside it.
macro_rules! mandate_block {
    ($(#[$description:meta])* $block:ident, $kind:expr) => {
        $(#[$description])*
        #[derive(async_graphql::SimpleObject, Clone, Debug)]
        #[graphql(complex)]
        pub(crate) struct $block {
            /// Opaque: that of the mandate's block on this situation, whatever is asked of it.
            #[graphql(tag = "unclassified", owned)]
            id: async_graphql::ID,
            /// Whose block this is.
            #[graphql(tag = "unclassified")]
            entity: $crate::vocabulary::EntityCode,
            /// Whether the mandate has a mechanism here.
            #[graphql(tag = "unclassified")]
            coverage: $crate::vocabulary::Coverage,
            /// What a reader has to know before using the figures.
            #[graphql(tag = "unclassified")]
            caveats: Vec<String>,
            /// What time the block is true of.
            #[graphql(requires_scopes = "clearance:confidential")]
            as_of: Option<$crate::vocabulary::DateTime>,
            /// How far the mandate's input for the present monthly cycle is; null outside its mandate.
            #[graphql(requires_scopes = "clearance:confidential")]
            input_status: Option<$crate::vocabulary::InputStatus>,
            /// One sentence.
            #[graphql(requires_scopes = "clearance:confidential")]
            headline: Option<String>,
            /// How sure the mandate is.
            #[graphql(requires_scopes = "clearance:confidential")]
            confidence: Option<$crate::vocabulary::Confidence>,
            /// The level of the mandate's record.
            #[graphql(requires_scopes = "clearance:confidential")]
            classification: Option<$crate::vocabulary::Classification>,
            /// Why the mandate cannot report, if it cannot.
            #[graphql(requires_scopes = "clearance:confidential")]
            reporting_gap: Option<$crate::vocabulary::ReportingGap>,
            #[graphql(skip)]
            situation: i64,
        }

        impl $block {
            /// The block of a situation, by its id and its row, within a frame.
            pub(crate) fn new(
                (id, situation): (&str, i64),
                frame: $crate::vocabulary::Frame,
            ) -> Self {
                Self {
                    id: $kind.beside(id).into(),
                    entity: frame.entity.into(),
                    coverage: frame.coverage,
                    as_of: frame.as_of(),
                    input_status: frame.input_status,
                    headline: frame.row.as_ref().and_then(|row| row.headline.clone()),
                    confidence: frame.row.as_ref().map(|row| row.confidence.into()),
                    classification: frame.row.as_ref().map(|row| row.classification.into()),
                    reporting_gap: frame.reporting_gap(),
                    caveats: frame.caveats,
                    situation,
                }
            }
        }

        /// One mandate's block. Always there for an existing situation; null only when the source failed.
        #[derive(async_graphql::Interface, Clone, Debug)]
        #[graphql(
            field(name = "entity", ty = "&crate::vocabulary::EntityCode", tag = "unclassified"),
            field(name = "coverage", ty = "&crate::vocabulary::Coverage", tag = "unclassified"),
            field(name = "caveats", ty = "&Vec<String>", tag = "unclassified"),
            field(name = "as_of", ty = "&Option<crate::vocabulary::DateTime>"),
            field(name = "input_status", ty = "&Option<crate::vocabulary::InputStatus>"),
            field(name = "headline", ty = "&Option<String>"),
            field(name = "confidence", ty = "&Option<crate::vocabulary::Confidence>"),
            field(name = "classification", ty = "&Option<crate::vocabulary::Classification>"),
            field(name = "reporting_gap", ty = "&Option<crate::vocabulary::ReportingGap>")
        )]
        pub(crate) enum EntityContribution {
            /// The only block of this subgraph.
            Block($block),
        }
    };
}
pub(crate) use mandate_block;
