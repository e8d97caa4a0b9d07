//! Whether two default values mean the same.

use apollo_compiler::{
    Node, Schema,
    ast::{InputValueDefinition, Type, Value},
};

use super::coerced::coerced;

/// The value of an argument or an input field that is not given.
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
