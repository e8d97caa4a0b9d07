//! Lists which parts of the schema an operation uses. In: an operation of a valid document. Out:
//! schema coordinates. Invariant: values of variables are not read, so all that a variable's type
//! may hold counts as used.

use std::collections::BTreeSet;

use apollo_compiler::{
    Node, Schema,
    ast::{Argument, InputValueDefinition, Type, Value},
    executable::{DirectiveList, ExecutableDocument, Operation, Selection, SelectionSet},
    schema::ExtendedType,
};

/// The [schema coordinates](https://spec.graphql.org/draft/#sec-Schema-Coordinates) one operation
/// uses: types, fields, arguments, input fields, enum values, directives. Built-in types and fields
/// are left out.
pub fn coordinates_used(
    api_schema: &Schema,
    document: &ExecutableDocument,
    operation: &Operation,
) -> BTreeSet<String> {
    let mut usage = Usage {
        api_schema,
        used: BTreeSet::new(),
        whole: BTreeSet::new(),
        known: BTreeSet::new(),
        waiting: Vec::new(),
    };
    for variable in &operation.variables {
        usage.whole_input(variable.ty.inner_named_type());
        usage.directives(&variable.directives);
    }
    usage.directives(&operation.directives);
    usage.selection_set(&operation.selection_set);
    while let Some(name) = usage.waiting.pop() {
        if let Some(fragment) = document.fragments.get(name.as_str()) {
            usage.directives(&fragment.directives);
            usage.selection_set(&fragment.selection_set);
        }
    }
    usage.used
}

struct Usage<'a> {
    api_schema: &'a Schema,
    used: BTreeSet<String>,
    /// Input types that count as used with all their fields.
    whole: BTreeSet<String>,
    /// Fragments seen.
    known: BTreeSet<String>,
    /// Fragments seen but not yet read.
    waiting: Vec<String>,
}

impl Usage<'_> {
    fn add(&mut self, coordinate: impl Into<String>) {
        self.used.insert(coordinate.into());
    }

    fn ty(&mut self, name: &str) {
        if self.is_own(name) {
            self.add(name);
        }
    }

    /// Whether a type is defined by the schema: built-in scalars and introspection never change.
    fn is_own(&self, name: &str) -> bool {
        let ty = self.api_schema.types.get(name);
        ty.is_some_and(|ty| !ty.is_built_in())
    }

    fn selection_set(&mut self, selections: &SelectionSet) {
        self.ty(&selections.ty);
        if !self.is_own(&selections.ty) {
            return;
        }
        for selection in &selections.selections {
            match selection {
                Selection::Field(field) => {
                    self.directives(&field.directives);
                    if field.name.starts_with("__") {
                        continue;
                    }
                    let coordinate = format!("{}.{}", selections.ty, field.name);
                    self.arguments(&coordinate, &field.arguments, &field.definition.arguments);
                    self.add(coordinate);
                    self.ty(field.definition.ty.inner_named_type());
                    if !field.selection_set.selections.is_empty() {
                        self.selection_set(&field.selection_set);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(&spread.directives);
                    if self.known.insert(spread.fragment_name.to_string()) {
                        self.waiting.push(spread.fragment_name.to_string());
                    }
                }
                Selection::InlineFragment(inline) => {
                    self.directives(&inline.directives);
                    self.selection_set(&inline.selection_set);
                }
            }
        }
    }

    fn directives(&mut self, directives: &DirectiveList) {
        let own = |name: &str| !matches!(name, "skip" | "include");
        for directive in directives.iter().filter(|each| own(&each.name)) {
            let coordinate = format!("@{}", directive.name);
            let definition = self.api_schema.directive_definitions.get(&directive.name);
            let declared = definition.map_or(&[][..], |definition| &definition.arguments);
            self.arguments(&coordinate, &directive.arguments, declared);
            self.add(coordinate);
        }
    }

    fn arguments(
        &mut self,
        coordinate: &str,
        arguments: &[Node<Argument>],
        declared: &[Node<InputValueDefinition>],
    ) {
        for argument in arguments {
            self.add(format!("{coordinate}({}:)", argument.name));
            let definition = declared.iter().find(|each| each.name == argument.name);
            if let Some(definition) = definition {
                self.value(&definition.ty, &argument.value);
            }
        }
    }

    /// A value in the document. The parser bounds how deep it is.
    fn value(&mut self, ty: &Type, value: &Value) {
        let name = ty.inner_named_type();
        self.ty(name);
        match value {
            Value::List(items) => {
                for item in items {
                    self.value(ty, item);
                }
            }
            Value::Enum(value) if self.api_schema.get_enum(name).is_some() => {
                self.add(format!("{name}.{value}"));
            }
            Value::Object(fields) => {
                let Some(input) = self.api_schema.get_input_object(name) else {
                    return;
                };
                for (field, value) in fields {
                    if let Some(definition) = input.fields.get(field) {
                        self.add(format!("{name}.{field}"));
                        self.value(&definition.ty, value);
                    }
                }
            }
            _ => {}
        }
    }

    /// Adds an input type with all its fields.
    fn whole_input(&mut self, name: &str) {
        let mut waiting = vec![name.to_owned()];
        while let Some(name) = waiting.pop() {
            if !self.whole.insert(name.clone()) {
                continue;
            }
            self.ty(&name);
            match self.api_schema.types.get(name.as_str()) {
                Some(ExtendedType::Enum(declared)) => {
                    for value in declared.values.keys() {
                        self.add(format!("{name}.{value}"));
                    }
                }
                Some(ExtendedType::InputObject(input)) => {
                    for (field, definition) in &input.fields {
                        self.add(format!("{name}.{field}"));
                        waiting.push(definition.ty.inner_named_type().to_string());
                    }
                }
                _ => {}
            }
        }
    }
}
