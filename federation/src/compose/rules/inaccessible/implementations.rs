//! A field or argument that implements a visible one must be visible.

use apollo_compiler::Name;
use apollo_compiler::ast::FieldDefinition;
use apollo_compiler::schema::ExtendedType;

use super::visibility::Visibility;
use crate::compose::rules::merged_elements::{
    Coordinate, fields_of, interfaces_of, label_everywhere,
};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// A hidden field or argument of a visible type that implements a visible one.
pub(super) fn implemented_by_inaccessible(
    visibility: &Visibility<'_>,
    diagnostics: &mut Diagnostics,
) {
    for (name, type_) in visibility.visible_types() {
        for (interface, definition) in interfaces_of(type_, visibility.schema) {
            for (field, implementation) in fields_of(type_).into_iter().flatten() {
                if !visibility.is_visible_field(interface, field) {
                    continue;
                }
                if visibility.hides(&implementation.directives) {
                    let hidden = Coordinate::Member(name, field);
                    let visible = Coordinate::Member(interface, field);
                    diagnostics.push(refuse(visibility, hidden, visible));
                } else {
                    let at = ((name, interface), (&***implementation, definition));
                    check_arguments(visibility, at, diagnostics);
                }
            }
        }
    }
}

type Implementation<'a> = (&'a FieldDefinition, &'a ExtendedType);

fn check_arguments(
    visibility: &Visibility<'_>,
    ((name, interface), (field, definition)): ((&Name, &Name), Implementation<'_>),
    diagnostics: &mut Diagnostics,
) {
    let of_interface = fields_of(definition).and_then(|fields| fields.get(&field.name));
    for argument in &field.arguments {
        let implemented = of_interface.and_then(|of| of.argument_by_name(&argument.name));
        let is_visible = implemented.is_some_and(|one| !visibility.hides(&one.directives));
        if is_visible && visibility.hides(&argument.directives) {
            let hidden = Coordinate::Argument(name, &field.name, &argument.name);
            let visible = Coordinate::Argument(interface, &field.name, &argument.name);
            diagnostics.push(refuse(visibility, hidden, visible));
        }
    }
}

fn refuse(
    visibility: &Visibility<'_>,
    hidden: Coordinate<'_>,
    visible: Coordinate<'_>,
) -> Diagnostic {
    let message =
        format!("`{hidden}` is `@inaccessible` but implements `{visible}`, which is visible.");
    let diagnostic = Diagnostic::new(Code::ImplementedByInaccessible, message);
    let subgraphs = visibility.subgraphs;
    let diagnostic = label_everywhere(diagnostic, hidden, subgraphs, "hidden");
    label_everywhere(diagnostic, visible, subgraphs, "visible").with_help(format!(
        "Mark `{visible}` `@inaccessible` too, or let clients see `{hidden}`."
    ))
}
