//! Fields of object types and interfaces.

use apollo_compiler::{Name, ast::FieldDefinition, collections::IndexMap, schema::Component};

use super::{
    applied, arguments,
    change::{Change, Class},
    change_kind::ChangeKind,
    comparison::Comparison,
    compatibility,
    pairs::{self, Pair, TextChange},
};

pub(super) fn compare(
    comparison: &mut Comparison<'_>,
    parent: &Name,
    old: &IndexMap<Name, Component<FieldDefinition>>,
    new: &IndexMap<Name, Component<FieldDefinition>>,
) {
    let pairs = pairs::by_name(
        old.values().map(|field| &***field),
        new.values().map(|field| &***field),
        |field: &FieldDefinition| &field.name,
    );
    for pair in pairs {
        match pair {
            Pair::Removed(field) => {
                let coordinate = format!("{parent}.{}", field.name);
                let was = if applied::is_deprecated(&field.directives) {
                    "The deprecated field"
                } else {
                    "The field"
                };
                let message = format!("{was} `{coordinate}` was removed.");
                comparison.push(Change::new(
                    Class::Breaking,
                    ChangeKind::FieldRemoved,
                    coordinate,
                    message,
                ));
            }
            Pair::Added(field) => {
                let coordinate = format!("{parent}.{}", field.name);
                let message = format!("The field `{coordinate}: {}` was added.", field.ty);
                comparison.push(
                    Change::new(Class::Safe, ChangeKind::FieldAdded, coordinate, message)
                        .affecting([] as [&str; 0]),
                );
            }
            Pair::Kept(old, new) => compare_field(comparison, parent, old, new),
        }
    }
}

fn compare_field(
    comparison: &mut Comparison<'_>,
    parent: &Name,
    old: &FieldDefinition,
    new: &FieldDefinition,
) {
    let coordinate = format!("{parent}.{}", old.name);
    if old.ty != new.ty {
        let class = if compatibility::is_safe_for_output(&old.ty, &new.ty) {
            Class::Safe
        } else {
            Class::Breaking
        };
        comparison.push(Change::new(
            class,
            ChangeKind::FieldTypeChanged,
            coordinate.clone(),
            format!(
                "The type of `{coordinate}` changed from `{}` to `{}`.",
                old.ty, new.ty
            ),
        ));
    }
    arguments::compare(
        comparison,
        arguments::Place::Field(&coordinate),
        &old.arguments,
        &new.arguments,
    );
    compare_description(comparison, &coordinate, old, new);
    compare_deprecation(comparison, &coordinate, old, new);
    applied::compare(
        comparison,
        &coordinate,
        applied::on_member(&old.directives),
        applied::on_member(&new.directives),
        false,
    );
}

fn compare_description(
    comparison: &mut Comparison<'_>,
    coordinate: &str,
    old: &FieldDefinition,
    new: &FieldDefinition,
) {
    let texts = (old.description.as_deref(), new.description.as_deref());
    let Some(change) = pairs::find_text_change(texts.0, texts.1) else {
        return;
    };
    let kind = match change {
        TextChange::Added => ChangeKind::FieldDescriptionAdded,
        TextChange::Removed => ChangeKind::FieldDescriptionRemoved,
        TextChange::Changed => ChangeKind::FieldDescriptionChanged,
    };
    comparison.push(Change::new(
        Class::Safe,
        kind,
        coordinate,
        format!(
            "The description of `{coordinate}` was {}.",
            change.participle()
        ),
    ));
}

fn compare_deprecation(
    comparison: &mut Comparison<'_>,
    coordinate: &str,
    old: &FieldDefinition,
    new: &FieldDefinition,
) {
    let Some((change, message)) =
        applied::find_deprecation_change(coordinate, &old.directives, &new.directives)
    else {
        return;
    };
    let kind = match change {
        TextChange::Added => ChangeKind::FieldDeprecationAdded,
        TextChange::Removed => ChangeKind::FieldDeprecationRemoved,
        TextChange::Changed => ChangeKind::FieldDeprecationReasonChanged,
    };
    comparison.push(Change::new(Class::Safe, kind, coordinate, message));
}
