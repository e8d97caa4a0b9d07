//! The text of `@key(fields:)`, `@requires(fields:)` and `@provides(fields:)`: parsed to
//! selections, and each of its fields found in a schema.

use apollo_compiler::{
    Name, Node, Schema,
    ast::{self, Definition, OperationDefinition, Selection},
    parser::Parser,
    schema::{Component, ExtendedType, FieldDefinition},
};

use super::limits;

/// Reads a field set. The error is a clause that says what is wrong with the text.
pub fn parse(text: &str) -> Result<Vec<Selection>, String> {
    if limits::check(text).is_err() {
        return Err("it nests too deep".to_owned());
    }
    let source = match prefix(text) {
        0 => text.to_owned(),
        _ => format!("{{{text}}}"),
    };
    let document = Parser::new()
        .parse_ast(source, "field set")
        .map_err(|errors| {
            errors
                .errors
                .iter()
                .next()
                .map_or_else(String::new, |error| error.error.to_string())
        })?;
    match document.definitions.as_slice() {
        [Definition::OperationDefinition(operation)] if is_bare(operation) => {
            Ok(operation.selection_set.clone())
        }
        _ => Err("it must be a list of fields".to_owned()),
    }
}

/// How many bytes [`parse`] puts before a text.
pub(super) fn prefix(text: &str) -> usize {
    usize::from(!text.trim_start().starts_with('{'))
}

fn is_bare(operation: &Node<OperationDefinition>) -> bool {
    operation.name.is_none()
        && operation.operation_type == ast::OperationType::Query
        && operation.variables.is_empty()
        && operation.directives.is_empty()
}

/// A field with the type it is of.
pub type FieldOf<'a> = (&'a Name, &'a Component<FieldDefinition>);

/// Calls for each field that a field set selects on a type, parents before children. What the
/// subgraph does not have is passed over: it is reported elsewhere.
pub fn visit_fields<'a>(
    schema: &'a Schema,
    parent: &Name,
    selections: &[Selection],
    visit: &mut dyn FnMut(FieldOf<'a>),
) {
    for selection in selections {
        match selection {
            Selection::Field(field) => {
                let Some((parent, definition)) = find_field(schema, parent, &field.name) else {
                    continue;
                };
                visit((parent, definition));
                visit_fields(
                    schema,
                    definition.ty.inner_named_type(),
                    &field.selection_set,
                    visit,
                );
            }
            Selection::InlineFragment(fragment) => {
                let parent = fragment.type_condition.as_ref().unwrap_or(parent);
                visit_fields(schema, parent, &fragment.selection_set, visit);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

/// A field of an object or interface type, with the type's own name.
pub fn find_field<'a>(schema: &'a Schema, parent: &str, field: &str) -> Option<FieldOf<'a>> {
    match schema.types.get(parent)? {
        ExtendedType::Object(object) => Some((&object.name, object.fields.get(field)?)),
        ExtendedType::Interface(interface) => Some((&interface.name, interface.fields.get(field)?)),
        _ => None,
    }
}

/// Takes the text of `@fromContext` apart: the context's name and the selection on it.
pub fn split_context(text: &str) -> Option<(&str, &str)> {
    let rest = skip_ignored(text).strip_prefix('$')?;
    let rest = skip_ignored(rest);
    let end = rest
        .find(|character: char| !(character.is_ascii_alphanumeric() || character == '_'))
        .unwrap_or(rest.len());
    let (name, selection) = rest.split_at(end);
    Name::is_valid_syntax(name).then_some((name, selection))
}

fn skip_ignored(mut text: &str) -> &str {
    loop {
        text = text.trim_start_matches([' ', '\t', '\n', '\r', ',', '\u{feff}']);
        match text.strip_prefix('#') {
            Some(comment) => text = comment.trim_start_matches(|next| !matches!(next, '\n' | '\r')),
            None => return text,
        }
    }
}
