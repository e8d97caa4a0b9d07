//! Checks that every field the client asks for is fetched, for every runtime type that can arrive.
//! In: the operation, and what fetches write ([`Written`]). Out: problems.

use apollo_compiler::collections::{IndexMap, IndexSet};

use super::written::{Extent, Problems, Written};
use crate::{
    budget::Budget,
    index::{Index, Selected, Selection, SelectionSet, SubgraphId, TypeId, TypeKind, TypeSet},
    query_plan::{
        IngestId, IngestInto, OutputType, Plan, ProjectionField, ProjectionId, SlotId, Step,
        ValueSource,
    },
    reachable::ReachableOperation,
};

pub(super) fn check(
    (index, budget): (&Index, &Budget),
    operation: &ReachableOperation,
    written: &Written,
    plan: &Plan,
    problems: &mut Problems,
) {
    let mut objects: IndexMap<(IngestId, SlotId), Vec<IngestId>> = IndexMap::default();
    for (at, ingest) in (0..).zip(&plan.ingests) {
        budget.step(1 + ingest.entries.len());
        for entry in &ingest.entries {
            if let IngestInto::Object { slot, ingest, .. } = entry.into {
                objects
                    .entry((IngestId(at), slot))
                    .or_default()
                    .push(ingest);
            }
        }
    }
    let mut answers = Answers {
        index,
        objects,
        subgraphs: subgraphs_of(plan, budget),
        budget,
        written,
        plan,
        problems,
        path: Vec::new(),
    };
    let set = &operation.operation().selection_set;
    // The root object is there, even if no subgraph is asked for it.
    let root: TypeSet = [set.declared].into_iter().collect();
    let arriving = (root.clone(), root);
    answers.selections(set, &Here::root(plan), ProjectionId(0), Some(&arriving));
}

/// The subgraphs whose answers each ingest program reads.
fn subgraphs_of(plan: &Plan, budget: &Budget) -> Vec<IndexSet<SubgraphId>> {
    let mut all: Vec<IndexSet<SubgraphId>> = vec![IndexSet::default(); plan.ingests.len()];
    for fetch in &plan.fetches {
        let targets = fetch.input.targets();
        let mut open: Vec<IngestId> = targets.map(|(_, ingest)| ingest).collect();
        while let Some(IngestId(at)) = open.pop() {
            budget.step(1);
            if all[at as usize].insert(fetch.subgraph) {
                let entries = plan.ingests[at as usize].entries.iter();
                open.extend(entries.filter_map(|entry| match entry.into {
                    IngestInto::Object { ingest, .. } => Some(ingest),
                    _ => None,
                }));
            }
        }
    }
    all
}

struct Answers<'v> {
    index: &'v Index,
    budget: &'v Budget,
    written: &'v Written,
    plan: &'v Plan,
    /// The programs that read the objects in a slot.
    objects: IndexMap<(IngestId, SlotId), Vec<IngestId>>,
    /// The subgraphs whose answers each program reads.
    subgraphs: Vec<IndexSet<SubgraphId>>,
    problems: &'v mut Problems,
    path: Vec<String>,
}

/// A step of a target's path, the steps after it, and the program of the target.
type Ahead<'v> = (&'v Step, &'v [Step], IngestId);

/// Fields of a projection under a response name, each with the types it is shown of.
type Shown<'v> = IndexMap<&'v str, Vec<(Option<&'v TypeSet>, &'v ProjectionField)>>;

/// What fills the objects at the path that is walked.
#[derive(Debug, Default)]
struct Here<'v> {
    /// The programs that read answers into them.
    ingests: Vec<IngestId>,
    /// The subgraphs that answered the field that the objects are in.
    answered_by: IndexSet<SubgraphId>,
    /// The rest of the paths to objects below that fetches complete, by the first step.
    ahead: IndexMap<SlotId, Vec<Ahead<'v>>>,
    /// The types that can stand in the field: of a union those that all subgraphs that resolve it
    /// have in common, else those that any of them knows. `None` where that is not known.
    members: Option<TypeSet>,
}

impl<'v> Here<'v> {
    fn root(plan: &'v Plan) -> Self {
        let mut here = Self::default();
        for (way, ingest) in plan.fetches.iter().flat_map(|fetch| fetch.input.targets()) {
            here.add(way, ingest);
        }
        here
    }

    fn add(&mut self, way: &'v [Step], ingest: IngestId) {
        match way.split_first() {
            None => self.ingests.push(ingest),
            Some((step, rest)) => {
                let ahead = self.ahead.entry(step.slot).or_default();
                ahead.push((step, rest, ingest));
            }
        }
    }
}

impl<'v> Answers<'v> {
    fn object(&mut self, set: &SelectionSet, here: &Here<'v>, projection: ProjectionId) {
        let arriving = self.arriving(here);
        self.selections(set, here, projection, arriving.as_ref());
    }

    fn selections(
        &mut self,
        set: &SelectionSet,
        here: &Here<'v>,
        projection: ProjectionId,
        arriving: Option<&(TypeSet, TypeSet)>,
    ) {
        let shown = self.shown(projection);
        for selection in &set.selections {
            if !(self.budget).step(1 + here.ingests.len()) {
                return;
            }
            self.path.push(selection.response_name.to_string());
            self.selection(set, selection, (here, &shown), arriving);
            self.path.pop();
        }
    }

    /// Runtime types that fetches report: those that any and those that each of them reports.
    fn arriving(&self, here: &Here<'v>) -> Option<(TypeSet, TypeSet)> {
        let mut all: Option<(TypeSet, TypeSet)> = None;
        for ingest in &here.ingests {
            let Some(told) = self.plan.ingests[ingest.0 as usize].runtime_type.told() else {
                continue;
            };
            all = Some(match all {
                Some((any, each)) => (any.union(&told), each.intersection(&told)),
                None => (told.clone(), told),
            });
        }
        all
    }

    fn selection(
        &mut self,
        set: &SelectionSet,
        selection: &Selection,
        (here, shown): (&Here<'v>, &Shown<'v>),
        arriving: Option<&(TypeSet, TypeSet)>,
    ) {
        let Selected::Field(field) = &selection.selected else {
            return;
        };
        if selection.is_withheld {
            return;
        }
        let Some((slot, output)) = self.slot(shown, selection) else {
            return;
        };
        let written = self.written_of(here, slot);
        let needed = self.needed(set, selection, (here, arriving));
        let missing = match (written, needed) {
            (Some(Extent::Types(types)), Some(needed)) => {
                Some(needed.difference(&types)).filter(|missing| !missing.is_empty())
            }
            (Some(_), _) => None,
            (None, Some(needed)) => Some(needed).filter(|missing| !missing.is_empty()),
            // Where no fetch returns types, objects can be of any that can stand here.
            (None, None) if !selection.types.is_empty() => {
                Some(self.standing(selection, here)).filter(|missing| !missing.is_empty())
            }
            (None, None) => Some(TypeSet::new()),
        };
        if let Some(missing) = missing {
            let names: Vec<&str> = missing
                .iter()
                .map(|id| self.index.type_(id).name.as_str())
                .collect();
            self.problems.push(format!(
                "no fetch brings `{}` of {}",
                self.path.join("."),
                names.join(", ")
            ));
        }
        // A field of types that do not arrive here has no objects, though other types share its
        // slot.
        let is_of_none = !selection.types.is_empty()
            && arriving.is_some_and(|(any, _)| !any.intersects(&selection.types));
        if is_of_none {
            return;
        }
        if let (Some(below), Some(inner)) = (&field.selection_set, projection_of(output)) {
            // Objects of other types have other objects in the same slot.
            let only = (!selection.types.is_empty()).then_some(&selection.types);
            let mut here = self.below(here, slot, only);
            if !here.ingests.is_empty() {
                let resolver = (field.name.as_str(), &here.answered_by);
                here.members = self.members(set, selection, resolver, below.declared);
                self.object(below, &here, inner);
            }
        }
    }

    /// For which types the programs that fill these objects write a slot.
    fn written_of(&self, here: &Here<'v>, slot: SlotId) -> Option<Extent> {
        let mut all: Option<Extent> = None;
        for ingest in &here.ingests {
            if let Some(extent) = self.written.by_ingest.get(&(*ingest, slot)) {
                match &mut all {
                    Some(all) => all.widen(extent),
                    None => all = Some(extent.clone()),
                }
            }
        }
        all
    }

    /// What fills the objects in a slot of objects of some types, or of any type.
    fn below(&self, here: &Here<'v>, slot: SlotId, only: Option<&TypeSet>) -> Here<'v> {
        let mut below = Here::default();
        for ingest in &here.ingests {
            let is_written = match (self.written.by_ingest.get(&(*ingest, slot)), only) {
                (Some(Extent::Types(types)), Some(only)) => types.intersects(only),
                (written, _) => written.is_some(),
            };
            if is_written && let Some(objects) = self.objects.get(&(*ingest, slot)) {
                below.ingests.extend(objects);
                for object in objects {
                    below.answered_by.extend(&self.subgraphs[object.0 as usize]);
                }
            }
        }
        if below.ingests.is_empty() {
            // There are no objects that others could complete.
            return below;
        }
        for &(step, rest, ingest) in here.ahead.get(&slot).into_iter().flatten() {
            self.budget.step(1);
            let is_open = match (&step.only, only) {
                (Some(types), Some(only)) => types.intersects(only),
                _ => true,
            };
            if is_open {
                below.add(rest, ingest);
            }
        }
        below
    }

    fn shown(&self, projection: ProjectionId) -> Shown<'v> {
        let mut shown = Shown::default();
        let projection = self.plan.projections.get(projection.0 as usize);
        for variant in projection.into_iter().flat_map(|one| &one.variants) {
            self.budget.step(1 + variant.fields.len());
            for field in &variant.fields {
                let same = shown.entry(&*field.response_name).or_default();
                same.push((variant.types.as_ref(), field));
            }
        }
        shown
    }

    fn slot(&self, shown: &Shown<'v>, selection: &Selection) -> Option<(SlotId, &'v OutputType)> {
        let fields = shown.get(selection.response_name.as_str())?;
        fields.iter().find_map(|(types, field)| {
            self.budget.step(1);
            let is_of_type = types.is_none_or(|types| {
                selection.types.is_empty() || types.intersects(&selection.types)
            });
            match field.source {
                ValueSource::Slot(slot) if is_of_type => Some((slot, &field.output)),
                _ => None,
            }
        })
    }

    /// Which members of a union a field can yield. Subgraphs that share the field must yield the
    /// same: a member that one of them cannot yield, none yields.
    fn members(
        &self,
        set: &SelectionSet,
        selection: &Selection,
        (name, answered_by): (&str, &IndexSet<SubgraphId>),
        declared: TypeId,
    ) -> Option<TypeSet> {
        let union = self.index.type_(declared);
        if union.kind != TypeKind::Union {
            return self.known_to_any(&selection.types, (name, answered_by));
        }
        let mut members = union.possible.clone();
        for (id, _) in self.index.subgraphs() {
            if union.subgraphs.contains(id) {
                members = members.intersection(&union.possible_in[id.0 as usize]);
            }
        }
        let of_type = if selection.types.is_empty() {
            &self.index.type_(set.declared).possible
        } else {
            &selection.types
        };
        let of_owner = |owner: TypeId| {
            let field = self.index.find_field(owner, name);
            let entries = field.map(|field| self.index.field(field).subgraphs.iter());
            let resolved = entries
                .into_iter()
                .flatten()
                .filter(|entry| !entry.is_external);
            resolved.fold(members.clone(), |members, entry| {
                let yielded = self.index.type_(entry.named_type);
                members.intersection(&yielded.possible_in[entry.subgraph.0 as usize])
            })
        };
        let all = of_type.iter().map(of_owner);
        Some(all.fold(TypeSet::new(), |all, some| all.union(&some)))
    }

    /// The types that any subgraph which resolves a field says that it yields; a subgraph that only
    /// has the field provided counts if it answered it here.
    fn known_to_any(
        &self,
        owners: &TypeSet,
        (name, answered_by): (&str, &IndexSet<SubgraphId>),
    ) -> Option<TypeSet> {
        let mut all = TypeSet::new();
        for owner in owners.iter() {
            let entries = &self
                .index
                .field(self.index.find_field(owner, name)?)
                .subgraphs;
            for entry in entries {
                if entry.is_external && !answered_by.contains(&entry.subgraph) {
                    continue;
                }
                let yielded = self.index.type_(entry.named_type);
                let is_untyped = yielded.interface_object_in.contains(entry.subgraph);
                let known = &yielded.possible_in[entry.subgraph.0 as usize];
                all.extend(if is_untyped { &yielded.possible } else { known });
            }
            if entries.is_empty() {
                return None;
            }
        }
        (!owners.is_empty()).then_some(all)
    }

    /// The runtime types for which a field must be fetched; `None` if none is known to arrive.
    fn needed(
        &self,
        set: &SelectionSet,
        selection: &Selection,
        (here, arriving): (&Here<'v>, Option<&(TypeSet, TypeSet)>),
    ) -> Option<TypeSet> {
        let (any, each) = arriving?;
        let declared = self.index.type_(set.declared);
        let arriving = if selection.is_abstract || declared.kind == TypeKind::Union {
            each
        } else {
            any
        };
        let needed = match &here.members {
            _ if !selection.types.is_empty() => {
                arriving.intersection(&self.standing(selection, here))
            }
            Some(members) => arriving.intersection(members),
            None => arriving.clone(),
        };
        Some(needed.intersection(self.index.visible()))
    }

    /// The types that a field is selected on and that can stand here.
    fn standing(&self, selection: &Selection, here: &Here<'v>) -> TypeSet {
        let visible = selection.types.intersection(self.index.visible());
        match &here.members {
            Some(members) => visible.intersection(members),
            None => visible,
        }
    }
}

fn projection_of(output: &OutputType) -> Option<ProjectionId> {
    match output {
        OutputType::List { item, .. } => projection_of(item),
        OutputType::Leaf { .. } => None,
        OutputType::Object { projection, .. } => Some(*projection),
    }
}
