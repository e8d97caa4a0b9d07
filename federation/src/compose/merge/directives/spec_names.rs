//! The names of the directives of known specs: in one subgraph, and in the supergraph.

use apollo_compiler::Name;
use apollo_compiler::collections::IndexSet;

use crate::compose::merge::joined_subgraph::JoinedSubgraph;
use crate::compose::merge::joins::Graph;
use crate::compose::merge::mismatch::Distribution;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::subgraph::link::{FEDERATION, Link};

/// The name under which subgraphs know a directive of a known spec: one for all of them.
pub(super) fn name_in_supergraph(
    canonical: &str,
    graphs: &IndexSet<Graph>,
    sources: &[JoinedSubgraph<'_>],
    diagnostics: &mut Diagnostics,
) -> Option<Name> {
    let mut names = graphs.iter().filter_map(|graph| {
        let source = sources.get(*graph)?;
        Some((*graph, name_in_subgraph(canonical, source)))
    });
    let (_, first) = names.next()?;
    if names.any(|(_, name)| name != first) {
        diagnostics.push(link_import_name_mismatch(canonical, graphs, sources));
        return None;
    }
    Name::new(&first).ok()
}

/// The name in a subgraph of a directive with a canonical name.
pub(super) fn name_in_subgraph(canonical: &str, source: &JoinedSubgraph<'_>) -> String {
    let at = format!("@{canonical}");
    let links = &source.subgraph.links;
    let is_apollo = |link: &&Link| link.identity.starts_with("https://specs.apollo.dev/");
    let own = links
        .iter()
        .find(|link| is_apollo(link) && link.name == canonical)
        .or_else(|| {
            let mut own = links.iter().filter(is_apollo);
            own.find(|link| link.imports.contains_key(&at))
        })
        .or_else(|| links.find(FEDERATION));
    match own {
        Some(link) if !source.subgraph.was_federation_1 => {
            link.name_of(&at).trim_start_matches('@').to_owned()
        }
        _ => canonical.to_owned(),
    }
}

/// A directive of federation has one name in the supergraph.
fn link_import_name_mismatch(
    canonical: &str,
    graphs: &IndexSet<Graph>,
    sources: &[JoinedSubgraph<'_>],
) -> Diagnostic {
    let with_names = graphs.iter().filter_map(|graph| {
        let source = sources.get(*graph)?;
        Some((
            *graph,
            format!("`@{}`", name_in_subgraph(canonical, source)),
        ))
    });
    let names = Distribution::of(with_names);
    let message = format!(
        "`@{canonical}` has different names: {}.",
        names.in_words(sources, "")
    );
    let mut diagnostic = Diagnostic::new(Code::LinkImportNameMismatch, message);
    for graph in graphs {
        let source = &sources[*graph];
        let links = &source.subgraph.links;
        let at = format!("@{canonical}");
        let link = links.iter().find(|link| link.imports.contains_key(&at));
        let link = link.or_else(|| links.find(FEDERATION));
        let label = source.label(link.and_then(|link| link.location), "imported here");
        diagnostic = diagnostic.with_label(label);
    }
    diagnostic.with_help(format!(
        "Import `@{canonical}` under the same name everywhere."
    ))
}
