//! The subgraphs of a supergraph as they were before any of them was upgraded: what the steps of an
//! upgrade look up while the subgraph that is upgraded changes.

use apollo_compiler::schema::ExtendedType;

use crate::subgraph::Subgraph;

/// A subgraph of Federation 1 as it was, and all others.
pub(super) struct Originals<'a> {
    /// The subgraph that is upgraded.
    pub(super) own: &'a Subgraph,
    /// The other subgraphs, those of Federation 2 among them.
    pub(super) others: &'a [&'a Subgraph],
}

impl Originals<'_> {
    /// The same type in other subgraphs, each with the subgraph.
    pub(super) fn elsewhere<'t>(
        &'t self,
        type_name: &'t str,
    ) -> impl Iterator<Item = (&'t Subgraph, &'t ExtendedType)> {
        let merged = self.own.merged_type_name(type_name);
        self.others.iter().filter_map(move |other| {
            let ty = match other.schema.types.get(merged) {
                Some(ty) => ty,
                None => other
                    .schema
                    .types
                    .values()
                    .find(|ty| other.merged_type_name(ty.name()) == merged)?,
            };
            (ty.is_object() || ty.is_interface()).then_some((*other, ty))
        })
    }
}
