//! `@context(name:)`: what a context may be called.

use crate::{
    diagnostic::{Code, Diagnostic, Diagnostics},
    subgraph::{Subgraph, directives::Applied},
};

/// A context's name becomes part of names in the supergraph, after `__`.
pub(in crate::compose::rules) fn context_name_invalid(
    subgraph: &Subgraph,
    diagnostics: &mut Diagnostics,
) {
    for ty in subgraph.schema.types.values() {
        for application in ty.directives().all("context") {
            let name = application
                .argument("name")
                .and_then(|value| value.as_str())
                .unwrap_or_default();
            let is_valid = name.starts_with(|first: char| first.is_ascii_alphabetic())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if !is_valid {
                diagnostics.push(
                    Diagnostic::new(
                        Code::ContextNameInvalid,
                        format!(
                            "`{name}`, set on `{}`, is no name for a context.",
                            ty.name()
                        ),
                    )
                    .with_label(subgraph.label(application.location(), "set here"))
                    .with_help("Name it with letters and digits, a letter first."),
                );
            }
        }
    }
}
