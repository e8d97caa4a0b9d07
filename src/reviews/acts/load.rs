//! The state of the review as it is stored.

use std::collections::{BTreeSet, HashMap};

use entities::{
    action, action_item, decision, entity_input, event, frozen_profile, input_narrative,
    review_cycle, review_item, situation,
    terms::{ActionState, CycleState},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::{
    super::state::{
        Action, Content, Cycle, Gap, Input, InputKey, Item, ItemKey, Narrative, State, Text,
    },
    rows::{MANDATE, REOPENED, Rows},
};
use crate::{auth::Person, database::Database};

/// What an act concerns.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// Code of the cycle.
    pub(super) cycle: Option<String>,
    /// The input, of which earlier ones of the entity are read as well.
    pub(super) input: Option<InputKey>,
    /// The action, which may be done already.
    pub(super) action: Option<String>,
}

/// Loads what an act is decided on.
pub(super) async fn load<C: ConnectionTrait>(
    connection: &C,
    scope: &Scope,
) -> Result<(State, Rows), DbErr> {
    let (mut state, mut rows) = (State::default(), Rows::default());
    let codes = load_cycles(connection, &mut state, &mut rows).await?;
    let situations = situation::Entity::find()
        .select_only()
        .columns([situation::Column::Id, situation::Column::RecordKey])
        .into_tuple::<(i64, String)>()
        .all(connection)
        .await?;
    let keys: HashMap<i64, String> = situations.into_iter().collect();
    rows.situations = keys.iter().map(|(id, key)| (key.clone(), *id)).collect();
    let names = Names { codes, keys };
    load_items(connection, scope, (&mut state, &mut rows), &names).await?;
    load_inputs(connection, scope, (&mut state, &mut rows), &names).await?;
    load_actions(connection, scope, (&mut state, &mut rows), &names).await?;
    let cycle = scope.cycle.as_ref();
    let cycle = cycle.and_then(|code| rows.cycles.get(code).copied());
    state.revision = revision(connection, cycle).await?;
    Ok((state, rows))
}

/// Whether nobody has acted on a review here.
pub async fn are_untouched(database: &Database) -> Result<bool, DbErr> {
    let first = event::Entity::find()
        .filter(event::Column::Mandate.eq(MANDATE))
        .one(&database.read);
    Ok(first.await?.is_none())
}

/// The number of the last change of a review that others than the entity that made it are told of, or that takes what
/// they were told back.
async fn revision<C: ConnectionTrait>(connection: &C, cycle: Option<i64>) -> Result<i64, DbErr> {
    let last = event::Entity::find()
        .select_only()
        .expr(event::Column::Id.max())
        .filter(event::Column::Mandate.eq(MANDATE))
        .filter(event::Column::CycleId.eq(cycle))
        .filter(
            Condition::any()
                .add(event::Column::IsInternal.eq(false))
                .add(event::Column::Kind.eq(REOPENED)),
        );
    let last = last.into_tuple::<Option<i64>>().one(connection).await?;
    Ok(last.flatten().unwrap_or_default())
}

/// Natural keys by surrogate keys.
struct Names {
    codes: HashMap<i64, String>,
    keys: HashMap<i64, String>,
}

impl Names {
    fn item(&self, cycle: i64, situation: i64) -> Option<ItemKey> {
        let cycle = self.codes.get(&cycle)?.clone();
        Some((cycle, self.keys.get(&situation)?.clone()))
    }
}

async fn load_cycles<C: ConnectionTrait>(
    connection: &C,
    state: &mut State,
    rows: &mut Rows,
) -> Result<HashMap<i64, String>, DbErr> {
    let cycles = review_cycle::Entity::find().all(connection).await?;
    let codes: HashMap<i64, String> = cycles
        .iter()
        .map(|row| (row.id, row.record_key.clone()))
        .collect();
    for row in cycles {
        rows.cycles.insert(row.record_key.clone(), row.id);
        let cycle = Cycle {
            code: row.record_key.clone(),
            kind: row.kind,
            period: row.period,
            period_start: row.period_start,
            state: row.state,
            opens_at: row.opens_at,
            inputs_due_at: row.inputs_due_at,
            session_at: row.session_at,
            frozen_at: row.frozen_at,
            previous: row.previous_id.and_then(|id| codes.get(&id).cloned()),
            version: row.version,
        };
        state.cycles.insert(row.record_key, cycle);
    }
    Ok(codes)
}

/// The items of cycles that are under way, of the one that is concerned and of the one before it.
async fn load_items<C: ConnectionTrait>(
    connection: &C,
    scope: &Scope,
    (state, rows): (&mut State, &mut Rows),
    names: &Names,
) -> Result<(), DbErr> {
    let mut cycles: BTreeSet<&str> = BTreeSet::new();
    let under_way = state
        .cycles
        .values()
        .filter(|cycle| cycle.state != CycleState::Closed);
    cycles.extend(under_way.map(|cycle| cycle.code.as_str()));
    let concerned = scope
        .cycle
        .as_deref()
        .and_then(|code| state.cycles.get(code));
    if let Some(cycle) = concerned {
        cycles.insert(&cycle.code);
        cycles.extend(cycle.previous.as_deref());
    }
    let ids: Vec<_> = cycles
        .into_iter()
        .filter_map(|code| rows.cycles.get(code).copied())
        .collect();
    let items = review_item::Entity::find()
        .filter(review_item::Column::CycleId.is_in(ids.clone()))
        .all(connection)
        .await?;
    let by_id: HashMap<i64, ItemKey> = items
        .iter()
        .filter_map(|row| Some((row.id, names.item(row.cycle_id, row.situation_id)?)))
        .collect();
    // What an item carries on can be of a cycle before these.
    let carried: Vec<_> = items.iter().filter_map(|row| row.carried_from_id).collect();
    let carried = review_item::Entity::find()
        .filter(review_item::Column::Id.is_in(carried))
        .all(connection)
        .await?;
    let carried: HashMap<i64, String> = carried
        .into_iter()
        .filter_map(|row| Some((row.id, names.codes.get(&row.cycle_id)?.clone())))
        .collect();
    for row in items {
        let Some(key) = by_id.get(&row.id).cloned() else {
            continue;
        };
        rows.items.insert(key.clone(), row.id);
        let item = Item {
            cycle: key.0.clone(),
            situation: key.1.clone(),
            state: row.state,
            position: row.agenda_position,
            proposed_by: row.proposed_by,
            reason: row.reason.map(Text::Stored),
            carried_from: row.carried_from_id.and_then(|id| carried.get(&id).cloned()),
            version: row.version,
        };
        state.items.insert(key, item);
    }
    let item_ids = || by_id.keys().copied();
    let decisions = decision::Entity::find()
        .select_only()
        .column(decision::Column::ItemId)
        .filter(decision::Column::ItemId.is_in(item_ids()))
        .into_tuple::<i64>()
        .all(connection)
        .await?;
    for item in decisions {
        if let Some(key) = by_id.get(&item) {
            *state.decisions.entry(key.clone()).or_default() += 1;
        }
    }
    let frozen = frozen_profile::Entity::find()
        .select_only()
        .column(frozen_profile::Column::ItemId)
        .filter(frozen_profile::Column::ItemId.is_in(item_ids()))
        .into_tuple::<i64>()
        .all(connection)
        .await?;
    for item in frozen {
        if let Some(key) = by_id.get(&item) {
            *state.frozen.entry(key.clone()).or_default() += 1;
        }
    }
    Ok(())
}

/// The inputs of the entity on the situation, for whatever cycle.
async fn load_inputs<C: ConnectionTrait>(
    connection: &C,
    scope: &Scope,
    (state, rows): (&mut State, &mut Rows),
    names: &Names,
) -> Result<(), DbErr> {
    use entity_input::Column;
    let Some((_, situation, entity)) = &scope.input else {
        return Ok(());
    };
    let situation_id = rows.situations.get(situation).copied();
    let inputs = entity_input::Entity::find()
        .filter(Column::SituationId.eq(situation_id))
        .filter(Column::Entity.eq(entity.as_str()))
        .filter(Column::IsCurrent.eq(true))
        .all(connection)
        .await?;
    let mut narratives: HashMap<i64, Vec<Narrative>> = HashMap::new();
    let parts = input_narrative::Entity::find()
        .filter(input_narrative::Column::InputId.is_in(inputs.iter().map(|row| row.id)))
        .order_by_asc(input_narrative::Column::Position)
        .all(connection)
        .await?;
    for part in parts {
        narratives
            .entry(part.input_id)
            .or_default()
            .push(Narrative {
                heading: Text::Stored(part.heading),
                level: part.classification,
                body: Text::Stored(part.body),
            });
    }
    for row in inputs {
        let Some((cycle, situation)) = names.item(row.cycle_id, row.situation_id) else {
            continue;
        };
        let narratives = narratives.remove(&row.id).unwrap_or_default();
        rows.inputs
            .insert((cycle.clone(), situation.clone(), entity.clone()), row.id);
        let input = read_input(row, (cycle, situation), narratives, names);
        state.inputs.insert(input.key(), input);
    }
    Ok(())
}

fn read_input(
    row: entity_input::Model,
    (cycle, situation): ItemKey,
    narratives: Vec<Narrative>,
    names: &Names,
) -> Input {
    let stored = |text: Option<String>| text.map(Text::Stored);
    Input {
        cycle,
        situation,
        kind: row.kind,
        status: row.status,
        content: Content {
            coverage: row.coverage,
            as_of: row.as_of,
            headline: stored(row.headline),
            narratives,
            confidence: row.confidence,
            caveats: (row.caveats.into_vec().into_iter())
                .map(Text::Stored)
                .collect(),
            gap: row.gap_kind.map(|kind| Gap {
                kind,
                since: row.gap_since,
                note: stored(row.gap_note),
            }),
            references: row.reference_ids.into_vec(),
            covers: row.covers_from.zip(row.covers_until),
            confirms: row.confirms_id.and_then(|id| names.codes.get(&id).cloned()),
            contributor: stored(row.contributor),
            drafted_by: Vec::new(),
        },
        drafted_by: people(row.drafted_by.as_deref()),
        cleared_by: row.cleared_by.as_deref().and_then(Person::from_text),
        submitted_at: row.submitted_at,
        cleared_at: row.cleared_at,
        version: row.revision,
        is_sealed: row.sealed_at.is_some(),
        entity: row.entity,
    }
}

/// People as they are stored, those who were imported left out: they have no names here.
pub(super) fn people(text: Option<&str>) -> Vec<Person> {
    text.and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

/// The actions that remain to be done, and the one that is concerned.
async fn load_actions<C: ConnectionTrait>(
    connection: &C,
    scope: &Scope,
    (state, rows): (&mut State, &mut Rows),
    names: &Names,
) -> Result<(), DbErr> {
    use action::Column;
    let open = Column::State.is_in([ActionState::Open, ActionState::InProgress]);
    let concerned = scope
        .action
        .as_deref()
        .map(|code| Column::RecordKey.eq(code));
    let actions = action::Entity::find()
        .filter(Condition::any().add(open).add_option(concerned))
        .filter(Column::SealedAt.is_null())
        .all(connection)
        .await?;
    let links = action_item::Entity::find()
        .filter(action_item::Column::ActionId.is_in(actions.iter().map(|row| row.id)))
        .order_by_asc(action_item::Column::Id)
        .all(connection)
        .await?;
    let items = review_item::Entity::find()
        .filter(review_item::Column::Id.is_in(links.iter().map(|link| link.item_id)))
        .all(connection)
        .await?;
    let cycle_of: HashMap<i64, &String> = items
        .iter()
        .filter_map(|row| Some((row.id, names.codes.get(&row.cycle_id)?)))
        .collect();
    let mut stands_in: HashMap<i64, Vec<String>> = HashMap::new();
    for link in links {
        if let Some(cycle) = cycle_of.get(&link.item_id) {
            let cycles = stands_in.entry(link.action_id).or_default();
            cycles.push((*cycle).clone());
        }
    }
    for row in actions {
        let place = names.item(row.first_cycle_id, row.situation_id);
        let Some((first_cycle, situation)) = place else {
            continue;
        };
        rows.actions.insert(row.record_key.clone(), row.id);
        let action = Action {
            code: row.record_key.clone(),
            situation,
            title: Text::Stored(row.title),
            owner: row.owner,
            due_on: row.due_on,
            state: row.state,
            outcome: row.outcome.map(Text::Stored),
            first_cycle,
            decision: None,
            stands_in: stands_in.remove(&row.id).unwrap_or_default(),
            version: row.version,
        };
        state.actions.insert(row.record_key, action);
    }
    Ok(())
}
