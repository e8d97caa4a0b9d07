//! Why an operation cannot be planned.

use crate::budget::{Budget, Exceeded, Resource};

/// Why an operation cannot be planned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A field that no subgraph can be asked for from where its object is.
    #[error(
        "no subgraph can be asked for `{path}`; ask for it in a fragment on a concrete type, or \
         leave it out"
    )]
    NotServed {
        /// Response names from the root; the field is on this path or below it.
        path: String,
    },
    /// It would take more steps than are allowed.
    #[error(
        "planning the operation takes more than the {allowed} steps that are allowed; ask for less in \
         one operation, with fewer fields and fragments inside one another below interfaces and \
         unions"
    )]
    TooComplex {
        /// The bound.
        allowed: u64,
    },
    /// The host stopped it.
    #[error("planning the operation was stopped")]
    Interrupted,
    /// The verifier found the plan to be wrong: a fault of the planner.
    #[error("the plan is faulty: {0}")]
    Faulty(String),
}

/// Refuses once a budget is exceeded: what was computed since then must not be used.
pub fn check(budget: &Budget) -> Result<(), PlanError> {
    budget
        .spend(Resource::Work, 0)
        .map_err(|exceeded| match exceeded {
            Exceeded::Limit(resource) => PlanError::TooComplex {
                allowed: budget.bound(resource),
            },
            Exceeded::Interrupted => PlanError::Interrupted,
        })
}
