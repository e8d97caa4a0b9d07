//! Whether two default values mean the same.

use apollo_compiler::{
    Node, Schema,
    ast::{InputValueDefinition, Type, Value},
    schema::ExtendedType,
};

/// What an argument or an input field is if nothing is given for it.
#[derive(Clone, Copy)]
pub(super) struct DefaultValue<'a> {
    schema: &'a Schema,
    ty: &'a Type,
    value: Option<&'a Node<Value>>,
}

impl<'a> DefaultValue<'a> {
    pub(super) fn of(schema: &'a Schema, definition: &'a InputValueDefinition) -> Self {
        Self {
            schema,
            ty: &definition.ty,
            value: definition.default_value.as_ref(),
        }
    }
}

/// Whether two defaults are the same value once each is coerced to its own type.
pub(super) fn is_same(old: DefaultValue<'_>, new: DefaultValue<'_>) -> bool {
    match (old.value, new.value) {
        (None, None) => true,
        (Some(old_value), Some(new_value)) => {
            coerced(old.schema, old.ty, old_value) == coerced(new.schema, new.ty, new_value)
        }
        _ => false,
    }
}

/// A value in one writing only: what GraphQL reads as the same is the same.
#[derive(Debug, PartialEq)]
enum Coerced {
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
fn coerced(schema: &Schema, ty: &Type, value: &Value) -> Coerced {
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

/// Says how a default changed.
pub(super) fn message(
    what: &str,
    coordinate: &str,
    old: &InputValueDefinition,
    new: &InputValueDefinition,
) -> String {
    match (&old.default_value, &new.default_value) {
        (Some(old), Some(new)) => format!(
            "The default of the {what} `{coordinate}` changed from `{}` to `{}`.",
            old.serialize().no_indent(),
            new.serialize().no_indent()
        ),
        (None, Some(new)) => format!(
            "The {what} `{coordinate}` got the default `{}`.",
            new.serialize().no_indent()
        ),
        (Some(old), None) => {
            let consequence = if new.is_required() {
                " and is now required"
            } else {
                ""
            };
            format!(
                "The {what} `{coordinate}` lost its default `{}`{consequence}.",
                old.serialize().no_indent()
            )
        }
        (None, None) => format!("The {what} `{coordinate}` has no default."),
    }
}
