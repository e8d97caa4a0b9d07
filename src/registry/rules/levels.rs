//! Every field must have a level, and a field with a scope must be nullable.

use std::collections::HashSet;

use indexmap::IndexSet;

use super::{Proposal, Refusal, RefusalCode, levels_misspelt::misspelt};
use crate::registry::level::{CONFIDENTIAL_TAG, Level, UNCLASSIFIED_TAG};

/// Characters of a directive that are quoted.
const MOST_QUOTED: usize = 200;

pub(super) fn level_missing(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    let misspelt = misspelt(proposal);
    let of_misspelt_types: HashSet<String> = refusals
        .iter()
        .filter(|refusal| refusal.code == RefusalCode::TypeMisspelt)
        .filter_map(|refusal| refusal.coordinate.clone())
        .collect();
    for (coordinate, field) in &proposal.declarations.fields {
        if proposal.declarations.held_by_rows.contains(coordinate) {
            refusals.push(
                Refusal::new(
                    RefusalCode::LevelMissing,
                    format!(
                        "`@tag(name: \"{CONFIDENTIAL_TAG}\")` does not restrict access to \
                         `{coordinate}`: it is for embedded sources, which restrict rows."
                    ),
                    "Use `@requiresScopes(scopes: [[\"clearance:confidential\"]])` instead.",
                )
                .at(coordinate),
            );
            continue;
        }
        let is_levelled = field.is_external
            || misspelt.contains(coordinate.as_str())
            || misspelt.contains(field.parent.as_str())
            || of_misspelt_types.contains(&field.parent)
            || field.level.is_some()
            || proposal.level_elsewhere(coordinate).is_some()
            || is_key_of_others(proposal, coordinate, field.is_key);
        if !is_levelled {
            refusals.push(without_level(proposal, coordinate, &field.parent));
        }
    }
}

fn without_level(proposal: &Proposal<'_>, coordinate: &str, parent: &str) -> Refusal {
    let scopes = [coordinate, parent].into_iter().find_map(|place| {
        let written = proposal.declarations.written.get(place)?;
        let mut directives = written.directives.iter();
        let scopes = directives.find(|each| each.starts_with("@requiresScopes("))?;
        Some((place, scopes))
    });
    let refusal = match scopes {
        Some((place, scopes)) => Refusal::new(
            RefusalCode::LevelMissing,
            format!(
                "`{coordinate}` has scopes but no level: not every way to be let in takes a \
                 clearance, and other scopes do not say how sensitive it is."
            ),
            format!(
                "Write the level beside the scopes of `{place}`: `@tag(name: \
                 \"{UNCLASSIFIED_TAG}\") {}`; for what is classified, put \
                 \"clearance:confidential\" into each inner list of them instead.",
                shortened(scopes)
            ),
        ),
        None => Refusal::new(
            RefusalCode::LevelMissing,
            format!("`{coordinate}` has no level: it is not said who may see it."),
            "Mark the field or its type: `@tag(name: \"unclassified\")`, or \
             `@requiresScopes(scopes: [[\"clearance:confidential\"]])` for what is \
             classified; or give all unmarked fields one level with `--default-level`.",
        ),
    };
    refusal.at(coordinate)
}

fn shortened(directive: &str) -> String {
    let mut short: String = directive.chars().take(MOST_QUOTED).collect();
    if short.len() < directive.len() {
        short.push('…');
    }
    short
}

/// A key that only refers to another's keyed type reveals no more than the reference.
fn is_key_of_others(proposal: &Proposal<'_>, coordinate: &str, is_key: bool) -> bool {
    let elsewhere = proposal
        .neighbours
        .iter()
        .any(|neighbour| neighbour.declarations.declares(coordinate));
    is_key && elsewhere
}

pub(super) fn scope_on_non_null(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    let fields = &proposal.declarations.fields;
    for (coordinate, field) in fields {
        let is_withheld = field.guards.iter().any(|guard| *guard != "@inaccessible");
        if is_withheld && field.ty.is_non_null() && !field.is_external && !field.is_key {
            refusals.push(
                Refusal::new(
                    RefusalCode::ScopeOnNonNull,
                    format!(
                        "`{coordinate}: {}` is kept from some callers, but null may not stand in \
                         for it: their answers would lose the whole object.",
                        field.ty
                    ),
                    format!("Make it nullable: `{}`.", field.ty.clone().nullable()),
                )
                .at(coordinate),
            );
        }
    }
    let guarded: IndexSet<&str> = proposal
        .declarations
        .types
        .iter()
        .filter(|(_, facts)| facts.level > Some(Level::Unclassified) || !facts.guards.is_empty())
        .map(|(name, _)| name.as_str())
        .collect();
    for (coordinate, field) in fields {
        let target = field.ty.inner_named_type().as_str();
        let is_from_guarded = guarded.contains(field.parent.as_str());
        if guarded.contains(target)
            && !is_from_guarded
            && !field.is_external
            && field.level <= Some(Level::Unclassified)
            && field.ty.is_non_null()
        {
            refusals.push(
                Refusal::new(
                    RefusalCode::ScopeOnNonNull,
                    format!(
                        "`{coordinate}: {}` leads to `{target}`, which is kept from some callers, \
                         but null may not stand in for it.",
                        field.ty
                    ),
                    format!("Make it nullable: `{}`.", field.ty.clone().nullable()),
                )
                .at(coordinate),
            );
        }
    }
}
