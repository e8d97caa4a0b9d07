//! The state of a merge: the subgraphs that each step reads, and the schema, joins and diagnostics
//! that it adds to.

use apollo_compiler::{Name, Schema, collections::IndexMap};

use super::{
    directives::ComposedDirectives, joined_subgraph::JoinedSubgraph, joins::Joins,
    type_sources::TypeSources, usage::EnumUsages,
};
use crate::diagnostic::{Diagnostic, Diagnostics};

/// The state of a merge: the subgraphs, and what was merged of them so far.
pub(super) struct Merger<'a> {
    pub(super) sources: &'a [JoinedSubgraph<'a>],
    pub(super) types: IndexMap<Name, TypeSources<'a>>,
    pub(super) schema: Schema,
    pub(super) joins: Joins,
    pub(super) composed: ComposedDirectives,
    pub(super) usages: EnumUsages,
    pub(super) diagnostics: &'a mut Diagnostics,
}

impl Merger<'_> {
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}
