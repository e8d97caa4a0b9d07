//! Arguments that come from an ancestor, `@fromContext`: what they read is asked of the ancestor as a
//! hidden entry, in whichever subgraph the argument's field is resolved.

use super::tree::{EntryId, PositionId, Tree};
use crate::{
    budget::Budget,
    index::{ContextArgument, Index, TypeSet},
};

/// Asks ancestors for what the arguments of fields below them read.
pub(crate) fn add_context_entries<'i>(
    tree: &mut Tree<'i>,
    (index, budget): (&'i Index, &Budget),
    root: PositionId,
) {
    if index.has_contexts() {
        visit(tree, (index, budget), root, &mut Vec::new());
    }
}

fn visit<'i>(
    tree: &mut Tree<'i>,
    (index, budget): (&'i Index, &Budget),
    position: PositionId,
    above: &mut Vec<PositionId>,
) {
    let entries: Vec<EntryId> = tree.position(position).entries.to_vec();
    if !budget.step(1 + entries.len()) {
        return;
    }
    for &id in &entries {
        for argument in arguments(tree, index, position, id) {
            budget.step(above.len());
            if let Some((ancestor, types)) = nearest(tree, index, above, argument) {
                ask(tree, index, (ancestor, types), argument);
            }
        }
    }
    above.push(position);
    for id in entries {
        if let Some(child) = tree.entry(id).child() {
            visit(tree, (index, budget), child, above);
        }
    }
    above.pop();
}

/// The arguments of a field that come from ancestors, in any subgraph.
fn arguments<'i>(
    tree: &Tree<'_>,
    index: &'i Index,
    position: PositionId,
    id: EntryId,
) -> Vec<&'i ContextArgument> {
    let name = tree.entry(id).name();
    let mut found: Vec<&ContextArgument> = Vec::new();
    for class in tree.position(position).classes.iter() {
        let Some(field) = index.find_field(class.object, name) else {
            continue;
        };
        for argument in index
            .field(field)
            .subgraphs
            .iter()
            .flat_map(|own| &own.context_arguments)
        {
            if !found.contains(&argument) {
                found.push(argument);
            }
        }
    }
    found
}

/// The nearest ancestor that has a context, with its types that do.
pub(crate) fn nearest(
    tree: &Tree<'_>,
    index: &Index,
    above: &[PositionId],
    argument: &ContextArgument,
) -> Option<(PositionId, TypeSet)> {
    let types = index.context_types(&argument.context)?;
    above.iter().rev().find_map(|&position| {
        let classes = tree.position(position).classes.iter();
        let all = classes.fold(TypeSet::new(), |all, class| all.union(&class.types));
        let within = all.intersection(types);
        (!within.is_empty()).then_some((position, within))
    })
}

fn ask<'i>(
    tree: &mut Tree<'i>,
    index: &'i Index,
    (ancestor, types): (PositionId, TypeSet),
    argument: &ContextArgument,
) {
    for (type_, set) in &argument.selections {
        if types.contains(*type_) {
            tree.demand_hidden(ancestor, *type_, index.field_set(*set));
        }
    }
}
