//! Between authorising and planning: what of an operation can be had for its caller at all.
//!
//! What a caller may not see closes ways to what the caller may see: a field of another subgraph
//! cannot be had where the only key to it, or what its `@requires` or its contexts read, is withheld,
//! nor where nothing that may be read tells the type of its object. In: an operation as it was asked,
//! and which requirements its caller meets. Out: a [`ReachableOperation`], the only one that can be
//! planned, and all that is withheld, with the scopes and policies that open it.

pub(crate) mod arrival;
pub(crate) mod landing;
mod search;
mod served;
pub(crate) mod types;
mod ways;
mod whole;

use crate::{
    authorize::{AuthorizedOperation, Relevant, Requirements, Satisfied, authorize},
    budget::Budget,
    index::{Facts, FieldIdSet, Index, LabelSet, Labels, TypeSet},
    operation::NormalizedOperation,
    response::Withheld,
};

/// What decides what a caller gets of an operation.
#[derive(Clone, Copy, Debug)]
pub struct Access<'a> {
    /// All requirements of the supergraph.
    pub requirements: &'a Requirements,
    /// Those that can matter to the operation.
    pub relevant: &'a Relevant,
    /// Those that the caller meets.
    pub satisfied: &'a Satisfied,
    /// Labels of progressive override that are on for the request; the others are off.
    pub labels: &'a LabelSet,
}

/// An operation without what its caller may not see or cannot be served: the only one that can be
/// planned. What is withheld is marked so and selects nothing.
#[derive(Clone, Debug)]
pub struct ReachableOperation(AuthorizedOperation);

impl ReachableOperation {
    /// An operation of a caller who may see everything.
    pub fn unrestricted(operation: NormalizedOperation) -> Self {
        Self(AuthorizedOperation::unrestricted(operation))
    }

    /// The operation; what is withheld is marked so and selects nothing.
    pub fn operation(&self) -> &NormalizedOperation {
        self.0.operation()
    }

    /// The fields that keys, `@requires` and contexts must not read for this caller.
    pub fn forbidden(&self) -> &FieldIdSet {
        self.0.forbidden()
    }

    /// The object types whose objects are null for this caller. Nothing is selected on them.
    pub fn withheld_types(&self) -> &TypeSet {
        self.0.withheld_types()
    }

    /// Response names, joined by points, of a field that no caller can be served; `None` if there is
    /// none. Supergraphs that are satisfiable have none but below shared mutations.
    pub(crate) fn find_unserved(
        &self,
        index: &Index,
        labels: &LabelSet,
        budget: &Budget,
    ) -> Option<String> {
        let facts = facts(index, labels, FieldIdSet::new(), budget);
        let (_, unserved) = search::withhold_unreachable(&facts, &self.0, budget)?;
        unserved.first().map(|path| path.join("."))
    }
}

/// Withholds what the caller may not see, and what cannot be had without it. Once the budget is
/// exceeded, the result means nothing. What cannot be had for any caller is left in: planning
/// refuses it.
pub fn make_reachable(
    index: &Index,
    access: Access<'_>,
    asked: NormalizedOperation,
    budget: &Budget,
) -> (ReachableOperation, Vec<Withheld>) {
    let Access {
        requirements,
        satisfied,
        ..
    } = access;
    if !requirements.may_close_ways(satisfied) {
        let (authorized, withheld) = authorize(index, requirements, satisfied, asked);
        return (ReachableOperation(authorized), withheld);
    }
    budget.step(asked.selection_set.size());
    let (authorized, mut withheld) = authorize(index, requirements, satisfied, asked.clone());
    let found = unreachable(index, access.labels, &authorized, budget);
    let Some((left, closed)) = found else {
        return (ReachableOperation(authorized), withheld);
    };
    let reachable = ReachableOperation(authorized);
    if (reachable.find_unserved(index, access.labels, budget)).is_some() {
        return (reachable, withheld);
    }
    ways::tell(index, (access, &asked), (&closed, &mut withheld), budget);
    (ReachableOperation(left), withheld)
}

/// What of an operation cannot be had for its caller, and the operation without it.
fn unreachable(
    index: &Index,
    labels: &LabelSet,
    authorized: &AuthorizedOperation,
    budget: &Budget,
) -> Option<(AuthorizedOperation, Vec<search::Path>)> {
    let facts = facts(index, labels, authorized.forbidden().clone(), budget);
    search::withhold_unreachable(&facts, authorized, budget)
}

fn facts<'a>(
    index: &'a Index,
    labels: &LabelSet,
    forbidden: FieldIdSet,
    budget: &'a Budget,
) -> Facts<'a> {
    Facts::new(index, Labels::chosen(index, labels), forbidden).counted_by(budget)
}
