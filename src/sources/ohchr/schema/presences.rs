//! Field presences.

use async_graphql::{Context, Description, ID, Object, Result};
use entities::field_presence;

use super::super::{
    loader::{NeededPresence, PublicPresence},
    terms::{PresenceKind, ReportingLine},
};
use crate::vocabulary::{
    Area, Classification, Count, CountUnit, Date, Rows, Viewer, area, level_where, record_id,
};

/// A field presence of OHCHR.
#[derive(Clone, Debug, Description)]
pub(crate) struct FieldPresence(pub(super) field_presence::Model);

#[Object(use_type_description)]
impl FieldPresence {
    /// Opaque.
    #[graphql(tag = "unclassified")]
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        let key = PublicPresence(self.0.record_key.clone());
        let is_cleared = context.data::<Viewer>()?.is_cleared();
        let is_public = !is_cleared || context.data::<Rows>()?.load_one(key).await?.is_some();
        let own = Classification::from(self.0.classification);
        record_id(context, &self.0.public_id, own.max(level_where(is_public)))
    }

    /// What it is called.
    #[graphql(tag = "unclassified")]
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is.
    #[graphql(tag = "unclassified")]
    async fn kind(&self) -> PresenceKind {
        self.0.kind.into()
    }

    /// To whom it reports.
    #[graphql(tag = "unclassified")]
    async fn reporting_line(&self) -> ReportingLine {
        self.0.reporting_line.into()
    }

    /// Where it is.
    #[graphql(tag = "unclassified")]
    async fn area(&self, context: &Context<'_>) -> Result<Option<Area>> {
        area(context, self.0.area_id).await
    }

    /// Since when it stands.
    #[graphql(tag = "unclassified")]
    async fn since(&self) -> Option<Date> {
        self.0.since.map(Date)
    }

    /// How many work there.
    #[graphql(requires_scopes = "clearance:strictly-confidential")]
    async fn staff(&self, context: &Context<'_>) -> Result<Option<Count>> {
        let key = NeededPresence(self.0.record_key.clone());
        let is_told = context.data::<Rows>()?.load_one(key).await?.is_some();
        Ok(is_told.then(|| Count::from_collected(self.0.staff, CountUnit::Persons)))
    }
}
