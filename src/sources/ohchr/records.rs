//! Records of OHCHR.

use entities::terms::{
    AgeGroup, CasualtyCause, Classification, CommunicationKind, Confidence, Mechanism, PeriodKind,
    PresenceKind, ReportingLine, Sex, VictimStatus,
};

use super::ids;
use crate::records::{
    Composite, Data, Field, History, Kind, NO_RULE, RecordType, Row, SealedBy, Store, example,
    rules::{self, not_before},
    shared::{IS_COMPARABLE, IS_PUBLISHED, PROVENANCE, PUBLIC_ON, SITUATION},
    values,
};

/// All of them, each after what it refers to.
pub(super) const ALL: &[&RecordType] = &[
    &PRESENCES,
    &PRESENCE_SITUATIONS,
    &COMMUNICATIONS,
    &RECOMMENDATIONS,
    &CASUALTIES,
    &SIGNALS,
];

const PRESENCES: RecordType = RecordType {
    name: "ohchr-presences",
    about: "A field presence of OHCHR.",
    table: "field_presences",
    noun: Some("field presence"),
    node: Some(ids::PRESENCE.prefix()),
    sealed_by: None,
    history: History::Revised,
    told_up_to: Some(Classification::StrictlyConfidential),
    key: &["code"],
    fields: &[
        &[
            Field::new(
                "code",
                "#service+code",
                Kind::Code,
                "code that other files use",
            )
            .unstored(),
            Field::new("name", "#service+name", Kind::Text, "name"),
            Field::new(
                "kind",
                "#service+type",
                Kind::Term(values::<PresenceKind>),
                "what it is",
            ),
            Field::new(
                "reporting_line",
                "#service+reporting",
                Kind::Term(values::<ReportingLine>),
                "to whom it reports",
            ),
            Field::new(
                "area",
                "#geo+code",
                Kind::Link("areas", Store::Id),
                "code of the area it is in",
            )
            .optional(),
            Field::new("since", "#date+start", Kind::Date, "since when").optional(),
            Field::new(
                "staff",
                "#capacity+staff",
                Kind::Count,
                "staff; strictly confidential",
            )
            .optional(),
        ],
        PROVENANCE,
    ],
    composites: &[],
    rule: NO_RULE,
    data: Data::Example(example!("ohchr-presences")),
};

const PRESENCE_SITUATIONS: RecordType = RecordType {
    name: "ohchr-presence-situations",
    about: "A situation that a field presence covers.",
    table: "presence_situations",
    noun: None,
    node: None,
    sealed_by: None,
    history: History::Updated,
    told_up_to: None,
    key: &["presence", "situation"],
    fields: &[&[
        Field::new(
            "presence",
            "#service+code",
            Kind::Code,
            "code of the presence",
        )
        .unstored(),
        SITUATION,
    ]],
    composites: &[Composite {
        name: "presence",
        target: "field_presences",
        parts: &["presence"],
        is_id: false,
    }],
    rule: NO_RULE,
    data: Data::Example(example!("ohchr-presence-situations")),
};

const COMMUNICATIONS: RecordType = RecordType {
    name: "ohchr-communications",
    about: "A letter of the Special Procedures.",
    table: "communications",
    noun: None,
    node: Some(ids::COMMUNICATION.prefix()),
    sealed_by: Some(SealedBy::EntityIn("source")),
    history: History::Revised,
    told_up_to: Some(Classification::StrictlyConfidential),
    key: &["reference"],
    fields: &[
        &[
            SITUATION,
            Field::new(
                "reference",
                "#meta+reference",
                Kind::Text,
                "reference of the letter",
            ),
            Field::new(
                "kind",
                "#meta+letter+type",
                Kind::Term(values::<CommunicationKind>),
                "what it is",
            ),
            Field::new("sent_on", "#date+sent", Kind::Date, "when it was sent"),
            Field::new(
                "public_on",
                "#date+public",
                Kind::Date,
                "from when it is public; empty where that is not known",
            )
            .optional(),
            Field::new(
                "mandates",
                "#org+mandates",
                Kind::List,
                "the mandate holders who signed",
            ),
            Field::new(
                "themes",
                "#subsector+themes",
                Kind::List,
                "what it is about",
            )
            .optional(),
            Field::new(
                "reply_received_on",
                "#date+reply",
                Kind::Date,
                "when a reply came",
            )
            .optional(),
            Field::new(
                "summary",
                "#description+summary",
                Kind::Text,
                "what it says, without names",
            )
            .optional()
            .free_text(),
            Field::new(
                "document_url",
                "#meta+url",
                Kind::Text,
                "where the letter can be read",
            )
            .optional(),
            Field::new(
                "persons_named",
                "#affected+named",
                Kind::Count,
                "how many persons it names; strictly confidential",
            )
            .optional(),
        ],
        PROVENANCE,
    ],
    composites: &[],
    rule: communication,
    data: Data::Example(example!("ohchr-communications")),
};

const RECOMMENDATIONS: RecordType = RecordType {
    name: "ohchr-recommendations",
    about: "A recommendation of a human rights mechanism: an annotation of the Universal Human Rights Index.",
    table: "recommendations",
    noun: None,
    node: Some(ids::RECOMMENDATION.prefix()),
    sealed_by: Some(SealedBy::EntityIn("source")),
    history: History::Revised,
    told_up_to: Some(Classification::StrictlyConfidential),
    key: &["annotation_id"],
    fields: &[
        &[
            SITUATION,
            Field::new(
                "annotation_id",
                "#meta+id+annotation",
                Kind::Code,
                "identifier of the annotation",
            ),
            Field::new(
                "mechanism",
                "#org+mechanism",
                Kind::Term(values::<Mechanism>),
                "which mechanism",
            ),
            Field::new("body", "#org+body", Kind::Text, "which body of it"),
            Field::new(
                "text",
                "#description+text",
                Kind::Text,
                "the recommendation",
            )
            .searched_text(),
            Field::new(
                "published_on",
                "#date+published",
                Kind::Date,
                "when it was published",
            )
            .optional(),
            Field::new(
                "themes",
                "#subsector+themes",
                Kind::List,
                "what it is about",
            )
            .optional(),
            Field::new(
                "affected_persons",
                "#population+affected",
                Kind::List,
                "whom it concerns",
            )
            .optional(),
            Field::new(
                "sdgs",
                "#indicator+sdg",
                Kind::List,
                "goals and targets it bears on",
            )
            .optional(),
        ],
        PROVENANCE,
    ],
    composites: &[],
    rule: NO_RULE,
    data: Data::Example(example!("ohchr-recommendations")),
};

const CASUALTIES: RecordType = RecordType {
    name: "ohchr-casualties",
    about: "Persons killed in a period, by sex, age, status and cause.",
    table: "casualties",
    noun: None,
    node: None,
    sealed_by: None,
    history: History::Revised,
    told_up_to: Some(Classification::Confidential),
    key: &[
        "situation",
        "period",
        "is_published",
        "sex",
        "age",
        "status",
        "cause",
    ],
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
            Field::new("sex", "#affected+sex", Kind::Term(values::<Sex>), "sex"),
            Field::new(
                "age",
                "#affected+age",
                Kind::Term(values::<AgeGroup>),
                "age group",
            ),
            Field::new(
                "status",
                "#affected+status",
                Kind::Term(values::<VictimStatus>),
                "status",
            ),
            Field::new(
                "cause",
                "#cause+type",
                Kind::Term(values::<CasualtyCause>),
                "cause",
            ),
            Field::new(
                "killed",
                "#affected+killed",
                Kind::Count,
                "persons killed; 0: none verified; empty: not collected",
            )
            .optional(),
            IS_COMPARABLE,
        ],
        PROVENANCE,
    ],
    composites: &[],
    rule: rules::by_month,
    data: Data::Example(example!("ohchr-casualties")),
};

const SIGNALS: RecordType = RecordType {
    name: "ohchr-signals",
    about: "An early-warning signal.",
    table: "signals",
    noun: None,
    node: Some(ids::SIGNAL.prefix()),
    sealed_by: Some(SealedBy::EntityIn("source")),
    history: History::Revised,
    told_up_to: Some(Classification::StrictlyConfidential),
    key: &["code"],
    fields: &[
        &[
            Field::new(
                "code",
                "#event+signal+code",
                Kind::Code,
                "code of the signal",
            )
            .unstored(),
            SITUATION,
            Field::new(
                "kind",
                "#event+signal+type",
                Kind::Text,
                "what kind of signal",
            )
            .free_text(),
            Field::new(
                "observed_on",
                "#date+observed",
                Kind::Date,
                "when it was observed",
            ),
            Field::new(
                "summary",
                "#description+summary",
                Kind::Text,
                "what was observed, without names",
            )
            .optional()
            .free_text(),
            Field::new(
                "confidence",
                "#indicator+confidence",
                Kind::Term(values::<Confidence>),
                "how sure the observer is",
            ),
            Field::new(
                "source_class",
                "#meta+informant+type",
                Kind::Text,
                "class of the informant; strictly confidential",
            )
            .optional()
            .free_text(),
        ],
        PROVENANCE,
    ],
    composites: &[],
    rule: NO_RULE,
    data: Data::Example(example!("ohchr-signals")),
};

/// Days of a letter come in their order; it is confidential until it is public.
fn communication(row: &mut Row<'_>) {
    for later in ["public_on", "reply_received_on"] {
        not_before(row, later, "sent_on");
    }
    let is_unclassified = row.text("classification") == Some("UNCLASSIFIED");
    if is_unclassified && row.is_empty("public_on") {
        row.refuse(
            "classification",
            "is UNCLASSIFIED, but no day is known from which the letter is public; fill \
             `public_on`, or mark it CONFIDENTIAL",
        );
    }
}
