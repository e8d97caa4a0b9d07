//! The fields of a document for an embedded source, one after the other.

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, Selection, SelectionSet,
};

/// Visits every field of a document, what is selected of its value before the field itself.
pub(super) fn for_each_field(
    document: &mut ExecutableDocument,
    visit: &mut impl FnMut(&mut Field),
) {
    match &mut document.operations {
        DocumentOperations::Single(operation) => {
            below(&mut operation.node.selection_set.node, visit);
        }
        DocumentOperations::Multiple(operations) => {
            for operation in operations.values_mut() {
                below(&mut operation.node.selection_set.node, visit);
            }
        }
    }
    for fragment in document.fragments.values_mut() {
        below(&mut fragment.node.selection_set.node, visit);
    }
}

/// Recursion is bounded: documents of plans have a depth limit.
fn below(selections: &mut SelectionSet, visit: &mut impl FnMut(&mut Field)) {
    for selection in &mut selections.items {
        match &mut selection.node {
            Selection::Field(field) => {
                below(&mut field.node.selection_set.node, visit);
                visit(&mut field.node);
            }
            Selection::InlineFragment(fragment) => {
                below(&mut fragment.node.selection_set.node, visit);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}
