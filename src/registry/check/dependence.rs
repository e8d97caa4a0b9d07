//! Finds which sources depend on which, as far as schemas show it: a source names an element that
//! another source brought.

use std::sync::Arc;

use federation::budget::Interrupt;
use indexmap::{IndexMap, IndexSet};

use super::{Member, members::read_members};
use crate::registry::{
    coordinate::type_in,
    declarations::Declarations,
    history::{Elements, History},
};

/// Sources that name something which, of all there is, only a source that is gone brought, with what that
/// is; those who have it since later took it up from there. What they define themselves they do not need, but
/// for a keyed type of others, to which they add.
pub fn dependents_of(
    gone: &[Member],
    members: &[Member],
    interrupt: &Interrupt,
) -> IndexMap<String, IndexSet<String>> {
    let histories: IndexMap<&str, &Member> = (gone.iter().chain(members))
        .map(|member| (member.name.as_str(), member))
        .collect();
    // An embedded source has no history: it has always had its elements.
    let since = |name: &str, coordinate: &str| {
        let history = histories.get(name)?.history.as_ref();
        history.map_or(Some(i32::MIN), |history| history.since_owned(coordinate))
    };
    let declarations_of = |members| declarations_of(members, interrupt);
    let (gone, members) = (declarations_of(gone), declarations_of(members));
    let needs = |(own, declarations): (&String, &Declarations)| {
        let is_lost = |coordinate: &&str| {
            let brought = gone.iter().filter(|(_, each)| each.owns(coordinate));
            let Some(brought) = brought
                .filter_map(|(name, _)| since(name, coordinate))
                .min()
            else {
                return false;
            };
            let mut others = members.iter().filter(|(_, each)| each.owns(coordinate));
            !others.any(|(name, _)| since(name, coordinate).is_some_and(|since| since < brought))
        };
        let named = coordinates(declarations).filter(|name| !is_defined(declarations, name));
        let needed: IndexSet<String> = named.filter(is_lost).map(str::to_owned).collect();
        (!needed.is_empty()).then(|| (own.clone(), needed))
    };
    members.iter().filter_map(needs).collect()
}

/// Sources of other entities that name elements which a source had before they did, with these elements.
pub fn copies_of(
    (entity, history): (&str, &History),
    members: &[Member],
    interrupt: &Interrupt,
) -> IndexMap<String, IndexSet<String>> {
    let embedded = members.iter().filter(|each| each.history.is_none());
    let embedded = declarations_of(&embedded.cloned().collect::<Vec<_>>(), interrupt);
    let foreign: Vec<_> = members
        .iter()
        .filter(|member| member.entity != entity)
        .filter_map(|member| Some((&member.name, member.history.as_ref()?)))
        .collect();
    let first = history.owned().filter(|(coordinate, at)| {
        let is_embedded = embedded.values().any(|each| each.declares(coordinate));
        let mut others = foreign.iter();
        let is_theirs = |(_, theirs): &(_, &Arc<History>)| {
            let since = theirs.since_owned(coordinate);
            since.is_some_and(|since| since <= *at)
        };
        !is_embedded && !others.any(is_theirs)
    });
    let first: IndexMap<_, _> = first.collect();
    let named_later = |history: &History| -> IndexSet<String> {
        let named = history.named();
        named
            .filter(|(coordinate, since)| first.get(coordinate).is_some_and(|at| since > at))
            .map(|(coordinate, _)| coordinate.to_owned())
            .collect()
    };
    let copies = foreign.iter().filter_map(|(name, history)| {
        let copied = named_later(history);
        (!copied.is_empty()).then(|| ((*name).clone(), copied))
    });
    copies.collect()
}

/// The entities whose sources had some elements first, by coordinate: an embedded one, or the one that
/// has had it for longest. Where that is not known, the one that registered first.
pub fn first_owners(
    coordinates: &IndexSet<&str>,
    embedded: &[Member],
    registered: &[Member],
    interrupt: &Interrupt,
) -> IndexMap<String, String> {
    let members: Vec<_> = embedded.iter().chain(registered).cloned().collect();
    let declarations = declarations_of(&members, interrupt);
    let first = |coordinate: &str| {
        let owns = |member: &&Member| {
            let own = declarations.get(&member.name);
            own.is_some_and(|own| own.owns(coordinate))
        };
        let since = |member: &&Member| {
            let history = member.history.as_ref();
            let since = history.and_then(|history| history.since_owned(coordinate));
            since.unwrap_or(i32::MAX)
        };
        let embedded = embedded.iter().find(owns);
        embedded.or_else(|| registered.iter().filter(owns).min_by_key(since))
    };
    let owners = coordinates.iter().filter_map(|coordinate| {
        let first = first(coordinate)?;
        Some(((*coordinate).to_owned(), first.entity.clone()))
    });
    owners.collect()
}

/// Which members own a type, or add to it.
pub fn who_has(of_type: &str, members: &[Member], interrupt: &Interrupt) -> IndexSet<String> {
    let declarations = declarations_of(members, interrupt);
    let found = declarations.iter().filter(|(_, own)| own.owns(of_type));
    found.map(|(name, _)| name.clone()).collect()
}

/// Some of the members, each behind those that have owned one of some types for longest to which it adds, as
/// far as both are among the sources given with the type; otherwise in the given order. Of members that own
/// types of each other's, the first one in that order comes first, before all that are behind any of them.
pub fn owners_first(
    names: &[&str],
    types: &IndexMap<String, IndexSet<String>>,
    members: &[Member],
    interrupt: &Interrupt,
) -> Vec<String> {
    let declarations = declarations_of(members, interrupt);
    let owner_of = |name: &str| first_owner(name, members, &declarations);
    let owners: Vec<_> = types
        .iter()
        .filter_map(|(of_type, among)| Some((of_type, owner_of(of_type)?, among)))
        .filter(|(_, owner, among)| among.contains(*owner))
        .collect();
    let ahead_of = |name: &str| -> IndexSet<&str> {
        let Some(own) = declarations.get(name) else {
            return IndexSet::new();
        };
        let added_to = owners
            .iter()
            .filter(|(of_type, _, among)| among.contains(name) && own.owns(of_type));
        let owners = added_to.map(|(_, owner, _)| *owner);
        owners.filter(|owner| *owner != name).collect()
    };
    let mut rest: IndexMap<&str, IndexSet<&str>> =
        names.iter().map(|name| (*name, ahead_of(name))).collect();
    let mut ordered = Vec::new();
    while !rest.is_empty() {
        let reached: Vec<_> = rest.keys().map(|name| reached_from(name, &rest)).collect();
        let is_first = |at: &usize| {
            let (own, _) = rest.get_index(*at)?;
            let mut behind = reached[*at]
                .iter()
                .filter_map(|name| rest.get_index_of(name));
            Some(behind.all(|other| reached[other].contains(own)))
        };
        let first = (0..rest.len()).find(|at| is_first(at) == Some(true));
        let next = rest.shift_remove_index(first.unwrap_or_default());
        ordered.extend(next.map(|(name, _)| name.to_owned()));
    }
    ordered
}

/// The member that has owned an element for longest.
pub(super) fn first_owner<'m>(
    element: &str,
    members: &'m [Member],
    declarations: &IndexMap<String, Declarations>,
) -> Option<&'m str> {
    let owns = |member: &&Member| {
        let own = declarations.get(&member.name);
        own.is_some_and(|own| own.owns(element))
    };
    let since = |member: &&Member| match &member.history {
        None => i32::MIN,
        Some(history) => history.since_owned(element).unwrap_or(i32::MAX),
    };
    let first = members.iter().filter(owns).min_by_key(since);
    first.map(|member| member.name.as_str())
}

/// Those that an edge leads to, and those that edges lead to from there.
fn reached_from<'n>(
    name: &'n str,
    edges: &IndexMap<&'n str, IndexSet<&'n str>>,
) -> IndexSet<&'n str> {
    let mut reached = IndexSet::new();
    let mut open = vec![name];
    while let Some(name) = open.pop() {
        let next = edges.get(name).into_iter().flatten();
        open.extend(
            next.copied()
                .filter(|name| edges.contains_key(name) && reached.insert(*name)),
        );
    }
    reached
}

/// What some of the members declare, by name and coordinate, and whether each owns it rather than
/// names another's.
pub fn elements_of(
    names: &[&str],
    members: &[Member],
    interrupt: &Interrupt,
) -> IndexMap<String, Elements> {
    let mut all = declarations_of(members, interrupt);
    all.retain(|name, _| names.contains(&name.as_str()));
    let elements = |declarations: &Declarations| {
        let elements = coordinates(declarations);
        elements
            .map(|coordinate| (coordinate.to_owned(), declarations.owns(coordinate)))
            .collect()
    };
    all.iter()
        .map(|(name, declarations)| (name.clone(), elements(declarations)))
        .collect()
}

/// Whether a source itself defines an element.
fn is_defined(declarations: &Declarations, coordinate: &str) -> bool {
    let facts = declarations.types.get(type_in(coordinate));
    declarations.owns(coordinate) && !facts.is_some_and(|facts| facts.has_key)
}

fn coordinates(declarations: &Declarations) -> impl Iterator<Item = &str> {
    let others = declarations.others.iter();
    others.chain(declarations.fields.keys()).map(String::as_str)
}

/// What each member declares, by name.
pub(super) fn declarations_of(
    members: &[Member],
    interrupt: &Interrupt,
) -> IndexMap<String, Declarations> {
    let (subgraphs, _) = read_members(members, interrupt);
    let subgraphs = subgraphs.into_iter().flatten();
    subgraphs
        .map(|subgraph| (subgraph.name.clone(), Declarations::of(&subgraph)))
        .collect()
}
