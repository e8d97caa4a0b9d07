//! N7: fewer fetches and fewer requests, in no more rounds.

use apollo_compiler::collections::IndexSet;

use super::{
    dag::{AskedField, Dag, Node, NodeId, NodeKind, Part, SelectionId},
    fetches::levels,
    model::Step,
};
use crate::budget::Budget;

/// Unites what asks the same of the same objects, then what goes to one subgraph at one time.
pub(super) fn merge(dag: &mut Dag, budget: &Budget) {
    let mut merging = Merging::new(dag, budget);
    while let Some((into, from, selection)) = merging.find_foldable() {
        merging.fold(into, from, selection);
    }
    while let Some((into, from)) = merging.find(Merging::is_alike) {
        merging.unite_parts(into, from);
    }
    while let Some((into, from)) = merging.find(Merging::is_at_once) {
        merging.batch(into, from);
    }
    while let Some((into, from)) = merging.find(Merging::may_share) {
        merging.batch(into, from);
    }
    merging.sweep();
    reduce(&mut dag.nodes, budget);
}

pub(super) struct Merging<'d> {
    pub(super) dag: &'d mut Dag,
    /// Counts steps; once it is exceeded, nothing more is merged.
    pub(super) budget: &'d Budget,
    /// The longest chain before each node and the last round it can be put off to.
    pub(super) soonest: Vec<usize>,
    pub(super) latest: Vec<usize>,
    /// What each node waits for, directly or not.
    before: Vec<Vec<u64>>,
    pub(super) gone: IndexSet<usize>,
}

impl<'d> Merging<'d> {
    fn new(dag: &'d mut Dag, budget: &'d Budget) -> Self {
        let mut merging = Self {
            dag,
            budget,
            soonest: Vec::new(),
            latest: Vec::new(),
            before: Vec::new(),
            gone: IndexSet::default(),
        };
        merging.refresh();
        merging
    }

    fn refresh(&mut self) {
        let nodes = &self.dag.nodes;
        self.soonest = levels(nodes);
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
        let words = nodes.len().div_ceil(64);
        if !self.budget.step(nodes.len() * (1 + words / 2)) {
            return;
        }
        self.before = vec![vec![0; words]; nodes.len()];
        for &at in &order {
            let mut before = vec![0; words];
            for need in &nodes[at].needs {
                before[need.0 / 64] |= 1 << (need.0 % 64);
                for (word, more) in before.iter_mut().zip(&self.before[need.0]) {
                    *word |= more;
                }
            }
            self.before[at] = before;
        }
    }

    /// Two nodes that may be one, in an order that does not change.
    fn find(&self, may: impl Fn(&Self, usize, usize) -> bool) -> Option<(usize, usize)> {
        let nodes = &self.dag.nodes;
        let live = |at: &usize| !self.gone.contains(at) && nodes[*at].kind != NodeKind::Root;
        let live: Vec<usize> = (0..nodes.len()).filter(live).collect();
        live.iter().enumerate().find_map(|(place, &one)| {
            if !self.budget.step(1 + (live.len() - place) / 8) {
                return None;
            }
            let other = live[place + 1..].iter().copied().find(|&other| {
                nodes[one].subgraph == nodes[other].subgraph
                    && nodes[one].kind == nodes[other].kind
                    && self.is_free_to_meet(one, other)
                    && may(self, one, other)
            })?;
            Some((one, other))
        })
    }

    fn is_free_to_meet(&self, one: usize, other: usize) -> bool {
        !self.waits(one, other)
            && !self.waits(other, one)
            && self.soonest[one].max(self.soonest[other])
                <= self.latest[one].min(self.latest[other])
    }

    /// Whether a node waits for another one, directly or not.
    pub(super) fn waits(&self, one: usize, other: usize) -> bool {
        let before = self
            .before
            .get(one)
            .and_then(|before| before.get(other / 64));
        before.is_some_and(|word| word & (1 << (other % 64)) != 0)
    }

    fn is_at_once(&self, one: usize, other: usize) -> bool {
        self.may_share(one, other) && self.soonest[one] == self.soonest[other]
    }

    /// Whether two fetches may share a document: lists of entities each have a name of their own in
    /// it, root fields have not.
    fn may_share(&self, one: usize, other: usize) -> bool {
        let is_of_entities = |at: usize| self.dag.nodes[at].kind == NodeKind::Entities;
        is_of_entities(one) && is_of_entities(other)
    }

    /// Whether two fetches send the same of objects of one place, and ask the same of them or ask
    /// it of the same ones.
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

    pub(super) fn only_part(&self, at: usize) -> Option<&Part> {
        match self.dag.nodes[at].parts.as_slice() {
            [part] => Some(part),
            _ => None,
        }
    }

    fn same_selection(&self, one: SelectionId, other: SelectionId) -> bool {
        let (a, b) = (&self.dag.askings[one.0], &self.dag.askings[other.0]);
        self.budget.step(1);
        a.declared == b.declared
            && a.is_touched == b.is_touched
            && a.fields.len() == b.fields.len()
            && a.fields.iter().zip(&b.fields).all(|(a, b)| {
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
    }

    pub(super) fn unite_selections(&mut self, into: SelectionId, from: SelectionId) {
        if into == from {
            return;
        }
        let is_touched = self.dag.askings[from.0].is_touched;
        self.dag.askings[into.0].is_touched |= is_touched;
        let fields = std::mem::take(&mut self.dag.askings[from.0].fields);
        let own = self.dag.askings[into.0].fields.len();
        self.budget.step(1 + fields.len() * (1 + own / 8));
        for field in fields {
            self.unite_field(into, field);
        }
    }

    fn unite_field(&mut self, into: SelectionId, field: AskedField) {
        let same = self.dag.askings[into.0].fields.iter_mut().find(|other| {
            other.slot == field.slot
                && other.of_interface == field.of_interface
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

    /// Lets one node stand for another.
    pub(super) fn retire(&mut self, into: usize, from: usize) {
        let needs = std::mem::take(&mut self.dag.nodes[from].needs);
        let needs = needs.into_iter().filter(|need| need.0 != into);
        self.dag.nodes[into].needs.extend(needs);
        for node in &mut self.dag.nodes {
            if node.needs.shift_remove(&NodeId(from)) {
                node.needs.insert(NodeId(into));
            }
        }
        self.gone.insert(from);
        self.refresh();
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

/// Drops what a node waits for anyway through others.
fn reduce(nodes: &mut [Node], budget: &Budget) {
    let levels = levels(nodes);
    let mut order: Vec<usize> = (0..nodes.len()).collect();
    order.sort_by_key(|&at| levels[at]);
    let mut before: Vec<IndexSet<usize>> = vec![IndexSet::default(); nodes.len()];
    for &at in &order {
        let needs: Vec<usize> = nodes[at].needs.iter().map(|need| need.0).collect();
        let behind = needs.iter().map(|&need| 1 + before[need].len());
        if !budget.step(behind.sum()) {
            return;
        }
        let implied: IndexSet<usize> = needs
            .iter()
            .flat_map(|&need| before[need].iter().copied())
            .collect();
        nodes[at].needs.retain(|need| !implied.contains(&need.0));
        before[at] = implied;
        before[at].extend(needs);
    }
}
