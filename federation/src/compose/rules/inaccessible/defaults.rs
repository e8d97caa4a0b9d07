//! Visible default values must not use hidden elements.

use apollo_compiler::Name;
use apollo_compiler::ast::{Type, Value};
use apollo_compiler::schema::ExtendedType;

use super::visibility::Visibility;
use crate::compose::rules::merged_elements::{Coordinate, for_each_input, label_everywhere};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// A visible default that uses a hidden enum value or input field.
pub(super) fn default_value_uses_inaccessible(
    visibility: &Visibility<'_>,
    diagnostics: &mut Diagnostics,
) {
    for_each_input(visibility.schema, &mut |coordinate, input| {
        let Some(default) = &input.default_value else {
            return;
        };
        if !visibility.is_visible_input(coordinate, &input.directives) {
            return;
        }
        let mut hidden = Vec::new();
        find_hidden(visibility, &input.ty, default, &mut hidden);
        for (type_, member) in hidden {
            let hidden = Coordinate::Member(&type_, &member);
            diagnostics.push(refuse(visibility, coordinate, hidden));
        }
    });
}

/// Hidden parts of visible types that a value uses.
fn find_hidden(
    visibility: &Visibility<'_>,
    type_: &Type,
    value: &Value,
    found: &mut Vec<(Name, Name)>,
) {
    match (visibility.schema.types.get(type_.inner_named_type()), value) {
        (_, Value::List(items)) => {
            for item in items {
                find_hidden(visibility, type_.item_type(), item, found);
            }
        }
        // Some write enum values of defaults as strings.
        (Some(ExtendedType::Enum(enum_)), Value::String(text)) => {
            let hidden = enum_.values.get_key_value(text.as_str());
            if let Some((value, _)) = hidden.filter(|(_, one)| visibility.hides(&one.directives)) {
                found.push((enum_.name.clone(), value.clone()));
            }
        }
        (Some(ExtendedType::Enum(enum_)), Value::Enum(value)) => {
            let is_hidden = enum_
                .values
                .get(value)
                .is_some_and(|one| visibility.hides(&one.directives));
            if is_hidden {
                found.push((enum_.name.clone(), value.clone()));
            }
        }
        (Some(ExtendedType::InputObject(input)), Value::Object(fields)) => {
            for (name, value) in fields {
                let Some(field) = input.fields.get(name) else {
                    continue;
                };
                if visibility.hides(&field.directives) {
                    found.push((input.name.clone(), name.clone()));
                }
                find_hidden(visibility, &field.ty, value, found);
            }
        }
        _ => {}
    }
}

fn refuse(
    visibility: &Visibility<'_>,
    visible: Coordinate<'_>,
    hidden: Coordinate<'_>,
) -> Diagnostic {
    let message = format!("The default of `{visible}` uses `{hidden}`, which is `@inaccessible`.");
    let diagnostic = Diagnostic::new(Code::DefaultValueUsesInaccessible, message);
    let subgraphs = visibility.subgraphs;
    let diagnostic = label_everywhere(diagnostic, visible, subgraphs, "visible default");
    label_everywhere(diagnostic, hidden, subgraphs, "hidden").with_help(format!(
        "Give `{visible}` another default, or let clients see `{hidden}`."
    ))
}
