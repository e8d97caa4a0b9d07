//! What is nearly a level is meant as one: beside a default level it would go unnoticed.

use strsim::damerau_levenshtein;

use super::{Proposal, Refusal, RefusalCode};
use crate::registry::{
    level::{CONFIDENTIAL_TAG, Level, UNCLASSIFIED_TAG, is_clearance},
    written::Element,
};

/// Letters that may be wrong.
const MOST_WRONG: usize = 2;

/// Starts every scope that is a clearance.
const CLEARANCE: &str = "clearance:";

pub(super) fn level_misspelt(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    for (coordinate, element) in &proposal.declarations.written {
        let found = nearly_levels(element);
        refusals
            .extend(found.map(|(is_tag, text, level)| refusal(coordinate, (is_tag, text), level)));
    }
}

/// Whether an element says nearly a level.
pub(super) fn is_misspelt(proposal: &Proposal<'_>, coordinate: &str) -> bool {
    let element = proposal.declarations.written.get(coordinate);
    element.is_some_and(|element| nearly_levels(element).next().is_some())
}

/// What of an element is nearly a level: whether it is a tag, its text, and the level.
fn nearly_levels(element: &Element) -> impl Iterator<Item = (bool, &str, Level)> {
    element.directives.iter().flat_map(|directive| {
        // A string of SDL without escapes stands between every second pair of quotation marks.
        let texts = directive.split('"').skip(1).step_by(2);
        let is_tag = directive.starts_with("@tag(");
        let is_scope = directive.starts_with("@requiresScopes(");
        texts.filter_map(move |text| match () {
            () if is_tag => Some((is_tag, text, level_nearly_tagged(text)?)),
            () if is_scope => Some((is_tag, text, level_nearly_required(text)?)),
            () => None,
        })
    })
}

/// The level that a tag nearly names. What no tag can mark is told where it is spelt right as well.
fn level_nearly_tagged(tag: &str) -> Option<Level> {
    let is_known = tag == UNCLASSIFIED_TAG || tag == CONFIDENTIAL_TAG;
    (!is_known).then(|| nearest(tag)).flatten()
}

/// The level that a scope nearly names. No other scope starts like a clearance.
fn level_nearly_required(scope: &str) -> Option<Level> {
    if is_clearance(scope) {
        return None;
    }
    let claims = scope.starts_with(CLEARANCE);
    nearest(scope).or(claims.then_some(Level::Confidential))
}

fn nearest(text: &str) -> Option<Level> {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(char::is_ascii_alphabetic);
        letters.map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let written = letters(text.strip_prefix(CLEARANCE).unwrap_or(text));
    let wrong = |level: &Level| damerau_levenshtein(&written, &letters(level.as_str()));
    let levels = Level::ALL.into_iter().map(|level| (wrong(&level), level));
    let (wrong, level) = levels.min()?;
    (wrong <= MOST_WRONG).then_some(level)
}

fn refusal(coordinate: &str, (is_tag, text): (bool, &str), level: Level) -> Refusal {
    let (name, what) = if is_tag {
        ("tag", "a tag that marks a level")
    } else {
        ("requiresScopes", "a clearance")
    };
    let text: String = text.chars().take(128).collect();
    let help = match level.scope() {
        None => format!("Write `@tag(name: \"{UNCLASSIFIED_TAG}\")`."),
        Some(scope) => format!("Write `@requiresScopes(scopes: [[\"{scope}\"]])`."),
    };
    Refusal::new(
        RefusalCode::LevelMisspelt,
        format!("`@{name}` on `{coordinate}` says `{text}`, which is nearly but not {what}."),
        help,
    )
    .at(coordinate)
}
