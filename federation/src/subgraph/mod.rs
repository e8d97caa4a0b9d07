//! One subgraph, understood: what its SDL says once names, links and versions are resolved.

pub mod directives;
pub mod link;
mod parse;

use apollo_compiler::{
    Name, Schema,
    ast::OperationType,
    parser::{FileId, SourceSpan},
};

use crate::diagnostic::Label;
use link::{Links, Version};

/// A subgraph as the caller gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubgraphInput {
    /// Its name in the supergraph.
    pub name: String,
    /// Where it answers.
    pub url: String,
    /// Its SDL, with or without the definitions of federation.
    pub sdl: String,
}

/// A subgraph in canonical form.
///
/// In `schema` each directive of federation bears its name in the specification, whatever the
/// subgraph calls it; `@shareable` and `@external` on a type stand on its fields instead; what only
/// serves federation (its definitions, `_Entity`, `_service`, links) is gone. Root types keep
/// their names: see [`Subgraph::merged_type_name`].
#[derive(Clone, Debug)]
pub struct Subgraph {
    /// Its name in the supergraph.
    pub name: String,
    /// Where it answers.
    pub url: String,
    /// Its types. Nodes know their place in the SDL.
    pub schema: Schema,
    /// The version of federation it is written for.
    pub federation_version: Version,
    /// Whether it linked no federation and was upgraded.
    pub was_federation_1: bool,
    /// What it links to, federation included.
    pub links: Links,
    /// The file its nodes stand in.
    file: FileId,
}

impl Subgraph {
    /// The type that serves an operation, by its name here.
    pub fn root_type(&self, operation: OperationType) -> Option<&Name> {
        self.schema.root_operation(operation)
    }

    /// The operation that a type serves.
    pub fn find_root_operation(&self, type_name: &str) -> Option<OperationType> {
        [
            OperationType::Query,
            OperationType::Mutation,
            OperationType::Subscription,
        ]
        .into_iter()
        .find(|operation| {
            self.root_type(*operation)
                .is_some_and(|name| name == type_name)
        })
    }

    /// The name of a type in the supergraph: root types lose their own.
    pub fn merged_type_name<'a>(&self, type_name: &'a str) -> &'a str {
        match self.find_root_operation(type_name) {
            Some(operation) => operation
                .default_type_name()
                .as_static_str()
                .unwrap_or(type_name),
            None => type_name,
        }
    }

    /// A label at a place of this subgraph's SDL.
    pub fn label(&self, location: Option<SourceSpan>, text: impl Into<String>) -> Label {
        Label {
            subgraph: self.name.clone(),
            span: location
                .filter(|span| span.file_id() == self.file)
                .map(|span| span.offset()..span.end_offset()),
            text: text.into(),
        }
    }
}
