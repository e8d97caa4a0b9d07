//! What a caller may see: the host says what the caller holds, the engine compares it with what the
//! schema requires. A caller without grants sees what has no requirements.

use indexmap::IndexSet;

/// What a caller may see, as the host established it.
#[derive(Clone, Debug, Default)]
pub struct Grants {
    /// Whether the caller is known: `@authenticated`.
    pub authenticated: bool,
    /// Scopes held: `@requiresScopes`.
    pub scopes: IndexSet<String>,
    /// Policies the host found satisfied: `@policy`.
    pub policies: IndexSet<String>,
    /// Whether everything is granted: planning by hand and composition checks.
    pub unrestricted: bool,
}
