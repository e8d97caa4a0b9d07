//! Compares and merges the arguments of applied directives.

use std::collections::BTreeSet;

use apollo_compiler::ast::{Argument, Directive, DirectiveDefinition, IntValue, Value};
use apollo_compiler::{Name, Node, name};

use super::composed::Composed;
use super::strategy::Strategy;
use crate::compose::merge::dnf::{Dnf, MOST_ALTERNATIVES};

/// The result of merging different applications.
pub(super) enum Merged {
    Arguments(Vec<Node<Argument>>),
    /// The result would be too large.
    TooMany,
    /// There is no rule how to merge them.
    NoStrategy,
}

/// The arguments with the defaults of the definition filled in, in the definition's order.
pub(super) fn with_defaults<'d>(
    directive: &'d Directive,
    definition: &'d DirectiveDefinition,
) -> Vec<(&'d Name, &'d Node<Value>)> {
    let defined = definition.arguments.iter().filter_map(|argument| {
        let given = directive.specified_argument_by_name(&argument.name);
        let value = given.or(argument.default_value.as_ref())?;
        (!value.is_null() || argument.default_value.is_some()).then_some((&argument.name, value))
    });
    defined.collect()
}

/// What an application means, as text: equal for applications that mean the same.
pub(super) fn key(directive: &Directive, definition: &DirectiveDefinition) -> String {
    let mut key = String::new();
    for (name, value) in with_defaults(directive, definition) {
        key.push_str(name);
        key.push(':');
        add_key(value, &mut key);
    }
    key
}

/// The fields of an object may come in any order.
fn add_key(value: &Value, key: &mut String) {
    match value {
        Value::List(items) => {
            key.push('[');
            for item in items {
                add_key(item, key);
            }
            key.push(']');
        }
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| name);
            key.push('{');
            for (name, value) in fields {
                key.push_str(name);
                key.push(':');
                add_key(value, key);
            }
            key.push('}');
        }
        value => {
            key.push_str(&value.serialize().no_indent().to_string());
            key.push(',');
        }
    }
}

/// Whether an application has more alternatives than are read.
pub(super) fn is_too_long(composed: &Composed, directive: &Directive) -> bool {
    let Strategy::Conjunction(argument) = composed.strategy else {
        return false;
    };
    let value = directive.specified_argument_by_name(argument);
    value.is_some_and(|value| one_or_many(value).len() > MOST_ALTERNATIVES)
}

/// Merges applications that differ.
pub(super) fn merge(composed: &Composed, applied: &[&Node<Directive>]) -> Merged {
    match composed.strategy {
        Strategy::MostFrequent => Merged::NoStrategy,
        Strategy::Conjunction(argument) => conjunction(argument, applied),
        Strategy::Highest => {
            Merged::Arguments(highest(&name!("weight"), applied).into_iter().collect())
        }
        Strategy::ListSize => Merged::Arguments(list_size(applied, &composed.definition)),
    }
}

fn conjunction(argument: &str, applied: &[&Node<Directive>]) -> Merged {
    let mut all: Option<Dnf> = None;
    for directive in applied {
        let value = directive.specified_argument_by_name(argument);
        let next = value.map_or_else(|| Dnf::new(Vec::<Vec<String>>::new()), dnf_of);
        all = match all {
            None => Some(next),
            Some(so_far) => match so_far.and(&next) {
                Some(both) => Some(both),
                None => return Merged::TooMany,
            },
        };
    }
    let Some(all) = all else {
        return Merged::Arguments(Vec::new());
    };
    let lists = all.alternatives().map(|alternative| {
        let words = alternative
            .iter()
            .cloned()
            .map(Value::String)
            .map(Node::new);
        Node::new(Value::List(words.collect()))
    });
    Merged::Arguments(vec![argument_node(
        &Name::new_unchecked(argument),
        Value::List(lists.collect()),
    )])
}

/// Requirements of a directive; a single item counts as a list of one.
pub(crate) fn dnf_of(value: &Node<Value>) -> Dnf {
    let alternatives = one_or_many(value).iter().map(|alternative| {
        let words = one_or_many(alternative).iter();
        words
            .filter_map(|word| word.as_str().map(str::to_owned))
            .collect::<Vec<_>>()
    });
    Dnf::new(alternatives)
}

fn one_or_many(value: &Node<Value>) -> &[Node<Value>] {
    match &**value {
        Value::List(items) => items,
        _ => std::slice::from_ref(value),
    }
}

fn argument_node(name: &Name, value: Value) -> Node<Argument> {
    Node::new(Argument {
        name: name.clone(),
        value: Node::new(value),
    })
}

fn highest(name: &Name, applied: &[&Node<Directive>]) -> Option<Node<Argument>> {
    let numbers = applied
        .iter()
        .filter_map(|directive| directive.specified_argument_by_name(name)?.to_i32());
    let highest = numbers.max()?;
    Some(argument_node(name, Value::Int(IntValue::from(highest))))
}

fn list_size(
    applied: &[&Node<Directive>],
    definition: &DirectiveDefinition,
) -> Vec<Node<Argument>> {
    let mut arguments: Vec<Node<Argument>> = Vec::new();
    arguments.extend(highest(&name!("assumedSize"), applied));
    arguments.extend(union(&name!("slicingArguments"), applied));
    arguments.extend(union(&name!("sizedFields"), applied));
    let one = name!("requireOneSlicingArgument");
    let default = definition
        .argument_by_name(&one)
        .and_then(|argument| argument.default_value.as_ref());
    let required = applied.iter().filter_map(|directive| {
        let given = directive.specified_argument_by_name(&one).or(default);
        given?.to_bool()
    });
    let required: Vec<bool> = required.collect();
    if !required.is_empty() {
        let all = required.into_iter().all(|required| required);
        arguments.push(argument_node(&one, Value::Boolean(all)));
    }
    arguments
}

fn union(name: &Name, applied: &[&Node<Directive>]) -> Option<Node<Argument>> {
    let mut words: BTreeSet<&str> = BTreeSet::new();
    let mut is_given = false;
    for directive in applied {
        if let Some(value) = directive.specified_argument_by_name(name)
            && !value.is_null()
        {
            is_given = true;
            words.extend(one_or_many(value).iter().filter_map(|word| word.as_str()));
        }
    }
    let words = words
        .into_iter()
        .map(|word| Node::new(Value::String(word.to_owned())));
    is_given.then(|| argument_node(name, Value::List(words.collect())))
}
