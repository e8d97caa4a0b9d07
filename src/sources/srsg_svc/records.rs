//! Records of SRSG-SVC: the monitoring, analysis and reporting arrangements.

use entities::terms::{Classification, CommitmentKind, CrsvForm, CrsvSetting, PeriodKind};

use super::ids;
use crate::records::{
    Composite, Data, Field, History, Kind, NO_RULE, RecordType, Row, SealedBy, Store, example,
    rules::{self, adds_up, keep_figures_by, no_pending_in_public},
    shared::{
        DELISTED_ON, IS_COMPARABLE, IS_PUBLISHED, LISTED_AS, PARTY, PROVENANCE, PUBLIC_ON,
        SITUATION, SITUATION_PART, count,
    },
    values,
};

/// All of them, each after what it refers to.
pub(super) const ALL: &[&RecordType] =
    &[&SETTINGS, &LISTINGS, &COMMITMENTS, &COUNTS, &ADMIN1_COUNTS];

const LISTED_ON: Field = Field::new(
    "listed_on",
    "#date+listed",
    Kind::Date,
    "when the party was listed",
);

const SETTINGS: RecordType = RecordType {
    name: "svc-settings",
    about: "Which kind of setting a situation is in the annual report.",
    table: "crsv_settings",
    noun: None,
    node: None,
    sealed_by: None,
    history: History::Revised,
    told_up_to: Some(Classification::Unclassified),
    key: &["situation"],
    fields: &[
        &[
            SITUATION,
            Field::new(
                "setting",
                "#event+setting",
                Kind::Term(values::<CrsvSetting>),
                "the setting",
            ),
        ],
        PROVENANCE,
    ],
    composites: &[],
    rule: NO_RULE,
    data: Data::Example(example!("svc-settings")),
};

const LISTINGS: RecordType = RecordType {
    name: "svc-listings",
    about: "A party credibly suspected of conflict-related sexual violence.",
    table: "crsv_listings",
    noun: Some("listing (situation/party/listed_on)"),
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
            LISTED_ON,
            DELISTED_ON,
            PUBLIC_ON,
            Field::new(
                "notes",
                "#description+notes",
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
    data: Data::Example(example!("svc-listings")),
};

const COMMITMENTS: RecordType = RecordType {
    name: "svc-commitments",
    about: "A commitment that a listed party made.",
    table: "commitments",
    noun: None,
    node: None,
    sealed_by: None,
    history: History::Revised,
    told_up_to: Some(Classification::Unclassified),
    key: &["situation", "party", "listed_on", "kind", "made_on"],
    fields: &[
        &[
            SITUATION_PART,
            PARTY.unstored(),
            LISTED_ON.unstored(),
            Field::new(
                "kind",
                "#activity+commitment+type",
                Kind::Term(values::<CommitmentKind>),
                "how it committed itself",
            ),
            Field::new("made_on", "#date+made", Kind::Date, "when"),
            Field::new(
                "document_url",
                "#meta+url",
                Kind::Text,
                "where it can be read",
            )
            .optional(),
        ],
        PROVENANCE,
    ],
    composites: &[Composite {
        name: "listing",
        target: "crsv_listings",
        parts: &["situation", "party", "listed_on"],
        is_id: false,
    }],
    rule: NO_RULE,
    data: Data::Example(example!("svc-commitments")),
};

const COUNTS: RecordType = RecordType {
    name: "svc-crsv",
    about: "Conflict-related sexual violence in a period by form: national figures. Zero never means absence.",
    table: "crsv_counts",
    noun: None,
    node: None,
    sealed_by: None,
    history: History::Revised,
    told_up_to: Some(Classification::Confidential),
    key: &["situation", "period", "is_published", "form"],
    fields: &[
        &[
            SITUATION,
            Field::new(
                "period",
                "#date+period",
                Kind::Period(&[PeriodKind::Month, PeriodKind::Year]),
                "the month; the year of a released figure",
            ),
            IS_PUBLISHED,
            PUBLIC_ON,
            Field::new(
                "form",
                "#cause+form",
                Kind::Term(values::<CrsvForm>),
                "form",
            ),
            count("women", "#affected+verified+f+adults", "women, verified"),
            count("girls", "#affected+verified+f+children", "girls, likewise"),
            count("men", "#affected+verified+m+adults", "men, likewise"),
            count("boys", "#affected+verified+m+children", "boys, likewise"),
            count(
                "unknown",
                "#affected+verified+u",
                "sex or age unknown, likewise",
            ),
            count("total", "#affected+verified+total", "all verified"),
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
    rule: crsv,
    data: Data::Example(example!("svc-crsv")),
};

const ADMIN1_COUNTS: RecordType = RecordType {
    name: "svc-crsv-admin1",
    about: "Conflict-related sexual violence in a quarter by first-level division; strictly confidential.",
    table: "crsv_admin1_counts",
    noun: None,
    node: None,
    sealed_by: None,
    history: History::Revised,
    told_up_to: Some(Classification::StrictlyConfidential),
    key: &["situation", "area", "period"],
    fields: &[
        &[
            SITUATION,
            Field::new(
                "area",
                "#adm1+code",
                Kind::Link("areas", Store::Id),
                "code of the first-level division",
            ),
            Field::new(
                "period",
                "#date+period",
                Kind::Period(&[PeriodKind::Quarter]),
                "the quarter",
            ),
            count(
                "verified",
                "#affected+verified+total",
                "verified; empty: not collected",
            ),
        ],
        PROVENANCE,
    ],
    composites: &[],
    rule: NO_RULE,
    data: Data::Example(example!("svc-crsv-admin1")),
};

/// Figures on sexual violence are by month and add up.
fn crsv(row: &mut Row<'_>) {
    keep_figures_by(row, PeriodKind::Month);
    no_pending_in_public(row);
    adds_up(row, &["women", "girls", "men", "boys", "unknown"], "total");
}
