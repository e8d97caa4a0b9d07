//! Between authorising and planning: what of an operation can be resolved for its caller.
//!
//! What a caller may not see can make unreachable what the caller may see: a field of another subgraph
//! cannot be had where the only key to it, or what its `@requires` or its contexts read, is withheld,
//! nor where nothing that may be read tells the type of its object. In: an operation as it was asked,
//! and which requirements its caller meets. Out: a [`ReachableOperation`], the only one that can be
//! planned, and all that is withheld, with the scopes and policies that open it.

mod access;
pub(crate) mod arrival;
pub(crate) mod landing;
mod operation;
mod search;
mod served;
pub(crate) mod types;
mod ways;
mod whole;
mod withhold;

pub use access::Access;
pub use operation::ReachableOperation;

use crate::{
    authorize::authorize, budget::Budget, index::Index, operation::NormalizedOperation,
    response::Withheld,
};
use withhold::unreachable;

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
    let reachable = ReachableOperation(authorized);
    let is_refused = || {
        reachable
            .find_unserved(index, access.labels, budget)
            .is_some()
    };
    let (reachable, closed) = match found {
        Some(_) if is_refused() => return (reachable, withheld),
        Some((left, closed)) => (ReachableOperation(left), closed),
        None => (reachable, Vec::new()),
    };
    if !(closed.is_empty() && withheld.is_empty()) {
        ways::tell(index, access, &asked, &closed, &mut withheld, budget);
    }
    (reachable, withheld)
}
