//! What a client's selection tells about the types of the objects that it selects from.

use crate::{
    budget::Budget,
    index::{Index, Selection, SelectionSet, TypeId, TypeSet},
};

/// Whether the client's answer looks different for objects of different types.
pub(crate) fn looks_differ(index: &Index, set: &SelectionSet, budget: &Budget) -> bool {
    let possible = &index.type_(set.declared).possible;
    let visible = possible.intersection(index.visible());
    // A field that is withheld on some types is fetched from no subgraph, but stands in the answer
    // as null.
    let mut withheld = set.selections.iter().filter(|one| one.is_withheld);
    set.answered(budget).differs_by_type(&visible)
        || !index.is_object(set.declared) && withheld.any(|selection| !selection.is_abstract)
}

/// Whether a client's field yields a list, of any type it is selected on.
pub(crate) fn yields_list(index: &Index, declared: TypeId, selection: &Selection) -> bool {
    let Some(field) = selection.field() else {
        return false;
    };
    let mut on = [declared].into_iter().chain(selection.types.iter());
    on.any(|id| {
        let found = index.find_field(id, &field.name);
        found.is_some_and(|id| index.field(id).ty.is_list())
    })
}

/// Whether a type has runtime types that clients, or this caller, must not see.
pub(crate) fn hides_types(index: &Index, declared: TypeId, withheld: &TypeSet) -> bool {
    let possible = &index.type_(declared).possible;
    !possible.is_subset(index.visible()) || possible.intersects(withheld)
}
