//! Batches of the review's records: one key type for each kind of question.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use chrono::{DateTime, Utc};
use entities::{
    action, action_item, area, change, decision, entity_input, frozen_part, frozen_profile,
    input_narrative, organisation, organisation_name, party, party_former_name, review_cycle,
    review_item, situation, situation_area, situation_state,
    terms::{Classification, CycleKind},
};
use indexmap::IndexMap;

use super::store::{self, CycleItemArguments, SituationItemArguments};
use crate::{
    sources::MANDATES,
    vocabulary::{
        CHUNK, Kind, ListOf, RowLoader, StoreError, by_arguments, keyed, list_loader, page_loader,
        row_loader,
    },
};

row_loader! {
    /// A situation, by its id in the graph.
    SituationId(String), situation.public_id = PublicId, store::situations
}
row_loader! {
    /// A situation, by its surrogate key.
    SituationKey(i64), situation.id = Id, store::situations
}
list_loader! {
    /// How a situation is judged.
    StatesOf, situation_state.situation_id = SituationId, store::situation_states
}
row_loader! {
    /// An area, by its id in the graph.
    AreaId(String), area.public_id = PublicId, store::areas
}
row_loader! {
    /// An area, by its surrogate key.
    AreaKey(i64), area.id = Id, store::areas
}
list_loader! {
    /// The areas that a situation lies in.
    AreasOf, situation_area.situation_id = SituationId, store::areas_of
}
row_loader! {
    /// A party, by its id in the graph.
    PartyId(String), party.public_id = PublicId, store::parties
}
row_loader! {
    /// A party, by its surrogate key.
    PartyKey(i64), party.id = Id, store::parties
}
list_loader! {
    /// The names that a party had.
    FormerNamesOf, party_former_name.party_id = PartyId, store::former_names
}
row_loader! {
    /// A body, by its code.
    OrganisationCode(String), organisation.record_key = RecordKey, store::organisations
}
row_loader! {
    /// A body, by its surrogate key.
    OrganisationKey(i64), organisation.id = Id, store::organisations
}
list_loader! {
    /// The present and former names of a body.
    NamesOf, organisation_name.organisation_id = OrganisationId, store::organisation_names
}
row_loader! {
    /// A cycle, by its id in the graph.
    CycleId(String), review_cycle.public_id = PublicId, store::cycles
}
row_loader! {
    /// A cycle, by its surrogate key.
    CycleKey(i64), review_cycle.id = Id, store::cycles
}
row_loader! {
    /// An item, by its id in the graph.
    ItemId(String), review_item.public_id = PublicId, store::items
}
row_loader! {
    /// An item, by its surrogate key.
    ItemKey(i64), review_item.id = Id, store::items
}
page_loader!(CycleItemArguments, review_item, store::items_of_cycle);
page_loader!(
    SituationItemArguments,
    review_item,
    store::items_of_situation
);
row_loader! {
    /// An input, by its id in the graph.
    InputId(String), entity_input.public_id = PublicId, store::inputs
}
list_loader! {
    /// What was handed in for a cycle.
    InputsOf, entity_input.cycle_id = CycleId, store::inputs
}
list_loader! {
    /// The parts of an input's text.
    NarrativesOf, input_narrative.input_id = InputId, store::narratives
}
list_loader! {
    /// The profiles that were frozen of an item.
    FrozenOf, frozen_profile.item_id = ItemId, store::frozen_profiles
}
list_loader! {
    /// What of a frozen profile is told to the caller.
    PartsOf, frozen_part.frozen_id = FrozenId, store::frozen_parts
}
list_loader! {
    /// All of a frozen profile, to see whether it is as it was.
    WholeOf, frozen_part.frozen_id = FrozenId, store::all_frozen_parts
}
row_loader! {
    /// A frozen profile, by its id in the graph.
    FrozenId(String), frozen_profile.public_id = PublicId, store::frozen_profiles
}
row_loader! {
    /// A decision, by its id in the graph.
    DecisionId(String), decision.public_id = PublicId, store::decisions
}
list_loader! {
    /// What was decided on an item.
    DecisionsOf, decision.item_id = ItemId, store::decisions
}
row_loader! {
    /// An action, by its id in the graph.
    ActionId(String), action.public_id = PublicId, store::actions
}
row_loader! {
    /// An action, by its surrogate key.
    ActionKey(i64), action.id = Id, store::actions
}
list_loader! {
    /// The actions that follow from a decision.
    ActionsFrom, action.decision_id = DecisionId, store::actions
}
list_loader! {
    /// The open actions on a situation.
    OpenActionsOf, action.situation_id = SituationId, store::open_actions
}
list_loader! {
    /// The actions that stand under an item.
    ActionsUnder, action_item.item_id = ItemId, store::action_items
}
list_loader! {
    /// The items that an action stands under.
    ItemsOver, action_item.action_id = ActionId, store::action_items
}

/// A mandate's record, by its id in the graph. Of it only that it exists is known here.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RecordId {
    /// Of which type.
    pub(crate) kind: Kind,
    /// Its id.
    pub(crate) id: String,
    /// With a clearance up to this level.
    pub(crate) up_to: Classification,
}

impl Loader<RecordId> for RowLoader {
    type Value = ();
    type Error = StoreError;

    async fn load(&self, keys: &[RecordId]) -> Result<HashMap<RecordId, ()>, StoreError> {
        let mut by_kind: IndexMap<(Kind, Classification), Vec<&str>> = IndexMap::new();
        for key in keys {
            let of_kind = by_kind.entry((key.kind, key.up_to)).or_default();
            of_kind.push(&key.id);
        }
        let nodes = MANDATES.iter().flat_map(|mandate| mandate.nodes);
        let nodes: HashMap<_, _> = nodes.map(|node| (node.kind, node)).collect();
        let mut found = HashMap::with_capacity(keys.len());
        for ((kind, up_to), ids) in by_kind {
            let Some(node) = nodes.get(&kind) else {
                continue;
            };
            for chunk in ids.chunks(CHUNK) {
                let rows = (node.rows)(&self.viewer.up_to(up_to));
                let existing = store::existing(&self.database, rows, chunk).await?;
                found.extend(
                    existing
                        .into_iter()
                        .map(|id| (RecordId { kind, id, up_to }, ())),
                );
            }
        }
        Ok(found)
    }
}

/// The cycle of a kind that is present.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Present(pub(crate) CycleKind);

impl Loader<Present> for RowLoader {
    type Value = review_cycle::Model;
    type Error = StoreError;

    async fn load(
        &self,
        keys: &[Present],
    ) -> Result<HashMap<Present, review_cycle::Model>, StoreError> {
        let mut found = HashMap::with_capacity(keys.len());
        for key in keys {
            let cycle = store::current_cycle(&self.database, &self.viewer, key.0).await?;
            found.extend(cycle.map(|cycle| (*key, cycle)));
        }
        Ok(found)
    }
}

/// The monthly cycle whose inputs a situation shows unless another is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LatestCycle;

impl Loader<LatestCycle> for RowLoader {
    type Value = i64;
    type Error = StoreError;

    async fn load(&self, _: &[LatestCycle]) -> Result<HashMap<LatestCycle, i64>, StoreError> {
        let cycle = store::latest_cycle(&self.database, &self.viewer).await?;
        Ok(cycle
            .map(|cycle| (LatestCycle, cycle.id))
            .into_iter()
            .collect())
    }
}

/// What is asked of the changes in a situation: all since an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Since(pub(crate) DateTime<Utc>);

impl Loader<ListOf<Since>> for RowLoader {
    type Value = Vec<change::Model>;
    type Error = StoreError;

    async fn load(
        &self,
        keys: &[ListOf<Since>],
    ) -> Result<HashMap<ListOf<Since>, Self::Value>, StoreError> {
        let mut found = HashMap::with_capacity(keys.len());
        for (since, situations) in by_arguments(keys) {
            let lists =
                store::changes_since(&self.database, &self.viewer, &situations, since.0).await?;
            found.extend(keyed(since, lists));
        }
        Ok(found)
    }
}
