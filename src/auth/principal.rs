//! The caller of a request.

use std::sync::Arc;

use indexmap::IndexSet;

use super::Identity;

/// The caller of a request, as established from the bearer token. The default is anonymous.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Principal {
    /// Code of the entity that the caller speaks for; `None` for an anonymous caller, and for one whose
    /// token names no entity.
    pub entity: Option<String>,
    /// Scopes held, clearances included (`clearance:confidential`).
    pub scopes: IndexSet<String>,
    /// Whom the token names; `None` for an anonymous caller.
    pub identity: Option<Arc<Identity>>,
    /// Whether it is the service itself, which needs to know of every situation, and is given texts as they are
    /// stored. No token says so.
    pub is_service: bool,
}

impl Principal {
    /// The service itself with some scopes: what it reads is stored, and told to nobody as it is.
    pub fn service(scopes: impl IntoIterator<Item = String>) -> Self {
        Self {
            scopes: scopes.into_iter().collect(),
            is_service: true,
            ..Self::default()
        }
    }

    /// Whether the caller holds a scope.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.contains(scope)
    }

    /// Whether the caller showed a valid token.
    pub fn is_authenticated(&self) -> bool {
        self.identity.is_some() || self.entity.is_some()
    }
}
