//! A source may put directives only on its own elements: composition would add them to the others'
//! elements.

use super::{Neighbour, Proposal, Refusal, RefusalCode};
use crate::registry::{level::UNCLASSIFIED_TAG, written::SCHEMA};

/// Directives that decide who sees an element.
const GUARDS: [&str; 4] = ["authenticated", "inaccessible", "policy", "requiresScopes"];

pub(super) fn mark_on_foreign(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    for (coordinate, element) in &proposal.declarations.written {
        let mut owners = proposal.foreign_owners(coordinate).peekable();
        if owners.peek().is_none() {
            continue;
        }
        let theirs: Vec<_> = owners.collect();
        let is_written_by = |owner: &&&Neighbour, directive: &str| {
            let written = owner.declarations.written.get(coordinate);
            written.is_some_and(|element| element.directives.contains(directive))
        };
        for directive in &element.directives {
            let is_theirs_too = theirs.iter().any(|owner| is_written_by(&owner, directive));
            if !is_theirs_too && !is_harmless(proposal, coordinate, directive) {
                let owner = proposal.find_foreign_owner_of_type(coordinate);
                let owner = owner.or(theirs.first().copied());
                let owner = owner.map_or("others", |owner| owner.entity.as_str());
                refusals.push(refusal(coordinate, directive, owner));
            }
        }
    }
}

/// On a field the tag changes nothing about the level that its owner marks. A scope on a key is
/// refused by another rule.
fn is_harmless(proposal: &Proposal<'_>, coordinate: &str, directive: &str) -> bool {
    let Some(field) = proposal.declarations.fields.get(coordinate) else {
        return false;
    };
    let name = name_of(directive);
    let is_scope = GUARDS.contains(&name) && name != "inaccessible";
    directive == unclassified() || (field.is_key && is_scope)
}

fn unclassified() -> String {
    format!("@tag(name: \"{UNCLASSIFIED_TAG}\")")
}

fn name_of(directive: &str) -> &str {
    let name = directive.trim_start_matches('@');
    name.split('(').next().unwrap_or(name)
}

fn refusal(coordinate: &str, directive: &str, owner: &str) -> Refusal {
    let name = name_of(directive);
    let is_level = directive == unclassified();
    let mark = match name {
        "tag" => directive.to_owned(),
        _ => format!("@{name}"),
    };
    let what = if GUARDS.contains(&name) || is_level {
        format!("who sees what {owner} holds")
    } else {
        format!("what {owner} says of it")
    };
    let instead = match coordinate {
        SCHEMA => "what is your own",
        _ if coordinate.contains('.') => "fields of your own",
        _ => "the fields you add",
    };
    Refusal::new(
        RefusalCode::MarkOnForeign,
        format!(
            "`{mark}` on `{coordinate}` would change {what}: composition puts it on the joint \
             schema."
        ),
        format!("Remove it there and mark {instead}."),
    )
    .at(coordinate)
}
