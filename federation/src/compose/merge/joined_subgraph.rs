//! One subgraph as merging reads it: root types have the names of the supergraph.

use std::borrow::Cow;

use apollo_compiler::ast::{self, FieldDefinition, OperationType, Type};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::schema::{Component, ComponentName, ExtendedType};
use apollo_compiler::{Name, Node, Schema};

use super::joins::Graph;
use crate::diagnostic::Label;
use crate::subgraph::Subgraph;
use crate::subgraph::directives::{is_external, is_interface_object};

/// A subgraph with the facts of its fields that merging reads.
pub(crate) struct JoinedSubgraph<'a> {
    pub(crate) graph: Graph,
    pub(crate) subgraph: &'a Subgraph,
    pub(crate) schema: Cow<'a, Schema>,
}

impl<'a> JoinedSubgraph<'a> {
    pub(crate) fn new(graph: Graph, subgraph: &'a Subgraph) -> Self {
        let schema = with_default_roots(subgraph);
        Self {
            graph,
            subgraph,
            schema,
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.subgraph.name
    }

    pub(crate) fn label(&self, location: Option<SourceSpan>, text: impl Into<String>) -> Label {
        self.subgraph.label(location, text)
    }

    /// Whether the subgraph has the type; it always has a query root, since federation adds one.
    pub(crate) fn has_type(&self, type_: &str) -> bool {
        type_ == "Query" || self.schema.types.contains_key(type_)
    }

    /// Whether an object type is an `@interfaceObject`.
    pub(crate) fn is_interface_object(&self, type_: &str) -> bool {
        match self.schema.types.get(type_) {
            Some(ExtendedType::Object(object)) => is_interface_object(&object.directives),
            _ => false,
        }
    }

    /// Whether a field is external, so that only other subgraphs resolve it.
    pub(crate) fn is_external(&self, type_: &str, field: &str) -> bool {
        self.find_field(type_, field)
            .is_some_and(|field| is_external(&field.directives))
    }

    /// Whether a field is external and not provided on any path.
    pub(crate) fn is_fully_external(&self, type_: &str, field: &str) -> bool {
        self.is_external(type_, field)
            && !self.subgraph.is_provided(self.own_type_name(type_), field)
    }

    /// Whether others may resolve a field as well.
    pub(crate) fn is_shareable(&self, type_: &str, field: &str) -> bool {
        self.subgraph.is_shareable(self.own_type_name(type_), field)
    }

    /// Whether a directive or an interface of the subgraph needs a field.
    pub(crate) fn is_used(&self, type_: &str, field: &str) -> bool {
        self.subgraph.is_used(self.own_type_name(type_), field)
    }

    /// What the subgraph itself calls a type.
    fn own_type_name<'n>(&'n self, type_: &'n str) -> &'n str {
        let operation = match type_ {
            "Query" => OperationType::Query,
            "Mutation" => OperationType::Mutation,
            "Subscription" => OperationType::Subscription,
            _ => return type_,
        };
        self.subgraph
            .root_type(operation)
            .map_or(type_, Name::as_str)
    }

    /// A field of an object or interface type.
    pub(crate) fn find_field(
        &self,
        type_: &str,
        field: &str,
    ) -> Option<&Component<FieldDefinition>> {
        match self.schema.types.get(type_)? {
            ExtendedType::Object(object) => object.fields.get(field),
            ExtendedType::Interface(interface) => interface.fields.get(field),
            _ => None,
        }
    }
}

/// The schema with `Query`, `Mutation` and `Subscription` for its root types.
fn with_default_roots(subgraph: &Subgraph) -> Cow<'_, Schema> {
    let renamed: Vec<(Name, Name)> = [
        OperationType::Query,
        OperationType::Mutation,
        OperationType::Subscription,
    ]
    .into_iter()
    .filter_map(|operation| {
        let own = subgraph.root_type(operation)?;
        let default = operation.default_type_name();
        (*own != default).then(|| (own.clone(), default))
    })
    .collect();
    if renamed.is_empty() {
        return Cow::Borrowed(&subgraph.schema);
    }
    let mut schema = subgraph.schema.clone();
    let types = std::mem::take(&mut schema.types);
    for (name, mut type_) in types {
        rename_in(&mut type_, &renamed);
        schema.types.insert(renamed_name(&name, &renamed), type_);
    }
    let roots = schema.schema_definition.make_mut();
    for root in [
        &mut roots.query,
        &mut roots.mutation,
        &mut roots.subscription,
    ]
    .into_iter()
    .flatten()
    {
        root.name = renamed_name(&root.name, &renamed);
    }
    Cow::Owned(schema)
}

fn renamed_name(name: &Name, renamed: &[(Name, Name)]) -> Name {
    let found = renamed.iter().find(|(own, _)| own == name);
    found.map_or_else(|| name.clone(), |(_, default)| default.clone())
}

fn rename_in(type_: &mut ExtendedType, renamed: &[(Name, Name)]) {
    match type_ {
        ExtendedType::Object(object) => {
            let object = object.make_mut();
            object.name = renamed_name(&object.name, renamed);
            for field in object.fields.values_mut() {
                rename_output(field, renamed);
            }
        }
        ExtendedType::Interface(interface) => {
            for field in interface.make_mut().fields.values_mut() {
                rename_output(field, renamed);
            }
        }
        ExtendedType::Union(union_) => {
            let union_ = union_.make_mut();
            let members = std::mem::take(&mut union_.members);
            union_.members = members
                .into_iter()
                .map(|member| ComponentName {
                    name: renamed_name(&member.name, renamed),
                    origin: member.origin,
                })
                .collect();
        }
        ExtendedType::Scalar(_) | ExtendedType::Enum(_) | ExtendedType::InputObject(_) => {}
    }
}

fn rename_output(field: &mut Component<FieldDefinition>, renamed: &[(Name, Name)]) {
    let own = field.ty.inner_named_type();
    if renamed.iter().any(|(name, _)| name == own) {
        let field: &mut FieldDefinition = field.make_mut();
        rename_type(&mut field.ty, renamed);
    }
}

fn rename_type(type_: &mut Type, renamed: &[(Name, Name)]) {
    match type_ {
        Type::Named(name) | Type::NonNullNamed(name) => *name = renamed_name(name, renamed),
        Type::List(item) | Type::NonNullList(item) => rename_type(item, renamed),
    }
}

/// One element in one subgraph: what descriptions, directives and labels are taken from.
#[derive(Clone, Debug)]
pub(crate) struct Occurrence<'a> {
    pub(crate) graph: Graph,
    pub(crate) location: Option<SourceSpan>,
    pub(crate) description: Option<&'a str>,
    pub(crate) directives: Vec<&'a Node<ast::Directive>>,
}

/// An element that can occur in several subgraphs.
pub(crate) trait Element {
    fn occurrence(&self, graph: Graph) -> Occurrence<'_>;
}

impl Element for ExtendedType {
    fn occurrence(&self, graph: Graph) -> Occurrence<'_> {
        Occurrence {
            graph,
            location: self.location(),
            description: self.description().map(Node::as_str),
            directives: self.directives().0.iter().map(|one| &one.node).collect(),
        }
    }
}

macro_rules! element {
    ($type:ty) => {
        impl Element for Node<$type> {
            fn occurrence(&self, graph: Graph) -> Occurrence<'_> {
                Occurrence {
                    graph,
                    location: self.location(),
                    description: self.description.as_ref().map(Node::as_str),
                    directives: self.directives.0.iter().collect(),
                }
            }
        }
    };
}

element!(ast::FieldDefinition);
element!(ast::InputValueDefinition);
element!(ast::EnumValueDefinition);
