//! Checks the graph of fetches: none waits for itself, and every slot that is read was written by a
//! fetch it waits for. In: the plan, and what fetches write ([`Written`]). Out: problems.

use std::collections::BTreeSet;

use apollo_compiler::collections::IndexMap;

use super::written::{Extent, Problems, Written};
use crate::{
    budget::Budget,
    index::TypeSet,
    plan::optimise::waits::Before,
    query_plan::{
        EntityList, EntityTarget, FetchId, FetchInput, IngestInto, OperationKind, Plan,
        RepresentationValue, RepresentationVariant, RootTarget, RuntimeType, ShapeId, SlotId, Step,
    },
};

pub(super) fn check(plan: &Plan, budget: &Budget, written: &Written, problems: &mut Problems) {
    if plan.kind == OperationKind::Mutation {
        check_series(plan, problems);
    }
    check_replacements(plan, budget, written, problems);
    let below = Below::of(plan);
    let mut before = Before::new(plan.fetches.len());
    let cost = Before::cost(plan.fetches.len());
    let mut earlier_roots = 0;
    for (at, fetch) in plan.fetches.iter().enumerate() {
        let id = FetchId(u32::try_from(at).unwrap_or(u32::MAX));
        for &need in &fetch.depends_on {
            if need >= id {
                problems.push(format!(
                    "fetch {at} stands before fetch {} it waits for",
                    need.0
                ));
                continue;
            }
            let dependants = &plan.fetches[need.0 as usize].dependants;
            if dependants.binary_search(&id).is_err() {
                problems.push(format!("fetch {} does not start fetch {at}", need.0));
            }
            if !budget.step(1 + cost) {
                return;
            }
            before.wait(at, need.0 as usize);
        }
        let reads = Reads {
            plan,
            budget,
            below: &below,
            written,
            before: &before,
            fetch: at,
        };
        match &fetch.input {
            FetchInput::Root(_) => {
                if plan.kind == OperationKind::Mutation
                    && before.count(at) != at
                    && earlier_roots > 0
                {
                    problems.push(format!(
                        "fetch {at} does not wait for all of the mutation before"
                    ));
                }
                earlier_roots += 1;
            }
            FetchInput::RootBelow(targets) => {
                for target in targets {
                    reads.root_below(target, problems);
                }
            }
            FetchInput::Entities(lists) => {
                for target in lists.iter().flat_map(|list| &list.targets) {
                    reads.target(target, problems);
                }
                check_contexts(at, lists, problems);
            }
        }
    }
}

/// Checks each fetch that replaces another for the objects which that one leaves out: it waits for
/// it, and asks the same subgraph for no more.
fn check_replacements(plan: &Plan, budget: &Budget, written: &Written, problems: &mut Problems) {
    for (at, fetch) in plan.fetches.iter().enumerate() {
        let Some(of) = fetch.instead_of else { continue };
        let other = plan.fetches.get(of.0 as usize);
        let is_replaceable = other
            .is_some_and(|other| other.instead_of.is_none() && other.subgraph == fetch.subgraph);
        if !is_replaceable || !fetch.depends_on.contains(&of) {
            problems.push(format!(
                "fetch {at} cannot stand in place of fetch {}",
                of.0
            ));
        }
    }
    for writers in written.slots.values() {
        if !budget.step(writers.len()) {
            return;
        }
        for (id, extent) in writers {
            let fetch = plan.fetches.get(id.0 as usize);
            let Some(of) = fetch.and_then(|fetch| fetch.instead_of) else {
                continue;
            };
            let types = match extent {
                Extent::All => None,
                Extent::Types(types) => Some(types),
            };
            if !writers.get(&of).is_some_and(|other| other.covers(types)) {
                problems.push(format!(
                    "fetch {} asks for what fetch {}, in whose place it stands, does not ask for",
                    id.0, of.0
                ));
            }
        }
    }
}

/// Checks that all objects of a fetch take the same contexts, since a request has one value for
/// each variable.
fn check_contexts(at: usize, lists: &[EntityList], problems: &mut Problems) {
    let targets = lists.iter().flat_map(|list| &list.targets);
    let mut contexts = targets.map(|target| -> BTreeSet<&str> {
        let variables = target.context.iter();
        variables.map(|context| &*context.variable).collect()
    });
    let first = contexts.next();
    if contexts.any(|other| Some(other) != first) {
        problems.push(format!(
            "fetch {at} has a list of objects that take other contexts than the first"
        ));
    }
}

/// The shapes below slots of shapes, where fetches bring objects there.
struct Below(IndexMap<(ShapeId, SlotId), ShapeId>);

impl Below {
    fn of(plan: &Plan) -> Self {
        let mut below = IndexMap::default();
        for ingest in &plan.ingests {
            for entry in &ingest.entries {
                if let IngestInto::Object {
                    slot, ingest: own, ..
                } = entry.into
                    && let Some(own) = plan.ingests.get(own.0 as usize)
                {
                    below.entry((ingest.shape, slot)).or_insert(own.shape);
                }
            }
        }
        Self(below)
    }

    fn find(&self, shape: ShapeId, slot: SlotId) -> Option<ShapeId> {
        self.0.get(&(shape, slot)).copied()
    }
}

/// Checks that the root fields of a mutation are run once each, in the client's order, which is
/// that of their slots.
fn check_series(plan: &Plan, problems: &mut Problems) {
    let mut last: Option<SlotId> = None;
    for (at, fetch) in plan.fetches.iter().enumerate() {
        let FetchInput::Root(ingest) = fetch.input else {
            continue;
        };
        for entry in &plan.ingests[ingest.0 as usize].entries {
            let slot = match entry.into {
                IngestInto::Typename => continue,
                IngestInto::Leaf(slot) | IngestInto::Object { slot, .. } => slot,
            };
            if last.is_some_and(|last| slot <= last) {
                problems.push(format!(
                    "fetch {at} runs `{}` of the mutation again or too late",
                    entry.key
                ));
            }
            last = last.max(Some(slot));
        }
    }
}

struct Reads<'r> {
    plan: &'r Plan,
    budget: &'r Budget,
    below: &'r Below,
    written: &'r Written,
    before: &'r Before,
    fetch: usize,
}

impl Reads<'_> {
    fn target(&self, target: &EntityTarget, problems: &mut Problems) {
        let Some(shape) = self.follow(&target.path, problems) else {
            return;
        };
        if self.plan.ingests[target.ingest.0 as usize].shape != shape {
            problems.push(format!(
                "fetch {} completes objects of another shape",
                self.fetch
            ));
        }
        for variant in &target.representation {
            self.variant(shape, variant, problems);
        }
    }

    /// Checks that root fields go only to objects that are known to be of the query type.
    fn root_below(&self, target: &RootTarget, problems: &mut Problems) {
        let Some(shape) = self.follow(&target.path, problems) else {
            return;
        };
        let ingest = &self.plan.ingests[target.ingest.0 as usize];
        if target.path.is_empty() || ingest.shape != shape {
            problems.push(format!(
                "fetch {} asks for root fields for objects of another shape",
                self.fetch
            ));
        }
        let RuntimeType::Known(query) = ingest.runtime_type else {
            problems.push(format!(
                "fetch {} asks for root fields of no root",
                self.fetch
            ));
            return;
        };
        let mut arrivals = self.written.arrivals.iter();
        let is_query = |types: &Option<TypeSet>| {
            (types.as_ref()).is_some_and(|types| types.iter().all(|id| id == query))
        };
        if !arrivals.all(|(other, types)| *other != shape || is_query(types)) {
            problems.push(format!(
                "fetch {} asks for root fields for objects of another type",
                self.fetch
            ));
        }
    }

    fn follow(&self, path: &[Step], problems: &mut Problems) -> Option<ShapeId> {
        let mut shape = ShapeId(0);
        for step in path {
            if self.extent(shape, step.slot).is_none() {
                problems.push(format!(
                    "fetch {}: no earlier fetch brings its targets",
                    self.fetch
                ));
                return None;
            }
            shape = self.below.find(shape, step.slot)?;
        }
        Some(shape)
    }

    fn extent(&self, shape: ShapeId, slot: SlotId) -> Option<Extent> {
        let mut all: Option<Extent> = None;
        let writers = self.written.slots.get(&(shape, slot));
        for (fetch, extent) in writers.into_iter().flatten() {
            if !self.budget.step(1) {
                return all;
            }
            if !self.before.waits(self.fetch, fetch.0 as usize) {
                continue;
            }
            match &mut all {
                Some(all) => all.widen(extent),
                None => all = Some(extent.clone()),
            }
        }
        all
    }

    fn variant(&self, shape: ShapeId, variant: &RepresentationVariant, problems: &mut Problems) {
        for field in &variant.fields {
            let extent = self.extent(shape, field.slot);
            let types: Option<&TypeSet> = variant.types.as_ref();
            let is_written = match (&extent, types) {
                (None, _) => false,
                // Without a condition on types there is one type, or the fetch that brings the
                // value knows none.
                (Some(_), None) => true,
                (Some(extent), types) => extent.covers(types),
            };
            if !is_written {
                problems.push(format!(
                    "fetch {}: no earlier fetch brings `{}` of its representations",
                    self.fetch, field.name
                ));
            }
            if let RepresentationValue::Object(variants) = &field.value
                && let Some(below) = self.below.find(shape, field.slot)
            {
                for variant in variants {
                    self.nested(below, variant, problems);
                }
            }
        }
    }

    /// Objects below the entity need not be of every type.
    fn nested(&self, shape: ShapeId, variant: &RepresentationVariant, problems: &mut Problems) {
        for field in &variant.fields {
            let extent = self.extent(shape, field.slot);
            if extent.is_none() && variant.types.is_none() {
                problems.push(format!(
                    "fetch {}: no earlier fetch brings nested `{}` of its representations",
                    self.fetch, field.name
                ));
            }
            // Objects of other types may have other values in the same slot.
            let is_of_others = match (&extent, &variant.types) {
                (Some(Extent::Types(written)), Some(types)) => !written.intersects(types),
                _ => false,
            };
            if let RepresentationValue::Object(variants) = &field.value
                && let Some(below) = self.below.find(shape, field.slot)
                && !is_of_others
            {
                for variant in variants {
                    self.nested(below, variant, problems);
                }
            }
        }
    }
}
