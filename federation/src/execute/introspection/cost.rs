//! Counts how many values an introspection would answer, before it is answered. In: an operation
//! and the API schema. Out: whether it stays within the bound.
//!
//! Aliases and lists inside lists multiply: a document within every other bound could ask for the
//! schema a million times. The count is an upper bound: what `@skip`, `@include` and
//! `includeDeprecated` leave out counts too.

use std::ptr;

use apollo_compiler::{
    ExecutableDocument, Name, Node, Schema,
    ast::{DirectiveDefinition, FieldDefinition, InputValueDefinition},
    collections::HashMap,
    executable::{Selection, SelectionSet},
    schema::{ExtendedType, Implementers},
};

/// Values for each element of the schema: the introspection query of common tools asks for some
/// thirty.
const VALUES_FOR_EACH: u64 = 200;

/// The number of values that any schema may be asked for, however small it is.
const VALUES: u64 = 20_000;

/// The most values that an introspection of a schema may have.
fn most_values(schema: &Schema) -> u64 {
    let elements: usize = schema
        .types
        .values()
        .map(|definition| 1 + members(definition))
        .sum();
    VALUES.saturating_add(number(elements).saturating_mul(VALUES_FOR_EACH))
}

fn members(definition: &ExtendedType) -> usize {
    let with_arguments = |fields: &mut dyn Iterator<Item = &FieldDefinition>| -> usize {
        fields.map(|field| 1 + field.arguments.len()).sum()
    };
    match definition {
        ExtendedType::Object(object) => {
            with_arguments(&mut object.fields.values().map(|field| &***field))
        }
        ExtendedType::Interface(interface) => {
            with_arguments(&mut interface.fields.values().map(|field| &***field))
        }
        ExtendedType::Enum(definition) => definition.values.len(),
        ExtendedType::InputObject(input) => input.fields.len(),
        ExtendedType::Union(union) => union.members.len(),
        ExtendedType::Scalar(_) => 0,
    }
}

fn number(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// The element of the schema that a selection set of introspection is about.
#[derive(Clone, Copy)]
enum On<'s> {
    Schema,
    Type(&'s Name),
    Field(&'s FieldDefinition),
    InputValue(&'s InputValueDefinition),
    EnumValue,
    Directive(&'s DirectiveDefinition),
}

impl On<'_> {
    /// A number that identifies it within the schema.
    fn address(self, schema: &Schema) -> usize {
        match self {
            Self::Schema => 0,
            Self::EnumValue => 1,
            Self::Type(name) => 2 + schema.types.get_index_of(name).unwrap_or_default(),
            Self::Field(field) => ptr::from_ref(field).addr(),
            Self::InputValue(value) => ptr::from_ref(value).addr(),
            Self::Directive(directive) => ptr::from_ref(directive).addr(),
        }
    }
}

/// Counts values; each pair of a selection set and an element is counted once and remembered.
pub(crate) struct Counter<'s> {
    schema: &'s Schema,
    implementers: &'s HashMap<Name, Implementers>,
    document: &'s ExecutableDocument,
    most: u64,
    counted: HashMap<(usize, usize), u64>,
}

impl<'s> Counter<'s> {
    pub(crate) fn new(
        schema: &'s Schema,
        implementers: &'s HashMap<Name, Implementers>,
        document: &'s ExecutableDocument,
    ) -> Self {
        Self {
            schema,
            implementers,
            document,
            most: most_values(schema),
            counted: HashMap::default(),
        }
    }

    /// Whether the introspection fields of a root stay within the bound of this schema.
    pub(crate) fn allows(&mut self, root: &'s SelectionSet) -> bool {
        let values = self.root(root);
        self.is_within(values)
    }

    fn root(&mut self, set: &'s SelectionSet) -> u64 {
        let mut total = 0_u64;
        for selection in &set.selections {
            total = total.saturating_add(match selection {
                Selection::Field(field) => match field.name.as_str() {
                    "__schema" => self.set(&field.selection_set, On::Schema),
                    "__type" => self.largest(&field.selection_set),
                    _ => 0,
                },
                Selection::InlineFragment(fragment) => self.root(&fragment.selection_set),
                Selection::FragmentSpread(spread) => match spread.fragment_def(self.document) {
                    Some(fragment) => self.root(&fragment.selection_set),
                    None => 0,
                },
            });
            if !self.is_within(total) {
                return u64::MAX;
            }
        }
        total
    }

    /// The count for the type with the most values, where a variable names the type.
    fn largest(&mut self, set: &'s SelectionSet) -> u64 {
        let mut largest = 0;
        for name in self.schema.types.keys() {
            largest = largest.max(self.set(set, On::Type(name)));
            if !self.is_within(largest) {
                return u64::MAX;
            }
        }
        largest
    }

    /// Whether to go on. The number of pairs is bounded too, and with it the time this takes.
    fn is_within(&self, total: u64) -> bool {
        total <= self.most && number(self.counted.len()) <= self.most
    }

    fn set(&mut self, set: &'s SelectionSet, on: On<'s>) -> u64 {
        let key = (ptr::from_ref(set).addr(), on.address(self.schema));
        if let Some(&cost) = self.counted.get(&key) {
            return cost;
        }
        let mut total = 0_u64;
        for selection in &set.selections {
            total = total.saturating_add(match selection {
                Selection::Field(field) => {
                    1_u64.saturating_add(self.field(&field.name, &field.selection_set, on))
                }
                Selection::InlineFragment(fragment) => self.set(&fragment.selection_set, on),
                Selection::FragmentSpread(spread) => match spread.fragment_def(self.document) {
                    Some(fragment) => self.set(&fragment.selection_set, on),
                    None => 0,
                },
            });
            if !self.is_within(total) {
                return u64::MAX;
            }
        }
        self.counted.insert(key, total);
        total
    }

    fn field(&mut self, field: &str, set: &'s SelectionSet, on: On<'s>) -> u64 {
        let schema = self.schema;
        match (on, field) {
            (On::Schema, "types") => self.all(set, schema.types.keys().map(On::Type)),
            (On::Schema, "directives") => {
                let directives = schema.directive_definitions.values();
                self.all(set, directives.map(|directive| On::Directive(directive)))
            }
            (On::Schema, _) => {
                let mut roots = schema.schema_definition.iter_root_operations();
                self.all(set, roots.next().map(|(_, name)| On::Type(name)))
            }
            (On::Type(name), _) => match schema.types.get(name) {
                Some(definition) => self.of_type(field, definition, set, on),
                None => 0,
            },
            (On::Field(asked), "args") => self.values(set, &asked.arguments),
            (On::Field(asked), "type") => self.all(set, [On::Type(asked.ty.inner_named_type())]),
            (On::InputValue(value), "type") => {
                self.all(set, [On::Type(value.ty.inner_named_type())])
            }
            (On::Directive(directive), "args") => self.values(set, &directive.arguments),
            _ => 0,
        }
    }

    fn of_type(
        &mut self,
        field: &str,
        definition: &'s ExtendedType,
        set: &'s SelectionSet,
        on: On<'s>,
    ) -> u64 {
        match (field, definition) {
            ("ofType", _) => self.all(set, [on]),
            ("fields", ExtendedType::Object(object)) => {
                self.all(set, object.fields.values().map(|field| On::Field(field)))
            }
            ("fields", ExtendedType::Interface(interface)) => {
                self.all(set, interface.fields.values().map(|field| On::Field(field)))
            }
            ("interfaces", ExtendedType::Object(object)) => {
                let interfaces = object.implements_interfaces.iter();
                self.all(set, interfaces.map(|name| On::Type(name)))
            }
            ("interfaces", ExtendedType::Interface(interface)) => {
                let interfaces = interface.implements_interfaces.iter();
                self.all(set, interfaces.map(|name| On::Type(name)))
            }
            ("possibleTypes", ExtendedType::Union(union)) => {
                self.all(set, union.members.iter().map(|name| On::Type(name)))
            }
            ("possibleTypes", ExtendedType::Interface(interface)) => {
                let objects = self.implementers.get(&interface.name);
                let objects = objects.into_iter().flat_map(|found| &found.objects);
                self.all(set, objects.map(On::Type))
            }
            ("enumValues", ExtendedType::Enum(definition)) => {
                self.all(set, definition.values.iter().map(|_| On::EnumValue))
            }
            ("inputFields", ExtendedType::InputObject(input)) => self.all(
                set,
                input.fields.values().map(|value| On::InputValue(value)),
            ),
            _ => 0,
        }
    }

    fn values(&mut self, set: &'s SelectionSet, values: &'s [Node<InputValueDefinition>]) -> u64 {
        self.all(set, values.iter().map(|value| On::InputValue(value)))
    }

    fn all(&mut self, set: &'s SelectionSet, items: impl IntoIterator<Item = On<'s>>) -> u64 {
        let mut total = 0_u64;
        for item in items {
            total = total.saturating_add(1).saturating_add(self.set(set, item));
            if !self.is_within(total) {
                return u64::MAX;
            }
        }
        total
    }
}
