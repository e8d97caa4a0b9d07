//! The search: a worklist of states, shortest paths first. A state is an object at the end of a
//! path, with the places where it can be. In: the root states. Out: the fields that no place
//! serves. Invariant: each state is either checked or covered by one that was, unless the search
//! reaches its bound, which is reported.

use std::collections::VecDeque;

use apollo_compiler::ast::OperationType;
use indexmap::IndexSet;

use super::{
    contexts::{Contexts, Set},
    labels::LabelSplits,
    verified::Verified,
};
use crate::{
    budget::Budget,
    diagnostic::{Code, Diagnostic, Diagnostics},
    index::{Facts, FieldFacts, FieldIdSet, Index, Labels, Places, ProvidedId, TypeId, Vertex},
    subgraph::Subgraph,
    supergraph::Supergraph,
};

/// What to do about subgraphs whose check takes too many steps.
pub(crate) const WHAT_MULTIPLIES: &str = "What multiplies the steps: labels of `@override`, types in very many subgraphs, and interfaces with very many types. Finish a migration, or take fields off an interface.";

/// Most states that are checked, so that every composition ends.
const MAX_STATES: usize = 200_000;

/// Most comparisons of states: few states with very many labels can need many.
const MAX_COMPARISONS: usize = 20_000_000;

const TYPENAME: &str = "__typename";

/// An object that a path has led to.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// Its type.
    pub(super) object: TypeId,
    /// Where it is when the path ends, without a further jump.
    pub(super) places: Places,
    /// Labels that the path requires to be on or off.
    pub(super) labels: Labels,
    /// Contexts the path has set.
    pub(super) contexts: Set,
    /// The state before and the field that leads here; none for a root.
    pub(super) from: Option<(usize, String)>,
}

/// A failure to serve a field.
pub(super) struct Failure {
    /// The state that should serve it.
    pub(super) state: usize,
    /// Labels it fails under.
    pub(super) labels: Labels,
    /// The field.
    pub(super) field: String,
    /// Whether it fails because a context is not set.
    pub(super) lacks_context: bool,
}

impl Failure {
    /// Whether it fails because no subgraph knows the type of the object.
    pub(super) fn is_untold(&self) -> bool {
        self.field == TYPENAME
    }
}

/// The state of one search, or of several that share which states are checked.
pub(super) struct Walk<'a> {
    pub(super) index: &'a Index,
    pub(super) supergraph: &'a Supergraph,
    pub(super) subgraphs: &'a [Subgraph],
    pub(super) facts: Facts<'a>,
    budget: &'a Budget,
    pub(super) diagnostics: Diagnostics,
    pub(super) states: Vec<State>,
    pub(super) contexts: Contexts<'a>,
    splits: LabelSplits,
    verified: Verified,
    pub(super) told: IndexSet<(TypeId, String, Places)>,
    is_exhausted: bool,
}

impl<'a> Walk<'a> {
    /// A search that has not begun.
    pub(super) fn new(
        index: &'a Index,
        supergraph: &'a Supergraph,
        subgraphs: &'a [Subgraph],
        budget: &'a Budget,
    ) -> Self {
        Self {
            index,
            supergraph,
            subgraphs,
            facts: Facts::new(index, Labels::default(), FieldIdSet::new()).counted_by(budget),
            budget,
            diagnostics: Diagnostics::default(),
            states: Vec::new(),
            contexts: Contexts::of(index),
            splits: LabelSplits::of(index),
            verified: Verified::default(),
            told: IndexSet::new(),
            is_exhausted: false,
        }
    }

    /// Checks all that queries, mutations and subscriptions can select.
    pub(super) fn run(mut self) -> Diagnostics {
        let roots = [
            OperationType::Query,
            OperationType::Mutation,
            OperationType::Subscription,
        ];
        let mut starts = Vec::new();
        for root in roots.into_iter().filter_map(|kind| self.index.root(kind)) {
            let places = self.root_places(root);
            starts.push(self.add(State {
                object: root,
                places,
                labels: Labels::default(),
                contexts: Set::default(),
                from: None,
            }));
        }
        let failures = self.search(starts, true);
        // Past the budget, failures may be false: composition reports that it was stopped.
        if !self.budget.step(0) {
            return Diagnostics::default();
        }
        for failure in failures {
            self.report(&failure);
        }
        if self.is_exhausted {
            let message = format!(
                "Whether all queries can be answered takes more than {MAX_STATES} states or {MAX_COMPARISONS} comparisons of them to say."
            );
            let diagnostic = Diagnostic::new(Code::MaxValidationSubgraphPathsExceeded, message);
            self.diagnostics.push(diagnostic.with_help(WHAT_MULTIPLIES));
        }
        self.diagnostics
    }

    /// Checks states and all that they lead to; returns the failures. Where shared mutation fields
    /// are split, each of their subgraphs is tried alone.
    pub(super) fn search(&mut self, starts: Vec<usize>, is_split: bool) -> Vec<Failure> {
        let mut failures = Vec::new();
        let mut queue: VecDeque<usize> = starts.into();
        let before = self.verified.mark();
        while let Some(at) = queue.pop_front() {
            if self.states.len() > MAX_STATES || self.verified.comparisons() > MAX_COMPARISONS {
                self.is_exhausted = true;
                break;
            }
            if !self.budget.step(1 + self.states[at].places.len()) {
                break;
            }
            self.step(at, is_split, &mut queue, &mut failures);
        }
        if !failures.is_empty() && !is_split {
            self.verified.reset(before);
        }
        failures
    }

    fn step(
        &mut self,
        at: usize,
        is_split: bool,
        queue: &mut VecDeque<usize>,
        failures: &mut Vec<Failure>,
    ) {
        let state = self.states[at].clone();
        for labels in self.splits.split(state.object, &state.labels) {
            self.facts.switch_labels(&labels);
            let places = self.facts.closure(state.object, &state.places);
            let contexts =
                (self.contexts).set_by(&self.facts, &state.contexts, state.object, &places);
            let compared = self.verified.comparisons();
            // An object's own fields read contexts set above it; fields further down also those
            // that it sets.
            let above = &state.contexts;
            let is_new = self.verified.add(state.object, &places, &labels, above);
            let compared = self.verified.comparisons() - compared;
            if !self.budget.step(1 + compared) || !is_new {
                continue;
            }
            // The type must be known, since fragments depend on it and clients may select
            // `__typename`.
            let tells = self.facts.servers(state.object, TYPENAME, &places);
            if tells.is_empty() {
                failures.push(Failure {
                    state: at,
                    labels: labels.clone(),
                    field: TYPENAME.to_owned(),
                    lacks_context: false,
                });
                continue;
            }
            let index = self.index;
            let fields = &index.type_(state.object).fields;
            for (name, field) in fields.iter().map(|(name, &id)| (name, index.field(id))) {
                if !field.is_visible || name.starts_with("__") {
                    continue;
                }
                let all = self.facts.servers(state.object, name, &places);
                let servers = self.contexts.filter(&self.facts, name, &all, above);
                if servers.is_empty() {
                    failures.push(Failure {
                        state: at,
                        labels: labels.clone(),
                        field: name.to_string(),
                        lacks_context: !all.is_empty(),
                    });
                    continue;
                }
                if !self.check_runtime_types(at, field, &servers) {
                    continue;
                }
                let step = Step {
                    from: at,
                    field,
                    servers: &servers,
                    labels: &labels,
                    contexts: &contexts,
                };
                if is_split && self.is_shared_mutation(&state, &servers) {
                    self.check_shared_mutation(&step);
                } else {
                    queue.extend(self.children(&step));
                }
            }
        }
    }

    fn add(&mut self, state: State) -> usize {
        self.states.push(state);
        self.states.len() - 1
    }

    fn root_places(&self, root: TypeId) -> Places {
        let subgraphs = &self.index.type_(root).subgraphs;
        subgraphs
            .iter()
            .map(|subgraph| Vertex {
                subgraph,
                as_type: root,
                provided: ProvidedId::default(),
            })
            .collect()
    }

    /// The states that a field leads to: one for each type its object can be.
    pub(super) fn children(&mut self, step: &Step<'_>) -> Vec<usize> {
        if !self.index.type_(step.field.named_type).is_composite() {
            return Vec::new();
        }
        let name = &step.field.name;
        let objects = self.facts.yielded_types(step.servers, name);
        let mut children = Vec::new();
        for object in objects
            .iter()
            .filter(|&object| self.index.visible().contains(object))
        {
            let yields = |&place: &Vertex| {
                let (_, field) = self.facts.find_servable(place, name)?;
                self.facts.yields(place, field, name, object)
            };
            let places: Places = step.servers.iter().filter_map(yields).collect();
            children.push(State {
                object,
                places,
                labels: step.labels.clone(),
                contexts: step.contexts.clone(),
                from: Some((step.from, name.to_string())),
            });
        }
        children.into_iter().map(|state| self.add(state)).collect()
    }
}

/// A field that a state leads on by.
pub(super) struct Step<'s> {
    /// The state before.
    pub(super) from: usize,
    /// The field.
    pub(super) field: &'s FieldFacts,
    /// The places that serve it.
    pub(super) servers: &'s [Vertex],
    /// The labels under which they do.
    pub(super) labels: &'s Labels,
    /// Contexts that are set there.
    pub(super) contexts: &'s Set,
}
