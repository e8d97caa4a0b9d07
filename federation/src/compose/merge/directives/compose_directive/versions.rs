//! Reports specs that are linked in incompatible versions.

use apollo_compiler::collections::IndexMap;

use super::item::Item;
use super::own_specs::is_own_spec;
use crate::compose::merge::joined_subgraph::JoinedSubgraph;
use crate::compose::merge::joins::Graph;
use crate::compose::merge::mismatch::Distribution;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::subgraph::link::Link;

/// In subgraphs that link another major version without `@composeDirective`, its directives do not
/// compose.
pub(super) fn other_majors(
    by_identity: &IndexMap<&str, Vec<&Item<'_>>>,
    sources: &[JoinedSubgraph<'_>],
    diagnostics: &mut Diagnostics,
) {
    let mut linked: IndexMap<&str, Vec<(Graph, &Link)>> = IndexMap::default();
    for source in sources {
        let links = source.subgraph.links.iter();
        for link in links.filter(|link| !is_own_spec(&link.identity)) {
            let graphs = linked.entry(&link.identity).or_default();
            graphs.push((source.graph, link));
        }
    }
    for (identity, links) in linked {
        let majors = Distribution::of(
            links
                .iter()
                .map(|(graph, link)| (*graph, format!("`v{}`", link.version.major))),
        );
        let asked = by_identity.get(identity).into_iter().flatten();
        let mut asked = asked.map(|item| item.link.version.major);
        let first = asked.next();
        if !majors.differs() || (first.is_some() && asked.any(|major| Some(major) != first)) {
            continue;
        }
        let message = format!(
            "`{identity}` is linked in versions that do not mix: {}.",
            majors.in_words(sources, "")
        );
        let mut diagnostic = Diagnostic::new(Code::DirectiveCompositionInfo, message);
        for (graph, link) in links {
            diagnostic = diagnostic.with_label(sources[graph].label(link.location, "linked here"));
        }
        diagnostics.push(diagnostic.with_help("Link one major version everywhere."));
    }
}
