//! Seals in the graph: an embedded source like the others.

mod place;
mod seal;

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Request, Response, Result, SimpleObject};
use entities::record_seal;
use futures::future::BoxFuture;
use sea_orm::{
    Condition,
    sea_query::{Expr, ExprTrait},
};

use self::{place::Place, seal::RecordSeal};
use super::{
    act::Act,
    error::SealError,
    record::{Asker, Named},
    service::{self, SEAL, SealRequest},
    store,
};
use crate::{
    audit_trail::TrailCell,
    sources::{
        self,
        subgraph::{Identity, Subgraph},
    },
    vocabulary::{StoreError, bad_input},
};

/// Seals of a page, unless a client asks for fewer or more.
const PAGE: i32 = 20;
const MOST: i32 = 100;

/// The subgraph of seals; the trail says who was given what was sealed.
pub fn source(trail: TrailCell) -> Arc<dyn sources::Source> {
    let identity = Identity {
        name: "seals",
        entity: "",
        // No field leads to parties.
        named: |_| Condition::all().add(Expr::val(1).eq(0)),
    };
    Arc::new(SealSource {
        subgraph: Subgraph::with_mutation(identity, Query, Mutation, |builder| builder),
        trail,
    })
}

#[derive(Debug)]
struct SealSource {
    subgraph: Subgraph<Query, Mutation>,
    trail: TrailCell,
}

impl sources::Source for SealSource {
    fn name(&self) -> &'static str {
        self.subgraph.name()
    }

    fn sdl(&self) -> String {
        self.subgraph.sdl()
    }

    fn execute<'a>(
        &'a self,
        request: Request,
        asked: sources::Asked<'a>,
    ) -> BoxFuture<'a, Response> {
        let place = Place {
            database: asked.database.clone(),
            principal: asked.principal.clone(),
            now: asked.now,
            trail: self.trail.trail(),
        };
        self.subgraph.execute(request.data(Arc::new(place)), asked)
    }
}

/// A page of seals.
#[derive(SimpleObject, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct RecordSealPage {
    /// The seals.
    seals: Vec<RecordSeal>,
    /// The id of the last of them, if there are more: `after` for the next page.
    next: Option<ID>,
}

/// The root.
pub(crate) struct Query;

#[Object]
impl Query {
    /// What was sealed, newest first: an entity's records for its clearing officers (`review:clear`), the review's
    /// own for its secretariat (`review:steer`).
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn record_seals(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "At most so many; 20 unless given, 100 at most.")] first: Option<i32>,
        #[graphql(desc = "Those after this one.")] after: Option<ID>,
    ) -> Result<Option<RecordSealPage>> {
        let first = first.unwrap_or(PAGE);
        if !(1..=MOST).contains(&first) {
            return Err(bad_input(format!("`first` is from 1 to {MOST}.")));
        }
        let first = first.unsigned_abs();
        let place = context.data::<Arc<Place>>()?;
        let asker = place.asker(context)?;
        asker.check().map_err(SealError::told)?;
        let connection = &place.database.read;
        let after = match after {
            None => None,
            Some(id) => {
                let id = SEAL.check(id)?;
                let seal = store::find(connection, &asker, &id).await;
                let seal = seal.map_err(StoreError::from)?;
                Some(
                    seal.ok_or_else(|| bad_input("`after`: there is no such seal."))?
                        .id,
                )
            }
        };
        let seals = store::page(connection, &asker, u64::from(first) + 1, after).await;
        let mut seals = seals.map_err(StoreError::from)?;
        let has_more = seals.len() > first as usize;
        seals.truncate(first as usize);
        let last = seals.last().filter(|_| has_more);
        Ok(Some(RecordSealPage {
            next: last.map(|seal| ID(seal.public_id.clone())),
            seals: seals.into_iter().map(RecordSeal).collect(),
        }))
    }
}

/// What is to be sealed.
#[derive(InputObject, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct SealRecordInput {
    /// The id of the record, as it stands in an answer; that of a mandate's block is for what the mandate says of
    /// the situation as a whole. Give this, or `recordType` and `key`.
    id: Option<ID>,
    /// The type of the record, as its file is called: `ohchr-signals`.
    record_type: Option<String>,
    /// Its natural key, as files spell it: the cells of the key with `/` between them, without the revision.
    key: Option<String>,
    /// Why, without the text that is sealed: the reason stays when all else is destroyed.
    reason: String,
}

/// The root of changes.
pub(crate) struct Mutation;

#[Object]
impl Mutation {
    /// Seals a record of the caller's entity, in all its revisions: from then on it exists for nobody. A later revision
    /// can be imported in its place. For clearing officers (`review:clear`); the review's own records are sealed by
    /// its secretariat (`review:steer`).
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn seal_record(
        &self,
        context: &Context<'_>,
        input: SealRecordInput,
    ) -> Result<Option<RecordSeal>> {
        let record = match (input.id, input.record_type, input.key) {
            (Some(ID(id)), None, None) => Named::Id(id),
            (None, Some(record_type), Some(key)) => Named::Key { record_type, key },
            _ => return Err(bad_input("Give `id`, or `recordType` and `key`.")),
        };
        let request = SealRequest {
            record,
            reason: input.reason,
        };
        run(context, move |place, asker| async move {
            service::seal(&place.database, &asker, &request, place.now).await
        })
        .await
    }

    /// Lifts a seal whose key is not destroyed: the record exists again as it was.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn lift_seal(&self, context: &Context<'_>, id: ID) -> Result<Option<RecordSeal>> {
        act(context, id, Act::Lift).await
    }

    /// Asks to destroy the key of what was sealed; asked by a second person within seven days, destroys it: then
    /// nobody can read its texts any more, in whatever copy. This cannot be undone.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn destroy_sealed_record(
        &self,
        context: &Context<'_>,
        id: ID,
    ) -> Result<Option<RecordSeal>> {
        act(context, id, Act::Destroy).await
    }
}

async fn act(context: &Context<'_>, id: ID, act: Act) -> Result<Option<RecordSeal>> {
    let id = SEAL.check(id)?;
    run(context, move |place, asker| async move {
        service::act(&place.database, &asker, (&id, act), place.now).await
    })
    .await
}

/// Runs a change in a task of its own: a caller who leaves does not stop it half-way.
async fn run<F, W>(context: &Context<'_>, work: W) -> Result<Option<RecordSeal>>
where
    W: FnOnce(Arc<Place>, Asker) -> F,
    F: Future<Output = Result<record_seal::Model, SealError>> + Send + 'static,
{
    let place = Arc::clone(context.data::<Arc<Place>>()?);
    let asker = place.asker(context)?;
    let seal = tokio::spawn(work(place, asker)).await;
    let seal = seal.unwrap_or(Err(SealError::Interrupted));
    seal.map(|seal| Some(RecordSeal(seal)))
        .map_err(SealError::told)
}
