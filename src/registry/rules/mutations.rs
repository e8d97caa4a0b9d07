//! A mutation must need a scope that is not a clearance: a clearance is for reading.

use apollo_compiler::ast::OperationType;
use federation::subgraph::directives::requires_scopes;

use super::{Proposal, Refusal, RefusalCode};
use crate::registry::level::{Level, UNCLASSIFIED_TAG, is_clearance};

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
            let needs_one = |all: &Vec<&str>| all.iter().any(|scope| !is_clearance(scope));
            !alternatives.is_empty() && alternatives.iter().all(needs_one)
        });
        if is_scoped || own.is_some_and(|field| field.is_external) {
            continue;
        }
        refusals.push(
            Refusal::new(
                RefusalCode::MutationWithoutScope,
                format!(
                    "`{coordinate}` can change something, and no scope is needed for it beside a \
                     clearance: who may read could write."
                ),
                help(&subgraph.name, own.and_then(|field| field.level)),
            )
            .at(coordinate),
        );
    }
}

/// How to mark a mutation of a source; the level is shown too, since a scope alone is no level.
fn help(source: &str, level: Option<Level>) -> String {
    let scope = format!("{source}:write");
    let marks = match level.and_then(Level::scope) {
        Some(clearance) => format!("@requiresScopes(scopes: [[\"{clearance}\", \"{scope}\"]])"),
        None => {
            format!("@tag(name: \"{UNCLASSIFIED_TAG}\") @requiresScopes(scopes: [[\"{scope}\"]])")
        }
    };
    format!(
        "Mark it with a scope that callers are given for that, such as `{marks}`; for a plain \
         server, name it with `--mutation FIELD={scope}`. A clearance alone does not do."
    )
}
