//! Consents: an entity lets a source of another read one of its classified fields.

use std::{collections::HashMap, sync::Arc};

use entities::registry_consent;

use super::{Change, Registry, RegistryError, may_read};
use crate::{auth::Principal, registry::state::Act};

/// A consent to be recorded.
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

/// A consent to be withdrawn.
#[derive(Clone, Debug)]
pub struct WithdrawRequest {
    /// The field: `Type.field`.
    pub coordinate: String,
    /// Name of the source.
    pub source: String,
    /// Why; recorded where it is given.
    pub reason: Option<String>,
    /// Only say what would happen.
    pub is_dry_run: bool,
}

/// A consent as it is stored.
#[derive(Clone, Debug)]
pub struct ListedConsent {
    /// The row.
    pub row: registry_consent::Model,
    /// Whether the entity that it was given to answers for the source.
    pub is_in_force: bool,
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

    /// Withdraws a consent. Sources that need it are expelled from the joint schema at once, with those that
    /// depend on them.
    pub async fn withdraw(
        self: &Arc<Self>,
        principal: &Principal,
        request: WithdrawRequest,
    ) -> Result<Change, RegistryError> {
        let entity = self.may_change(principal).await?;
        let act = Act::Withdraw {
            coordinate: request.coordinate,
            source: request.source,
            reason: request.reason,
        };
        if request.is_dry_run {
            self.try_change(&entity, act).await
        } else {
            self.change(entity, act).await
        }
    }

    /// Consents that the caller's entity gave, and those that it was given; oldest first.
    pub async fn consents_of(
        &self,
        principal: &Principal,
    ) -> Result<Vec<ListedConsent>, RegistryError> {
        let entity = may_read(principal)?;
        let rows = self.store.consents_about(entity).await?;
        let sources = self.store.sources().await?;
        let owners: HashMap<_, _> = sources
            .iter()
            .map(|source| (source.record_key.as_str(), source.entity.as_str()))
            .collect();
        let listed = rows.into_iter().map(|row| ListedConsent {
            is_in_force: owners.get(row.source_name.as_str()) == Some(&row.granted_to.as_str()),
            row,
        });
        Ok(listed.collect())
    }
}
