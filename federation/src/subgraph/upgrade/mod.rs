//! Subgraphs of Federation 1 rewritten as subgraphs of Federation 2.
//!
//! Federation 1 ignored much of what it was given and shared fields without being told to. The
//! steps here drop what it ignored and write down what it took for granted. All subgraphs of a
//! supergraph in; the same, each in the form of Federation 2, out. A subgraph of Federation 2 is not
//! changed.

mod extension;
mod field_sets;
mod fields;
mod ignored;
mod originals;
mod shareable;
mod tag;
mod unused;

use originals::Originals;

use super::{Subgraph, canonical, directives::Applied};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// Upgrades the subgraphs that need it. Those of Federation 2 are left alone, but looked at.
pub(super) fn upgrade(subgraphs: &mut [Subgraph], diagnostics: &mut Diagnostics) {
    if subgraphs.iter().all(|subgraph| !subgraph.was_federation_1) {
        return;
    }
    let originals = read_originals(subgraphs);
    for (at, subgraph) in subgraphs.iter_mut().enumerate() {
        if subgraph.was_federation_1 {
            let others: Vec<_> = originals
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at)
                .map(|(_, it)| it)
                .collect();
            let originals = Originals {
                own: &originals[at],
                others: &others,
            };
            upgrade_one(&originals, subgraph, diagnostics);
        }
    }
    interface_object_usage_error(&originals, diagnostics);
}

// As Federation 1 read them: key fields of extensions are resolved, marked external or not.
fn read_originals(subgraphs: &[Subgraph]) -> Vec<Subgraph> {
    let mut originals = subgraphs.to_vec();
    for original in originals
        .iter_mut()
        .filter(|subgraph| subgraph.was_federation_1)
    {
        canonical::resolve_external_keys(&mut original.schema);
        original.refresh_facts();
    }
    originals
}

fn upgrade_one(originals: &Originals<'_>, subgraph: &mut Subgraph, diagnostics: &mut Diagnostics) {
    originals.extension_with_no_base(diagnostics);
    field_sets::write_as_strings(&mut subgraph.schema);
    ignored::drop_external_on_types(&mut subgraph.schema);
    originals.resolve_keys_of_extensions(&mut subgraph.schema);
    subgraph.refresh_facts();
    field_sets::drop_inactive(subgraph);
    extension::make_definitions(&mut subgraph.schema);
    canonical::resolve_external_keys(&mut subgraph.schema);
    ignored::drop_on_interfaces(&mut subgraph.schema);
    ignored::drop_provides_on_leaves(&mut subgraph.schema);
    subgraph.refresh_facts();
    unused::type_with_only_unused_external(subgraph, diagnostics);
    originals.add_shareable(&mut subgraph.schema);
    originals.drop_tags_on_external(&mut subgraph.schema);
    subgraph.refresh_facts();
}

// What stands for an interface needs others that know its types, which Federation 1 never checked.
fn interface_object_usage_error(originals: &[Subgraph], diagnostics: &mut Diagnostics) {
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
                            "`{}` is an `@interfaceObject` in `{}`, and `{}`, a subgraph of Federation 1, has a key on the interface that nothing vouches for.",
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
