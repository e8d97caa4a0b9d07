//! What a decision asks of the schemas: all that takes long, in one place, so that a test can
//! remember the answers.

use federation::{
    budget::Interrupt,
    diagnostic::Diagnostics,
    subgraph::{Subgraph, SubgraphInput},
};
use indexmap::{IndexMap, IndexSet};

use crate::registry::{
    holdings::Holdings,
    judgement::{
        Candidate, Judgement, Landscape, Member, Past, check_together, compose_members, copies_of,
        dropped_of, judge, judge_without, leaning_on,
    },
    rules::Refusal,
};

/// Answers questions about schemas; the same ones always alike.
pub trait Judge {
    /// Judges a version of a source.
    fn judge(&self, landscape: &Landscape, candidate: &Candidate) -> Judgement;

    /// Judges taking a source away; `None` where there is none of that name.
    fn judge_without(
        &self,
        landscape: &Landscape,
        name: &str,
        allow_breaking: Option<&str>,
    ) -> Option<Judgement>;

    /// What stands against each of several served versions by itself, by name of the source; only
    /// those that something stands against.
    fn check_together(
        &self,
        embedded: &[Member],
        registered: &[Candidate],
    ) -> IndexMap<String, Vec<Refusal>>;

    /// Composes members: the supergraph, if there is one, and what there is to say.
    fn compose(&self, members: &[Member]) -> (Option<String>, Diagnostics);

    /// What a member declares and the supergraph of all lacks, since another entity's copy lacks it.
    fn dropped_of(&self, name: &str, members: &[Member], supergraph_sdl: &str) -> Vec<Refusal>;

    /// Whether any of some sources has an element of its own making at a coordinate.
    fn holds(&self, members: &[&Member], coordinate: &str) -> bool;

    /// Which members name something that only those which are gone brought.
    fn leaning_on(&self, gone: &[Member], members: &[Member]) -> IndexSet<String>;

    /// Which members of other entities name an element that a member brought before they did.
    fn copies_of(&self, own: &Member, members: &[Member], past: &Past) -> IndexSet<String>;
}

/// The registry's rules and the engine's composition.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Set by who no longer waits for the answers; those that come after it mean nothing.
    pub interrupt: Interrupt,
}

impl Judge for Rules {
    fn judge(&self, landscape: &Landscape, candidate: &Candidate) -> Judgement {
        judge(landscape, candidate, &self.interrupt)
    }

    fn judge_without(
        &self,
        landscape: &Landscape,
        name: &str,
        allow_breaking: Option<&str>,
    ) -> Option<Judgement> {
        judge_without(landscape, name, allow_breaking, &self.interrupt)
    }

    fn check_together(
        &self,
        embedded: &[Member],
        registered: &[Candidate],
    ) -> IndexMap<String, Vec<Refusal>> {
        check_together(embedded, registered)
    }

    fn compose(&self, members: &[Member]) -> (Option<String>, Diagnostics) {
        compose_members(members, &self.interrupt)
    }

    fn dropped_of(&self, name: &str, members: &[Member], supergraph_sdl: &str) -> Vec<Refusal> {
        dropped_of(name, members, supergraph_sdl)
    }

    fn holds(&self, members: &[&Member], coordinate: &str) -> bool {
        let inputs: Vec<_> = members
            .iter()
            .map(|member| SubgraphInput {
                name: member.name.clone(),
                url: member.url.clone(),
                sdl: member.sdl.clone(),
            })
            .collect();
        let (subgraphs, _) = Subgraph::read_all(&inputs);
        let mut subgraphs = subgraphs.into_iter().flatten();
        subgraphs.any(|subgraph| Holdings::of(&subgraph).holds(coordinate))
    }

    fn leaning_on(&self, gone: &[Member], members: &[Member]) -> IndexSet<String> {
        leaning_on(gone, members)
    }

    fn copies_of(&self, own: &Member, members: &[Member], past: &Past) -> IndexSet<String> {
        copies_of(&own.name, &own.entity, members, past)
    }
}
