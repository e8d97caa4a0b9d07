//! Adds `__typename` to every object in the document for an embedded source.
//!
//! async-graphql leaves a failed field out of its object, and answers null for an object that has
//! no field left. With `__typename` an object always has a field, so that only the failed field is
//! null.

use async_graphql::{
    Name, Positioned,
    parser::types::{ExecutableDocument, Field, Selection, SelectionSet},
};

use super::{fields::for_each_field, private_names};

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
        alias: Some(Positioned::new(private_names::TYPE.clone(), pos)),
        name: Positioned::new(Name::new("__typename"), pos),
        arguments: Vec::new(),
        directives: Vec::new(),
        selection_set: Positioned::new(SelectionSet::default(), pos),
    };
    Selection::Field(Positioned::new(field, pos))
}
