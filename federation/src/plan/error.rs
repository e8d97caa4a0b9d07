//! Why an operation cannot be planned.

use super::{
    solve::Planner,
    tree::{EntryId, PositionId},
};
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
    /// The plan does not hold against what it was made from: a fault of the planner.
    #[error("the plan is faulty: {0}")]
    Faulty(String),
}

/// Refuses once a budget is exceeded: what was worked out since then is not to be relied on.
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

/// Finds a root field without which the operation could be planned.
pub(super) fn explain(planner: &mut Planner<'_>, position: PositionId) -> PlanError {
    let entries: Vec<EntryId> = planner.tree.position(position).entries.to_vec();
    let is_only = entries.len() == 1;
    let mut culprits = entries.into_iter();
    let culprit = culprits.find(|&id| is_only || !can_be_asked_alone(planner, position, id));
    let name = culprit.map(|id| {
        let entry = planner.tree.entry(id);
        let name = entry.response_name.as_ref().map(ToString::to_string);
        name.unwrap_or_else(|| entry.name().to_owned())
    });
    PlanError::NotServed {
        path: name.unwrap_or_default(),
    }
}

fn can_be_asked_alone(planner: &mut Planner<'_>, position: PositionId, id: EntryId) -> bool {
    let kept = std::mem::replace(
        &mut planner.tree.positions[position.0 as usize].entries,
        [id].into(),
    );
    let types = planner
        .tree
        .position(position)
        .classes
        .iter()
        .fold(crate::index::TypeSet::new(), |all, class| {
            all.union(&class.types)
        });
    planner.tree.set_types(position, &types);
    let candidates = planner.candidates(position, &[], None);
    let mut targets = candidates.forced;
    targets.extend(candidates.optional);
    let answer = !planner.place(position, &[], None, &targets).is_empty();
    planner.tree.positions[position.0 as usize].entries = kept;
    planner.tree.set_types(position, &types);
    answer
}
