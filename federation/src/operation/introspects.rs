//! Whether an operation asks for the schema.

use apollo_compiler::{
    ExecutableDocument, Name,
    collections::IndexSet,
    executable::{Operation, Selection, SelectionSet},
};

/// Whether the root of an operation has `__schema` or `__type`, in fragments or not, included or not.
pub fn introspects(document: &ExecutableDocument, operation: &Operation) -> bool {
    let mut spread = IndexSet::default();
    selects(document, &operation.selection_set, &mut spread)
}

/// Each fragment is looked at once.
fn selects<'d>(
    document: &'d ExecutableDocument,
    selections: &'d SelectionSet,
    spread: &mut IndexSet<&'d Name>,
) -> bool {
    selections
        .selections
        .iter()
        .any(|selection| match selection {
            Selection::Field(field) => matches!(field.name.as_str(), "__schema" | "__type"),
            Selection::InlineFragment(inline) => selects(document, &inline.selection_set, spread),
            Selection::FragmentSpread(named) => {
                spread.insert(&named.fragment_name)
                    && (document.fragments.get(&named.fragment_name))
                        .is_some_and(|fragment| selects(document, &fragment.selection_set, spread))
            }
        })
}
