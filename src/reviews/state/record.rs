//! The records of the review, by their natural keys.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entities::terms::{
    ActionState, Classification, Confidence, Coverage, CycleKind, CycleState, DecisionKind,
    GapKind, InputKind, InputStatus, ItemState,
};

use crate::auth::Person;

/// The cycle and the situation of an item.
pub(crate) type ItemKey = (String, String);

/// The cycle, the situation and the entity of an input.
pub(crate) type InputKey = (String, String, String);

/// What is known of the review when an act is decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// By code.
    pub(crate) cycles: BTreeMap<String, Cycle>,
    /// The items of the cycles that the act concerns, and of those before them.
    pub(crate) items: BTreeMap<ItemKey, Item>,
    /// The inputs as they stand.
    pub(crate) inputs: BTreeMap<InputKey, Input>,
    /// How many decisions were taken on an item.
    pub(crate) decisions: BTreeMap<ItemKey, usize>,
    /// The actions, by code.
    pub(crate) actions: BTreeMap<String, Action>,
    /// How many profiles of an item are frozen.
    pub(crate) frozen: BTreeMap<ItemKey, usize>,
    /// Counts the changes of the review.
    pub(crate) revision: i64,
}

/// A round of the review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cycle {
    pub(crate) code: String,
    pub(crate) kind: CycleKind,
    /// Code of the period: `2026-11`.
    pub(crate) period: String,
    pub(crate) period_start: NaiveDate,
    pub(crate) state: CycleState,
    pub(crate) opens_at: Option<DateTime<Utc>>,
    pub(crate) inputs_due_at: DateTime<Utc>,
    pub(crate) session_at: Option<DateTime<Utc>>,
    pub(crate) frozen_at: Option<DateTime<Utc>>,
    /// Code of the cycle before.
    pub(crate) previous: Option<String>,
    pub(crate) version: i32,
}

/// A situation on the agenda of a cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) cycle: String,
    pub(crate) situation: String,
    pub(crate) state: ItemState,
    pub(crate) position: Option<i32>,
    pub(crate) proposed_by: String,
    /// Why it was proposed, or put off, or declined.
    pub(crate) reason: Option<Text>,
    /// Code of the cycle whose item it carries on.
    pub(crate) carried_from: Option<String>,
    pub(crate) version: i32,
}

impl Item {
    /// Its natural key.
    pub(crate) fn key(&self) -> ItemKey {
        (self.cycle.clone(), self.situation.clone())
    }
}

/// A text: as it is stored, or new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    /// Encrypted, unless it was stored before texts were.
    Stored(String),
    /// As an officer wrote it.
    New(String),
}

/// What an entity hands in on a situation for a cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    pub(crate) cycle: String,
    pub(crate) situation: String,
    pub(crate) entity: String,
    pub(crate) kind: InputKind,
    pub(crate) status: InputStatus,
    pub(crate) content: Content,
    /// All who worked on the draft.
    pub(crate) drafted_by: Vec<Person>,
    pub(crate) cleared_by: Option<Person>,
    pub(crate) submitted_at: Option<DateTime<Utc>>,
    pub(crate) cleared_at: Option<DateTime<Utc>>,
    /// The number of its revision.
    pub(crate) version: i32,
    /// Sealed: it is there for nobody, and counts its revisions alone.
    pub(crate) is_sealed: bool,
}

impl Input {
    /// Its natural key.
    pub(crate) fn key(&self) -> InputKey {
        (
            self.cycle.clone(),
            self.situation.clone(),
            self.entity.clone(),
        )
    }
}

/// What an input says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) coverage: Coverage,
    pub(crate) as_of: Option<DateTime<Utc>>,
    pub(crate) headline: Option<Text>,
    pub(crate) narratives: Vec<Narrative>,
    pub(crate) confidence: Option<Confidence>,
    pub(crate) caveats: Vec<Text>,
    pub(crate) gap: Option<Gap>,
    /// Ids of records of the entity.
    pub(crate) references: Vec<String>,
    /// The days that a nil return speaks of.
    pub(crate) covers: Option<(NaiveDate, NaiveDate)>,
    /// Code of the cycle whose input still holds.
    pub(crate) confirms: Option<String>,
    /// Who contributed it to the entity: a field presence, a country task force.
    pub(crate) contributor: Option<Text>,
    /// Who wrote what it was copied from; empty where it was not.
    pub(crate) drafted_by: Vec<Person>,
}

impl Content {
    /// What says nothing but whether there is a mechanism.
    pub(crate) fn new(coverage: Coverage) -> Self {
        Self {
            coverage,
            as_of: None,
            headline: None,
            narratives: Vec::new(),
            confidence: None,
            caveats: Vec::new(),
            gap: None,
            references: Vec::new(),
            covers: None,
            confirms: None,
            contributor: None,
            drafted_by: Vec::new(),
        }
    }

    /// Whether it says anything in words.
    pub(crate) fn has_text(&self) -> bool {
        self.headline.is_some() || !self.narratives.is_empty()
    }
}

/// A part of an input's text, with a level of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Narrative {
    pub(crate) heading: Text,
    pub(crate) level: Classification,
    pub(crate) body: Text,
}

/// Why an entity cannot report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gap {
    pub(crate) kind: GapKind,
    pub(crate) since: Option<NaiveDate>,
    pub(crate) note: Option<Text>,
}

/// What was decided on an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) item: ItemKey,
    /// Counts the decisions on the item.
    pub(crate) number: usize,
    pub(crate) kind: DecisionKind,
    pub(crate) note: Option<Text>,
    pub(crate) dissent: Vec<String>,
}

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Action {
    pub(crate) code: String,
    pub(crate) situation: String,
    pub(crate) title: Text,
    pub(crate) owner: String,
    pub(crate) due_on: NaiveDate,
    pub(crate) state: ActionState,
    pub(crate) outcome: Option<Text>,
    /// Code of the cycle that it was first agreed in.
    pub(crate) first_cycle: String,
    /// The number of the decision of that cycle that it follows from.
    pub(crate) decision: Option<usize>,
    /// Codes of the cycles on whose item it stands.
    pub(crate) stands_in: Vec<String>,
    pub(crate) version: i32,
}

impl Action {
    /// Whether it remains to be done.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.state, ActionState::Open | ActionState::InProgress)
    }
}

/// A record that an act makes or changes: as it is afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Cycle(Cycle),
    Item(Item),
    Input(Box<Input>),
    Decision(Decision),
    Action(Action),
    /// The profile of an item was frozen.
    Frozen(ItemKey),
}

impl State {
    /// Takes a change in.
    pub(crate) fn apply(&mut self, change: &Change) {
        match change {
            Change::Cycle(cycle) => {
                self.cycles.insert(cycle.code.clone(), cycle.clone());
            }
            Change::Item(item) => {
                self.items.insert(item.key(), item.clone());
            }
            Change::Input(input) => {
                self.inputs.insert(input.key(), (**input).clone());
            }
            Change::Decision(decision) => {
                self.decisions
                    .insert(decision.item.clone(), decision.number);
            }
            Change::Action(action) => {
                self.actions.insert(action.code.clone(), action.clone());
            }
            Change::Frozen(item) => {
                *self.frozen.entry(item.clone()).or_default() += 1;
            }
        }
    }
}
