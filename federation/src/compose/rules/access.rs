//! Checks in one subgraph that `@authenticated`, `@requiresScopes` and `@policy` are not on an
//! interface, its fields, or an `@interfaceObject`.

use crate::{
    diagnostic::{Code, Diagnostic, Diagnostics},
    subgraph::{
        Subgraph,
        directives::{Application, Applied, is_interface_object},
    },
};

const DIRECTIVES: [&str; 3] = ["authenticated", "requiresScopes", "policy"];

/// The requirements of an interface follow from those of its implementations.
pub(super) fn auth_requirements_applied_on_interface(
    subgraph: &Subgraph,
    diagnostics: &mut Diagnostics,
) {
    for ty in subgraph.schema.types.values() {
        let is_interface = ty.is_interface();
        if is_interface || is_interface_object(ty.directives()) {
            for application in DIRECTIVES
                .iter()
                .filter_map(|name| ty.directives().find(name))
            {
                let kind = if is_interface {
                    "an interface"
                } else {
                    "an interface object"
                };
                diagnostics.push(refuse(subgraph, ty.name(), kind, application));
            }
        }
        for field in subgraph.fields(ty).filter(|_| is_interface) {
            for application in DIRECTIVES
                .iter()
                .filter_map(|name| field.directives.find(name))
            {
                let coordinate = format!("{}.{}", ty.name(), field.name);
                diagnostics.push(refuse(
                    subgraph,
                    &coordinate,
                    "a field of an interface",
                    application,
                ));
            }
        }
    }
}

fn refuse(
    subgraph: &Subgraph,
    coordinate: &str,
    kind: &str,
    application: Application<'_>,
) -> Diagnostic {
    let directive = &application.directive.name;
    Diagnostic::new(
        Code::AuthRequirementsAppliedOnInterface,
        format!("`{coordinate}` is {kind} and cannot have `@{directive}`."),
    )
    .with_label(subgraph.label(application.location(), "here"))
    .with_help(
        "Put it on the implementing types or their fields: composition adds it to the interface.",
    )
}
