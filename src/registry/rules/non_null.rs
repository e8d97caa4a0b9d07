//! A field that is added to another entity's type must be nullable: if its source fails, a non-null
//! field would make the other's object null.

use super::{Proposal, Refusal, RefusalCode};

pub(super) fn non_null_on_foreign(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    if proposal.allow_non_null {
        return;
    }
    for (coordinate, field) in &proposal.declarations.fields {
        let is_root = proposal
            .declarations
            .types
            .get(&field.parent)
            .is_some_and(|facts| facts.root.is_some());
        if !field.ty.is_non_null() || !field.is_contribution() || is_root {
            continue;
        }
        let Some(owner) = proposal.find_foreign_owner_of_type(&field.parent) else {
            continue;
        };
        // A value type that both define alike is not an addition.
        if owner.declarations.declares(coordinate) {
            continue;
        }
        refusals.push(
            Refusal::new(
                RefusalCode::NonNullOnForeign,
                format!(
                    "`{coordinate}: {}` is added to `{}`, which is {}'s: whenever this source \
                     fails, null would take the whole `{}` away.",
                    field.ty, field.parent, owner.entity, field.parent
                ),
                format!(
                    "Make it nullable (`{}`), or say why it must not be null with \
                     `--allow-non-null REASON`.",
                    field.ty.clone().nullable()
                ),
            )
            .at(coordinate),
        );
    }
}
