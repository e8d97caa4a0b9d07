//! What clients see of a merged schema, by `@inaccessible`.

use apollo_compiler::{Name, Schema, ast, schema::ExtendedType};

use crate::{
    compose::{
        merge::Merged,
        rules::merged_elements::{Coordinate, fields_of},
    },
    subgraph::Subgraph,
};

/// What clients see of a merged schema.
pub(super) struct Visibility<'a> {
    pub(super) schema: &'a Schema,
    pub(super) merged: &'a Merged,
    pub(super) subgraphs: &'a [Subgraph],
    /// `@inaccessible` as the supergraph calls it.
    pub(super) directive: &'a Name,
}

impl<'a> Visibility<'a> {
    /// Whether an element itself is hidden.
    pub(super) fn hides(&self, directives: &ast::DirectiveList) -> bool {
        directives.has(self.directive)
    }

    pub(super) fn hides_type(&self, type_: &ExtendedType) -> bool {
        type_.directives().has(self.directive)
    }

    /// Whether a type is there and hidden.
    pub(super) fn is_hidden_type(&self, name: &str) -> bool {
        let type_ = self.schema.types.get(name);
        type_.is_some_and(|type_| self.hides_type(type_))
    }

    /// Whether clients see a field, its type's own visibility included.
    pub(super) fn is_visible_field(&self, type_: &str, field: &str) -> bool {
        let Some(type_) = self.schema.types.get(type_) else {
            return false;
        };
        let field = fields_of(type_).and_then(|fields| fields.get(field));
        !self.hides_type(type_) && field.is_some_and(|field| !self.hides(&field.directives))
    }

    /// Whether clients see an input, with all that it is part of.
    pub(super) fn is_visible_input(
        &self,
        coordinate: Coordinate<'_>,
        directives: &ast::DirectiveList,
    ) -> bool {
        if self.hides(directives) {
            return false;
        }
        match coordinate {
            Coordinate::Argument(type_, field, _) => self.is_visible_field(type_, field),
            Coordinate::Type(type_) | Coordinate::Member(type_, _) => !self.is_hidden_type(type_),
            Coordinate::DirectiveArgument(..) => true,
        }
    }

    /// The types that clients see.
    pub(super) fn visible_types(&self) -> impl Iterator<Item = (&'a Name, &'a ExtendedType)> {
        let types = self.schema.types.iter();
        types.filter(|(_, type_)| !type_.is_built_in() && !self.hides_type(type_))
    }
}
