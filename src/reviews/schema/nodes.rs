//! Anything by its id.
//!
//! Of a mandate's records only that they exist is known here, by the rule that the mandate itself
//! goes by: what is above the caller's clearance looks the same as what does not exist. Their types
//! are those that the mandates declare, so they are put into the schema as values, not as Rust types.

use std::borrow::Cow;

use async_graphql::{
    ContainerType, Context, ContextSelectionSet, ID, Interface, OutputType, Positioned, Result,
    ServerResult, SimpleObject, Value,
    parser::types::Field,
    registry::{MetaType, Registry},
    resolver_utils::{Fields, resolve_container},
};

use entities::terms;
use sea_orm::Iterable;

use super::super::{
    ids,
    loader::{
        ActionId, AreaId, CycleId, DecisionId, FrozenId, InputId, ItemId, PartyId, RecordId,
        SituationId,
    },
};
use super::objects::{
    Action, Area, Decision, EntityInput, FrozenProfile, Party, ReviewCycle, ReviewItem, Situation,
};
use crate::{
    sources::{IdLevel, MANDATES},
    vocabulary::{Classification, Kind, RecordLevels, Rows, Viewer, block_situation, level_where},
};

/// Anything with an id.
#[derive(Interface)]
#[graphql(name = "Node", field(name = "id", ty = "ID", tag = "unclassified"))]
pub(crate) enum OwnNode {
    Situation(Situation),
    Area(Area),
    Party(Party),
    ReviewCycle(ReviewCycle),
    ReviewItem(ReviewItem),
    EntityInput(EntityInput),
    Decision(Decision),
    Action(Action),
    FrozenProfile(FrozenProfile),
}

/// Anything with an id: the review's own, or what a mandate describes.
pub(crate) enum Node {
    Own(Box<OwnNode>),
    OfMandate { kind: Kind, id: ID },
}

// Known here by its id alone; the subgraph that owns it describes it.
#[derive(SimpleObject)]
#[graphql(unresolvable = "id")]
struct OpenStub {
    #[graphql(tag = "unclassified", owned)]
    id: ID,
}

// The same for what exists for cleared callers alone.
#[derive(SimpleObject)]
#[graphql(unresolvable = "id")]
struct ConfidentialStub {
    #[graphql(tag = "confidential", owned)]
    id: ID,
}

impl ContainerType for Node {
    async fn resolve_field(&self, context: &Context<'_>) -> ServerResult<Option<Value>> {
        match self {
            Self::Own(node) => (**node).resolve_field(context).await,
            Self::OfMandate { id, .. } if context.item.node.name.node == "id" => {
                let selection = context.with_selection_set(&context.item.node.selection_set);
                id.resolve(&selection, context.item).await.map(Some)
            }
            Self::OfMandate { .. } => Ok(None),
        }
    }

    fn collect_all_fields<'a>(
        &'a self,
        context: &ContextSelectionSet<'a>,
        fields: &mut Fields<'a>,
    ) -> ServerResult<()> {
        match self {
            Self::Own(node) => (**node).collect_all_fields(context, fields),
            Self::OfMandate { .. } => fields.add_set(context, self),
        }
    }
}

impl OutputType for Node {
    fn type_name() -> Cow<'static, str> {
        OwnNode::type_name()
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        match self {
            Self::Own(node) => (**node).introspection_type_name(),
            Self::OfMandate { kind, .. } => kind.name().into(),
        }
    }

    fn create_type_info(registry: &mut Registry) -> String {
        let interface = OwnNode::create_type_info(registry);
        for mandate in MANDATES {
            let records = mandate.nodes.iter().map(|node| (node.kind, node.level));
            for (kind, level) in records.chain([(mandate.block, IdLevel::Unclassified)]) {
                add_stub(registry, kind.name(), level);
            }
        }
        interface
    }

    async fn resolve(
        &self,
        context: &ContextSelectionSet<'_>,
        _: &Positioned<Field>,
    ) -> ServerResult<Value> {
        resolve_container(context, self).await
    }
}

/// Adds a type of a mandate to the schema, and to what `Node` may be.
fn add_stub(registry: &mut Registry, type_name: &str, level: IdLevel) {
    let mut apart = Registry::default();
    let mut stub = match level {
        IdLevel::Unclassified => apart.create_fake_output_type::<OpenStub>(),
        IdLevel::Confidential => apart.create_fake_output_type::<ConfidentialStub>(),
    };
    if let MetaType::Object { name, .. } = &mut stub {
        type_name.clone_into(name);
    }
    registry.types.insert(type_name.to_owned(), stub);
    let interface = Node::type_name();
    registry.add_implements(type_name, &interface);
    if let Some(MetaType::Interface { possible_types, .. }) = registry.types.get_mut(&*interface) {
        possible_types.insert(type_name.to_owned());
    }
}

/// Every type that `node` finds.
fn kinds() -> impl Iterator<Item = Kind> {
    let of_mandate = MANDATES.iter().flat_map(|mandate| {
        let records = mandate.nodes.iter().map(|node| node.kind);
        records.chain([mandate.block])
    });
    ids::ALL.into_iter().chain(of_mandate)
}

/// What has this id and exists for the caller.
pub(super) async fn node(context: &Context<'_>, id: ID) -> Result<Option<Node>> {
    let kind = Kind::of(&id, kinds())?;
    if ids::ALL.contains(&kind) {
        let own = own(context, kind, id).await?;
        return Ok(own.map(|node| Node::Own(Box::new(node))));
    }
    let Some(mandate) = MANDATES.iter().find(|mandate| mandate.describes(kind)) else {
        return Ok(None);
    };
    let Some(level) = level_of(context, kind, &id).await? else {
        return Ok(None);
    };
    let levels = context.data::<RecordLevels>()?;
    levels.note_of(mandate.entity, &id, level);
    Ok(Some(Node::OfMandate { kind, id }))
}

/// The level of what a mandate describes, where it exists for the caller.
async fn level_of(context: &Context<'_>, kind: Kind, id: &str) -> Result<Option<Classification>> {
    let loader = context.data::<Rows>()?;
    if MANDATES.iter().any(|mandate| mandate.block == kind) {
        // A mandate has a block on every situation that exists.
        let situation = SituationId(block_situation(kind, id));
        let situation = loader.load_one(situation).await?;
        return Ok(situation.map(|row| level_where(row.is_public)));
    }
    let is_cleared = context.data::<Viewer>()?.is_cleared();
    let levels = terms::Classification::iter().filter(|level| is_cleared || is_lowest(*level));
    for up_to in levels {
        let id = id.to_owned();
        if loader
            .load_one(RecordId { kind, id, up_to })
            .await?
            .is_some()
        {
            return Ok(Some(up_to.into()));
        }
    }
    Ok(None)
}

fn is_lowest(level: terms::Classification) -> bool {
    level == terms::Classification::Unclassified
}

/// Finds a record by a key, and makes a node of it.
macro_rules! found {
    ($loader:ident, $key:expr, $make:expr) => {
        $loader.load_one($key).await?.map($make).map(Into::into)
    };
}

async fn own(context: &Context<'_>, kind: Kind, ID(key): ID) -> Result<Option<OwnNode>> {
    let loader = context.data::<Rows>()?;
    Ok(match kind {
        ids::SITUATION => found!(loader, SituationId(key), Situation),
        ids::AREA => found!(loader, AreaId(key), Area),
        ids::PARTY => found!(loader, PartyId(key), Party),
        ids::REVIEW_CYCLE => found!(loader, CycleId(key), ReviewCycle),
        ids::REVIEW_ITEM => found!(loader, ItemId(key), ReviewItem),
        ids::ENTITY_INPUT => found!(loader, InputId(key), EntityInput),
        ids::DECISION => found!(loader, DecisionId(key), Decision),
        ids::ACTION => found!(loader, ActionId(key), Action),
        ids::FROZEN_PROFILE => found!(loader, FrozenId(key), FrozenProfile),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Kind, kinds};

    #[test]
    fn no_two_types_share_a_prefix_or_a_name() {
        let prefixes: BTreeSet<_> = kinds().map(Kind::prefix).collect();
        let names: BTreeSet<_> = kinds().map(Kind::name).collect();
        assert_eq!(prefixes.len(), kinds().count());
        assert_eq!(names.len(), kinds().count());
    }
}
