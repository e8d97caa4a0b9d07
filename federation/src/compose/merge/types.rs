//! The shell of each type: its kind, what it implements, and in which subgraphs it is.

use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::schema::{
    ComponentName, DirectiveList, EnumType, ExtendedType, InputObjectType, InterfaceType,
    ObjectType, ScalarType, UnionType,
};
use apollo_compiler::{Name, Node};

use super::directives::{MergedElement, Site};
use super::joins::{Graph, JoinType};
use super::merger::Merger;
use super::mismatch::Distribution;
use super::type_sources::{Kind, TypeSources, kind_in_words};
use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::directives::{is_interface_object, keys};

impl<'a> Merger<'a> {
    /// Agrees on the kind of each type and lays out an empty type of that kind.
    pub(super) fn merge_kinds(&mut self) {
        let mut types = std::mem::take(&mut self.types);
        for (name, sources) in &mut types {
            let kinds = Distribution::of(
                sources
                    .definitions
                    .iter()
                    .map(|(graph, definition)| (*graph, kind_in_words(definition))),
            );
            if let Some((_, graphs)) = kinds.majority() {
                let first = graphs.first();
                let found = sources
                    .definitions
                    .iter()
                    .find(|(graph, _)| Some(graph) == first);
                sources.kind = found.map_or(sources.kind, |(_, found)| Kind::of(found));
            }
            let kind = sources.kind;
            let is_same = |definition: &ExtendedType| Kind::of(definition) == kind;
            if !sources
                .definitions
                .iter()
                .all(|(_, definition)| is_same(definition))
            {
                self.type_kind_mismatch(name, sources, &kinds);
                sources
                    .definitions
                    .retain(|(_, definition)| is_same(definition));
            } else if kind == Kind::Interface {
                self.interface_object_usage_error(name, sources);
            }
            self.schema
                .types
                .insert(name.clone(), empty_type(name, kind));
        }
        self.types = types;
    }

    fn type_kind_mismatch(&mut self, name: &Name, sources: &TypeSources<'_>, kinds: &Distribution) {
        let message = format!(
            "`{name}` is not of one kind: it is {}.",
            kinds.in_words(self.sources, "")
        );
        let mut diagnostic = Diagnostic::new(Code::TypeKindMismatch, message);
        for (graph, definition) in &sources.definitions {
            let text = format!("{} here", kind_in_words(definition));
            diagnostic =
                diagnostic.with_label(self.sources[*graph].label(definition.location(), text));
        }
        if let Some((kind, _)) = kinds.majority() {
            let others = kinds.graphs_without_majority(self.sources);
            diagnostic = diagnostic.with_help(format!(
                "Make `{name}` {kind} in {others} too, or rename it there."
            ));
        }
        self.report(diagnostic);
    }

    /// An `@interfaceObject` needs an interface to stand for.
    fn interface_object_usage_error(&mut self, name: &Name, sources: &TypeSources<'_>) {
        let is_interface = |(_, definition): &(Graph, &ExtendedType)| definition.is_interface();
        if sources.definitions.iter().any(is_interface) {
            return;
        }
        let mut diagnostic = Diagnostic::new(
            Code::InterfaceObjectUsageError,
            format!(
                "`{name}` is an `@interfaceObject` wherever it is defined, so there is no interface for it to stand for."
            ),
        );
        for (graph, definition) in &sources.definitions {
            let source = &self.sources[*graph];
            diagnostic = diagnostic
                .with_label(source.label(definition.location(), "stands for an interface"));
        }
        self.report(diagnostic.with_help(format!(
            "Define `interface {name}` with the same `@key` in the subgraph that knows its implementations, or take `@interfaceObject` away."
        )));
    }

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

    /// Notes in which subgraphs a type is, and by which keys it is an entity there.
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

    // Federation gives every subgraph a query root, so entities can be asked for anywhere.
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

fn empty_type(name: &Name, kind: Kind) -> ExtendedType {
    let name = name.clone();
    let directives = DirectiveList::default();
    match kind {
        Kind::Scalar => ExtendedType::Scalar(Node::new(ScalarType {
            description: None,
            name,
            directives,
        })),
        Kind::Object => ExtendedType::Object(Node::new(ObjectType {
            description: None,
            name,
            implements_interfaces: IndexSet::default(),
            directives,
            fields: IndexMap::default(),
        })),
        Kind::Interface => ExtendedType::Interface(Node::new(InterfaceType {
            description: None,
            name,
            implements_interfaces: IndexSet::default(),
            directives,
            fields: IndexMap::default(),
        })),
        Kind::Union => ExtendedType::Union(Node::new(UnionType {
            description: None,
            name,
            directives,
            members: IndexSet::default(),
        })),
        Kind::Enum => ExtendedType::Enum(Node::new(EnumType {
            description: None,
            name,
            directives,
            values: IndexMap::default(),
        })),
        Kind::InputObject => ExtendedType::InputObject(Node::new(InputObjectType {
            description: None,
            name,
            directives,
            fields: IndexMap::default(),
        })),
    }
}
