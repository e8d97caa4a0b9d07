//! Checks `@shareable` in one subgraph: not on an interface's field, and not twice in the same
//! place.

use apollo_compiler::parser::SourceSpan;

use crate::{
    diagnostic::{Code, Diagnostic, Diagnostics},
    subgraph::{Subgraph, directives::Applied},
};

/// `@shareable` must not be on an interface's field, which no subgraph resolves, nor twice in the
/// same place.
pub(super) fn invalid_shareable_usage(subgraph: &Subgraph, diagnostics: &mut Diagnostics) {
    for ty in subgraph.schema.types.values() {
        let on_type = ty
            .directives()
            .0
            .iter()
            .filter(|directive| directive.name == "shareable");
        let places: Vec<_> = on_type
            .map(|directive| (&directive.origin, directive.location()))
            .collect();
        let repeated = places
            .iter()
            .enumerate()
            .find(|(at, (origin, _))| places[..*at].iter().any(|(other, _)| other == origin));
        if let Some((_, (_, location))) = repeated {
            diagnostics.push(repetition(subgraph, ty.name(), *location));
        }
        for field in subgraph.fields(ty) {
            let coordinate = format!("{}.{}", ty.name(), field.name);
            let mut applications = field.directives.all("shareable");
            let Some(first) = applications.next() else {
                continue;
            };
            if ty.is_interface() {
                diagnostics.push(on_interface(subgraph, &coordinate, first.location()));
            } else if let Some(second) = applications.next() {
                diagnostics.push(repetition(subgraph, &coordinate, second.location()));
            }
        }
    }
}

fn repetition(subgraph: &Subgraph, coordinate: &str, location: Option<SourceSpan>) -> Diagnostic {
    Diagnostic::new(
        Code::InvalidShareableUsage,
        format!("`{coordinate}` is marked `@shareable` twice in the same place."),
    )
    .with_label(subgraph.label(location, "once more here"))
    .with_help("Remove one of them: it is repeatable for the sake of type extensions only.")
}

fn on_interface(subgraph: &Subgraph, coordinate: &str, location: Option<SourceSpan>) -> Diagnostic {
    Diagnostic::new(
        Code::InvalidShareableUsage,
        format!("`{coordinate}` is a field of an interface: only fields of objects are resolved, and so shared."),
    )
    .with_label(subgraph.label(location, "shareable here"))
    .with_help("Remove it here, and mark the fields of the implementing types.")
}
