//! Checks that each field of an input object literal is given once. In: a parsed document. Out:
//! errors.
//!
//! <https://spec.graphql.org/September2025/#sec-Input-Object-Field-Uniqueness>

use apollo_compiler::collections::IndexSet;
use apollo_compiler::{
    Name, Node,
    ast::{Argument, Definition, DirectiveList, Document, Selection, Value},
};

use super::errors::{MAX_ERRORS, locate};
use crate::error::{ResponseError, code};

/// Checks every literal of a document.
pub(super) fn check(document: &Document) -> Result<(), Vec<ResponseError>> {
    let mut literals = Literals {
        document,
        errors: Vec::new(),
    };
    for definition in &document.definitions {
        match definition {
            Definition::OperationDefinition(operation) => {
                literals.directives(&operation.directives);
                for variable in &operation.variables {
                    literals.directives(&variable.directives);
                    if let Some(default) = &variable.default_value {
                        literals.value(default);
                    }
                }
                literals.selections(&operation.selection_set);
            }
            Definition::FragmentDefinition(fragment) => {
                literals.directives(&fragment.directives);
                literals.selections(&fragment.selection_set);
            }
            _ => {}
        }
    }
    match literals.errors {
        errors if errors.is_empty() => Ok(()),
        errors => Err(errors),
    }
}

struct Literals<'d> {
    document: &'d Document,
    errors: Vec<ResponseError>,
}

impl Literals<'_> {
    fn selections(&mut self, selections: &[Selection]) {
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    self.directives(&field.directives);
                    self.arguments(&field.arguments);
                    self.selections(&field.selection_set);
                }
                Selection::InlineFragment(fragment) => {
                    self.directives(&fragment.directives);
                    self.selections(&fragment.selection_set);
                }
                Selection::FragmentSpread(spread) => self.directives(&spread.directives),
            }
        }
    }

    fn directives(&mut self, directives: &DirectiveList) {
        for directive in directives {
            self.arguments(&directive.arguments);
        }
    }

    fn arguments(&mut self, arguments: &[Node<Argument>]) {
        for argument in arguments {
            self.value(&argument.value);
        }
    }

    fn value(&mut self, value: &Node<Value>) {
        match &**value {
            Value::List(items) => items.iter().for_each(|item| self.value(item)),
            Value::Object(fields) => {
                let mut given: IndexSet<&Name> = IndexSet::default();
                for (name, value) in fields {
                    if !given.insert(name) && self.errors.len() < MAX_ERRORS {
                        let message = format!("The field `{name}` is given twice in one object.");
                        let error = ResponseError::request(code::VALIDATION_FAILED, message);
                        let at = name.location().or_else(|| value.location());
                        self.errors.push(locate(error, at, &self.document.sources));
                    }
                    self.value(value);
                }
            }
            _ => {}
        }
    }
}
