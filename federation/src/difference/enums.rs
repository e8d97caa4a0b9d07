//! Values of enums.

use apollo_compiler::{ast::EnumValueDefinition, schema::EnumType};

use super::{
    applied,
    change::{Change, Class},
    change_kind::ChangeKind,
    comparison::Comparison,
    pairs::{self, Pair, TextChange},
};

pub(super) fn compare(comparison: &mut Comparison<'_>, old: &EnumType, new: &EnumType) {
    let parent = old.name.as_str();
    let pairs = pairs::by_name(
        old.values.values().map(|value| &***value),
        new.values.values().map(|value| &***value),
        |value: &EnumValueDefinition| &value.value,
    );
    for pair in pairs {
        match pair {
            Pair::Removed(value) => {
                let coordinate = format!("{parent}.{}", value.value);
                let message = format!("The enum value `{coordinate}` was removed.");
                let kind = ChangeKind::EnumValueRemoved;
                comparison.push(Change::new(Class::Breaking, kind, coordinate, message));
            }
            Pair::Added(value) => {
                let coordinate = format!("{parent}.{}", value.value);
                let message = format!("The enum value `{coordinate}` was added.");
                let kind = ChangeKind::EnumValueAdded;
                comparison.push(
                    Change::new(Class::Dangerous, kind, coordinate, message).affecting([parent]),
                );
            }
            Pair::Kept(old, new) => compare_value(comparison, parent, old, new),
        }
    }
}

fn compare_value(
    comparison: &mut Comparison<'_>,
    parent: &str,
    old: &EnumValueDefinition,
    new: &EnumValueDefinition,
) {
    let coordinate = format!("{parent}.{}", old.value);
    let texts = (old.description.as_deref(), new.description.as_deref());
    if let Some(change) = pairs::find_text_change(texts.0, texts.1) {
        comparison.push(Change::new(
            Class::Safe,
            ChangeKind::EnumValueDescriptionChanged,
            coordinate.clone(),
            format!(
                "The description of the enum value `{coordinate}` was {}.",
                change.participle()
            ),
        ));
    }
    if let Some((change, message)) =
        applied::find_deprecation_change(&coordinate, &old.directives, &new.directives)
    {
        let kind = match change {
            TextChange::Added => ChangeKind::EnumValueDeprecationAdded,
            TextChange::Removed => ChangeKind::EnumValueDeprecationRemoved,
            TextChange::Changed => ChangeKind::EnumValueDeprecationChanged,
        };
        comparison.push(Change::new(Class::Safe, kind, coordinate.clone(), message));
    }
    applied::compare(
        comparison,
        &coordinate,
        applied::on_member(&old.directives),
        applied::on_member(&new.directives),
        false,
    );
}
