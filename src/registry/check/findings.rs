//! What a check found.

use std::collections::HashSet;

use federation::diagnostic::{Code, Diagnostics};

use super::{Change, OpenedWrite, levels::is_of_access};
use crate::registry::rules::{Refusal, RefusalCode};

/// Refusals of one kind that are given in full.
const MOST_IN_FULL: usize = 20;

/// What a check found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// What stands against it.
    pub refusals: Vec<Refusal>,
    /// What composition has to say, errors and hints.
    pub diagnostics: Diagnostics,
    /// What clients would notice.
    pub changes: Vec<Change>,
    /// What of it stays out of the joint schema, a sentence for each kind.
    pub left_out: Vec<String>,
    /// Ways to write that it opens.
    pub writes: Vec<OpenedWrite>,
    /// The SDL as it would be composed.
    pub sdl: String,
    /// The supergraph it would make.
    pub supergraph_sdl: Option<String>,
}

impl Findings {
    /// Whether it can be published as it is.
    pub fn is_clean(&self) -> bool {
        self.refusals.is_empty()
    }

    /// Whether all that stands against it, but for a reason, stands because of others' sources: it
    /// does not compose with them, or changes what they have.
    pub fn stands_because_of_others(&self) -> bool {
        let is_of_others = |refusal: &Refusal| {
            refusal.code == RefusalCode::DoesNotCompose || !refusal.because_of.is_empty()
        };
        let mut refusals = self.refusals.iter();
        refusals.clone().any(is_of_others)
            && refusals
                .all(|each| is_of_others(each) || each.code == RefusalCode::BreakingWithoutReason)
    }

    /// Whether a breaking change without a reason is all that stands against it.
    pub fn needs_only_a_reason(&self) -> bool {
        let mut refusals = self.refusals.iter();
        !self.is_clean() && refusals.all(|each| each.code == RefusalCode::BreakingWithoutReason)
    }

    /// Takes out the changes of who may see fields whose level is refused: they will be marked
    /// otherwise.
    pub(super) fn drop_changes_of_refused_levels(&mut self) {
        use RefusalCode::{LevelMissing, LevelMisspelt};
        let refusals = self.refusals.iter();
        let refused = refusals.filter(|each| matches!(each.code, LevelMissing | LevelMisspelt));
        let refused: HashSet<&str> = refused
            .filter_map(|each| each.coordinate.as_deref())
            .collect();
        self.changes.retain(|change| {
            let parent = change.coordinate.split('.').next().unwrap_or_default();
            let is_refused =
                refused.contains(change.coordinate.as_str()) || refused.contains(parent);
            !(is_refused && is_of_access(change))
        });
    }

    /// Takes out what composition says of what a rule has refused already, as it would ask other
    /// entities for a correction: to mark fields that they answer `@shareable` or give them other types,
    /// to resolve a key of the candidate's own on their type.
    pub(super) fn say_causes_once(&mut self) {
        let refused = |code: RefusalCode| {
            let refusals = self.refusals.iter().filter(move |each| each.code == code);
            refusals.filter_map(|each| each.coordinate.as_deref())
        };
        let shared = refused(RefusalCode::SharesForeign);
        let shared: Vec<String> = shared.map(|field| format!("`{field}`")).collect();
        let keyed = refused(RefusalCode::KeyUnknown);
        let keyed: Vec<String> = keyed.map(|name| format!("`{name}.")).collect();
        let typed = refused(RefusalCode::ChangesForeign);
        let typed: Vec<String> = typed.map(|field| format!("`{field}`")).collect();
        let had_errors = self.diagnostics.has_errors();
        self.diagnostics.retain(|each| {
            let is_shared = shared.iter().any(|field| each.message.contains(field))
                || each.code == Code::FieldTypeMismatch
                    && typed.iter().any(|field| each.message.contains(field));
            let is_keyed = each.code == Code::SatisfiabilityError
                && keyed.iter().any(|start| each.message.starts_with(start));
            !is_shared && !is_keyed
        });
        if had_errors && !self.diagnostics.has_errors() {
            self.refusals
                .retain(|each| each.code != RefusalCode::DoesNotCompose);
        }
    }

    /// Adds refusals of one kind, the first of them in full and the others as a number.
    pub(super) fn add_refusals(&mut self, mut refusals: Vec<Refusal>) {
        let rest = refusals.split_off(refusals.len().min(MOST_IN_FULL));
        self.refusals.extend(refusals);
        if !rest.is_empty() {
            let refusal = Refusal::new(
                RefusalCode::BreaksForeign,
                format!(
                    "{} more elements of others would change likewise: see the changes.",
                    rest.len()
                ),
                "Most of them have one cause; correct that of the first and check again.",
            );
            let names = rest.into_iter().flat_map(|each| each.because_of);
            self.refusals.push(refusal.because_of(names));
        }
    }
}
