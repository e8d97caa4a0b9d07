//! Checks `@external` in one subgraph: not on an interface's field, and needed by something there.

use crate::{
    diagnostic::{Code, Diagnostic, Diagnostics},
    subgraph::{
        Subgraph,
        directives::{Applied, is_external, provides},
    },
};

/// A field of an interface is resolved by no subgraph, so it cannot be external.
pub(super) fn external_on_interface(subgraph: &Subgraph, diagnostics: &mut Diagnostics) {
    for ty in subgraph
        .schema
        .types
        .values()
        .filter(|ty| ty.is_interface())
    {
        for field in subgraph.fields(ty) {
            if let Some(external) = field.directives.find("external") {
                diagnostics.push(
                    Diagnostic::new(
                        Code::ExternalOnInterface,
                        format!(
                            "`{}.{}` is a field of an interface and cannot be `@external`.",
                            ty.name(),
                            field.name
                        ),
                    )
                    .with_label(subgraph.label(external.location(), "external here"))
                    .with_help(
                        "Remove `@external`, or put it on the fields of the implementing types.",
                    ),
                );
            }
        }
    }
}

/// An external field that nothing in the subgraph needs is a mistake: most likely its resolver is
/// missing.
pub(super) fn external_unused(subgraph: &Subgraph, diagnostics: &mut Diagnostics) {
    for ty in subgraph.schema.types.values().filter(|ty| ty.is_object()) {
        for field in subgraph.fields(ty) {
            // One with `@provides` must not be external, which has been reported.
            if is_external(&field.directives)
                && provides(&field.directives).is_none()
                && !subgraph.is_used(ty.name(), &field.name)
            {
                diagnostics.push(
                    Diagnostic::new(
                        Code::ExternalUnused,
                        format!(
                            "`{}.{}` is `@external`, but no `@key`, `@requires`, `@provides`, context or interface needs it.",
                            ty.name(),
                            field.name
                        ),
                    )
                    .with_label(subgraph.label(field.name.location(), "never needed"))
                    .with_help("Remove the field, or remove `@external` if this subgraph resolves it."),
                );
            }
        }
    }
}
