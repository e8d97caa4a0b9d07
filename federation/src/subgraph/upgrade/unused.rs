//! Removes external fields that nothing needs.

use apollo_compiler::{Name, Schema, schema::ExtendedType};
use indexmap::{IndexMap, IndexSet};

use super::fields::fields_mut;
use crate::{
    budget::Budget,
    diagnostic::{Code, Diagnostic, Diagnostics},
    subgraph::{
        Subgraph,
        directives::{Applied, is_external},
        facts::{fields, needed_by},
        field_set::find_field,
    },
};

type FieldId = (Name, Name);

/// Drops them, and types without fields left; a remaining reference to such a type is an error.
pub(super) fn type_with_only_unused_external(
    subgraph: &mut Subgraph,
    budget: &Budget,
    diagnostics: &mut Diagnostics,
) {
    let unused = find_unused(subgraph, budget);
    if unused.is_empty() {
        return;
    }
    let touched: IndexSet<Name> = unused.iter().map(|(ty, _)| ty.clone()).collect();
    for name in &touched {
        if let Some(fields) = subgraph.schema.types.get_mut(name).and_then(fields_mut) {
            fields.retain(|field, _| !unused.contains(&(name.clone(), field.clone())));
        }
    }
    subgraph.refresh_facts(budget);
    let mut references = count_references(&subgraph.schema);
    let mut dropped: IndexSet<Name> = IndexSet::new();
    for name in touched {
        let Some(ty) = subgraph.schema.types.get(&name) else {
            continue;
        };
        if subgraph.fields(ty).next().is_some() {
            continue;
        }
        // Other subgraphs can refer to a type with a key.
        let has_key = ty.directives().is_applied("key");
        if has_key || references.get(&name).is_some_and(|count| *count > 0) {
            diagnostics.push(
                Diagnostic::new(
                    Code::TypeWithOnlyUnusedExternal,
                    format!("All fields of `{name}` are `@external`, and no `@key`, `@requires` or `@provides` needs them."),
                )
                .with_label(subgraph.label(name.location(), "nothing is left of it"))
                .with_help("Add the `@key` by which others know the type, or a field this subgraph resolves."),
            );
        } else {
            for referred in referred_by(ty) {
                if let Some(count) = references.get_mut(referred) {
                    *count = count.saturating_sub(1);
                }
            }
            dropped.insert(name);
        }
    }
    subgraph
        .schema
        .types
        .retain(|name, _| !dropped.contains(name));
}

/// External fields that nothing needs; a field that only one of them needs is not needed either.
fn find_unused(subgraph: &Subgraph, budget: &Budget) -> IndexSet<FieldId> {
    let schema = &subgraph.schema;
    let mut needed: IndexMap<FieldId, usize> = IndexMap::new();
    for ty in schema.types.values() {
        for field in subgraph.fields(ty) {
            for other in needed_by(schema, ty.name(), field, budget) {
                *needed.entry(other).or_default() += 1;
            }
        }
    }
    let is_needed = |needed: &IndexMap<FieldId, usize>, field: &FieldId| {
        subgraph.is_used_by_types(&field.0, &field.1)
            || needed.get(field).is_some_and(|count| *count > 0)
    };
    let mut unused: IndexSet<FieldId> = IndexSet::new();
    for ty in schema.types.values() {
        let external = subgraph.fields(ty);
        let external = external.filter(|field| is_external(&field.directives));
        let external = external.map(|field| (ty.name().clone(), field.name.clone()));
        unused.extend(external.filter(|field| !is_needed(&needed, field)));
    }
    let mut at = 0;
    while let Some((ty, field)) = unused.get_index(at) {
        at += 1;
        let Some((_, field)) = find_field(schema, ty, field) else {
            continue;
        };
        for other in needed_by(schema, ty, field, budget) {
            if let Some(count) = needed.get_mut(&other) {
                *count = count.saturating_sub(1);
            }
            let found = find_field(schema, &other.0, &other.1);
            if found.is_some_and(|(_, field)| is_external(&field.directives))
                && !is_needed(&needed, &other)
            {
                unused.insert(other);
            }
        }
    }
    unused
}

/// How often each type is referred to.
fn count_references(schema: &Schema) -> IndexMap<Name, usize> {
    let mut counts: IndexMap<Name, usize> = IndexMap::new();
    for referred in schema.types.values().flat_map(referred_by) {
        *counts.entry(referred.clone()).or_default() += 1;
    }
    counts
}

/// Types that a type has as members, implements, or has fields of.
fn referred_by(ty: &ExtendedType) -> Vec<&Name> {
    let interfaces = match ty {
        ExtendedType::Union(union_) => {
            return union_.members.iter().map(|member| &member.name).collect();
        }
        ExtendedType::Object(object) => &object.implements_interfaces,
        ExtendedType::Interface(interface) => &interface.implements_interfaces,
        _ => return Vec::new(),
    };
    let interfaces = interfaces.iter().map(|interface| &interface.name);
    let fields = fields(ty).map(|field| field.ty.inner_named_type());
    interfaces.chain(fields).collect()
}
