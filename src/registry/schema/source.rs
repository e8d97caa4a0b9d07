//! Sources, their versions and what was done to them.

use async_graphql::{ComplexObject, Context, Object, Result, SimpleObject};
use entities::{event, registry_source, registry_source_version};
use sea_orm::{ActiveEnum, DbErr};

use super::{
    asker::Asker,
    check::SourceCheck,
    error::{failed, failure},
    loader::{ChecksOf, ConsentsOf, EventsOf, VersionsOf},
    paging::page_of,
    terms::{DriftState, SourceEventKind, SourceKind},
};
use crate::{
    registry::{
        check::Member,
        service::{ListedConsent, Registry},
    },
    vocabulary::{Classification, DateTime, EntityCode},
};

/// A source that registered.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(super) row: registry_source::Model,
    /// The version that is served; none where it is retired.
    pub(super) served: Option<registry_source_version::Model>,
}

impl Source {
    /// The source of a name, with the version that is served.
    pub(super) async fn find(registry: &Registry, name: &str) -> Result<Option<Self>> {
        let store = registry.store();
        let Some(row) = store.find_source(name).await.map_err(failure)? else {
            return Ok(None);
        };
        let served = store.served_version(row.id).await.map_err(failure)?;
        Ok(Some(Self { row, served }))
    }
}

/// A source that registered.
#[Object(tag = "unclassified")]
impl Source {
    /// Its name in the joint schema.
    async fn name(&self) -> &str {
        &self.row.record_key
    }

    /// Which entity may change it.
    async fn entity(&self) -> EntityCode {
        self.row.entity.clone().into()
    }

    /// Which entity it is offered to, if any: that becomes its entity by accepting.
    async fn offered_to(&self) -> Option<EntityCode> {
        self.row.offered_to.clone().map(Into::into)
    }

    /// When its first version was published.
    async fn registered_at(&self) -> DateTime {
        DateTime(self.row.registered_at)
    }

    /// Whether it is not served.
    async fn is_retired(&self) -> bool {
        self.served.is_none()
    }

    /// The version that is served; null where it is retired.
    async fn current(&self) -> Option<SourceVersion> {
        self.served.clone().map(|row| self.version(row))
    }

    /// Its versions, newest first.
    async fn versions(
        &self,
        context: &Context<'_>,
        #[graphql(default = 20)] first: i32,
    ) -> Result<Vec<SourceVersion>> {
        let versions = VersionsOf {
            source: self.row.id,
            first: page_of(first)?,
        };
        let rows = context.data::<Asker>()?.lists()?.load_one(versions).await;
        let rows = rows.map_err(failed)?.unwrap_or_default();
        Ok(rows.into_iter().map(|row| self.version(row)).collect())
    }

    /// Whether it still answers with what was registered; null as long as nobody looked.
    async fn drift(&self, context: &Context<'_>) -> Result<Option<SourceDrift>> {
        let (Some(state), Some(checked_at)) = (self.row.drift, self.row.drift_checked_at) else {
            return Ok(None);
        };
        // It may say where the source is, and what stands there.
        let is_own = context.data::<Asker>()?.is(&self.row.entity);
        Ok(Some(SourceDrift {
            state: state.into(),
            detail: self.row.drift_detail.clone().filter(|_| is_own),
            checked_at: DateTime(checked_at),
        }))
    }

    /// Its checks, newest first; null to other entities.
    async fn checks(
        &self,
        context: &Context<'_>,
        #[graphql(default = 20)] first: i32,
    ) -> Result<Option<Vec<SourceCheck>>> {
        let asker = context.data::<Asker>()?;
        if !asker.is(&self.row.entity) {
            return Ok(None);
        }
        let checks = ChecksOf {
            source: self.row.record_key.clone(),
            first: page_of(first)?,
        };
        let rows = asker.lists()?.load_one(checks).await.map_err(failed)?;
        let rows = rows.unwrap_or_default();
        Ok(Some(rows.into_iter().map(SourceCheck::from).collect()))
    }

    /// What was done to it, newest first. The field of a consent is for the entities that it concerns.
    async fn events(
        &self,
        context: &Context<'_>,
        #[graphql(default = 20)] first: i32,
    ) -> Result<Vec<SourceEvent>> {
        let events = EventsOf {
            source: self.row.record_key.clone(),
            first: page_of(first)?,
        };
        let asker = context.data::<Asker>()?;
        let rows = asker.lists()?.load_one(events).await;
        let rows = rows.map_err(failed)?.unwrap_or_default().into_iter();
        rows.map(|mut row| {
            // Which field a consent is for concerns those alone who gave it and got it.
            let is_concerned = asker.is(&row.actor) || asker.is(&self.row.entity);
            let kind = SourceEvent::kind_of(&row).map_err(failure)?;
            if kind.is_of_consent() && !is_concerned {
                row.detail = None;
            }
            SourceEvent::try_from(row).map_err(failure)
        })
        .collect()
    }

    /// Classified fields of others that it may read: the consents in force, as far as the caller's entity
    /// gave them or answers for the source.
    async fn consents(&self, context: &Context<'_>) -> Result<Vec<FieldConsent>> {
        let asker = context.data::<Asker>()?;
        let consents = ConsentsOf(self.row.record_key.clone());
        let rows = asker.lists()?.load_one(consents).await;
        let rows = rows.map_err(failed)?.unwrap_or_default();
        let in_force = rows
            .into_iter()
            .filter(|row| row.granted_to == self.row.entity)
            .filter(|row| asker.is(&row.granted_by) || asker.is(&row.granted_to))
            .map(|row| ListedConsent {
                row,
                is_in_force: true,
            });
        Ok(in_force.map(FieldConsent::from).collect())
    }
}

impl Source {
    fn version(&self, row: registry_source_version::Model) -> SourceVersion {
        SourceVersion {
            number: row.number,
            kind: row.kind.into(),
            sdl: row.sdl,
            sdl_hash: row.sdl_hash,
            prefix: row.prefix,
            default_level: row.default_level.map(Into::into),
            allow_non_null_reason: row.allow_non_null_reason,
            allow_breaking_reason: row.allow_breaking_reason,
            published_at: DateTime(row.published_at),
            published_by: row.published_by.into(),
            place: row.url,
            owner: self.row.entity.clone(),
        }
    }
}

/// A version of a source, never changed.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex, tag = "unclassified")]
pub(crate) struct SourceVersion {
    /// 1 is the first.
    number: i32,
    /// What answers there.
    kind: SourceKind,
    /// Its SDL as it is composed: levels and prefixes written out.
    sdl: String,
    /// SHA-256 of that.
    sdl_hash: String,
    /// What stands before type and root names of a plain server.
    prefix: Option<String>,
    /// The level of fields that bear none themselves.
    default_level: Option<Classification>,
    /// Why it may add non-null fields to what others own.
    allow_non_null_reason: Option<String>,
    /// Why it may break operations.
    allow_breaking_reason: Option<String>,
    /// When.
    published_at: DateTime,
    /// Which entity published it.
    published_by: EntityCode,
    #[graphql(skip)]
    place: String,
    #[graphql(skip)]
    owner: String,
}

#[ComplexObject]
impl SourceVersion {
    /// Where it answers; null to other entities.
    async fn url(&self, context: &Context<'_>) -> Result<Option<&str>> {
        let asker = context.data::<Asker>()?;
        Ok(asker.is(&self.owner).then_some(self.place.as_str()))
    }
}

/// A source that runs in the service itself.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct EmbeddedSource {
    /// Its name in the joint schema.
    name: String,
    /// Whose it is.
    entity: EntityCode,
    /// Its SDL.
    sdl: String,
}

impl From<&Member> for EmbeddedSource {
    fn from(member: &Member) -> Self {
        Self {
            name: member.name.clone(),
            entity: member.entity.clone().into(),
            sdl: member.sdl.clone(),
        }
    }
}

/// Whether a source still answers with what was registered.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct SourceDrift {
    /// Whether it does.
    state: DriftState,
    /// What differs.
    detail: Option<String>,
    /// When that was looked at.
    checked_at: DateTime,
}

/// Something that was done to a source.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct SourceEvent {
    /// What.
    kind: SourceEventKind,
    /// Which entity did it.
    entity: EntityCode,
    /// More about it.
    detail: Option<String>,
    /// When.
    happened_at: DateTime,
}

impl SourceEvent {
    fn kind_of(row: &event::Model) -> std::result::Result<SourceEventKind, DbErr> {
        Ok(entities::terms::SourceEventKind::try_from_value(&row.kind)?.into())
    }
}

impl TryFrom<event::Model> for SourceEvent {
    type Error = DbErr;

    fn try_from(row: event::Model) -> std::result::Result<Self, DbErr> {
        Ok(Self {
            kind: Self::kind_of(&row)?,
            entity: row.actor.into(),
            detail: row.detail,
            happened_at: DateTime(row.happened_at),
        })
    }
}

/// Leave to read a classified field of another entity.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct FieldConsent {
    /// The field.
    coordinate: String,
    /// Name of the source that may read it.
    source: String,
    /// Whose field it is.
    granted_by: EntityCode,
    /// The entity that it was given to, for its source of that name.
    granted_to: EntityCode,
    /// Whether the source is registered and that entity answers for it. A consent that is not in force
    /// lets nobody read anything.
    is_in_force: bool,
    /// Why.
    reason: String,
    /// Since when.
    granted_at: DateTime,
}

impl From<ListedConsent> for FieldConsent {
    fn from(ListedConsent { row, is_in_force }: ListedConsent) -> Self {
        Self {
            coordinate: row.coordinate,
            source: row.source_name,
            granted_by: row.granted_by.into(),
            granted_to: row.granted_to.into(),
            is_in_force,
            reason: row.reason,
            granted_at: DateTime(row.granted_at),
        }
    }
}
