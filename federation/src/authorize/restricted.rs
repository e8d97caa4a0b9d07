//! Which restricted fields an operation reads, for hosts that account for access. In: an operation from
//! which all that its caller may not have was withheld. Out: its fields that have requirements, each once.
//! Fields that only keys, `@requires` and contexts read are not among them: no client is answered these.

use std::sync::Arc;

use apollo_compiler::collections::IndexSet;

use super::Requirements;
use crate::{
    index::{FieldId, Index, Selected, SelectionSet},
    response::RestrictedField,
};

/// The restricted fields that are selected.
pub(crate) fn restricted(
    index: &Index,
    requirements: &Requirements,
    selections: &SelectionSet,
) -> Vec<RestrictedField> {
    if requirements.is_empty() {
        return Vec::new();
    }
    let mut found = IndexSet::default();
    collect(index, requirements, selections, &mut found);
    let fields = found.into_iter();
    fields.map(|id| describe(index, requirements, id)).collect()
}

/// Recursion is bounded: operations have a depth limit.
fn collect(
    index: &Index,
    requirements: &Requirements,
    selections: &SelectionSet,
    found: &mut IndexSet<FieldId>,
) {
    for selection in &selections.selections {
        let Selected::Field(field) = &selection.selected else {
            continue;
        };
        if selection.is_withheld {
            continue;
        }
        // An interface's field counts where the objects' own fields have no requirement.
        let named = |on| index.find_field(on, &field.name);
        let is_restricted = |id: &FieldId| requirements.of_field(index, *id).next().is_some();
        let of_objects = selection
            .types
            .iter()
            .filter_map(named)
            .filter(is_restricted);
        let of_objects: Vec<FieldId> = of_objects.collect();
        if of_objects.is_empty() {
            let written = selection.written_on.iter().copied().filter_map(named);
            found.extend(written.filter(is_restricted));
        }
        found.extend(of_objects);
        if let Some(below) = &field.selection_set {
            collect(index, requirements, below, found);
        }
    }
}

fn describe(index: &Index, requirements: &Requirements, id: FieldId) -> RestrictedField {
    let facts = index.field(id);
    let needed = requirements.of_field(index, id);
    let needed = needed.filter_map(|number| requirements.get(number));
    let alternatives = needed.flat_map(|requirement| requirement.scopes.iter().flatten());
    let subgraphs = facts.subgraphs.iter();
    RestrictedField {
        coordinate: format!("{}.{}", index.type_(facts.parent).name, facts.name),
        scopes: alternatives.flatten().cloned().collect(),
        subgraphs: subgraphs
            .map(|entry| Arc::clone(&index.subgraph(entry.subgraph).name))
            .collect(),
    }
}
