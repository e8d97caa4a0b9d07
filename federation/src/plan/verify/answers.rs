//! Answers: every field the client asks for is brought, for every type that can arrive.

use indexmap::IndexMap;

use super::{Extent, Problems, Written, graph::shape_below};
use crate::{
    authorize::AuthorizedOperation,
    index::{Index, Selected, Selection, SelectionSet, TypeKind, TypeSet},
    plan::model::{OutputType, Plan, ProjectionId, ShapeId, SlotId, Source},
};

pub(super) fn check(
    index: &Index,
    operation: &AuthorizedOperation,
    written: &Written,
    plan: &Plan,
    problems: &mut Problems,
) {
    let mut by_slot: IndexMap<(ShapeId, SlotId), Extent> = IndexMap::new();
    for ((_, shape, slot), extent) in &written.slots {
        let all = by_slot.entry((*shape, *slot));
        all.and_modify(|all| all.widen(extent))
            .or_insert_with(|| extent.clone());
    }
    let mut answers = Answers {
        index,
        written,
        by_slot,
        plan,
        problems,
        path: Vec::new(),
    };
    answers.object(
        &operation.operation().selection_set,
        ShapeId(0),
        ProjectionId(0),
    );
}

struct Answers<'v> {
    index: &'v Index,
    written: &'v Written,
    by_slot: IndexMap<(ShapeId, SlotId), Extent>,
    plan: &'v Plan,
    problems: &'v mut Problems,
    path: Vec<String>,
}

impl Answers<'_> {
    fn object(&mut self, set: &SelectionSet, shape: ShapeId, projection: ProjectionId) {
        let arriving = self.arriving(shape);
        for selection in &set.selections {
            self.path.push(selection.response_name.to_string());
            self.selection(set, selection, (shape, projection), arriving.as_ref());
            self.path.pop();
        }
    }

    /// Runtime types that fetches tell of: of all and of each.
    fn arriving(&self, shape: ShapeId) -> Option<(TypeSet, TypeSet)> {
        let mut told = self
            .written
            .arrivals
            .iter()
            .filter(|(other, _)| *other == shape)
            .filter_map(|(_, types)| types.clone());
        let first = told.next()?;
        Some(told.fold((first.clone(), first), |(any, each), types| {
            (any.union(&types), each.intersection(&types))
        }))
    }

    fn selection(
        &mut self,
        set: &SelectionSet,
        selection: &Selection,
        (shape, projection): (ShapeId, ProjectionId),
        arriving: Option<&(TypeSet, TypeSet)>,
    ) {
        let Selected::Field(field) = &selection.selected else {
            return;
        };
        if selection.is_withheld {
            return;
        }
        let Some((slot, output)) = self.slot(projection, selection) else {
            return;
        };
        let written = self.by_slot.get(&(shape, slot));
        let needed = self.needed(set, selection, arriving);
        let missing = match (written, needed) {
            (Some(Extent::Types(types)), Some(needed)) => {
                Some(needed.difference(types)).filter(|missing| !missing.is_empty())
            }
            (Some(_), _) => None,
            (None, Some(needed)) => Some(needed).filter(|missing| !missing.is_empty()),
            (None, None) if arriving.is_none() && shape != ShapeId(0) => None,
            (None, None) => Some(TypeSet::new()),
        };
        if let Some(missing) = missing {
            let names: Vec<&str> = missing
                .iter()
                .map(|id| self.index.type_(id).name.as_str())
                .collect();
            self.problems.push(format!(
                "nobody brings `{}` of {}",
                self.path.join("."),
                names.join(", ")
            ));
        }
        if let (Some(below), Some(inner)) = (&field.selection_set, projection_of(&output))
            && let Some(shape) = shape_below(self.plan, shape, slot)
        {
            self.object(below, shape, inner);
        }
    }

    fn slot(
        &self,
        projection: ProjectionId,
        selection: &Selection,
    ) -> Option<(SlotId, OutputType)> {
        let variants = &self.plan.projections.get(projection.0 as usize)?.variants;
        variants
            .iter()
            .filter(|variant| match &variant.types {
                Some(types) => selection.types.is_empty() || types.intersects(&selection.types),
                None => true,
            })
            .flat_map(|variant| &variant.fields)
            .filter(|field| *field.response_name == *selection.response_name.as_str())
            .find_map(|field| match field.source {
                Source::Slot(slot) => Some((slot, field.output.clone())),
                _ => None,
            })
    }

    /// The runtime types for which a field must be brought; `None` if none is known to arrive.
    fn needed(
        &self,
        set: &SelectionSet,
        selection: &Selection,
        arriving: Option<&(TypeSet, TypeSet)>,
    ) -> Option<TypeSet> {
        let (any, each) = arriving?;
        let declared = self.index.type_(set.declared);
        let mut needed = if selection.is_abstract || declared.kind == TypeKind::Union {
            each.clone()
        } else {
            any.clone()
        };
        if declared.kind == TypeKind::Union {
            // A member that some subgraph does not know may not count where it is shared.
            for (id, _) in self.index.subgraphs() {
                if declared.subgraphs.contains(id) {
                    needed = needed.intersection(&declared.possible_in[id.0 as usize]);
                }
            }
        }
        if !selection.types.is_empty() {
            needed = needed.intersection(&selection.types);
        }
        Some(needed.intersection(self.index.visible()))
    }
}

fn projection_of(output: &OutputType) -> Option<ProjectionId> {
    match output {
        OutputType::List { item, .. } => projection_of(item),
        OutputType::Leaf { .. } => None,
        OutputType::Object { projection, .. } => Some(*projection),
    }
}
