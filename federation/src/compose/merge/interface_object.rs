//! Adds the fields of an `@interfaceObject` to every object that implements the interface.

use apollo_compiler::ast::{FieldDefinition, InputValueDefinition};
use apollo_compiler::collections::IndexMap;
use apollo_compiler::schema::{Component, ExtendedType};
use apollo_compiler::{Name, Node};

use super::directives::Site;
use super::joins::JoinField;
use super::merger::Merger;

impl Merger<'_> {
    /// Copies the fields that objects lack, with a `@join__field` that names no subgraph.
    pub(super) fn add_interface_object_fields(&mut self) {
        let mut missing: IndexMap<(Name, Name), Component<FieldDefinition>> = IndexMap::default();
        for (name, type_) in &self.schema.types {
            let ExtendedType::Object(object) = type_ else {
                continue;
            };
            for interface in &object.implements_interfaces {
                let Some(ExtendedType::Interface(definition)) =
                    self.schema.types.get(&interface.name)
                else {
                    continue;
                };
                for (field, definition) in &definition.fields {
                    let added = (name.clone(), field.clone());
                    if !object.fields.contains_key(field)
                        && !missing.contains_key(&added)
                        && self.is_provided_by_interface_object(&interface.name, field)
                    {
                        missing.insert(added, definition.clone());
                    }
                }
            }
        }
        for ((object, field), definition) in missing {
            self.add_interface_object_field(&object, &field, &definition);
        }
    }

    fn is_provided_by_interface_object(&self, interface: &Name, field: &Name) -> bool {
        self.sources.iter().any(|source| {
            source.is_interface_object(interface)
                && source.find_field(interface, field).is_some()
                && !source.is_external(interface, field)
        })
    }

    fn add_interface_object_field(
        &mut self,
        object: &Name,
        field: &Name,
        definition: &Node<FieldDefinition>,
    ) {
        let site = Site::Field(object.clone(), field.clone());
        let mut copy = FieldDefinition::clone(definition);
        copy.arguments = copy
            .arguments
            .iter()
            .map(|argument| Node::new(InputValueDefinition::clone(argument)))
            .collect();
        // The interface's access requirements are those of all its implementations; an object's are
        // only those of the `@interfaceObject`.
        let is_access_control = |name: &str| self.composed.is_access_control(name);
        copy.directives
            .0
            .retain(|directive| !is_access_control(&directive.name));
        let inherited = self.merge_directives(&site, &[]);
        copy.directives.0.extend(inherited);
        if let Some(ExtendedType::Object(type_)) = self.schema.types.get_mut(object) {
            type_
                .make_mut()
                .fields
                .insert(field.clone(), Component::new(copy));
        }
        let joins = vec![JoinField::default()];
        self.joins
            .fields
            .insert((object.clone(), field.clone()), joins);
        self.invalid_interface_object_sharing(object, field);
    }
}
