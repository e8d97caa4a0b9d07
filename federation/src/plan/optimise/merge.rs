//! Merges fetches to one subgraph: fewer fetches and fewer requests, in no more rounds. In and out:
//! a graph. Invariant: neither of two merged fetches waits for the other, and what waited for one
//! waits for both; edges that follow from others are dropped at the end.

use std::collections::BTreeSet;

use apollo_compiler::collections::{IndexMap, IndexSet};

use super::waits::Before;
use crate::{
    budget::Budget,
    index::SubgraphId,
    plan::fetch_graph::{
        asked::AskedField,
        dag::{Dag, Node, NodeKind, Part, rounds_of},
        ids::{NodeId, SelectionId},
    },
    query_plan::{ShapeId, Step},
};

/// Inlines fields with contexts, unites fetches that ask alike, then batches those to one subgraph.
pub(crate) fn merge(dag: &mut Dag, budget: &Budget) {
    let mut merging = Merging::new(dag, budget);
    while let Some((into, from, selection)) = merging.find_inlinable() {
        merging.inline(into, from, selection);
    }
    merging.unite_alike();
    merging.batch_at_once();
    merging.refresh();
    merging.batch_late();
    merging.sweep();
    reduce(&mut dag.nodes, budget);
}

pub(crate) struct Merging<'d> {
    pub(crate) dag: &'d mut Dag,
    /// Counts steps; once it is exceeded, nothing more is merged.
    pub(crate) budget: &'d Budget,
    /// The first round in which each node can be fetched, and the last that delays no other.
    pub(crate) soonest: Vec<usize>,
    pub(crate) latest: Vec<usize>,
    /// What each node waits for, directly or not.
    before: Before,
    /// The nodes that wait for each node, directly.
    pub(crate) dependants: Vec<IndexSet<usize>>,
    pub(crate) gone: IndexSet<usize>,
}

impl<'d> Merging<'d> {
    fn new(dag: &'d mut Dag, budget: &'d Budget) -> Self {
        let mut dependants = vec![IndexSet::default(); dag.nodes.len()];
        for (at, node) in dag.nodes.iter().enumerate() {
            budget.step(1 + node.needs.len());
            for need in &node.needs {
                dependants[need.0].insert(at);
            }
        }
        let mut merging = Self {
            dag,
            budget,
            soonest: Vec::new(),
            latest: Vec::new(),
            before: Before::default(),
            dependants,
            gone: IndexSet::default(),
        };
        merging.refresh();
        merging
    }

    /// Recomputes what follows from the edges.
    pub(crate) fn refresh(&mut self) {
        let nodes = &self.dag.nodes;
        let edges: usize = nodes.iter().map(|node| node.needs.len()).sum();
        if !self
            .budget
            .step(nodes.len() + edges * Before::cost(nodes.len()))
        {
            return;
        }
        self.soonest = rounds_of(nodes);
        let last = self.soonest.iter().copied().max().unwrap_or(0);
        let mut order: Vec<usize> = (0..nodes.len()).collect();
        order.sort_by_key(|&at| self.soonest[at]);
        self.latest = vec![last; nodes.len()];
        for &at in order.iter().rev() {
            for need in &nodes[at].needs {
                let before = self.latest[at].saturating_sub(1);
                self.latest[need.0] = self.latest[need.0].min(before);
            }
        }
        self.before = Before::new(nodes.len());
        for &at in &order {
            for need in &nodes[at].needs {
                self.before.wait(at, need.0);
            }
        }
    }

    /// Recomputes the same after one node has taken over the needs of another.
    fn refresh_merged(&mut self, into: usize, from: usize) {
        if self.soonest[into] != self.soonest[from] {
            return self.refresh();
        }
        // All rounds stay: each chain is as long as before.
        let mut work = vec![into];
        self.latest[into] = self.latest[into].min(self.latest[from]);
        while let Some(at) = work.pop() {
            let latest = self.latest[at].saturating_sub(1);
            self.budget.step(1 + self.dag.nodes[at].needs.len());
            for need in &self.dag.nodes[at].needs {
                if self.latest[need.0] > latest {
                    self.latest[need.0] = latest;
                    work.push(need.0);
                }
            }
        }
        self.before.wait_as(into, from);
        let mut work = vec![into];
        while let Some(at) = work.pop() {
            let own = &self.dependants[at];
            let cost = Before::cost(self.dag.nodes.len());
            if !self.budget.step(1 + own.len() * cost) {
                return;
            }
            work.extend(own.iter().filter(|&&other| self.before.wait(other, at)));
        }
    }

    fn live(&self) -> impl Iterator<Item = usize> + use<'_, 'd> {
        let is_live =
            |at: &usize| !self.gone.contains(at) && self.dag.nodes[*at].kind != NodeKind::Root;
        (0..self.dag.nodes.len()).filter(is_live)
    }

    /// Unites fetches that ask alike, the first pair in order first.
    fn unite_alike(&mut self) {
        let mut places: IndexMap<(SubgraphId, ShapeId), Vec<usize>> = IndexMap::default();
        let mut place_of: IndexMap<usize, usize> = IndexMap::default();
        for at in self.live() {
            let Some(part) = self.only_part(at) else {
                continue;
            };
            let place = places.entry((self.dag.nodes[at].subgraph, part.shape));
            place_of.insert(at, place.index());
            place.or_default().push(at);
        }
        let mut at = 0;
        while let Some((&one, &place)) = place_of.get_index(at) {
            at += 1;
            let place = &mut places[place];
            let Ok(own) = place.binary_search(&one) else {
                continue;
            };
            let mut others = own + 1..place.len();
            let Some(other) = others.find(|&other| self.may_be_one(one, place[other])) else {
                continue;
            };
            self.budget.step(place.len() / 64);
            let other = place.remove(other);
            self.unite_parts(one, other);
            // What is asked has changed: an earlier fetch may be like it now.
            let mut earlier = place[..own].iter().copied();
            let first = earlier.find(|&other| self.may_be_one(other, one));
            let again = place_of.get_index_of(&first.unwrap_or(one));
            at = again.unwrap_or(at);
        }
    }

    fn may_be_one(&self, one: usize, other: usize) -> bool {
        self.budget.step(1)
            && self.dag.nodes[one].kind == self.dag.nodes[other].kind
            && self.is_free_to_meet(one, other)
            && self.is_alike(one, other)
    }

    /// Batches the entities of one subgraph that are asked for in one round: none of them waits for
    /// another.
    fn batch_at_once(&mut self) {
        let mut first: IndexMap<_, usize> = IndexMap::default();
        for at in self.live().collect::<Vec<_>>() {
            if self.budget.step(1) && self.dag.nodes[at].kind == NodeKind::Entities {
                let round = (self.dag.nodes[at].subgraph, self.soonest[at]);
                let round = (round, self.context_variables(at));
                let into = *first.entry(round).or_insert(at);
                if into != at {
                    self.batch(into, at);
                }
            }
        }
    }

    /// Batches entities of one subgraph where some can be fetched in a later round. A batch only
    /// narrows the rounds of a fetch, so two that could not be batched before cannot be batched
    /// afterwards.
    fn batch_late(&mut self) {
        let mut of_subgraph: IndexMap<SubgraphId, Vec<usize>> = IndexMap::default();
        let live: Vec<usize> = self.live().collect();
        for &at in &live {
            let node = &self.dag.nodes[at];
            if node.kind == NodeKind::Entities {
                of_subgraph.entry(node.subgraph).or_default().push(at);
            }
        }
        for one in live {
            let Some(same) = of_subgraph.get(&self.dag.nodes[one].subgraph) else {
                continue;
            };
            for &other in same.iter().filter(|&&other| other > one) {
                if self.gone.contains(&one) || !self.budget.step(1) {
                    break;
                }
                let is_entities = self.dag.nodes[one].kind == NodeKind::Entities;
                if is_entities
                    && !self.gone.contains(&other)
                    && self.is_free_to_meet(one, other)
                    && self.context_variables(one) == self.context_variables(other)
                {
                    self.batch(one, other);
                    self.refresh_merged(one, other);
                }
            }
        }
    }

    /// The context variables of a fetch. A request is made for each set of their values and must
    /// send all that its document declares, so fetches with different ones do not share a document.
    fn context_variables(&self, at: usize) -> BTreeSet<Box<str>> {
        let parts = self.dag.nodes[at].parts.iter();
        parts.flat_map(context_variables).collect()
    }

    fn is_free_to_meet(&self, one: usize, other: usize) -> bool {
        !self.waits(one, other)
            && !self.waits(other, one)
            && self.soonest[one].max(self.soonest[other])
                <= self.latest[one].min(self.latest[other])
    }

    /// Whether a node waits for another one, directly or not.
    pub(crate) fn waits(&self, one: usize, other: usize) -> bool {
        self.before.waits(one, other)
    }

    /// Whether two fetches for objects of one shape send the same, and either ask for the same
    /// fields or are for the same objects.
    fn is_alike(&self, one: usize, other: usize) -> bool {
        let (Some(a), Some(b)) = (self.only_part(one), self.only_part(other)) else {
            return false;
        };
        a.shape == b.shape
            && a.representation == b.representation
            && a.context == b.context
            && self.dag.askings[a.selection.0].typed_as == self.dag.askings[b.selection.0].typed_as
            && (a.targets == b.targets || self.same_selection(a.selection, b.selection))
    }

    pub(crate) fn only_part(&self, at: usize) -> Option<&Part> {
        match self.dag.nodes[at].parts.as_slice() {
            [part] => Some(part),
            _ => None,
        }
    }

    fn same_selection(&self, one: SelectionId, other: SelectionId) -> bool {
        let (a, b) = (&self.dag.askings[one.0], &self.dag.askings[other.0]);
        self.budget.step(1 + a.fields.len() / 8);
        a.declared == b.declared
            && a.is_touched == b.is_touched
            && a.fields.len() == b.fields.len()
            && a.fields.iter().zip(b.fields.iter()).all(|(a, b)| {
                a.slot == b.slot
                    && a.types == b.types
                    && a.filled == b.filled
                    && a.of_interface == b.of_interface
                    && match (a.below, b.below) {
                        (None, None) => true,
                        (Some((a, _)), Some((b, _))) => self.same_selection(a, b),
                        _ => false,
                    }
            })
    }

    fn unite_parts(&mut self, into: usize, from: usize) {
        let part = self.dag.nodes[from].parts.remove(0);
        let Some(own) = self.dag.nodes[into].parts.first_mut() else {
            return;
        };
        (self.budget).step(part.targets.len() * (1 + own.targets.len()));
        for target in part.targets {
            add_target(&mut own.targets, target);
        }
        let selection = own.selection;
        self.unite_selections(selection, part.selection);
        self.retire(into, from);
        self.refresh_merged(into, from);
    }

    pub(crate) fn unite_selections(&mut self, into: SelectionId, from: SelectionId) {
        if into == from {
            return;
        }
        let is_touched = self.dag.askings[from.0].is_touched;
        self.dag.askings[into.0].is_touched |= is_touched;
        let fields = std::mem::take(&mut self.dag.askings[from.0].fields);
        let cost = self.dag.askings[into.0].fields.cost();
        self.budget.step(1 + fields.len() * cost);
        for field in fields {
            self.unite_field(into, field);
        }
    }

    fn unite_field(&mut self, into: SelectionId, field: AskedField) {
        let fields = &mut self.dag.askings[into.0].fields;
        let same = fields.find_mut(field.slot, |other| {
            other.of_interface == field.of_interface
                && match (other.below, field.below) {
                    (None, None) => true,
                    (Some((_, a)), Some((_, b))) => a == b && other.types == field.types,
                    _ => false,
                }
        });
        if let Some(other) = same {
            other.want(field.wanted_of.as_ref());
            match (other.below, field.below) {
                (Some((into, _)), Some((from, _))) => self.unite_selections(into, from),
                _ => match (&mut other.types, &field.types) {
                    (Some(types), Some(more)) => types.extend(more),
                    (types, _) => *types = None,
                },
            }
        } else {
            self.dag.askings[into.0].fields.push(field);
        }
    }

    fn batch(&mut self, into: usize, from: usize) {
        let parts = std::mem::take(&mut self.dag.nodes[from].parts);
        self.dag.nodes[into].parts.extend(parts);
        self.retire(into, from);
    }

    /// Replaces one node by another in all edges. Rounds are not recomputed yet.
    pub(crate) fn retire(&mut self, into: usize, from: usize) {
        let needs = std::mem::take(&mut self.dag.nodes[from].needs);
        let dependants = std::mem::take(&mut self.dependants[from]);
        self.budget.step(1 + needs.len() + dependants.len());
        for need in needs {
            self.dependants[need.0].swap_remove(&from);
            if need.0 != into {
                self.dependants[need.0].insert(into);
                self.dag.nodes[into].needs.insert(need);
            }
        }
        for other in dependants {
            let needs = &mut self.dag.nodes[other].needs;
            if needs.swap_remove(&NodeId(from)) {
                needs.insert(NodeId(into));
                self.dependants[into].insert(other);
            }
        }
        self.gone.insert(from);
    }

    fn sweep(&mut self) {
        let mut kept: Vec<Option<NodeId>> = Vec::with_capacity(self.dag.nodes.len());
        let mut count = 0;
        for at in 0..self.dag.nodes.len() {
            if self.gone.contains(&at) {
                kept.push(None);
            } else {
                kept.push(Some(NodeId(count)));
                count += 1;
            }
        }
        let nodes = std::mem::take(&mut self.dag.nodes);
        for (at, mut node) in nodes.into_iter().enumerate() {
            if !self.gone.contains(&at) {
                node.needs = node.needs.iter().filter_map(|need| kept[need.0]).collect();
                self.dag.nodes.push(node);
            }
        }
    }
}

/// The variables of a part whose values come from contexts.
pub(crate) fn context_variables(part: &Part) -> BTreeSet<Box<str>> {
    let variables = part.context.iter();
    variables
        .map(|variable| variable.variable.clone())
        .collect()
}

/// Adds a path; one that differs only in the types of one step widens that step.
fn add_target(targets: &mut Vec<Vec<Step>>, target: Vec<Step>) {
    for own in targets.iter_mut() {
        if own.len() != target.len() || own.iter().zip(&target).any(|(a, b)| a.slot != b.slot) {
            continue;
        }
        let mut differing = own
            .iter_mut()
            .zip(&target)
            .filter(|(a, b)| a.only != b.only);
        match (differing.next(), differing.next()) {
            (None, _) => return,
            (Some((step, other)), None) => {
                match (&mut step.only, &other.only) {
                    (Some(types), Some(more)) => types.extend(more),
                    (only, _) => *only = None,
                }
                return;
            }
            _ => {}
        }
    }
    targets.push(target);
}

/// Drops edges to nodes that a node waits for through others.
fn reduce(nodes: &mut [Node], budget: &Budget) {
    let rounds = rounds_of(nodes);
    let mut order: Vec<usize> = (0..nodes.len()).collect();
    order.sort_by_key(|&at| rounds[at]);
    // At first a row holds only what the node waits for through others.
    let mut before = Before::new(nodes.len());
    let cost = Before::cost(nodes.len());
    for &at in &order {
        let needs: Vec<usize> = nodes[at].needs.iter().map(|need| need.0).collect();
        if !budget.step(1 + 2 * needs.len() * cost) {
            return;
        }
        for &need in &needs {
            before.wait_as(at, need);
        }
        nodes[at].needs.retain(|need| !before.waits(at, need.0));
        for &need in &needs {
            before.wait(at, need);
        }
    }
}
