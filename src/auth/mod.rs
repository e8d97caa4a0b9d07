//! Who calls, and what that caller may see.

use indexmap::IndexSet;

/// The caller of a request, as established from the bearer token. The default is anonymous.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Principal {
    /// Code of the entity the token was given to; `None` for an anonymous caller.
    pub entity: Option<String>,
    /// Scopes held, clearances included (`clearance:confidential`).
    pub scopes: IndexSet<String>,
}

impl Principal {
    /// Whether the caller holds a scope.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.contains(scope)
    }
}
