//! Anything by its id.
//!
//! Of a mandate's records only that they exist is known here, by the rule that the mandate itself
//! goes by: what is above the caller's clearance looks the same as what does not exist.

use async_graphql::{Context, ID, Interface, Result, SimpleObject};

use super::{
    super::loader::{
        ActionId, AreaId, AssessmentId, CaacListingId, CommunicationId, CrsvListingId, CycleId,
        DecisionId, InputId, ItemId, PartyId, PresenceId, RecommendationId, Reviews, SignalId,
        SituationId,
    },
    cycles::{EntityInput, ReviewCycle},
    directory::{Area, Party},
    follow_up::{Action, Decision},
    items::ReviewItem,
    situations::Situation,
};
use crate::vocabulary::{Kind, bad_input};

macro_rules! public_stub {
    ($name:ident) => {
        // Known here by its id alone; the subgraph that owns it describes it.
        #[derive(SimpleObject, Clone, Debug)]
        #[graphql(unresolvable = "id")]
        pub(crate) struct $name {
            #[graphql(tag = "unclassified", owned)]
            id: ID,
        }
    };
}

macro_rules! confidential_stub {
    ($name:ident) => {
        // Known here by its id alone; the subgraph that owns it describes it.
        #[derive(SimpleObject, Clone, Debug)]
        #[graphql(unresolvable = "id", requires_scopes = "clearance:confidential")]
        pub(crate) struct $name {
            #[graphql(owned)]
            id: ID,
        }
    };
}

public_stub!(FieldPresence);
public_stub!(MechanismRecommendation);
public_stub!(CaacListing);
public_stub!(CrsvListing);
confidential_stub!(Communication);
confidential_stub!(EarlyWarningSignal);
confidential_stub!(RiskAssessment);

/// Anything with an id that is public.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", tag = "unclassified"))]
pub(crate) enum Node {
    Situation(Situation),
    Area(Area),
    Party(Party),
    FieldPresence(FieldPresence),
    MechanismRecommendation(MechanismRecommendation),
    CaacListing(CaacListing),
    CrsvListing(CrsvListing),
}

/// Apart from Node: composition raises a scope from an implementing type to its interface, and one scoped type would close node to everyone.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID"))]
pub(crate) enum ConfidentialNode {
    ReviewCycle(ReviewCycle),
    ReviewItem(ReviewItem),
    EntityInput(EntityInput),
    Decision(Decision),
    Action(Action),
    Communication(Communication),
    EarlyWarningSignal(EarlyWarningSignal),
    RiskAssessment(RiskAssessment),
}

/// What is public and has this id.
pub(super) async fn node(context: &Context<'_>, id: ID) -> Result<Option<Node>> {
    let loader = context.data::<Reviews>()?;
    Ok(match Kind::of(&id)? {
        Kind::Situation => loader
            .load_one(SituationId(id.0))
            .await?
            .map(Situation)
            .map(Into::into),
        Kind::Area => loader
            .load_one(AreaId(id.0))
            .await?
            .map(Area)
            .map(Into::into),
        Kind::Party => loader
            .load_one(PartyId(id.0))
            .await?
            .map(Party)
            .map(Into::into),
        Kind::FieldPresence => loader
            .load_one(PresenceId(id.0.clone()))
            .await?
            .map(|_| FieldPresence { id }.into()),
        Kind::MechanismRecommendation => loader
            .load_one(RecommendationId(id.0.clone()))
            .await?
            .map(|_| MechanismRecommendation { id }.into()),
        Kind::CaacListing => loader
            .load_one(CaacListingId(id.0.clone()))
            .await?
            .map(|_| CaacListing { id }.into()),
        Kind::CrsvListing => loader
            .load_one(CrsvListingId(id.0.clone()))
            .await?
            .map(|_| CrsvListing { id }.into()),
        kind => return Err(elsewhere(kind, "confidentialNode")),
    })
}

/// What is confidential and has this id.
pub(super) async fn confidential_node(
    context: &Context<'_>,
    id: ID,
) -> Result<Option<ConfidentialNode>> {
    let loader = context.data::<Reviews>()?;
    Ok(match Kind::of(&id)? {
        Kind::ReviewCycle => loader
            .load_one(CycleId(id.0))
            .await?
            .map(ReviewCycle)
            .map(Into::into),
        Kind::ReviewItem => loader
            .load_one(ItemId(id.0))
            .await?
            .map(ReviewItem)
            .map(Into::into),
        Kind::EntityInput => loader
            .load_one(InputId(id.0))
            .await?
            .map(EntityInput)
            .map(Into::into),
        Kind::Decision => loader
            .load_one(DecisionId(id.0))
            .await?
            .map(Decision)
            .map(Into::into),
        Kind::Action => loader
            .load_one(ActionId(id.0))
            .await?
            .map(Action)
            .map(Into::into),
        Kind::Communication => loader
            .load_one(CommunicationId(id.0.clone()))
            .await?
            .map(|_| Communication { id }.into()),
        Kind::EarlyWarningSignal => loader
            .load_one(SignalId(id.0.clone()))
            .await?
            .map(|_| EarlyWarningSignal { id }.into()),
        Kind::RiskAssessment => loader
            .load_one(AssessmentId(id.0.clone()))
            .await?
            .map(|_| RiskAssessment { id }.into()),
        kind => return Err(elsewhere(kind, "node")),
    })
}

/// The form of an id alone decides, so the answer tells of no record.
fn elsewhere(kind: Kind, field: &str) -> async_graphql::Error {
    bad_input(format!(
        "the id of a record of type {} is asked for with `{field}`",
        kind.type_name()
    ))
}
