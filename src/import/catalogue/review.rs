//! The review: cycles, their agenda, what entities handed in, what changed.

use entities::terms::{
    ChangeKind, Confidence, Coverage, CycleKind, CycleState, GapKind, InputStatus, ItemState,
    PeriodKind,
};

use super::super::rules;
use crate::records::{
    Composite, Data, Field, History, Kind, NO_RULE, RecordType, SealedBy, Store, example,
    shared::{SITUATION, VERSION, entity},
    values,
};

const CYCLE: Field = Field::new(
    "cycle",
    "#meta+cycle+code",
    Kind::Link("review_cycles", Store::Id),
    "code of the cycle",
);

pub(super) const REVIEW_CYCLES: RecordType = RecordType {
    name: "review-cycles",
    about: "One round of the review.",
    table: "review_cycles",
    noun: Some("review cycle"),
    node: Some("cyc"),
    sealed_by: None,
    history: History::Updated,
    told_up_to: None,
    key: &["code"],
    fields: &[&[
        Field::new(
            "code",
            "#meta+cycle+code",
            Kind::Code,
            "code that other files use",
        )
        .unstored(),
        Field::new(
            "kind",
            "#meta+cycle+type",
            Kind::Term(values::<CycleKind>),
            "which meeting it leads up to",
        ),
        Field::new(
            "period",
            "#date+period",
            Kind::Period(&[PeriodKind::Month, PeriodKind::Quarter]),
            "a month; a quarter where it is regional",
        ),
        Field::new(
            "region",
            "#geo+code+region",
            Kind::Link("areas", Store::Id),
            "code of the region of a regional meeting",
        )
        .optional(),
        Field::new(
            "state",
            "#status+cycle",
            Kind::Term(values::<CycleState>),
            "how far it is",
        ),
        Field::new(
            "inputs_due_at",
            "#date+due",
            Kind::Instant,
            "when inputs are due",
        ),
        Field::new(
            "session_at",
            "#date+session",
            Kind::Instant,
            "when the meeting is",
        )
        .optional(),
        Field::new(
            "frozen_at",
            "#date+frozen",
            Kind::Instant,
            "when its profiles were frozen",
        )
        .optional(),
        Field::new(
            "previous",
            "#meta+cycle+code+previous",
            Kind::Link("review_cycles", Store::Id),
            "code of the cycle before",
        )
        .optional(),
    ]],
    composites: &[],
    rule: rules::review_cycle,
    data: Data::Example(example!("review-cycles")),
};

pub(super) const REVIEW_ITEMS: RecordType = RecordType {
    name: "review-items",
    about: "A situation on the agenda of a cycle.",
    table: "review_items",
    noun: Some("review item (cycle/situation)"),
    node: Some("itm"),
    sealed_by: None,
    history: History::Updated,
    told_up_to: None,
    key: &["cycle", "situation"],
    fields: &[&[
        CYCLE,
        SITUATION,
        Field::new(
            "agenda_position",
            "#meta+position",
            Kind::Whole(1),
            "place on the agenda",
        )
        .optional(),
        Field::new(
            "state",
            "#status+item",
            Kind::Term(values::<ItemState>),
            "how far it is",
        ),
        entity(
            "proposed_by",
            "#org+code+proposer",
            "code of the entity that proposed it",
        ),
        Field::new(
            "carried_from_cycle",
            "#meta+cycle+code+carried",
            Kind::Code,
            "code of the cycle whose item it carries on",
        )
        .optional()
        .unstored(),
        Field::new(
            "version",
            "#meta+version",
            Kind::Whole(1),
            "counts the changes to it",
        ),
    ]],
    composites: &[Composite {
        name: "carried_from",
        target: "review_items",
        parts: &["carried_from_cycle", "situation"],
        is_id: true,
    }],
    rule: NO_RULE,
    data: Data::Example(example!("review-items")),
};

pub(super) const ENTITY_INPUTS: RecordType = RecordType {
    name: "entity-inputs",
    about: "What an entity handed in for a situation in a cycle; each version stays.",
    table: "entity_inputs",
    noun: None,
    node: Some("inp"),
    sealed_by: Some(SealedBy::EntityIn("entity")),
    history: History::Revised,
    told_up_to: None,
    key: &["cycle", "situation", "entity"],
    fields: &[
        &[
            CYCLE,
            SITUATION,
            entity("entity", "#org+code", "code of the entity"),
            Field::new(
                "status",
                "#status+input",
                Kind::Term(values::<InputStatus>),
                "NIL_RETURN says that there is nothing, NO_CHANGE that an earlier input holds, NOT_RECEIVED that nobody said anything",
            ),
            Field::new(
                "coverage",
                "#status+coverage",
                Kind::Term(values::<Coverage>),
                "whether the entity has a mechanism here",
            ),
            Field::new(
                "as_of",
                "#date+as_of",
                Kind::Instant,
                "what the input was true of",
            )
            .optional(),
            Field::new(
                "submitted_at",
                "#date+submitted",
                Kind::Instant,
                "when it was submitted",
            )
            .optional(),
            Field::new(
                "cleared_at",
                "#date+cleared",
                Kind::Instant,
                "when it was cleared",
            )
            .optional(),
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
                "what a reader has to know",
            )
            .optional()
            .free_text(),
            Field::new(
                "confidence",
                "#indicator+confidence",
                Kind::Term(values::<Confidence>),
                "how sure the entity is",
            )
            .optional(),
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
            Field::new(
                "contributor",
                "#org+name+contributor",
                Kind::Text,
                "who contributed it to the entity: a field presence, a country task force",
            )
            .optional()
            .free_text(),
        ],
        VERSION,
    ],
    composites: &[],
    rule: rules::entity_input,
    data: Data::Example(example!("entity-inputs")),
};

pub(super) const CHANGES: RecordType = RecordType {
    name: "changes",
    about: "Something that changed in a situation.",
    table: "changes",
    noun: None,
    node: None,
    sealed_by: Some(SealedBy::EntityIn("entity")),
    history: History::Fixed,
    told_up_to: None,
    key: &["situation", "at", "entity", "kind", "path"],
    fields: &[&[
        SITUATION,
        Field::new("at", "#date+changed", Kind::Instant, "when"),
        entity(
            "entity",
            "#org+code",
            "code of the entity whose record changed",
        ),
        Field::new(
            "kind",
            "#status+change",
            Kind::Term(values::<ChangeKind>),
            "what happened",
        ),
        Field::new(
            "path",
            "#meta+path",
            Kind::Text,
            "what changed, as a path of the graph: `ohchr.casualties`",
        ),
        Field::new(
            "summary",
            "#description+summary",
            Kind::Text,
            "one sentence",
        )
        .optional()
        .free_text(),
    ]],
    composites: &[],
    rule: NO_RULE,
    data: Data::Example(example!("changes")),
};
