//! Checks that each directive named by `@composeDirective` has one name in all subgraphs, and no
//! name that another directive has.

use apollo_compiler::collections::{IndexMap, IndexSet};

use super::item::Item;
use crate::compose::merge::directives::composed::ComposedDirectives;
use crate::compose::merge::directives::error::composition_error;
use crate::compose::merge::directives::spec_names::name_in_subgraph;
use crate::compose::merge::directives::specs::SPECS;
use crate::compose::merge::joined_subgraph::JoinedSubgraph;
use crate::compose::merge::joins::Graph;
use crate::compose::merge::mismatch::{Distribution, subgraphs_in_words};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// One name means one directive of one spec, and the other way round, in all subgraphs.
pub(super) fn check_names(
    items: &[Item<'_>],
    sources: &[JoinedSubgraph<'_>],
    diagnostics: &mut Diagnostics,
) {
    let label_all = |mut diagnostic: Diagnostic, of: &[&Item<'_>]| {
        for item in of {
            let label = item
                .source
                .label(item.application.location(), "asked for here");
            diagnostic = diagnostic.with_label(label);
        }
        diagnostic
    };
    let mut by_name: IndexMap<&str, Vec<&Item<'_>>> = IndexMap::default();
    let mut by_spec: IndexMap<(&str, &str), Vec<&Item<'_>>> = IndexMap::default();
    for item in items {
        by_name.entry(item.name_here).or_default().push(item);
        let spec = (item.link.identity.as_str(), item.name_in_spec);
        by_spec.entry(spec).or_default().push(item);
    }
    for (name, of_name) in &by_name {
        let meanings = Distribution::of(of_name.iter().map(|item| {
            let meaning = format!("`@{}` of `{}`", item.name_in_spec, item.link.identity);
            (item.source.graph, meaning)
        }));
        if meanings.differs() {
            let message = format!(
                "`@{name}`, which is to compose, is not one directive: it is {}.",
                meanings.in_words(sources, "")
            );
            let diagnostic = label_all(composition_error(message), of_name);
            diagnostics.push(diagnostic.with_help("Import one of them under another name."));
        }
    }
    for ((identity, name), of_spec) in &by_spec {
        let names = Distribution::of(
            of_spec
                .iter()
                .map(|item| (item.source.graph, format!("`@{}`", item.name_here))),
        );
        if names.differs() {
            let message = format!(
                "`@{name}` of `{identity}`, which is to compose, has different names: {}.",
                names.in_words(sources, "")
            );
            let diagnostic = label_all(composition_error(message), of_spec);
            diagnostics.push(diagnostic.with_help("Import it under the same name everywhere."));
        } else if let Some(item) = of_spec.first() {
            named_differently(item, of_spec, sources, diagnostics);
        }
    }
}

/// Subgraphs that name it in `@composeDirective` must use one name; others may use another.
fn named_differently(
    item: &Item<'_>,
    of_spec: &[&Item<'_>],
    sources: &[JoinedSubgraph<'_>],
    diagnostics: &mut Diagnostics,
) {
    let asking: IndexSet<Graph> = of_spec.iter().map(|item| item.source.graph).collect();
    let at = format!("@{}", item.name_in_spec);
    let expected = format!("@{}", item.name_here);
    let others: Vec<&JoinedSubgraph<'_>> = sources
        .iter()
        .filter(|source| !asking.contains(&source.graph))
        .filter(|source| {
            let link = source.subgraph.links.find(&item.link.identity);
            let imported = link.and_then(|link| link.imports.get(&at));
            imported.is_some_and(|name| *name != expected)
        })
        .collect();
    if others.is_empty() {
        return;
    }
    let graphs: Vec<Graph> = others.iter().map(|source| source.graph).collect();
    let message = format!(
        "`{expected}` composes, but {} imports it under another name.",
        subgraphs_in_words(&graphs, sources)
    );
    let mut diagnostic = Diagnostic::new(Code::DirectiveCompositionWarn, message);
    for source in others {
        let link = source.subgraph.links.find(&item.link.identity);
        let label = source.label(link.and_then(|link| link.location), "imported here");
        diagnostic = diagnostic.with_label(label);
    }
    diagnostics.push(diagnostic.with_help(format!("Import it as `{expected}` everywhere.")));
}

/// A directive named by `@composeDirective` must not have the name of one that composes without it.
pub(super) fn check_clashes(
    composed: &ComposedDirectives,
    items: &[Item<'_>],
    sources: &[JoinedSubgraph<'_>],
    diagnostics: &mut Diagnostics,
) {
    for item in items {
        let mut of_specs = composed.of_specs.values();
        // A directive that a subgraph has but does not apply counts too: it would mean another once
        // applied.
        let is_taken = of_specs.any(|(_, other)| other.name == item.name_here)
            || sources.iter().any(|source| knows(source, item.name_here));
        let (code, why) = if is_taken {
            let why = format!("would clash with federation's own `@{}`", item.name_here);
            (Code::DirectiveCompositionError, why)
        } else if ["join__", "link__"]
            .iter()
            .any(|spec| item.name_here.starts_with(spec))
        {
            let why = "would be mistaken for a directive of supergraphs".to_owned();
            (Code::InvalidLinkDirectiveUsage, why)
        } else {
            continue;
        };
        let message = format!(
            "`@{}`, which subgraph `{}` asks to compose, {why}.",
            item.name_here,
            item.source.name()
        );
        let label = item
            .source
            .label(item.application.location(), "asked for here");
        let diagnostic = Diagnostic::new(code, message).with_label(label);
        diagnostics.push(diagnostic.with_help("Import the directive under another name."));
    }
}

fn knows(source: &JoinedSubgraph<'_>, name: &str) -> bool {
    let of_federation_2 = SPECS
        .iter()
        .filter(|spec| !source.subgraph.was_federation_1 && spec.is_known_to(source.subgraph));
    of_federation_2
        .flat_map(|spec| spec.directives)
        .any(|directive| name_in_subgraph(directive.name, source) == name)
}
