//! A type that implements an interface must have all its fields, also those that other subgraphs
//! define.

use apollo_compiler::Name;
use apollo_compiler::schema::ExtendedType;

use super::merged_elements::{Coordinate, fields_of, find_type, interfaces_of, label_everywhere};
use crate::compose::merge::Merged;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::subgraph::Subgraph;

/// Finds fields of interfaces that some implementation lacks.
pub(super) fn interface_field_no_implem(
    merged: &Merged,
    subgraphs: &[Subgraph],
    diagnostics: &mut Diagnostics,
) {
    for (name, type_) in &merged.schema.types {
        let Some(fields) = fields_of(type_) else {
            continue;
        };
        for (interface, definition) in interfaces_of(type_, &merged.schema) {
            for field in fields_of(definition)
                .into_iter()
                .flat_map(|fields| fields.keys())
            {
                if !fields.contains_key(field) {
                    let diagnostic = missing(name, type_, interface, field, subgraphs);
                    diagnostics.push(diagnostic);
                }
            }
        }
    }
}

fn missing(
    name: &Name,
    type_: &ExtendedType,
    interface: &Name,
    field: &Name,
    subgraphs: &[Subgraph],
) -> Diagnostic {
    let has_field = |subgraph: &&Subgraph| {
        let type_ = find_type(subgraph, interface);
        type_
            .and_then(fields_of)
            .is_some_and(|fields| fields.contains_key(field))
    };
    let names: Vec<String> = subgraphs
        .iter()
        .filter(has_field)
        .map(|subgraph| format!("`{}`", subgraph.name))
        .collect();
    let message = format!(
        "`{name}` implements `{interface}` but has no field `{field}`, which {} {} to the interface.",
        names.join(", "),
        if names.len() == 1 { "gives" } else { "give" }
    );
    let diagnostic = Diagnostic::new(Code::InterfaceFieldNoImplem, message);
    let of_interface = Coordinate::Member(interface, field);
    let diagnostic = label_everywhere(diagnostic, of_interface, subgraphs, "asked for here");
    let text = format!("lacks `{field}`");
    let diagnostic = label_everywhere(diagnostic, Coordinate::Type(name), subgraphs, &text);
    let keyword = if type_.is_interface() {
        "interface"
    } else {
        "type"
    };
    diagnostic.with_help(format!(
        "Add `{field}` to `{keyword} {name}` in a subgraph that can resolve it, or take it away from `interface {interface}`."
    ))
}
