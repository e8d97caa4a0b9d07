//! Several served versions at once, each as it would be checked today.

use std::sync::Arc;

use federation::{
    budget::{Allowance, Budget, Exceeded, Interrupt},
    subgraph::Subgraph,
};
use indexmap::IndexMap;

use super::{Candidate, Member, Past, dependence::since, members::read_members};
use crate::registry::{
    declarations::Declarations,
    rules::{self, MOST_STEPS_AGAIN, Neighbour, Proposal, Refusal},
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

/// What would stand against a served version if nothing changed but the marks that later versions of
/// other sources write on elements which those have had for longer than this version is served; on
/// all that they have, where their past is not known.
pub fn check_with_marks(
    (embedded, registered): (&[Member], &[Candidate]),
    later: &[Member],
    reader: &str,
    past: &Past,
    interrupt: &Interrupt,
) -> Vec<Refusal> {
    let Some(candidate) = registered.iter().find(|each| each.member.name == reader) else {
        return Vec::new();
    };
    let mut sources = Sources::read(embedded, registered, interrupt);
    let (subgraphs, _) = read_members(later, interrupt);
    let then = past
        .get(reader)
        .and_then(|tenures| Some(tenures.last()?.since));
    let changed = later
        .iter()
        .filter(|later| !registered.iter().any(|each| each.member == **later));
    let first: IndexMap<String, IndexMap<String, i32>> = changed
        .filter_map(|member| {
            let tenures = past.get(&member.name)?;
            Some((
                member.name.clone(),
                since((&member.name, tenures), true, interrupt),
            ))
        })
        .collect();
    for subgraph in subgraphs.into_iter().flatten() {
        let neighbours = sources.neighbours.iter_mut();
        let mut neighbours = neighbours.filter(|each| each.name != reader);
        if let Some(neighbour) = neighbours.find(|each| each.name == subgraph.name) {
            let later = Declarations::of(&subgraph);
            let is_older = |coordinate: &str| match (first.get(&subgraph.name), then) {
                (Some(first), Some(then)) => first.get(coordinate).is_some_and(|at| *at < then),
                _ => true,
            };
            neighbour.declarations = Arc::new(neighbour.declarations.marked_as(&later, is_older));
        }
    }
    sources.check(candidate, interrupt)
}

/// Served versions as composition understands them, in the order in which they came.
struct Sources {
    subgraphs: Vec<Subgraph>,
    /// The same for the rules.
    neighbours: Vec<Neighbour>,
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
        let neighbours = subgraphs.iter().map(|subgraph| Neighbour {
            name: subgraph.name.clone(),
            entity: entity_of(&subgraph.name).unwrap_or_default(),
            is_earlier: true,
            former: None,
            declarations: Arc::new(Declarations::of(subgraph)),
        });
        Self {
            neighbours: neighbours.collect(),
            subgraphs,
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
                is_earlier: at < place,
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
            Ok(refusals) => refusals,
            Err(Exceeded::Limit(_)) => vec![rules::too_large()],
            // What an interrupted check found is not used.
            Err(Exceeded::Interrupted) => Vec::new(),
        }
    }
}
