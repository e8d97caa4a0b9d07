//! Fields of input object types.

use apollo_compiler::{ast::InputValueDefinition, schema::InputObjectType};

use super::{
    applied,
    change::{Change, Class},
    change_kind::ChangeKind,
    comparison::Comparison,
    compatibility,
    default_value::{self, DefaultValue},
    pairs::{self, Pair, TextChange},
};

pub(super) fn compare(
    comparison: &mut Comparison<'_>,
    old: &InputObjectType,
    new: &InputObjectType,
) {
    let parent = old.name.as_str();
    let pairs = pairs::by_name(
        old.fields.values().map(|field| &***field),
        new.fields.values().map(|field| &***field),
        |field: &InputValueDefinition| &field.name,
    );
    for pair in pairs {
        match pair {
            Pair::Removed(field) => {
                let coordinate = format!("{parent}.{}", field.name);
                let message = format!("The input field `{coordinate}` was removed.");
                comparison.push(Change::new(
                    Class::Breaking,
                    ChangeKind::InputFieldRemoved,
                    coordinate,
                    message,
                ));
            }
            Pair::Added(field) => comparison.push(added(parent, field)),
            Pair::Kept(old, new) => compare_field(comparison, parent, old, new),
        }
    }
}

fn added(parent: &str, field: &InputValueDefinition) -> Change {
    let coordinate = format!("{parent}.{}", field.name);
    let (class, sort) = if field.is_required() {
        (Class::Breaking, "required")
    } else if field.default_value.is_some() {
        (Class::Dangerous, "optional")
    } else {
        (Class::Safe, "optional")
    };
    let message = format!(
        "The {sort} input field `{coordinate}` of type `{}` was added.",
        field.ty
    );
    Change::new(class, ChangeKind::InputFieldAdded, coordinate, message).affecting([parent])
}

fn compare_field(
    comparison: &mut Comparison<'_>,
    parent: &str,
    old: &InputValueDefinition,
    new: &InputValueDefinition,
) {
    let coordinate = format!("{parent}.{}", old.name);
    if old.ty != new.ty {
        let class = if compatibility::is_safe_for_input(&old.ty, &new.ty) {
            Class::Safe
        } else {
            Class::Breaking
        };
        let becomes_required = new.is_required() && !old.is_required();
        let felt_by = if becomes_required {
            parent
        } else {
            &coordinate
        };
        comparison.push(
            Change::new(
                class,
                ChangeKind::InputFieldTypeChanged,
                coordinate.clone(),
                format!(
                    "The type of the input field `{coordinate}` changed from `{}` to `{}`.",
                    old.ty, new.ty
                ),
            )
            .affecting([felt_by]),
        );
    }
    let is_same = default_value::is_same(
        DefaultValue::of(comparison.old, old),
        DefaultValue::of(comparison.new, new),
    );
    if !is_same {
        let is_now_required = new.is_required() && !old.is_required() && old.ty == new.ty;
        let class = if is_now_required {
            Class::Breaking
        } else {
            Class::Dangerous
        };
        let message = default_value::message("input field", &coordinate, old, new);
        let kind = ChangeKind::InputFieldDefaultChanged;
        comparison.push(Change::new(class, kind, coordinate.clone(), message).affecting([parent]));
    }
    compare_description(comparison, &coordinate, old, new);
    applied::compare(
        comparison,
        &coordinate,
        applied::on_value(&old.directives),
        applied::on_value(&new.directives),
        false,
    );
}

fn compare_description(
    comparison: &mut Comparison<'_>,
    coordinate: &str,
    old: &InputValueDefinition,
    new: &InputValueDefinition,
) {
    let texts = (old.description.as_deref(), new.description.as_deref());
    let Some(change) = pairs::find_text_change(texts.0, texts.1) else {
        return;
    };
    let kind = match change {
        TextChange::Added => ChangeKind::InputFieldDescriptionAdded,
        TextChange::Removed => ChangeKind::InputFieldDescriptionRemoved,
        TextChange::Changed => ChangeKind::InputFieldDescriptionChanged,
    };
    comparison.push(Change::new(
        Class::Safe,
        kind,
        coordinate,
        format!(
            "The description of the input field `{coordinate}` was {}.",
            change.participle()
        ),
    ));
}
