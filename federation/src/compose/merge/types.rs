//! Merges what all kinds of types have: what they implement, in which subgraphs they are, and
//! directives.

use apollo_compiler::Name;
use apollo_compiler::schema::{ComponentName, ExtendedType};

use super::directives::{MergedElement, Site};
use super::joins::{Graph, JoinType};
use super::merger::Merger;
use super::type_sources::TypeSources;
use crate::subgraph::directives::{is_interface_object, keys};

impl<'a> Merger<'a> {
    /// Merges what objects and interfaces implement.
    pub(super) fn merge_implements(&mut self) {
        for (name, sources) in &self.types {
            let mut interfaces: Vec<(Graph, Name)> = Vec::new();
            for (graph, definition) in &sources.definitions {
                let implemented = match definition {
                    ExtendedType::Object(object) => &object.implements_interfaces,
                    ExtendedType::Interface(interface) => &interface.implements_interfaces,
                    _ => continue,
                };
                interfaces.extend(implemented.iter().map(|one| (*graph, one.name.clone())));
            }
            if interfaces.is_empty() {
                continue;
            }
            let names = interfaces
                .iter()
                .map(|(_, one)| ComponentName::from(one.clone()));
            match self.schema.types.get_mut(name) {
                Some(ExtendedType::Object(object)) => {
                    object.make_mut().implements_interfaces = names.collect();
                }
                Some(ExtendedType::Interface(interface)) => {
                    interface.make_mut().implements_interfaces = names.collect();
                }
                _ => {}
            }
            self.joins.implements.insert(name.clone(), interfaces);
        }
    }

    /// Records in which subgraphs a type is, and with which keys.
    pub(super) fn merge_join_types(&mut self, name: &Name, sources: &TypeSources<'_>) {
        let mut joins = Vec::with_capacity(sources.definitions.len());
        for (graph, definition) in &sources.definitions {
            let directives = definition.directives();
            let is_interface_object = definition.is_object() && is_interface_object(directives);
            let extends = directives.has("extends");
            let before = joins.len();
            joins.extend(keys(directives).map(|key| JoinType {
                graph: *graph,
                key: Some(key.fields.to_owned()),
                extension: extends || key.application.is_on_extension,
                resolvable: key.resolvable,
                is_interface_object,
            }));
            if joins.len() == before {
                joins.push(JoinType {
                    graph: *graph,
                    key: None,
                    extension: false,
                    resolvable: true,
                    is_interface_object,
                });
            }
        }
        if name == "Query" {
            joins = self.with_every_subgraph(&joins);
        }
        self.joins.types.insert(name.clone(), joins);
    }

    // Federation gives every subgraph a query root, for `_entities`.
    fn with_every_subgraph(&self, joins: &[JoinType]) -> Vec<JoinType> {
        let in_graph = |graph: Graph| joins.iter().find(|join| join.graph == graph).cloned();
        let every = self.sources.iter().map(|source| {
            in_graph(source.graph).unwrap_or(JoinType {
                graph: source.graph,
                key: None,
                extension: false,
                resolvable: true,
                is_interface_object: false,
            })
        });
        every.collect()
    }

    /// The description and directives of a type.
    pub(super) fn merge_type_element(
        &mut self,
        name: &Name,
        sources: &TypeSources<'a>,
    ) -> MergedElement {
        self.merge_element(&Site::Type(name.clone()), &sources.occurrences())
    }
}
