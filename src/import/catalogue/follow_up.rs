//! What a meeting decided, and who has to do what by when.

use entities::terms::{ActionState, DecisionKind};

use crate::records::{
    Composite, Data, Field, History, Kind, NO_RULE, RecordType, SealedBy, Store, example,
    shared::{ITEM, SITUATION, SITUATION_PART, entity},
    values,
};

const CYCLE_PART: Field =
    Field::new("cycle", "#meta+cycle+code", Kind::Code, "code of the cycle").unstored();

pub(super) const DECISIONS: RecordType = RecordType {
    name: "decisions",
    about: "What a meeting decided on an agenda item.",
    table: "decisions",
    noun: Some("decision (cycle/situation/number)"),
    node: Some("dec"),
    sealed_by: Some(SealedBy::Secretariat),
    history: History::Fixed,
    told_up_to: None,
    key: &["cycle", "situation", "number"],
    fields: &[&[
        CYCLE_PART,
        SITUATION_PART,
        Field::new(
            "number",
            "#meta+number",
            Kind::Whole(1),
            "counts the decisions on the item",
        )
        .unstored(),
        Field::new(
            "kind",
            "#activity+decision+type",
            Kind::Term(values::<DecisionKind>),
            "what is asked for",
        ),
        Field::new(
            "decided_at",
            "#date+decided",
            Kind::Instant,
            "when it was decided",
        ),
        Field::new(
            "note",
            "#description+note",
            Kind::Text,
            "what was said with it",
        )
        .optional()
        .free_text(),
        Field::new(
            "dissent",
            "#org+code+dissent",
            Kind::Links("organisations"),
            "codes of the entities that dissented",
        )
        .optional(),
    ]],
    composites: &[ITEM],
    rule: NO_RULE,
    data: Data::Example(example!("decisions")),
};

pub(super) const ACTIONS: RecordType = RecordType {
    name: "actions",
    about: "What somebody has to do by a day, until it is done.",
    table: "actions",
    noun: Some("action"),
    node: Some("act"),
    sealed_by: Some(SealedBy::Secretariat),
    history: History::Updated,
    told_up_to: None,
    key: &["code"],
    fields: &[&[
        Field::new(
            "code",
            "#activity+code",
            Kind::Code,
            "code that other files use",
        )
        .unstored(),
        SITUATION,
        Field::new("title", "#activity+name", Kind::Text, "what is to be done").free_text(),
        entity(
            "owner",
            "#org+code+owner",
            "code of the entity that does it",
        ),
        Field::new("due_on", "#date+due", Kind::Date, "the day it is due"),
        Field::new(
            "state",
            "#status+activity",
            Kind::Term(values::<ActionState>),
            "how far it is; overdue is computed",
        ),
        Field::new(
            "outcome",
            "#description+outcome",
            Kind::Text,
            "what came of it",
        )
        .optional()
        .free_text(),
        Field::new(
            "first_cycle",
            "#meta+cycle+code",
            Kind::Link("review_cycles", Store::Id),
            "code of the cycle it was first agreed in",
        ),
        Field::new(
            "decision_number",
            "#meta+number+decision",
            Kind::Whole(1),
            "number of the decision of that cycle that it follows from",
        )
        .optional()
        .unstored(),
    ]],
    composites: &[Composite {
        name: "decision",
        target: "decisions",
        parts: &["first_cycle", "situation", "decision_number"],
        is_id: true,
    }],
    rule: NO_RULE,
    data: Data::Example(example!("actions")),
};

pub(super) const ACTION_ITEMS: RecordType = RecordType {
    name: "action-items",
    about: "An agenda item that an action stands under: the first, and one for each carrying-over.",
    table: "action_items",
    noun: None,
    node: None,
    sealed_by: None,
    history: History::Updated,
    told_up_to: None,
    key: &["action", "cycle", "situation"],
    fields: &[&[
        Field::new(
            "action",
            "#activity+code",
            Kind::Link("actions", Store::Id),
            "code of the action",
        ),
        CYCLE_PART,
        SITUATION_PART,
    ]],
    composites: &[ITEM],
    rule: NO_RULE,
    data: Data::Example(example!("action-items")),
};
