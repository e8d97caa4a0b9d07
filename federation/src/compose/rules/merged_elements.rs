//! Elements of the merged schema, and where subgraphs define them.

use apollo_compiler::ast::{FieldDefinition, InputValueDefinition, OperationType};
use apollo_compiler::collections::IndexMap;
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::schema::{Component, ExtendedType};
use apollo_compiler::{Name, Node, Schema};

use crate::diagnostic::Diagnostic;
use crate::subgraph::Subgraph;

/// The fields of an object or interface type.
pub(super) fn fields_of(
    type_: &ExtendedType,
) -> Option<&IndexMap<Name, Component<FieldDefinition>>> {
    match type_ {
        ExtendedType::Object(object) => Some(&object.fields),
        ExtendedType::Interface(interface) => Some(&interface.fields),
        _ => None,
    }
}

/// The interfaces that an object or interface implements.
pub(super) fn interfaces_of<'s>(
    type_: &ExtendedType,
    schema: &'s Schema,
) -> Vec<(&'s Name, &'s ExtendedType)> {
    let interfaces = match type_ {
        ExtendedType::Object(object) => &object.implements_interfaces,
        ExtendedType::Interface(interface) => &interface.implements_interfaces,
        _ => return Vec::new(),
    };
    let found = interfaces.iter();
    found
        .filter_map(|interface| schema.types.get_key_value(&interface.name))
        .collect()
}

/// Part of a schema, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coordinate<'a> {
    Type(&'a str),
    /// A field, input field or enum value.
    Member(&'a str, &'a str),
    Argument(&'a str, &'a str, &'a str),
    DirectiveArgument(&'a str, &'a str),
}

impl std::fmt::Display for Coordinate<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Type(type_) => write!(formatter, "{type_}"),
            Self::Member(type_, member) => write!(formatter, "{type_}.{member}"),
            Self::Argument(type_, field, argument) => {
                write!(formatter, "{type_}.{field}({argument}:)")
            }
            Self::DirectiveArgument(directive, argument) => {
                write!(formatter, "@{directive}({argument}:)")
            }
        }
    }
}

/// Where something is defined; nowhere in the text where composition added it.
struct Place(Option<SourceSpan>);

impl Coordinate<'_> {
    /// Where one subgraph defines it.
    fn find_in(self, subgraph: &Subgraph) -> Option<Place> {
        match self {
            Self::Type(type_) => {
                let type_ = find_type(subgraph, type_)?;
                let extensions = type_.extensions();
                let extended = extensions.first().and_then(|one| one.location());
                Some(Place(type_.location().or(extended)))
            }
            Self::Member(type_, member) => match find_type(subgraph, type_)? {
                ExtendedType::Enum(enum_) => Some(Place(enum_.values.get(member)?.location())),
                ExtendedType::InputObject(input) => {
                    Some(Place(input.fields.get(member)?.location()))
                }
                type_ => Some(Place(fields_of(type_)?.get(member)?.location())),
            },
            Self::Argument(type_, field, argument) => {
                let fields = fields_of(find_type(subgraph, type_)?)?;
                let found = fields.get(field)?.argument_by_name(argument)?;
                Some(Place(found.location()))
            }
            Self::DirectiveArgument(directive, argument) => {
                let definition = subgraph.schema.directive_definitions.get(directive)?;
                Some(Place(definition.argument_by_name(argument)?.location()))
            }
        }
    }
}

/// A type by its name in the supergraph.
pub(super) fn find_type<'s>(subgraph: &'s Subgraph, merged_name: &str) -> Option<&'s ExtendedType> {
    let operation = match merged_name {
        "Query" => OperationType::Query,
        "Mutation" => OperationType::Mutation,
        "Subscription" => OperationType::Subscription,
        _ => return subgraph.schema.types.get(merged_name),
    };
    subgraph.schema.types.get(subgraph.root_type(operation)?)
}

/// Labels an element in each subgraph that defines it.
pub(super) fn label_everywhere(
    mut diagnostic: Diagnostic,
    coordinate: Coordinate<'_>,
    subgraphs: &[Subgraph],
    text: &str,
) -> Diagnostic {
    for subgraph in subgraphs {
        if let Some(Place(location)) = coordinate.find_in(subgraph) {
            diagnostic = diagnostic.with_label(subgraph.label(location, text));
        }
    }
    diagnostic
}

/// All input values: arguments of fields and of directives, and input fields.
pub(super) fn for_each_input<'s>(
    schema: &'s Schema,
    visit: &mut dyn FnMut(Coordinate<'s>, &'s Node<InputValueDefinition>),
) {
    for (name, type_) in &schema.types {
        if let ExtendedType::InputObject(input) = type_ {
            for (field, definition) in &input.fields {
                visit(Coordinate::Member(name, field), &definition.node);
            }
        }
        for (field, definition) in fields_of(type_).into_iter().flatten() {
            for argument in &definition.arguments {
                visit(Coordinate::Argument(name, field, &argument.name), argument);
            }
        }
    }
    for (name, definition) in &schema.directive_definitions {
        for argument in &definition.arguments {
            visit(
                Coordinate::DirectiveArgument(name, &argument.name),
                argument,
            );
        }
    }
}
