//! Rewrites field sets that only Federation 1 accepts.

use apollo_compiler::{
    Name, Node, Schema,
    ast::{Directive, Field, Selection, Value},
    schema::ExtendedType,
};

use super::fields::fields_mut;
use crate::subgraph::{
    Subgraph,
    directives::{is_external, provides, requires},
    field_set,
};

/// Writes lists of strings, and names without quotes, as one string.
pub(super) fn write_as_strings(schema: &mut Schema) {
    for ty in schema.types.values_mut() {
        if !ty.is_object() && !ty.is_interface() {
            continue;
        }
        let directives = match ty {
            ExtendedType::Object(it) => &mut it.make_mut().directives,
            ExtendedType::Interface(it) => &mut it.make_mut().directives,
            _ => continue,
        };
        directives
            .0
            .iter_mut()
            .for_each(|directive| write_as_string(&mut directive.node));
        for field in fields_mut(ty)
            .into_iter()
            .flat_map(|fields| fields.values_mut())
        {
            field
                .make_mut()
                .directives
                .0
                .iter_mut()
                .for_each(write_as_string);
        }
    }
}

fn write_as_string(directive: &mut Node<Directive>) {
    if !["key", "requires", "provides"].contains(&directive.name.as_str()) {
        return;
    }
    let Some(text) = directive
        .specified_argument_by_name("fields")
        .and_then(|value| text(value))
    else {
        return;
    };
    if let Some(value) = directive
        .make_mut()
        .specified_argument_by_name_mut("fields")
    {
        *value = value.same_location(Value::String(text));
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Enum(name) => Some(name.to_string()),
        Value::List(items) => {
            let texts: Option<Vec<_>> = items.iter().map(|item| item.as_str()).collect();
            Some(texts?.join(" "))
        }
        _ => None,
    }
}

/// Leaves out of `@requires` and `@provides` the fields that the subgraph resolves.
pub(super) fn drop_inactive(subgraph: &mut Subgraph) {
    let mut changes: Vec<(Name, Name, &str, String)> = Vec::new();
    for ty in subgraph.schema.types.values() {
        for field in subgraph.fields(ty) {
            let below = field.ty.inner_named_type();
            for (directive, set, parent) in [
                ("requires", requires(&field.directives), ty.name()),
                ("provides", provides(&field.directives), below),
            ] {
                let Some(Ok(selections)) = set.map(|set| field_set::parse(set.fields)) else {
                    continue;
                };
                if !is_complete(subgraph, parent, &selections) {
                    continue;
                }
                let active = active(subgraph, parent, &selections);
                if active != selections {
                    let text = active.iter().map(print).collect::<Vec<_>>().join(" ");
                    changes.push((ty.name().clone(), field.name.clone(), directive, text));
                }
            }
        }
    }
    for (ty, field, directive, text) in changes {
        let fields = subgraph.schema.types.get_mut(&ty).and_then(fields_mut);
        if let Some(field) = fields.and_then(|fields| fields.get_mut(&field)) {
            rewrite(&mut field.make_mut().directives.0, directive, &text);
        }
    }
}

fn rewrite(directives: &mut Vec<Node<Directive>>, name: &str, text: &str) {
    if text.is_empty() {
        directives.retain(|directive| directive.name != name);
        return;
    }
    for directive in directives
        .iter_mut()
        .filter(|directive| directive.name == name)
    {
        if let Some(value) = directive
            .make_mut()
            .specified_argument_by_name_mut("fields")
        {
            *value = value.same_location(Value::String(text.to_owned()));
        }
    }
}

// A field set that does not fit the schema is kept, so that the rules report it.
fn is_complete(subgraph: &Subgraph, parent: &Name, selections: &[Selection]) -> bool {
    selections.iter().all(|selection| match selection {
        Selection::Field(field) if field.name == "__typename" => true,
        Selection::Field(field) => field_set::find_field(&subgraph.schema, parent, &field.name)
            .is_some_and(|(_, definition)| {
                let below = definition.ty.inner_named_type();
                let is_leaf = subgraph
                    .schema
                    .types
                    .get(below)
                    .is_none_or(ExtendedType::is_leaf);
                is_leaf == field.selection_set.is_empty()
                    && is_complete(subgraph, below, &field.selection_set)
            }),
        Selection::InlineFragment(fragment) => {
            let parent = fragment.type_condition.as_ref().unwrap_or(parent);
            is_complete(subgraph, parent, &fragment.selection_set)
        }
        Selection::FragmentSpread(_) => false,
    })
}

fn active(subgraph: &Subgraph, parent: &Name, selections: &[Selection]) -> Vec<Selection> {
    let mut kept = Vec::new();
    for selection in selections {
        match selection {
            Selection::Field(field) => {
                let Some(definition) = field_set::find_field(&subgraph.schema, parent, &field.name)
                else {
                    continue;
                };
                if is_external_somewhere(subgraph, definition) {
                    kept.push(selection.clone());
                    continue;
                }
                let below = definition.1.ty.inner_named_type();
                let selection_set = active(subgraph, below, &field.selection_set);
                if !selection_set.is_empty() {
                    let field = Field {
                        selection_set,
                        ..field.as_ref().clone()
                    };
                    kept.push(Selection::Field(Node::new(field)));
                }
            }
            Selection::InlineFragment(fragment) => {
                let parent = fragment.type_condition.as_ref().unwrap_or(parent);
                let selection_set = active(subgraph, parent, &fragment.selection_set);
                if !selection_set.is_empty() {
                    let mut fragment = fragment.as_ref().clone();
                    fragment.selection_set = selection_set;
                    kept.push(Selection::InlineFragment(Node::new(fragment)));
                }
            }
            Selection::FragmentSpread(_) => kept.push(selection.clone()),
        }
    }
    kept
}

fn is_external_somewhere(subgraph: &Subgraph, (owner, field): field_set::FieldOf<'_>) -> bool {
    is_external(&field.directives)
        || subgraph.implementers(owner).iter().any(|object| {
            field_set::find_field(&subgraph.schema, object, &field.name)
                .is_some_and(|(_, field)| is_external(&field.directives))
        })
}

fn print(selection: &Selection) -> String {
    let text = selection.serialize().no_indent().to_string();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
