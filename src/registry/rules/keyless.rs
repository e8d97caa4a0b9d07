//! A type that another entity resolves by a key must have a key here too: without one, its fields
//! would be read as those of values, with the consent of all who have them.

use super::{Neighbour, Proposal, Refusal, RefusalCode};

pub(super) fn entity_without_key(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    for (name, facts) in &proposal.declarations.types {
        let is_value = !facts.has_key && !facts.is_interface && facts.root.is_none();
        if !is_value || !proposal.declarations.declares_fields_of(name) {
            continue;
        }
        if let Some(owner) = find_owner_with_key(proposal, name) {
            refusals.push(
                Refusal::new(
                    RefusalCode::ChangesForeign,
                    format!(
                        "`{name}` is {}'s, and is resolved by a key there: without a key here its \
                         fields would be read as those of a value.",
                        owner.entity
                    ),
                    format!(
                        "Write a key of theirs on it, such as `type {name} @key(fields: \"id\")`; or \
                         take a type of your own."
                    ),
                )
                .at(name),
            );
        }
    }
}

/// Whose a type is: the owner that brings most of its fields, if another source has it by a key.
fn find_owner_with_key<'p>(proposal: &'p Proposal<'_>, name: &str) -> Option<&'p Neighbour> {
    let mut foreign = proposal.foreign().filter(|each| each.came_first(name));
    let first = foreign.find(|each| {
        let declared = each.declarations.types.get(name);
        declared.is_some_and(|declared| declared.has_key)
    })?;
    let owner = proposal.find_foreign_owner_of_type(name);
    owner.or(Some(first))
}
