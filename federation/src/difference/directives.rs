//! Definitions of directives.

use apollo_compiler::ast::DirectiveDefinition;

use super::{
    arguments,
    change::{Change, Class},
    change_kind::ChangeKind,
    comparison::Comparison,
    pairs::{self, Pair},
};

/// Directives of the specification itself: they are the same everywhere.
const SPECIFIED: [&str; 5] = ["deprecated", "include", "oneOf", "skip", "specifiedBy"];

pub(super) fn compare(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let is_own = |directive: &&DirectiveDefinition| !SPECIFIED.contains(&directive.name.as_str());
    let pairs = pairs::by_name(
        old.directive_definitions
            .values()
            .map(|node| &**node)
            .filter(is_own),
        new.directive_definitions
            .values()
            .map(|node| &**node)
            .filter(is_own),
        |directive: &DirectiveDefinition| &directive.name,
    );
    for pair in pairs {
        match pair {
            Pair::Removed(directive) => {
                let coordinate = format!("@{}", directive.name);
                let message = format!("The directive `{coordinate}` was removed.");
                let kind = ChangeKind::DirectiveRemoved;
                comparison.push(Change::new(Class::Breaking, kind, coordinate, message));
            }
            Pair::Added(directive) => {
                let coordinate = format!("@{}", directive.name);
                let message = format!("The directive `{coordinate}` was added.");
                comparison.push(
                    Change::new(Class::Safe, ChangeKind::DirectiveAdded, coordinate, message)
                        .affecting([] as [&str; 0]),
                );
            }
            Pair::Kept(old, new) => compare_directive(comparison, old, new),
        }
    }
}

fn compare_directive(
    comparison: &mut Comparison<'_>,
    old: &DirectiveDefinition,
    new: &DirectiveDefinition,
) {
    let coordinate = format!("@{}", old.name);
    let texts = (old.description.as_deref(), new.description.as_deref());
    if let Some(change) = pairs::find_text_change(texts.0, texts.1) {
        comparison.push(Change::new(
            Class::Safe,
            ChangeKind::DirectiveDescriptionChanged,
            coordinate.clone(),
            format!(
                "The description of `{coordinate}` was {}.",
                change.participle()
            ),
        ));
    }
    let repeatable = match (old.repeatable, new.repeatable) {
        (true, false) => Some((
            Class::Dangerous,
            ChangeKind::DirectiveRepeatableRemoved,
            "is no longer",
        )),
        (false, true) => Some((Class::Safe, ChangeKind::DirectiveRepeatableAdded, "is now")),
        _ => None,
    };
    if let Some((class, kind, verb)) = repeatable {
        let message = format!("`{coordinate}` {verb} repeatable.");
        comparison.push(Change::new(class, kind, coordinate.clone(), message));
    }
    for location in old
        .locations
        .iter()
        .filter(|each| !new.locations.contains(each))
    {
        comparison.push(Change::new(
            Class::Breaking,
            ChangeKind::DirectiveLocationRemoved,
            coordinate.clone(),
            format!("`{coordinate}` may no longer stand on {location}."),
        ));
    }
    for location in new
        .locations
        .iter()
        .filter(|each| !old.locations.contains(each))
    {
        comparison.push(Change::new(
            Class::Safe,
            ChangeKind::DirectiveLocationAdded,
            coordinate.clone(),
            format!("`{coordinate}` may now stand on {location}."),
        ));
    }
    arguments::compare(
        comparison,
        arguments::Place::Directive(&coordinate),
        &old.arguments,
        &new.arguments,
    );
}
