//! The rules for sources: what is refused even if it composes. Each refusal says what to change.

mod contexts;
mod foreign;
mod key_scopes;
mod keyless;
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
mod scopes;
mod sharing;
mod types_misspelt;
mod unknown_keys;

use federation::budget::{Exceeded, Resource};

pub use neighbour::{Histories, Neighbour, foreign_owners, holders_of};
pub use proposal::{Consent, Proposal};
pub use refusal::{FieldRead, Refusal, RefusalCode};

/// A rule may stop once the proposal's budget is used up: its result is not used then.
type Rule = fn(&Proposal<'_>, &mut Vec<Refusal>);

/// The rules, in the order in which they run.
const RULES: &[Rule] = &[
    // It comes before the rules that skip what it has refused.
    types_misspelt::type_misspelt,
    levels::level_missing,
    levels_misspelt::level_misspelt,
    scopes::scope_invalid,
    levels::scope_on_non_null,
    overrides::override_foreign,
    requires::requires_without_consent,
    contexts::context_without_consent,
    key_scopes::scope_on_key,
    non_null::non_null_on_foreign,
    marks::mark_on_foreign,
    foreign::changes_foreign,
    keyless::entity_without_key,
    unknown_keys::key_unknown,
    mutations::mutation_without_scope,
    sharing::shares_foreign,
    renamed::directive_renamed,
];

/// Steps that the rules may take for a source that is published.
pub const MOST_STEPS: u64 = 5_000_000;

/// Steps that they may take for one that is served, when another changes: more, so that a source
/// which was let in stays whatever else others register for a long time.
pub const MOST_STEPS_AGAIN: u64 = 4 * MOST_STEPS;

/// The refusal of a source for which the rules would take more steps.
pub fn too_large() -> Refusal {
    Refusal::new(
        RefusalCode::SdlTooLarge,
        "To check it by the registry's rules takes more steps than allowed.",
        "Split the source into several, or name fewer fields of interfaces and unions with many \
         types in keys, `@requires` and contexts.",
    )
}

/// All refusals of a source, before it is composed; an error where the budget is used up or the
/// check was interrupted.
pub fn check(proposal: &Proposal<'_>) -> Result<Vec<Refusal>, Exceeded> {
    let mut refusals = Vec::new();
    // A rule that counts no steps itself takes a few for each element.
    let elements = proposal.declarations.written.len() + proposal.declarations.fields.len();
    for rule in RULES {
        rule(proposal, &mut refusals);
        let steps = elements + proposal.neighbours.len();
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        proposal.budget.spend(Resource::Work, steps)?;
    }
    Ok(refusals)
}
