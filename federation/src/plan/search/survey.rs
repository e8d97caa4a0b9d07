//! Collects the targets that can serve a field at a position, and what the jumps to them need. In:
//! a field, or the runtime type. Out: in the [`Survey`] its targets and their needs; returned is
//! the one target without which the field cannot be served, if there is one. Invariant: each
//! target's needs are added once.

use apollo_compiler::collections::{IndexMap, IndexSet};

use super::{planner::Planner, solution::TypeCondition};
use crate::{
    index::{FieldIn, Places, TypeId, Vertex, needs_entry},
    plan::reach::tree::{EntryId, PositionId},
    reachable::{
        arrival::{Arrival, Target},
        landing::root_subgraphs,
    },
};

/// The work of finding candidates for one position.
pub(crate) struct Survey<'a> {
    pub(crate) position: PositionId,
    pub(crate) arrivals: &'a [Arrival],
    pub(crate) needed: IndexSet<(Wanted, Option<EntryId>)>,
    pub(crate) targets: IndexSet<Target>,
    pub(crate) entered: IndexSet<(Wanted, Target)>,
    pub(crate) closures: IndexMap<Wanted, Places>,
}

/// For which class a field is wanted, and the primary arrival if it must come from that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Wanted {
    pub(crate) condition: TypeCondition,
    pub(crate) from: Option<usize>,
}

impl Planner<'_> {
    /// Adds the targets that can serve a field, and what jumps to them need; returns the only one
    /// if there is but one.
    pub(crate) fn survey(
        &mut self,
        survey: &mut Survey<'_>,
        wanted: Wanted,
        entry: Option<EntryId>,
    ) -> Option<Target> {
        if !self.budget.step(1 + survey.arrivals.len()) {
            return None;
        }
        let object = self.object_of(survey.position, survey.arrivals, wanted.condition);
        let mut here = self.vertices_of(survey.position, survey.arrivals, wanted.condition);
        here.retain(|(at, _)| wanted.from.is_none_or(|from| from == *at));
        if self.is_free(survey, &here, entry) {
            return None;
        }
        let servers = self.servers_of(survey, (wanted, object), &here, entry);
        let is_at = |vertex: &Vertex| {
            here.iter()
                .any(|(_, at)| (at.subgraph, at.as_type) == (vertex.subgraph, vertex.as_type))
        };
        let can_stay = servers.iter().any(is_at);
        let mut found: Vec<Target> = Vec::new();
        for vertex in servers {
            self.budget.step(1 + here.len());
            if let Some(id) = entry {
                if is_at(&vertex) && self.asks_too_many(survey.position, vertex, id) {
                    survey.needed.insert((wanted, None));
                }
                self.survey_requires(survey, (wanted, object), vertex, id);
            }
            let target = Target::of(vertex, self.index);
            if !is_at(&vertex) {
                survey.targets.insert(target);
                found.push(target);
            }
            if survey.entered.insert((wanted, target)) {
                self.survey_keys(survey, (wanted, object), (&here, target));
            }
        }
        if wanted.condition == TypeCondition::Any {
            let classes = self.tree.position(survey.position).classes.len();
            for at in 0..classes {
                let class = TypeCondition::Class(u16::try_from(at).unwrap_or(u16::MAX));
                survey.needed.insert((
                    Wanted {
                        condition: class,
                        ..wanted
                    },
                    entry,
                ));
            }
            return None;
        }
        match found.as_slice() {
            [only] if !can_stay => Some(*only),
            _ => None,
        }
    }

    fn is_free(
        &mut self,
        survey: &Survey<'_>,
        here: &[(usize, Vertex)],
        entry: Option<EntryId>,
    ) -> bool {
        let Some(id) = entry else {
            return here
                .iter()
                .any(|(_, vertex)| self.index.is_object(vertex.as_type));
        };
        let is_leaf = self.tree.entry(id).child().is_none();
        here.iter().any(|&(at, vertex)| {
            // A later arrival may be beaten by a jump.
            survey.arrivals[at].round == 0
                && if is_leaf {
                    self.serves_without_inputs(vertex, id)
                } else {
                    self.serves_all(vertex, id)
                }
                && !self.asks_too_many(survey.position, vertex, id)
        })
    }

    fn servers_of(
        &mut self,
        survey: &mut Survey<'_>,
        (wanted, object): (Wanted, TypeId),
        here: &[(usize, Vertex)],
        entry: Option<EntryId>,
    ) -> Places {
        if !survey.closures.contains_key(&wanted) {
            let from: Vec<Vertex> = here.iter().map(|&(_, vertex)| vertex).collect();
            let places = if survey.arrivals.is_empty() {
                let subgraphs = root_subgraphs(&self.facts, object).into_iter();
                let target = |subgraph| Target {
                    subgraph,
                    as_interface: None,
                };
                subgraphs
                    .map(|subgraph| target(subgraph).vertex(object))
                    .collect()
            } else {
                self.facts.closure(object, &from)
            };
            survey.closures.insert(wanted, places);
        }
        let places = &survey.closures[&wanted];
        let servers = match entry {
            Some(id) => self
                .facts
                .servers(object, self.tree.entry(id).name(), places),
            None => places
                .iter()
                .copied()
                .filter(|place| self.index.is_object(place.as_type))
                .collect(),
        };
        let may_serve = |vertex: &Vertex| match entry.map(|id| self.tree.entry(id)) {
            Some(entry) if entry.response_name.is_none() => {
                self.facts.may_read(*vertex, object, entry.name())
            }
            _ => true,
        };
        // A target with a keyed interface knows the types: it is surveyed for each class.
        let keeps_unknown = |vertex: &Vertex| {
            wanted.condition != TypeCondition::Any || {
                let facts = self.index.type_(vertex.as_type);
                facts.interface_object_in.contains(vertex.subgraph)
            }
        };
        servers
            .into_iter()
            .filter(may_serve)
            .filter(keeps_unknown)
            .collect()
    }

    fn survey_requires(
        &mut self,
        survey: &mut Survey<'_>,
        (wanted, object): (Wanted, TypeId),
        vertex: Vertex,
        id: EntryId,
    ) {
        let name = self.tree.entry(id).name().to_owned();
        let field: Option<&FieldIn> = self
            .facts
            .find_servable(vertex, &name)
            .map(|(_, field)| field);
        let Some(field) = field.filter(|field| needs_entry(field)) else {
            return;
        };
        if let Some(set) = field.requires {
            let set = self.index.field_set(set);
            let needs = self
                .tree
                .hidden(survey.position, object, set)
                .unwrap_or_default();
            survey
                .needed
                .extend(needs.into_iter().map(|need| (wanted, need)));
        }
    }

    fn survey_keys(
        &mut self,
        survey: &mut Survey<'_>,
        (wanted, object): (Wanted, TypeId),
        (here, target): (&[(usize, Vertex)], Target),
    ) {
        let vertex = target.vertex(object);
        let keys = self.entries_to(object, vertex);
        for &(asked_as, key) in keys.iter() {
            let mut arrived = here.iter().map(|(_, vertex)| vertex.as_type);
            if !arrived.any(|as_type| self.index.is_known_as(as_type, asked_as)) {
                survey.needed.insert((wanted, None));
            }
            let set = self.index.field_set(key);
            let needs = self
                .tree
                .hidden(survey.position, object, set)
                .unwrap_or_default();
            survey
                .needed
                .extend(needs.into_iter().map(|need| (wanted, need)));
        }
    }
}
