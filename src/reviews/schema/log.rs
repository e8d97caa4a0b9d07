//! The log of the review, in order.

use std::sync::Arc;

use async_graphql::{Context, Description, ID, Object, Result, SimpleObject};
use entities::{event, terms};

use super::{
    super::{
        acts::LogPlace,
        loader::{CycleKey, SituationKey},
        store,
    },
    objects::{ReviewCycle, Situation},
    place::Place,
};
use crate::{
    auth::Person,
    vocabulary::{
        DateTime, EntityCode, RecordLevels, Rows, StoreError, StoredText, Viewer, bad_input,
        charged,
    },
};

const MOST: i32 = 200;

/// Something that happened in a review.
#[derive(Clone, Debug, Description)]
pub(crate) struct ReviewChange(event::Model);

#[Object(use_type_description, requires_scopes = "clearance:confidential")]
impl ReviewChange {
    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.happened_at)
    }

    /// What the record came to be: `CYCLE_INPUT_OPEN`, `INPUT_CLEARED`, `ITEM_ACCEPTED`, `PROFILE_FROZEN`, `DECISION_DEPLOY`, `ACTION_DONE`.
    async fn kind(&self) -> &str {
        &self.0.kind
    }

    /// Name of the record's type.
    async fn subject_type(&self) -> &str {
        &self.0.subject_type
    }

    /// Id of the record.
    async fn subject(&self) -> ID {
        ID(self.0.subject.clone())
    }

    /// Which entity's it is; null for the review's own.
    async fn owner(&self) -> Option<EntityCode> {
        Some(&self.0.owner)
            .filter(|owner| !owner.is_empty())
            .map(|owner| owner.clone().into())
    }

    /// Officers of which entity did it; null where a deadline passed.
    async fn actor(&self) -> Option<EntityCode> {
        Some(&self.0.actor)
            .filter(|actor| !actor.is_empty())
            .map(|actor| actor.clone().into())
    }

    /// Why, where a reason was given.
    async fn reason(&self, context: &Context<'_>) -> Result<Option<StoredText>> {
        let is_told = !self.0.is_internal || context.data::<Viewer>()?.is_of(&self.0.owner);
        let reason = self.0.detail.as_deref().filter(|_| is_told);
        Ok(reason.map(Into::into))
    }

    /// In which review.
    async fn cycle(&self, context: &Context<'_>) -> Result<Option<ReviewCycle>> {
        let Some(cycle) = self.0.cycle_id else {
            return Ok(None);
        };
        let cycle = context.data::<Rows>()?.load_one(CycleKey(cycle)).await?;
        Ok(cycle.map(ReviewCycle))
    }

    /// About which situation.
    async fn situation(&self, context: &Context<'_>) -> Result<Option<Situation>> {
        let Some(situation) = self.0.situation_id else {
            return Ok(None);
        };
        let key = SituationKey(situation);
        let situation = context.data::<Rows>()?.load_one(key).await?;
        Ok(situation.map(Situation))
    }
}

/// A part of the log of the review.
#[derive(SimpleObject, Debug)]
#[graphql(requires_scopes = "clearance:confidential")]
pub(crate) struct ReviewChangePage {
    /// What happened, in order.
    changes: Vec<ReviewChange>,
    /// The place after the last of them: what `after` takes, now or later.
    end_cursor: String,
    /// Whether there is more already.
    has_next_page: bool,
}

/// What happened after a place.
pub(super) async fn page(
    context: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
) -> Result<Option<ReviewChangePage>> {
    let first = first.unwrap_or(50);
    if !(1..=MOST).contains(&first) {
        return Err(bad_input(format!("`first` is from 1 to {MOST}.")));
    }
    let first = u64::from(first.unsigned_abs());
    let loader = context.data::<Rows>()?.loader();
    let grants = store::held_grants(&loader.database, &loader.viewer).await;
    if grants.map_err(StoreError::from)?.is_empty() {
        return Ok(None);
    }
    let place = context.data::<Arc<Place>>()?;
    let reader = Person::of(&place.principal)
        .ok_or_else(|| bad_input("The token names no officer of an entity."))?;
    let places = LogPlace::of(&place.database, &reader);
    let places = places.await.map_err(StoreError::from)?;
    let after = match &after {
        None => 0,
        Some(cursor) => places.read(cursor).ok_or_else(|| {
            bad_input("`after` is no place in this log that was given to you: take `endCursor` as it stands, with a token of the same officer.")
        })?,
    };
    let changes = store::events_after(&loader.database, &loader.viewer, after, first + 1);
    let mut changes = changes.await.map_err(StoreError::from)?;
    let has_next_page = changes.len() > usize::try_from(first).unwrap_or(usize::MAX);
    if has_next_page {
        changes.pop();
    }
    let levels = context.data::<RecordLevels>()?;
    for change in &changes {
        levels.note(&change.subject, terms::Classification::Confidential.into());
    }
    let last = changes.last().map_or(after, |change| change.id);
    Ok(Some(ReviewChangePage {
        end_cursor: places.write(last).map_err(StoreError::from)?,
        has_next_page,
        changes: charged(context, changes, ReviewChange)?,
    }))
}
