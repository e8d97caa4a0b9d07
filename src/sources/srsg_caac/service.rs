//! The rules of violation figures: what is counted, what is summed, and what never is.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use entities::{
    caac_listing,
    terms::{GraveViolation as Kept, ListingTrigger},
    violation_count,
};
use sea_orm::{ActiveEnum, Iterable};

use super::{
    figure::Figure,
    suppressed::PartyCell,
    terms::{GraveViolation, ViolationDimension},
};
use crate::{
    sources::{printed::Printed, suppressed::Told},
    vocabulary::{Count, Period, PeriodKind, RowPlace, Span, Unreadable},
};

/// The mechanism verifies by quarter: no month is made up.
const MECHANISM: PeriodKind = PeriodKind::Quarter;

/// By which periods figures are kept: released ones are annual.
pub(crate) const fn kept_by(is_published: bool) -> PeriodKind {
    if is_published {
        PeriodKind::Year
    } else {
        MECHANISM
    }
}

/// Which figures are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ViolationArguments {
    /// Of which days.
    pub(crate) span: Span,
    /// Of these violations; sorted, each once.
    kinds: Vec<GraveViolation>,
    /// By party rather than over all parties.
    pub(crate) is_by_party: bool,
    /// The annual figures as reported rather than the working ones.
    pub(crate) is_published: bool,
}

impl ViolationArguments {
    /// The arguments as asked, or what is wrong with them.
    pub(crate) fn new(
        span: Span,
        by: &[ViolationDimension],
        kinds: Option<Vec<GraveViolation>>,
        is_published: bool,
    ) -> Result<Self, String> {
        if !by.contains(&ViolationDimension::Violation) {
            return Err(String::from(
                "`by` lacks VIOLATION: some violations are counted by victims and some by \
                 incidents, and one child can stand in several, so they do not add up",
            ));
        }
        let all = || Kept::iter().map(Into::into).collect();
        let mut kinds: Vec<GraveViolation> = kinds.unwrap_or_else(all);
        kinds.sort_unstable();
        kinds.dedup();
        let is_by_party = by.contains(&ViolationDimension::Party);
        Ok(Self {
            span,
            kinds,
            is_by_party,
            is_published,
        })
    }
}

impl ViolationArguments {
    /// What the rows of a table are broken down by that prints these figures.
    pub(crate) fn printed_by(&self) -> BTreeSet<&'static str> {
        let party = self.is_by_party.then_some("PARTY");
        std::iter::once("VIOLATION").chain(party).collect()
    }
}

/// The violations a party is listed for, from the texts they are kept as.
pub(crate) fn triggers(listing: &caac_listing::Model) -> Result<Vec<ListingTrigger>, Unreadable> {
    let kept = listing.triggers.as_slice().iter();
    kept.map(|text| {
        ListingTrigger::try_from_value(text).map_err(|_| {
            let what = format!("`{text}` triggers no listing");
            Unreadable::new(
                RowPlace {
                    table: "caac_listings",
                    id: listing.id,
                },
                "triggers",
                what,
            )
        })
    })
    .collect()
}

/// Of when and which violation, in which document where it is published.
type FigureKey<'r> = (Period, GraveViolation, Option<&'r str>);

/// Adds what is attributed to nobody where a cell of it is suppressed: that a violation is attributed to one party
/// alone would tell its small count.
fn add_unattributed(by_party: &mut BTreeMap<Option<i64>, Figure>, told: &Told<'_>) {
    let Some(any) = by_party
        .values()
        .next()
        .filter(|_| !by_party.contains_key(&None))
    else {
        return;
    };
    let nobody = Figure::unrecorded(any.period, any.violation).told(told, PartyCell::Nobody);
    let is_suppressed = [nobody.verified.total, nobody.late.total, nobody.pending]
        .into_iter()
        .chain(nobody.verified.parts())
        .chain(nobody.late.parts())
        .any(Count::is_suppressed);
    if is_suppressed {
        by_party.insert(None, nobody);
    }
}

/// The figures from the rows of one situation: by period, violation and party. Working figures are
/// dense by quarter and violation, so that a gap shows as a gap.
///
/// What is attributed to a party that does not exist for the caller counts as unattributed: one
/// figure holds all of it, whatever the number of such parties. Published figures are those of the tables that
/// break them down as asked, each document's apart.
pub(crate) fn violations(
    arguments: &ViolationArguments,
    rows: &[violation_count::Model],
    visible_parties: &HashSet<i64>,
    printed: &Printed,
    told: &Told<'_>,
) -> Result<Vec<Figure>, Unreadable> {
    let mut figures: BTreeMap<FigureKey<'_>, BTreeMap<Option<i64>, Figure>> = BTreeMap::new();
    for row in rows {
        let violation = row.violation.into();
        let period = Period::of_row(
            RowPlace {
                table: "violation_counts",
                id: row.id,
            },
            &row.period,
        )?;
        if !arguments.kinds.contains(&violation) {
            continue;
        }
        let document = row
            .document_symbol
            .as_deref()
            .filter(|_| arguments.is_published);
        let print = printed.of_document(document);
        if arguments.is_published && print.is_none() {
            continue;
        }
        let party = row
            .party_id
            .filter(|party| arguments.is_by_party && visible_parties.contains(party));
        let by_party = figures.entry((period, violation, document)).or_default();
        let mut figure = Figure::recorded(period, party, row);
        if let Some(print) = print {
            figure.verified = figure.verified.printed(print.has_columns);
            figure.late = figure.late.printed(print.has_columns);
            figure.provenance = figure.provenance.map(|one| one.printed_in(&print.table));
        }
        if arguments.is_by_party {
            figure = figure.told(told, PartyCell::of(row.party_id));
        }
        let figure = match by_party.remove(&party) {
            Some(sum) => sum.with(figure),
            None => figure,
        };
        by_party.insert(party, figure);
    }
    for figure in figures.values_mut() {
        if arguments.is_by_party {
            add_unattributed(figure, told);
        } else if let Some(all) = figure.remove(&None) {
            figure.insert(None, all.told(told, PartyCell::All));
        }
    }
    if !arguments.is_published {
        for period in arguments.span.periods(MECHANISM) {
            for violation in &arguments.kinds {
                figures
                    .entry((period, *violation, None))
                    .or_insert_with(|| {
                        BTreeMap::from([(None, Figure::unrecorded(period, *violation))])
                    });
            }
        }
    }
    Ok(figures
        .into_values()
        .flat_map(BTreeMap::into_values)
        .collect())
}

#[cfg(test)]
mod tests {
    use entities::terms::{Classification, PeriodKind as KeptKind};

    use super::*;
    use crate::vocabulary::CountUnit;

    fn row(violation: Kept, party: i64, verified: [Option<i32>; 4]) -> violation_count::Model {
        let period: Period = "2026-Q1".parse().unwrap();
        let [
            verified_boys,
            verified_girls,
            verified_unknown,
            verified_total,
        ] = verified;
        violation_count::Model {
            id: party,
            record_key: String::new(),
            situation_id: 1,
            period: period.to_string(),
            period_kind: KeptKind::Quarter,
            period_start: period.start(),
            period_end: period.end(),
            is_published: false,
            public_on: None,
            violation,
            party_id: Some(party),
            verified_boys,
            verified_girls,
            verified_unknown,
            verified_total,
            late_boys: Some(1),
            late_girls: Some(1),
            late_unknown: Some(0),
            late_total: Some(2),
            pending: Some(40),
            comparable_with_previous: true,
            source: "SRSG_CAAC".to_owned(),
            as_of: chrono::DateTime::UNIX_EPOCH,
            revision: i32::try_from(party).unwrap(),
            revised_at: chrono::DateTime::UNIX_EPOCH,
            is_current: true,
            known_from: chrono::DateTime::UNIX_EPOCH,
            known_to: None,
            method: None,
            document_symbol: None,
            classification: Classification::Confidential,
        }
    }

    fn figures(by: &[ViolationDimension], rows: &[violation_count::Model]) -> Vec<Figure> {
        let period: Period = "2026-Q1".parse().unwrap();
        let span = Span {
            start: period.start(),
            end: period.end(),
        };
        violations(
            &ViolationArguments::new(span, by, None, false).unwrap(),
            rows,
            &HashSet::from([1, 2]),
            &Printed::default(),
            &Told::default(),
        )
        .unwrap()
    }

    #[test]
    fn parties_add_up_and_states_of_verification_do_not() {
        let some = |numbers: [i32; 4]| numbers.map(Some);
        let rows = [
            row(Kept::Abduction, 1, some([3, 2, 0, 5])),
            row(Kept::Abduction, 2, some([1, 0, 1, 2])),
        ];
        let summed = figures(&[ViolationDimension::Violation], &rows);
        assert_eq!(summed.len(), 6);
        let sum = summed
            .iter()
            .find(|one| one.violation == GraveViolation::Abduction)
            .unwrap();
        let victims = |count| Count::exact(count, CountUnit::Victims);
        assert_eq!(
            (sum.verified.total, sum.verified.boys),
            (victims(7), victims(4))
        );
        assert_eq!((sum.late.total, sum.pending), (victims(4), victims(80)));
        assert_eq!(sum.provenance.as_ref().unwrap().revision, 2);
        let by = [ViolationDimension::Violation, ViolationDimension::Party];
        let by_party = figures(&by, &rows);
        assert_eq!(by_party.len(), 7);
        assert_eq!(by_party.iter().filter(|one| one.party.is_some()).count(), 2);
    }

    #[test]
    fn parties_that_do_not_exist_for_the_caller_are_one_unattributed_figure() {
        let some = |numbers: [i32; 4]| numbers.map(Some);
        let mut unattributed = row(Kept::Abduction, 4, some([0, 1, 0, 1]));
        unattributed.party_id = None;
        let rows = [
            row(Kept::Abduction, 8, some([3, 2, 0, 5])),
            row(Kept::Abduction, 1, some([1, 0, 1, 2])),
            unattributed,
            row(Kept::Abduction, 9, some([0, 4, 0, 4])),
            row(Kept::RecruitmentOrUse, 8, [None; 4]),
            row(Kept::RecruitmentOrUse, 9, some([1, 0, 0, 1])),
        ];
        let by = [ViolationDimension::Violation, ViolationDimension::Party];
        let summed = figures(&by, &rows);
        let of = |violation| {
            let figures = summed.iter().filter(move |one| one.violation == violation);
            figures
                .map(|one| (one.party, one.verified.total))
                .collect::<Vec<_>>()
        };
        let victims = |count| Count::exact(count, CountUnit::Victims);
        assert_eq!(
            of(GraveViolation::Abduction),
            [(None, victims(10)), (Some(1), victims(2))]
        );
        assert_eq!(
            of(GraveViolation::RecruitmentOrUse),
            [(None, Count::not_collected(CountUnit::Victims))]
        );
    }

    #[test]
    fn incidents_have_no_sex_and_what_nobody_counted_is_not_zero() {
        let rows = [
            row(
                Kept::AttackOnSchoolOrHospital,
                1,
                [Some(9), Some(9), Some(9), Some(4)],
            ),
            row(
                Kept::SexualViolence,
                1,
                [Some(0), Some(0), Some(0), Some(0)],
            ),
            row(Kept::SexualViolence, 2, [None; 4]),
        ];
        let summed = figures(&[ViolationDimension::Violation], &rows);
        let of = |violation| {
            summed
                .iter()
                .find(|one| one.violation == violation)
                .unwrap()
        };
        let attacks = of(GraveViolation::AttackOnSchoolOrHospital);
        assert_eq!(
            attacks.verified.boys,
            Count::not_collected(CountUnit::Incidents)
        );
        assert_eq!(
            attacks.verified.total,
            Count::exact(4, CountUnit::Incidents)
        );
        let partly = of(GraveViolation::SexualViolence);
        assert_eq!(
            partly.verified.total,
            Count::not_collected(CountUnit::Victims)
        );
        let nothing = of(GraveViolation::KillingOrMaiming);
        assert_eq!(
            nothing.verified.total,
            Count::not_collected(CountUnit::Victims)
        );
        assert!(nothing.provenance.is_none());
    }
}
