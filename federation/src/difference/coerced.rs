//! A value as GraphQL reads it, so that two ways to write the same are equal.

use apollo_compiler::{
    Schema,
    ast::{Type, Value},
    schema::ExtendedType,
};

/// A value in a normal form: values that GraphQL reads as the same are equal.
#[derive(Debug, PartialEq)]
pub(super) enum Coerced {
    Null,
    Boolean(bool),
    Number(String),
    String(String),
    Enum(String),
    List(Vec<Self>),
    /// By name, in order of name.
    Object(Vec<(String, Self)>),
}

/// [Input coercion](https://spec.graphql.org/draft/#sec-Input-Values), as far as it lets one value
/// be written in several ways. The parser bounds how deep a value is.
pub(super) fn coerced(schema: &Schema, ty: &Type, value: &Value) -> Coerced {
    if matches!(value, Value::Null) {
        return Coerced::Null;
    }
    if let Type::List(item) | Type::NonNullList(item) = ty {
        return match value {
            Value::List(items) => Coerced::List(
                items
                    .iter()
                    .map(|each| coerced(schema, item, each))
                    .collect(),
            ),
            single => Coerced::List(vec![coerced(schema, item, single)]),
        };
    }
    let name = ty.inner_named_type().as_str();
    match value {
        Value::Null | Value::Variable(_) => Coerced::Null,
        Value::Boolean(boolean) => Coerced::Boolean(*boolean),
        Value::String(text) => Coerced::String(text.clone()),
        Value::Enum(name) => Coerced::Enum(name.to_string()),
        Value::Int(number) if name == "ID" => Coerced::String(number.as_str().to_owned()),
        Value::Int(number) if name == "Float" => {
            Coerced::Number(as_float(number.try_to_f64().ok(), number.as_str()))
        }
        Value::Int(number) => Coerced::Number(number.as_str().to_owned()),
        Value::Float(number) => {
            Coerced::Number(as_float(number.try_to_f64().ok(), number.as_str()))
        }
        Value::List(items) => {
            Coerced::List(items.iter().map(|each| coerced(schema, ty, each)).collect())
        }
        Value::Object(fields) => {
            let declared = match schema.types.get(name) {
                Some(ExtendedType::InputObject(input)) => Some(input),
                _ => None,
            };
            let mut fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| {
                    let field = declared.and_then(|input| input.fields.get(name));
                    let value = field.map_or_else(
                        || coerced(schema, ty, value),
                        |field| coerced(schema, &field.ty, value),
                    );
                    (name.to_string(), value)
                })
                .collect();
            fields.sort_by(|a, b| a.0.cmp(&b.0));
            Coerced::Object(fields)
        }
    }
}

fn as_float(number: Option<f64>, text: &str) -> String {
    number.map_or_else(|| text.to_owned(), |number| number.to_string())
}
