//! What directives elsewhere in a subgraph say about its fields: which are keys, which are
//! provided, which are needed by something.

use apollo_compiler::ast::{Definition, Selection};
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::parser::Parser;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Schema};

use crate::subgraph::directives::{
    contexts, from_context, is_external, is_shareable, keys, provides, requires,
};

/// A type and one of its fields.
pub(crate) type FieldName = (Name, Name);

/// Facts about the fields of one subgraph.
#[derive(Clone, Debug, Default)]
pub(crate) struct FieldFacts {
    external: IndexSet<FieldName>,
    shareable: IndexSet<FieldName>,
    provided: IndexSet<FieldName>,
    used: IndexSet<FieldName>,
}

impl FieldFacts {
    pub(crate) fn new(schema: &Schema) -> Self {
        let mut facts = Self::default();
        let implementations = implementations(schema);
        let sets = FieldSets {
            schema,
            implementations: &implementations,
        };
        facts.collect_marked(schema);
        facts.collect_keys(&sets);
        facts.collect_field_sets(&sets);
        facts.collect_contexts(&sets);
        facts.collect_interface_fields(&sets);
        facts
    }

    /// Whether only others resolve the field.
    pub(crate) fn is_external(&self, type_: &Name, field: &Name) -> bool {
        self.external.contains(&(type_.clone(), field.clone()))
    }

    /// Whether only others resolve the field on every path.
    pub(crate) fn is_fully_external(&self, type_: &Name, field: &Name) -> bool {
        let name = (type_.clone(), field.clone());
        self.external.contains(&name) && !self.provided.contains(&name)
    }

    /// Whether others may resolve the field as well.
    pub(crate) fn is_shareable(&self, type_: &Name, field: &Name) -> bool {
        self.shareable.contains(&(type_.clone(), field.clone()))
    }

    /// Whether a directive or an interface of the subgraph needs the field.
    pub(crate) fn is_used(&self, type_: &Name, field: &Name) -> bool {
        self.used.contains(&(type_.clone(), field.clone()))
    }

    fn collect_marked(&mut self, schema: &Schema) {
        for (type_, definition) in &schema.types {
            let fields = match definition {
                ExtendedType::Object(object) => &object.fields,
                ExtendedType::Interface(interface) => &interface.fields,
                _ => continue,
            };
            for (field, definition) in fields {
                let name = (type_.clone(), field.clone());
                if is_external(&definition.directives) {
                    self.external.insert(name.clone());
                }
                if is_shareable(&definition.directives) {
                    self.shareable.insert(name);
                }
            }
        }
    }

    fn collect_keys(&mut self, sets: &FieldSets<'_>) {
        for (type_, definition) in &sets.schema.types {
            let extends = definition.directives().has("extends");
            for key in keys(definition.directives()) {
                for name in sets.fields(type_, key.fields, false) {
                    // On an extension, `@external` on a key is a habit of Federation 1: the field
                    // is resolved here all the same.
                    if extends || key.application.is_on_extension {
                        self.external.shift_remove(&name);
                    }
                }
                let fields = sets.fields(type_, key.fields, true);
                self.shareable.extend(fields.iter().cloned());
                self.used.extend(fields);
            }
        }
    }

    fn collect_field_sets(&mut self, sets: &FieldSets<'_>) {
        for (type_, definition) in &sets.schema.types {
            let fields = match definition {
                ExtendedType::Object(object) => &object.fields,
                ExtendedType::Interface(interface) => &interface.fields,
                _ => continue,
            };
            for field in fields.values() {
                if let Some(required) = requires(&field.directives) {
                    self.used.extend(sets.fields(type_, required.fields, true));
                }
                if let Some(provided) = provides(&field.directives) {
                    let target = field.ty.inner_named_type();
                    for name in sets.fields(target, provided.fields, true) {
                        if self.external.contains(&name) {
                            self.shareable.insert(name.clone());
                        }
                        self.used.insert(name.clone());
                        self.provided.insert(name);
                    }
                }
            }
        }
    }

    fn collect_contexts(&mut self, sets: &FieldSets<'_>) {
        let mut holders: IndexMap<&str, Vec<&Name>> = IndexMap::default();
        for (type_, definition) in &sets.schema.types {
            for context in contexts(definition.directives()) {
                holders.entry(context).or_default().push(type_);
            }
        }
        for definition in sets.schema.types.values() {
            let fields = match definition {
                ExtendedType::Object(object) => &object.fields,
                ExtendedType::Interface(interface) => &interface.fields,
                _ => continue,
            };
            for argument in fields.values().flat_map(|field| &field.arguments) {
                let Some((context, selection)) =
                    from_context(&argument.directives).and_then(split_context)
                else {
                    continue;
                };
                for holder in holders.get(context).into_iter().flatten() {
                    self.used.extend(sets.fields(holder, selection, true));
                }
            }
        }
    }

    fn collect_interface_fields(&mut self, sets: &FieldSets<'_>) {
        for (interface, objects) in sets.implementations {
            let Some(ExtendedType::Interface(definition)) = sets.schema.types.get(interface) else {
                continue;
            };
            for field in definition.fields.keys() {
                for object in objects {
                    self.used.insert((object.clone(), field.clone()));
                }
            }
        }
    }
}

/// `$context { selection }` in its two parts.
pub(crate) fn split_context(text: &str) -> Option<(&str, &str)> {
    let rest = text.trim_start().strip_prefix('$')?;
    let end = rest
        .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .unwrap_or(rest.len());
    let (context, selection) = rest.split_at(end);
    (!context.is_empty()).then_some((context, selection.trim()))
}

fn implementations(schema: &Schema) -> IndexMap<Name, Vec<Name>> {
    let mut implementations: IndexMap<Name, Vec<Name>> = IndexMap::default();
    for (name, definition) in &schema.types {
        if let ExtendedType::Object(object) = definition {
            for interface in &object.implements_interfaces {
                let objects = implementations.entry(interface.name.clone()).or_default();
                objects.push(name.clone());
            }
        }
    }
    implementations
}

struct FieldSets<'a> {
    schema: &'a Schema,
    implementations: &'a IndexMap<Name, Vec<Name>>,
}

impl FieldSets<'_> {
    /// All fields a field set selects, at every depth; with those that implement an interface's
    /// field if asked for. What is not valid is passed over: a rule speaks of it.
    fn fields(&self, type_: &Name, text: &str, with_implementations: bool) -> Vec<FieldName> {
        let mut found = Vec::new();
        for selection in parse_selections(text) {
            self.select(type_, &selection, with_implementations, &mut found);
        }
        found
    }

    fn select(
        &self,
        type_: &Name,
        selection: &Selection,
        with_implementations: bool,
        found: &mut Vec<FieldName>,
    ) {
        match selection {
            Selection::Field(field) => {
                let Ok(definition) = self.schema.type_field(type_, &field.name) else {
                    return;
                };
                let is_interface = matches!(
                    self.schema.types.get(type_),
                    Some(ExtendedType::Interface(_))
                );
                if !field.name.starts_with("__") {
                    found.push((type_.clone(), field.name.clone()));
                    if is_interface && with_implementations {
                        let objects = self.implementations.get(type_).into_iter().flatten();
                        found.extend(objects.map(|object| (object.clone(), field.name.clone())));
                    }
                }
                for below in &field.selection_set {
                    let target = definition.ty.inner_named_type();
                    self.select(target, below, with_implementations, found);
                }
            }
            Selection::InlineFragment(fragment) => {
                let type_ = fragment.type_condition.as_ref().unwrap_or(type_);
                for below in &fragment.selection_set {
                    self.select(type_, below, with_implementations, found);
                }
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

/// The selections of a field set, with or without its outer braces; none where it does not parse.
pub(crate) fn parse_selections(text: &str) -> Vec<Selection> {
    let text = text.trim();
    let document = if text.starts_with('{') {
        Parser::new().parse_ast(text, "field set")
    } else {
        Parser::new().parse_ast(format!("{{{text}}}"), "field set")
    };
    let Ok(document) = document else {
        return Vec::new();
    };
    match document.definitions.into_iter().next() {
        Some(Definition::OperationDefinition(operation)) => operation.selection_set.clone(),
        _ => Vec::new(),
    }
}
