//! Directives that are not merged: the supergraph records which subgraph applied them
//! (`@join__directive`).

use apollo_compiler::ast::Value;
use apollo_compiler::{Name, Node};

use super::composed::ComposedDirectives;
use super::site::Site;
use crate::compose::merge::default_value::same_value;
use crate::compose::merge::joined_subgraph::{JoinedSubgraph, Occurrence};
use crate::compose::merge::joins::{JoinDirective, JoinSite, Purpose, SpecLink};
use crate::compose::merge::merger::Merger;
use crate::subgraph::link::{FEDERATION, Version};

/// A directive kept per subgraph: its canonical name, and the name it is kept under.
const CACHE_TAG: (&str, &str) = ("cacheTag", "federation__cacheTag");
const CACHE_TAG_SINCE: Version = Version::new(2, 12);

impl Merger<'_> {
    /// Notes what the subgraphs applied to an element.
    pub(super) fn note_joined(&mut self, site: &Site, occurrences: &[Occurrence<'_>]) {
        let site = match site {
            Site::Type(type_) => JoinSite::Type(type_.clone()),
            Site::Field(type_, field) => JoinSite::Field(type_.clone(), field.clone()),
            _ => return,
        };
        let mut joined: Vec<JoinDirective> = Vec::new();
        for occurrence in occurrences {
            if !knows_cache_tag(&self.sources[occurrence.graph]) {
                continue;
            }
            let applied = occurrence.directives.iter();
            for directive in applied.filter(|one| one.name == CACHE_TAG.0) {
                let arguments: Vec<(Name, Value)> = directive
                    .arguments
                    .iter()
                    .map(|argument| (argument.name.clone(), Value::clone(&argument.value)))
                    .collect();
                let same = joined
                    .iter_mut()
                    .find(|one| same_arguments(&one.arguments, &arguments));
                match same {
                    Some(one) if one.graphs.last() == Some(&occurrence.graph) => {}
                    Some(one) => one.graphs.push(occurrence.graph),
                    None => joined.push(JoinDirective {
                        graphs: vec![occurrence.graph],
                        name: CACHE_TAG.1.to_owned(),
                        arguments,
                    }),
                }
            }
        }
        if !joined.is_empty() {
            self.joins.directives.insert(site, joined);
        }
    }
}

impl ComposedDirectives {
    /// Links the specs of directives that are kept per subgraph, where they are used.
    pub(super) fn link_joined(&mut self, is_applied: impl Fn(&str) -> bool) {
        if is_applied(CACHE_TAG.0) {
            self.links.push(SpecLink {
                url: "https://specs.apollo.dev/cacheTag/v0.1".to_owned(),
                name: CACHE_TAG.0.to_owned(),
                is_own: true,
                alias: None,
                purpose: Some(Purpose::Execution),
                imports: Vec::new(),
            });
        }
    }
}

fn knows_cache_tag(source: &JoinedSubgraph<'_>) -> bool {
    let link = source.subgraph.links.find(FEDERATION);
    !source.subgraph.was_federation_1 && link.is_some_and(|link| link.version >= CACHE_TAG_SINCE)
}

fn same_arguments(left: &[(Name, Value)], right: &[(Name, Value)]) -> bool {
    let object = |arguments: &[(Name, Value)]| {
        let fields = arguments
            .iter()
            .map(|(name, value)| (name.clone(), Node::new(value.clone())));
        Value::Object(fields.collect())
    };
    same_value(&object(left), &object(right))
}
