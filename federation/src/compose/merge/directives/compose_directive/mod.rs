//! `@composeDirective`: lets a subgraph's own directives compose.
//!
//! In: the subgraphs. Out: the directives that they name, added to those that compose. Where names
//! or versions are in conflict nothing is added, and diagnostics say why.

mod item;
mod names;
mod own_specs;
mod versions;

use apollo_compiler::ast::DirectiveDefinition;
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::{Name, Node};

use self::item::{Item, find_item};
use self::names::{check_clashes, check_names};
use self::versions::other_majors;
use super::composed::{Composed, ComposedDirectives};
use super::error::composition_error;
use super::strategy::Strategy;
use crate::compose::merge::joined_subgraph::JoinedSubgraph;
use crate::compose::merge::joins::{Graph, Purpose, SpecLink};
use crate::compose::merge::mismatch::Distribution;
use crate::diagnostic::Diagnostics;
use crate::subgraph::directives::Applied;
use crate::subgraph::link;
use crate::subgraph::shadowed_name;

/// Adds the directives that the subgraphs name.
pub(super) fn add(
    composed: &mut ComposedDirectives,
    sources: &[JoinedSubgraph<'_>],
    diagnostics: &mut Diagnostics,
) {
    let mut items: Vec<Item<'_>> = Vec::new();
    for source in sources {
        let definition = &source.schema.schema_definition;
        for application in definition.directives.all("composeDirective") {
            let text = application.argument("name").and_then(|name| name.as_str());
            match find_item(source, application, text.unwrap_or_default()) {
                Ok(item) => items.extend(item),
                Err(diagnostic) => diagnostics.push(diagnostic),
            }
        }
    }
    let mut by_identity: IndexMap<&str, Vec<&Item<'_>>> = IndexMap::default();
    for item in &items {
        by_identity
            .entry(&item.link.identity)
            .or_default()
            .push(item);
    }
    check_names(&items, sources, diagnostics);
    check_clashes(composed, &items, sources, diagnostics);
    other_majors(&by_identity, sources, diagnostics);
    if diagnostics.has_errors() {
        return;
    }
    for (identity, items) in by_identity {
        add_spec(composed, identity, &items, sources, diagnostics);
    }
}

/// Chooses the newest version of one spec; versions that are incompatible are an error.
fn add_spec(
    composed: &mut ComposedDirectives,
    identity: &str,
    items: &[&Item<'_>],
    sources: &[JoinedSubgraph<'_>],
    diagnostics: &mut Diagnostics,
) {
    let majors = Distribution::of(
        items
            .iter()
            .map(|item| (item.source.graph, format!("`v{}`", item.link.version.major))),
    );
    if majors.differs() {
        let message = format!(
            "`{identity}` is to compose from versions that do not mix: {}.",
            majors.in_words(sources, "")
        );
        let mut diagnostic = composition_error(message);
        for item in items {
            let label = item.source.label(item.link.location, "linked here");
            diagnostic = diagnostic.with_label(label);
        }
        diagnostics.push(diagnostic.with_help("Link one major version everywhere."));
        return;
    }
    let Some(newest) = items.iter().max_by_key(|item| item.link.version) else {
        return;
    };
    let mut imports: Vec<(String, String)> = Vec::new();
    let mut names: IndexSet<(&str, &str)> = IndexSet::default();
    names.extend(items.iter().map(|item| (item.name_here, item.name_in_spec)));
    for (name_here, name_in_spec) in names {
        let graphs: IndexSet<Graph> = items
            .iter()
            .filter(|item| item.name_here == name_here)
            .map(|item| item.source.graph)
            .collect();
        match find_definition(newest, name_in_spec, sources) {
            Some(definition) => {
                let Ok(name) = Name::new(name_here) else {
                    continue;
                };
                let one = Composed {
                    definition: composed.with_composed_arguments(definition, &name),
                    name: name.clone(),
                    strategy: Strategy::MostFrequent,
                };
                let own = shadowed_name(&name);
                composed.custom.insert(own, (graphs.clone(), one.clone()));
                composed.custom.insert(name, (graphs, one));
                imports.push((format!("@{name_in_spec}"), format!("@{name_here}")));
            }
            None => diagnostics.push(
                composition_error(format!(
                    "`@{name_here}` is to compose, but {}, the newest version linked, does not define it.",
                    newest.link.url()
                ))
                .with_label(newest.source.label(newest.link.location, "linked here"))
                .with_help(format!("Define `@{name_here}` in subgraph `{}` too.", newest.source.name())),
            ),
        }
    }
    composed.links.push(SpecLink {
        url: newest.link.url(),
        name: newest.link.name.clone(),
        is_own: false,
        alias: None,
        purpose: newest.link.purpose.map(|purpose| match purpose {
            link::Purpose::Security => Purpose::Security,
            link::Purpose::Execution => Purpose::Execution,
        }),
        imports,
    });
}

/// The definition in a subgraph that links the newest version, whatever it is called there.
fn find_definition<'a>(
    newest: &Item<'_>,
    name_in_spec: &str,
    sources: &'a [JoinedSubgraph<'_>],
) -> Option<&'a Node<DirectiveDefinition>> {
    sources.iter().rev().find_map(|source| {
        let link = source.subgraph.links.find(&newest.link.identity)?;
        if link.version != newest.link.version {
            return None;
        }
        let name = link.name_of(&format!("@{name_in_spec}"));
        source
            .schema
            .directive_definitions
            .get(name.trim_start_matches('@'))
    })
}
