//! Checks several served versions together, each as it would be checked today.

use std::{rc::Rc, sync::Arc};

use federation::{
    budget::{Allowance, Budget, Exceeded, Interrupt},
    subgraph::Subgraph,
};
use indexmap::{IndexMap, IndexSet};

use super::{Candidate, Member, members::read_members};
use crate::registry::{
    declarations::Declarations,
    history::History,
    rules::{self, Histories, MOST_STEPS_AGAIN, Neighbour, Proposal, Refusal, RefusalCode},
};

/// What stands against each of several served versions by itself, by name of the source; only those
/// that something stands against. Nothing where they cannot be read together: then they do not
/// compose either.
pub fn check_together(
    embedded: &[Member],
    registered: &[Candidate],
    interrupt: &Interrupt,
) -> IndexMap<String, Vec<Refusal>> {
    let sources = Sources::read(embedded, registered, interrupt);
    let mut found = IndexMap::new();
    for candidate in registered {
        let refusals = sources.check(candidate, interrupt);
        if !refusals.is_empty() {
            found.insert(candidate.member.name.clone(), refusals);
        }
    }
    found
}

/// Those of some served versions that something would stand against if nothing changed but the marks
/// that later versions of other sources write: on elements which those have had for longer than the
/// reader's version is served; on all that embedded sources have.
pub fn check_with_marks(
    (embedded, registered): (&[Member], &[Candidate]),
    later: &[Member],
    readers: &[&str],
    interrupt: &Interrupt,
) -> IndexSet<String> {
    let sources = Sources::read(embedded, registered, interrupt);
    let (subgraphs, _) = read_members(later, interrupt);
    let later = subgraphs.into_iter().flatten();
    let later: IndexMap<String, Declarations> = later
        .map(|subgraph| (subgraph.name.clone(), Declarations::of(&subgraph)))
        .collect();
    let history_of = |name: &str| {
        let mut members = registered.iter().map(|candidate| &candidate.member);
        members.find(|member| member.name == name)?.history.clone()
    };
    let has_refusals = |candidate: &&Candidate| {
        let reader = &candidate.member;
        let mut marked = sources.clone();
        for neighbour in &mut marked.neighbours {
            let Some(later) = later.get(&neighbour.name) else {
                continue;
            };
            if neighbour.name == reader.name {
                continue;
            }
            let history = history_of(&neighbour.name);
            let counts = |coordinate: &str| {
                let (Some(history), Some(reader)) = (&history, &reader.history) else {
                    return true;
                };
                let since = history.since_owned(coordinate);
                since.is_some_and(|since| since < reader.since_version())
            };
            neighbour.declarations = Arc::new(neighbour.declarations.marked_as(later, counts));
        }
        !marked.check(candidate, interrupt).is_empty()
    };
    let candidates = registered.iter();
    let readers = candidates.filter(|each| readers.contains(&each.member.name.as_str()));
    let found = readers.filter(has_refusals);
    found
        .map(|candidate| candidate.member.name.clone())
        .collect()
}

/// Served versions as composition understands them, in the order in which they came.
#[derive(Clone)]
struct Sources {
    subgraphs: Rc<[Subgraph]>,
    /// The same for the rules.
    neighbours: Vec<Neighbour>,
    /// Since when each has had what it declares.
    histories: Rc<[Option<Arc<History>>]>,
}

impl Sources {
    fn read(embedded: &[Member], registered: &[Candidate], interrupt: &Interrupt) -> Self {
        let registered = registered.iter().map(|candidate| &candidate.member);
        let members: Vec<&Member> = embedded.iter().chain(registered).collect();
        let place = |name: &str| members.iter().position(|member| member.name == name);
        let (subgraphs, _) = read_members(members.iter().copied(), interrupt);
        let mut subgraphs = subgraphs.unwrap_or_default();
        subgraphs.sort_by_cached_key(|subgraph| place(&subgraph.name));
        let entity_of = |name: &str| place(name).map(|place| members[place].entity.clone());
        let histories = subgraphs.iter().map(|subgraph| {
            let place = place(&subgraph.name);
            place.and_then(|place| members[place].history.clone())
        });
        let histories = histories.collect();
        let neighbours = subgraphs.iter().map(|subgraph| Neighbour {
            name: subgraph.name.clone(),
            entity: entity_of(&subgraph.name).unwrap_or_default(),
            histories: None,
            declarations: Arc::new(Declarations::of(subgraph)),
        });
        Self {
            neighbours: neighbours.collect(),
            subgraphs: subgraphs.into(),
            histories,
        }
    }

    fn check(&self, candidate: &Candidate, interrupt: &Interrupt) -> Vec<Refusal> {
        let name = &candidate.member.name;
        let Some(place) = self.subgraphs.iter().position(|each| each.name == *name) else {
            return Vec::new();
        };
        let others = self.neighbours.iter().enumerate();
        let others: Vec<_> = others
            .filter(|(at, _)| *at != place)
            .map(|(at, neighbour)| Neighbour {
                histories: Histories::of(
                    self.histories[place].as_ref(),
                    self.histories[at].as_ref(),
                    place < at,
                ),
                ..neighbour.clone()
            })
            .collect();
        let budget = Budget::new(Allowance::of_work(MOST_STEPS_AGAIN), interrupt.clone());
        let checked = rules::check(&Proposal {
            subgraph: &self.subgraphs[place],
            declarations: &self.neighbours[place].declarations,
            entity: &candidate.member.entity,
            former: Some(&self.neighbours[place].declarations),
            neighbours: &others,
            consents: &candidate.consents,
            allow_non_null: candidate.allow_non_null.is_some(),
            budget: &budget,
        });
        match checked {
            Ok(mut refusals) => {
                // A key that no source supplies any more: composition then names the sources in
                // conflict.
                refusals.retain(|each| each.code != RefusalCode::KeyUnknown);
                refusals
            }
            Err(Exceeded::Limit(_)) => vec![rules::too_large()],
            // What an interrupted check found is not used.
            Err(Exceeded::Interrupted) => Vec::new(),
        }
    }
}
