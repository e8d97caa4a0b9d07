//! Warns of a key with access requirements: for callers who do not meet them, no jump can use it.

use apollo_compiler::Name;
use apollo_compiler::ast::Selection;
use apollo_compiler::collections::{IndexMap, IndexSet};

use super::guards::{Guards, type_directives};
use super::merged_elements::{Coordinate, fields_of, label_everywhere};
use crate::compose::merge::Merged;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::subgraph::Subgraph;
use crate::subgraph::field_set;

/// Looks for guards in resolvable keys.
pub(super) fn directive_composition_warn(
    merged: &Merged,
    subgraphs: &[Subgraph],
    diagnostics: &mut Diagnostics,
) {
    let Some(guards) = Guards::of(merged) else {
        return;
    };
    let mut guarded: IndexSet<(&Name, Name, Name)> = IndexSet::default();
    for (entity, joins) in &merged.joins.types {
        let graphs: IndexSet<usize> = joins.iter().map(|join| join.graph).collect();
        if graphs.len() < 2 {
            continue;
        }
        // The guarded fields of each key by which a subgraph can be asked.
        let mut keys: IndexMap<usize, Vec<Vec<(Name, Name)>>> = IndexMap::default();
        for join in joins.iter().filter(|join| join.resolvable) {
            let key = join.key.as_deref().map(field_set::parse);
            if let Some(Ok(selections)) = key {
                let mut found = Vec::new();
                find_guarded(merged, &guards, entity, &selections, &mut found);
                keys.entry(join.graph).or_default().push(found);
            }
        }
        for keys in keys.into_values() {
            // With one key that everyone may see, every caller is served.
            if keys.iter().any(Vec::is_empty) {
                continue;
            }
            let found = keys.into_iter().flatten();
            guarded.extend(found.map(|(type_, field)| (entity, type_, field)));
        }
    }
    for (entity, type_, field) in guarded {
        let coordinate = Coordinate::Member(&type_, &field);
        let message = format!(
            "`{coordinate}` is part of a key of `{entity}` but has access requirements: callers who do not meet them get nothing of `{entity}` from other subgraphs."
        );
        let diagnostic = Diagnostic::new(Code::DirectiveCompositionWarn, message);
        let diagnostic = label_everywhere(diagnostic, coordinate, subgraphs, "part of a key");
        diagnostics.push(diagnostic.with_help(format!(
            "Guard `{entity}` or its other fields instead, or add a key that everyone may see."
        )));
    }
}

fn find_guarded(
    merged: &Merged,
    guards: &Guards<'_>,
    type_: &Name,
    selections: &[Selection],
    found: &mut Vec<(Name, Name)>,
) {
    for selection in selections {
        let Selection::Field(field) = selection else {
            continue;
        };
        let definition = merged.schema.types.get(type_).and_then(fields_of);
        let Some(definition) = definition.and_then(|fields| fields.get(&field.name)) else {
            continue;
        };
        let target = definition.ty.inner_named_type();
        let on_target = merged
            .schema
            .types
            .get(target)
            .into_iter()
            .flat_map(type_directives);
        if guards.is_any(definition.directives.iter().chain(on_target)) {
            found.push((type_.clone(), field.name.clone()));
        }
        find_guarded(merged, guards, target, &field.selection_set, found);
    }
}
