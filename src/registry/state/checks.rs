//! The questions about schemas that a decision asks: all of them take long, and are in one trait so
//! that a test can cache the answers.

use federation::{budget::Interrupt, diagnostic::Diagnostics};
use indexmap::{IndexMap, IndexSet};

use super::{Source, State};
use crate::registry::{
    check::{
        Candidate, Composed, Findings, Loosened, Member, check, check_together, check_with_marks,
        check_without, compose_members, copies_of, dependents_of, dropped_of, elements_of,
        first_owners, loosened, owners_first, read_members, who_has,
    },
    declarations::Declarations,
    history::Elements,
    rules::Refusal,
};

/// Answers questions about schemas; the same ones always alike.
pub trait Checks {
    /// Checks a version of a source.
    fn check(&self, composed: &Composed, candidate: &Candidate) -> Findings;

    /// Checks taking a source away; `None` where there is none of that name.
    fn check_without(
        &self,
        composed: &Composed,
        name: &str,
        allow_breaking: Option<&str>,
    ) -> Option<Findings>;

    /// The refusals of each of several served versions, by name of the source; sources without a
    /// refusal are left out.
    fn check_together(
        &self,
        embedded: &[Member],
        registered: &[Candidate],
    ) -> IndexMap<String, Vec<Refusal>>;

    /// Those of some served versions that would be refused if only the marks changed that later
    /// versions of other sources write on elements which these sources have had for longer.
    fn check_with_marks(
        &self,
        before: &State,
        later: &[Member],
        readers: &[&str],
    ) -> IndexSet<String>;

    /// The entities whose sources had some elements first, by coordinate.
    fn first_owners(&self, state: &State, coordinates: &IndexSet<&str>)
    -> IndexMap<String, String>;

    /// Composes members: the supergraph, if there is one, and the diagnostics.
    fn compose(&self, members: &[Member]) -> (Option<String>, Diagnostics);

    /// What a member declares and the supergraph of all lacks, since another entity's copy lacks it.
    fn dropped_of(&self, name: &str, members: &[Member], supergraph_sdl: &str) -> Vec<Refusal>;

    /// Whether any of some sources defines the element at a coordinate.
    fn declares(&self, members: &[&Member], coordinate: &str) -> bool;

    /// Which members name something that only those which are gone brought, and what.
    fn dependents_of(
        &self,
        gone: &[Member],
        members: &[Member],
    ) -> IndexMap<String, IndexSet<String>>;

    /// Which members of other entities name elements that a source had before they did, and which.
    fn copies_of(&self, own: &Source, members: &[Member]) -> IndexMap<String, IndexSet<String>>;

    /// Some of the members, owners of some types before those that add to these, as far as both are among
    /// the sources that are given with the type, otherwise in the given order.
    fn owners_first(
        &self,
        names: &[&str],
        types: &IndexMap<String, IndexSet<String>>,
        members: &[Member],
    ) -> Vec<String>;

    /// Which members own a type, or add to it.
    fn who_has(&self, of_type: &str, members: &[Member]) -> IndexSet<String>;

    /// Fields of members that more may see in the second of two supergraphs than in the first, since some
    /// of the members before declared a level that is gone with an element of theirs.
    fn loosened(
        &self,
        before: (&[Member], &str),
        after: (&[Member], &str),
    ) -> IndexMap<String, Vec<Loosened>>;

    /// What some of the members declare, by name and coordinate, and whether each owns it rather than
    /// names another's.
    fn elements_of(&self, names: &[&str], members: &[Member]) -> IndexMap<String, Elements>;
}

/// The registry's rules and the engine's composition.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Set when no request waits for the answers; later answers must not be used.
    pub interrupt: Interrupt,
}

impl Checks for Rules {
    fn check(&self, composed: &Composed, candidate: &Candidate) -> Findings {
        check(composed, candidate, &self.interrupt)
    }

    fn check_without(
        &self,
        composed: &Composed,
        name: &str,
        allow_breaking: Option<&str>,
    ) -> Option<Findings> {
        check_without(composed, name, allow_breaking, &self.interrupt)
    }

    fn check_together(
        &self,
        embedded: &[Member],
        registered: &[Candidate],
    ) -> IndexMap<String, Vec<Refusal>> {
        check_together(embedded, registered, &self.interrupt)
    }

    fn check_with_marks(
        &self,
        before: &State,
        later: &[Member],
        readers: &[&str],
    ) -> IndexSet<String> {
        let served = before.candidates();
        let now = (before.embedded.as_slice(), served.as_slice());
        check_with_marks(now, later, readers, &self.interrupt)
    }

    fn first_owners(
        &self,
        state: &State,
        coordinates: &IndexSet<&str>,
    ) -> IndexMap<String, String> {
        if coordinates.is_empty() {
            return IndexMap::new();
        }
        let members = state.members();
        let (embedded, registered) = members.split_at(state.embedded.len());
        first_owners(coordinates, embedded, registered, &self.interrupt)
    }

    fn compose(&self, members: &[Member]) -> (Option<String>, Diagnostics) {
        compose_members(members, &self.interrupt)
    }

    fn dropped_of(&self, name: &str, members: &[Member], supergraph_sdl: &str) -> Vec<Refusal> {
        dropped_of(name, members, supergraph_sdl, &self.interrupt)
    }

    fn declares(&self, members: &[&Member], coordinate: &str) -> bool {
        let (subgraphs, _) = read_members(members.iter().copied(), &self.interrupt);
        let mut subgraphs = subgraphs.into_iter().flatten();
        subgraphs.any(|subgraph| Declarations::of(&subgraph).declares(coordinate))
    }

    fn dependents_of(
        &self,
        gone: &[Member],
        members: &[Member],
    ) -> IndexMap<String, IndexSet<String>> {
        dependents_of(gone, members, &self.interrupt)
    }

    fn copies_of(&self, own: &Source, members: &[Member]) -> IndexMap<String, IndexSet<String>> {
        let Some(history) = &own.history else {
            return IndexMap::new();
        };
        copies_of((&own.entity, history), members, &self.interrupt)
    }

    fn owners_first(
        &self,
        names: &[&str],
        types: &IndexMap<String, IndexSet<String>>,
        members: &[Member],
    ) -> Vec<String> {
        owners_first(names, types, members, &self.interrupt)
    }

    fn who_has(&self, of_type: &str, members: &[Member]) -> IndexSet<String> {
        who_has(of_type, members, &self.interrupt)
    }

    fn loosened(
        &self,
        before: (&[Member], &str),
        after: (&[Member], &str),
    ) -> IndexMap<String, Vec<Loosened>> {
        loosened(before, after, &self.interrupt)
    }

    fn elements_of(&self, names: &[&str], members: &[Member]) -> IndexMap<String, Elements> {
        elements_of(names, members, &self.interrupt)
    }
}
