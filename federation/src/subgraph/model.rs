//! A subgraph in canonical form, and its facts.
//!
//! Its facts are those of its schema: a function that changes the schema calls `refresh_facts`.

use std::ops::Range;

use apollo_compiler::{
    Name, Schema,
    ast::{FieldDefinition, OperationType, Type},
    parser::{FileId, SourceSpan},
    schema::ExtendedType,
};

use super::{
    directives::Application,
    facts::{self, Facts},
    field_set,
    link::{Links, Version},
    report,
};
use crate::{budget::Budget, diagnostic::Label};

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
/// In `schema` each directive of federation has its name in the specification, whatever the
/// subgraph calls it; `@shareable` and `@external` on a type are moved to its fields; what only
/// serves federation (its definitions, `_Entity`, `_service`, links) is removed. Root types keep
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
    /// What follows from its directives.
    pub(super) facts: Facts,
    /// The file its nodes stand in.
    pub(super) file: FileId,
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

    /// The name of a type in the supergraph, where root types have the default names.
    pub fn merged_type_name<'a>(&self, type_name: &'a str) -> &'a str {
        match self.find_root_operation(type_name) {
            Some(operation) => operation
                .default_type_name()
                .as_static_str()
                .unwrap_or(type_name),
            None => type_name,
        }
    }

    /// A type with the name that its named type has in the supergraph.
    pub fn merged_type(&self, ty: &Type) -> Type {
        let name = ty.inner_named_type();
        let merged = self.merged_type_name(name);
        match Name::new(merged) {
            Ok(merged) if merged != *name => with_name(ty, &merged),
            _ => ty.clone(),
        }
    }

    /// A label at a place of this subgraph's SDL.
    pub fn label(&self, location: Option<SourceSpan>, text: impl Into<String>) -> Label {
        report::label(&self.name, self.file, location, text)
    }

    /// A label inside a string argument, at a place that parsing the string alone gave; the whole
    /// application where the SDL writes the string another way than it reads.
    pub(crate) fn label_in_text(
        &self,
        application: Application<'_>,
        argument: &str,
        place: Option<SourceSpan>,
        text: impl Into<String>,
    ) -> Label {
        let mut label = self.label(application.location(), text);
        if let Some(place) = place
            && let Some(span) = self.find_in_text(application, argument, place)
        {
            label.span = Some(span);
        }
        label
    }

    fn find_in_text(
        &self,
        application: Application<'_>,
        argument: &str,
        place: SourceSpan,
    ) -> Option<Range<usize>> {
        let value = application.argument(argument)?;
        let (read, literal) = (value.as_str()?, value.location()?);
        let sdl = self.schema.sources.get(&self.file)?.source_text();
        let written = sdl.get(literal.offset()..literal.end_offset())?;
        (literal.file_id() == self.file && written == format!("\"{read}\"")).then_some(())?;
        let start = literal.offset() + 1 + place.offset() - field_set::prefix(read);
        Some(start..start + place.node_len())
    }

    /// Object types that an object of a composite type can be here.
    pub fn possible_types(&self, name: &str) -> Vec<Name> {
        match self.schema.types.get(name) {
            Some(ExtendedType::Object(object)) => vec![object.name.clone()],
            Some(ExtendedType::Interface(_)) => self.implementers(name).to_vec(),
            Some(ExtendedType::Union(union_)) => union_
                .members
                .iter()
                .map(|member| member.name.clone())
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The fields of an object or interface type.
    pub fn fields<'a>(
        &self,
        ty: &'a ExtendedType,
    ) -> impl Iterator<Item = &'a FieldDefinition> + use<'a> {
        facts::fields(ty)
    }

    /// Whether other subgraphs may resolve a field as well: it says so, or it is of a key, or
    /// external and provided.
    pub fn is_shareable(&self, type_name: &str, field: &str) -> bool {
        self.facts.is_shareable(type_name, field)
    }

    /// Whether a field is in the field set of some `@provides`.
    pub fn is_provided(&self, type_name: &str, field: &str) -> bool {
        self.facts.is_provided(type_name, field)
    }

    /// Whether a field is needed here although others resolve it: for a key, `@requires`,
    /// `@provides`, a context, or an interface.
    pub fn is_used(&self, type_name: &str, field: &str) -> bool {
        self.facts.is_used(type_name, field)
    }

    /// Whether a field is needed here for a key, a context or an interface.
    pub(super) fn is_used_by_types(&self, type_name: &str, field: &str) -> bool {
        self.facts.is_used_by_types(type_name, field)
    }

    /// Object types that implement an interface here.
    pub fn implementers(&self, interface: &str) -> &[Name] {
        self.facts.implementers(interface)
    }

    /// Computes the facts again, after a change of the schema.
    pub(super) fn refresh_facts(&mut self, budget: &Budget) {
        self.facts = Facts::of(&self.schema, budget);
    }
}

fn with_name(ty: &Type, name: &Name) -> Type {
    match ty {
        Type::Named(_) => Type::Named(name.clone()),
        Type::NonNullNamed(_) => Type::NonNullNamed(name.clone()),
        Type::List(item) => Type::List(Box::new(with_name(item, name))),
        Type::NonNullList(item) => Type::NonNullList(Box::new(with_name(item, name))),
    }
}
