//! A visible element must not be of a hidden type.

use super::visibility::Visibility;
use crate::compose::rules::merged_elements::{
    Coordinate, fields_of, for_each_input, label_everywhere,
};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// A visible field, argument or input field of a hidden type.
pub(super) fn referenced_inaccessible(visibility: &Visibility<'_>, diagnostics: &mut Diagnostics) {
    for (name, type_) in visibility.visible_types() {
        for (field, definition) in fields_of(type_).into_iter().flatten() {
            let target = definition.ty.inner_named_type();
            if !visibility.hides(&definition.directives) && visibility.is_hidden_type(target) {
                let coordinate = Coordinate::Member(name, field);
                diagnostics.push(refuse(visibility, coordinate, target));
            }
        }
    }
    for_each_input(visibility.schema, &mut |coordinate, input| {
        let target = input.ty.inner_named_type();
        if visibility.is_hidden_type(target)
            && visibility.is_visible_input(coordinate, &input.directives)
        {
            diagnostics.push(refuse(visibility, coordinate, target));
        }
    });
}

fn refuse(visibility: &Visibility<'_>, coordinate: Coordinate<'_>, target: &str) -> Diagnostic {
    let message =
        format!("`{coordinate}` is visible but of type `{target}`, which is `@inaccessible`.");
    let diagnostic = Diagnostic::new(Code::ReferencedInaccessible, message);
    let subgraphs = visibility.subgraphs;
    let diagnostic = label_everywhere(diagnostic, coordinate, subgraphs, "visible here");
    let hidden = Coordinate::Type(target);
    label_everywhere(diagnostic, hidden, subgraphs, "the hidden type").with_help(format!(
        "Mark `{coordinate}` `@inaccessible` too, or let clients see `{target}`."
    ))
}

/// Clients must see the query root.
pub(super) fn query_root_type_inaccessible(
    visibility: &Visibility<'_>,
    diagnostics: &mut Diagnostics,
) {
    let Some(query) = &visibility.schema.schema_definition.query else {
        return;
    };
    if visibility.is_hidden_type(query) {
        let diagnostic = Diagnostic::new(
            Code::QueryRootTypeInaccessible,
            format!(
                "`{query}` is `@inaccessible`, so clients could ask for nothing.",
                query = query.name
            ),
        );
        let coordinate = Coordinate::Type(query);
        let diagnostic =
            label_everywhere(diagnostic, coordinate, visibility.subgraphs, "hidden here");
        diagnostics.push(diagnostic.with_help("Hide single fields of it instead."));
    }
}
