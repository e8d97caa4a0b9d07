//! A type that another entity has by a key is no value here: without a key its fields would be read
//! as values for everybody, with the consent of all who have them.

use super::{Proposal, Refusal, RefusalCode};
use crate::registry::declarations::TypeFacts;

pub(super) fn entity_without_key(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    for (name, facts) in &proposal.declarations.types {
        let is_value = !facts.has_key && !facts.is_interface && facts.root.is_none();
        if !is_value || !proposal.declarations.declares_fields_of(name) {
            continue;
        }
        let mut owners = proposal.foreign().filter(|each| each.came_first(name));
        let has_key = |declared: &TypeFacts| declared.has_key;
        let owner = owners.find(|owner| owner.declarations.types.get(name).is_some_and(has_key));
        if let Some(owner) = owner {
            refusals.push(
                Refusal::new(
                    RefusalCode::ChangesForeign,
                    format!(
                        "`{name}` is an entity of {}, which has it by a key: without a key here it \
                         would be a value.",
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
