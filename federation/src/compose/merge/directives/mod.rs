//! Finds which applied directives reach the supergraph, under what name, and how they are merged.
//!
//! In: the subgraphs. Out: the directives that compose, each with one name, one definition and one
//! rule by which different applications of it are merged; none where names or versions are in
//! conflict.

mod access_control;
mod applied_names;
mod apply;
mod arguments;
mod compose_directive;
mod composed;
mod element;
mod error;
mod executable;
mod joined;
mod known_specs;
mod links;
mod site;
mod spec_names;
mod specs;
mod strategy;

pub(crate) use self::arguments::dnf_of;
pub(super) use self::composed::ComposedDirectives;
pub(super) use self::element::MergedElement;
pub(super) use self::site::Site;
use super::joined_subgraph::JoinedSubgraph;
use crate::diagnostic::Diagnostics;

/// Finds out which directives compose. `None` where their names or versions are at odds.
pub(super) fn composed_directives(
    sources: &[JoinedSubgraph<'_>],
    diagnostics: &mut Diagnostics,
) -> Option<ComposedDirectives> {
    let mut composed = ComposedDirectives::default();
    composed.add_built_in();
    composed.add_specs(sources, diagnostics);
    specs::implicitly_upgraded_federation_version(sources, diagnostics);
    access_control::warn_of_lookalikes(sources, diagnostics);
    compose_directive::add(&mut composed, sources, diagnostics);
    composed.settle_links();
    (!diagnostics.has_errors()).then_some(composed)
}
