//! Selects what one group of a selection's fields needs. In: a selection whose fields are sorted
//! into groups. Out: a selection with the fields of one group, and the objects on the way to them.
//! Invariant: slots that identify an object stay in each group that brings it.

use crate::{
    budget::Budget,
    plan::fetch_graph::{asked::AskedFields, dag::Dag, ids::SelectionId},
    query_plan::SlotId,
};

/// A field's group, and the same for the fields below it in their order.
#[derive(Debug)]
pub(crate) struct Sorted {
    group: usize,
    below: Vec<Sorted>,
    /// The groups of the field and of those below it, a bit for each.
    within: u64,
}

/// The bit of a group.
pub(crate) fn bit(group: usize) -> u64 {
    u32::try_from(group).map_or(0, |group| 1_u64.checked_shl(group).unwrap_or(0))
}

impl Sorted {
    pub(crate) fn new(group: usize, below: Vec<Self>) -> Self {
        let within = below.iter().fold(bit(group), |all, one| all | one.within);
        Self {
            group,
            below,
            within,
        }
    }

    pub(crate) fn within(&self) -> u64 {
        self.within
    }

    /// Whether several groups ask for the field or something below it.
    pub(crate) fn is_of_several(&self) -> bool {
        self.within.count_ones() > 1
    }

    pub(crate) fn below(&self) -> &[Self] {
        &self.below
    }

    fn is_whole(&self, group: usize) -> bool {
        self.group == group && self.within == bit(group)
    }
}

/// A selection with the fields of one group only; the same selection if it has no others. Objects
/// of the group of which nothing else is asked stay: a document asks for their `__typename`.
pub(crate) fn keep_group(
    dag: &mut Dag,
    budget: &Budget,
    asked: (SelectionId, &[Sorted]),
    group: usize,
) -> SelectionId {
    // The objects of the list themselves exist already, so no identity is needed of them.
    keep(dag, budget, (asked, &[]), group)
}

/// The same, and the slots of the object's identity, which every fetch that brings the object asks
/// for.
fn keep(
    dag: &mut Dag,
    budget: &Budget,
    ((selection, sorted), identity): ((SelectionId, &[Sorted]), &[SlotId]),
    group: usize,
) -> SelectionId {
    let is_whole = sorted.iter().all(|field| field.is_whole(group));
    if is_whole || !budget.step(1 + sorted.len()) {
        return selection;
    }
    let mut asking = dag.askings[selection.0].clone();
    let mut kept = AskedFields::default();
    for (mut field, own) in asking.fields.into_iter().zip(sorted) {
        let tells = field.below.is_none() && identity.contains(&field.slot);
        if own.within & bit(group) == 0 && !tells {
            continue;
        }
        if let Some((below, _)) = &mut field.below
            && !own.below.is_empty()
        {
            let identity = dag.shapes.identity_of(dag.askings[below.0].shape);
            let of_below = ((*below, own.below.as_slice()), identity.as_slice());
            *below = keep(dag, budget, of_below, group);
        }
        kept.push(field);
    }
    asking.fields = kept;
    dag.askings.push(asking);
    SelectionId(dag.askings.len() - 1)
}
