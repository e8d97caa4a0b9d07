//! Type extensions.

use apollo_compiler::schema::ExtendedType;
use indexmap::IndexMap;

use crate::{
    diagnostic::{Code, Diagnostic, Diagnostics},
    subgraph::{Subgraph, directives::Applied},
};

/// Somebody must define what others extend. Root types need no definition.
pub(super) fn extension_with_no_base(subgraphs: &[Subgraph], diagnostics: &mut Diagnostics) {
    let mut extended: IndexMap<&str, Vec<(&Subgraph, &ExtendedType)>> = IndexMap::new();
    let mut defined: Vec<&str> = Vec::new();
    for subgraph in subgraphs {
        for ty in subgraph
            .schema
            .types
            .values()
            .filter(|ty| !ty.is_built_in())
        {
            let name = ty.name().as_str();
            if is_base(ty) || subgraph.find_root_operation(name).is_some() {
                defined.push(name);
            } else {
                extended.entry(name).or_default().push((subgraph, ty));
            }
        }
    }
    extended.retain(|name, _| !defined.contains(name));
    extended.sort_keys();
    for (name, places) in extended {
        let mut diagnostic = Diagnostic::new(
            Code::ExtensionWithNoBase,
            format!("`{name}` is extended, but no subgraph defines it."),
        )
        .with_help("Let one subgraph define it: without `extend`.");
        for (subgraph, ty) in places {
            diagnostic =
                diagnostic.with_label(subgraph.label(ty.name().location(), "extended here"));
        }
        diagnostics.push(diagnostic);
    }
}

// `type T @extends` is still a definition.
fn is_base(ty: &ExtendedType) -> bool {
    let mut origins = ty.iter_origins().peekable();
    origins.peek().is_none()
        || origins.any(|origin| origin.extension_id().is_none())
        || ty.directives().is_applied("extends")
}
