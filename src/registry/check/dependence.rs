//! Who depends on whom, as far as schemas show it: by naming what another brought.

use federation::budget::Interrupt;
use indexmap::{IndexMap, IndexSet};

use super::{Member, members::read_members};
use crate::registry::declarations::Declarations;

/// What a source served from some supergraph on, until the next or until now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenure {
    /// Number of the supergraph that first had it.
    pub since: i32,
    /// The SDL as it was composed.
    pub sdl: String,
}

/// What sources have served without a break until now, by name, oldest first.
pub type Past = IndexMap<String, Vec<Tenure>>;

/// Sources that name something which, of all there is, only a source that is gone brought.
pub fn dependents_of(
    gone: &[Member],
    members: &[Member],
    interrupt: &Interrupt,
) -> IndexSet<String> {
    let declarations_of = |members| declarations_of(members, interrupt);
    let (gone, members) = (declarations_of(gone), declarations_of(members));
    let names = |(own, declarations): (&String, &Declarations)| {
        let lost = |coordinate: &str| {
            let is_of_the_gone = gone.values().any(|each| each.owns(coordinate));
            let mut others = members.iter().filter(|(name, _)| *name != own);
            is_of_the_gone && !others.any(|(_, each)| each.owns(coordinate))
        };
        coordinates(declarations).any(lost).then(|| own.clone())
    };
    members.iter().filter_map(names).collect()
}

/// Sources that name an element which one source brought before any other entity had it.
pub fn copies_of(
    (name, entity): (&str, &str),
    members: &[Member],
    past: &Past,
    interrupt: &Interrupt,
) -> IndexSet<String> {
    let since = |name: &str, tenures: &[Tenure], owned_alone: bool| {
        since((name, tenures), owned_alone, interrupt)
    };
    let Some(own) = past.get(name).map(|tenures| since(name, tenures, true)) else {
        return IndexSet::new();
    };
    let is_registered = |member: &&Member| past.contains_key(&member.name);
    let embedded = members.iter().filter(|each| !is_registered(each)).cloned();
    let embedded = declarations_of(&embedded.collect::<Vec<_>>(), interrupt);
    let foreign: Vec<_> = members
        .iter()
        .filter(|member| member.entity != entity)
        .filter_map(|member| Some((&member.name, past.get(&member.name)?)))
        .map(|(name, tenures)| {
            (
                name,
                since(name, tenures, true),
                since(name, tenures, false),
            )
        })
        .collect();
    let first = own.iter().filter(|(coordinate, at)| {
        let is_embedded = embedded.values().any(|each| each.declares(coordinate));
        let mut others = foreign
            .iter()
            .filter_map(|(_, has, _)| has.get(*coordinate));
        !is_embedded && !others.any(|since| since <= *at)
    });
    let first: IndexMap<_, _> = first.collect();
    foreign
        .iter()
        .filter(|(_, _, names)| {
            let mut names = names.iter();
            names.any(|(coordinate, since)| first.get(coordinate).is_some_and(|at| since > *at))
        })
        .map(|(name, _, _)| (*name).clone())
        .collect()
}

/// The entity whose source had an element first: an embedded one, or by the past the one that has had
/// it for longest. Where the past is not known, the one that registered first.
pub fn first_owner(
    coordinate: &str,
    embedded: &[Member],
    registered: &[Member],
    past: &Past,
    interrupt: &Interrupt,
) -> Option<String> {
    let members: Vec<_> = embedded.iter().chain(registered).cloned().collect();
    let declarations = declarations_of(&members, interrupt);
    let owns = |member: &&Member| {
        let own = declarations.get(&member.name);
        own.is_some_and(|own| own.owns(coordinate))
    };
    let since = |member: &&Member| {
        let tenures = past.get(&member.name)?;
        since((&member.name, tenures), true, interrupt)
            .get(coordinate)
            .copied()
    };
    let embedded = embedded.iter().find(owns);
    let registered = registered.iter().filter(owns);
    let first = embedded.or_else(|| registered.min_by_key(|each| since(each).unwrap_or(i32::MAX)));
    first.map(|member| member.entity.clone())
}

/// Since when a source has had each of its elements, or named it.
pub(super) fn since(
    (name, tenures): (&str, &[Tenure]),
    owned_alone: bool,
    interrupt: &Interrupt,
) -> IndexMap<String, i32> {
    let mut found: IndexMap<String, i32> = IndexMap::new();
    for tenure in tenures {
        let member = Member {
            name: name.to_owned(),
            entity: String::new(),
            url: String::new(),
            sdl: tenure.sdl.clone(),
        };
        let declarations = declarations_of(&[member], interrupt)
            .swap_remove(name)
            .unwrap_or_default();
        found = coordinates(&declarations)
            .filter(|coordinate| !owned_alone || declarations.owns(coordinate))
            .map(|coordinate| {
                let since = found.get(coordinate).copied().unwrap_or(tenure.since);
                (coordinate.to_owned(), since)
            })
            .collect();
    }
    found
}

fn coordinates(declarations: &Declarations) -> impl Iterator<Item = &str> {
    let others = declarations.others.iter();
    others.chain(declarations.fields.keys()).map(String::as_str)
}

fn declarations_of(members: &[Member], interrupt: &Interrupt) -> IndexMap<String, Declarations> {
    let (subgraphs, _) = read_members(members, interrupt);
    let subgraphs = subgraphs.into_iter().flatten();
    subgraphs
        .map(|subgraph| (subgraph.name.clone(), Declarations::of(&subgraph)))
        .collect()
}
