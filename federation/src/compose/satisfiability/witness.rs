//! Writes an example of a query that cannot be answered.

use std::fmt::Write;

use apollo_compiler::{
    ast::{FieldDefinition, OperationType, Type},
    schema::ExtendedType,
};

use super::walk::Walk;

/// Deepest input objects written out.
const MAX_INPUT_DEPTH: usize = 8;

impl Walk<'_> {
    /// The shortest query to a field of a state, without a selection below it.
    pub(super) fn witness(&self, state: usize, field: &str) -> String {
        let mut path = vec![(state, field.to_owned())];
        while let Some((before, field)) = &self.states[path[path.len() - 1].0].from {
            path.push((*before, field.clone()));
        }
        path.reverse();
        let root = self.states[path[0].0].object;
        let kinds = [
            OperationType::Query,
            OperationType::Mutation,
            OperationType::Subscription,
        ];
        let kind = kinds
            .into_iter()
            .find(|kind| self.index.root(*kind) == Some(root));
        let mut text = kind.map_or("query", OperationType::name).to_owned();
        let mut depth = 0;
        let (mut declared, mut yields) = (root, None);
        for (at, field) in path {
            let object = self.states[at].object;
            open(&mut text, &mut depth);
            if object != declared {
                let _ = write!(text, "... on {}", self.index.type_(object).name);
                open(&mut text, &mut depth);
            }
            let type_name = &self.index.type_(object).name;
            let definition = self
                .supergraph
                .api_schema
                .type_field(type_name, &field)
                .ok();
            let _ = write!(
                text,
                "{field}{}",
                definition.map_or_else(String::new, |it| self.arguments(it))
            );
            let id = self.index.find_field(object, &field);
            yields = id.map(|id| self.index.field(id).named_type);
            declared = yields.unwrap_or(object);
        }
        if yields.is_some_and(|yielded| self.index.type_(yielded).is_composite()) {
            open(&mut text, &mut depth);
            text.push_str("...");
        }
        while depth > 0 {
            depth -= 1;
            let _ = write!(text, "\n{}}}", "  ".repeat(depth));
        }
        text
    }

    fn arguments(&self, field: &FieldDefinition) -> String {
        let required = field
            .arguments
            .iter()
            .filter(|argument| argument.is_required());
        let written: Vec<_> = required
            .map(|argument| format!("{}: {}", argument.name, self.value(&argument.ty, 0)))
            .collect();
        if written.is_empty() {
            String::new()
        } else {
            format!("({})", written.join(", "))
        }
    }

    // Any value serves, so that the query can be read and tried.
    fn value(&self, ty: &Type, depth: usize) -> String {
        if ty.is_list() {
            return "[]".to_owned();
        }
        let name = ty.inner_named_type();
        match (name.as_str(), self.supergraph.api_schema.types.get(name)) {
            ("Int", _) => "0".to_owned(),
            ("Float", _) => "0.5".to_owned(),
            ("Boolean", _) => "true".to_owned(),
            ("ID", _) => "\"<id>\"".to_owned(),
            ("String", _) => "\"<text>\"".to_owned(),
            (_, Some(ExtendedType::Enum(enum_))) => enum_
                .values
                .keys()
                .next()
                .map_or_else(String::new, ToString::to_string),
            (_, Some(ExtendedType::InputObject(input))) if depth < MAX_INPUT_DEPTH => {
                let required = input.fields.values().filter(|field| field.is_required());
                let fields: Vec<_> = required
                    .map(|field| format!("{}: {}", field.name, self.value(&field.ty, depth + 1)))
                    .collect();
                format!("{{{}}}", fields.join(", "))
            }
            _ => "\"<value>\"".to_owned(),
        }
    }
}

fn open(text: &mut String, depth: &mut usize) {
    *depth += 1;
    let _ = write!(text, " {{\n{}", "  ".repeat(*depth));
}
