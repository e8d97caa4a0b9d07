//! The subgraphs of a supergraph as they were before any of them was upgraded: what the steps of an
//! upgrade look up while the subgraph that is upgraded changes.

use apollo_compiler::{
    ast::{FieldDefinition, OperationType},
    schema::ExtendedType,
};

use crate::subgraph::{Subgraph, field_set};

const ROOTS: [OperationType; 3] = [
    OperationType::Query,
    OperationType::Mutation,
    OperationType::Subscription,
];

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
        // Only root types have other names.
        let root = ROOTS
            .into_iter()
            .find(|root| root.default_type_name() == merged);
        self.others.iter().filter_map(move |other| {
            let types = &other.schema.types;
            let ty = types
                .get(merged)
                .or_else(|| types.get(other.root_type(root?)?))?;
            (ty.is_object() || ty.is_interface()).then_some((*other, ty))
        })
    }

    /// The same field in other subgraphs, each with the subgraph and its type there.
    pub(super) fn fields_elsewhere<'t>(
        &'t self,
        type_name: &'t str,
        field: &'t str,
    ) -> impl Iterator<Item = (&'t Subgraph, &'t ExtendedType, &'t FieldDefinition)> {
        self.elsewhere(type_name).filter_map(move |(other, ty)| {
            let (_, found) = field_set::find_field(&other.schema, ty.name(), field)?;
            Some((other, ty, &***found))
        })
    }
}
