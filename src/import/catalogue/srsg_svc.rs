//! Records of SRSG-SVC: the monitoring, analysis and reporting arrangements.

use entities::terms::{Classification, CommitmentKind, CrsvForm, CrsvSetting, PeriodKind};

use super::{
    super::{
        record_type::{Composite, Field, History, Kind, NO_RULE, RecordType, Store, values},
        rules,
    },
    shared::{IS_COMPARABLE, IS_PUBLISHED, PROVENANCE, SITUATION, SITUATION_PART},
};

const LISTED_ON: Field = Field::new(
    "listed_on",
    "#date+listed",
    Kind::Date,
    "when the party was listed",
);

pub(super) const SETTINGS: RecordType = RecordType {
    name: "svc-settings",
    about: "Which kind of setting a situation is in the annual report.",
    table: "crsv_settings",
    node: None,
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
};

pub(super) const LISTINGS: RecordType = RecordType {
    name: "svc-listings",
    about: "A party credibly suspected of conflict-related sexual violence.",
    table: "crsv_listings",
    node: Some("lsv"),
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
            LISTED_ON,
            Field::new(
                "delisted_on",
                "#date+delisted",
                Kind::Date,
                "when it was taken off",
            )
            .optional(),
            Field::new(
                "notes",
                "#description+notes",
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

pub(super) const COMMITMENTS: RecordType = RecordType {
    name: "svc-commitments",
    about: "A commitment that a listed party made.",
    table: "commitments",
    node: None,
    history: History::Revised,
    told_up_to: Some(Classification::Unclassified),
    key: &["situation", "party", "listed_on", "kind", "made_on"],
    fields: &[
        &[
            SITUATION_PART,
            Field::new(
                "party",
                "#actor+code",
                Kind::Link("parties", Store::Id),
                "code of the party",
            )
            .unstored(),
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
};

pub(super) const COUNTS: RecordType = RecordType {
    name: "svc-crsv",
    about: "Conflict-related sexual violence in a period by form: national figures. Zero never means absence.",
    table: "crsv_counts",
    node: None,
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
    rule: rules::crsv,
};

pub(super) const ADMIN1_COUNTS: RecordType = RecordType {
    name: "svc-crsv-admin1",
    about: "Conflict-related sexual violence in a quarter by first-level division; strictly confidential.",
    table: "crsv_admin1_counts",
    node: None,
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
};

const fn count(name: &'static str, tag: &'static str, about: &'static str) -> Field {
    Field::new(name, tag, Kind::Count, about).optional()
}
