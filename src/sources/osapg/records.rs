//! Records of OSAPG: the Framework of Analysis for Atrocity Crimes and assessments against it.

use entities::terms::{Classification, PeriodKind, Presence, RiskScope, Trend};

use super::ids;
use crate::records::{
    Composite, Data, Field, History, Kind, NO_RULE, RecordType, SealedBy, Store, example,
    shared::{PROVENANCE, SITUATION, SITUATION_PART},
    values,
};

/// All of them, each after what it refers to.
pub(super) const ALL: &[&RecordType] = &[&RISK_FACTORS, &RISK_INDICATORS, &ASSESSMENTS, &FINDINGS];

const PERIOD: Field = Field::new(
    "period",
    "#date+period",
    Kind::Period(&[PeriodKind::Month, PeriodKind::Quarter]),
    "month or quarter of the assessment",
);

const RISK_FACTORS: RecordType = RecordType {
    name: "osapg-risk-factors",
    about: "A risk factor of the Framework of Analysis.",
    table: "risk_factors",
    noun: Some("risk factor"),
    node: None,
    sealed_by: None,
    history: History::Updated,
    told_up_to: None,
    key: &["number"],
    fields: &[&[
        Field::new(
            "number",
            "#indicator+factor+code",
            Kind::Whole(1),
            "number, 1 to 14",
        ),
        Field::new("name", "#indicator+factor+name", Kind::Text, "name"),
        Field::new(
            "scope",
            "#indicator+factor+type",
            Kind::Term(values::<RiskScope>),
            "which crimes it bears on",
        ),
    ]],
    composites: &[],
    rule: NO_RULE,
    data: Data::Reference(example!("osapg-risk-factors")),
};

const RISK_INDICATORS: RecordType = RecordType {
    name: "osapg-risk-indicators",
    about: "An indicator of a risk factor.",
    table: "risk_indicators",
    noun: Some("risk indicator"),
    node: None,
    sealed_by: None,
    history: History::Updated,
    told_up_to: None,
    key: &["code"],
    fields: &[&[
        Field::new("code", "#indicator+code", Kind::Code, "code, such as 5.2"),
        Field::new(
            "factor",
            "#indicator+factor+code",
            Kind::Link("risk_factors", Store::Id),
            "number of the factor",
        ),
        Field::new(
            "position",
            "#meta+position",
            Kind::Whole(1),
            "place within the factor",
        ),
        Field::new("text", "#indicator+text", Kind::Text, "what is looked for"),
    ]],
    composites: &[],
    rule: NO_RULE,
    data: Data::Example(example!("osapg-risk-indicators")),
};

const ASSESSMENTS: RecordType = RecordType {
    name: "osapg-assessments",
    about: "An assessment of a situation against the Framework of Analysis; there is no score.",
    table: "risk_assessments",
    noun: Some("risk assessment (situation/period)"),
    node: Some(ids::ASSESSMENT.prefix()),
    sealed_by: Some(SealedBy::EntityIn("source")),
    history: History::Revised,
    told_up_to: Some(Classification::StrictlyConfidential),
    key: &["situation", "period"],
    fields: &[
        &[
            SITUATION,
            PERIOD,
            Field::new(
                "advisory_note",
                "#description+advice",
                Kind::Text,
                "advice to the Secretary-General; strictly confidential",
            )
            .optional()
            .free_text(),
        ],
        PROVENANCE,
    ],
    composites: &[],
    rule: NO_RULE,
    data: Data::Example(example!("osapg-assessments")),
};

const FINDINGS: RecordType = RecordType {
    name: "osapg-findings",
    about: "What was found on one indicator in an assessment.",
    table: "risk_findings",
    noun: None,
    node: None,
    sealed_by: None,
    history: History::Revised,
    told_up_to: Some(Classification::StrictlyConfidential),
    key: &["situation", "period", "indicator"],
    fields: &[
        &[
            SITUATION_PART,
            PERIOD.unstored(),
            Field::new(
                "indicator",
                "#indicator+code",
                Kind::Link("risk_indicators", Store::Id),
                "code of the indicator",
            ),
            Field::new(
                "presence",
                "#indicator+presence",
                Kind::Term(values::<Presence>),
                "NO_INFORMATION is not NOT_OBSERVED",
            ),
            Field::new(
                "trend",
                "#severity+trend",
                Kind::Term(values::<Trend>),
                "where it is heading",
            ),
            Field::new(
                "evidence",
                "#meta+evidence",
                Kind::List,
                "symbols of the documents it rests on",
            )
            .optional(),
        ],
        PROVENANCE,
    ],
    composites: &[Composite {
        name: "assessment",
        target: "risk_assessments",
        parts: &["situation", "period"],
        is_id: false,
    }],
    rule: NO_RULE,
    data: Data::Example(example!("osapg-findings")),
};
