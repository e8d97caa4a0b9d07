//! Directives that an operation applies, as the documents for subgraphs repeat them.
//!
//! `@skip` and `@include` are not among them: they are evaluated before.

use std::sync::Arc;

use apollo_compiler::{
    Name, Schema,
    ast::{Directive, DirectiveList, DirectiveLocation},
    collections::IndexSet,
};

use super::literal::write_arguments;

/// The directives on one field of an operation and on the fragments around it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Applied {
    /// Openings of inline fragments without a type: `...@a{...@b{`.
    around: Arc<str>,
    depth: usize,
    on_field: Arc<str>,
    pub(super) variables: Arc<[Name]>,
}

impl Applied {
    /// The text before the field.
    pub fn around(&self) -> &str {
        &self.around
    }

    /// How many braces that text opens.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The text after the field's arguments.
    pub fn on_field(&self) -> &str {
        &self.on_field
    }

    /// Whether there is none.
    pub(super) fn is_none(&self) -> bool {
        self.around.is_empty() && self.on_field.is_empty()
    }

    /// The same within a fragment: only directives that are allowed on an inline fragment, since
    /// every fragment is printed as one.
    pub(super) fn within(&self, schema: &Schema, directives: &DirectiveList) -> Self {
        let (text, variables) = write(directives.iter().filter(|directive| {
            may_stand(schema, &directive.name, DirectiveLocation::InlineFragment)
        }));
        if text.is_empty() {
            return self.clone();
        }
        Self {
            around: format!("{}...{text}{{", self.around).into(),
            depth: self.depth + 1,
            on_field: Arc::clone(&self.on_field),
            variables: self.variables.iter().cloned().chain(variables).collect(),
        }
    }

    /// The same of a field within.
    pub(super) fn on(&self, directives: &DirectiveList) -> Self {
        let (text, variables) = write(directives.iter());
        if text.is_empty() {
            return self.clone();
        }
        Self {
            on_field: text.into(),
            variables: self.variables.iter().cloned().chain(variables).collect(),
            ..self.clone()
        }
    }
}

/// A directive on an operation as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnOperation {
    /// As a document has it.
    pub text: String,
    /// Variables it uses.
    pub variables: Vec<Name>,
    /// Whether it may stand on queries, as those for entities are, whatever the operation is.
    pub is_for_queries: bool,
}

impl OnOperation {
    /// Reads the directives of an operation.
    pub fn read(schema: &Schema, directives: &DirectiveList) -> Vec<Self> {
        let each = directives.iter().map(|directive| {
            let (text, variables) = write(std::iter::once(directive));
            Self {
                text,
                variables: variables.into_iter().collect(),
                is_for_queries: may_stand(schema, &directive.name, DirectiveLocation::Query),
            }
        });
        each.filter(|one| !one.text.is_empty()).collect()
    }
}

fn may_stand(schema: &Schema, name: &Name, location: DirectiveLocation) -> bool {
    let definition = schema.directive_definitions.get(name);
    definition.is_some_and(|definition| definition.locations.contains(&location))
}

fn write<'d>(
    directives: impl Iterator<Item = &'d apollo_compiler::Node<Directive>>,
) -> (String, IndexSet<Name>) {
    let mut text = String::new();
    let mut variables = IndexSet::default();
    for directive in directives {
        if directive.name == "skip" || directive.name == "include" {
            continue;
        }
        let (arguments, of_arguments) = write_arguments(&directive.arguments);
        text.push('@');
        text.push_str(&directive.name);
        text.push_str(&arguments);
        variables.extend(of_arguments);
    }
    (text, variables)
}
