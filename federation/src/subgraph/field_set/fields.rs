//! The fields that a field set selects, found in a schema.

use apollo_compiler::{
    Name, Schema,
    ast::Selection,
    schema::{Component, ExtendedType, FieldDefinition},
};

/// A field with the type it is of.
pub type FieldOf<'a> = (&'a Name, &'a Component<FieldDefinition>);

/// Calls for each field that a field set selects on a type, parents before children. What the
/// subgraph does not have is passed over: it is reported elsewhere.
pub fn visit_fields<'a>(
    schema: &'a Schema,
    parent: &Name,
    selections: &[Selection],
    visit: &mut dyn FnMut(FieldOf<'a>),
) {
    for selection in selections {
        match selection {
            Selection::Field(field) => {
                let Some((parent, definition)) = find_field(schema, parent, &field.name) else {
                    continue;
                };
                visit((parent, definition));
                visit_fields(
                    schema,
                    definition.ty.inner_named_type(),
                    &field.selection_set,
                    visit,
                );
            }
            Selection::InlineFragment(fragment) => {
                let parent = fragment.type_condition.as_ref().unwrap_or(parent);
                visit_fields(schema, parent, &fragment.selection_set, visit);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

/// A field of an object or interface type, with the type's own name.
pub fn find_field<'a>(schema: &'a Schema, parent: &str, field: &str) -> Option<FieldOf<'a>> {
    match schema.types.get(parent)? {
        ExtendedType::Object(object) => Some((&object.name, object.fields.get(field)?)),
        ExtendedType::Interface(interface) => Some((&interface.name, interface.fields.get(field)?)),
        _ => None,
    }
}
