//! A field of a key must not need a scope: the gateway sends keys between sources for every caller.

use super::{Proposal, Refusal, RefusalCode};

pub(super) fn scope_on_key(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    for (coordinate, field) in &proposal.declarations.fields {
        if !field.is_key {
            continue;
        }
        for guard in field
            .guards
            .iter()
            .filter(|guard| **guard != "@inaccessible")
        {
            refusals.push(
                Refusal::new(
                    RefusalCode::ScopeOnKey,
                    format!(
                        "`{coordinate}` is part of a key, which travels between sources for every \
                         caller; `{guard}` on it would not hold."
                    ),
                    format!(
                        "Remove `{guard}` from the field and use an opaque id as the key; put \
                         what is sensitive into a field of its own."
                    ),
                )
                .at(coordinate),
            );
        }
    }
}
