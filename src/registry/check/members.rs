//! The members of a joint schema, and their composition.

use std::sync::Arc;

use federation::{
    budget::{Allowance, Budget, Interrupt},
    compose::{MAX_WORK, compose_within},
    diagnostic::Diagnostics,
    subgraph::{Subgraph, SubgraphInput},
};

use crate::registry::history::History;

/// A source as it is composed: a member of the joint schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Code of the entity that answers for it.
    pub entity: String,
    /// Where it answers.
    pub url: String,
    /// Its SDL.
    pub sdl: String,
    /// Since when it has had what it declares: an embedded source, which has none, always had it.
    pub history: Option<Arc<History>>,
}

impl Member {
    pub(super) fn input(&self) -> SubgraphInput {
        SubgraphInput {
            name: self.name.clone(),
            url: self.url.clone(),
            sdl: self.sdl.clone(),
        }
    }
}

/// What a version is checked against: the members in the order in which they came, embedded ones
/// first, and the supergraph that clients have.
#[derive(Clone, Debug, Default)]
pub struct Composed {
    /// The members.
    pub members: Vec<Member>,
    /// What they compose to, or did before some of them were expelled.
    pub supergraph_sdl: Option<String>,
}

impl Composed {
    /// The members with one member in its place, or behind the others.
    pub(super) fn with(&self, proposed: Member) -> Vec<Member> {
        let mut members = self.members.clone();
        let place = members
            .iter_mut()
            .find(|member| member.name == proposed.name);
        match place {
            Some(member) => *member = proposed,
            None => members.push(proposed),
        }
        members
    }
}

/// Composes members: the supergraph, if there is one, and what there is to say.
pub fn compose_members(members: &[Member], interrupt: &Interrupt) -> (Option<String>, Diagnostics) {
    let inputs: Vec<_> = members.iter().map(Member::input).collect();
    let budget = Budget::new(Allowance::of_work(MAX_WORK), interrupt.clone());
    let (composed, diagnostics) = compose_within(&inputs, &budget);
    (
        composed.map(|composed| composed.supergraph_sdl),
        diagnostics,
    )
}

/// Members as composition understands them, or what there is to say. It takes no more steps than
/// composing them may.
pub fn read_members<'a>(
    members: impl IntoIterator<Item = &'a Member>,
    interrupt: &Interrupt,
) -> (Option<Vec<Subgraph>>, Diagnostics) {
    let inputs: Vec<_> = members.into_iter().map(Member::input).collect();
    let budget = Budget::new(Allowance::of_work(MAX_WORK), interrupt.clone());
    Subgraph::read_all_within(&inputs, &budget)
}
