//! The context of a request to the subgraph of seals.

use std::sync::Arc;

use async_graphql::{Context, Result};
use chrono::{DateTime, Utc};

use super::super::record::Asker;
use crate::{audit_trail::AuditTrail, auth::Principal, database::Database, vocabulary::Viewer};

/// Where seals are, who asks for them, and when.
pub(super) struct Place {
    pub(super) database: Database,
    pub(super) principal: Principal,
    pub(super) now: DateTime<Utc>,
    pub(super) trail: Option<Arc<AuditTrail>>,
}

impl Place {
    pub(super) fn asker(&self, context: &Context<'_>) -> Result<Asker> {
        Ok(Asker {
            principal: self.principal.clone(),
            viewer: context.data::<Viewer>()?.clone(),
        })
    }
}
