//! Parses the text of a field set, and of `@fromContext`, into selections.

use apollo_compiler::{
    Name, Node,
    ast::{self, Definition, OperationDefinition, Selection},
    parser::Parser,
};

use crate::subgraph::limits;

/// Reads a field set. The error is a clause that says what is wrong with the text.
pub fn parse(text: &str) -> Result<Vec<Selection>, String> {
    if limits::check(text).is_err() {
        return Err("it nests too deep".to_owned());
    }
    let source = match prefix(text) {
        0 => text.to_owned(),
        // A comment may stand at the end.
        _ => format!("{{{text}\n}}"),
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
pub(in crate::subgraph) fn prefix(text: &str) -> usize {
    usize::from(!text.trim_start().starts_with('{'))
}

fn is_bare(operation: &Node<OperationDefinition>) -> bool {
    operation.name.is_none()
        && operation.operation_type == ast::OperationType::Query
        && operation.variables.is_empty()
        && operation.directives.is_empty()
}

/// Splits the text of `@fromContext`: the context's name and the selection on it.
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
