//! Refuses a keyed type that no field leads to and whose name is nearly that of another's type: it
//! is most likely misspelt, and its fields could never be selected.

use std::collections::HashSet;

use super::{Proposal, Refusal, RefusalCode};
use crate::registry::declarations::Declarations;

/// Shorter names are often near each other.
const FEWEST_LETTERS: usize = 6;

pub(super) fn type_misspelt(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    let own = proposal.declarations;
    let neighbours = proposal.neighbours.iter();
    let others: Vec<&Declarations> = neighbours.map(|each| &*each.declarations).collect();
    let is_served = |name: &String| {
        let served = proposal.former;
        served.is_some_and(|served| served.types.contains_key(name))
    };
    let all = || others.iter().copied().chain([own]);
    let mut reached: HashSet<&str> = all()
        .flat_map(|declarations| declarations.fields.values())
        .map(|field| field.ty.inner_named_type().as_str())
        .collect();
    let members = all().flat_map(|declarations| declarations.unions.values());
    reached.extend(members.flatten().map(String::as_str));
    for (name, facts) in &own.types {
        let is_reached = facts.root.is_some()
            || reached.contains(name.as_str())
            || facts
                .interfaces
                .iter()
                .any(|each| reached.contains(each.as_str()));
        let is_known = others.iter().any(|other| other.types.contains_key(name));
        if is_reached || is_known || !facts.has_key || is_served(name) {
            continue;
        }
        let names = others.iter().flat_map(|other| &other.types);
        let mut names = names.filter(|(_, theirs)| theirs.has_key);
        if !proposal.budget.step(names.clone().count()) {
            return;
        }
        if let Some((meant, _)) = names.find(|(theirs, _)| is_one_letter_off(name, theirs)) {
            refusals.push(
                Refusal::new(
                    RefusalCode::TypeMisspelt,
                    format!(
                        "No field leads to `{name}`, which is nearly the name of the type `{meant}`: \
                         nobody could ask for it."
                    ),
                    format!("Write `{meant}`; or let a field lead to `{name}`."),
                )
                .at(name),
            );
        }
    }
}

/// Whether two names are nearly the same: one letter is wrong, missing, too many or in the wrong
/// place.
fn is_one_letter_off(name: &str, meant: &str) -> bool {
    let is_long = name.len() >= FEWEST_LETTERS && name.len() <= meant.len() + 1;
    is_long
        && meant.len() <= name.len() + 1
        && name.trim_end_matches(char::is_numeric) != meant.trim_end_matches(char::is_numeric)
        && strsim::damerau_levenshtein(name, meant) == 1
}
