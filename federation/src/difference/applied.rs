//! Directives applied to what both schemas have, deprecation among them.

use apollo_compiler::{
    ast::{Directive, DirectiveList, Value},
    schema,
};

use super::{
    change::{Change, Class},
    change_kind::ChangeKind,
    comparison::Comparison,
    pairs::TextChange,
};

const DEPRECATED: &str = "deprecated";
const DEFAULT_REASON: &str = "No longer supported";

/// The directives of a type.
pub(super) fn on_type(list: &schema::DirectiveList) -> Vec<&Directive> {
    list.iter().map(|directive| &*directive.node).collect()
}

/// The directives of a field or an enum value, whose deprecation is reported by itself.
pub(super) fn on_member(list: &DirectiveList) -> Vec<&Directive> {
    let others = list.iter().filter(|directive| directive.name != DEPRECATED);
    others.map(|directive| &**directive).collect()
}

/// The directives of an argument or an input field.
pub(super) fn on_value(list: &DirectiveList) -> Vec<&Directive> {
    list.iter().map(|directive| &**directive).collect()
}

/// Compares directives by name and by position among those of one name, as a directive may be
/// repeated.
pub(super) fn compare(
    comparison: &mut Comparison<'_>,
    coordinate: &str,
    old: Vec<&Directive>,
    new: Vec<&Directive>,
    is_input_object: bool,
) {
    let mut rest = new;
    for directive in old {
        let Some(at) = rest.iter().position(|other| other.name == directive.name) else {
            let class = match directive.name.as_str() {
                DEPRECATED | "oneOf" => Class::Safe,
                _ => Class::Dangerous,
            };
            comparison.push(Change::new(
                class,
                ChangeKind::DirectiveUsageRemoved,
                coordinate,
                format!("`@{}` was removed from `{coordinate}`.", directive.name),
            ));
            continue;
        };
        let other = rest.remove(at);
        if !has_same_arguments(directive, other) {
            let class = if directive.name == DEPRECATED {
                Class::Safe
            } else {
                Class::Dangerous
            };
            comparison.push(Change::new(
                class,
                ChangeKind::DirectiveUsageChanged,
                coordinate,
                format!(
                    "`{}` on `{coordinate}` changed to `{}`.",
                    directive.serialize().no_indent(),
                    other.serialize().no_indent()
                ),
            ));
        }
    }
    for directive in rest {
        let class = match directive.name.as_str() {
            DEPRECATED => Class::Safe,
            "oneOf" if is_input_object => Class::Breaking,
            _ => Class::Dangerous,
        };
        comparison.push(Change::new(
            class,
            ChangeKind::DirectiveUsageAdded,
            coordinate,
            format!("`@{}` was added to `{coordinate}`.", directive.name),
        ));
    }
}

fn has_same_arguments(old: &Directive, new: &Directive) -> bool {
    old.arguments.len() == new.arguments.len()
        && old.arguments.iter().all(|argument| {
            new.arguments
                .iter()
                .any(|other| other.name == argument.name && other.value == argument.value)
        })
}

/// Whether `@deprecated` is among the directives.
pub(super) fn is_deprecated(directives: &DirectiveList) -> bool {
    directives.has(DEPRECATED)
}

/// How the deprecation of a field or an enum value changed, and the sentence that says so.
pub(super) fn find_deprecation_change(
    coordinate: &str,
    old: &DirectiveList,
    new: &DirectiveList,
) -> Option<(TextChange, String)> {
    match (find_reason(old), find_reason(new)) {
        (None, Some(reason)) => Some((
            TextChange::Added,
            format!("`{coordinate}` was deprecated: {reason:?}."),
        )),
        (Some(_), None) => Some((
            TextChange::Removed,
            format!("`{coordinate}` is no longer deprecated."),
        )),
        (Some(old), Some(new)) if old != new => Some((
            TextChange::Changed,
            format!("The reason why `{coordinate}` is deprecated changed from {old:?} to {new:?}."),
        )),
        _ => None,
    }
}

fn find_reason(directives: &DirectiveList) -> Option<&str> {
    let directive = directives.get(DEPRECATED)?;
    let reason = directive
        .arguments
        .iter()
        .find(|argument| argument.name == "reason");
    let text = reason.and_then(|argument| match &*argument.value {
        Value::String(text) => Some(text.as_str()),
        _ => None,
    });
    Some(text.unwrap_or(DEFAULT_REASON))
}
