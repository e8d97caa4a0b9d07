//! What a caller needs to know of.

use async_graphql::{Context, Description, Object, Result};
use entities::need_to_know_grant;

use super::{
    super::{
        loader::{AreaKey, CycleKey, SituationKey},
        store,
    },
    objects::{Area, ReviewCycle, Situation},
};
use crate::vocabulary::{DateTime, EntityCode, Rows, StoreError, charged};

/// What opens the confidential records of a situation, of those in an area, or of those on the agenda of a cycle, to officers of an entity who are cleared, for a time.
#[derive(Clone, Debug, Description)]
pub(crate) struct NeedToKnowGrant(need_to_know_grant::Model);

#[Object(use_type_description, requires_scopes = "clearance:confidential")]
impl NeedToKnowGrant {
    /// Whose officers it is for.
    async fn entity(&self) -> EntityCode {
        self.0.entity.clone().into()
    }

    /// The scope that they have to hold.
    async fn role(&self) -> &str {
        &self.0.role
    }

    /// The only officer that it is for, by the subject of the token; `*` for all.
    async fn subject(&self) -> &str {
        &self.0.subject
    }

    /// The only issuer whose tokens it is for; null for all.
    async fn issuer(&self) -> Option<&str> {
        self.0.issuer.as_deref()
    }

    /// The situation that it opens.
    async fn situation(&self, context: &Context<'_>) -> Result<Option<Situation>> {
        let Some(key) = self.0.situation_id else {
            return Ok(None);
        };
        let rows = context.data::<Rows>()?;
        Ok(rows.load_one(SituationKey(key)).await?.map(Situation))
    }

    /// The area or region whose situations it opens.
    async fn area(&self, context: &Context<'_>) -> Result<Option<Area>> {
        let Some(key) = self.0.area_id else {
            return Ok(None);
        };
        let rows = context.data::<Rows>()?;
        Ok(rows.load_one(AreaKey(key)).await?.map(Area))
    }

    /// The cycle whose situations it opens.
    async fn cycle(&self, context: &Context<'_>) -> Result<Option<ReviewCycle>> {
        let Some(key) = self.0.cycle_id else {
            return Ok(None);
        };
        let rows = context.data::<Rows>()?;
        Ok(rows.load_one(CycleKey(key)).await?.map(ReviewCycle))
    }

    /// From when on.
    async fn valid_from(&self) -> DateTime {
        DateTime(self.0.valid_from)
    }

    /// Until when; not at that instant any more.
    async fn valid_until(&self) -> DateTime {
        DateTime(self.0.valid_until)
    }

    /// Who granted it.
    async fn grantor(&self) -> &str {
        &self.0.grantor
    }

    /// Why.
    async fn reason(&self) -> &str {
        &self.0.reason
    }
}

/// The grants that are in force for the caller.
pub(super) async fn held_grants(context: &Context<'_>) -> Result<Vec<NeedToKnowGrant>> {
    let loader = context.data::<Rows>()?.loader();
    let rows = store::held_grants(&loader.database, &loader.viewer)
        .await
        .map_err(StoreError::from)?;
    charged(context, rows, NeedToKnowGrant)
}
