//! The diagnostic for directives that cannot be composed.

use crate::diagnostic::{Code, Diagnostic};

/// A diagnostic about how directives compose.
pub(super) fn composition_error(message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::DirectiveCompositionError, message)
}
