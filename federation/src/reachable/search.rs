//! The state of the search for what can be had: the facts it asks, the objects on the way from the
//! root, what it found so far.

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
    /// The objects on the way from the root.
    pub(super) above: Vec<Objects>,
    /// Which selection sets are known to be served whole.
    pub(super) known: Known,
    pub(super) path: Path,
    pub(super) unreachable: Vec<Path>,
    /// Selections that may still be looked at: objects of different types may part at each level.
    pub(super) left: u32,
    /// Counts all steps of preparing the operation.
    pub(super) budget: &'s Budget,
}

/// Where objects at some position can be taken, by their type.
pub(super) type Objects = IndexMap<TypeId, Places>;

/// The types of objects whose field arrives below in the same ways, and those ways.
pub(super) type Landed = (TypeSet, Ways);

/// Whether a field can be had, and where its objects arrive.
#[derive(Default)]
pub(super) struct Served {
    /// The types whose objects it cannot be had of.
    pub(super) lost: TypeSet,
    /// The others.
    pub(super) landed: Vec<Landed>,
}

/// Objects above with a context, numbered.
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
    /// Those from which everything must be had.
    pub(super) used: Vec<Arrival>,
    /// All there are: these say of which types the objects can be.
    pub(super) all: Vec<Arrival>,
}

impl Ways {
    /// All that there are may be used.
    pub(super) fn all(arrivals: impl IntoIterator<Item = Arrival>) -> Self {
        let mut all: Vec<Arrival> = arrivals.into_iter().collect();
        all.sort_unstable();
        all.dedup();
        Self {
            used: all.clone(),
            all,
        }
    }

    /// One of them alone is used, each in turn.
    pub(super) fn each(&self) -> impl Iterator<Item = Self> {
        self.used.iter().map(|one| Self {
            used: vec![*one],
            all: self.all.clone(),
        })
    }
}
