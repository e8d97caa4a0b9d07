//! Review cycles and the inputs to them.

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::{
    super::{
        ids,
        loader::{AreaKey, CycleKey, InputsOf, SituationKey},
        service::in_order,
        store::{self, CYCLES, CycleItemArguments},
        terms::{CycleKind, CycleState, ReviewItemOrder},
    },
    items::{ReviewItemConnection, ReviewItemFilter},
    objects::{Area, EntityInput, ReviewCycle, ReviewItem, Situation},
};
use crate::vocabulary::{
    Classification, Coverage, DateTime, EntityCode, InputStatus, ListOf, Part, Period, PeriodRange,
    RowPlace, Rows, StoreError, Viewer, bad_input, charged, connection, is_told_to_all, missing,
    record_id, terms,
};

#[Object(use_type_description)]
impl ReviewCycle {
    /// Opaque.
    #[graphql(tag = "confidential")]
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        record_id(context, &self.0.public_id, Classification::Confidential)
    }

    /// Which meeting it leads up to.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn kind(&self) -> CycleKind {
        self.0.kind.into()
    }

    /// Of when.
    #[graphql(requires_scopes = "clearance:confidential")]
    #[expect(clippy::unused_async, reason = "a resolver is asynchronous")]
    async fn period(&self) -> Result<Period> {
        let place = RowPlace {
            table: "review_cycles",
            id: self.0.id,
        };
        Ok(Period::of_row(place, &self.0.period)?)
    }

    /// The region of a regional meeting.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn region(&self, context: &Context<'_>) -> Result<Option<Area>> {
        let Some(region) = self.0.region_id else {
            return Ok(None);
        };
        Ok(context
            .data::<Rows>()?
            .load_one(AreaKey(region))
            .await?
            .map(Area))
    }

    /// How far it is.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn state(&self) -> CycleState {
        self.0.state.into()
    }

    /// When inputs are due.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn inputs_due_at(&self) -> DateTime {
        DateTime(self.0.inputs_due_at)
    }

    /// When the meeting is.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn session_at(&self) -> Option<DateTime> {
        self.0.session_at.map(DateTime)
    }

    /// When its profiles were frozen.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn frozen_at(&self) -> Option<DateTime> {
        self.0.frozen_at.map(DateTime)
    }

    /// The cycle before.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn previous(&self, context: &Context<'_>) -> Result<Option<ReviewCycle>> {
        let Some(previous) = self.0.previous_id else {
            return Ok(None);
        };
        Ok(context
            .data::<Rows>()?
            .load_one(CycleKey(previous))
            .await?
            .map(ReviewCycle))
    }

    /// What was handed in for it.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn inputs(&self, context: &Context<'_>) -> Result<Vec<EntityInput>> {
        let inputs = context
            .data::<Rows>()?
            .load_one(InputsOf(self.0.id))
            .await?;
        charged(context, in_order(inputs.unwrap_or_default()), EntityInput)
    }

    /// Its agenda.
    #[graphql(requires_scopes = "clearance:confidential")]
    #[expect(
        clippy::too_many_arguments,
        reason = "they are those of the field in the graph"
    )]
    async fn items(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "Some(50)")] first: Option<i32>,
        after: Option<String>,
        filter: Option<ReviewItemFilter>,
        #[graphql(default_with = "Some(ReviewItemOrder::Agenda)")] order_by: Option<
            ReviewItemOrder,
        >,
    ) -> Result<ReviewItemConnection> {
        let order = order_by.unwrap_or(ReviewItemOrder::Agenda);
        let part = Part::new(first, 50, after.as_deref(), order.list())?.asked_by(context);
        let filter = filter
            .map(ReviewItemFilter::check)
            .transpose()?
            .unwrap_or_default();
        let list = ListOf::new(
            self.0.id,
            CycleItemArguments {
                part,
                filter,
                order,
            },
        );
        let page = context
            .data::<Rows>()?
            .load_one(list)
            .await?
            .unwrap_or_default();
        ReviewItemConnection::new(context, page, ReviewItem, after.is_some())
    }
}

#[Object(use_type_description)]
impl EntityInput {
    /// Opaque.
    #[graphql(tag = "confidential")]
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        record_id(context, &self.0.public_id, Classification::Confidential)
    }

    /// Which entity.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn entity(&self) -> EntityCode {
        self.0.entity.clone().into()
    }

    /// On which situation.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn situation(&self, context: &Context<'_>) -> Result<Situation> {
        let key = SituationKey(self.0.situation_id);
        context
            .data::<Rows>()?
            .load_one(key)
            .await?
            .map(Situation)
            .ok_or_else(missing)
    }

    /// How far it is. A nil return is information; what was not received is a gap. Until its entity has cleared it, others than its officers and the secretariat are told `NOT_RECEIVED`.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn status(&self, context: &Context<'_>) -> Result<InputStatus> {
        self.told_or(context, self.0.status.into(), InputStatus::NotReceived)
    }

    /// Whether the entity has a mechanism here.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn coverage(&self) -> Coverage {
        self.0.coverage.into()
    }

    /// What time it is true of.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn as_of(&self, context: &Context<'_>) -> Result<Option<DateTime>> {
        self.told_or(context, self.0.as_of.map(DateTime), None)
    }

    /// When it was submitted.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn submitted_at(&self, context: &Context<'_>) -> Result<Option<DateTime>> {
        self.told_or(context, self.0.submitted_at.map(DateTime), None)
    }

    /// When it was cleared.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn cleared_at(&self, context: &Context<'_>) -> Result<Option<DateTime>> {
        self.told_or(context, self.0.cleared_at.map(DateTime), None)
    }

    /// 1 is the first; each change adds one.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn version(&self, context: &Context<'_>) -> Result<i32> {
        self.told_or(context, self.0.revision, 1)
    }
}

impl EntityInput {
    /// What the caller is told of it: until its entity has cleared it, to others it looks like one that was
    /// not received.
    fn told_or<T>(&self, context: &Context<'_>, stored: T, not_received: T) -> Result<T> {
        let is_told = is_told_to_all(self.0.status, self.0.cleared_at.is_some())
            || context.data::<Viewer>()?.sees_uncleared_of(&self.0.entity);
        Ok(if is_told { stored } else { not_received })
    }
}

/// Only cycles that fit all of what is given.
#[derive(InputObject)]
pub(crate) struct ReviewCycleFilter {
    /// Of this kind.
    kind: Option<CycleKind>,
    /// Of this region.
    region: Option<ID>,
    /// In one of these states.
    states: Option<Vec<CycleState>>,
    /// Of a period within these.
    periods: Option<PeriodRange>,
}

connection! {
    #[graphql(requires_scopes = "clearance:confidential")]
    ReviewCycleConnection, ReviewCycleEdge, ReviewCycle
}

/// A page of the cycles.
pub(super) async fn list(
    context: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    filter: Option<ReviewCycleFilter>,
) -> Result<ReviewCycleConnection> {
    let part = Part::new(first, 12, after.as_deref(), CYCLES)?.asked_by(context);
    let mut wanted = store::CycleFilter::default();
    if let Some(filter) = filter {
        wanted.kind = filter.kind.map(Into::into);
        wanted.region = filter.region.map(|id| ids::AREA.check(id)).transpose()?;
        wanted.states = terms("states", filter.states)?;
        wanted.periods = filter
            .periods
            .map(PeriodRange::span)
            .transpose()
            .map_err(bad_input)?;
    }
    let loader = context.data::<Rows>()?.loader();
    let page = store::page_of_cycles(&loader.database, &loader.viewer, &wanted, &part)
        .await
        .map_err(StoreError::from)?;
    ReviewCycleConnection::new(context, page, ReviewCycle, after.is_some())
}
