//! Carries an act out, from the state before to the announcement.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entities::{situation, terms::ItemState};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
};

use super::{
    super::state::{Act, Actor, Change, CycleAct, Profiles, Refusal, Role, State, Text, decide},
    apply::{Writer, end_of_month},
    error::ActError,
    events::{self, By},
    freeze::{self, ReadAll},
    load::{self, Scope},
    profiles::ReviewCell,
    protect::protect,
    requests::Keyed,
    rows::Rows,
    texts::{Record, Texts},
};
use crate::{
    auth::{Person, Principal},
    database::{Database, take_turn},
    import::{IdKey, TURN},
    vocabulary::Viewer,
};

/// How often profiles are read again because the review changed meanwhile.
const ATTEMPTS: usize = 5;

/// Who asks for an act, and where it is carried out.
#[derive(Clone, Debug)]
pub(crate) struct Asker {
    pub(crate) database: Database,
    pub(crate) cell: ReviewCell,
    pub(crate) principal: Principal,
    /// None for the service itself.
    pub(crate) viewer: Option<Viewer>,
    pub(crate) now: DateTime<Utc>,
}

/// An act, with the key that its client gave it.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) key: Option<String>,
    pub(crate) act: Act,
}

/// Carries an act out in a task of its own: who leaves does not stop it half-way. The id of the record that it made or
/// changed.
pub(crate) async fn run(asker: Asker, request: Request) -> Result<String, ActError> {
    let outcome = tokio::spawn(async move { carry_out(&asker, request).await }).await;
    outcome.unwrap_or(Err(ActError::Interrupted))
}

async fn carry_out(asker: &Asker, request: Request) -> Result<String, ActError> {
    let Request { key, mut act } = request;
    let person = Person::of(&asker.principal);
    let keyed = |act: &Act| {
        let key = key.as_deref()?;
        Some(Keyed::new(person.as_ref()?, key, act))
    };
    let keyed = keyed(&act);
    if let Some(keyed) = &keyed
        && let Some(outcome) = keyed.outcome(&asker.database.read).await?
    {
        return Ok(outcome);
    }
    if let Some(cycle) = freezes(&act) {
        return freeze(asker, &mut act, &cycle, keyed.as_ref()).await;
    }
    let (outcome, changes) = store(asker, &act, ReadAll::new(), keyed.as_ref()).await?;
    tracing::info!(changes, "the review was acted on");
    Ok(outcome)
}

/// Freezes: reads the profiles, and stores them if the review has not changed meanwhile; else again.
async fn freeze(
    asker: &Asker,
    act: &mut Act,
    cycle: &str,
    keyed: Option<&Keyed>,
) -> Result<String, ActError> {
    // Whoever asks for the same waits, and finds it done.
    let _turn = asker.cell.take_turn_to_freeze().await;
    let mut asker = asker.clone();
    let mut attempt = 0;
    let (outcome, changes) = loop {
        attempt += 1;
        if let Some(keyed) = keyed
            && let Some(outcome) = keyed.outcome(&asker.database.read).await?
        {
            return Ok(outcome);
        }
        if let Some(parts) = asker.cell.parts() {
            // What is cleared from now on is not in the profiles for certain.
            asker.now = parts.clock.instant();
        }
        let profiles = read_profiles(&asker, act, cycle).await?;
        match store(&asker, act, profiles, keyed).await {
            Err(ActError::Refused(Refusal::Outrun)) if attempt < ATTEMPTS => {}
            outcome => break outcome?,
        }
    };
    tracing::info!(changes, "the review was acted on");
    Ok(outcome)
}

/// Reads the profiles that an act freezes, once it is seen that nothing else stands against it.
async fn read_profiles(asker: &Asker, act: &mut Act, cycle: &str) -> Result<ReadAll, ActError> {
    let connection = &asker.database.read;
    let (state, _) = load::load(connection, &scope(act)).await?;
    let situations: Vec<String> = match act {
        Act::FreezeAgain { item, .. } => vec![item.1.clone()],
        _ => {
            let items = state.items.values().filter(|item| item.cycle == cycle);
            let items = items.filter(|item| item.state != ItemState::Withdrawn);
            items.map(|item| item.situation.clone()).collect()
        }
    };
    let read = Profiles {
        situations: situations.clone(),
        revision: state.revision,
    };
    match act {
        Act::MoveCycle { profiles, .. } => *profiles = Some(read),
        Act::FreezeAgain { profiles, .. } => *profiles = read,
        _ => {}
    }
    let actor = actor(asker, connection).await?;
    decide(&state, act, &actor, asker.now)?;
    let period = state.cycles.get(cycle).map(|cycle| cycle.period_start);
    let period_end = end_of_month(period.unwrap_or_default());
    let id = IdKey::of(connection).await?.public_id("cyc", cycle);
    freeze::read_all(connection, &asker.cell, &situations, (&id, period_end)).await
}

/// The cycle of which an act freezes profiles.
fn freezes(act: &Act) -> Option<String> {
    match act {
        Act::MoveCycle {
            cycle,
            act: CycleAct::CloseInputs | CycleAct::BeginFlashSession,
            ..
        } => Some(cycle.clone()),
        Act::FreezeAgain { item, .. } => Some(item.0.clone()),
        _ => None,
    }
}

/// Decides and stores in one transaction. The id of the record, and how many changed.
async fn store(
    asker: &Asker,
    act: &Act,
    mut profiles: ReadAll,
    keyed: Option<&Keyed>,
) -> Result<(String, usize), ActError> {
    let transaction = asker.database.begin().await?;
    take_turn(&transaction, TURN).await?;
    if let Some(keyed) = keyed
        && let Some(outcome) = keyed.outcome(&transaction).await?
    {
        transaction.rollback().await?;
        return Ok((outcome, 0));
    }
    let (state, mut rows) = load::load(&transaction, &scope(act)).await?;
    let actor = actor(asker, &transaction).await?;
    let changes = decide(&state, act, &actor, asker.now)?;
    let ids = IdKey::of(&transaction).await?;
    let outcome = subject(act, &changes, &ids);
    let reason = store_reason(&transaction, act, (&changes, asker.now)).await?;
    protect(&transaction, &mut profiles, asker.now).await?;
    let mut writer = Writer {
        connection: &transaction,
        ids: &ids,
        rows: &mut rows,
        profiles: &profiles,
        reason: reason.as_deref(),
        now: asker.now,
    };
    writer.write(&changes).await?;
    let by = By {
        entity: actor.entity().unwrap_or_default(),
        at: asker.now,
    };
    events::write(&transaction, &changes, (&ids, &rows), reason.as_deref(), by).await?;
    if let Some(keyed) = keyed {
        keyed.remember(&transaction, &outcome, asker.now).await?;
    }
    transaction.commit().await?;
    Ok((outcome, changes.len()))
}

/// Who acts: the person, with the roles of the token and the situations that the grants open now.
async fn actor<C: ConnectionTrait>(asker: &Asker, connection: &C) -> Result<Actor, DbErr> {
    let Some(viewer) = &asker.viewer else {
        return Ok(Actor::clock());
    };
    let situations = match viewer.needed_situation_keys() {
        None => Vec::new(),
        Some(needed) => {
            situation::Entity::find()
                .select_only()
                .column(situation::Column::RecordKey)
                .filter(situation::Column::Id.in_subquery(needed))
                .into_tuple()
                .all(connection)
                .await?
        }
    };
    let held = Role::OF_TOKENS.into_iter().filter(|role| {
        let scope = role.scope();
        scope.is_some_and(|scope| asker.principal.has_scope(scope))
    });
    // A clearance without any grant opens nothing, a role neither.
    let held_grants = match viewer.grants() {
        None => 0,
        Some(grants) => grants.count(connection).await?,
    };
    let roles: BTreeSet<_> = held.filter(|_| held_grants > 0).collect();
    Ok(Actor {
        person: Person::of(&asker.principal),
        roles,
        situations: situations.into_iter().collect(),
    })
}

fn scope(act: &Act) -> Scope {
    let of_cycle = |cycle: &String| Scope {
        cycle: Some(cycle.clone()),
        ..Scope::default()
    };
    match act {
        Act::Plan(_) => Scope::default(),
        Act::MoveCycle { cycle, .. } | Act::OrderAgenda { cycle, .. } => of_cycle(cycle),
        Act::FreezeAgain { item, .. }
        | Act::Propose { item, .. }
        | Act::MoveItem { item, .. }
        | Act::Decide { item, .. } => of_cycle(&item.0),
        Act::Draft { input, .. } | Act::MoveInput { input, .. } => Scope {
            input: Some(input.clone()),
            ..of_cycle(&input.0)
        },
        Act::MoveAction { action, .. } => Scope {
            action: Some(action.clone()),
            ..Scope::default()
        },
    }
}

/// The id of the record that an act makes or changes.
fn subject(act: &Act, changes: &[Change], ids: &IdKey) -> String {
    match act {
        Act::Plan(_) => {
            let planned = changes.iter().find_map(|change| match change {
                Change::Cycle(cycle) => Some(cycle.code.as_str()),
                _ => None,
            });
            ids.public_id("cyc", planned.unwrap_or_default())
        }
        Act::MoveCycle { cycle, .. } | Act::OrderAgenda { cycle, .. } => {
            ids.public_id("cyc", cycle)
        }
        Act::FreezeAgain { item, .. }
        | Act::Propose { item, .. }
        | Act::MoveItem { item, .. }
        | Act::Decide { item, .. } => ids.public_id("itm", &format!("{}/{}", item.0, item.1)),
        Act::Draft { input, .. } | Act::MoveInput { input, .. } => {
            ids.public_id("inp", &format!("{}/{}/{}", input.0, input.1, input.2))
        }
        Act::MoveAction { action, .. } => ids.public_id("act", action),
    }
}

/// The reason of an act as the log keeps it: encrypted with the key of the record that it is about, so that it goes
/// with it.
async fn store_reason<C: ConnectionTrait>(
    connection: &C,
    act: &Act,
    (changes, now): (&[Change], DateTime<Utc>),
) -> Result<Option<String>, DbErr> {
    let (reason, table, key) = match act {
        Act::MoveCycle {
            reason: Some(reason),
            cycle,
            ..
        } => (reason, "review_cycles", cycle.clone()),
        Act::FreezeAgain { item, reason, .. } => {
            (reason, "review_items", format!("{}/{}", item.0, item.1))
        }
        Act::MoveInput {
            reason: Some(reason),
            input,
            ..
        } => (
            reason,
            "entity_inputs",
            format!("{}/{}/{}", input.0, input.1, input.2),
        ),
        _ => return Ok(None),
    };
    let revision = changes.iter().find_map(|change| match change {
        Change::Input(input) => Some(input.version),
        _ => None,
    });
    let record = Record {
        table,
        key: &key,
        revision: revision.unwrap_or(1),
    };
    let mut texts = Texts::of(connection, record).await?;
    let stored = texts.stored(&Text::New(reason.trim().to_owned()))?;
    texts.finish(connection, now).await?;
    Ok(Some(stored))
}

/// Whether something stands against an act, by the state as it is.
pub(super) fn is_outrun(error: &ActError) -> bool {
    matches!(
        error,
        ActError::Refused(Refusal::WrongState { .. } | Refusal::Outrun | Refusal::Invalid { .. })
    )
}

/// The state that the service looks at for deadlines.
pub(super) async fn state_of(database: &Database) -> Result<(State, Rows), DbErr> {
    load::load(&database.read, &Scope::default()).await
}
