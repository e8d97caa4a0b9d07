//! One field in the subgraphs that define it, and in those that define its type without it.

use apollo_compiler::Name;
use apollo_compiler::Node;
use apollo_compiler::ast::{FieldDefinition, InputValueDefinition};
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::schema::{Component, ExtendedType};

use super::joined_subgraph::{Element, JoinedSubgraph, Occurrence};
use super::joins::Graph;
use super::merger::Merger;
use super::type_sources::TypeSources;

/// A field by subgraph; `None` where the subgraph takes part in the type but not in the field.
#[derive(Clone, Debug)]
pub(super) struct PerGraph<'a, T>(pub(super) Vec<(Graph, Option<&'a Node<T>>)>);

/// A field of an object or interface.
pub(super) type FieldSources<'a> = PerGraph<'a, FieldDefinition>;

/// A field of an input object, or an argument.
pub(super) type InputSources<'a> = PerGraph<'a, InputValueDefinition>;

impl<'a, T> PerGraph<'a, T> {
    /// The subgraphs that have it.
    pub(super) fn defined(&self) -> impl Iterator<Item = (Graph, &'a Node<T>)> + Clone {
        self.0
            .iter()
            .filter_map(|(graph, one)| Some((*graph, (*one)?)))
    }

    /// The subgraphs that do not.
    pub(super) fn lacking(&self) -> impl Iterator<Item = Graph> + Clone {
        self.0
            .iter()
            .filter(|(_, one)| one.is_none())
            .map(|(graph, _)| *graph)
    }

    /// In one subgraph.
    pub(super) fn find(&self, graph: Graph) -> Option<&'a Node<T>> {
        self.0.iter().find(|(other, _)| *other == graph)?.1
    }

    /// The parts of each, by subgraph.
    pub(super) fn map<U>(
        &self,
        part: impl Fn(&'a Node<T>) -> Option<&'a Node<U>>,
    ) -> PerGraph<'a, U> {
        let parts = self
            .0
            .iter()
            .map(|(graph, one)| (*graph, one.and_then(&part)));
        PerGraph(parts.collect())
    }
}

impl<'a, T> PerGraph<'a, T>
where
    Node<T>: Element,
{
    pub(super) fn occurrences(&self) -> Vec<Occurrence<'a>> {
        self.defined()
            .map(|(graph, one)| one.occurrence(graph))
            .collect()
    }
}

impl<'a> Merger<'a> {
    /// All fields that any subgraph gives to an object or interface type.
    pub(super) fn field_sources(
        &self,
        name: &Name,
        sources: &TypeSources<'a>,
    ) -> IndexMap<Name, FieldSources<'a>> {
        let taking_part = self.graphs_taking_part(name);
        let mut fields: IndexMap<Name, FieldSources<'a>> = IndexMap::default();
        for (graph, definition) in &sources.definitions {
            let defined: &'a IndexMap<Name, Component<FieldDefinition>> = match definition {
                ExtendedType::Object(object) => &object.fields,
                ExtendedType::Interface(interface) => &interface.fields,
                _ => continue,
            };
            collect(&mut fields, defined, *graph, &taking_part);
        }
        fields
    }

    /// All fields that any subgraph gives to an input object.
    pub(super) fn input_field_sources(
        name: &Name,
        sources: &TypeSources<'a>,
        all: &[JoinedSubgraph<'a>],
    ) -> IndexMap<Name, InputSources<'a>> {
        let having = all
            .iter()
            .filter(|source| source.schema.types.contains_key(name));
        let taking_part: IndexSet<Graph> = having.map(|source| source.graph).collect();
        let mut fields: IndexMap<Name, InputSources<'a>> = IndexMap::default();
        for (graph, definition) in &sources.definitions {
            if let ExtendedType::InputObject(input) = definition {
                collect(&mut fields, &input.fields, *graph, &taking_part);
            }
        }
        fields
    }

    /// The subgraphs that define a type, or have one of its interfaces as an `@interfaceObject`.
    fn graphs_taking_part(&self, name: &Name) -> IndexSet<Graph> {
        let interfaces = self.interfaces_of(name);
        let takes_part = |source: &&JoinedSubgraph<'a>| {
            source.has_type(name)
                || interfaces
                    .iter()
                    .any(|interface| source.is_interface_object(interface))
        };
        self.sources
            .iter()
            .filter(takes_part)
            .map(|source| source.graph)
            .collect()
    }

    /// The interfaces that a merged object or interface implements.
    pub(super) fn interfaces_of(&self, name: &str) -> Vec<Name> {
        let implemented = match self.schema.types.get(name) {
            Some(ExtendedType::Object(object)) => &object.implements_interfaces,
            Some(ExtendedType::Interface(interface)) => &interface.implements_interfaces,
            _ => return Vec::new(),
        };
        implemented.iter().map(|one| one.name.clone()).collect()
    }
}

fn collect<'a, T>(
    fields: &mut IndexMap<Name, PerGraph<'a, T>>,
    defined: &'a IndexMap<Name, Component<T>>,
    graph: Graph,
    taking_part: &IndexSet<Graph>,
) {
    for (field, definition) in defined {
        let sources = fields
            .entry(field.clone())
            .or_insert_with(|| PerGraph(taking_part.iter().map(|graph| (*graph, None)).collect()));
        let place = sources.0.iter_mut().find(|(other, _)| *other == graph);
        if let Some((_, place)) = place {
            *place = Some(&definition.node);
        }
    }
}
