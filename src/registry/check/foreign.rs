//! Compares the joint schema with and without a source: which elements of others it changes.

use federation::{budget::Interrupt, difference::Class, supergraph::Supergraph};
use indexmap::IndexSet;

use super::{Candidate, Change, Composed, Findings, changes_between, compose_members};
use crate::registry::{
    bare::Others,
    rules::{Neighbour, Refusal, RefusalCode, foreign_owners},
};

/// What others say of their elements.
pub(super) struct Said<'a> {
    pub(super) entity: &'a str,
    pub(super) neighbours: &'a [Neighbour],
}

impl Others for Said<'_> {
    fn is_described_otherwise(&self, coordinate: &str, description: &str) -> bool {
        let mut owners = foreign_owners(coordinate, self.entity, self.neighbours).peekable();
        let is_theirs = owners.peek().is_some();
        let says_so = |owner: &Neighbour| {
            let written = owner.declarations.written.get(coordinate);
            written.and_then(|element| element.description.as_deref()) == Some(description)
        };
        is_theirs && !owners.any(says_so)
    }

    fn is_of_others(&self, coordinate: &str) -> bool {
        let mut owners = foreign_owners(coordinate, self.entity, self.neighbours);
        owners.next().is_some()
    }
}

/// The joint schema with the source in it.
pub(super) struct Joined<'a> {
    /// The other sources.
    pub(super) neighbours: &'a [Neighbour],
    /// What all compose to.
    pub(super) supergraph: &'a Supergraph,
}

/// Refuses every difference that the source makes to what others had before it: what it writes may
/// reach the joint schema in ways that no rule on its SDL foresees, such as a requirement that an
/// interface takes over from what implements it.
pub(super) fn check_effects(
    composed: &Composed,
    candidate: &Candidate,
    joined: &Joined<'_>,
    findings: &mut Findings,
    interrupt: &Interrupt,
) {
    let Joined {
        neighbours,
        supergraph,
    } = *joined;
    let name = &candidate.member.name;
    let is_new = composed.members.iter().all(|member| member.name != *name);
    let effects = if is_new {
        findings.changes.clone()
    } else {
        let others = composed.members.iter();
        let others: Vec<_> = others
            .filter(|member| member.name != *name)
            .cloned()
            .collect();
        // Where the others do not compose without the source, there is nothing to compare with.
        let without = compose_members(&others, interrupt).0;
        let Some(Ok(without)) = without.as_deref().map(Supergraph::parse) else {
            return;
        };
        changes_between(&without, supergraph)
    };
    let breaking = findings.changes.iter();
    let breaking = breaking.filter(|change| {
        is_new && change.class == Class::Breaking && change.coordinate.contains('.')
    });
    let refused: IndexSet<&str> = findings
        .refusals
        .iter()
        .filter_map(|refusal| refusal.coordinate.as_deref())
        .chain(breaking.map(|change| change.coordinate.as_str()))
        .collect();
    let entity = &candidate.member.entity;
    let found: Vec<_> = effects
        .iter()
        .filter(|change| !refused.contains(change.coordinate.as_str()))
        .filter_map(|change| {
            let owners = foreign_owners(&change.coordinate, entity, neighbours);
            let owners: Vec<_> = owners.collect();
            Some((change, owners.first().copied()?, owners))
        })
        .filter(|(change, _, _)| change.coordinate != crate::registry::written::SCHEMA)
        .collect();
    let refusals = found.iter().map(|(change, first, owners)| {
        let names = owners.iter().map(|owner| owner.name.clone());
        refusal(change, first).because_of(names)
    });
    let refusals = refusals.collect();
    findings.add_refusals(refusals);
}

fn refusal(change: &Change, owner: &Neighbour) -> Refusal {
    let code = match change.class {
        Class::Breaking => RefusalCode::BreaksForeign,
        Class::Dangerous | Class::Safe => RefusalCode::ChangesForeign,
    };
    Refusal::new(
        code,
        format!(
            "{} `{}` is `{}`'s of {}, and this source is what changes it.",
            change.message, change.coordinate, owner.name, owner.entity
        ),
        "Define what you share with others whole and alike, mark nothing of it, and let no type of \
         yours that is kept from callers stand in for a type of theirs.",
    )
    .at(&change.coordinate)
}
