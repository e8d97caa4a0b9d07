//! A field of an entity, or of the root, has one entity that answers for it.

use super::{Proposal, Refusal, RefusalCode};

pub(super) fn shares_foreign(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    for (coordinate, field) in &proposal.holdings.fields {
        let own = proposal.holdings.types.get(&field.parent);
        // A field of an interface is answered by the objects that implement it.
        if !field.is_answered() || own.is_some_and(|facts| facts.is_interface) {
            continue;
        }
        for neighbour in proposal.foreign().filter(|each| each.is_earlier) {
            let Some(theirs) = neighbour.holdings.fields.get(coordinate) else {
                continue;
            };
            let is_entity = neighbour
                .holdings
                .types
                .get(&field.parent)
                .is_some_and(|facts| facts.has_key || facts.root.is_some());
            if !is_entity || !theirs.is_contribution() {
                continue;
            }
            refusals.push(
                Refusal::new(
                    RefusalCode::SharesForeign,
                    format!(
                        "`{coordinate}` is answered by `{}` of {}; a second answer would take \
                         the place of theirs in some requests.",
                        neighbour.name, neighbour.entity
                    ),
                    "Give the field a name of its own; if you only need theirs, mark it \
                     `@external` and leave it out of `@provides`.",
                )
                .at(coordinate),
            );
        }
    }
}
