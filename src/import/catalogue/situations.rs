//! Situations: where they are, how they are judged, what each mandate says of them as a whole.

use entities::terms::{
    Classification, ConcernLevel, Confidence, Coverage, GapKind, SituationStatus, Trend,
};

use super::super::rules;
use crate::records::{
    Data, Field, History, Kind, NO_RULE, RecordType, SealedBy, Store, example,
    shared::{PROVENANCE, SITUATION, entity},
    values,
};

pub(super) const SITUATIONS: RecordType = RecordType {
    name: "situations",
    about: "A situation of concern: what everything else is about.",
    table: "situations",
    noun: Some("situation"),
    node: Some("sit"),
    sealed_by: None,
    history: History::Updated,
    told_up_to: None,
    key: &["code"],
    fields: &[&[
        Field::new(
            "code",
            "#event+situation+code",
            Kind::Code,
            "code that other files use",
        )
        .unstored(),
        Field::new(
            "title_en",
            "#event+name+i_en",
            Kind::Text,
            "title in English",
        ),
        Field::new(
            "title_fr",
            "#event+name+i_fr",
            Kind::Text,
            "title in French",
        )
        .optional(),
        Field::new(
            "title_es",
            "#event+name+i_es",
            Kind::Text,
            "title in Spanish",
        )
        .optional(),
        Field::new(
            "title_ar",
            "#event+name+i_ar",
            Kind::Text,
            "title in Arabic",
        )
        .optional(),
        Field::new(
            "title_ru",
            "#event+name+i_ru",
            Kind::Text,
            "title in Russian",
        )
        .optional(),
        Field::new(
            "title_zh",
            "#event+name+i_zh",
            Kind::Text,
            "title in Chinese",
        )
        .optional(),
        Field::new("since", "#date+start", Kind::Date, "when it began").optional(),
        Field::new(
            "updated_at",
            "#date+updated",
            Kind::Instant,
            "when anything public about it last changed",
        ),
        Field::new(
            "is_example",
            "#status+example",
            Kind::Flag,
            "whether it is invented",
        ),
        Field::new(
            "is_public",
            "#status+public",
            Kind::Flag,
            "whether its being under review is public",
        ),
    ]],
    composites: &[],
    rule: NO_RULE,
    data: Data::Example(example!("situations")),
};

pub(super) const SITUATION_AREAS: RecordType = RecordType {
    name: "situation-areas",
    about: "An area that a situation lies in.",
    table: "situation_areas",
    noun: None,
    node: None,
    sealed_by: None,
    history: History::Updated,
    told_up_to: None,
    key: &["situation", "area"],
    fields: &[&[
        SITUATION,
        Field::new(
            "area",
            "#geo+code",
            Kind::Link("areas", Store::Id),
            "code of the area",
        ),
        Field::new(
            "position",
            "#meta+position",
            Kind::Whole(1),
            "place in the list",
        ),
    ]],
    composites: &[],
    rule: NO_RULE,
    data: Data::Example(example!("situation-areas")),
};

pub(super) const SITUATION_STATES: RecordType = RecordType {
    name: "situation-states",
    about: "How a named role judged a situation, from a day on.",
    table: "situation_states",
    noun: None,
    node: None,
    sealed_by: Some(SealedBy::EntityIn("source")),
    history: History::Revised,
    told_up_to: Some(Classification::Confidential),
    key: &["situation", "effective_on"],
    fields: &[
        &[
            SITUATION,
            Field::new(
                "effective_on",
                "#date+effective",
                Kind::Date,
                "first day on which it holds",
            ),
            Field::new(
                "status",
                "#status+situation",
                Kind::Term(values::<SituationStatus>),
                "how it stands",
            ),
            Field::new(
                "concern_level",
                "#severity+concern",
                Kind::Term(values::<ConcernLevel>),
                "how grave it is held to be",
            )
            .optional(),
            Field::new(
                "trend",
                "#severity+trend",
                Kind::Term(values::<Trend>),
                "where it is heading",
            ),
            Field::new(
                "set_by",
                "#contact+role",
                Kind::Text,
                "the role that set it; no person's name",
            )
            .free_text(),
            Field::new("reason", "#description+reason", Kind::Text, "why")
                .optional()
                .free_text(),
        ],
        PROVENANCE,
    ],
    composites: &[],
    rule: NO_RULE,
    data: Data::Example(example!("situation-states")),
};

pub(super) const ENTITY_BLOCKS: RecordType = RecordType {
    name: "entity-blocks",
    about: "What one mandate says of a situation as a whole.",
    table: "entity_blocks",
    noun: None,
    node: None,
    sealed_by: Some(SealedBy::EntityIn("entity")),
    history: History::Revised,
    told_up_to: Some(Classification::Confidential),
    key: &["situation", "entity"],
    fields: &[
        &[
            SITUATION,
            entity("entity", "#org+code", "code of the mandate"),
            Field::new(
                "coverage",
                "#status+coverage",
                Kind::Term(values::<Coverage>),
                "OUTSIDE_MANDATE where it has no mechanism here: that is no gap",
            ),
            Field::new(
                "headline",
                "#description+headline",
                Kind::Text,
                "one sentence",
            )
            .optional()
            .free_text(),
            Field::new(
                "caveats",
                "#description+caveats",
                Kind::List,
                "what a reader has to know; public",
            )
            .optional()
            .free_text(),
            Field::new(
                "confidence",
                "#indicator+confidence",
                Kind::Term(values::<Confidence>),
                "how sure it is",
            ),
            Field::new(
                "gap_kind",
                "#access+gap+type",
                Kind::Term(values::<GapKind>),
                "why it cannot report, if it cannot",
            )
            .optional(),
            Field::new("gap_since", "#access+gap+date", Kind::Date, "since when").optional(),
            Field::new(
                "gap_note",
                "#access+gap+note",
                Kind::Text,
                "what else there is to say of it",
            )
            .optional()
            .free_text(),
        ],
        PROVENANCE,
    ],
    composites: &[],
    rule: rules::entity_block,
    data: Data::Example(example!("entity-blocks")),
};
