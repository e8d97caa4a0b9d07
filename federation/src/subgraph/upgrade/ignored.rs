//! Removes what Federation 1 accepted and ignored.

use apollo_compiler::{Name, Schema, schema::ExtendedType};
use indexmap::IndexSet;

use super::fields::fields_mut;

/// `@external` on whole types and on fields of interfaces.
pub(super) fn drop_external_on_types(schema: &mut Schema) {
    for ty in schema.types.values_mut() {
        match ty {
            ExtendedType::Object(object) => {
                object
                    .make_mut()
                    .directives
                    .0
                    .retain(|directive| directive.name != "external");
            }
            ExtendedType::Interface(interface) => {
                for field in interface.make_mut().fields.values_mut() {
                    field
                        .make_mut()
                        .directives
                        .0
                        .retain(|directive| directive.name != "external");
                }
            }
            _ => {}
        }
    }
}

/// Keys of interfaces, and field sets on their fields.
pub(super) fn drop_on_interfaces(schema: &mut Schema) {
    for ty in schema.types.values_mut() {
        if let ExtendedType::Interface(interface) = ty {
            let interface = interface.make_mut();
            interface
                .directives
                .0
                .retain(|directive| directive.name != "key");
            for field in interface.fields.values_mut() {
                let directives = &mut field.make_mut().directives.0;
                directives.retain(|directive| {
                    directive.name != "requires" && directive.name != "provides"
                });
            }
        }
    }
}

/// `@provides` on what has no fields.
pub(super) fn drop_provides_on_leaves(schema: &mut Schema) {
    let leaves: IndexSet<Name> = schema
        .types
        .values()
        .filter(|ty| ty.is_leaf())
        .map(|ty| ty.name().clone())
        .collect();
    for ty in schema.types.values_mut().filter(|ty| ty.is_object()) {
        for field in fields_mut(ty)
            .into_iter()
            .flat_map(|fields| fields.values_mut())
        {
            if leaves.contains(field.ty.inner_named_type()) {
                field
                    .make_mut()
                    .directives
                    .0
                    .retain(|directive| directive.name != "provides");
            }
        }
    }
}
