//! Records of SRSG-CAAC: the Monitoring and Reporting Mechanism.

use entities::terms::{
    ActionPlanStatus, AnnexSection, CaacAnnex, Classification, GraveViolation, ListingTrigger,
    PeriodKind,
};

use super::ids;
use crate::records::{
    Data, Field, History, Kind, RecordType, Row, SealedBy, example,
    rules::{self, adds_up, keep_figures_by, no_pending_in_public},
    shared::{
        DELISTED_ON, IS_COMPARABLE, IS_PUBLISHED, LISTED_AS, PARTY, PROVENANCE, PUBLIC_ON,
        SITUATION, count,
    },
    values,
};

/// All of them, each after what it refers to.
pub(super) const ALL: &[&RecordType] = &[&LISTINGS, &VIOLATIONS];

const LISTINGS: RecordType = RecordType {
    name: "caac-listings",
    about: "A party listed for grave violations against children.",
    table: "caac_listings",
    noun: None,
    node: Some(ids::LISTING.prefix()),
    sealed_by: Some(SealedBy::EntityIn("source")),
    history: History::Revised,
    told_up_to: Some(Classification::StrictlyConfidential),
    key: &["situation", "party", "listed_on"],
    fields: &[
        &[
            SITUATION,
            PARTY,
            LISTED_AS,
            Field::new(
                "annex",
                "#meta+annex",
                Kind::Term(values::<CaacAnnex>),
                "annex",
            ),
            Field::new(
                "section",
                "#meta+section",
                Kind::Term(values::<AnnexSection>),
                "section",
            ),
            Field::new(
                "triggers",
                "#cause+triggers",
                Kind::Terms(values::<ListingTrigger>),
                "violations it is listed for; denial of access is none",
            ),
            Field::new(
                "listed_on",
                "#date+listed",
                Kind::Date,
                "when it was listed",
            ),
            DELISTED_ON,
            PUBLIC_ON,
            Field::new(
                "action_plan_status",
                "#status+plan",
                Kind::Term(values::<ActionPlanStatus>),
                "how far its action plan is",
            ),
            Field::new(
                "action_plan_signed_on",
                "#date+plan",
                Kind::Date,
                "when that was signed",
            )
            .optional(),
            Field::new(
                "action_plan_notes",
                "#description+plan",
                Kind::Text,
                "notes on it; confidential",
            )
            .optional()
            .free_text(),
        ],
        PROVENANCE,
    ],
    composites: &[],
    rule: rules::listing,
    data: Data::Example(example!("caac-listings")),
};

const VIOLATIONS: RecordType = RecordType {
    name: "caac-violations",
    about: "Grave violations in a quarter. Verified, verified late and pending never add up.",
    table: "violation_counts",
    noun: None,
    node: None,
    sealed_by: None,
    history: History::Revised,
    told_up_to: Some(Classification::Confidential),
    key: &["situation", "period", "is_published", "violation", "party"],
    fields: &[
        &[
            SITUATION,
            Field::new(
                "period",
                "#date+period",
                Kind::Period(&[PeriodKind::Quarter, PeriodKind::Year]),
                "the quarter; the year of a released figure",
            ),
            IS_PUBLISHED,
            PUBLIC_ON,
            Field::new(
                "violation",
                "#cause+violation",
                Kind::Term(values::<GraveViolation>),
                "which of the six",
            ),
            Field {
                about: "code of the party it is attributed to; empty where it is not",
                ..PARTY.optional()
            },
            count(
                "verified_boys",
                "#affected+verified+m+children",
                "boys, verified in the quarter",
            ),
            count(
                "verified_girls",
                "#affected+verified+f+children",
                "girls, likewise",
            ),
            count(
                "verified_unknown",
                "#affected+verified+u+children",
                "sex unknown, likewise",
            ),
            count(
                "verified_total",
                "#affected+verified+total",
                "victims or incidents, verified in the quarter",
            ),
            count(
                "late_boys",
                "#affected+late+m+children",
                "boys, verified after the quarter",
            ),
            count("late_girls", "#affected+late+f+children", "girls, likewise"),
            count(
                "late_unknown",
                "#affected+late+u+children",
                "sex unknown, likewise",
            ),
            count(
                "late_total",
                "#affected+late+total",
                "victims or incidents, verified after the quarter",
            ),
            count(
                "pending",
                "#affected+pending",
                "awaiting verification; strictly confidential",
            ),
            IS_COMPARABLE,
        ],
        PROVENANCE,
    ],
    composites: &[],
    rule: violations,
    data: Data::Example(example!("caac-violations")),
};

/// Violations are verified by quarter; victims add up, incidents have no sex.
fn violations(row: &mut Row<'_>) {
    keep_figures_by(row, PeriodKind::Quarter);
    no_pending_in_public(row);
    let is_by_victims = !matches!(
        row.text("violation"),
        Some("ATTACK_ON_SCHOOL_OR_HOSPITAL" | "DENIAL_OF_HUMANITARIAN_ACCESS")
    );
    let tallies = [
        (
            ["verified_boys", "verified_girls", "verified_unknown"],
            "verified_total",
        ),
        (["late_boys", "late_girls", "late_unknown"], "late_total"),
    ];
    for (parts, total) in tallies {
        if is_by_victims {
            adds_up(row, &parts, total);
            continue;
        }
        for part in parts {
            if !row.is_empty(part) {
                row.refuse(
                    part,
                    "this violation is counted by incidents, which have no sex; empty it",
                );
            }
        }
    }
}
