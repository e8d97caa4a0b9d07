//! Adds `@shareable` to what Federation 1 let several subgraphs resolve without it.

use apollo_compiler::{
    Name, Node, Schema,
    ast::{Directive, FieldDefinition, OperationType},
    schema::ExtendedType,
};

use super::{fields::fields_mut, originals::Originals};
use crate::subgraph::directives::{Applied, is_external, is_shareable};

impl Originals<'_> {
    /// Marks value types that other subgraphs have too, and fields of entities and root types that
    /// others resolve as well.
    pub(super) fn add_shareable(&self, schema: &mut Schema) {
        let Ok(shareable) = Name::new("shareable") else {
            return;
        };
        let shared = self.shared(schema);
        for (ty, field) in shared {
            let field = schema
                .types
                .get_mut(&ty)
                .and_then(fields_mut)
                .and_then(|fields| fields.get_mut(&field));
            if let Some(field) = field {
                let directive = Directive {
                    name: shareable.clone(),
                    arguments: Vec::new(),
                };
                field.make_mut().directives.0.push(Node::new(directive));
            }
        }
    }

    fn shared(&self, schema: &Schema) -> Vec<(Name, Name)> {
        let mut shared = Vec::new();
        for ty in schema.types.values() {
            let ExtendedType::Object(object) = ty else {
                continue;
            };
            let root = self.own.find_root_operation(&object.name);
            if root == Some(OperationType::Subscription) {
                continue;
            }
            let is_value = root.is_none() && !object.directives.is_applied("key");
            for field in object.fields.values() {
                let is_shared = if is_value {
                    // An extension of a type that the subgraph defines itself is part of its
                    // definition.
                    field.origin.extension_id().is_none()
                        && self.elsewhere(&object.name).next().is_some()
                } else {
                    !self.own.is_shareable(&object.name, &field.name)
                        && self.is_resolved_elsewhere(&object.name, field)
                };
                if is_shared && !is_shareable(&field.directives) {
                    shared.push((object.name.clone(), field.name.clone()));
                }
            }
        }
        shared
    }

    fn is_resolved_elsewhere(&self, ty: &str, field: &FieldDefinition) -> bool {
        self.fields_elsewhere(ty, &field.name)
            .any(|(other, ty, found)| {
                !is_external(&found.directives) || other.is_provided(ty.name(), &found.name)
            })
    }
}
