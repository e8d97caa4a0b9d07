//! The audit trail in the graph: an embedded source like the others. Who reads it is recorded in it, since
//! its fields have a clearance.

mod record;

use std::sync::{Arc, OnceLock};

use async_graphql::{
    Context, EmptyMutation, EmptySubscription, InputObject, Object, Request, Response, Result,
    SDLExportOptions, Schema,
};
use futures::future::BoxFuture;

use self::record::{AccessPage, AuditPage};
use super::{AuditTrail, Filter, Kind, Order, Page, Records};
use crate::{
    auth::Principal,
    sources,
    vocabulary::{DateTime, EntityCode, LenientRoot, bad_input, unreachable, without_type_names},
};

/// Deeper than any operation that the gateway lets pass.
const DEPTH: usize = 256;
/// Entries of a page, unless a client asks for fewer or more.
const PAGE: i32 = 50;
const MOST: i32 = 500;

/// Connects the trail's place in the graph with the trail that is written: the graph is composed before
/// there is one.
#[derive(Clone, Debug, Default)]
pub struct TrailCell(Arc<OnceLock<Arc<AuditTrail>>>);

impl TrailCell {
    /// The trail, once there is one.
    pub fn trail(&self) -> Option<Arc<AuditTrail>> {
        self.0.get().cloned()
    }

    /// Connects; the first trail stays.
    pub fn connect(&self, trail: Arc<AuditTrail>) {
        let _ = self.0.set(trail);
    }
}

/// The trail's subgraph.
pub fn source(cell: TrailCell) -> Arc<dyn sources::Source> {
    let schema = Schema::build(LenientRoot(Query), EmptyMutation, EmptySubscription)
        .enable_federation()
        .disable_introspection()
        .limit_recursive_depth(DEPTH)
        .finish();
    Arc::new(AuditSource { cell, schema })
}

struct AuditSource {
    cell: TrailCell,
    schema: Schema<LenientRoot<Query>, EmptyMutation, EmptySubscription>,
}

impl std::fmt::Debug for AuditSource {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("AuditSource")
    }
}

impl sources::Source for AuditSource {
    fn name(&self) -> &'static str {
        "audit"
    }

    fn sdl(&self) -> String {
        let options = SDLExportOptions::new()
            .federation()
            .use_space_ident()
            .prefer_single_line_descriptions()
            .include_specified_by();
        self.schema.sdl_with_options(options)
    }

    fn execute<'a>(
        &'a self,
        request: Request,
        sources::Asked { principal, .. }: sources::Asked<'a>,
    ) -> BoxFuture<'a, Response> {
        Box::pin(async move {
            let asker = Asker {
                trail: self.cell.0.get().cloned(),
                principal: principal.clone(),
            };
            let mut response = self.schema.execute(request.data(asker)).await;
            without_type_names(&mut response.errors);
            response
        })
    }
}

/// Who asks, and of which trail.
struct Asker {
    trail: Option<Arc<AuditTrail>>,
    principal: Principal,
}

impl Asker {
    async fn read(&self, filter: &Filter, page: &Page) -> Result<Records> {
        let trail = self.trail.as_ref().ok_or_else(unreachable)?;
        trail.read(filter, page).await.map_err(|error| {
            tracing::error!(%error, "the audit trail cannot be read");
            unreachable()
        })
    }
}

/// Which entries; all that is given has to hold.
#[derive(Debug, Default, InputObject)]
#[graphql(tag = "unclassified")]
pub(crate) struct AuditFilter {
    /// From this instant on.
    from: Option<DateTime>,
    /// Before this instant.
    before: Option<DateTime>,
    /// Of requests of this subject.
    subject: Option<String>,
    /// Of requests of this entity.
    entity: Option<EntityCode>,
    /// That reached this record, by its id.
    record: Option<String>,
    /// That read classified fields of this entity.
    owner: Option<EntityCode>,
}

/// Which operations; all that is given has to hold.
#[derive(Debug, Default, InputObject)]
#[graphql(tag = "unclassified")]
pub(crate) struct AccessFilter {
    /// From this instant on.
    from: Option<DateTime>,
    /// Before this instant.
    before: Option<DateTime>,
}

/// The root.
pub(crate) struct Query;

#[Object]
impl Query {
    /// Who was given what above UNCLASSIFIED, and who wrote what; newest first.
    #[graphql(
        tag = "unclassified",
        requires_scopes = "audit:read clearance:confidential"
    )]
    async fn audit_trail(
        &self,
        context: &Context<'_>,
        filter: Option<AuditFilter>,
        #[graphql(desc = "At most so many; 50 unless given, 500 at most.")] first: Option<i32>,
        #[graphql(desc = "After the entry of this cursor.")] after: Option<String>,
    ) -> Result<Option<AuditPage>> {
        let filter = filter.unwrap_or_default();
        let texts = [&filter.subject, &filter.record, &after];
        // PostgreSQL has no such text.
        if texts.into_iter().flatten().any(|text| text.contains('\0')) {
            return Err(bad_input(
                "A text holds the character U+0000, which nothing here has.",
            ));
        }
        let filter = Filter {
            from: filter.from.map(|instant| instant.0),
            before: filter.before.map(|instant| instant.0),
            kind: Some(Kind::Operation),
            subject: filter.subject,
            entity: filter.entity.map(|code| code.0),
            level: None,
            record: filter.record,
            owner: filter.owner.map(|code| code.0),
        };
        let asker = context.data::<Asker>()?;
        let records = asker.read(&filter, &page(first, after)?).await?;
        Ok(Some(AuditPage::from(records)))
    }

    /// Who was given classified fields of the caller's entity; newest first.
    #[graphql(
        tag = "unclassified",
        requires_scopes = "audit:own clearance:confidential"
    )]
    async fn access_log(
        &self,
        context: &Context<'_>,
        filter: Option<AccessFilter>,
        #[graphql(desc = "At most so many; 50 unless given, 500 at most.")] first: Option<i32>,
        #[graphql(desc = "After the entry of this cursor.")] after: Option<String>,
    ) -> Result<Option<AccessPage>> {
        let filter = filter.unwrap_or_default();
        let asker = context.data::<Asker>()?;
        let Some(entity) = asker.principal.entity.clone() else {
            return Err(bad_input(
                "The token names no entity, so there is none whose fields could have been read.",
            ));
        };
        let filter = Filter {
            from: filter.from.map(|instant| instant.0),
            before: filter.before.map(|instant| instant.0),
            kind: Some(Kind::Operation),
            owner: Some(entity),
            ..Filter::default()
        };
        let records = asker.read(&filter, &page(first, after)?).await?;
        Ok(Some(AccessPage::from(records)))
    }
}

fn page(first: Option<i32>, after: Option<String>) -> Result<Page> {
    let first = first.unwrap_or(PAGE);
    if !(1..=MOST).contains(&first) {
        return Err(bad_input(format!("`first` is from 1 to {MOST}.")));
    }
    let after = after.map(|cursor| cursor.parse());
    let after = after.transpose();
    Ok(Page {
        first: u64::from(first.unsigned_abs()),
        after: after.map_err(|error: super::NoCursor| bad_input(format!("`after`: {error}.")))?,
        order: Order::NewestFirst,
    })
}
