//! Evaluates `@skip` and `@include`. In: an operation, and the coerced variables. Out: the values
//! that they read, and which selections they include. Invariant: `normalize` leaves out the others,
//! so a plan has no conditions and is made for one set of values.

use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::{
    ExecutableDocument, Name,
    ast::DirectiveList,
    executable::{Operation, Selection, SelectionSet},
    response::{JsonMap, serde_json_bytes::Value},
};

/// The values of the variables that `@skip` and `@include` read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Booleans(IndexMap<Name, bool>);

impl Booleans {
    /// Picks the values out of coerced variables; a missing one is false.
    pub fn new(variables: &IndexSet<Name>, values: &JsonMap) -> Self {
        Self(
            variables
                .iter()
                .map(|name| {
                    let value = values.get(name.as_str()).and_then(Value::as_bool);
                    (name.clone(), value.unwrap_or(false))
                })
                .collect(),
        )
    }

    /// The values in the order of the variables: what a plan depends on.
    pub fn vector(&self) -> impl Iterator<Item = bool> + '_ {
        self.0.values().copied()
    }

    /// Whether `@skip` and `@include` include a selection.
    pub(crate) fn include(&self, directives: &DirectiveList) -> bool {
        let condition = |name: &str| {
            let value = directives.get(name)?.specified_argument_by_name("if")?;
            Some(match value.as_variable() {
                Some(variable) => self.0.get(variable).copied().unwrap_or(false),
                None => value.to_bool().unwrap_or(false),
            })
        };
        condition("skip") != Some(true) && condition("include") != Some(false)
    }
}

/// The variables that `@skip` and `@include` read in an operation, in order of first use.
pub fn boolean_variables(document: &ExecutableDocument, operation: &Operation) -> IndexSet<Name> {
    let mut variables = IndexSet::default();
    let mut fragments: IndexSet<&Name> = IndexSet::default();
    let mut work: Vec<&SelectionSet> = vec![&operation.selection_set];
    while let Some(set) = work.pop() {
        for selection in &set.selections {
            let directives = match selection {
                Selection::Field(field) => {
                    work.push(&field.selection_set);
                    &field.directives
                }
                Selection::InlineFragment(fragment) => {
                    work.push(&fragment.selection_set);
                    &fragment.directives
                }
                Selection::FragmentSpread(spread) => {
                    if fragments.insert(&spread.fragment_name)
                        && let Some(fragment) = document.fragments.get(&spread.fragment_name)
                    {
                        work.push(&fragment.selection_set);
                    }
                    &spread.directives
                }
            };
            for name in ["skip", "include"] {
                let variable = directives
                    .get(name)
                    .and_then(|directive| directive.specified_argument_by_name("if"))
                    .and_then(|value| value.as_variable());
                variables.extend(variable.cloned());
            }
        }
    }
    variables
}
