//! `@interfaceObject` beside subgraphs of Federation 1: refused where one of them has a key on the
//! interface.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::subgraph::{Subgraph, directives::Applied};

/// An `@interfaceObject` needs subgraphs with a key on the interface that know all its implementing
/// types, which Federation 1 never checked.
pub(super) fn interface_object_usage_error(originals: &[Subgraph], diagnostics: &mut Diagnostics) {
    for user in originals
        .iter()
        .filter(|subgraph| !subgraph.was_federation_1)
    {
        for ty in user.schema.types.values() {
            let Some(usage) = ty.directives().find("interfaceObject") else {
                continue;
            };
            for old in originals
                .iter()
                .filter(|subgraph| subgraph.was_federation_1)
            {
                let key = old
                    .schema
                    .get_interface(ty.name())
                    .and_then(|it| it.directives.find("key"));
                let Some(key) = key else { continue };
                diagnostics.push(
                    Diagnostic::new(
                        Code::InterfaceObjectUsageError,
                        format!(
                            "`{}` is an `@interfaceObject` in `{}`, but `{}`, a subgraph of Federation 1, has a `@key` on the interface: `@interfaceObject` needs Federation 2 in each subgraph with such a key.",
                            ty.name(),
                            user.name,
                            old.name
                        ),
                    )
                    .with_label(user.label(usage.location(), "stands for an interface"))
                    .with_label(old.label(key.location(), "key of Federation 1"))
                    .with_help(format!("Let `{}` link federation v2.3 or newer, or remove the key.", old.name)),
                );
            }
        }
    }
}
