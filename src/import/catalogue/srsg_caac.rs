//! Records of SRSG-CAAC: the Monitoring and Reporting Mechanism.

use entities::terms::{
    ActionPlanStatus, AnnexSection, CaacAnnex, Classification, GraveViolation, ListingTrigger,
    PeriodKind,
};

use super::{
    super::{
        record_type::{Field, History, Kind, RecordType, Store, values},
        rules,
    },
    shared::{IS_COMPARABLE, IS_PUBLISHED, PROVENANCE, SITUATION},
};

pub(super) const LISTINGS: RecordType = RecordType {
    name: "caac-listings",
    about: "A party listed for grave violations against children.",
    table: "caac_listings",
    node: Some("lca"),
    history: History::Revised,
    told_up_to: Some(Classification::Unclassified),
    key: &["situation", "party", "listed_on"],
    fields: &[
        &[
            SITUATION,
            Field::new(
                "party",
                "#actor+code",
                Kind::Link("parties", Store::Id),
                "code of the party",
            ),
            Field::new(
                "listed_as",
                "#actor+name+listed",
                Kind::Text,
                "name in the annex",
            ),
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
            Field::new(
                "delisted_on",
                "#date+delisted",
                Kind::Date,
                "when it was taken off",
            )
            .optional(),
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
            .optional(),
        ],
        PROVENANCE,
    ],
    composites: &[],
    rule: rules::listing,
};

pub(super) const VIOLATIONS: RecordType = RecordType {
    name: "caac-violations",
    about: "Grave violations in a quarter. Verified, verified late and pending never add up.",
    table: "violation_counts",
    node: None,
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
            Field::new(
                "violation",
                "#cause+violation",
                Kind::Term(values::<GraveViolation>),
                "which of the six",
            ),
            Field::new(
                "party",
                "#actor+code",
                Kind::Link("parties", Store::Id),
                "code of the party it is attributed to; empty where it is not",
            )
            .optional(),
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
    rule: rules::violations,
};

const fn count(name: &'static str, tag: &'static str, about: &'static str) -> Field {
    Field::new(name, tag, Kind::Count, about).optional()
}
