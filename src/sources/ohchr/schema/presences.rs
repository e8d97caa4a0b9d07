//! Field presences.

use async_graphql::{Context, Description, ID, Object, Result};
use entities::field_presence;

use super::super::{
    loader::NeededPresence,
    terms::{PresenceKind, ReportingLine},
};
use crate::vocabulary::{Area, Count, CountUnit, Date, Rows, area};

/// A field presence of OHCHR.
#[derive(Clone, Debug, Description)]
pub(crate) struct FieldPresence(pub(super) field_presence::Model);

#[Object(use_type_description)]
impl FieldPresence {
    /// Opaque.
    #[graphql(tag = "unclassified")]
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.public_id.clone())
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
