//! The context of a request to the review's subgraph.

use async_graphql::{Context, Result};
use chrono::{DateTime, Utc};

use super::super::acts::{Asker, ReviewCell};
use crate::{auth::Principal, database::Database, vocabulary::Viewer};

/// Where the review is, who asks, and when.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) database: Database,
    pub(crate) principal: Principal,
    pub(crate) now: DateTime<Utc>,
    pub(crate) cell: ReviewCell,
}

impl Place {
    /// Who asks for an act.
    pub(super) fn asker(&self, context: &Context<'_>) -> Result<Asker> {
        Ok(Asker {
            database: self.database.clone(),
            cell: self.cell.clone(),
            principal: self.principal.clone(),
            viewer: Some(context.data::<Viewer>()?.clone()),
            now: self.now,
        })
    }
}
