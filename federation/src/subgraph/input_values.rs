//! Checks arguments and input fields: default values must fit their types, and a required one must
//! not be deprecated. The library checks neither.

use apollo_compiler::{
    Name, Node,
    ast::{InputValueDefinition, Type, Value},
    schema::{ExtendedType, Schema},
};
use indexmap::{IndexMap, IndexSet};

use super::report::Reporter;
use crate::diagnostic::{Code, Diagnostic};

/// Checks all arguments and input fields.
pub(super) fn check(schema: &Schema, report: &mut Reporter<'_>) {
    let values = Values::of(schema);
    visit(schema, &mut |coordinate, definition| {
        check_default(&values, coordinate, definition, report);
        if let Some(reason) = deprecated_though_required(coordinate, definition) {
            let location = definition.directives.get("deprecated");
            report.push(
                Diagnostic::new(Code::InvalidGraphql, format!("{reason}."))
                    .with_help("Remove `@deprecated`, or make it optional first."),
                location.and_then(Node::location),
                "deprecated here",
            );
        }
    });
}

/// Visits all arguments and input fields, each with its coordinate.
pub(crate) fn visit(schema: &Schema, visit: &mut dyn FnMut(&str, &Node<InputValueDefinition>)) {
    for ty in schema.types.values().filter(|ty| !ty.is_built_in()) {
        match ty {
            ExtendedType::InputObject(input) => {
                for field in input.fields.values() {
                    visit(&format!("{}.{}", input.name, field.name), field);
                }
            }
            _ => {
                for field in super::facts::fields(ty) {
                    for argument in &field.arguments {
                        let coordinate =
                            format!("{}.{}({}:)", ty.name(), field.name, argument.name);
                        visit(&coordinate, argument);
                    }
                }
            }
        }
    }
    for definition in schema
        .directive_definitions
        .values()
        .filter(|it| !it.is_built_in())
    {
        for argument in &definition.arguments {
            visit(
                &format!("@{}({}:)", definition.name, argument.name),
                argument,
            );
        }
    }
}

/// What is wrong with deprecating what has to be given.
/// <https://spec.graphql.org/September2025/#sec--deprecated>
pub(crate) fn deprecated_though_required(
    coordinate: &str,
    definition: &InputValueDefinition,
) -> Option<String> {
    let is_wrong = definition.is_required() && definition.directives.has("deprecated");
    is_wrong.then(|| format!("`{coordinate}` is required, so it cannot be deprecated"))
}

fn check_default(
    values: &Values<'_>,
    coordinate: &str,
    definition: &Node<InputValueDefinition>,
    report: &mut Reporter<'_>,
) {
    let Some(value) = &definition.default_value else {
        return;
    };
    if let Err(reason) = values.fit(value, &definition.ty) {
        report.push(
            Diagnostic::new(
                Code::InvalidGraphql,
                format!("The default value of `{coordinate}` does not fit its type: {reason}."),
            ),
            value.location().or(definition.location()),
            "default value",
        );
    }
}

/// Compares values with types.
struct Values<'a> {
    schema: &'a Schema,
    /// The fields that have to be given, by input type.
    required: IndexMap<&'a Name, Vec<&'a Name>>,
}

impl<'a> Values<'a> {
    fn of(schema: &'a Schema) -> Self {
        let inputs = schema.types.values().filter_map(|ty| match ty {
            ExtendedType::InputObject(input) => Some(input),
            _ => None,
        });
        let required = inputs.map(|input| {
            let required = input.fields.values().filter(|field| field.is_required());
            (&input.name, required.map(|field| &field.name).collect())
        });
        Self {
            schema,
            required: required.collect(),
        }
    }

    // https://spec.graphql.org/draft/#sec-Values-of-Correct-Type
    fn fit(&self, value: &Node<Value>, ty: &Type) -> Result<(), String> {
        if value.is_null() {
            return if ty.is_non_null() {
                Err(format!("`{ty}` cannot be null"))
            } else {
                Ok(())
            };
        }
        let name = match ty {
            Type::List(item) | Type::NonNullList(item) => {
                let items = value.as_list().unwrap_or(std::slice::from_ref(value));
                return items
                    .iter()
                    .try_for_each(|item_value| self.fit(item_value, item));
            }
            Type::Named(name) | Type::NonNullNamed(name) => name,
        };
        let is_fit = match (name.as_str(), self.schema.types.get(name)) {
            ("Int", _) => value.to_i32().is_some(),
            ("Float", _) => value.to_f64().is_some(),
            ("String", _) => matches!(&**value, Value::String(_)),
            ("Boolean", _) => matches!(&**value, Value::Boolean(_)),
            ("ID", _) => matches!(&**value, Value::String(_) | Value::Int(_)),
            (_, Some(ExtendedType::Enum(enum_))) => value
                .as_enum()
                .is_some_and(|value| enum_.values.contains_key(value)),
            (_, Some(ExtendedType::InputObject(input))) => {
                let Some(fields) = value.as_object() else {
                    return Err(misfit(value, ty));
                };
                for (field, value) in fields {
                    let Some(definition) = input.fields.get(field) else {
                        return Err(format!("`{name}` has no field `{field}`"));
                    };
                    self.fit(value, &definition.ty)?;
                }
                return self.find_missing(name, fields).map_or(Ok(()), |missing| {
                    Err(format!("it lacks `{name}.{missing}`"))
                });
            }
            _ => true,
        };
        if is_fit {
            Ok(())
        } else {
            Err(misfit(value, ty))
        }
    }

    fn find_missing(&self, input: &Name, given: &[(Name, Node<Value>)]) -> Option<&'a Name> {
        let required = self.required.get(input)?;
        let given: IndexSet<&Name> = given.iter().map(|(name, _)| name).collect();
        required.iter().copied().find(|name| !given.contains(name))
    }
}

fn misfit(value: &Node<Value>, ty: &Type) -> String {
    let name = ty.inner_named_type();
    let written = value.serialize().no_indent();
    match (name.as_str(), &**value) {
        ("Int", Value::Int(_)) | ("Float", Value::Int(_) | Value::Float(_)) => {
            format!("`{written}` is beyond what a `{name}` can hold")
        }
        _ => format!("`{written}` is not a `{name}`"),
    }
}
