//! Deadlines pass by themselves: cycles are opened when their time has come, and closed when inputs were due; further
//! ones are planned by the rule of the settings. Replicas take turns, and whoever comes second finds it done.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use entities::terms::{CycleKind, CycleState};

use super::{
    super::state::{Act, Cycle, CycleAct, State},
    error::ActError,
    plan::Planning,
    profiles::ReviewCell,
    run::{Asker, Request, is_outrun, run, state_of},
};
use crate::{
    auth::{Clock, Principal},
    database::{Database, without_values},
};

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(20);

/// Acts when a deadline passes, as long as the process runs.
pub async fn keep_deadlines(database: Database, cell: ReviewCell, clock: Arc<dyn Clock>) {
    loop {
        let now = clock.instant();
        if let Err(error) = pass(&database, &cell, now).await {
            let error = match &error {
                ActError::Database(cause) => without_values(cause),
                other => other.to_string(),
            };
            tracing::error!(
                error,
                "a deadline of the review passed, and what it brings could not be done yet"
            );
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Does all that is due at an instant.
pub(super) async fn pass(
    database: &Database,
    cell: &ReviewCell,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let (mut state, _) = state_of(database).await?;
    while let Some(act) = due(&state, &cell.planning(), now) {
        let asker = Asker {
            database: database.clone(),
            cell: cell.clone(),
            principal: Principal::default(),
            viewer: None,
            now,
        };
        let done = run(asker, Request { key: None, act }).await;
        match done {
            Ok(_) => {}
            // Another replica was faster.
            Err(error) if is_outrun(&error) => return Ok(()),
            Err(error) => return Err(error),
        }
        state = state_of(database).await?.0;
    }
    Ok(())
}

/// Whether inputs were due. A cycle that went back, after its profiles were frozen, is closed by hand, and so is one
/// that came from a file and was not opened here.
fn is_due(cycle: &Cycle, now: DateTime<Utc>) -> bool {
    let was_opened_here = cycle.version > 1;
    was_opened_here && cycle.inputs_due_at <= now && cycle.frozen_at.is_none()
}

/// The next act that is due.
fn due(state: &State, planning: &Planning, now: DateTime<Utc>) -> Option<Act> {
    let here = |cycle: &&Cycle| cycle.kind != CycleKind::QuarterlyRegional;
    for cycle in state.cycles.values().filter(here) {
        let act = match cycle.state {
            CycleState::Planned if cycle.opens_at.is_some_and(|opens| opens <= now) => {
                CycleAct::OpenInputs
            }
            CycleState::InputOpen if is_due(cycle, now) => CycleAct::CloseInputs,
            _ => continue,
        };
        return Some(Act::MoveCycle {
            cycle: cycle.code.clone(),
            act,
            reason: None,
            profiles: None,
        });
    }
    planning.next(state, now.date_naive()).map(Act::Plan)
}
