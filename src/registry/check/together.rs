//! Several served versions at once, each as it would be checked today.

use std::sync::Arc;

use federation::{
    budget::{Allowance, Budget, Exceeded, Interrupt},
    subgraph::Subgraph,
};
use indexmap::IndexMap;

use super::{Candidate, Member, members::read_members};
use crate::registry::{
    declarations::Declarations,
    rules::{self, MOST_STEPS, Neighbour, Proposal, Refusal},
};

/// What stands against each of several served versions by itself, by name of the source; only those
/// that something stands against. Nothing where they cannot be read together: then they do not
/// compose either.
pub fn check_together(
    embedded: &[Member],
    registered: &[Candidate],
    interrupt: &Interrupt,
) -> IndexMap<String, Vec<Refusal>> {
    let members: Vec<&Member> = embedded
        .iter()
        .chain(registered.iter().map(|candidate| &candidate.member))
        .collect();
    let (subgraphs, _) = read_members(members.iter().copied(), interrupt);
    let mut subgraphs: IndexMap<String, Subgraph> = subgraphs
        .into_iter()
        .flatten()
        .map(|subgraph| (subgraph.name.clone(), subgraph))
        .collect();
    let place = |name: &str| members.iter().position(|member| member.name == name);
    subgraphs.sort_by_cached_key(|name, _| place(name));
    let neighbours: Vec<Neighbour> = subgraphs
        .values()
        .map(|subgraph| Neighbour {
            name: subgraph.name.clone(),
            entity: place(&subgraph.name)
                .map_or_else(String::new, |place| members[place].entity.clone()),
            is_earlier: true,
            former: None,
            declarations: Arc::new(Declarations::of(subgraph)),
        })
        .collect();
    let mut found = IndexMap::new();
    for candidate in registered {
        let name = &candidate.member.name;
        let (Some(own), Some(place)) = (subgraphs.get(name), subgraphs.get_index_of(name)) else {
            continue;
        };
        let others = neighbours.iter().enumerate();
        let others: Vec<_> = others
            .filter(|(at, _)| *at != place)
            .map(|(at, neighbour)| Neighbour {
                is_earlier: at < place,
                ..neighbour.clone()
            })
            .collect();
        let budget = Budget::new(Allowance::of_work(MOST_STEPS), interrupt.clone());
        let checked = rules::check(&Proposal {
            subgraph: own,
            declarations: &neighbours[place].declarations,
            entity: &candidate.member.entity,
            neighbours: &others,
            consents: &candidate.consents,
            allow_non_null: candidate.allow_non_null.is_some(),
            budget: &budget,
        });
        let refusals = match checked {
            Ok(refusals) => refusals,
            Err(Exceeded::Limit(_)) => vec![rules::too_large()],
            // What an interrupted check found is not used.
            Err(Exceeded::Interrupted) => break,
        };
        if !refusals.is_empty() {
            found.insert(name.clone(), refusals);
        }
    }
    found
}
