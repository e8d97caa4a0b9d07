//! What a source may not do to the joint schema, even if it composes. Each refusal says what to
//! change.

mod contexts;
mod foreign;
mod key_scopes;
mod levels;
mod levels_misspelt;
mod marks;
mod mutations;
mod neighbour;
mod non_null;
mod overrides;
mod proposal;
mod refusal;
mod renamed;
mod requires;
mod sharing;

pub use neighbour::{Neighbour, foreign_owners, holders_of};
pub use proposal::{Consent, Proposal};
pub use refusal::{Refusal, RefusalCode};

type Rule = fn(&Proposal<'_>, &mut Vec<Refusal>);

/// The rules, in the order in which they speak.
const RULES: &[Rule] = &[
    levels::level_missing,
    levels_misspelt::level_misspelt,
    levels::scope_on_non_null,
    overrides::override_foreign,
    requires::requires_without_consent,
    contexts::context_without_consent,
    key_scopes::scope_on_key,
    non_null::non_null_on_foreign,
    marks::mark_on_foreign,
    foreign::changes_foreign,
    mutations::mutation_without_scope,
    sharing::shares_foreign,
    renamed::directive_renamed,
];

/// Everything that stands against a source by itself, before it is composed.
pub fn check(proposal: &Proposal<'_>) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for rule in RULES {
        rule(proposal, &mut refusals);
    }
    refusals
}
