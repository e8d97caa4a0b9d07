//! `@composeDirective`: a subgraph's own directives in the supergraph.

use apollo_compiler::ast::DirectiveDefinition;
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::{Name, Node};

use super::{Composed, ComposedDirectives, Strategy, composition_error};
use crate::compose::merge::joins::{Graph, Purpose, SpecLink};
use crate::compose::merge::mismatch::{Distribution, subgraphs_in_words};
use crate::compose::merge::source::Source;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::subgraph::directives::{Application, Applied};
use crate::subgraph::link::{self, Link};
use crate::subgraph::shadowed_name;

/// Specs whose directives compose by rules of their own, or not at all.
const OWN_SPECS: [&str; 12] = [
    "core",
    "join",
    "link",
    "tag",
    "inaccessible",
    "federation",
    "authenticated",
    "requiresScopes",
    "policy",
    "source",
    "context",
    "cost",
];
const COMPOSED_BY_DEFAULT: [&str; 8] = [
    "tag",
    "inaccessible",
    "authenticated",
    "requiresScopes",
    "policy",
    "context",
    "cost",
    "listSize",
];

/// One `@composeDirective` that names a directive of a linked spec.
struct Item<'a> {
    source: &'a Source<'a>,
    application: Application<'a>,
    link: &'a Link,
    /// Without `@`.
    name_here: &'a str,
    name_in_spec: &'a str,
}

/// Adds what the subgraphs ask to compose.
pub(super) fn add(
    composed: &mut ComposedDirectives,
    sources: &[Source<'_>],
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
    check_clashes(composed, &items, diagnostics);
    other_majors(&by_identity, sources, diagnostics);
    if diagnostics.has_errors() {
        return;
    }
    for (identity, items) in by_identity {
        add_spec(composed, identity, (&items, sources), diagnostics);
    }
}

/// What a `@composeDirective` names; nothing where it need not be said.
fn find_item<'a>(
    source: &'a Source<'a>,
    application: Application<'a>,
    text: &'a str,
) -> Result<Option<Item<'a>>, Diagnostic> {
    let error = |why: String| {
        composition_error(format!(
            "`@composeDirective(name: {text:?})` in subgraph `{}` {why}.",
            source.name()
        ))
        .with_label(source.label(application.location(), "asked for here"))
    };
    let Some(name) = text.strip_prefix('@').filter(|name| !name.is_empty()) else {
        return Err(error("does not name a directive with its `@`".to_owned())
            .with_help(format!("Write `\"@{text}\"`.")));
    };
    let Some((link, name_in_spec)) = source.subgraph.links.find_directive(name) else {
        let is_defined = source.schema.directive_definitions.contains_key(name);
        return Err(if is_defined {
            error("names a directive that belongs to no linked specification".to_owned()).with_help(
                format!("Link one that has it: `@link(url: \"https://example.org/mine/v1.0\", import: [\"@{name}\"])`."),
            )
        } else {
            error("names a directive that the subgraph does not define".to_owned()).with_help(
                format!("Define `directive @{name}` and link the specification it is of."),
            )
        });
    };
    if is_own_spec(&link.identity) {
        return if COMPOSED_BY_DEFAULT.contains(&name_in_spec) {
            Err(Diagnostic::new(
                Code::DirectiveCompositionInfo,
                format!(
                    "`@composeDirective(name: {text:?})` in subgraph `{}` is not needed: the directive composes anyway.",
                    source.name()
                ),
            )
            .with_label(source.label(application.location(), "not needed"))
            .with_help("Take it away."))
        } else {
            Err(
                error("names a directive of federation, which does not compose".to_owned())
                    .with_help("Take it away."),
            )
        };
    }
    if !source.schema.directive_definitions.contains_key(name) {
        return Err(
            error("names a directive that the subgraph does not define".to_owned())
                .with_help(format!("Define `directive @{name}`.")),
        );
    }
    Ok(Some(Item {
        source,
        application,
        link,
        name_here: name,
        name_in_spec,
    }))
}

/// One name means one directive of one spec, and the other way round, in all subgraphs.
fn check_names(items: &[Item<'_>], sources: &[Source<'_>], diagnostics: &mut Diagnostics) {
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

/// A subgraph that does not ask for it may call it otherwise, but not once it asks.
fn named_differently(
    item: &Item<'_>,
    of_spec: &[&Item<'_>],
    sources: &[Source<'_>],
    diagnostics: &mut Diagnostics,
) {
    let asking: IndexSet<Graph> = of_spec.iter().map(|item| item.source.graph).collect();
    let at = format!("@{}", item.name_in_spec);
    let expected = format!("@{}", item.name_here);
    let others: Vec<&Source<'_>> = sources
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

/// One spec in the newest version that is asked for; versions that differ in kind do not mix.
fn add_spec(
    composed: &mut ComposedDirectives,
    identity: &str,
    (items, sources): (&[&Item<'_>], &[Source<'_>]),
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

/// Subgraphs that link another major version without asking keep its directives to themselves.
fn other_majors(
    by_identity: &IndexMap<&str, Vec<&Item<'_>>>,
    sources: &[Source<'_>],
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

/// What composes by request must not take the name of what composes anyway.
fn check_clashes(composed: &ComposedDirectives, items: &[Item<'_>], diagnostics: &mut Diagnostics) {
    for item in items {
        let mut of_specs = composed.of_specs.values();
        let is_taken = of_specs.any(|(_, other)| other.name == item.name_here);
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

fn is_own_spec(identity: &str) -> bool {
    let name = identity.strip_prefix("https://specs.apollo.dev/");
    name.is_some_and(|name| OWN_SPECS.contains(&name))
}

/// The definition in a subgraph that links the newest version, whatever it is called there.
fn find_definition<'a>(
    newest: &Item<'_>,
    name_in_spec: &str,
    sources: &'a [Source<'_>],
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

/// A directive of federation goes by one name in the supergraph.
pub(super) fn link_import_name_mismatch(
    canonical: &str,
    graphs: &IndexSet<Graph>,
    sources: &[Source<'_>],
) -> Diagnostic {
    let with_names = graphs.iter().filter_map(|graph| {
        let source = sources.get(*graph)?;
        Some((
            *graph,
            format!("`@{}`", super::name_in_subgraph(canonical, source)),
        ))
    });
    let names = Distribution::of(with_names);
    let message = format!(
        "`@{canonical}` goes by different names: {}.",
        names.in_words(sources, "")
    );
    let mut diagnostic = Diagnostic::new(Code::LinkImportNameMismatch, message);
    for graph in graphs {
        let source = &sources[*graph];
        let links = &source.subgraph.links;
        let at = format!("@{canonical}");
        let link = links.iter().find(|link| link.imports.contains_key(&at));
        let link = link.or_else(|| links.find(link::FEDERATION));
        let label = source.label(link.and_then(|link| link.location), "imported here");
        diagnostic = diagnostic.with_label(label);
    }
    diagnostic.with_help(format!(
        "Import `@{canonical}` under the same name everywhere."
    ))
}
