//! Checks `@key` on interfaces: each implementation in the subgraph must have the same key.

use std::ops::Range;

use apollo_compiler::ast::Selection;

use crate::{
    diagnostic::{Code, Diagnostic, Diagnostics},
    subgraph::{
        Subgraph,
        directives::{Key, keys},
        field_set,
    },
};

/// Each implementation can be asked for by the interface's key, so each must have it too.
pub(super) fn interface_key_not_on_implementation(
    subgraph: &Subgraph,
    diagnostics: &mut Diagnostics,
) {
    for ty in subgraph
        .schema
        .types
        .values()
        .filter(|ty| ty.is_interface())
    {
        for key in keys(ty.directives()) {
            // An invalid key cannot be compared.
            if is_reported(subgraph, &key, diagnostics) {
                continue;
            }
            for object in subgraph.implementers(ty.name()) {
                let Some(found) = subgraph.schema.types.get(object) else {
                    continue;
                };
                let mut own = keys(found.directives());
                if own.any(|own| is_reported(subgraph, &own, diagnostics)) {
                    continue;
                }
                let same = keys(found.directives()).find(|own| is_same(own, &key));
                let reason = match same {
                    None => "lacks it",
                    Some(own) if key.resolvable && !own.resolvable => {
                        "has it with `resolvable: false`"
                    }
                    Some(_) => continue,
                };
                diagnostics.push(
                    Diagnostic::new(
                        Code::InterfaceKeyNotOnImplementation,
                        format!(
                            "The interface `{}` has the key `{}`, but its implementation `{object}` {reason}.",
                            ty.name(),
                            key.fields
                        ),
                    )
                    .with_label(subgraph.label(key.application.location(), "this key"))
                    .with_label(subgraph.label(object.location(), reason))
                    .with_help(format!("Add `@key(fields: \"{}\")` to `{object}`.", key.fields)),
                );
            }
        }
    }
}

fn is_reported(subgraph: &Subgraph, key: &Key<'_>, diagnostics: &Diagnostics) -> bool {
    let Some(span) = subgraph.label(key.application.location(), "").span else {
        return false;
    };
    let mut labels = diagnostics.iter().flat_map(|told| &told.labels);
    labels.any(|label| {
        let is_within = |at: &Range<usize>| span.start <= at.start && at.end <= span.end;
        label.subgraph == subgraph.name && label.span.as_ref().is_some_and(is_within)
    })
}

fn is_same(a: &Key<'_>, b: &Key<'_>) -> bool {
    normal(a.fields) == normal(b.fields)
}

fn normal(text: &str) -> Option<String> {
    Some(print(&field_set::parse(text).ok()?))
}

// Order does not matter to a key.
fn print(selections: &[Selection]) -> String {
    let mut parts: Vec<_> = selections
        .iter()
        .map(|selection| match selection {
            Selection::Field(field) => format!("{}{{{}}}", field.name, print(&field.selection_set)),
            Selection::InlineFragment(fragment) => format!(
                "...{}{{{}}}",
                fragment
                    .type_condition
                    .as_ref()
                    .map_or("", |name| name.as_str()),
                print(&fragment.selection_set)
            ),
            Selection::FragmentSpread(spread) => spread.fragment_name.to_string(),
        })
        .collect();
    parts.sort();
    parts.dedup();
    parts.join(" ")
}
