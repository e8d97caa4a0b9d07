//! Finds the root field because of which an operation cannot be planned. In: a root position
//! without a solution. Out: an error with the field's response name. The tree is as before
//! afterwards.

use super::planner::Planner;
use crate::{
    index::TypeSet,
    plan::{
        error::PlanError,
        reach::tree::{EntryId, PositionId},
    },
};

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
        .fold(TypeSet::new(), |all, class| all.union(&class.types));
    planner.tree.set_types(position, &types);
    let candidates = planner.candidates(position, &[], None);
    let mut targets = candidates.forced;
    targets.extend(candidates.optional);
    let answer = !planner.place(position, &[], None, &targets).is_empty();
    planner.tree.positions[position.0 as usize].entries = kept;
    planner.tree.set_types(position, &types);
    answer
}
