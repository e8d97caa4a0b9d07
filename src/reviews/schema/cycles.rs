//! Review cycles.

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::{
    super::{
        ids,
        loader::{AreaKey, CycleKey, InputsOf},
        service::in_order,
        store::{self, CYCLES, CycleItemArguments},
        terms::{CycleKind, CycleState, ReviewItemOrder},
    },
    items::{ReviewItemConnection, ReviewItemFilter},
    objects::{Area, EntityInput, ReviewCycle, ReviewItem},
};
use crate::vocabulary::{
    Classification, DateTime, ListOf, Part, Period, PeriodRange, RowPlace, Rows, StoreError,
    bad_input, charged, connection, record_id, terms,
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

    /// When it is opened for inputs by itself.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn opens_at(&self) -> Option<DateTime> {
        self.0.opens_at.map(DateTime)
    }

    /// Counts the changes to it.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn version(&self) -> i32 {
        self.0.version
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
