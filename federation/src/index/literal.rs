//! Prints values and arguments as GraphQL text in one form, with as few blanks as possible: equal
//! values give equal texts. The variables in them are collected too.

use apollo_compiler::{
    Name, Node,
    ast::{Argument, Value},
    collections::IndexSet,
};

/// Arguments in the order of their names, parentheses included, with the variables in them; nothing
/// if there are none.
pub(super) fn write_arguments(arguments: &[Node<Argument>]) -> (String, IndexSet<Name>) {
    let mut text = String::new();
    let mut variables = IndexSet::default();
    if arguments.is_empty() {
        return (text, variables);
    }
    let mut sorted: Vec<_> = arguments.iter().collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    text.push('(');
    for (at, argument) in sorted.into_iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push_str(&argument.name);
        text.push(':');
        write_value(&argument.value, &mut text, &mut variables);
    }
    text.push(')');
    (text, variables)
}

/// Writes a value.
pub(crate) fn write_value(value: &Value, text: &mut String, variables: &mut IndexSet<Name>) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Enum(name) => text.push_str(name),
        Value::Variable(name) => {
            text.push('$');
            text.push_str(name);
            variables.insert(name.clone());
        }
        Value::String(string) => write_string(string, text),
        Value::Float(float) => text.push_str(float.as_str()),
        Value::Int(int) => text.push_str(int.as_str()),
        Value::Boolean(true) => text.push_str("true"),
        Value::Boolean(false) => text.push_str("false"),
        Value::List(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                write_value(item, text, variables);
            }
            text.push(']');
        }
        Value::Object(fields) => {
            text.push('{');
            for (at, (name, field)) in fields.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                text.push_str(name);
                text.push(':');
                write_value(field, text, variables);
            }
            text.push('}');
        }
    }
}

fn write_string(string: &str, text: &mut String) {
    use std::fmt::Write as _;

    text.push('"');
    for character in string.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            control if control.is_control() && u32::from(control) <= 0xFFFF => {
                // Writing to a string cannot fail.
                let _ = write!(text, "\\u{:04X}", u32::from(control));
            }
            other => text.push(other),
        }
    }
    text.push('"');
}
