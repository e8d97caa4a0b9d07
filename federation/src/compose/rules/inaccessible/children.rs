//! A visible type must have a visible field, member or value.

use apollo_compiler::schema::ExtendedType;

use super::visibility::Visibility;
use crate::compose::rules::merged_elements::{Coordinate, fields_of, label_everywhere};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// A visible type all of whose parts are hidden.
pub(super) fn only_inaccessible_children(
    visibility: &Visibility<'_>,
    diagnostics: &mut Diagnostics,
) {
    for (name, type_) in visibility.visible_types() {
        let (is_empty, parts) = match type_ {
            ExtendedType::Scalar(_) => continue,
            ExtendedType::Union(union_) => {
                let mut members = union_.members.iter();
                (
                    members.all(|member| visibility.is_hidden_type(member)),
                    "members",
                )
            }
            ExtendedType::Enum(enum_) => {
                let mut values = enum_.values.values();
                (
                    values.all(|value| visibility.hides(&value.directives)),
                    "values",
                )
            }
            ExtendedType::InputObject(input) => {
                let mut fields = input.fields.values();
                (
                    fields.all(|field| visibility.hides(&field.directives)),
                    "fields",
                )
            }
            ExtendedType::Object(_) | ExtendedType::Interface(_) => {
                let mut fields = fields_of(type_)
                    .into_iter()
                    .flat_map(|fields| fields.values());
                (
                    fields.all(|field| visibility.hides(&field.directives)),
                    "fields",
                )
            }
        };
        if is_empty {
            let diagnostic = Diagnostic::new(
                Code::OnlyInaccessibleChildren,
                format!("`{name}` is visible, but all its {parts} are `@inaccessible`."),
            );
            let coordinate = Coordinate::Type(name);
            let text = format!("all {parts} hidden");
            let diagnostic = label_everywhere(diagnostic, coordinate, visibility.subgraphs, &text);
            diagnostics.push(diagnostic.with_help(format!(
                "Mark `{name}` `@inaccessible` too, or let clients see some of its {parts}."
            )));
        }
    }
}
