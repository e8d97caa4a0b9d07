//! Prints SDL with each directive of a type on a separate line, so that differences between
//! versions are readable.

use apollo_compiler::ast::{Definition, DirectiveList, SchemaDefinition};
use apollo_compiler::schema::{Component, ExtendedType};
use apollo_compiler::{Node, Schema, ast, schema};

/// Prints a schema whose parts are all definitions.
pub(super) fn print(schema: &Schema) -> String {
    let mut printed = schema_definition(schema);
    for definition in schema.directive_definitions.values() {
        if !definition.is_built_in() {
            printed.push('\n');
            printed.push_str(&definition.serialize().to_string());
        }
    }
    for type_ in schema.types.values() {
        if !type_.is_built_in() {
            printed.push('\n');
            printed.push_str(&type_definition(type_));
        }
    }
    printed
}

fn schema_definition(schema: &Schema) -> String {
    let roots = schema.schema_definition.iter_root_operations();
    let mut definition = SchemaDefinition {
        description: schema.schema_definition.description.clone(),
        directives: DirectiveList::new(),
        root_operations: roots
            .map(|(operation, name)| Node::new((operation, name.name.clone())))
            .collect(),
    };
    let described = definition.serialize().to_string();
    definition.description = None;
    let bare = definition.serialize().to_string();
    with_directives(&described, &bare, &schema.schema_definition.directives)
}

fn type_definition(type_: &ExtendedType) -> String {
    let described = bare_definition(type_, true).serialize().to_string();
    let bare = bare_definition(type_, false).serialize().to_string();
    with_directives(&described, &bare, type_.directives())
}

/// Puts directives between the name of a definition and its body.
fn with_directives(described: &str, bare: &str, directives: &schema::DirectiveList) -> String {
    let mut printed = described.strip_suffix(bare).unwrap_or_default().to_owned();
    if directives.is_empty() {
        printed.push_str(bare);
        return printed;
    }
    // Neither mark can be part of a name.
    let end = bare.find(['{', '=']).unwrap_or(bare.len());
    let (header, body) = bare.split_at(end);
    printed.push_str(header.trim_end());
    for directive in &directives.0 {
        printed.push_str("\n  ");
        printed.push_str(&directive.serialize().no_indent().to_string());
    }
    printed.push('\n');
    if body.starts_with('=') {
        printed.push_str("  ");
    }
    printed.push_str(body);
    printed
}

fn bare_definition(type_: &ExtendedType, is_described: bool) -> Definition {
    let description = type_.description().filter(|_| is_described).cloned();
    let name = type_.name().clone();
    let directives = DirectiveList::new();
    match type_ {
        ExtendedType::Scalar(_) => Definition::from(ast::ScalarTypeDefinition {
            description,
            name,
            directives,
        }),
        ExtendedType::Object(object) => Definition::from(ast::ObjectTypeDefinition {
            description,
            name,
            implements_interfaces: names(&object.implements_interfaces),
            directives,
            fields: nodes(object.fields.values()),
        }),
        ExtendedType::Interface(interface) => Definition::from(ast::InterfaceTypeDefinition {
            description,
            name,
            implements_interfaces: names(&interface.implements_interfaces),
            directives,
            fields: nodes(interface.fields.values()),
        }),
        ExtendedType::Union(union_) => Definition::from(ast::UnionTypeDefinition {
            description,
            name,
            directives,
            members: names(&union_.members),
        }),
        ExtendedType::Enum(enum_) => Definition::from(ast::EnumTypeDefinition {
            description,
            name,
            directives,
            values: nodes(enum_.values.values()),
        }),
        ExtendedType::InputObject(input) => Definition::from(ast::InputObjectTypeDefinition {
            description,
            name,
            directives,
            fields: nodes(input.fields.values()),
        }),
    }
}

fn names(
    names: &apollo_compiler::collections::IndexSet<schema::ComponentName>,
) -> Vec<apollo_compiler::Name> {
    names.iter().map(|one| one.name.clone()).collect()
}

fn nodes<'a, T: 'a>(components: impl Iterator<Item = &'a Component<T>>) -> Vec<Node<T>> {
    components.map(|component| component.node.clone()).collect()
}
