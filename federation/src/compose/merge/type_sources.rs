//! Collects which types there are, of which kind, and in which subgraphs: the input of merging.

use apollo_compiler::{Name, collections::IndexMap, parser::SourceSpan, schema::ExtendedType};

use super::{
    joined_subgraph::{Element, JoinedSubgraph, Occurrence},
    joins::Graph,
};
use crate::subgraph::directives::is_interface_object;

/// The kind of a merged type; an `@interfaceObject` counts as an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar,
    Object,
    Interface,
    Union,
    Enum,
    InputObject,
}

impl Kind {
    pub(super) fn of(type_: &ExtendedType) -> Self {
        match type_ {
            ExtendedType::Scalar(_) => Self::Scalar,
            ExtendedType::Object(object) if is_interface_object(&object.directives) => {
                Self::Interface
            }
            ExtendedType::Object(_) => Self::Object,
            ExtendedType::Interface(_) => Self::Interface,
            ExtendedType::Union(_) => Self::Union,
            ExtendedType::Enum(_) => Self::Enum,
            ExtendedType::InputObject(_) => Self::InputObject,
        }
    }
}

/// The kind of a type in one subgraph, as diagnostics name it.
pub(super) fn kind_in_words(type_: &ExtendedType) -> &'static str {
    match type_ {
        ExtendedType::Scalar(_) => "a scalar",
        ExtendedType::Object(object) if is_interface_object(&object.directives) => {
            "an object with `@interfaceObject`"
        }
        ExtendedType::Object(_) => "an object",
        ExtendedType::Interface(_) => "an interface",
        ExtendedType::Union(_) => "a union",
        ExtendedType::Enum(_) => "an enum",
        ExtendedType::InputObject(_) => "an input object",
    }
}

/// One type in the subgraphs that define it.
#[derive(Clone, Debug)]
pub(super) struct TypeSources<'a> {
    /// The kind that most subgraphs declare.
    pub(super) kind: Kind,
    /// The definitions, by subgraph.
    pub(super) definitions: Vec<(Graph, &'a ExtendedType)>,
}

impl<'a> TypeSources<'a> {
    /// How the type occurs in each subgraph.
    pub(super) fn occurrences(&self) -> Vec<Occurrence<'a>> {
        self.definitions
            .iter()
            .map(|(graph, definition)| definition.occurrence(*graph))
            .collect()
    }
}

/// All types of all subgraphs, in order of first appearance.
pub(super) fn collect<'a>(sources: &'a [JoinedSubgraph<'a>]) -> IndexMap<Name, TypeSources<'a>> {
    let mut types: IndexMap<Name, TypeSources<'a>> = IndexMap::default();
    for source in sources {
        for (name, definition) in &source.schema.types {
            if is_built_in(name) {
                continue;
            }
            let entry = types.entry(name.clone()).or_insert_with(|| TypeSources {
                kind: Kind::of(definition),
                definitions: Vec::new(),
            });
            entry.definitions.push((source.graph, definition));
        }
    }
    types
}

fn is_built_in(name: &str) -> bool {
    name.starts_with("__") || matches!(name, "Int" | "Float" | "String" | "Boolean" | "ID")
}

/// Where a type stands: its definition, or the first extension of it.
pub(super) fn location_of(type_: &ExtendedType) -> Option<SourceSpan> {
    type_.location().or_else(|| {
        let extensions = type_.extensions();
        extensions
            .first()
            .and_then(|extension| extension.location())
    })
}
