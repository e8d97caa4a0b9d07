//! Adds hidden entries for `@fromContext`: what the argument reads is asked of the ancestors that
//! set the context. In: the client positions with their runtime types. Out: the same with these
//! entries. Invariant: they are added for every subgraph that has such an argument, since the
//! search chooses later which of them resolves the field.

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
            for setter in setters(tree, (index, budget), (above, position), argument) {
                ask(tree, index, setter, argument);
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

/// The ancestors that set a context for objects further down, nearest first, each with its types
/// that do. There is more than one where objects at an ancestor can also be of types that do not
/// set the context: for those the next ancestor above is asked. `above` are the ancestors of the
/// objects at `below`, from the root.
pub(crate) fn setters(
    tree: &Tree<'_>,
    (index, budget): (&Index, &Budget),
    (above, mut below): (&[PositionId], PositionId),
    argument: &ContextArgument,
) -> Vec<(PositionId, TypeSet)> {
    let mut setters = Vec::new();
    let Some(types) = index.context_types(&argument.context) else {
        return setters;
    };
    for &position in above.iter().rev() {
        let on_the_way = types_towards(tree, budget, position, below);
        let within = on_the_way.intersection(types);
        if !within.is_empty() {
            let is_all = within == on_the_way;
            setters.push((position, within));
            if is_all {
                break;
            }
        }
        below = position;
    }
    setters
}

/// The types of objects at a position of which those at another one, below it, are asked.
fn types_towards(
    tree: &Tree<'_>,
    budget: &Budget,
    position: PositionId,
    below: PositionId,
) -> TypeSet {
    let leads_there = |id: &EntryId| tree.entry(*id).child() == Some(below);
    let classes = tree.position(position).classes.iter();
    let classes = classes.filter(|class| {
        budget.step(1 + class.entries.len() / 8);
        class.entries.iter().any(leads_there)
    });
    classes.fold(TypeSet::new(), |all, class| all.union(&class.types))
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
