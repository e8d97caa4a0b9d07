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
use crate::vocabulary::{Kind, block_situation};

macro_rules! stub {
    ($name:ident, $level:literal) => {
        // Known here by its id alone; the subgraph that owns it describes it.
        #[derive(SimpleObject, Clone, Debug)]
        #[graphql(unresolvable = "id")]
        pub(crate) struct $name {
            #[graphql(tag = $level, owned)]
            id: ID,
        }
    };
}

stub!(FieldPresence, "unclassified");
stub!(MechanismRecommendation, "unclassified");
stub!(CaacListing, "unclassified");
stub!(CrsvListing, "unclassified");
stub!(OhchrBlock, "unclassified");
stub!(OsapgBlock, "unclassified");
stub!(CaacBlock, "unclassified");
stub!(SvcBlock, "unclassified");
stub!(Communication, "confidential");
stub!(EarlyWarningSignal, "confidential");
stub!(RiskAssessment, "confidential");

/// Anything with an id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", tag = "unclassified"))]
pub(crate) enum Node {
    Situation(Situation),
    Area(Area),
    Party(Party),
    ReviewCycle(ReviewCycle),
    ReviewItem(ReviewItem),
    EntityInput(EntityInput),
    Decision(Decision),
    Action(Action),
    FieldPresence(FieldPresence),
    MechanismRecommendation(MechanismRecommendation),
    Communication(Communication),
    EarlyWarningSignal(EarlyWarningSignal),
    RiskAssessment(RiskAssessment),
    CaacListing(CaacListing),
    CrsvListing(CrsvListing),
    OhchrBlock(OhchrBlock),
    OsapgBlock(OsapgBlock),
    CaacBlock(CaacBlock),
    SvcBlock(SvcBlock),
}

/// What has this id and exists for the caller.
pub(super) async fn node(context: &Context<'_>, id: ID) -> Result<Option<Node>> {
    match Kind::of(&id)? {
        Kind::OhchrBlock | Kind::OsapgBlock | Kind::CaacBlock | Kind::SvcBlock => {
            block(context, id).await
        }
        kind => record(context, kind, id).await,
    }
}

/// A mandate has a block on every situation that exists.
async fn block(context: &Context<'_>, id: ID) -> Result<Option<Node>> {
    let kind = Kind::of(&id)?;
    let situation = SituationId(block_situation(kind, &id));
    let found = context.data::<Reviews>()?.load_one(situation).await?;
    Ok(found.and_then(|_| {
        Some(match kind {
            Kind::OhchrBlock => OhchrBlock { id }.into(),
            Kind::OsapgBlock => OsapgBlock { id }.into(),
            Kind::CaacBlock => CaacBlock { id }.into(),
            Kind::SvcBlock => SvcBlock { id }.into(),
            _ => return None,
        })
    }))
}

/// Finds a record by a key, and makes a node of it.
macro_rules! found {
    ($loader:ident, $key:expr, $make:expr) => {
        $loader.load_one($key).await?.map($make).map(Into::into)
    };
}

async fn record(context: &Context<'_>, kind: Kind, id: ID) -> Result<Option<Node>> {
    let loader = context.data::<Reviews>()?;
    let key = id.0.clone();
    Ok(match kind {
        Kind::Situation => found!(loader, SituationId(key), Situation),
        Kind::Area => found!(loader, AreaId(key), Area),
        Kind::Party => found!(loader, PartyId(key), Party),
        Kind::ReviewCycle => found!(loader, CycleId(key), ReviewCycle),
        Kind::ReviewItem => found!(loader, ItemId(key), ReviewItem),
        Kind::EntityInput => found!(loader, InputId(key), EntityInput),
        Kind::Decision => found!(loader, DecisionId(key), Decision),
        Kind::Action => found!(loader, ActionId(key), Action),
        Kind::FieldPresence => found!(loader, PresenceId(key), |_| FieldPresence { id }),
        Kind::MechanismRecommendation => {
            found!(loader, RecommendationId(key), |_| MechanismRecommendation {
                id
            })
        }
        Kind::Communication => found!(loader, CommunicationId(key), |_| Communication { id }),
        Kind::EarlyWarningSignal => found!(loader, SignalId(key), |_| EarlyWarningSignal { id }),
        Kind::RiskAssessment => found!(loader, AssessmentId(key), |_| RiskAssessment { id }),
        Kind::CaacListing => found!(loader, CaacListingId(key), |_| CaacListing { id }),
        Kind::CrsvListing => found!(loader, CrsvListingId(key), |_| CrsvListing { id }),
        Kind::OhchrBlock | Kind::OsapgBlock | Kind::CaacBlock | Kind::SvcBlock => None,
    })
}
