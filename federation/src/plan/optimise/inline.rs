//! Merges a jump for a field with `@fromContext` into the fetch that brings the field's object.
//!
//! The search plans such a field as a separate jump. Where a fetch of entities in the same subgraph
//! brings the object, and each of these entities has one value of the context (it is read at the
//! entity or above it), that fetch asks for the field too. In and out: a graph. Invariant: no fetch
//! comes in a later round than it may.

use super::merge::Merging;
use crate::{
    plan::fetch_graph::{
        dag::{NodeKind, Part},
        ids::SelectionId,
    },
    query_plan::{ContextPath, Step},
};

impl Merging<'_> {
    /// A fetch, and one made for fields of objects that the first brings.
    pub(crate) fn find_inlinable(&self) -> Option<(usize, usize, SelectionId)> {
        let mut live = (0..self.dag.nodes.len()).filter(|at| !self.gone.contains(at));
        live.find_map(|from| {
            if !self.budget.step(1) {
                return None;
            }
            let part = self.only_part(from)?;
            let is_plain = (part.representation.iter())
                .all(|variant| variant.fields.iter().all(|field| field.is_key));
            if part.context.is_empty() || !is_plain {
                return None;
            }
            let needs = &self.dag.nodes[from].needs;
            needs.iter().find_map(|into| {
                let selection = self.find_place(into.0, from, part)?;
                Some((into.0, from, selection))
            })
        })
    }

    /// The selection in a fetch of a part's objects, if the fetch can ask for their fields without
    /// coming too late.
    fn find_place(&self, into: usize, from: usize, part: &Part) -> Option<SelectionId> {
        let (one, other) = (&self.dag.nodes[into], &self.dag.nodes[from]);
        if one.subgraph != other.subgraph || one.kind != NodeKind::Entities {
            return None;
        }
        self.budget
            .step(1 + self.dependants[into].len() + other.needs.len());
        let own = self.only_part(into)?;
        let ([entered], [path]) = (own.targets.as_slice(), part.targets.as_slice()) else {
            return None;
        };
        let below = path.strip_prefix(entered.as_slice())?;
        // The value must be there before the fetch, and so must the type that decides its path: it
        // is not read below the entity nor brought by the fetch itself.
        let tells_type = self.dag.askings[own.selection.0].typed_as.is_some();
        let brings = |path: &ContextPath| {
            let mut fields = self.dag.askings[own.selection.0].fields.iter();
            let first = path.steps.first();
            first.is_some_and(|step| fields.any(|field| field.slot == step.slot))
        };
        let mut paths = part.context.iter().flat_map(|one| &one.paths);
        let is_above = paths.all(|path| {
            path.depth < entered.len()
                || path.depth == entered.len() && !tells_type && !brings(path)
        });
        // The fetch then also waits for the other needs of the merged one, which must not delay
        // what depends on it.
        let dependants = self.dependants[into].iter().filter(|&&at| at != from);
        let latest = dependants.map(|&at| self.latest[at].saturating_sub(1));
        let latest = latest.fold(self.latest[from], usize::min);
        let mut needs = other.needs.iter().filter(|need| need.0 != into);
        let is_in_time =
            needs.all(|need| !self.waits(need.0, into) && self.soonest[need.0] < latest);
        if !is_above || !is_in_time {
            return None;
        }
        let selection = below
            .iter()
            .try_fold(own.selection, |at, step| self.step(at, step))?;
        let (there, asked) = (
            &self.dag.askings[selection.0],
            &self.dag.askings[part.selection.0],
        );
        let is_as_it_is = asked
            .fields
            .iter()
            .all(|field| field.of_interface.is_none());
        (there.shape == part.shape && is_as_it_is).then_some(selection)
    }

    /// What is asked of the objects that a step leads to.
    fn step(&self, at: SelectionId, step: &Step) -> Option<SelectionId> {
        let mut fields = self.dag.askings[at.0].fields.iter();
        let field = fields.find(|field| field.slot == step.slot)?;
        let is_only = fields.all(|field| field.slot != step.slot);
        let is_whole = step.only.is_none() || step.only == field.types;
        let (below, _) = field.below.filter(|_| is_only && is_whole)?;
        Some(below)
    }

    /// Moves the fields of one fetch into another fetch that brings their objects.
    pub(crate) fn inline(&mut self, into: usize, from: usize, selection: SelectionId) {
        let part = self.dag.nodes[from].parts.remove(0);
        self.dag.touch(selection);
        self.unite_selections(selection, part.selection);
        if let Some(own) = self.dag.nodes[into].parts.first_mut() {
            for variable in part.context {
                if !own.context.contains(&variable) {
                    own.context.push(variable);
                }
            }
        }
        self.retire(into, from);
        self.refresh();
    }
}
