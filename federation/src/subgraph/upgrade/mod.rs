//! Subgraphs of Federation 1 rewritten as subgraphs of Federation 2.
//!
//! Federation 1 ignored much of what it was given and shared fields without being told to. The
//! steps here drop what it ignored and write down what it took for granted.

mod extension;
mod field_sets;
mod ignored;
mod shareable;
mod tag;
mod unused;

use apollo_compiler::{
    Name,
    ast::FieldDefinition,
    collections::IndexMap as SchemaMap,
    schema::{Component, ExtendedType},
};

use super::{Subgraph, canonical, directives::Applied};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// Upgrades the subgraphs that need it. Those of Federation 2 are left alone, but looked at.
pub(super) fn upgrade(subgraphs: &mut [Subgraph], diagnostics: &mut Diagnostics) {
    if subgraphs.iter().all(|subgraph| !subgraph.was_federation_1) {
        return;
    }
    let originals = originals(subgraphs);
    for (at, subgraph) in subgraphs.iter_mut().enumerate() {
        if subgraph.was_federation_1 {
            let others: Vec<_> = originals
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at)
                .map(|(_, it)| it)
                .collect();
            let upgrade = Upgrade {
                original: &originals[at],
                others: &others,
            };
            upgrade.run(subgraph, diagnostics);
        }
    }
    interface_object_usage_error(&originals, diagnostics);
}

// As Federation 1 read them: key fields of extensions are resolved, marked external or not.
fn originals(subgraphs: &[Subgraph]) -> Vec<Subgraph> {
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

struct Upgrade<'a> {
    original: &'a Subgraph,
    others: &'a [&'a Subgraph],
}

impl Upgrade<'_> {
    fn run(&self, subgraph: &mut Subgraph, diagnostics: &mut Diagnostics) {
        self.extension_with_no_base(diagnostics);
        field_sets::write_as_strings(&mut subgraph.schema);
        ignored::drop_external_on_types(&mut subgraph.schema);
        self.resolve_keys_of_extensions(&mut subgraph.schema);
        subgraph.refresh_facts();
        field_sets::drop_inactive(subgraph);
        extension::make_definitions(&mut subgraph.schema);
        canonical::resolve_external_keys(&mut subgraph.schema);
        ignored::drop_on_interfaces(&mut subgraph.schema);
        ignored::drop_provides_on_leaves(&mut subgraph.schema);
        subgraph.refresh_facts();
        unused::type_with_only_unused_external(subgraph, diagnostics);
        self.add_shareable(&mut subgraph.schema);
        self.drop_tags_on_external(&mut subgraph.schema);
        subgraph.refresh_facts();
    }

    // The same type in other subgraphs, with where it was found.
    fn elsewhere<'t>(
        &'t self,
        type_name: &'t str,
    ) -> impl Iterator<Item = (&'t Subgraph, &'t ExtendedType)> {
        let merged = self.original.merged_type_name(type_name);
        self.others.iter().filter_map(move |other| {
            let ty = match other.schema.types.get(merged) {
                Some(ty) => ty,
                None => other
                    .schema
                    .types
                    .values()
                    .find(|ty| other.merged_type_name(ty.name()) == merged)?,
            };
            (ty.is_object() || ty.is_interface()).then_some((*other, ty))
        })
    }
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

type FieldMap = SchemaMap<Name, Component<FieldDefinition>>;

fn fields_mut(ty: &mut ExtendedType) -> Option<&mut FieldMap> {
    match ty {
        ExtendedType::Object(object) => Some(&mut object.make_mut().fields),
        ExtendedType::Interface(interface) => Some(&mut interface.make_mut().fields),
        _ => None,
    }
}
