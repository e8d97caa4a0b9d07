//! One figure of violations.

use entities::violation_count;

use super::{
    suppressed::{PartyCell, State, TableOf},
    tally::Tally,
    terms::{GraveViolation, unit},
};
use crate::{
    sources::suppressed::Told,
    vocabulary::{Count, Period, Provenance, provenance},
};

/// One figure. Verified, late and pending stay apart: nothing adds them up.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    /// Of when.
    pub(crate) period: Period,
    /// Of which violation.
    pub(crate) violation: GraveViolation,
    /// The party it is attributed to, where that was asked for, is known and exists for the caller.
    pub(crate) party: Option<i64>,
    /// Verified within the period.
    pub(crate) verified: Tally,
    /// Verified after its end.
    pub(crate) late: Tally,
    /// Awaiting verification.
    pub(crate) pending: Count,
    /// Whether it can be compared with that of the period before.
    pub(crate) is_comparable: bool,
    /// Where it comes from; none where nothing was recorded.
    pub(crate) provenance: Option<Provenance>,
}

impl Figure {
    /// Nothing was recorded: not zero.
    pub(super) fn unrecorded(period: Period, violation: GraveViolation) -> Self {
        let unit = unit(violation);
        let nothing = Tally::of([None; 4], unit);
        Self {
            period,
            violation,
            party: None,
            verified: nothing,
            late: nothing,
            pending: Count::not_collected(unit),
            is_comparable: false,
            provenance: None,
        }
    }

    pub(super) fn recorded(
        period: Period,
        party: Option<i64>,
        row: &violation_count::Model,
    ) -> Self {
        let violation = row.violation.into();
        let unit = unit(violation);
        let verified = [
            row.verified_boys,
            row.verified_girls,
            row.verified_unknown,
            row.verified_total,
        ];
        let late = [
            row.late_boys,
            row.late_girls,
            row.late_unknown,
            row.late_total,
        ];
        Self {
            period,
            violation,
            party,
            verified: Tally::of(verified, unit),
            late: Tally::of(late, unit),
            pending: Count::from_collected(row.pending, unit),
            is_comparable: row.comparable_with_previous,
            provenance: Some(provenance!(row)),
        }
    }

    /// The figure as it is told of a party, or of all.
    pub(super) fn told(self, told: &Told<'_>, party: PartyCell) -> Self {
        let Self {
            period, violation, ..
        } = self;
        let tally = |tally: Tally, state: State| {
            tally.told(party == PartyCell::All, |column, count| {
                let cell = TableOf(violation, state).cell(party, column);
                told.count(period, Some(&cell), count)
            })
        };
        let pending = TableOf(violation, State::Pending).cell(party, "total");
        Self {
            verified: tally(self.verified, State::Verified),
            late: tally(self.late, State::Late),
            pending: if party == PartyCell::All {
                self.pending
            } else {
                told.count(period, Some(&pending), self.pending)
            },
            ..self
        }
    }

    /// The same figure over several parties.
    pub(super) fn with(self, other: Self) -> Self {
        let Some(provenance) = self.provenance else {
            return other;
        };
        Self {
            verified: self.verified.plus(other.verified),
            late: self.late.plus(other.late),
            pending: self.pending.plus(other.pending),
            is_comparable: self.is_comparable && other.is_comparable,
            provenance: other.provenance.map(|other| provenance.joined(other)),
            ..other
        }
    }
}
