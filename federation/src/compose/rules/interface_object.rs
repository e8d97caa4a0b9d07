//! Checks `@interfaceObject` in one subgraph: the type must have a key.

use crate::{
    diagnostic::{Code, Diagnostic, Diagnostics},
    subgraph::{
        Subgraph,
        directives::{Applied, keys},
    },
};

/// An `@interfaceObject` must have a key, by which its objects are asked for.
pub(super) fn interface_object_usage_error(subgraph: &Subgraph, diagnostics: &mut Diagnostics) {
    for ty in subgraph.schema.types.values().filter(|ty| ty.is_object()) {
        let Some(application) = ty.directives().find("interfaceObject") else {
            continue;
        };
        if keys(ty.directives()).next().is_none() {
            diagnostics.push(
                Diagnostic::new(
                    Code::InterfaceObjectUsageError,
                    format!("`{}` is an `@interfaceObject` without a `@key`.", ty.name()),
                )
                .with_label(subgraph.label(application.location(), "stands for an interface"))
                .with_help("Add the `@key` that the interface has in other subgraphs."),
            );
        }
    }
}
