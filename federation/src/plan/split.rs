//! Lists of entities parted by type, where an interface object cannot be asked the same of all.
//!
//! A subgraph that knows an interface as one object cannot be asked by fragments on its types. A
//! field that requires what is sent for some types only is then asked in a list of its own.

use indexmap::IndexMap;

use super::{
    dag::{AskedField, Dag, Part, SelectionId},
    model::{RepresentationVariant, SlotId},
};
use crate::index::{Index, SubgraphId, TypeSet};

/// Parts what would ask objects for fields whose requirements are not sent for their type.
pub(super) fn split_by_type(index: &Index, dag: &mut Dag) {
    for at in 0..dag.nodes.len() {
        let subgraph = dag.nodes[at].subgraph;
        let parts = std::mem::take(&mut dag.nodes[at].parts);
        for part in parts {
            let split = split(index, dag, subgraph, part);
            dag.nodes[at].parts.extend(split);
        }
    }
}

fn split(index: &Index, dag: &mut Dag, subgraph: SubgraphId, part: Part) -> Vec<Part> {
    let asking = &dag.askings[part.selection.0];
    let bound = bound(index, subgraph, &asking.fields);
    let mut groups: IndexMap<Vec<SlotId>, Vec<RepresentationVariant>> = IndexMap::new();
    for variant in &part.representation {
        let is_kept_from = |types: &TypeSet| {
            let own = variant.types.as_ref();
            own.is_some_and(|own| !own.intersects(types))
        };
        let kept_from = bound.iter().filter(|(_, types)| is_kept_from(types));
        let kept_from = kept_from.map(|(slot, _)| *slot).collect();
        groups.entry(kept_from).or_default().push(variant.clone());
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

/// Fields asked of an interface object that require something, with the types they are asked of.
fn bound(index: &Index, subgraph: SubgraphId, fields: &[AskedField]) -> IndexMap<SlotId, TypeSet> {
    let requires = |field: &AskedField| {
        let id = index.find_field(field.of_interface?, &field.name)?;
        index.field(id).find_in(subgraph)?.requires
    };
    let mut bound: IndexMap<SlotId, TypeSet> = IndexMap::new();
    for field in fields.iter().filter(|field| requires(field).is_some()) {
        if let Some(types) = &field.wanted_of {
            bound.entry(field.slot).or_default().extend(types);
        }
    }
    // What is asked of all is asked of all, whatever else asks for it.
    for field in fields.iter().filter(|field| field.wanted_of.is_none()) {
        bound.shift_remove(&field.slot);
    }
    bound
}
