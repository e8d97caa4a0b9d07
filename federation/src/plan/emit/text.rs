//! Prints a selection set. In: the fields of a selection with their response names. Out: text with
//! fields, arguments, type conditions and directives. Invariant: a selection set is never empty:
//! `__typename` is added where nothing else is selected.

use apollo_compiler::collections::IndexMap;

use super::keys::Keys;
use crate::{
    index::{Applied, TypeId},
    plan::{
        emit::documents::{Emitter, On, Print, Texts},
        fetch_graph::{asked::AskedField, dag::Declared, ids::SelectionId},
    },
};

/// Appends text, after a blank where two names would otherwise run together.
fn push(text: &mut String, more: &str) {
    if more.is_empty() {
        return;
    }
    let is_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
    if text.ends_with(is_name) && more.starts_with(is_name) {
        text.push(' ');
    }
    text.push_str(more);
}

impl Emitter<'_> {
    pub(crate) fn text(
        &mut self,
        id: SelectionId,
        prints: &[&Print<'_>],
        (keys, below): (&Keys, &IndexMap<String, Texts>),
        is_reported: bool,
    ) -> String {
        let asking = &self.dag.askings[id.0];
        let mut plain = String::new();
        let mut on_types: IndexMap<TypeId, String> = IndexMap::default();
        for print in prints {
            let Some(key) = keys.find(print.field.slot, &print.signature) else {
                continue;
            };
            let nested = print
                .field
                .below
                .and_then(|(id, _)| below.get(key)?.get(&id));
            let text = self.field_text(key, print.field, nested);
            self.budget.step(1 + text.len() / 64);
            match &print.on {
                On::Declared => push(&mut plain, &text),
                On::Interface(interface) => {
                    push(on_types.entry(*interface).or_default(), &text);
                }
                On::Types(types) => {
                    for object in types.iter() {
                        self.budget.step(1 + text.len() / 64);
                        push(on_types.entry(object).or_default(), &text);
                    }
                }
            }
        }
        on_types.sort_keys();
        let mut text = String::from("{");
        let is_typed_entity = asking.declared == Declared::Entity && asking.typed_as.is_some();
        let is_empty = plain.is_empty() && on_types.is_empty();
        if (is_reported && asking.declared != Declared::Entity) || (is_empty && !is_typed_entity) {
            push(&mut text, "__typename");
        }
        if let (true, Some(interface)) = (is_typed_entity, asking.typed_as) {
            let mut inner = String::from("__typename");
            push(&mut inner, &plain);
            self.push_fragments(&mut inner, &on_types);
            text.push_str("...on ");
            text.push_str(&self.index.type_(interface).name);
            text.push('{');
            text.push_str(&inner);
            text.push('}');
        } else {
            push(&mut text, &plain);
            self.push_fragments(&mut text, &on_types);
        }
        text.push('}');
        text
    }

    fn push_arguments(&mut self, text: &mut String, field: &AskedField) {
        let own = field.arguments.text();
        if field.filled.is_empty() {
            text.push_str(own);
            return;
        }
        text.push_str(if own.is_empty() {
            "("
        } else {
            own.trim_end_matches(')')
        });
        for filled in &field.filled {
            if !text.ends_with('(') {
                text.push(',');
            }
            text.push_str(&filled.name);
            text.push_str(":$");
            text.push_str(&filled.variable);
            self.filled
                .insert(filled.variable.clone(), filled.ty.clone());
        }
        text.push(')');
    }

    fn push_fragments(&self, text: &mut String, on_types: &IndexMap<TypeId, String>) {
        for (id, fields) in on_types {
            text.push_str("...on ");
            text.push_str(&self.index.type_(*id).name);
            text.push('{');
            text.push_str(fields);
            text.push('}');
        }
    }

    fn field_text(&mut self, key: &str, field: &AskedField, below: Option<&String>) -> String {
        self.variables
            .extend(field.arguments.variables().iter().cloned());
        let mut text = String::new();
        if key != field.name.as_str() {
            text.push_str(key);
            text.push(':');
        }
        text.push_str(&field.name);
        self.push_arguments(&mut text, field);
        let nested = below.map_or("", String::as_str);
        let Some((first, more)) = field.arguments.applied().split_first() else {
            text.push_str(nested);
            return text;
        };
        let mut all = self.with_directives(first, &text, nested);
        // The field once more for other directives: what is below it is asked for already.
        let nested = if nested.is_empty() {
            ""
        } else {
            "{__typename}"
        };
        for applied in more {
            let again = self.with_directives(applied, &text, nested);
            push(&mut all, &again);
        }
        all
    }

    /// A field with its directives, inside the fragments that have the directives around it.
    fn with_directives(&self, applied: &Applied, field: &str, nested: &str) -> String {
        let (around, on_field) = (applied.around(), applied.on_field());
        if !self.budget.step(around.len() + on_field.len()) {
            return String::new();
        }
        let close = "}".repeat(applied.depth());
        format!("{around}{field}{on_field}{nested}{close}")
    }
}
