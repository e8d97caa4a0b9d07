//! The diagnostic for directives of which it cannot be said how they compose.

use crate::diagnostic::{Code, Diagnostic};

/// A diagnostic about how directives compose.
pub(super) fn composition_error(message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::DirectiveCompositionError, message)
}
