//! `@inaccessible`: what clients see must hold together without what they do not see.
//!
//! <https://specs.apollo.dev/inaccessible/v0.2/>

mod children;
mod defaults;
mod disallowed;
mod implementations;
mod references;
mod required;

use apollo_compiler::ast;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Schema};

use super::merged_elements::{Coordinate, fields_of};
use crate::compose::merge::Merged;
use crate::diagnostic::Diagnostics;
use crate::subgraph::Subgraph;

/// All rules about hidden elements.
const RULES: &[fn(&Visibility<'_>, &mut Diagnostics)] = &[
    disallowed::disallowed_inaccessible,
    references::referenced_inaccessible,
    references::query_root_type_inaccessible,
    children::only_inaccessible_children,
    implementations::implemented_by_inaccessible,
    required::required_inaccessible,
    defaults::default_value_uses_inaccessible,
];

/// Checks what is hidden against what is not.
pub(super) fn check_inaccessible(
    merged: &Merged,
    subgraphs: &[Subgraph],
    diagnostics: &mut Diagnostics,
) {
    let Some(directive) = merged.directive_name("inaccessible") else {
        return;
    };
    let visibility = Visibility {
        schema: &merged.schema,
        merged,
        subgraphs,
        directive,
    };
    for rule in RULES {
        rule(&visibility, diagnostics);
    }
}

/// What clients see of a merged schema.
struct Visibility<'a> {
    schema: &'a Schema,
    merged: &'a Merged,
    subgraphs: &'a [Subgraph],
    /// `@inaccessible` as the supergraph calls it.
    directive: &'a Name,
}

impl<'a> Visibility<'a> {
    /// Whether an element itself is hidden.
    fn hides(&self, directives: &ast::DirectiveList) -> bool {
        directives.has(self.directive)
    }

    fn hides_type(&self, type_: &ExtendedType) -> bool {
        type_.directives().has(self.directive)
    }

    /// Whether a type is there and hidden.
    fn is_hidden_type(&self, name: &str) -> bool {
        let type_ = self.schema.types.get(name);
        type_.is_some_and(|type_| self.hides_type(type_))
    }

    /// Whether clients see a field, its type's own visibility included.
    fn is_visible_field(&self, type_: &str, field: &str) -> bool {
        let Some(type_) = self.schema.types.get(type_) else {
            return false;
        };
        let field = fields_of(type_).and_then(|fields| fields.get(field));
        !self.hides_type(type_) && field.is_some_and(|field| !self.hides(&field.directives))
    }

    /// Whether clients see an input, with all that it is part of.
    fn is_visible_input(
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
    fn visible_types(&self) -> impl Iterator<Item = (&'a Name, &'a ExtendedType)> {
        let types = self.schema.types.iter();
        types.filter(|(_, type_)| !type_.is_built_in() && !self.hides_type(type_))
    }
}
