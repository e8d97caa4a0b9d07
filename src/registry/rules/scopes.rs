//! A scope that no token can hold is refused: no caller could see the field.

use federation::subgraph::directives::{Applied, requires_scopes};

use super::{Proposal, Refusal, RefusalCode};
use crate::auth::is_scope;

/// Characters of a scope that are quoted.
const MOST_QUOTED: usize = 64;

pub(super) fn scope_invalid(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    let subgraph = proposal.subgraph;
    for ty in subgraph.schema.types.values() {
        let name = subgraph.merged_type_name(ty.name());
        refusals.extend(refusal(name, ty.directives()));
        for field in subgraph.fields(ty) {
            let coordinate = format!("{name}.{}", field.name);
            refusals.extend(refusal(&coordinate, &field.directives));
        }
    }
}

fn refusal(coordinate: &str, directives: &impl Applied) -> Option<Refusal> {
    let alternatives = requires_scopes(directives)?;
    let mut scopes = alternatives.into_iter().flatten();
    let invalid = scopes.find(|scope| !is_scope(scope))?;
    let invalid: String = invalid.chars().take(MOST_QUOTED).collect();
    let refusal = Refusal::new(
        RefusalCode::NameInvalid,
        format!(
            "`{coordinate}` needs the scope `{}`, which no token can hold.",
            invalid.escape_debug()
        ),
        "Write a scope without spaces, quotes and backslashes, of 1 to 128 characters; where \
         several are needed, each by itself: `[[\"clearance:confidential\", \"prices:read\"]]`.",
    );
    Some(refusal.at(coordinate))
}
