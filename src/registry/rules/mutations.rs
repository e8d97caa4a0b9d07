//! What writes is open to those alone who hold a scope for it. A clearance says what somebody may
//! read.

use apollo_compiler::ast::OperationType;
use federation::subgraph::directives::requires_scopes;

use super::{Proposal, Refusal, RefusalCode};
use crate::{auth::is_scope, registry::level::is_clearance};

pub(super) fn mutation_without_scope(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    let subgraph = proposal.subgraph;
    let root = subgraph.root_type(OperationType::Mutation);
    let Some(root) = root.and_then(|root| subgraph.schema.types.get(root)) else {
        return;
    };
    for field in subgraph.fields(root) {
        let coordinate = format!("Mutation.{}", field.name);
        let own = proposal.declarations.fields.get(&coordinate);
        let is_scoped = requires_scopes(&field.directives).is_some_and(|alternatives| {
            // A scope that no token can hold would keep everybody out.
            let is_held = |scope: &&str| is_scope(scope) && !is_clearance(scope);
            let needs_one = |all: &Vec<&str>| all.iter().any(is_held);
            !alternatives.is_empty() && alternatives.iter().all(needs_one)
        });
        if is_scoped || own.is_some_and(|field| field.is_external) {
            continue;
        }
        refusals.push(
            Refusal::new(
                RefusalCode::MutationWithoutScope,
                format!(
                    "`{coordinate}` can change something, and no scope that a token can hold is \
                     needed for it beside a clearance: who may read could write."
                ),
                "Mark it with a scope that callers are given for that, such as \
                 `@requiresScopes(scopes: [[\"prices:write\"]])`; for a plain server, name it \
                 with `--mutation FIELD=SCOPE`. A clearance alone does not do.",
            )
            .at(coordinate),
        );
    }
}
