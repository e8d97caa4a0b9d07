//! What follows from a subgraph's directives for its fields.

use apollo_compiler::{
    Name, Schema,
    ast::{FieldDefinition, Selection},
    schema::ExtendedType,
};
use indexmap::{IndexMap, IndexSet};

use super::{
    directives::{contexts, from_context, is_external, is_shareable, keys, provides, requires},
    field_set,
};
use crate::budget::Budget;

/// The fields of a subgraph, by how its directives use them.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    shareable: Fields,
    provided: Fields,
    /// Used by a key, a context or an interface.
    used_by_types: Fields,
    /// Used by a `@requires` or a `@provides`.
    used_by_fields: Fields,
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
        self.is_used_by_types(type_name, field) || contains(&self.used_by_fields, type_name, field)
    }

    pub(super) fn is_used_by_types(&self, type_name: &str, field: &str) -> bool {
        contains(&self.used_by_types, type_name, field)
    }

    pub(super) fn implementers(&self, interface: &str) -> &[Name] {
        let found = self.implementers.get(interface);
        found.map_or(&[], Vec::as_slice)
    }

    /// Computes them for a schema in canonical form. Each field that is read in a field set is a
    /// step; past the budget they are incomplete.
    pub(super) fn of(schema: &Schema, budget: &Budget) -> Self {
        let mut facts = Self {
            implementers: implementers(schema),
            ..Self::default()
        };
        for ty in schema.types.values() {
            for key in keys(ty.directives()) {
                let fields = collect(schema, ty.name(), &parse(key.fields), budget);
                facts.shareable.extend(fields.iter().cloned());
                facts.used_by_types.extend(fields);
            }
            for field in fields(ty) {
                facts
                    .used_by_fields
                    .extend(required(schema, ty.name(), field, budget));
                facts.provided.extend(provided(schema, field, budget));
            }
        }
        facts.add_contexts(schema, budget);
        facts.spread(schema, budget);
        facts.used_by_fields.extend(facts.provided.iter().cloned());
        let is_external = |(ty, field): &&(Name, Name)| is_external_field(schema, ty, field);
        let provided = facts.provided.iter().filter(is_external);
        facts.shareable.extend(provided.cloned());
        for ty in schema.types.values() {
            let shareable = fields(ty).filter(|field| is_shareable(&field.directives));
            let shareable = shareable.map(|field| (ty.name().clone(), field.name.clone()));
            facts.shareable.extend(shareable);
        }
        facts
    }

    /// Each text is read once on each type that sets its context.
    fn add_contexts(&mut self, schema: &Schema, budget: &Budget) {
        let arguments = schema.types.values().flat_map(fields);
        let arguments = arguments.flat_map(|field| &field.arguments);
        let mut texts: IndexMap<&str, IndexMap<&str, Vec<Selection>>> = IndexMap::new();
        for (context, text) in arguments
            .filter_map(|argument| field_set::split_context(from_context(&argument.directives)?))
        {
            let selections = || parse(text);
            let of_context = texts.entry(context).or_default();
            of_context.entry(text).or_insert_with(selections);
        }
        for ty in schema.types.values() {
            for context in contexts(ty.directives()) {
                for selections in texts.get(context).into_iter().flat_map(IndexMap::values) {
                    if !budget.step(1) {
                        return;
                    }
                    let fields = collect(schema, ty.name(), selections, budget);
                    self.used_by_types.extend(fields);
                }
            }
        }
    }

    /// Fields of interfaces count for those of their implementations as well.
    fn spread(&mut self, schema: &Schema, budget: &Budget) {
        for (name, implementers) in &self.implementers {
            let Some(interface) = schema.get_interface(name) else {
                continue;
            };
            for field in interface.fields.keys() {
                if !budget.step(implementers.len()) {
                    return;
                }
                let of_interface = (name.clone(), field.clone());
                let is_shareable = self.shareable.contains(&of_interface);
                let is_provided = self.provided.contains(&of_interface);
                for object in implementers {
                    let of_object = (object.clone(), field.clone());
                    let is_there = field_set::find_field(schema, object, field).is_some();
                    if is_shareable && is_there {
                        self.shareable.insert(of_object.clone());
                    }
                    if is_provided && is_there {
                        self.provided.insert(of_object.clone());
                    }
                    self.used_by_types.insert(of_object);
                }
            }
        }
    }
}

/// Fields that a field needs for its `@requires` or `@provides`.
pub(super) fn needed_by(
    schema: &Schema,
    type_name: &Name,
    field: &FieldDefinition,
    budget: &Budget,
) -> Vec<(Name, Name)> {
    let mut fields = required(schema, type_name, field, budget);
    fields.extend(provided(schema, field, budget));
    fields
}

fn required(
    schema: &Schema,
    type_name: &Name,
    field: &FieldDefinition,
    budget: &Budget,
) -> Vec<(Name, Name)> {
    let required = requires(&field.directives);
    required.map_or_else(Vec::new, |requires| {
        collect(schema, type_name, &parse(requires.fields), budget)
    })
}

fn provided(schema: &Schema, field: &FieldDefinition, budget: &Budget) -> Vec<(Name, Name)> {
    let provided = provides(&field.directives);
    provided.map_or_else(Vec::new, |provides| {
        let below = field.ty.inner_named_type();
        collect(schema, below, &parse(provides.fields), budget)
    })
}

/// The fields of a field set, each a step. One field set takes no more than its text is long.
fn collect(
    schema: &Schema,
    parent: &Name,
    selections: &[Selection],
    budget: &Budget,
) -> Vec<(Name, Name)> {
    let mut found = Vec::new();
    field_set::visit_fields(schema, parent, selections, &mut |(parent, field)| {
        found.push((parent.clone(), field.name.clone()));
    });
    budget.step(found.len());
    found
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
