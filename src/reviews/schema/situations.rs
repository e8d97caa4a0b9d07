//! Situations.

use async_graphql::{Context, ID, InputObject, Object, Result};
use entities::situation_state;

use super::{
    super::{
        ids,
        loader::{
            AreaKey, AreasOf, CycleId, InputsOf, LatestCycle, OpenActionsOf, Since, StatesOf,
        },
        service::{cut_off, in_order, name_in, state_in_force},
        store::{self, SITUATION_ITEMS, SituationItemArguments},
        terms::{ConcernLevel, Language, SituationOrder, SituationStatus},
    },
    areas::area_ids,
    items::ReviewItemConnection,
    objects::{Action, Area, Change, EntityInput, ReviewItem, Situation},
};
use crate::vocabulary::{
    Classification, Date, DateTime, ListOf, Page, Part, Rows, StoreError, Trend, bad_input,
    charged, connection, level_where, missing, record_id, searchable,
};

#[Object(use_type_description)]
impl Situation {
    /// Opaque.
    #[graphql(tag = "unclassified")]
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        record_id(context, &self.0.public_id, level_where(self.0.is_public))
    }

    /// What it is called, in English where it has no name in the language.
    #[graphql(tag = "unclassified")]
    async fn title(
        &self,
        #[graphql(default_with = "Some(Language::En)")] language: Option<Language>,
    ) -> &str {
        let row = &self.0;
        let others = [
            &row.title_fr,
            &row.title_es,
            &row.title_ar,
            &row.title_ru,
            &row.title_zh,
        ];
        name_in(
            language.unwrap_or(Language::En).into(),
            &row.title_en,
            others,
        )
    }

    /// Where it is.
    #[graphql(tag = "unclassified")]
    async fn areas(&self, context: &Context<'_>) -> Result<Vec<Area>> {
        let loader = context.data::<Rows>()?;
        let links = loader
            .load_one(AreasOf(self.0.id))
            .await?
            .unwrap_or_default();
        let keys: Vec<_> = links.iter().map(|link| AreaKey(link.area_id)).collect();
        let areas = loader.load_many(keys.clone()).await?;
        let area = |key| areas.get(key).cloned().map(Area).ok_or_else(missing);
        keys.iter().map(area).collect()
    }

    /// When it began.
    #[graphql(tag = "unclassified")]
    async fn since(&self) -> Option<Date> {
        self.0.since.map(Date)
    }

    /// When anything public about it last changed.
    #[graphql(tag = "unclassified")]
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// Whether it is invented.
    #[graphql(tag = "unclassified")]
    async fn is_example(&self) -> bool {
        self.0.is_example
    }

    /// Whether its being under review is public.
    #[graphql(tag = "unclassified")]
    async fn is_public(&self) -> bool {
        self.0.is_public
    }

    /// How it stands.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn status(&self, context: &Context<'_>) -> Result<Option<SituationStatus>> {
        Ok(self.state(context).await?.map(|state| state.status.into()))
    }

    /// How grave a named role holds it to be; never computed.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn concern_level(&self, context: &Context<'_>) -> Result<Option<ConcernLevel>> {
        let state = self.state(context).await?;
        Ok(state.and_then(|state| state.concern_level).map(Into::into))
    }

    /// Where it is heading.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn trend(&self, context: &Context<'_>) -> Result<Option<Trend>> {
        Ok(self.state(context).await?.map(|state| state.trend.into()))
    }

    /// What is recorded of inputs, at most one row an entity, registered ones too: what a page lists without knowing their blocks. An entity without a row handed nothing in. Those of the monthly cycle that began last, unless another is given.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn inputs(
        &self,
        context: &Context<'_>,
        cycle: Option<ID>,
    ) -> Result<Option<Vec<EntityInput>>> {
        let loader = context.data::<Rows>()?;
        let cycle = match cycle {
            Some(id) => Some(known_cycle(context, id).await?.id),
            None => loader.load_one(LatestCycle).await?,
        };
        let Some(cycle) = cycle else {
            return Ok(Some(Vec::new()));
        };
        let mut inputs = loader.load_one(InputsOf(cycle)).await?.unwrap_or_default();
        inputs.retain(|input| input.situation_id == self.0.id);
        charged(context, in_order(inputs), EntityInput).map(Some)
    }

    /// Its places on agendas, the latest cycle first.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn review_items(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "Some(12)")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<ReviewItemConnection>> {
        let part = Part::new(first, 12, after.as_deref(), SITUATION_ITEMS)?.asked_by(context);
        let list = ListOf::new(self.0.id, SituationItemArguments { part });
        let page = context
            .data::<Rows>()?
            .load_one(list)
            .await?
            .unwrap_or_default();
        ReviewItemConnection::new(context, page, ReviewItem, after.is_some()).map(Some)
    }

    /// What remains to be done, the first due first.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn open_actions(&self, context: &Context<'_>) -> Result<Option<Vec<Action>>> {
        let actions = context
            .data::<Rows>()?
            .load_one(OpenActionsOf(self.0.id))
            .await?;
        charged(context, actions.unwrap_or_default(), Action).map(Some)
    }

    /// What changed since the profiles of a cycle were frozen, the last first. since is the id of the cycle.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn changes(&self, context: &Context<'_>, since: ID) -> Result<Option<Vec<Change>>> {
        let cycle = known_cycle(context, since).await?;
        let list = ListOf::new(self.0.id, Since(cut_off(&cycle)));
        let changes = context.data::<Rows>()?.load_one(list).await?;
        charged(context, changes.unwrap_or_default(), Change).map(Some)
    }
}

impl Situation {
    async fn state(&self, context: &Context<'_>) -> Result<Option<situation_state::Model>> {
        let states = context
            .data::<Rows>()?
            .load_one(StatesOf(self.0.id))
            .await?;
        Ok(state_in_force(states.unwrap_or_default()))
    }
}

/// The cycle with an id that a caller with clearance gave.
async fn known_cycle(context: &Context<'_>, id: ID) -> Result<entities::review_cycle::Model> {
    let id = ids::REVIEW_CYCLE.check(id)?;
    let cycle = context
        .data::<Rows>()?
        .load_one(CycleId(id.clone()))
        .await?;
    cycle.ok_or_else(|| {
        bad_input(format!(
            "no review cycle has the id `{id}`: take one from `reviewCycles`"
        ))
    })
}

/// Only situations that fit all of what is given.
#[derive(InputObject)]
pub(crate) struct SituationFilter {
    /// In one of these areas.
    areas: Option<Vec<ID>>,
    /// In one of these regions, or in an area within one.
    regions: Option<Vec<ID>>,
    /// With this text in the English title, in capitals or not.
    text: Option<String>,
    /// Whether invented ones are among them; they are, unless this is false.
    include_examples: Option<bool>,
}

connection! {
    #[graphql(tag = "unclassified")]
    SituationConnection, SituationEdge, Situation
}

/// A page of the situations.
pub(super) async fn list(
    context: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    filter: Option<SituationFilter>,
    order: Option<SituationOrder>,
) -> Result<SituationConnection> {
    let order = order.unwrap_or(SituationOrder::Title);
    let part = Part::new(first, 20, after.as_deref(), store::order(order))?.asked_by(context);
    let mut wanted = store::SituationFilter::default();
    if let Some(filter) = filter {
        wanted.areas = area_ids("areas", filter.areas)?;
        wanted.regions = area_ids("regions", filter.regions)?;
        wanted.text = filter
            .text
            .map(|text| searchable("text", text))
            .transpose()?;
        wanted.include_examples = filter.include_examples;
    }
    let loader = context.data::<Rows>()?.loader();
    let page: Page<_> =
        store::page_of_situations(&loader.database, &loader.viewer, &wanted, order, &part)
            .await
            .map_err(StoreError::from)?;
    let everybody = loader.viewer.below(Classification::Confidential);
    if let Some(everybody) = everybody.filter(|_| part.tells_of_list) {
        let lower = store::page_of_situations(&loader.database, &everybody, &wanted, order, &part)
            .await
            .map_err(StoreError::from)?;
        if (page.total, page.has_next) != (lower.total, lower.has_next) {
            loader.levels.note_values(Classification::Confidential);
        }
    }
    SituationConnection::new(context, page, Situation, after.is_some())
}
