//! What changes the registry.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::{
    asker::Asker,
    check::{
        CompositionDiagnostic, ExpelledSource, SchemaChange, SourceCheck, SourceRefusal, changes,
        diagnostics, expelled, refusals,
    },
    error::failed,
    source::Source,
    supergraph::SupergraphVersion,
    terms::SourceKind,
};
use crate::{
    registry::{
        level::Level,
        plain::NamedMutation,
        service::{Change, GrantRequest, Publication, PublishRequest, WithdrawRequest},
    },
    vocabulary::{Classification, EntityCode, bad_input},
};

/// Bytes of a reason.
const MOST_REASON_BYTES: usize = 2_000;

/// The root of changes.
pub(crate) struct Mutation;

#[Object]
impl Mutation {
    /// Says what stands against a version of a source and what it would change. Changes nothing.
    #[graphql(tag = "unclassified", requires_scopes = "registry:publish")]
    async fn check_source(
        &self,
        context: &Context<'_>,
        input: SourceInput,
    ) -> Result<Option<SourceCheck>> {
        let asker = context.data::<Asker>()?;
        let checked = asker
            .registry()?
            .check(&asker.principal, &input.request()?)
            .await;
        Ok(Some(checked.map_err(failed)?.into()))
    }

    /// Publishes a version of a source, if nothing stands against it.
    #[graphql(tag = "unclassified", requires_scopes = "registry:publish")]
    async fn publish_source(
        &self,
        context: &Context<'_>,
        input: SourceInput,
    ) -> Result<Option<SourcePublication>> {
        let asker = context.data::<Asker>()?;
        let publication = asker
            .registry()?
            .publish(&asker.principal, &input.request()?)
            .await;
        Ok(Some(publication.map_err(failed)?.into()))
    }

    /// Takes a source out of the joint schema.
    #[graphql(tag = "unclassified", requires_scopes = "registry:publish")]
    async fn retire_source(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Its name.")] name: String,
        #[graphql(desc = "Why it may break operations.")] allow_breaking: Option<String>,
    ) -> Result<Option<JointSchemaChange>> {
        let asker = context.data::<Asker>()?;
        let reason = reason(allow_breaking)?;
        let change = asker
            .registry()?
            .retire(&asker.principal, &name, reason.as_deref())
            .await;
        Ok(Some(change.map_err(failed)?.into()))
    }

    /// Offers a source to another entity. It stays with the caller's until the other accepts it
    /// with `acceptTransfer`.
    #[graphql(tag = "unclassified", requires_scopes = "registry:publish")]
    async fn transfer_source(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Its name.")] name: String,
        #[graphql(desc = "The entity that is to answer for it.")] to: EntityCode,
    ) -> Result<Option<Source>> {
        let asker = context.data::<Asker>()?;
        let registry = asker.registry()?;
        registry
            .transfer(&asker.principal, &name, &to.0)
            .await
            .map_err(failed)?;
        Source::find(registry, &name).await
    }

    /// Takes over a source that another entity offers. Consents that were given to that entity for it
    /// are void from then on; those it gave for the source's fields become the caller's to withdraw.
    #[graphql(tag = "unclassified", requires_scopes = "registry:publish")]
    async fn accept_transfer(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Name of the source.")] name: String,
    ) -> Result<Option<JointSchemaChange>> {
        let asker = context.data::<Asker>()?;
        let change = asker
            .registry()?
            .accept_transfer(&asker.principal, &name)
            .await;
        Ok(Some(change.map_err(failed)?.into()))
    }

    /// Takes back the offer of a source, or declines one that was made to the caller's entity.
    #[graphql(tag = "unclassified", requires_scopes = "registry:publish")]
    async fn cancel_transfer(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Name of the source.")] name: String,
    ) -> Result<Option<Source>> {
        let asker = context.data::<Asker>()?;
        let registry = asker.registry()?;
        registry
            .cancel_transfer(&asker.principal, &name)
            .await
            .map_err(failed)?;
        Source::find(registry, &name).await
    }

    /// Makes the registered sources what they were in an earlier supergraph. What changed since must
    /// all be the caller's.
    #[graphql(tag = "unclassified", requires_scopes = "registry:publish")]
    async fn rollback_supergraph(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Number of the earlier supergraph.")] to: i32,
        #[graphql(desc = "Why.")] reason: Option<String>,
    ) -> Result<Option<JointSchemaChange>> {
        let asker = context.data::<Asker>()?;
        let reason = self::reason(reason)?;
        let change = asker
            .registry()?
            .rollback(&asker.principal, to, reason.as_deref())
            .await;
        Ok(Some(change.map_err(failed)?.into()))
    }

    /// Lets a source of another entity read a classified field of one's own.
    #[graphql(tag = "unclassified", requires_scopes = "registry:publish")]
    #[expect(
        clippy::too_many_arguments,
        reason = "they are those of the field in the graph"
    )]
    async fn grant_field_use(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The field: `Type.field`.")] coordinate: String,
        #[graphql(desc = "Name of the source.")] source: String,
        #[graphql(desc = "Why.")] reason: String,
        #[graphql(
            desc = "The entity that answers for the source, where none is registered under the \
                    name yet or it is about to be handed over; the one that does now, unless given."
        )]
        to: Option<EntityCode>,
    ) -> Result<Option<bool>> {
        let asker = context.data::<Asker>()?;
        let request = GrantRequest {
            coordinate,
            source,
            to: to.map(|to| to.0),
            reason,
        };
        let granted = asker.registry()?.grant(&asker.principal, request);
        granted.await.map_err(failed)?;
        Ok(Some(true))
    }

    /// Withdraws such a consent. A source that needs it is expelled from the joint schema at once,
    /// with those that do not compose without it.
    #[graphql(tag = "unclassified", requires_scopes = "registry:publish")]
    #[expect(
        clippy::too_many_arguments,
        reason = "they are those of the field in the graph"
    )]
    async fn withdraw_field_use(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The field: `Type.field`.")] coordinate: String,
        #[graphql(desc = "Name of the source.")] source: String,
        #[graphql(desc = "Why; recorded in the events of the source.")] reason: Option<String>,
        #[graphql(
            default,
            desc = "Only say which sources would be expelled and what clients would notice."
        )]
        dry_run: bool,
    ) -> Result<Option<JointSchemaChange>> {
        let asker = context.data::<Asker>()?;
        let request = WithdrawRequest {
            coordinate,
            source,
            reason: self::reason(reason)?,
            is_dry_run: dry_run,
        };
        let change = asker.registry()?.withdraw(&asker.principal, request).await;
        Ok(Some(change.map_err(failed)?.into()))
    }
}

/// A version of a source.
#[derive(InputObject, Debug)]
pub(crate) struct SourceInput {
    /// Name of the source: small letters, digits, `_` and `-`.
    name: String,
    /// Where it answers.
    url: String,
    /// Its SDL; where it is not given, the source is asked.
    sdl: Option<String>,
    /// What answers there; a subgraph of federation unless given.
    kind: Option<SourceKind>,
    /// What stands before type and root names of a plain server; its name unless given.
    prefix: Option<String>,
    /// Root mutations of a plain server that come into the joint schema; the others stay out.
    mutations: Option<Vec<SourceMutation>>,
    /// The level of fields that mark none.
    default_level: Option<Classification>,
    /// Why it may add non-null fields to what others own.
    allow_non_null: Option<String>,
    /// Why it may break operations.
    allow_breaking: Option<String>,
}

/// A root mutation of a plain server.
#[derive(InputObject, Debug)]
pub(crate) struct SourceMutation {
    /// Its name at the server.
    name: String,
    /// The scope that callers need for it, where the server's schema marks none.
    scope: Option<String>,
}

impl SourceInput {
    fn request(self) -> Result<PublishRequest> {
        Ok(PublishRequest {
            name: self.name,
            url: self.url,
            sdl: self.sdl,
            kind: self.kind.unwrap_or(SourceKind::Federation).into(),
            prefix: self.prefix,
            mutations: self
                .mutations
                .into_iter()
                .flatten()
                .map(|SourceMutation { name, scope }| NamedMutation { name, scope })
                .collect(),
            default_level: self
                .default_level
                .map(|level| Level::from(entities::terms::Classification::from(level))),
            allow_non_null: reason(self.allow_non_null)?,
            allow_breaking: reason(self.allow_breaking)?,
        })
    }
}

/// A reason is kept for others to read: an empty one is none.
fn reason(given: Option<String>) -> Result<Option<String>> {
    match given {
        Some(text) if text.trim().is_empty() => Err(bad_input(
            "A reason is kept for others to read: say it in a sentence.",
        )),
        Some(text) if text.len() > MOST_REASON_BYTES => Err(bad_input(format!(
            "The reason is longer than {MOST_REASON_BYTES} bytes; say it in a sentence."
        ))),
        given => Ok(given),
    }
}

/// What came of asking for a publication.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct SourcePublication {
    /// Whether it was published now.
    published: bool,
    /// Whether the very same is served already.
    unchanged: bool,
    /// Number of the version, where it was published.
    version: Option<i32>,
    /// The supergraph it made, where it was published.
    supergraph: Option<SupergraphVersion>,
    /// What was found.
    check: SourceCheck,
    /// What to look after now: a service that answers with another schema than the one that was given.
    warnings: Vec<String>,
}

impl From<Publication> for SourcePublication {
    fn from(publication: Publication) -> Self {
        let version = publication
            .published
            .as_ref()
            .and_then(|each| each.version.as_ref());
        Self {
            published: publication.published.is_some(),
            unchanged: publication.is_unchanged,
            version: version.map(|version| version.number),
            supergraph: publication
                .published
                .map(|published| published.supergraph.into()),
            check: publication.checked.into(),
            warnings: publication.warnings,
        }
    }
}

/// What came of asking for a change of the joint schema.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct JointSchemaChange {
    /// Whether it was made, or is so already.
    done: bool,
    /// The supergraph it made, where the joint schema changed.
    supergraph: Option<SupergraphVersion>,
    /// What stands against it, and what to change.
    refusals: Vec<SourceRefusal>,
    /// What composition has to say.
    diagnostics: Vec<CompositionDiagnostic>,
    /// What clients notice.
    changes: Vec<SchemaChange>,
    /// Sources that it expelled from the joint schema: they read what they may not, or depended on
    /// one that did.
    expelled: Vec<ExpelledSource>,
    /// What to look after now: a service that no longer fits the version that is served.
    warnings: Vec<String>,
}

impl From<Change> for JointSchemaChange {
    fn from(change: Change) -> Self {
        Self {
            done: change.is_done,
            expelled: expelled(&change.report),
            warnings: change.warnings,
            refusals: refusals(&change.report),
            diagnostics: diagnostics(&change.report),
            changes: changes(change.report),
            supergraph: change
                .published
                .map(|published| published.supergraph.into()),
        }
    }
}
