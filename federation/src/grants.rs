//! The grants of a caller: the host sets what the caller holds, and the engine compares it with
//! what the schema requires. A caller without grants sees the elements without requirements.

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
    /// Whether everything is granted: for planning by hand and composition checks.
    pub unrestricted: bool,
}
