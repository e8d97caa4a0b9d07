//! Removes the fields that every subgraph has for the gateway (`_service`, `_entities`) and their
//! types, before anything else reads the document.

use apollo_compiler::{
    Name, Node,
    ast::{Definition, Document, FieldDefinition, OperationType},
};

const FIELDS: [&str; 2] = ["_service", "_entities"];
const TYPES: [&str; 3] = ["_Any", "_Entity", "_Service"];

/// Drops the root fields of federation and their types.
pub(super) fn drop_operations(document: &mut Document) {
    let query = query_type(document);
    document.definitions.retain(|definition| {
        !definition
            .name()
            .is_some_and(|name| TYPES.contains(&name.as_str()))
            || matches!(definition, Definition::DirectiveDefinition(_))
    });
    for definition in &mut document.definitions {
        match definition {
            Definition::ObjectTypeDefinition(object) if object.name == query => {
                drop_fields(&mut object.make_mut().fields);
            }
            Definition::ObjectTypeExtension(object) if object.name == query => {
                drop_fields(&mut object.make_mut().fields);
            }
            _ => {}
        }
    }
}

fn drop_fields(fields: &mut Vec<Node<FieldDefinition>>) {
    fields.retain(|field| !FIELDS.contains(&field.name.as_str()));
}

/// The name of the query type: by the schema definition, or the default.
pub(super) fn query_type(document: &Document) -> Name {
    let roots = document
        .definitions
        .iter()
        .flat_map(|definition| match definition {
            Definition::SchemaDefinition(schema) => schema.root_operations.as_slice(),
            Definition::SchemaExtension(schema) => schema.root_operations.as_slice(),
            _ => &[],
        });
    roots
        .filter(|root| root.0 == OperationType::Query)
        .map(|root| root.1.clone())
        .next()
        .unwrap_or_else(|| OperationType::Query.default_type_name())
}
