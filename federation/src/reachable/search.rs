//! The state of the search for what can be resolved: the facts it reads, the objects on the path
//! from the root, and what it found so far.

use apollo_compiler::collections::{IndexMap, IndexSet};

use super::arrival::Arrival;
use crate::{
    budget::Budget,
    index::{Facts, Index, Places, TypeId, TypeSet},
};

/// Response names from the root.
pub(super) type Path = Vec<String>;

/// The state of the search.
pub(super) struct Search<'s, 'i> {
    pub(super) facts: &'s Facts<'i>,
    pub(super) index: &'i Index,
    pub(super) withheld_types: &'s TypeSet,
    /// The objects on the path from the root.
    pub(super) above: Vec<Objects>,
    /// Which selection sets are known to be served whole.
    pub(super) known: Known,
    pub(super) path: Path,
    pub(super) unreachable: Vec<Path>,
    /// How many selections may still be read: objects of different types may have different
    /// arrivals at each level.
    pub(super) left: u32,
    /// Counts all steps of preparing the operation.
    pub(super) budget: &'s Budget,
}

/// The vertices that objects at a position can be taken to, by their type.
pub(super) type Objects = IndexMap<TypeId, Places>;

/// The types of objects below whose field the arrivals are the same, and these arrivals.
pub(super) type Landed = (TypeSet, Ways);

/// Whether a field can be resolved, and where its objects arrive.
#[derive(Default)]
pub(super) struct Served {
    /// The types for whose objects it cannot be resolved.
    pub(super) lost: TypeSet,
    /// For the other types, the arrivals of its objects.
    pub(super) landed: Vec<Landed>,
}

/// The number of a set of ancestors that can set contexts.
pub(super) type Above = usize;

/// What is known of selection sets, by their address in the operation, by the arrivals of their
/// objects and by the objects above that a context may be set on.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) whole: IndexMap<(usize, Ways, Above), bool>,
    pub(super) above: IndexSet<Vec<Vec<(TypeId, Places)>>>,
}

/// The arrivals of the objects of a selection set, each list in order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Ways {
    /// The arrivals from which everything must be resolved.
    pub(super) used: Vec<Arrival>,
    /// All arrivals: they determine which types the objects can have.
    pub(super) all: Vec<Arrival>,
}

impl Ways {
    /// Uses all arrivals.
    pub(super) fn all(arrivals: impl IntoIterator<Item = Arrival>) -> Self {
        let mut all: Vec<Arrival> = arrivals.into_iter().collect();
        all.sort_unstable();
        all.dedup();
        Self {
            used: all.clone(),
            all,
        }
    }

    /// Uses one of the arrivals alone, each in turn.
    pub(super) fn each(&self) -> impl Iterator<Item = Self> {
        self.used.iter().map(|one| Self {
            used: vec![*one],
            all: self.all.clone(),
        })
    }
}
