//! The API schema, as generators of questions walk it.

use apollo_compiler::{Name, Schema, ast::FieldDefinition, schema::ExtendedType};

/// The fields of an object or an interface.
pub(crate) fn fields(schema: &Schema, name: &Name) -> Vec<FieldDefinition> {
    let fields = match schema.types.get(name) {
        Some(ExtendedType::Object(object)) => &object.fields,
        Some(ExtendedType::Interface(interface)) => &interface.fields,
        _ => return Vec::new(),
    };
    fields.values().map(|field| (***field).clone()).collect()
}

/// Whether a type has no fields.
pub(crate) fn is_leaf(schema: &Schema, name: &Name) -> bool {
    let found = schema.types.get(name);
    found.is_some_and(|found| found.is_scalar() || found.is_enum())
}

/// The objects that have an interface.
pub(crate) fn implementers(schema: &Schema, interface: &Name) -> Vec<Name> {
    let objects = schema.types.iter().filter(|(_, found)| {
        let object = found.as_object();
        object.is_some_and(|object| {
            let mut interfaces = object.implements_interfaces.iter();
            interfaces.any(|one| one.name == *interface)
        })
    });
    objects.map(|(object, _)| object.clone()).collect()
}
