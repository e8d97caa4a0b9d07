//! `EXTENSION_WITH_NO_BASE`: a type that subgraphs only extend must be defined in one of them.

use apollo_compiler::schema::ExtendedType;
use indexmap::IndexMap;

use crate::{
    diagnostic::{Code, Diagnostic, Diagnostics},
    subgraph::{Subgraph, directives::is_only_extended},
};

/// Some subgraph must define a type that others extend. Root types need no definition.
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
            if !is_only_extended(ty) || subgraph.find_root_operation(name).is_some() {
                defined.push(name);
            } else {
                extended.entry(name).or_default().push((subgraph, ty));
            }
        }
    }
    extended.retain(|name, _| !defined.contains(name));
    extended.sort_keys();
    for (name, places) in extended {
        let keyword = places.first().map_or("type", |(_, ty)| keyword(ty));
        let mut diagnostic = Diagnostic::new(
            Code::ExtensionWithNoBase,
            format!("`{name}` is extended, but no subgraph defines it."),
        )
        .with_help(format!(
            "Write `{keyword} {name}` instead of `extend {keyword} {name}` in the subgraph it belongs to."
        ));
        for (subgraph, ty) in places {
            diagnostic = diagnostic.with_label(subgraph.label(ty.location(), "extended here"));
        }
        diagnostics.push(diagnostic);
    }
}

fn keyword(ty: &ExtendedType) -> &'static str {
    match ty {
        ExtendedType::Scalar(_) => "scalar",
        ExtendedType::Object(_) => "type",
        ExtendedType::Interface(_) => "interface",
        ExtendedType::Union(_) => "union",
        ExtendedType::Enum(_) => "enum",
        ExtendedType::InputObject(_) => "input",
    }
}
