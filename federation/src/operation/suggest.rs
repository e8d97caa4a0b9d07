//! Suggests names for an unknown one. In: the message of a validation error. Out: "Did you mean"
//! with a name of the schema that is close; where none is, for enums and input objects, the names
//! there are.

use apollo_compiler::{
    Name, Schema,
    schema::{Component, ExtendedType, FieldDefinition},
};

use crate::suggest::did_you_mean;

/// How many names one unknown name is compared with.
const MOST_COMPARED: usize = 1_000;
/// How many names of a list are shown.
const MOST_LISTED: usize = 20;

/// The question to ask after a message of apollo-compiler, if it is about an unknown name and the
/// schema has one that is close.
pub(super) fn suggestion(schema: &Schema, message: &str) -> Option<String> {
    let mut parts = message.split('"');
    let kind = parts.next()?.trim_end();
    let unknown = parts.next()?;
    let place = parts.nth(1).unwrap_or_default();
    let close = match kind {
        "Cannot query field" => nearest(unknown, fields(schema, place)),
        "Unknown argument" => {
            let place = place.split('(').next()?;
            let (type_name, field) = place.split_once('.')?;
            let definition = schema.type_field(type_name, field).ok()?;
            let arguments = definition.arguments.iter();
            nearest(unknown, arguments.map(|argument| argument.name.as_str()))
        }
        "Unknown type" => {
            let names = schema.types.keys().map(Name::as_str);
            nearest(unknown, names.filter(|name| !name.starts_with("__")))
        }
        "Unknown directive" => {
            let name = unknown.trim_start_matches('@');
            let known = schema.directive_definitions.keys();
            let close = nearest(name, known.map(Name::as_str))?;
            return Some(ask(&format!("@{close}")));
        }
        "Value" => {
            let all = || Some(format!("It is one of {}.", listed(values(schema, place))?));
            return nearest(unknown, values(schema, place))
                .map(ask)
                .or_else(all);
        }
        "Field" if message.contains("\" is not defined by type \"") => {
            let all = || Some(format!("It has {}.", listed(input_fields(schema, place))?));
            return nearest(unknown, input_fields(schema, place))
                .map(ask)
                .or_else(all);
        }
        _ => None,
    };
    close.map(ask)
}

fn ask(close: &str) -> String {
    format!("Did you mean \"{close}\"?")
}

/// The first of some names as a list; `None` if there is none.
pub(super) fn listed<'s>(mut names: impl Iterator<Item = &'s str>) -> Option<String> {
    let first: Vec<&str> = names.by_ref().take(MOST_LISTED).collect();
    let more = if names.next().is_some() { ", …" } else { "" };
    (!first.is_empty()).then(|| format!("{}{more}", first.join(", ")))
}

/// The closest of some names, if one is close enough.
pub(super) fn nearest<'s>(unknown: &str, known: impl Iterator<Item = &'s str>) -> Option<&'s str> {
    did_you_mean(unknown, known.take(MOST_COMPARED))
}

fn fields<'s>(schema: &'s Schema, type_name: &str) -> impl Iterator<Item = &'s str> {
    let fields = match schema.types.get(type_name) {
        Some(ExtendedType::Object(object)) => Some(&object.fields),
        Some(ExtendedType::Interface(interface)) => Some(&interface.fields),
        _ => None,
    };
    let fields = fields.into_iter().flat_map(|fields| fields.values());
    fields.map(|field: &Component<FieldDefinition>| field.name.as_str())
}

fn values<'s>(schema: &'s Schema, type_name: &str) -> impl Iterator<Item = &'s str> {
    let declared = match schema.types.get(type_name) {
        Some(ExtendedType::Enum(declared)) => Some(declared),
        _ => None,
    };
    let values = declared
        .into_iter()
        .flat_map(|declared| declared.values.keys());
    values.map(Name::as_str)
}

fn input_fields<'s>(schema: &'s Schema, type_name: &str) -> impl Iterator<Item = &'s str> {
    let input = match schema.types.get(type_name) {
        Some(ExtendedType::InputObject(input)) => Some(input),
        _ => None,
    };
    let fields = input.into_iter().flat_map(|input| input.fields.keys());
    fields.map(Name::as_str)
}
