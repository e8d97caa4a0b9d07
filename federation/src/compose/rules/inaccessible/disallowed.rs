//! What cannot be hidden: parts of linked specs, and directives that stand in schemas.

use apollo_compiler::schema::ExtendedType;

use super::visibility::Visibility;
use crate::compose::rules::merged_elements::{Coordinate, fields_of, label_everywhere};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// `@inaccessible` where it may not stand.
pub(super) fn disallowed_inaccessible(visibility: &Visibility<'_>, diagnostics: &mut Diagnostics) {
    for (name, type_) in &visibility.schema.types {
        if visibility.merged.is_of_spec(name) && hides_any(visibility, type_) {
            let why = format!("`{name}` belongs to a linked specification");
            diagnostics.push(refuse(visibility, Coordinate::Type(name), &why));
        }
    }
    for (name, definition) in &visibility.schema.directive_definitions {
        let stands_in_schemas = definition
            .locations
            .iter()
            .any(|location| !is_executable(location.name()));
        for argument in &definition.arguments {
            if stands_in_schemas && visibility.hides(&argument.directives) {
                let coordinate = Coordinate::DirectiveArgument(name, &argument.name);
                let why = format!("`@{name}` may stand in schemas, which clients do not write");
                diagnostics.push(refuse(visibility, coordinate, &why));
            }
        }
    }
}

fn is_executable(location: &str) -> bool {
    matches!(
        location,
        "QUERY"
            | "MUTATION"
            | "SUBSCRIPTION"
            | "FIELD"
            | "FRAGMENT_DEFINITION"
            | "FRAGMENT_SPREAD"
            | "INLINE_FRAGMENT"
            | "VARIABLE_DEFINITION"
    )
}

fn hides_any(visibility: &Visibility<'_>, type_: &ExtendedType) -> bool {
    visibility.hides_type(type_)
        || match type_ {
            ExtendedType::Enum(enum_) => {
                let mut values = enum_.values.values();
                values.any(|value| visibility.hides(&value.directives))
            }
            ExtendedType::InputObject(input) => {
                let mut fields = input.fields.values();
                fields.any(|field| visibility.hides(&field.directives))
            }
            type_ => {
                let mut fields = fields_of(type_)
                    .into_iter()
                    .flat_map(|fields| fields.values());
                fields.any(|field| {
                    let mut arguments = field.arguments.iter();
                    visibility.hides(&field.directives)
                        || arguments.any(|argument| visibility.hides(&argument.directives))
                })
            }
        }
}

fn refuse(visibility: &Visibility<'_>, coordinate: Coordinate<'_>, why: &str) -> Diagnostic {
    let message = format!("`{coordinate}` cannot be `@inaccessible`: {why}.");
    let diagnostic = Diagnostic::new(Code::DisallowedInaccessible, message);
    label_everywhere(diagnostic, coordinate, visibility.subgraphs, "hidden here")
        .with_help("Take `@inaccessible` away.")
}
