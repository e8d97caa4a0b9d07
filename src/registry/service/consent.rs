//! Consents: an entity lets a source of another read one of its classified fields.

use std::sync::Arc;

use super::{Change, Registry, RegistryError};
use crate::{auth::Principal, registry::state::Act};

/// A consent that is wanted.
#[derive(Clone, Debug)]
pub struct GrantRequest {
    /// The field: `Type.field`.
    pub coordinate: String,
    /// Name of the source.
    pub source: String,
    /// Code of the entity that answers for the source; the one that does now, unless given.
    pub to: Option<String>,
    /// Why.
    pub reason: String,
}

impl Registry {
    /// Records that a source may read a field of the caller's entity.
    pub async fn grant(
        self: &Arc<Self>,
        principal: &Principal,
        request: GrantRequest,
    ) -> Result<(), RegistryError> {
        let entity = self.may_change(principal).await?;
        if request.reason.trim().is_empty() || request.reason.len() > 2_000 {
            return Err(RegistryError::BadInput(
                "Say why in a sentence or two: the reason is kept.".to_owned(),
            ));
        }
        if let Some(to) = &request.to {
            self.check_entity(to).await?;
        }
        let act = Act::Grant {
            coordinate: request.coordinate,
            source: request.source,
            to: request.to,
            reason: request.reason,
        };
        self.change(entity, act).await.map(|_| ())
    }

    /// Withdraws a consent. Sources that need it leave the joint schema at once, with those that
    /// depend on them.
    pub async fn withdraw(
        self: &Arc<Self>,
        principal: &Principal,
        coordinate: &str,
        source: &str,
    ) -> Result<Change, RegistryError> {
        let entity = self.may_change(principal).await?;
        let act = Act::Withdraw {
            coordinate: coordinate.to_owned(),
            source: source.to_owned(),
        };
        self.change(entity, act).await
    }
}
