//! What follows from a subgraph's directives for its fields.

use apollo_compiler::{
    Name, Schema,
    ast::{FieldDefinition, Selection},
    schema::{DirectiveList, ExtendedType},
};
use indexmap::{IndexMap, IndexSet};

use super::{
    directives::{contexts, from_context, is_external, is_shareable, keys, provides, requires},
    field_set,
};

/// Fields by what their subgraph makes of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    shareable: Fields,
    provided: Fields,
    used: Fields,
    implementers: IndexMap<Name, Vec<Name>>,
}

/// Fields by type and name.
type Fields = IndexSet<(Name, Name)>;

impl Facts {
    pub(super) fn is_shareable(&self, type_name: &str, field: &str) -> bool {
        contains(&self.shareable, type_name, field)
    }

    pub(super) fn is_provided(&self, type_name: &str, field: &str) -> bool {
        contains(&self.provided, type_name, field)
    }

    pub(super) fn is_used(&self, type_name: &str, field: &str) -> bool {
        contains(&self.used, type_name, field)
    }

    pub(super) fn implementers(&self, interface: &str) -> &[Name] {
        let found = self.implementers.get(interface);
        found.map_or(&[], Vec::as_slice)
    }

    /// Works them out for a schema in canonical form.
    pub(super) fn of(schema: &Schema) -> Self {
        let mut facts = Self {
            implementers: implementers(schema),
            ..Self::default()
        };
        for ty in schema.types.values() {
            facts.add_keys(schema, ty.name(), ty.directives());
            for field in fields(ty) {
                facts.add_field(schema, ty.name(), field);
            }
        }
        facts.add_contexts(schema);
        facts.add_interface_fields(schema);
        facts
    }

    fn add_keys(&mut self, schema: &Schema, type_name: &Name, directives: &DirectiveList) {
        for key in keys(directives) {
            let fields = self.collect(schema, type_name, &parse(key.fields));
            self.shareable.extend(fields.iter().cloned());
            self.used.extend(fields);
        }
    }

    fn add_field(&mut self, schema: &Schema, type_name: &Name, field: &FieldDefinition) {
        if is_shareable(&field.directives) {
            self.shareable
                .insert((type_name.clone(), field.name.clone()));
        }
        if let Some(requires) = requires(&field.directives) {
            let fields = self.collect(schema, type_name, &parse(requires.fields));
            self.used.extend(fields);
        }
        if let Some(provides) = provides(&field.directives) {
            let below = field.ty.inner_named_type();
            let fields = self.collect(schema, below, &parse(provides.fields));
            self.shareable.extend(
                fields
                    .iter()
                    .filter(|(ty, field)| is_external_field(schema, ty, field))
                    .cloned(),
            );
            self.provided.extend(fields.iter().cloned());
            self.used.extend(fields);
        }
    }

    fn add_contexts(&mut self, schema: &Schema) {
        let texts: Vec<_> = schema
            .types
            .values()
            .flat_map(fields)
            .flat_map(|field| &field.arguments)
            .filter_map(|argument| field_set::split_context(from_context(&argument.directives)?))
            .collect();
        for ty in schema.types.values() {
            for context in contexts(ty.directives()) {
                for (_, selection) in texts.iter().filter(|(name, _)| *name == context) {
                    let fields = self.collect(schema, ty.name(), &parse(selection));
                    self.used.extend(fields);
                }
            }
        }
    }

    fn add_interface_fields(&mut self, schema: &Schema) {
        for (interface, implementers) in &self.implementers {
            let Some(interface) = schema.get_interface(interface) else {
                continue;
            };
            for field in interface.fields.keys() {
                for object in implementers {
                    self.used.insert((object.clone(), field.clone()));
                }
            }
        }
    }

    // Fields of interfaces stand for those of their implementers as well.
    fn collect(&self, schema: &Schema, parent: &Name, selections: &[Selection]) -> Fields {
        let mut found = Fields::new();
        field_set::visit_fields(schema, parent, selections, &mut |(parent, field)| {
            found.insert((parent.clone(), field.name.clone()));
            for object in self.implementers.get(parent).into_iter().flatten() {
                if field_set::find_field(schema, object, &field.name).is_some() {
                    found.insert((object.clone(), field.name.clone()));
                }
            }
        });
        found
    }
}

fn contains(fields: &Fields, type_name: &str, field: &str) -> bool {
    match (Name::new(type_name), Name::new(field)) {
        (Ok(type_name), Ok(field)) => fields.contains(&(type_name, field)),
        _ => false,
    }
}

fn parse(text: &str) -> Vec<Selection> {
    field_set::parse(text).unwrap_or_default()
}

fn is_external_field(schema: &Schema, type_name: &str, field: &str) -> bool {
    field_set::find_field(schema, type_name, field)
        .is_some_and(|(_, field)| is_external(&field.directives))
}

/// The fields of a type that can have some.
pub(super) fn fields(ty: &ExtendedType) -> impl Iterator<Item = &FieldDefinition> {
    let fields = match ty {
        ExtendedType::Object(object) => Some(&object.fields),
        ExtendedType::Interface(interface) => Some(&interface.fields),
        _ => None,
    };
    fields
        .into_iter()
        .flat_map(|fields| fields.values().map(|field| &***field))
}

fn implementers(schema: &Schema) -> IndexMap<Name, Vec<Name>> {
    let mut implementers: IndexMap<Name, Vec<Name>> = IndexMap::new();
    for ty in schema.types.values() {
        if let ExtendedType::Object(object) = ty {
            for interface in &object.implements_interfaces {
                implementers
                    .entry(interface.name.clone())
                    .or_default()
                    .push(object.name.clone());
            }
        }
    }
    implementers
}
