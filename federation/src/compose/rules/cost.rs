//! Checks `@cost`: it must not be on an interface's field.
//!
//! <https://ibm.github.io/graphql-specs/cost-spec.html>

use crate::{
    diagnostic::{Code, Diagnostic, Diagnostics},
    subgraph::{Subgraph, directives::Applied},
};

/// An interface's field costs what the implementation's field costs.
pub(super) fn cost_applied_to_interface_field(subgraph: &Subgraph, diagnostics: &mut Diagnostics) {
    for ty in subgraph
        .schema
        .types
        .values()
        .filter(|ty| ty.is_interface())
    {
        for field in subgraph.fields(ty) {
            if let Some(cost) = field.directives.find("cost") {
                diagnostics.push(
                    Diagnostic::new(
                        Code::CostAppliedToInterfaceField,
                        format!(
                            "`{}.{}` is a field of an interface and has no `@cost` of its own.",
                            ty.name(),
                            field.name
                        ),
                    )
                    .with_label(subgraph.label(cost.location(), "cost here"))
                    .with_help("Put `@cost` on the fields of the implementing types."),
                );
            }
        }
    }
}
