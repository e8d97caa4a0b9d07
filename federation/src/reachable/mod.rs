//! Withholds what cannot be resolved for a caller, between authorising and planning.
//!
//! What a caller may not see can make other fields unreachable: a field of another subgraph, where
//! the only key to it, or what its `@requires` or its contexts read, is withheld; or where no field
//! that may be read tells the type of its object.
//!
//! In: a normalised operation, and which requirements its caller satisfies. Out: a
//! [`ReachableOperation`], the only kind that can be planned; and all that is withheld, with the
//! scopes and policies that would open it. Invariant: what stays can be resolved for the caller,
//! unless it could not be for any caller.

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

/// Withholds what the caller may not see, and what cannot be resolved without it. Once the budget
/// is exceeded, the result must not be used. What cannot be resolved for any caller is left in:
/// planning refuses it.
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
