//! Normalises an operation: inlines fragments, drops those that no object matches, merges
//! selections with equal response names. In: an operation of a valid document, and the values of
//! its Booleans. Out: a [`NormalizedOperation`]. Invariant: types that clients do not see are not
//! selected on.

use std::cell::Cell;

use apollo_compiler::collections::IndexSet;
use apollo_compiler::{ExecutableDocument, executable::Operation, validation::Valid};

use super::{Booleans, NormalizedOperation, OperationKind, Variable};
use crate::index::{CollectError, Collector, Index, OnOperation, write_value};

/// Most selections that are read, fragments inlined.
const BUDGET: u32 = 200_000;

/// Makes an operation of a document ready for authorisation and planning.
pub fn normalize(
    index: &Index,
    document: &Valid<ExecutableDocument>,
    operation: &Operation,
    booleans: &Booleans,
) -> Result<NormalizedOperation, CollectError> {
    let root = index
        .root(operation.operation_type)
        .ok_or_else(|| CollectError::Unknown(operation.operation_type.name().to_owned()))?;
    let collector = Collector {
        index,
        fragments: Some(&document.fragments),
        is_included: &|directives| booleans.include(directives),
        visible: Some(index.visible()),
        budget: Cell::new(BUDGET),
    };
    Ok(NormalizedOperation {
        kind: OperationKind::of(operation.operation_type),
        name: operation.name.clone(),
        selection_set: collector.collect(root, &operation.selection_set)?,
        directives: OnOperation::read(index.schema(), &operation.directives),
        variables: operation
            .variables
            .iter()
            .map(|variable| {
                let default = variable.default_value.as_ref().map(|value| {
                    let mut text = String::new();
                    write_value(value, &mut text, &mut IndexSet::default());
                    text
                });
                let ty = variable.ty.to_string();
                (variable.name.clone(), Variable { ty, default })
            })
            .collect(),
    })
}
