//! A required argument or input field must be visible where its parent is.

use super::visibility::Visibility;
use crate::compose::rules::merged_elements::{
    Coordinate, fields_of, for_each_input, interfaces_of, label_everywhere,
};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// A hidden argument or input field that is required.
pub(super) fn required_inaccessible(visibility: &Visibility<'_>, diagnostics: &mut Diagnostics) {
    for_each_input(visibility.schema, &mut |coordinate, input| {
        let is_part_visible = match coordinate {
            Coordinate::Argument(type_, field, _) => visibility.is_visible_field(type_, field),
            Coordinate::Type(type_) | Coordinate::Member(type_, _) => {
                !visibility.is_hidden_type(type_)
            }
            Coordinate::DirectiveArgument(..) => true,
        };
        if is_part_visible && input.is_required() && visibility.hides(&input.directives) {
            let message = format!("`{coordinate}` is `@inaccessible` but must be given.");
            let diagnostic = Diagnostic::new(Code::RequiredInaccessible, message);
            let subgraphs = visibility.subgraphs;
            let diagnostic = label_everywhere(diagnostic, coordinate, subgraphs, "hidden");
            diagnostics.push(diagnostic.with_help(format!(
                "Make `{coordinate}` nullable or give it a default, or let clients see it."
            )));
        }
    });
    required_of_implementation(visibility, diagnostics);
}

/// A hidden argument of an interface's field that an implementation requires.
fn required_of_implementation(visibility: &Visibility<'_>, diagnostics: &mut Diagnostics) {
    for (name, type_) in visibility.visible_types() {
        for (interface, definition) in interfaces_of(type_, visibility.schema) {
            for (field, of_interface) in fields_of(definition).into_iter().flatten() {
                let found = fields_of(type_).and_then(|fields| fields.get(field));
                let Some(implementation) = found else {
                    continue;
                };
                if !visibility.is_visible_field(interface, field)
                    || visibility.hides(&implementation.directives)
                {
                    continue;
                }
                for argument in &of_interface.arguments {
                    let own = implementation.argument_by_name(&argument.name);
                    let is_required = own
                        .is_some_and(|one| one.is_required() && !visibility.hides(&one.directives));
                    if is_required && visibility.hides(&argument.directives) {
                        let hidden = Coordinate::Argument(interface, field, &argument.name);
                        let required = Coordinate::Argument(name, field, &argument.name);
                        diagnostics.push(refuse(visibility, hidden, required));
                    }
                }
            }
        }
    }
}

fn refuse(
    visibility: &Visibility<'_>,
    hidden: Coordinate<'_>,
    required: Coordinate<'_>,
) -> Diagnostic {
    let message = format!(
        "`{hidden}` is `@inaccessible`, but `{required}`, which implements it, must be given."
    );
    let diagnostic = Diagnostic::new(Code::RequiredInaccessible, message);
    let subgraphs = visibility.subgraphs;
    let diagnostic = label_everywhere(diagnostic, hidden, subgraphs, "hidden");
    label_everywhere(diagnostic, required, subgraphs, "required")
        .with_help(format!("Make `{required}` nullable or give it a default."))
}
