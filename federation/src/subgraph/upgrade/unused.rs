//! External fields that nothing needs.

use apollo_compiler::{Name, Schema, schema::ExtendedType};
use indexmap::IndexSet;

use super::fields::fields_mut;
use crate::{
    diagnostic::{Code, Diagnostic, Diagnostics},
    subgraph::{
        Subgraph,
        directives::{Applied, is_external},
    },
};

/// Drops them, and types of which nothing is left; what still refers to such a type is in the way.
pub(super) fn type_with_only_unused_external(
    subgraph: &mut Subgraph,
    diagnostics: &mut Diagnostics,
) {
    let mut touched: IndexSet<Name> = IndexSet::new();
    // What one field needed may be needed no longer once that field is gone.
    loop {
        let unused = unused(subgraph);
        if unused.is_empty() {
            break;
        }
        for (ty, field) in unused {
            if let Some(fields) = subgraph.schema.types.get_mut(&ty).and_then(fields_mut) {
                fields.shift_remove(&field);
                touched.insert(ty);
            }
        }
        subgraph.refresh_facts();
    }
    for name in touched {
        let is_empty = subgraph
            .schema
            .types
            .get_mut(&name)
            .and_then(fields_mut)
            .is_some_and(|fields| fields.is_empty());
        if !is_empty {
            continue;
        }
        // By a key others refer to it, too.
        let has_key = subgraph
            .schema
            .types
            .get(&name)
            .is_some_and(|ty| ty.directives().is_applied("key"));
        if has_key || is_referenced(&subgraph.schema, &name) {
            diagnostics.push(
                Diagnostic::new(
                    Code::TypeWithOnlyUnusedExternal,
                    format!("All fields of `{name}` are `@external`, and no `@key`, `@requires` or `@provides` needs them."),
                )
                .with_label(subgraph.label(name.location(), "nothing is left of it"))
                .with_help("Add the `@key` by which others know the type, or a field this subgraph resolves."),
            );
        } else {
            subgraph.schema.types.shift_remove(&name);
        }
    }
}

fn unused(subgraph: &Subgraph) -> Vec<(Name, Name)> {
    let mut unused = Vec::new();
    for ty in subgraph.schema.types.values() {
        for field in subgraph.fields(ty) {
            if is_external(&field.directives) && !subgraph.is_used(ty.name(), &field.name) {
                unused.push((ty.name().clone(), field.name.clone()));
            }
        }
    }
    unused
}

fn is_referenced(schema: &Schema, name: &Name) -> bool {
    schema.types.values().any(|ty| match ty {
        ExtendedType::Union(union_) => union_.members.contains(name),
        ExtendedType::Object(object) => {
            object.implements_interfaces.contains(name)
                || object
                    .fields
                    .values()
                    .any(|field| field.ty.inner_named_type() == name)
        }
        ExtendedType::Interface(interface) => {
            interface.implements_interfaces.contains(name)
                || interface
                    .fields
                    .values()
                    .any(|field| field.ty.inner_named_type() == name)
        }
        _ => false,
    })
}
