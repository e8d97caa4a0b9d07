//! A tag or a scope that is nearly a level is refused: its field would get the default level.

use indexmap::IndexSet;

use super::{Proposal, Refusal, RefusalCode};
use crate::{
    auth::is_nearly,
    registry::{
        level::{CONFIDENTIAL_TAG, Level, UNCLASSIFIED_TAG, is_clearance},
        written::Element,
    },
};

/// Starts every scope that is a clearance.
const CLEARANCE: &str = "clearance:";

pub(super) fn level_misspelt(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    for (coordinate, element) in &proposal.declarations.written {
        for found in misspelt_in(element) {
            refusals.push(refusal(coordinate, &found));
        }
    }
}

/// The coordinates of elements with a misspelt level.
pub(super) fn misspelt<'p>(proposal: &Proposal<'p>) -> IndexSet<&'p str> {
    let written = proposal.declarations.written.iter();
    let wrong = written.filter(|(_, element)| misspelt_in(element).next().is_some());
    wrong.map(|(coordinate, _)| coordinate.as_str()).collect()
}

/// A text that is nearly a level.
struct Misspelt<'e> {
    /// Whether it is a tag, rather than a scope.
    is_tag: bool,
    text: &'e str,
    /// The level that it resembles.
    level: Level,
}

fn misspelt_in(element: &Element) -> impl Iterator<Item = Misspelt<'_>> {
    element.directives.iter().flat_map(|directive| {
        let is_tag = directive.starts_with("@tag(");
        let is_scope = directive.starts_with("@requiresScopes(");
        // In SDL without escapes, every second piece between quotation marks is a string.
        let texts = directive.split('"').skip(1).step_by(2);
        let texts = texts.filter(move |_| is_tag || is_scope);
        texts.filter_map(move |text| {
            let level = if is_tag {
                level_nearly_tagged(text)
            } else {
                level_nearly_required(text)
            };
            Some(Misspelt {
                is_tag,
                text,
                level: level?,
            })
        })
    })
}

/// The level that a tag nearly names; for a level that no tag can mark, the tag that spells it, too.
fn level_nearly_tagged(tag: &str) -> Option<Level> {
    let is_known = tag == UNCLASSIFIED_TAG || tag == CONFIDENTIAL_TAG;
    (!is_known).then(|| nearest(tag)).flatten()
}

/// The level that a scope nearly names; CONFIDENTIAL for any other scope that starts as a clearance.
fn level_nearly_required(scope: &str) -> Option<Level> {
    if is_clearance(scope) {
        return None;
    }
    let is_clearance = scope.starts_with(CLEARANCE);
    nearest(scope).or(is_clearance.then_some(Level::Confidential))
}

fn nearest(text: &str) -> Option<Level> {
    let written = text.strip_prefix(CLEARANCE).unwrap_or(text);
    let mut levels = Level::ALL.into_iter();
    levels.find(|level| is_nearly(written, level.as_str()))
}

fn refusal(coordinate: &str, found: &Misspelt<'_>) -> Refusal {
    let (name, what) = if found.is_tag {
        ("tag", "a tag that marks a level")
    } else {
        ("requiresScopes", "a clearance")
    };
    let text: String = found.text.chars().take(128).collect();
    let help = match found.level.scope() {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_nearly_no_level() {
        assert_eq!(nearest("clearance:confidental"), Some(Level::Confidential));
        let long = format!("confidential{}", "-".repeat(64));
        assert_eq!(nearest(&long), None);
    }
}
