//! The fields of an object type or an interface, to be changed in place.

use apollo_compiler::{
    Name,
    ast::FieldDefinition,
    collections::IndexMap,
    schema::{Component, ExtendedType},
};

type FieldMap = IndexMap<Name, Component<FieldDefinition>>;

/// The fields of a type that can have some.
pub(super) fn fields_mut(ty: &mut ExtendedType) -> Option<&mut FieldMap> {
    match ty {
        ExtendedType::Object(object) => Some(&mut object.make_mut().fields),
        ExtendedType::Interface(interface) => Some(&mut interface.make_mut().fields),
        _ => None,
    }
}
