//! The signature of an operation: one text for all documents that ask for the same with other
//! values. In: an operation of a document. Out: its text, for people and for counting, not for
//! execution. Invariant: it has no value of the client.
//!
//! Literals become a placeholder of their kind; aliases are removed; selections, arguments,
//! directives and variables are sorted, and duplicates removed.

use std::{collections::BTreeSet, fmt::Write};

use apollo_compiler::{
    Node,
    ast::{Argument, Value},
    executable::{
        DirectiveList, ExecutableDocument, Operation, Selection, SelectionSet, VariableDefinition,
    },
};

/// The signature of one operation of a document, with the fragments it reaches.
pub fn signature(document: &ExecutableDocument, operation: &Operation) -> String {
    let mut fragments = Fragments::default();
    let mut text = operation.operation_type.to_string();
    if let Some(name) = &operation.name {
        text.push(' ');
        text.push_str(name);
    }
    variables(&mut text, &operation.variables);
    text.push_str(&directives(&operation.directives));
    text.push_str(&selection_set(&operation.selection_set, &mut fragments));
    let mut printed = BTreeSet::new();
    while let Some(name) = fragments.waiting.pop() {
        if let Some(fragment) = document.fragments.get(name.as_str()) {
            let selections = selection_set(&fragment.selection_set, &mut fragments);
            let directives = directives(&fragment.directives);
            let condition = &fragment.selection_set.ty;
            printed.insert(format!(
                "fragment {name} on {condition}{directives}{selections}"
            ));
        }
    }
    for fragment in printed {
        text.push(' ');
        text.push_str(&fragment);
    }
    text
}

/// Fragments reached; each is printed once.
#[derive(Default)]
struct Fragments {
    known: BTreeSet<String>,
    waiting: Vec<String>,
}

impl Fragments {
    fn reach(&mut self, name: &str) {
        if self.known.insert(name.to_owned()) {
            self.waiting.push(name.to_owned());
        }
    }
}

fn variables(text: &mut String, variables: &[Node<VariableDefinition>]) {
    let sorted: BTreeSet<String> = variables
        .iter()
        .map(|variable| format!("${}:{}", variable.name, variable.ty))
        .collect();
    list(text, '(', sorted, ')');
}

/// A selection set in braces: fields, then spreads, then inline fragments. The parser bounds how
/// deep it is.
fn selection_set(selections: &SelectionSet, fragments: &mut Fragments) -> String {
    if selections.selections.is_empty() {
        return String::new();
    }
    let mut sorted = BTreeSet::new();
    for selection in &selections.selections {
        sorted.insert(match selection {
            Selection::Field(field) => {
                let mut text = field.name.to_string();
                arguments(&mut text, &field.arguments);
                text.push_str(&directives(&field.directives));
                text.push_str(&selection_set(&field.selection_set, fragments));
                (0, text)
            }
            Selection::FragmentSpread(spread) => {
                fragments.reach(&spread.fragment_name);
                let directives = directives(&spread.directives);
                (1, format!("...{}{directives}", spread.fragment_name))
            }
            Selection::InlineFragment(inline) => {
                let mut text = "...".to_owned();
                if let Some(condition) = &inline.type_condition {
                    text.push_str("on ");
                    text.push_str(condition);
                }
                text.push_str(&directives(&inline.directives));
                text.push_str(&selection_set(&inline.selection_set, fragments));
                (2, text)
            }
        });
    }
    let mut text = String::new();
    list(
        &mut text,
        '{',
        sorted.into_iter().map(|(_, text)| text),
        '}',
    );
    text
}

fn directives(directives: &DirectiveList) -> String {
    let sorted: BTreeSet<String> = directives
        .iter()
        .map(|directive| {
            let mut text = format!("@{}", directive.name);
            arguments(&mut text, &directive.arguments);
            text
        })
        .collect();
    sorted.into_iter().collect()
}

fn arguments(text: &mut String, arguments: &[Node<Argument>]) {
    let sorted: BTreeSet<String> = arguments
        .iter()
        .map(|argument| format!("{}:{}", argument.name, placeholder(&argument.value)))
        .collect();
    list(text, '(', sorted, ')');
}

/// The placeholder of a value. Nothing of a literal remains, since it may hold personal data.
fn placeholder(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Variable(name) => format!("${name}"),
        Value::Enum(_) => "_".to_owned(),
        Value::String(_) => "\"\"".to_owned(),
        Value::Int(_) | Value::Float(_) => "0".to_owned(),
        Value::Boolean(_) => "false".to_owned(),
        Value::List(_) => "[]".to_owned(),
        Value::Object(_) => "{}".to_owned(),
    }
}

fn list(text: &mut String, open: char, items: impl IntoIterator<Item = String>, close: char) {
    let mut items = items.into_iter().peekable();
    if items.peek().is_none() {
        return;
    }
    text.push(open);
    for (at, item) in items.enumerate() {
        let separator = if at == 0 { "" } else { " " };
        let _ = write!(text, "{separator}{item}");
    }
    text.push(close);
}
