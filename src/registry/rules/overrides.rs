//! `@override` may name only sources of the same entity.

use super::{Proposal, Refusal, RefusalCode};

pub(super) fn override_foreign(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    for (coordinate, field) in &proposal.declarations.fields {
        let Some(from) = &field.override_from else {
            continue;
        };
        let source = proposal.neighbours.iter().find(|each| each.name == *from);
        if source.is_some_and(|source| source.entity == proposal.entity) {
            continue;
        }
        let message = match source {
            Some(source) => format!(
                "`{coordinate}` would be taken over from `{from}`, a source of {}.",
                source.entity
            ),
            None => format!(
                "`{coordinate}` would be taken over from `{from}`, which is no source: whoever \
                 registers under that name later would lose the field."
            ),
        };
        refusals.push(
            Refusal::new(
                RefusalCode::OverrideForeign,
                message,
                format!(
                    "Remove `@override` and give the field a name of its own; `{from}` itself \
                     can hand a field over by no longer resolving it."
                ),
            )
            .at(coordinate),
        );
    }
}
