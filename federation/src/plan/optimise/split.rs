//! Splits lists of entities by type where an interface object must not be asked for the same fields
//! of all types.
//!
//! A subgraph with an interface object cannot be asked by fragments on types. So a field whose
//! `@requires` is sent for some types only is asked in a separate list; and so is a non-null field
//! that is wanted of some types only, since a null there would make other objects null. In and out:
//! a graph. Invariant: all lists of one fetch take the same contexts.

use std::collections::BTreeSet;

use apollo_compiler::collections::IndexMap;

use super::merge::context_variables;
use crate::{
    budget::Budget,
    index::{Index, SubgraphId, TypeSet},
    plan::fetch_graph::{
        asked::AskedField,
        dag::{Dag, Node, Part},
        ids::{NodeId, SelectionId},
    },
    query_plan::{RepresentationVariant, SlotId},
};

/// Splits the parts that would ask objects for fields whose `@requires` is not sent for their type.
pub(crate) fn split_by_type(index: &Index, dag: &mut Dag, budget: &Budget) {
    for at in 0..dag.nodes.len() {
        let subgraph = dag.nodes[at].subgraph;
        let parts = std::mem::take(&mut dag.nodes[at].parts);
        for part in parts {
            let asked = dag.askings[part.selection.0].fields.len();
            budget.step(1 + asked + part.representation.len());
            let split = split(index, dag, subgraph, part);
            dag.nodes[at].parts.extend(split);
        }
        part_by_context(dag, at, budget);
    }
}

/// Keeps in a fetch the lists that take the same contexts as its first one, and makes other fetches
/// of the rest.
fn part_by_context(dag: &mut Dag, at: usize, budget: &Budget) {
    let mut groups: IndexMap<BTreeSet<Box<str>>, Vec<Part>> = IndexMap::default();
    for part in std::mem::take(&mut dag.nodes[at].parts) {
        groups
            .entry(context_variables(&part))
            .or_default()
            .push(part);
    }
    let mut groups = groups.into_values();
    dag.nodes[at].parts = groups.next().unwrap_or_default();
    for parts in groups {
        budget.step(dag.nodes.len());
        let own = NodeId(dag.nodes.len());
        let waiting = dag.nodes.iter_mut();
        for node in waiting.filter(|node| node.needs.contains(&NodeId(at))) {
            node.needs.insert(own);
        }
        let node = &dag.nodes[at];
        dag.nodes.push(Node {
            subgraph: node.subgraph,
            parts,
            kind: node.kind,
            needs: node.needs.clone(),
            instead_of: None,
        });
    }
}

fn split(index: &Index, dag: &mut Dag, subgraph: SubgraphId, part: Part) -> Vec<Part> {
    let asking = &dag.askings[part.selection.0];
    let bound = bound(index, subgraph, &asking.fields);
    let mut groups: IndexMap<Vec<SlotId>, Vec<RepresentationVariant>> = IndexMap::default();
    for variant in &part.representation {
        for (kept_from, variant) in by_type(variant, &bound) {
            groups.entry(kept_from).or_default().push(variant);
        }
    }
    if groups.keys().all(Vec::is_empty) {
        return vec![part];
    }
    let mut parts = Vec::with_capacity(groups.len());
    for (kept_from, representation) in groups {
        let mut asking = dag.askings[part.selection.0].clone();
        asking
            .fields
            .retain(|field| !kept_from.contains(&field.slot));
        if asking.fields.is_empty() {
            continue;
        }
        let is_filled = |variable: &str| {
            let mut filled = asking.fields.iter().flat_map(|field| &field.filled);
            filled.any(|filled| filled.variable == variable)
        };
        let mut context = part.context.clone();
        context.retain(|one| is_filled(&one.variable));
        dag.askings.push(asking);
        parts.push(Part {
            representation,
            selection: SelectionId(dag.askings.len() - 1),
            context,
            shape: part.shape,
            targets: part.targets.clone(),
        });
    }
    parts
}

/// The variant once for each set of unwanted slots, with the types of which these are not wanted.
fn by_type(
    variant: &RepresentationVariant,
    bound: &IndexMap<SlotId, TypeSet>,
) -> Vec<(Vec<SlotId>, RepresentationVariant)> {
    let Some(types) = &variant.types else {
        return vec![(Vec::new(), variant.clone())];
    };
    let mut kinds: IndexMap<Vec<SlotId>, TypeSet> = IndexMap::default();
    for object in types.iter() {
        let unwanted = bound.iter().filter(|(_, wanted)| !wanted.contains(object));
        let kept_from = unwanted.map(|(slot, _)| *slot).collect();
        kinds.entry(kept_from).or_default().insert(object);
    }
    let of_kind = |(kept_from, types)| {
        let mut variant = variant.clone();
        variant.types = Some(types);
        (kept_from, variant)
    };
    kinds.into_iter().map(of_kind).collect()
}

/// Fields asked of an interface object that require something or may not be null, with the types
/// they are asked of.
fn bound(index: &Index, subgraph: SubgraphId, fields: &[AskedField]) -> IndexMap<SlotId, TypeSet> {
    let is_bound = |field: &AskedField| {
        let id = (field.of_interface).and_then(|id| index.find_field(id, &field.name));
        let field_in = id.and_then(|id| index.field(id).find_in(subgraph));
        field_in.is_some_and(|field| field.requires.is_some() || field.ty.is_non_null())
    };
    let mut bound: IndexMap<SlotId, TypeSet> = IndexMap::default();
    for field in fields.iter().filter(|field| is_bound(field)) {
        if let Some(types) = &field.wanted_of {
            bound.entry(field.slot).or_default().extend(types);
        }
    }
    // A field that is wanted of all types is asked of all.
    for field in fields.iter().filter(|field| field.wanted_of.is_none()) {
        bound.shift_remove(&field.slot);
    }
    bound
}
