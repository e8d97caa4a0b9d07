//! Adds `__typename` to every object in the document for an embedded source.
//!
//! async-graphql leaves a failed field out of its object, and answers null for an object that has
//! no field left. With `__typename` an object always has a field, so that only the failed field is
//! null.

use async_graphql::{
    Name, Positioned,
    parser::types::{ExecutableDocument, Field, Selection, SelectionSet},
};

use super::fields::for_each_field;

/// The response name of the type: no plan asks for a field by this name, so it is passed over.
const RESPONSE_NAME: &str = "__upfront_type";

/// Adds `__typename` to the selection of every field that has one.
pub(super) fn ask_for_types(document: &mut ExecutableDocument) {
    for_each_field(document, &mut |field| {
        let selections = &mut field.selection_set;
        if !selections.node.items.is_empty() {
            let type_name = Positioned::new(type_name(selections.pos), selections.pos);
            selections.node.items.push(type_name);
        }
    });
}

fn type_name(pos: async_graphql::Pos) -> Selection {
    let field = Field {
        alias: Some(Positioned::new(Name::new(RESPONSE_NAME), pos)),
        name: Positioned::new(Name::new("__typename"), pos),
        arguments: Vec::new(),
        directives: Vec::new(),
        selection_set: Positioned::new(SelectionSet::default(), pos),
    };
    Selection::Field(Positioned::new(field, pos))
}
